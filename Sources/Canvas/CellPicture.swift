/// What a cell of a frame looks like, 8×16 units: its ground, and what stands on it in one colour. Every picture of a frame
/// is drawn from these, so that they agree.
public struct CellPicture: Sendable, Hashable {
  /// The units of a cell.
  public static let width = 8
  public static let height = 16

  /// The colour behind.
  public let ground: SIMD3<UInt8>
  /// The colour in front.
  public let ink: SIMD3<UInt8>
  /// Whether letters are bold.
  public let isBold: Bool
  /// Whether a line is drawn at the foot of the cell.
  public let isUnderlined: Bool
  /// What is drawn.
  public let mark: Mark

  /// What stands on the ground of a cell.
  public enum Mark: Sendable, Hashable {
    case blank
    /// A shade seen from afar: all of the cell in a mixture of both colours.
    case even(SIMD3<UInt8>)
    /// Parts of the cell, exactly.
    case rectangles([Part])
    /// Middles of braille dots.
    case dots([SIMD2<Int>])
    /// Lines a unit wide, along one axis each.
    case lines([Line])
    /// A letter or sign, of a font.
    case letter(Unicode.Scalar)
  }

  /// A rectangle: across in units, down in sixths of a unit, so that thirds of a cell are whole.
  public struct Part: Sendable, Hashable {
    public let x: Int
    public let width: Int
    public let top: Int
    public let height: Int
  }

  /// A line from a point by a way.
  public struct Line: Sendable, Hashable {
    public let start: SIMD2<Int>
    public let way: SIMD2<Int>
  }

  /// The look of `cell` on a terminal of that ground.
  public init(_ cell: Cell, on ground: Ground) {
    let standard = Self.standard(ground)
    var front = cell.foreground.rgb ?? standard.foreground
    var back = cell.background.rgb ?? standard.background
    if cell.attributes.contains(.reverse) { swap(&front, &back) }
    if cell.attributes.contains(.dim) { front = Self.mixed(front, back) }
    (ink, self.ground) = (front, back)
    isBold = cell.attributes.contains(.bold)
    isUnderlined = cell.attributes.contains(.underline)
    let arms = LineArms.of(cell.glyph)
    if let shape = SVGGlyphs.mask(of: cell.glyph) {
      mark =
        switch shape {
        case .blank: .blank
        case .even(let quarters): .even(Self.mixed(front, back, quarters: quarters))
        case .rectangles(let parts): .rectangles(parts)
        }
    } else if 0x2801...0x28FF ~= cell.glyph.value {
      mark = .dots(Self.dots(UInt8(truncatingIfNeeded: cell.glyph.value)))
    } else if !arms.isEmpty {
      mark = .lines(Self.lines(arms))
    } else {
      mark = .letter(cell.glyph)
    }
  }

  /// The colours taken for the terminal's own, as pictures have none: softer than black and white, as most terminals are.
  public static func standard(_ ground: Ground) -> (foreground: SIMD3<UInt8>, background: SIMD3<UInt8>) {
    switch ground {
    case .dark: (SIMD3(208, 208, 208), SIMD3(16, 18, 22))
    case .light: (SIMD3(32, 32, 32), SIMD3(255, 255, 255))
    }
  }

  private static func dots(_ pattern: UInt8) -> [SIMD2<Int>] {
    (0..<4).flatMap { row in
      (0..<2).filter { pattern & BrailleGrid.bit(column: $0, row: row) != 0 }.map { SIMD2(2 + 4 * $0, 2 + 4 * row) }
    }
  }

  private static func lines(_ arms: LineArms) -> [Line] {
    let all: [(LineArms, Line)] = [
      (.left, Line(start: SIMD2(0, 8), way: SIMD2(4, 0))), (.right, Line(start: SIMD2(4, 8), way: SIMD2(4, 0))),
      (.up, Line(start: SIMD2(4, 0), way: SIMD2(0, 8))), (.down, Line(start: SIMD2(4, 8), way: SIMD2(0, 8))),
    ]
    return all.filter { arms.contains($0.0) }.map(\.1)
  }

  private static func mixed(_ first: SIMD3<UInt8>, _ second: SIMD3<UInt8>, quarters: Int = 2) -> SIMD3<UInt8> {
    let sum =
      SIMD3<Int>(truncatingIfNeeded: first) &* quarters &+ SIMD3<Int>(truncatingIfNeeded: second) &* (4 - quarters)
    return SIMD3<UInt8>(truncatingIfNeeded: sum / 4)
  }
}
