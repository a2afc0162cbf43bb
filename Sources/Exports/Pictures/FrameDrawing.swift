import Canvas

/// A frame as a terminal showed it, on the ground it was drawn for.
public struct ShownFrame: Sendable {
  /// The cells.
  public let frame: Frame
  /// The ground of the terminal.
  public let ground: Ground

  /// A frame on a ground.
  public init(_ frame: Frame, on ground: Ground) {
    self.frame = frame
    self.ground = ground
  }

  /// The frame in shapes, 8×16 units a cell, as its SVG has them: to be painted without a font renderer.
  public var drawing: Drawing {
    let (across, down) = (Double(CellPicture.width), Double(CellPicture.height))
    var drawing = Drawing(width: max(1, Double(frame.width) * across), height: max(1, Double(frame.height) * down))
    drawing.rectangle(0, 0, drawing.width, drawing.height, .color(CellPicture.standard(ground).background))
    for row in 0..<frame.height {
      for column in 0..<frame.width {
        drawing.add(
          CellPicture(frame[column, row], on: ground), x: Double(column) * across, y: Double(row) * down,
          ground: CellPicture.standard(ground).background)
      }
    }
    return drawing
  }
}

extension Drawing {
  /// Draws a cell whose upper left corner is at (x, y), over a picture that is of the colour `ground` there.
  fileprivate mutating func add(_ cell: CellPicture, x: Double, y: Double, ground: SIMD3<UInt8>) {
    let (width, height) = (Double(CellPicture.width), Double(CellPicture.height))
    if cell.ground != ground { rectangle(x, y, width, height, .color(cell.ground)) }
    let ink = Ink.color(cell.ink)
    if cell.isUnderlined { rectangle(x, y + 14, width, 1, ink) }
    switch cell.mark {
    case .blank: break
    case .even(let mixture): rectangle(x, y, width, height, .color(mixture))
    case .rectangles(let parts):
      for part in parts {
        rectangle(x + Double(part.x), y + Double(part.top) / 6, Double(part.width), Double(part.height) / 6, ink)
      }
    case .dots(let middles):
      dots(middles.map { SIMD2(x + Double($0.x), y + Double($0.y)) }, radius: 1.3, ink)
    case .lines(let arms):
      for arm in arms {
        // Around the way, half a unit to either side.
        let isAcross = arm.way.y == 0
        let (left, top) = (x + Double(arm.start.x), y + Double(arm.start.y))
        rectangle(
          isAcross ? left : left - 0.5, isAcross ? top - 0.5 : top, isAcross ? Double(arm.way.x) : 1,
          isAcross ? 1 : Double(arm.way.y), ink)
      }
    case .letter(let glyph): add(glyph, x: x, y: y, ink, isBold: cell.isBold)
    }
  }

  /// A letter of the pixel font in the middle of its cell; of what the font lacks, what looks most like it.
  private mutating func add(_ glyph: Unicode.Scalar, x: Double, y: Double, _ ink: Ink, isBold: Bool) {
    switch glyph {
    case " ": break
    case "●": dots([SIMD2(x + 4, y + 8)], radius: 3, ink)
    default:
      let likeness = glyph.asciiLikeness
      let shown = BitmapFont.holds(glyph) || likeness == "?" ? glyph : likeness
      text(String(Character(shown)), x, y + 12, .start, ink, bold: isBold)
    }
  }
}
