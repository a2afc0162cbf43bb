/// The origin and the unit in which codes are held: 32-bit floats tell numbers apart only near 0, and only so large.
///
/// A number x of column d is held as `(x − offset_d) / scale`. Most codes are held as they are.
public struct CodeUnits: Sendable, Hashable {
  /// What is taken off each column; empty: nothing.
  public let offsets: [Double]
  /// What all columns are divided by: a power of two, so that no digit is lost.
  public let scale: Double

  /// Codes as they are.
  public static let plain = CodeUnits(offsets: [], scale: 1)

  init(offsets: [Double], scale: Double) {
    self.offsets = offsets.contains { $0 != 0 } ? offsets : []
    self.scale = scale
  }

  /// The units in which 32-bit floats tell the numbers of `columns` apart.
  ///
  /// - Parameter wholeOffsets: whether only whole numbers are taken off, so that whole numbers stay whole.
  /// - Throws: `AnalysisError.undefined` where columns are of so different sizes that none do.
  public init(of columns: [[Double]], wholeOffsets: Bool = false) throws {
    let spans = columns.map(Span.init)
    // A column far from 0 by its own measure keeps few of its digits.
    let offsets = spans.map { span in
      guard !span.isExact, span.magnitude > 32 * span.halfRange else { return 0.0 }
      return wholeOffsets ? span.middle.rounded(.down) : span.middle
    }
    let extents = zip(spans, offsets).map { $1 == 0 ? $0.magnitude : $0.halfRange }
    let greatest = extents.max() ?? 0
    // Beyond these, squares of floats and of their differences overflow or vanish.
    let isHeld = greatest == 0 || 0x1p-40...0x1p60 ~= greatest
    // The scale and its inverse are both normal numbers.
    let exponent = isHeld ? 0 : max(-1000, min(1000, greatest.exponent))
    let scale = Double(sign: .plus, exponent: Int(exponent), significand: 1)
    for column in spans.indices where extents[column] > 0 && !(spans[column].isExact && scale == 1) {
      guard extents[column] / scale < 0x1p-100, let largest = extents.firstIndex(of: greatest) else { continue }
      throw AnalysisError.undefined(
        "column \(column + 1) reaches \(extents[column]) and column \(largest + 1) \(greatest): 32-bit floats do not hold "
          + "both; bring them to like sizes")
    }
    self.init(offsets: offsets, scale: scale)
  }

  /// The same units of columns that each had one of `numbers` taken off before.
  public func moved(by numbers: [Double]) -> CodeUnits {
    CodeUnits(offsets: numbers.enumerated().map { offset($0) + $1 }, scale: scale)
  }

  /// `value` of a column as it is held.
  public func held(_ value: Double, column: Int) -> Float {
    Float(value / scale - offset(column) / scale)
  }

  /// What a held number of a column was.
  func plain(_ held: Float, column: Int) -> Double { Double(held) * scale + offset(column) }

  /// What is taken off a column.
  func offset(_ column: Int) -> Double { offsets.isEmpty ? 0 : offsets[column] }

  /// What a held variance or covariance is multiplied by.
  var squaredScale: Double { scale * scale }

  /// Where the finite numbers of a column lie.
  private struct Span {
    let middle: Double
    let halfRange: Double
    let magnitude: Double
    /// Whether 32-bit floats hold all of them.
    let isExact: Bool

    init(_ values: [Double]) {
      let finite = values.filter(\.isFinite)
      let (least, greatest) = (finite.min() ?? 0, finite.max() ?? 0)
      // In halves: the sum and the difference may be too large.
      middle = least / 2 + greatest / 2
      halfRange = greatest / 2 - least / 2
      magnitude = max(abs(least), abs(greatest))
      isExact = finite.allSatisfy { Double(Float($0)) == $0 }
    }
  }
}
