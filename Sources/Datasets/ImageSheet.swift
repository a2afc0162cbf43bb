import Tensors

/// Many images in one picture: rows and columns with gaps between them.
public enum ImageSheet {
  /// Arranges images of shape `[n, height * width]`, values in 0…1.
  ///
  /// - Parameters:
  ///   - columns: images in a row; as near a square as may be unless said. `n` makes a strip.
  ///   - gap: pixels between images and around them.
  ///   - background: the value of the gaps, dark grey so that black images keep their borders.
  ///   - scale: every pixel becomes a square of this side.
  /// - Throws: `DatasetError` of kind `mismatch` where the shape does not fit the size.
  public static func compose(
    _ images: Tensor, width: Int, height: Int, columns: Int? = nil, gap: Int = 2, background: UInt8 = 48,
    scale: Int = 1
  ) throws -> GreyPicture {
    guard let count = images.shape.first, count > 0, images.rowCount == width * height else {
      throw DatasetError(.mismatch, "sheet", "a tensor of shape \(images.shape) holds no images of \(width)×\(height)")
    }
    return compose(
      count: count, width: width, height: height, columns: columns, gap: gap, background: background, scale: scale
    ) { index in images.row(index).map(byte(fromUnit:)) }
  }

  /// Arranges the images of a set; see the other function of this name.
  ///
  /// - Throws: `DatasetError` of kind `mismatch` where the set is empty.
  public static func compose(
    _ images: ImageSet, columns: Int? = nil, gap: Int = 2, background: UInt8 = 48, scale: Int = 1
  ) throws -> GreyPicture {
    guard images.count > 0 else { throw DatasetError(.mismatch, images.name, "there are no images to show") }
    return compose(
      count: images.count, width: images.width, height: images.height, columns: columns, gap: gap,
      background: background, scale: scale, image: images.bytes(at:))
  }

  private static func compose(
    count: Int, width: Int, height: Int, columns: Int?, gap: Int, background: UInt8, scale: Int,
    image: (Int) -> [UInt8]
  ) -> GreyPicture {
    let columns = max(1, min(count, columns ?? Int(Float(count).squareRoot().rounded(.up))))
    let (scale, gap) = (max(1, scale), max(0, gap))
    let rows = (count + columns - 1) / columns
    let sheetWidth = columns * (width * scale + gap) + gap
    var sheet = GreyPicture(
      width: sheetWidth, height: rows * (height * scale + gap) + gap,
      bytes: [UInt8](repeating: background, count: sheetWidth * (rows * (height * scale + gap) + gap)))
    for index in 0..<count {
      let pixels = image(index)
      let left = gap + index % columns * (width * scale + gap)
      let top = gap + index / columns * (height * scale + gap)
      for y in 0..<height * scale {
        for x in 0..<width * scale {
          sheet.bytes[(top + y) * sheetWidth + left + x] = pixels[y / scale * width + x / scale]
        }
      }
    }
    return sheet
  }
}

/// A value in 0…1 as a stored byte, rounded; what lies outside is clamped, and what is no number is 0.
func byte(fromUnit value: Float) -> UInt8 {
  value >= 0 ? UInt8((min(value, 1) * 255).rounded()) : 0
}
