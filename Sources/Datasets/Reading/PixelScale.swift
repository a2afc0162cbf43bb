/// Which stored numbers are black and white.
///
/// As text: `auto`, a number that is white while 0 is black (`255`, `1`, `16`), or `LOW:HIGH` (`-1:1`).
public struct PixelScale: Sendable, Hashable, CustomStringConvertible {
  /// The number that is black and the number that is white; nil: by what the file holds.
  public let ends: (black: Float, white: Float)?

  /// By what the file holds; see ``PixelRange``.
  public static let automatic = PixelScale(ends: nil)

  private init(ends: (black: Float, white: Float)?) { self.ends = ends }

  /// A scale from `black` to `white`; nil where they are equal or no finite numbers.
  public init?(black: Float, white: Float) {
    guard black.isFinite, white.isFinite, white > black, (white - black).isFinite else { return nil }
    ends = (black, white)
  }

  /// Reads `auto`, `NUMBER` or `LOW:HIGH`.
  public init?(_ text: String) {
    if text == "auto" {
      self = .automatic
      return
    }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Float(String($0)) }
    switch parts.count {
    case 1: if let white = parts[0] { self.init(black: 0, white: white) } else { return nil }
    case 2: if let black = parts[0], let white = parts[1] { self.init(black: black, white: white) } else { return nil }
    default: return nil
    }
  }

  /// As it is typed.
  public var description: String {
    guard let ends else { return "auto" }
    return ends.black == 0
      ? PixelRange.text(ends.white) : "\(PixelRange.text(ends.black)):\(PixelRange.text(ends.white))"
  }

  /// Whether both have the same ends, or both go by the file.
  public static func == (first: PixelScale, second: PixelScale) -> Bool {
    first.ends?.black == second.ends?.black && first.ends?.white == second.ends?.white
  }

  /// Feeds the ends to the hasher.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(ends?.black)
    hasher.combine(ends?.white)
  }
}

/// The least and the greatest of the numbers that are to become pixels, and what they tell about black and white.
struct PixelRange: Sendable, Hashable {
  /// The type of the numbers in the file.
  let type: ElementType
  private(set) var least = Float.infinity
  private(set) var greatest = -Float.infinity
  /// Whether every number is whole.
  private(set) var isWhole = true
  /// Where a number is none, the place of the first.
  private(set) var notFinite: (index: Int, value: Double)?

  init(_ array: StoredArray) {
    type = array.type
    switch array.elements {
    case .bytes(let bytes):
      var (low, high): (UInt8, UInt8) = (255, 0)
      for byte in bytes {
        if byte < low { low = byte }
        if byte > high { high = byte }
      }
      if low <= high { (least, greatest) = (Float(low), Float(high)) }
    case .floats(let floats):
      for (index, value) in floats.enumerated() {
        guard value.isFinite else {
          let beyond = array.beyond
          notFinite = (index, beyond?.index == index ? beyond?.value ?? Double(value) : Double(value))
          break
        }
        if value < least { least = value }
        if value > greatest { greatest = value }
        if isWhole, value != value.rounded(.towardZero) { isWhole = false }
      }
    }
  }

  /// The range of both.
  func joined(_ other: PixelRange) -> PixelRange {
    var joined = self
    joined.least = min(least, other.least)
    joined.greatest = max(greatest, other.greatest)
    joined.isWhole = isWhole && other.isWhole
    return joined
  }

  static func == (first: PixelRange, second: PixelRange) -> Bool {
    first.type == second.type && first.least == second.least && first.greatest == second.greatest
      && first.isWhole == second.isWhole
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(least)
    hasher.combine(greatest)
  }

  /// A rounding error beyond the ends is forgiven.
  private static let slack: Float = 1e-3

  /// Which numbers are black and white, and whether that need be said: it need not where floats lie in 0…1 and bytes in
  /// 0…255.
  ///
  /// Whole numbers up to 1, 16 (scikit-learn's digits), 255, and what 10, 12, 14 and 16 bits hold have those ends;
  /// other numbers the greatest there is. Where some are negative, −1…1 is taken whole, and else all from the least to
  /// the greatest.
  var scale: (black: Float, white: Float, isPlain: Bool) {
    let slack = Self.slack
    guard least <= greatest else { return (0, 255, true) }
    if least < (isWhole ? 0 : -slack) {
      if least >= -1, greatest <= 1 { return (-1, 1, false) }
      return greatest > least ? (least, greatest, false) : (least, least + max(1, abs(least)), false)
    }
    guard isWhole else {
      if greatest <= 1 + slack { return (0, 1, true) }
      return (0, greatest > 16 && greatest <= 255 ? 255 : greatest, false)
    }
    if greatest == 0 || type == .boolean { return (0, 1, true) }
    if greatest <= 1 { return (0, 1, !type.isInteger) }
    for end: Float in [16, 255, 1023, 4095, 16_383, 65_535] where greatest <= end {
      // Integers that reach less than half of a byte may be anything: what they are taken for is said.
      return (0, end, end == 255 && type.isInteger && greatest > 127)
    }
    return (0, greatest, false)
  }

  /// What the numbers are, for messages: `whole numbers 0…16`.
  var text: String { "\(isWhole ? "whole numbers" : "numbers") \(Self.text(least))…\(Self.text(greatest))" }

  /// A number with as few digits as say it.
  static func text(_ value: Float) -> String {
    guard let whole = Int(exactly: value) else { return "\(value)" }
    return "\(whole)"
  }
}
