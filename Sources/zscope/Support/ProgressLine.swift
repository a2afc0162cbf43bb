import Canvas
import HarmlessText
import Synchronization

/// One line on standard error that is rewritten in place on a terminal; nothing elsewhere.
final class ProgressLine: Sendable {
  private let isShown: Bool
  private let rendition = PictureOptions.errorRendition
  private let written = Atomic<Bool>(false)

  init(isShown: Bool = StandardError.isTerminal) { self.isShown = isShown }

  /// Shows a bar filled to `fraction` and `fields` behind it; the fields alone where the fraction is not known.
  func show(_ fraction: Double?, _ fields: String...) { show(fraction, fields) }

  /// Shows a bar and fields; see the other function of this name.
  func show(_ fraction: Double?, _ fields: [String]) {
    guard isShown else { return }
    let fields = fields.map(\.harmlessLine)
    // The last column stays free: a full line would wrap and leave its first half behind.
    let text = Self.line(fraction, fields, columns: StandardError.columns - 1, rendition: rendition)
    StandardError.write(drawing: "\r\u{1B}[K" + text)
    written.store(true, ordering: .relaxed)
  }

  /// The line in at most `columns` columns. The bar gives way to fields first; then those go, whole, for which no room
  /// is left behind the ones before: a number that is cut off looks like another number.
  static func line(_ fraction: Double?, _ fields: [String], columns: Int, rendition: Rendition) -> String {
    let gap = "  "
    let needed = fields.reduce(0) { $0 + gap.count + $1.count }
    let bar = fraction.map { fraction in
      let width = min(barWidths.upperBound, max(barWidths.lowerBound, columns - needed))
      return Gauges.progress(fraction: fraction, width: min(width, max(0, columns)), rendition: rendition)
    }
    var parts = bar.map { [$0] } ?? []
    var used = bar?.count ?? -gap.count
    for field in fields {
      let needed = gap.count + field.count
      guard used + needed <= columns else { continue }
      used += needed
      parts.append(field)
    }
    return parts.joined(separator: gap)
  }

  /// Columns of the bar with its percentage.
  private static let barWidths = 12...26

  /// Takes the line away, so that other text can be written.
  func clear() {
    if written.exchange(false, ordering: .relaxed) { StandardError.write(drawing: "\r\u{1B}[K") }
  }
}
