/// What the files of one set take together: many small ones can claim as much as one that would be refused.
struct PictureTotal {
  private var bytes = 0
  private let budget: Int

  /// - Parameter budget: the most bytes of all of them.
  init(budget: Int = MemoryBudget.bytes) { self.budget = budget }

  /// The images, if they and those before them are no more than memory should hold.
  ///
  /// - Throws: `DatasetError` of kind `tooLarge`.
  mutating func adding(_ images: RawImages) throws -> RawImages {
    switch images.elements {
    case .bytes(let values): bytes += values.count
    case .floats(let values): bytes += values.count * MemoryLayout<Float>.size
    }
    guard bytes <= budget else {
      throw DatasetError(
        .tooLarge, images.name,
        "and what was read before it take more than the \(budget >> 20) MiB that this machine can take",
        remedy: "take fewer files at a time, or make the pictures smaller first, for example: "
          + "magick IN.png -resize 28x28 OUT.png")
    }
    return images
  }
}
