import Datasets

extension ExportFormat {
  /// Pixels: grey pictures as they are, drawings on a light ground at two pixels a unit.
  public static let png = ExportFormat(name: "png", summary: "a picture in pixels", forms: [.picture, .drawing]) {
    exhibit in
    if let picture = exhibit.picture { return try PNGFile.encode(try picture(), name: exhibit.name) }
    return try exhibit.drawing.map { try $0().painted().png(name: exhibit.name) }
  }
}
