import Canvas

/// A frame under construction, with all that panes draw from.
struct PaneCanvas {
  var frame: Frame
  let state: State
  let layout: Layout
  let theme: Theme

  var rendition: Rendition { theme.rendition }

  /// A text with arrows in words where this terminal has none.
  func spelled(_ text: String) -> String { KeyNames.spelled(text, unless: rendition.unicode) }

  /// Lines around all panes, the focused one last so that its lines are whole.
  mutating func drawBorders() {
    for (_, rectangle) in layout.panes.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      frame.box(rectangle, rendition: rendition, foreground: theme.line.foreground, attributes: theme.line.attributes)
    }
    if let focused = layout.panes[state.focus] {
      frame.box(
        focused, rendition: rendition, foreground: theme.focusedLine.foreground,
        attributes: theme.focusedLine.attributes)
    }
  }

  /// Writes a pane's title into its upper line, and at the right end of it a note that must be read: the longest forms of
  /// both that there is room for, and of the title what the shortest note leaves.
  mutating func title(_ pane: Pane, _ texts: [String], notes: [String]) {
    guard let rectangle = layout.panes[pane], let shortest = notes.last else { return }
    // What the blanks around both and the pane's corners leave.
    let room = rectangle.width - 9
    let forms = texts.flatMap { text in notes.map { (text: text, note: $0) } }
    let form =
      forms.first { $0.text.count + $0.note.count <= room }
      ?? (shortened(texts.last ?? "", to: max(0, room - shortest.count)), shortest)
    title(pane, form.text, note: form.note)
  }

  /// Writes a pane's title into its upper line, and a note at the right end of it.
  mutating func title(_ pane: Pane, _ text: String, note: String = "") {
    guard let rectangle = layout.panes[pane] else { return }
    let style = state.focus == pane ? theme.focusedTitle : theme.title
    let room = rectangle.width - 4
    // As long as they are drawn: a cell for every code point.
    let (text, note) = (GlyphWidth.drawn(text), GlyphWidth.drawn(note))
    let shown = " " + shortened(text, to: room) + " "
    frame.write(shown, column: rectangle.column + 1, row: rectangle.row, style)
    let left = room - shown.unicodeScalars.count - 1
    let width = note.unicodeScalars.count
    if !note.isEmpty, width + 2 <= left {
      frame.write(
        " \(note) ", column: rectangle.endColumn - width - 3, row: rectangle.row, theme.faint)
    }
  }

  /// Puts the hardware cursor on a cell, if `pane` has the keys.
  mutating func rest(_ pane: Pane, column: Int, row: Int) {
    guard state.focus == pane, case .none = state.overlay else { return }
    frame.cursor = Frame.Position(column: column, row: row)
  }

  /// Marks a small digit by its four corners.
  mutating func mark(_ rectangle: Rectangle) {
    let style = theme.accent
    let glyphs: [(Int, Int, String)] = [
      (rectangle.column, rectangle.row, "┌"), (rectangle.endColumn - 1, rectangle.row, "┐"),
      (rectangle.column, rectangle.endRow - 1, "└"), (rectangle.endColumn - 1, rectangle.endRow - 1, "┘"),
    ]
    for (column, row, glyph) in glyphs { frame.write(glyph, column: column, row: row, style) }
  }
}
