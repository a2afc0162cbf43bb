import Canvas
import Synchronization

/// One line on standard error that is rewritten in place on a terminal; nothing elsewhere.
final class ProgressLine: Sendable {
  private let isShown: Bool
  private let rendition = PictureOptions.errorRendition
  private let written = Atomic<Bool>(false)

  init(isShown: Bool = StandardError.isTerminal) { self.isShown = isShown }

  /// Shows a bar filled to `fraction` and `text` behind it; the text alone where the fraction is not known.
  func show(_ fraction: Double?, _ text: String) {
    guard isShown else { return }
    let bar = fraction.map { Gauges.progress(fraction: $0, width: 26, rendition: rendition) + "  " } ?? ""
    // The last column stays free: a full line would wrap and leave its first half behind.
    let room = max(0, StandardError.columns - 1 - bar.count)
    StandardError.write("\r\u{1B}[K" + bar + text.prefix(room))
    written.store(true, ordering: .relaxed)
  }

  /// Takes the line away, so that other text can be written.
  func clear() {
    if written.exchange(false, ordering: .relaxed) { StandardError.write("\r\u{1B}[K") }
  }
}
