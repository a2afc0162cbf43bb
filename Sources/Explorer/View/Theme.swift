import Canvas

/// The few styles of the surface: quiet lines, bright focus, greys for images; classes bring the colour.
struct Theme {
  let rendition: Rendition

  private var hasColors: Bool { rendition.colors != .mono }
  private var isRich: Bool { rendition.colors == .palette256 || rendition.colors == .direct }

  /// Lines around panes.
  var line: Style { isRich ? Style(.palette(240)) : Style(.standard, hasColors ? [] : .dim) }
  /// Lines around the pane that has the keys.
  var focusedLine: Style { isRich ? Style(.palette(252)) : Style(.standard, .bold) }
  var title: Style { isRich ? Style(.palette(250)) : Style(.standard) }
  var focusedTitle: Style { Style(isRich ? .palette(231) : .standard, .bold) }
  /// What one reads.
  var text: Style { Style(isRich ? .palette(252) : .standard) }
  /// What one reads first.
  var strong: Style { Style(isRich ? .palette(231) : .standard, .bold) }
  /// What one reads last.
  var faint: Style { isRich ? Style(.palette(244)) : Style(.standard, .dim) }
  /// What has the keys or is under way.
  var accent: Style {
    isRich ? Style(.palette(222), .bold) : hasColors ? Style(.palette(3), .bold) : Style(.standard, .bold)
  }
  var error: Style {
    isRich ? Style(.palette(210), .bold) : hasColors ? Style(.palette(1), .bold) : Style(.standard, .reverse)
  }
  /// A chosen line or tab.
  var selected: Style { isRich ? Style(.palette(231), .bold, background: .palette(238)) : Style(.standard, .reverse) }
  /// Under what lies over the panes.
  var overlay: Style { isRich ? Style(.palette(252), background: .palette(234)) : Style(.standard) }

  /// Colours of the curves of a chart, in the order of the terms.
  func curve(_ index: Int) -> Color {
    let entries: [UInt8] = isRich ? [222, 117, 150, 218, 183] : [3, 6, 2, 5, 4]
    return hasColors ? .palette(entries[index % entries.count]) : .standard
  }
}

/// Colours and attributes together.
struct Style: Hashable {
  var foreground: Color
  var background: Color
  var attributes: Attributes

  init(_ foreground: Color, _ attributes: Attributes = [], background: Color = .standard) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }
}

extension Frame {
  /// Writes text in a style; returns the columns it takes.
  @discardableResult
  mutating func write(_ text: String, column: Int, row: Int, _ style: Style, maximumWidth: Int = .max) -> Int {
    write(
      text, column: column, row: row, foreground: style.foreground, background: style.background,
      attributes: style.attributes, maximumWidth: maximumWidth)
  }
}

/// Text cut to a width, with `…` where something is missing.
func shortened(_ text: String, to width: Int) -> String {
  guard text.unicodeScalars.count > width else { return text }
  guard width > 1 else { return String(String.UnicodeScalarView(text.unicodeScalars.prefix(max(0, width)))) }
  return String(String.UnicodeScalarView(text.unicodeScalars.prefix(width - 1))) + "…"
}

/// Text in lines of at most `width` scalars, broken between words; a word that is longer, such as a path, is broken anywhere.
func wordWrapped(_ text: String, to width: Int) -> [String] {
  let width = max(1, width)
  var lines: [String] = []
  var length = 0
  for word in text.split(separator: " ") {
    var rest = Array(word.unicodeScalars)
    if !lines.isEmpty, length + 1 + rest.count <= width {
      lines[lines.count - 1] += " " + word
      length += 1 + rest.count
      continue
    }
    while !rest.isEmpty {
      let part = rest.prefix(width)
      lines.append(String(String.UnicodeScalarView(part)))
      length = part.count
      rest.removeFirst(part.count)
    }
  }
  return lines
}

/// Text filled with blanks to a width.
func padded(_ text: String, to width: Int, right: Bool = false) -> String {
  let missing = width - text.unicodeScalars.count
  guard missing > 0 else { return text }
  let blanks = String(repeating: " ", count: missing)
  return right ? blanks + text : text + blanks
}
