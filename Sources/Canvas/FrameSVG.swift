extension Frame {
  /// The frame as an SVG picture, 8×16 units a cell, on a ground of its own.
  ///
  /// Block elements, shades and sextants are exact rectangles, lines and braille dots are drawn as such, so that the
  /// picture is right in any viewer whatever its fonts; only letters and signs are text.
  public func svg(on ground: Ground = .dark) -> String {
    var drawing = SVGDrawing(ground: ground)
    for row in 0..<height {
      for column in 0..<width { drawing.add(cells[row * width + column], column: column, row: row) }
      drawing.endRow()
    }
    return drawing.document(width: width * SVGDrawing.cellWidth, height: height * SVGDrawing.cellHeight)
  }
}

/// Gathers shapes of one colour into one path, in layers: grounds, blocks, lines, dots, text.
private struct SVGDrawing {
  static let cellWidth = 8
  static let cellHeight = 16
  /// The terminal's own colours, as SVG has none.
  let foreground: SIMD3<UInt8>
  let background: SIMD3<UInt8>

  private var grounds: [String: String] = [:]
  private var blocks: [String: String] = [:]
  private var lines: [String: String] = [:]
  private var dots: [String: String] = [:]
  private var text = ""
  private var run: Run?
  private var ground: (fill: String, column: Int, row: Int, columns: Int)?

  init(ground: Ground) {
    switch ground {
    case .dark: (foreground, background) = (SIMD3(208, 208, 208), SIMD3(16, 18, 22))
    case .light: (foreground, background) = (SIMD3(32, 32, 32), SIMD3(255, 255, 255))
    }
  }

  /// Letters of one look that follow one another.
  private struct Run {
    let fill: String
    let attributes: Attributes
    let column: Int
    let row: Int
    var letters: String
    var columns: Int
  }

  mutating func add(_ cell: Cell, column: Int, row: Int) {
    var front = cell.foreground.rgb ?? foreground
    var back = cell.background.rgb ?? background
    if cell.attributes.contains(.reverse) { swap(&front, &back) }
    if cell.attributes.contains(.dim) { front = Self.mixed(front, back) }
    addGround(back, column: column, row: row)
    let fill = Self.hexadecimal(front)
    let x = column * Self.cellWidth
    let y = row * Self.cellHeight
    if cell.attributes.contains(.underline) { lines[fill, default: ""] += "M\(x) \(y + 14).5h8" }
    if let mask = SVGGlyphs.mask(of: cell.glyph) {
      endRun()
      addBlock(mask, front: front, back: back, x: x, y: y)
    } else if 0x2801...0x28FF ~= cell.glyph.value {
      endRun()
      addDots(UInt8(truncatingIfNeeded: cell.glyph.value), fill: fill, x: x, y: y)
    } else if !LineArms.of(cell.glyph).isEmpty {
      endRun()
      addLines(LineArms.of(cell.glyph), fill: fill, x: x, y: y)
    } else {
      addLetter(cell.glyph, fill: fill, attributes: cell.attributes, column: column, row: row)
    }
  }

  mutating func endRow() {
    endRun()
    endGround()
  }

  private mutating func addGround(_ color: SIMD3<UInt8>, column: Int, row: Int) {
    let fill = Self.hexadecimal(color)
    if ground?.fill == fill {
      ground?.columns += 1
      return
    }
    endGround()
    if color != background { ground = (fill, column, row, 1) }
  }

  private mutating func endGround() {
    if let ground {
      let width = ground.columns * Self.cellWidth
      grounds[ground.fill, default: ""] +=
        "M\(ground.column * Self.cellWidth) \(ground.row * Self.cellHeight)h\(width)v16h-\(width)z"
    }
    ground = nil
  }

  private mutating func addBlock(
    _ mask: SVGGlyphs.Shape, front: SIMD3<UInt8>, back: SIMD3<UInt8>, x: Int, y: Int
  ) {
    switch mask {
    case .blank: break
    case .even(let quarters):
      // A shade seen from afar: the mixture of both colours.
      let mixture = Self.mixed(front, back, quarters: quarters)
      blocks[Self.hexadecimal(mixture), default: ""] += "M\(x) \(y)h8v16h-8z"
    case .rectangles(let rectangles):
      for part in rectangles {
        blocks[Self.hexadecimal(front), default: ""] +=
          "M\(x + part.x) \(SVGGlyphs.text(sixths: y * 6 + part.top))h\(part.width)"
          + "v\(SVGGlyphs.text(sixths: part.height))h-\(part.width)z"
      }
    }
  }

  private mutating func addDots(_ pattern: UInt8, fill: String, x: Int, y: Int) {
    for row in 0..<4 {
      for column in 0..<2 where pattern & BrailleGrid.bit(column: column, row: row) != 0 {
        // A line of no length with round ends is a dot.
        dots[fill, default: ""] += "M\(x + 2 + 4 * column) \(y + 2 + 4 * row)h0"
      }
    }
  }

  private mutating func addLines(_ arms: LineArms, fill: String, x: Int, y: Int) {
    var path = ""
    if arms.contains(.left) { path += "M\(x) \(y + 8)h4" }
    if arms.contains(.right) { path += "M\(x + 4) \(y + 8)h4" }
    if arms.contains(.up) { path += "M\(x + 4) \(y)v8" }
    if arms.contains(.down) { path += "M\(x + 4) \(y + 8)v8" }
    lines[fill, default: ""] += path
  }

  private mutating func addLetter(
    _ glyph: Unicode.Scalar, fill: String, attributes: Attributes, column: Int, row: Int
  ) {
    let look = attributes.intersection(.bold)
    // Fonts agree on the width of ASCII; any other glyph may come from another font and is placed on its own.
    if glyph.isASCII, let current = run, current.fill == fill, current.attributes == look,
      current.column + current.columns == column
    {
      run?.letters += Self.escaped(glyph)
      run?.columns += 1
      return
    }
    endRun()
    guard glyph != " " else { return }
    run = Run(
      fill: fill, attributes: look, column: column, row: row, letters: Self.escaped(glyph), columns: 1)
    if !glyph.isASCII { endRun() }
  }

  private mutating func endRun() {
    guard let run else { return }
    self.run = nil
    var letters = run.letters
    var columns = run.columns
    while letters.hasSuffix(" ") {
      letters.removeLast()
      columns -= 1
    }
    let weight = run.attributes.contains(.bold) ? " font-weight=\"bold\"" : ""
    text +=
      "<text x=\"\(run.column * Self.cellWidth)\" y=\"\(run.row * Self.cellHeight + 12)\" fill=\"\(run.fill)\"\(weight)"
      + " textLength=\"\(columns * Self.cellWidth)\" lengthAdjust=\"spacingAndGlyphs\">\(letters)</text>\n"
  }

  func document(width: Int, height: Int) -> String {
    func paths(_ layer: [String: String], _ style: (String) -> String) -> String {
      layer.sorted { $0.key < $1.key }.map { "<path d=\"\($0.value)\" \(style($0.key))/>\n" }.joined()
    }
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)">
      <rect width="\(width)" height="\(height)" fill="\(Self.hexadecimal(background))"/>
      <g shape-rendering="crispEdges">
      \(paths(grounds) { "fill=\"\($0)\"" })\(paths(blocks) { "fill=\"\($0)\"" })</g>
      <g fill="none" stroke-width="1">
      \(paths(lines) { "stroke=\"\($0)\"" })</g>
      <g fill="none" stroke-width="2.6" stroke-linecap="round">
      \(paths(dots) { "stroke=\"\($0)\"" })</g>
      <g font-family="'DejaVu Sans Mono','Menlo','Consolas','Liberation Mono',monospace" font-size="13.3" \
      xml:space="preserve">
      \(text)</g>
      </svg>

      """
  }

  private static func mixed(_ first: SIMD3<UInt8>, _ second: SIMD3<UInt8>, quarters: Int = 2) -> SIMD3<UInt8> {
    let sum =
      SIMD3<Int>(truncatingIfNeeded: first) &* quarters &+ SIMD3<Int>(truncatingIfNeeded: second) &* (4 - quarters)
    return SIMD3<UInt8>(truncatingIfNeeded: sum / 4)
  }

  private static func hexadecimal(_ color: SIMD3<UInt8>) -> String {
    "#"
      + [color.x, color.y, color.z].map { byte in
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
      }.joined()
  }

  private static func escaped(_ glyph: Unicode.Scalar) -> String {
    switch glyph {
    case "<": return "&lt;"
    case ">": return "&gt;"
    case "&": return "&amp;"
    default: return String(Character(glyph))
    }
  }
}
