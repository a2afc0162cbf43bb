/// How large a picture may be, whatever kind of file it comes from.
enum PictureLimits {
  /// The most pixels of one picture: 8,192 × 8,192, several times what cameras take.
  static let pixels = 1 << 26

  /// - Throws: `DatasetError` of kind `tooLarge` where one picture has more.
  static func check(_ width: Int, _ height: Int, name: String) throws {
    let (count, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, count <= pixels else {
      throw DatasetError(
        .tooLarge, name, "is a picture of \(width)×\(height) pixels; \(pixels) are the most",
        remedy: "make it smaller first, for example: magick IN.png -resize 28x28 OUT.png")
    }
  }

  /// - Throws: `DatasetError` of kind `tooLarge` where `count` images of floats are more than memory should hold.
  static func checkTotal(count: Int, _ shape: ImageShape, name: String) throws {
    let (floats, overflow) = count.multipliedReportingOverflow(by: shape.pixelCount * MemoryLayout<Float>.size)
    guard !overflow, floats <= MemoryBudget.bytes else {
      throw DatasetError(
        .tooLarge, name, "\(count) images of \(shape.text) pixels are more than this machine can take",
        remedy: "take fewer of them, or smaller ones")
    }
  }
}
