import Tensors

/// Many images in one picture: rows and columns with gaps between them.
public enum ImageSheet {
  /// The gap of a sheet of `count` images: two pixels; none where one image is the picture, which then is read back as it
  /// was.
  public static func usualGap(count: Int) -> Int { count == 1 ? 0 : 2 }

  /// Arranges images of shape `[n, height * width]`, values in 0…1.
  ///
  /// - Parameters:
  ///   - columns: images in a row; as near a square as may be unless said. `n` makes a strip.
  ///   - gap: pixels between images and around them; `usualGap` unless said.
  ///   - background: the value of the gaps, dark grey so that black images keep their borders.
  ///   - scale: every pixel becomes a square of this side.
  /// - Throws: `DatasetError` of kind `mismatch` where the shape does not fit the size.
  public static func compose(
    _ images: Tensor, width: Int, height: Int, columns: Int? = nil, gap: Int? = nil, background: UInt8 = 48,
    scale: Int = 1
  ) throws -> GreyPicture {
    guard let count = images.shape.first, count > 0, images.rowCount == width * height else {
      throw DatasetError(.mismatch, "sheet", "a tensor of shape \(images.shape) holds no images of \(width)×\(height)")
    }
    return try compose(
      count: count, width: width, height: height, columns: columns, gap: gap, background: background, scale: scale
    ) { place in for index in 0..<count { place(index, images.row(index)) } }
  }

  /// Arranges the images of a set; see the other function of this name.
  ///
  /// - Throws: `DatasetError` of kind `mismatch` where the set is empty.
  public static func compose(
    _ images: ImageSet, columns: Int? = nil, gap: Int? = nil, background: UInt8 = 48, scale: Int = 1
  ) throws -> GreyPicture {
    guard images.count > 0 else { throw DatasetError(.mismatch, images.name, "there are no images to show") }
    return try compose(
      count: images.count, width: images.width, height: images.height, columns: columns, gap: gap,
      background: background, scale: scale
    ) { place in for index in 0..<images.count { place(index, images.tensor(index..<index + 1).elements[...]) } }
  }

  /// Arranges `count` images that `fill` makes one after the other and hands to `place`, with the place of each.
  ///
  /// - Throws: what `fill` throws; `DatasetError` of kind `tooLarge` where the sheet has more pixels than a picture may
  ///   have, before `fill` is called.
  public static func compose(
    count: Int, width: Int, height: Int, columns: Int? = nil, gap: Int? = nil, background: UInt8 = 48, scale: Int = 1,
    fill: (_ place: (_ index: Int, _ pixels: ArraySlice<Float>) -> Void) throws -> Void
  ) throws -> GreyPicture {
    let columns = max(1, min(count, columns ?? Int(Float(count).squareRoot().rounded(.up))))
    let (scale, gap) = (max(1, min(scale, 1 << 10)), max(0, min(gap ?? usualGap(count: count), 1 << 10)))
    let rows = (count + columns - 1) / columns
    // Sides of at most 2^20 pixels, a thousand times as large: no overflow but that of the sheet.
    let (sheetWidth, sheetHeight) = (
      columns.multipliedReportingOverflow(by: width * scale + gap),
      rows.multipliedReportingOverflow(by: height * scale + gap)
    )
    guard !sheetWidth.overflow, !sheetHeight.overflow, sheetWidth.partialValue + gap <= mostPixels,
      (sheetWidth.partialValue + gap) <= mostPixels / (sheetHeight.partialValue + gap)
    else {
      throw DatasetError(
        .tooLarge, "sheet", "\(count) images of \(width)×\(height) pixels are too many for one picture",
        remedy: "take fewer, or write .npy")
    }
    let (across, down) = (sheetWidth.partialValue + gap, sheetHeight.partialValue + gap)
    var bytes = [UInt8](repeating: background, count: across * down)
    try fill { index, pixels in
      let left = gap + index % columns * (width * scale + gap)
      let top = gap + index / columns * (height * scale + gap)
      for y in 0..<height * scale {
        for x in 0..<width * scale {
          let pixel = pixels[pixels.startIndex + y / scale * width + x / scale]
          bytes[(top + y) * across + left + x] = byte(fromUnit: pixel)
        }
      }
    }
    return GreyPicture(width: across, height: down, bytes: bytes)
  }

  /// The most pixels of a sheet: some hundred thousand digits.
  private static let mostPixels = 1 << 28
}

/// A value in 0…1 as a stored byte, rounded; what lies outside is clamped, and what is no number is 0.
func byte(fromUnit value: Float) -> UInt8 {
  value >= 0 ? UInt8((min(value, 1) * 255).rounded()) : 0
}
