import Datasets

extension ExportFormat {
  /// Pixels: grey pictures as they are, drawings on a light ground and screens on their own at two pixels a unit.
  public static let png = ExportFormat(
    name: "png", summary: "a picture in pixels", forms: [.picture, .drawing, .screen]
  ) {
    exhibit in
    if let picture = exhibit.picture { return try PNGFile.encode(try picture(), name: exhibit.name) }
    let drawing = try exhibit.drawing?() ?? exhibit.screen?().drawing
    return try drawing?.painted().png(name: exhibit.name)
  }
}
