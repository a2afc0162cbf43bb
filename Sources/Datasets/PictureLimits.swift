/// How large a picture may be, whatever kind of file it comes from.
enum PictureLimits {
  /// The most pixels of one picture: 8,192 × 8,192, several times what cameras take.
  static let pixels = 1 << 26

  /// The most bytes of a file of one picture: twice what the most pixels take in the widest of formats.
  static let fileSize = 1 << 30

  /// What a pixel takes: its byte as decoded and as kept, and where it is converted the float between.
  static let bytesPerPixel = 5

  /// - Parameters:
  ///   - bytesPerPixel: what decoding and the set of images take for each.
  ///   - budget: the most bytes of all of them.
  /// - Throws: `DatasetError` of kind `tooLarge` where one picture has more pixels, or they take more memory.
  static func check(
    _ width: Int, _ height: Int, name: String, bytesPerPixel: Int = Self.bytesPerPixel,
    budget: Int = MemoryBudget.bytes
  ) throws {
    let (count, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, count <= pixels else {
      throw DatasetError(
        .tooLarge, name, "is a picture of \(width)×\(height) pixels; \(pixels) are the most",
        remedy: Self.remedy)
    }
    let needed = count * bytesPerPixel
    guard needed <= budget else {
      throw DatasetError(
        .tooLarge, name,
        "is a picture of \(width)×\(height) pixels, which take \(needed >> 20) MiB where this machine can take "
          + "\(budget >> 20)", remedy: Self.remedy)
    }
    try MemoryBudget.require(needed, for: name)
  }

  private static let remedy = "make it smaller first, for example: magick IN.png -resize 28x28 OUT.png"

  /// - Throws: `DatasetError` of kind `tooLarge` where `count` images of floats are more than memory should hold.
  static func checkTotal(count: Int, _ shape: ImageShape, name: String) throws {
    let (floats, overflow) = count.multipliedReportingOverflow(by: shape.pixelCount * MemoryLayout<Float>.size)
    guard !overflow, floats <= MemoryBudget.bytes else {
      throw DatasetError(
        .tooLarge, name, "\(count) images of \(shape.text) pixels are more than this machine can take",
        remedy: "take fewer of them, or smaller ones")
    }
    // The floats, their nearest bytes, and what they are made of piece by piece.
    try MemoryBudget.require(floats / 4 * 5, for: name)
  }
}
