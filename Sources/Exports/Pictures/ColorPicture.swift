import CPNG
import Datasets

/// A picture in colours, row by row, three bytes a pixel.
public struct ColorPicture: Sendable, Hashable {
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Red, green and blue of every pixel, `3 * width * height`.
  public internal(set) var bytes: [UInt8]

  /// A picture of one colour.
  public init(width: Int, height: Int, filledWith color: SIMD3<UInt8>) {
    (self.width, self.height) = (max(1, width), max(1, height))
    bytes = [UInt8](repeating: 0, count: 3 * self.width * self.height)
    for pixel in 0..<self.width * self.height { for channel in 0..<3 { bytes[3 * pixel + channel] = color[channel] } }
  }

  /// Red, green and blue of a pixel; black outside.
  public subscript(x: Int, y: Int) -> SIMD3<UInt8> {
    guard (0..<width).contains(x), (0..<height).contains(y) else { return SIMD3() }
    let place = 3 * (y * width + x)
    return SIMD3(bytes[place], bytes[place + 1], bytes[place + 2])
  }

  /// Lays a colour over a pixel, of which it covers the share `coverage` in 0…1; nothing happens outside.
  mutating func blend(_ x: Int, _ y: Int, _ color: SIMD3<UInt8>, _ coverage: Double) {
    guard (0..<width).contains(x), (0..<height).contains(y), coverage > 0 else { return }
    let place = 3 * (y * width + x)
    let share = min(1, coverage)
    for channel in 0..<3 {
      let mixed = Double(bytes[place + channel]) * (1 - share) + Double(color[channel]) * share
      bytes[place + channel] = UInt8(mixed.rounded())
    }
  }

  /// The bytes of an 8-bit PNG in colours, by libpng's simplified interface.
  ///
  /// - Throws: `DatasetError` of kind `unwritable`.
  public func png(name: String = "picture") throws -> [UInt8] {
    guard let imageWidth = UInt32(exactly: width), let imageHeight = UInt32(exactly: height) else {
      throw DatasetError(.unwritable, name, "a picture of \(width)×\(height) fits no PNG")
    }
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    image.width = imageWidth
    image.height = imageHeight
    image.format = UInt32(PNG_FORMAT_FLAG_COLOR)
    defer { png_image_free(&image) }
    // libpng's own bound: rows, a filter byte each, and what deflate adds when nothing shrinks.
    var size = bytes.count + height + (bytes.count + height) / 100 + 1024
    return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      guard png_image_write_to_memory(&image, buffer.baseAddress, &size, 0, bytes, 0, nil) != 0 else {
        let message = withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        throw DatasetError(.unwritable, name, "libpng cannot write it (\(message))")
      }
      count = size
    }
  }
}
