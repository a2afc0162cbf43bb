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
  static let cellWidth = CellPicture.width
  static let cellHeight = CellPicture.height
  private let ground: Ground
  private let background: SIMD3<UInt8>

  private var grounds: [String: String] = [:]
  private var blocks: [String: String] = [:]
  private var lines: [String: String] = [:]
  private var dots: [String: String] = [:]
  private var text = ""
  private var run: Run?
  private var groundRun: (fill: String, column: Int, row: Int, columns: Int)?

  init(ground: Ground) {
    self.ground = ground
    background = CellPicture.standard(ground).background
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
    let picture = CellPicture(cell, on: ground)
    addGround(picture.ground, column: column, row: row)
    let fill = Self.hexadecimal(picture.ink)
    let x = column * Self.cellWidth
    let y = row * Self.cellHeight
    if picture.isUnderlined { lines[fill, default: ""] += "M\(x) \(y + 14).5h8" }
    if case .letter(let glyph) = picture.mark {
      addLetter(glyph, fill: fill, attributes: cell.attributes, column: column, row: row)
      return
    }
    endRun()
    switch picture.mark {
    case .blank, .letter: break
    case .even(let mixture): blocks[Self.hexadecimal(mixture), default: ""] += "M\(x) \(y)h8v16h-8z"
    case .rectangles(let parts):
      for part in parts {
        blocks[fill, default: ""] +=
          "M\(x + part.x) \(SVGGlyphs.text(sixths: y * 6 + part.top))h\(part.width)"
          + "v\(SVGGlyphs.text(sixths: part.height))h-\(part.width)z"
      }
    case .dots(let middles):
      // A line of no length with round ends is a dot.
      for middle in middles { dots[fill, default: ""] += "M\(x + middle.x) \(y + middle.y)h0" }
    case .lines(let arms):
      for arm in arms {
        lines[fill, default: ""] +=
          "M\(x + arm.start.x) \(y + arm.start.y)" + (arm.way.y == 0 ? "h\(arm.way.x)" : "v\(arm.way.y)")
      }
    }
  }

  mutating func endRow() {
    endRun()
    endGround()
  }

  private mutating func addGround(_ color: SIMD3<UInt8>, column: Int, row: Int) {
    let fill = Self.hexadecimal(color)
    if groundRun?.fill == fill {
      groundRun?.columns += 1
      return
    }
    endGround()
    if color != background { groundRun = (fill, column, row, 1) }
  }

  private mutating func endGround() {
    if let ground = groundRun {
      let width = ground.columns * Self.cellWidth
      grounds[ground.fill, default: ""] +=
        "M\(ground.column * Self.cellWidth) \(ground.row * Self.cellHeight)h\(width)v16h-\(width)z"
    }
    groundRun = nil
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
