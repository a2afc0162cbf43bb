extension Frame {
  /// Draws a frame of lines around the rectangle's edge, with a title in its upper side.
  ///
  /// Lines that meet lines already drawn join them (`┬`, `├`, `┼`), so panes can share a border.
  public mutating func box(
    _ rectangle: Rectangle, title: String = "", rendition: Rendition, foreground: Color = .standard,
    titleForeground: Color? = nil, attributes: Attributes = [], titleAttributes: Attributes = []
  ) {
    guard rectangle.width >= 2, rectangle.height >= 2 else { return }
    let style = Cell(foreground: foreground, attributes: attributes)
    let right = rectangle.endColumn - 1
    let bottom = rectangle.endRow - 1
    for column in rectangle.column + 1..<right {
      join([.left, .right], column: column, row: rectangle.row, unicode: rendition.unicode, style: style)
      join([.left, .right], column: column, row: bottom, unicode: rendition.unicode, style: style)
    }
    for row in rectangle.row + 1..<bottom {
      join([.up, .down], column: rectangle.column, row: row, unicode: rendition.unicode, style: style)
      join([.up, .down], column: right, row: row, unicode: rendition.unicode, style: style)
    }
    let corners: [(LineArms, Int, Int)] = [
      ([.down, .right], rectangle.column, rectangle.row), ([.down, .left], right, rectangle.row),
      ([.up, .right], rectangle.column, bottom), ([.up, .left], right, bottom),
    ]
    for (arms, column, row) in corners {
      join(arms, column: column, row: row, unicode: rendition.unicode, style: style)
    }
    let room = rectangle.width - 4
    if !title.isEmpty, room > 0 {
      let shown = title.unicodeScalars.prefix(room).map { rendition.unicode ? $0 : $0.asciiLikeness }
      write(
        " " + String(String.UnicodeScalarView(shown)) + " ", column: rectangle.column + 1, row: rectangle.row,
        foreground: titleForeground ?? foreground,
        attributes: titleAttributes.union(attributes))
    }
  }

  /// Draws a horizontal line over the columns, joining lines already there.
  public mutating func rule(row: Int, columns: Range<Int>, rendition: Rendition, style: Cell = .blank) {
    for column in columns {
      var arms: LineArms = []
      if column > columns.lowerBound { arms.insert(.left) }
      if column < columns.upperBound - 1 { arms.insert(.right) }
      join(arms, column: column, row: row, unicode: rendition.unicode, style: style)
    }
  }

  /// Draws a vertical line over the rows, joining lines already there.
  public mutating func rule(column: Int, rows: Range<Int>, rendition: Rendition, style: Cell = .blank) {
    for row in rows {
      var arms: LineArms = []
      if row > rows.lowerBound { arms.insert(.up) }
      if row < rows.upperBound - 1 { arms.insert(.down) }
      join(arms, column: column, row: row, unicode: rendition.unicode, style: style)
    }
  }

  private mutating func join(_ arms: LineArms, column: Int, row: Int, unicode: Bool, style: Cell) {
    let present = self[column, row].glyph
    let together = unicode ? arms.union(LineArms.of(present)) : arms
    var cell = style
    if unicode {
      cell.glyph = together.glyph
    } else {
      cell.glyph = arms.asciiGlyph(over: present)
    }
    self[column, row] = cell
  }
}

/// The directions in which a line leaves a cell.
struct LineArms: OptionSet, Hashable {
  let rawValue: Int
  static let up = LineArms(rawValue: 1)
  static let down = LineArms(rawValue: 2)
  static let left = LineArms(rawValue: 4)
  static let right = LineArms(rawValue: 8)

  /// Indexed by raw value; a single arm is drawn as the whole line.
  private static let glyphs: [Unicode.Scalar] = [
    " ", "│", "│", "│", "─", "┘", "┐", "┤", "─", "└", "┌", "├", "─", "┴", "┬", "┼",
  ]

  var glyph: Unicode.Scalar { Self.glyphs[rawValue] }

  /// `-` and `|`, and `+` at corners and where the line crosses another.
  func asciiGlyph(over present: Unicode.Scalar) -> Unicode.Scalar {
    let horizontal = !isDisjoint(with: [.left, .right]) || present == "-" || present == "+"
    let vertical = !isDisjoint(with: [.up, .down]) || present == "|" || present == "+"
    return horizontal && vertical ? "+" : horizontal ? "-" : vertical ? "|" : " "
  }

  /// The arms of a glyph already drawn; none for anything but light box drawing.
  static func of(_ glyph: Unicode.Scalar) -> LineArms {
    switch glyph {
    case "│": return [.up, .down]
    case "─": return [.left, .right]
    default: return glyphs.lastIndex(of: glyph).map { $0 == 0 ? [] : LineArms(rawValue: $0) } ?? []
    }
  }
}
