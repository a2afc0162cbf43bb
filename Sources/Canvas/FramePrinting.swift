extension Frame {
  /// The glyphs alone, one line a row, without trailing spaces.
  public func plain() -> String {
    var text = ""
    for row in 0..<height {
      var line = String.UnicodeScalarView()
      for column in 0..<width { line.append(cells[row * width + column].glyph) }
      while line.last == " " { line.removeLast() }
      text += String(line) + "\n"
    }
    return text
  }

  /// The frame as text with ANSI escapes (ECMA-48 select graphic rendition), one line a row.
  ///
  /// Changes of colour and attributes are written only where they change; they are reset at each line's end, and blank
  /// cells at a line's end are left out. Colours beyond `level` are replaced by the nearest within it.
  public func ansi(level: ColorLevel) -> String {
    var text = ""
    for row in 0..<height {
      var end = width
      while end > 0, cells[row * width + end - 1] == .blank { end -= 1 }
      var current = Cell.blank
      for column in 0..<end {
        let cell = cells[row * width + column].limited(to: level)
        current.changeStyle(to: cell, appendingTo: &text)
        text.unicodeScalars.append(cell.glyph)
      }
      if !current.hasStyle(of: .blank) { text += "\u{1B}[0m" }
      text += "\n"
    }
    return text
  }
}

extension Cell {
  func hasStyle(of other: Cell) -> Bool {
    foreground == other.foreground && background == other.background && attributes == other.attributes
  }

  /// Appends the shortest escape that turns this style into that of `next`, and takes that style on.
  fileprivate mutating func changeStyle(to next: Cell, appendingTo text: inout String) {
    if hasStyle(of: next) { return }
    var parameters: [String] = []
    var from = self
    // Bold and dim share their switch-off, and a full reset is the shortest way to switch anything off.
    if !attributes.isSubset(of: next.attributes) || next.hasStyle(of: .blank) {
      parameters.append(next.hasStyle(of: .blank) ? "" : "0")
      from = .blank
    }
    for (attribute, code) in [(Attributes.bold, "1"), (.dim, "2"), (.underline, "4"), (.reverse, "7")]
    where next.attributes.contains(attribute) && !from.attributes.contains(attribute) { parameters.append(code) }
    if next.foreground != from.foreground { parameters.append(next.foreground.parameters(base: 30)) }
    if next.background != from.background { parameters.append(next.background.parameters(base: 40)) }
    text += "\u{1B}[" + parameters.joined(separator: ";") + "m"
    self = next
  }
}

extension Color {
  /// The parameters that select this colour; `base` is 30 for the foreground, 40 for the background.
  fileprivate func parameters(base: Int) -> String {
    switch self {
    case .standard: return "\(base + 9)"
    case .palette(let index) where index < 8: return "\(base + Int(index))"
    case .palette(let index) where index < 16: return "\(base + 52 + Int(index))"
    case .palette(let index): return "\(base + 8);5;\(index)"
    case .direct(let red, let green, let blue): return "\(base + 8);2;\(red);\(green);\(blue)"
    }
  }
}
