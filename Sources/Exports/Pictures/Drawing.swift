import Canvas
import Datasets

/// A picture as shapes, in units of a pixel from its upper left corner: written as SVG, or painted as PNG.
public struct Drawing: Sendable, Hashable {
  /// Where a text stands beside its point.
  public enum Anchor: String, Sendable {
    case start, middle, end
  }

  /// One shape; later ones lie over earlier ones.
  public enum Shape: Sendable, Hashable {
    /// A filled rectangle.
    case rectangle(x: Double, y: Double, width: Double, height: Double, Ink)
    /// A line through points.
    case line([SIMD2<Double>], Ink, width: Double, dashed: Bool)
    /// Dots of one radius.
    case dots([SIMD2<Double>], radius: Double, Ink)
    /// A line of letters on the base line y, 13 units high; upwards where rotated.
    case text(String, x: Double, y: Double, Anchor, Ink, bold: Bool, rotated: Bool)
    /// Grey pixels stretched over a rectangle.
    case image(GreyPicture, x: Double, y: Double, width: Double, height: Double)
  }

  /// The size.
  public let width: Double
  public let height: Double
  /// In the order they are drawn.
  public private(set) var shapes: [Shape] = []

  /// About how wide a letter is.
  static let letterWidth = 7.0

  /// An empty drawing.
  public init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  mutating func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ ink: Ink) {
    shapes.append(.rectangle(x: x, y: y, width: width, height: height, ink))
  }

  mutating func line(_ points: [SIMD2<Double>], _ ink: Ink, width: Double = 1, dashed: Bool = false) {
    if points.count > 1 { shapes.append(.line(points, ink, width: width, dashed: dashed)) }
  }

  mutating func dots(_ points: [SIMD2<Double>], radius: Double, _ ink: Ink) {
    if !points.isEmpty { shapes.append(.dots(points, radius: radius, ink)) }
  }

  mutating func text(
    _ text: String, _ x: Double, _ y: Double, _ anchor: Anchor = .start, _ ink: Ink = .text, bold: Bool = false,
    rotated: Bool = false
  ) {
    if !text.isEmpty { shapes.append(.text(text, x: x, y: y, anchor, ink, bold: bold, rotated: rotated)) }
  }

  mutating func image(_ picture: GreyPicture, _ x: Double, _ y: Double, _ width: Double, _ height: Double) {
    shapes.append(.image(picture, x: x, y: y, width: width, height: height))
  }

  /// How many letters so many units hold; one at least.
  static func letters(in width: Double) -> Int { max(1, Int(width / letterWidth)) }

  /// Names that are to be told apart and have no numbers, shortened to so many units: those of which all beginnings that fit
  /// are alike have their ends instead.
  static func fitting(_ names: [String], width: Double) -> [String] {
    let letters = letters(in: width)
    let short = names.map { shortened($0, to: letters) }
    let counts = Dictionary(short.map { ($0, 1) }, uniquingKeysWith: +)
    return zip(names, short).map { name, cut in
      guard counts[cut, default: 0] > 1, cut != name, letters > 1 else { return cut }
      return shortenedAtFront(name, to: letters)
    }
  }
}
