import Canvas
import Datasets
import FoundationEssentials
import HarmlessText

extension Drawing {
  /// The drawing as an SVG file of its own, which follows the reader's light or dark ground.
  ///
  /// Throws a `DatasetError` where a picture in it cannot be written as PNG.
  public func svg(title: String) throws -> String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" width="\(Self.number(width))" height="\(Self.number(height))" \
    viewBox="0 0 \(Self.number(width)) \(Self.number(height))" role="img">
    <title>\(HTMLText.escaped(title))</title>
    <style>
    \(Self.styles)
    </style>
    <rect width="100%" height="100%" class="zg" fill="currentColor"/>
    \(try body())</svg>

    """
  }

  /// The drawing as part of an HTML document that has `styles` in its style sheet.
  func inlineSVG(title: String) throws -> String {
    """
    <svg viewBox="0 0 \(Self.number(width)) \(Self.number(height))" width="\(Self.number(width))" role="img" \
    aria-label="\(HTMLText.escaped(title))">
    \(try body())</svg>
    """
  }

  /// What gives inks their colours, on light and on dark grounds.
  static let styles: String = {
    let inks: [Ink] = [.text, .muted, .rule, .ground] + (0..<10).map { .series($0) }
    func rules(_ theme: Theme) -> String {
      inks.map { ink in ".\(name(ink) ?? ""){color:\(theme.rgb(ink).hexadecimal)}" }.joined()
    }
    return """
      text{font:13px system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif;fill:currentColor}
      \(rules(.light))
      @media (prefers-color-scheme: dark){\(rules(.dark))}
      """
  }()

  private static func name(_ ink: Ink) -> String? {
    switch ink {
    case .text: "zt"
    case .muted: "zm"
    case .rule: "zr"
    case .ground: "zg"
    case .series(let index): "z\((index % 10 + 10) % 10)"
    case .color: nil
    }
  }

  /// The attributes that give a shape its colour.
  private static func paint(_ attribute: String, _ ink: Ink) -> String {
    // As a style: the style sheet's colour of texts would win over an attribute.
    if case .color(let color) = ink { return "style=\"\(attribute):\(color.hexadecimal)\"" }
    return "class=\"\(name(ink) ?? "zt")\" \(attribute)=\"currentColor\""
  }

  private func body() throws -> String {
    var text = ""
    for shape in shapes { text += try Self.element(shape) + "\n" }
    return text
  }

  private static func element(_ shape: Shape) throws -> String {
    switch shape {
    case .rectangle(let x, let y, let width, let height, let ink):
      return
        "<rect x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\" height=\"\(number(height))\" "
        + "\(paint("fill", ink))/>"
    case .line(let points, let ink, let width, let dashed):
      let path = points.enumerated().map { index, point in
        "\(index == 0 ? "M" : "L")\(number(point.x)) \(number(point.y))"
      }.joined()
      let dashes = dashed ? " stroke-dasharray=\"4 3\"" : ""
      return
        "<path d=\"\(path)\" fill=\"none\" stroke-width=\"\(number(width))\" stroke-linejoin=\"round\"\(dashes) "
        + "\(paint("stroke", ink))/>"
    case .dots(let points, let radius, let ink):
      // A line of no length with round ends is a dot.
      let path = points.map { "M\(number($0.x)) \(number($0.y))h0" }.joined()
      return
        "<path d=\"\(path)\" fill=\"none\" stroke-width=\"\(number(2 * radius))\" stroke-linecap=\"round\" "
        + "\(paint("stroke", ink))/>"
    case .text(let words, let x, let y, let anchor, let ink, let bold, let rotated):
      let turn = rotated ? " transform=\"rotate(-90 \(number(x)) \(number(y)))\"" : ""
      let side = anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\""
      return
        "<text x=\"\(number(x))\" y=\"\(number(y))\"\(side)\(turn)\(bold ? " font-weight=\"bold\"" : "") "
        + "\(paint("fill", ink))>\(HTMLText.escaped(words))</text>"
    case .image(let picture, let x, let y, let width, let height):
      return
        "<image x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\" height=\"\(number(height))\" "
        + "preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" href=\"\(try HTMLText.dataURI(picture))\"/>"
    }
  }

  /// A coordinate in as few digits as a tenth of a pixel needs.
  private static func number(_ value: Double) -> String {
    let text = NumberText.decimal(value, decimals: 1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

/// What HTML and SVG need of texts.
enum HTMLText {
  /// `text` with what would be markup escaped, and question marks for what would act instead of being seen: control
  /// characters, most of which XML forbids, and marks that turn the direction of writing.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.harmless.unicodeScalars {
      switch scalar {
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      case "\"": result += "&quot;"
      case "\t", "\n": result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A picture as the address of itself.
  static func dataURI(_ picture: GreyPicture) throws -> String {
    "data:image/png;base64," + Data(try PNGFile.encode(picture)).base64EncodedString()
  }
}
