import Datasets

extension ExportFormat {
  /// Shapes, on the reader's light or dark ground; grey pictures as pixels within.
  public static let svg = ExportFormat(
    name: "svg", summary: "a picture in shapes", forms: [.drawing, .picture, .screen]
  ) {
    exhibit in
    if let drawing = exhibit.drawing { return Array(try drawing().svg(title: exhibit.name).utf8) }
    if let screen = try exhibit.screen?() { return Array(screen.frame.svg(on: screen.ground).utf8) }
    return try exhibit.picture.map { make in
      let picture = try make()
      var drawing = Drawing(width: 2 * Double(picture.width), height: 2 * Double(picture.height))
      drawing.image(picture, 0, 0, drawing.width, drawing.height)
      return Array(try drawing.svg(title: exhibit.name).utf8)
    }
  }
}
