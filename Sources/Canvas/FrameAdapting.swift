extension Frame {
  /// The frame with nothing a terminal of that rendition lacks: see `adapt(to:)`.
  public func adapted(to rendition: Rendition) -> Frame {
    var adapted = self
    adapted.adapt(to: rendition)
    return adapted
  }

  /// Replaces what a terminal of that rendition lacks: colours are limited to its level and, without Unicode, every glyph
  /// becomes its ASCII likeness, cell for cell. Where the ground is not the terminal's own it is put under every cell, and
  /// what cannot be read on it in bold is not bold.
  public mutating func adapt(to rendition: Rendition) {
    if !rendition.unicode { spellInASCII() }
    let level = rendition.colors
    // Most cells are as they are to be.
    if level != .direct {
      cells.withUnsafeMutableBufferPointer { cells in
        for index in cells.indices where !cells[index].isKept(by: level) {
          cells[index] = cells[index].limited(to: level)
        }
      }
    }
    if rendition.appearance.isPainted { paintGround(rendition) }
  }

  /// Replaces the terminal's own colours by those of the other ground.
  private mutating func paintGround(_ rendition: Rendition) {
    let ground = rendition.appearance.ground
    let (dark, light): (UInt8, UInt8)
    switch rendition.colors {
    case .mono:
      // Nothing but the two own colours: exchanged, they are the other ground.
      for index in cells.indices { cells[index].attributes.formSymmetricDifference(.reverse) }
      return
    case .ansi8: (dark, light) = (0, 7)
    case .ansi16: (dark, light) = (0, 15)
    case .palette256, .direct: (dark, light) = (16, 231)
    }
    let (background, foreground): (Color, Color) =
      ground == .dark ? (.palette(dark), .palette(light)) : (.palette(light), .palette(dark))
    let fading = Self.fadingInBold(on: background)
    for index in cells.indices {
      if cells[index].background == .standard { cells[index].background = background }
      if cells[index].foreground == .standard { cells[index].foreground = foreground }
      if cells[index].attributes.contains(.bold), cells[index].background == background,
        fading.contains(cells[index].foreground)
      {
        cells[index].attributes.remove(.bold)
      }
    }
  }

  /// The colours that cannot be read as text on a ground where they are bold: many terminals show the first eight as the
  /// bright ones then, which is black as grey.
  private static func fadingInBold(on ground: Color) -> Set<Color> {
    guard let ground = ground.rgb else { return [] }
    let fading = (UInt8(0)..<8).filter {
      let bright = ColorContrast.ratio(Palette.rgb($0 + 8), ground)
      return bright < min(4.5, ColorContrast.ratio(Palette.rgb($0), ground))
    }
    return Set(fading.map { .palette($0) })
  }

  /// The frame with every glyph replaced by its ASCII likeness, unless the terminal has Unicode.
  func inASCII(unless unicode: Bool) -> Frame {
    guard !unicode else { return self }
    var adapted = self
    adapted.spellInASCII()
    return adapted
  }

  private mutating func spellInASCII() {
    for index in cells.indices { cells[index].glyph = cells[index].glyph.asciiLikeness }
  }
}

extension Unicode.Scalar {
  /// The ASCII character that looks most like this glyph; `?` when none does.
  public var asciiLikeness: Unicode.Scalar {
    switch self {
    case "\u{20}"..."\u{7E}": return self
    case "\u{A0}", "\u{2800}": return " "
    case "─", "━", "╌", "┄", "‐", "‑", "‒", "–", "—", "−", "▔", "▁": return "-"
    case "│", "┃", "╎", "┆", "▏", "▕": return "|"
    case "\u{250C}"..."\u{254B}", "╭", "╮", "╯", "╰": return "+"
    case "←", "◀", "◂", "‹": return "<"
    case "→", "▶", "▸", "›": return ">"
    case "↑", "▲", "▴": return "^"
    case "↓", "▼", "▾": return "v"
    case "●", "○", "◉", "◆", "◇", "•": return "o"
    case "·", "∙", "…", "░": return "."
    case "×", "✕": return "x"
    case "▒": return ":"
    case "\u{2580}"..."\u{2593}", "\u{2596}"..."\u{25A0}", "\u{1FB00}"..."\u{1FB3B}": return "#"
    case "\u{2801}"..."\u{28FF}": return "*"
    case "‘", "’", "′": return "'"
    case "“", "”", "″": return "\""
    case "σ", "ς": return "s"
    case "μ", "µ": return "u"
    case "β": return "b"
    case "λ": return "l"
    case "α": return "a"
    case "≤": return "<"
    case "≥": return ">"
    case "±": return "+"
    case "≈": return "~"
    case "Δ", "∆": return "d"
    case "Σ", "∑": return "S"
    case "∞": return "8"
    default: return "?"
    }
  }
}
