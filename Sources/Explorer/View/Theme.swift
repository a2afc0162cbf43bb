import Canvas

/// The few styles of the surface: quiet lines, bright focus, greys for images; classes bring the colour.
///
/// Every style is a row of one table, by colour level and ground. Text has a contrast of at least 4.5:1 and lines and marks
/// 3:1 (WCAG 2.1) on each ground; `ThemeTests` reckons it. The ground comes from `rendition.appearance`: make it with
/// `Rendition.themed(choice, on: session.ground)`, and anew whenever `TerminalEvent.groundFound` arrives.
struct Theme {
  let rendition: Rendition

  private var appearance: Appearance { rendition.appearance }
  private var isContrast: Bool { appearance.isHighContrast }

  /// A style of 256 colours, of sixteen and of eight, on a dark ground and on a light one; in mono, and where contrast goes
  /// before nuance on all levels, `plain`.
  private func style(
    rich: (dark: Style, light: Style), sixteen: (dark: Style, light: Style)? = nil,
    eight: (dark: Style, light: Style)? = nil, plain: Style
  ) -> Style {
    func pick(_ pair: (dark: Style, light: Style)?) -> Style {
      pair.map { appearance.pick(dark: $0.dark, light: $0.light) } ?? plain
    }
    if isContrast { return plain }
    return switch rendition.colors {
    case .palette256, .direct: pick(rich)
    case .ansi16: pick(sixteen)
    case .ansi8: pick(eight)
    case .mono: plain
    }
  }

  private func grey(_ dark: UInt8, _ light: UInt8, _ attributes: Attributes = []) -> (dark: Style, light: Style) {
    (Style(.palette(dark), attributes), Style(.palette(light), attributes))
  }

  /// Fainter where the terminal's own colour leaves room for it: not on white, nor where contrast is asked for.
  private var dimmed: Style { Style(.standard, appearance.ground == .dark && !isContrast ? .dim : []) }
  private var bold: Style { Style(.standard, .bold) }

  /// Lines around panes.
  var line: Style { style(rich: grey(242, 244), sixteen: (dimmed, dimmed), eight: (dimmed, dimmed), plain: dimmed) }
  /// Lines around the pane that has the keys: of a colour where a light ground of few colours is painted, on which black
  /// cannot be bold.
  var focusedLine: Style {
    let onLight = appearance.isPainted ? Style(.palette(4)) : bold
    return style(rich: grey(252, 236), sixteen: (bold, onLight), eight: (bold, onLight), plain: bold)
  }
  var title: Style { style(rich: grey(250, 238), plain: Style(.standard)) }
  var focusedTitle: Style { style(rich: grey(231, 16, .bold), plain: bold) }
  /// What one reads.
  var text: Style { style(rich: grey(252, 235), plain: Style(.standard)) }
  /// What one reads first.
  var strong: Style { style(rich: grey(231, 16, .bold), plain: bold) }
  /// What one reads last.
  var faint: Style { style(rich: grey(246, 241), sixteen: (dimmed, dimmed), eight: (dimmed, dimmed), plain: dimmed) }
  /// What has the keys or is under way.
  var accent: Style {
    style(
      rich: (Style(.palette(222), .bold), Style(.palette(26), .bold)),
      sixteen: (Style(.palette(11), .bold), Style(.palette(4), .bold)),
      eight: (Style(.palette(3), .bold), Style(.palette(4), .bold)),
      plain: Style(.standard, isContrast ? [.bold, .underline] : .bold))
  }
  var error: Style {
    // Eight colours have no red that is legible on black; on a red ground it is white.
    let onRed = Style(.palette(7), .bold, background: .palette(1))
    return style(
      rich: (Style(.palette(210), .bold), Style(.palette(160), .bold)),
      sixteen: (Style(.palette(9), .bold), Style(.palette(1))), eight: (onRed, onRed), plain: Style(.standard, .reverse)
    )
  }
  /// A chosen line or tab.
  var selected: Style {
    style(
      rich: (
        Style(.palette(231), .bold, background: .palette(238)), Style(.palette(16), .bold, background: .palette(252))
      ),
      plain: Style(.standard, .reverse))
  }
  /// Under what lies over the panes.
  var overlay: Style {
    style(
      rich: (Style(.palette(252), background: .palette(234)), Style(.palette(235), background: .palette(255))),
      plain: Style(.standard))
  }

  /// Colours of the curves of a chart, in the order of the terms.
  func curve(_ index: Int) -> Color {
    let entries: [UInt8]
    switch rendition.colors {
    case .mono: return .standard
    case .palette256, .direct:
      entries = appearance.pick(dark: [222, 117, 150, 218, 183], light: [130, 25, 28, 162, 92])
    case .ansi16: entries = appearance.pick(dark: [11, 14, 10, 13, 12], light: [1, 4, 5, 9, 12])
    case .ansi8: entries = appearance.pick(dark: [3, 6, 2, 5, 7], light: [1, 4, 5, 0])
    }
    return .palette(entries[index % entries.count])
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

/// The first of some forms of a text, the longest first, that a width has room for; the last one shortened where none fits.
func fitted(_ forms: [String], to width: Int) -> String {
  forms.first { $0.unicodeScalars.count <= width } ?? shortened(forms.last ?? "", to: width)
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

/// Lines in a number of rows at most: where that is too few, the last one ends with `…`.
func shortened(_ lines: [String], to width: Int, rows: Int) -> [String] {
  guard rows > 0, lines.count > rows else { return Array(lines.prefix(max(0, rows))) }
  return lines.prefix(rows - 1) + [shortened(lines[(rows - 1)...].joined(separator: " "), to: width)]
}

/// Text filled with blanks to a width.
func padded(_ text: String, to width: Int, right: Bool = false) -> String {
  let missing = width - text.unicodeScalars.count
  guard missing > 0 else { return text }
  let blanks = String(repeating: " ", count: missing)
  return right ? blanks + text : text + blanks
}
