import Canvas

/// Reads text with colour escapes back into a frame: an independent check of what was printed.
enum ANSIReader {
  static func frame(_ text: String, width: Int, height: Int) -> Frame {
    var frame = Frame(width: width, height: height)
    var pen = Cell.blank
    var column = 0
    var row = 0
    var scalars = text.unicodeScalars.makeIterator()
    while let scalar = scalars.next() {
      switch scalar {
      case "\n": (column, row) = (0, row + 1)
      case "\u{1B}":
        guard scalars.next() == "[" else { continue }
        var parameters = ""
        while let digit = scalars.next(), digit != "m" { parameters.unicodeScalars.append(digit) }
        apply(parameters.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }, to: &pen)
      default:
        var cell = pen
        cell.glyph = scalar
        frame[column, row] = cell
        column += 1
      }
    }
    return frame
  }

  private static func apply(_ parameters: [Int], to pen: inout Cell) {
    var rest = parameters[...]
    while let code = rest.popFirst() {
      switch code {
      case 0: pen = .blank
      case 1: pen.attributes.insert(.bold)
      case 2: pen.attributes.insert(.dim)
      case 4: pen.attributes.insert(.underline)
      case 7: pen.attributes.insert(.reverse)
      case 30...37: pen.foreground = .palette(UInt8(code - 30))
      case 40...47: pen.background = .palette(UInt8(code - 40))
      case 90...97: pen.foreground = .palette(UInt8(code - 82))
      case 100...107: pen.background = .palette(UInt8(code - 92))
      case 39: pen.foreground = .standard
      case 49: pen.background = .standard
      case 38, 48:
        let color: Color
        if rest.popFirst() == 5 {
          color = .palette(UInt8(rest.popFirst() ?? 0))
        } else {
          let bytes = (0..<3).map { _ in UInt8(rest.popFirst() ?? 0) }
          color = .direct(red: bytes[0], green: bytes[1], blue: bytes[2])
        }
        if code == 38 { pen.foreground = color } else { pen.background = color }
      default: break
      }
    }
  }
}
