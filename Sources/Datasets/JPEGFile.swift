import CJPEG

/// JPEG pictures, by libjpeg: baseline and progressive, grey, coloured and of four inks.
public enum JPEGFile {
  static let magic: [UInt8] = [0xff, 0xd8, 0xff]

  /// Reads the bytes of a JPEG called `name` in messages. Colours become grey by their `Luminance`.
  ///
  /// - Parameter check: sees width and height, and may refuse them, before any pixel is decoded.
  /// - Throws: `DatasetError`.
  public static func decode(
    _ bytes: [UInt8], name: String, check: (_ width: Int, _ height: Int) throws -> Void = { _, _ in }
  ) throws -> GreyPicture {
    var message = [CChar](repeating: 0, count: 200)
    return try bytes.withUnsafeBufferPointer { input in
      var reader: OpaquePointer?
      var (columns, rows): (UInt32, UInt32) = (0, 0)
      var isColoured = false
      try require(
        cjpeg_open(input.baseAddress, input.count, &reader, &columns, &rows, &isColoured, &message), message, name)
      defer { cjpeg_close(reader) }
      let (width, height) = (Int(columns), Int(rows))
      try check(width, height)
      // Two bits a block of 64 pixels, or runs of empty blocks: a header that claims more is a lie.
      guard width * height <= (bytes.count + 64) * 1024 else {
        throw DatasetError(
          .corrupt, name, "claims \(width)×\(height) pixels in \(bytes.count) bytes",
          remedy: "fetch or copy the file again, or save it again as JPEG or PNG")
      }
      try PictureLimits.check(width, height, name: name)
      var pixels = [UInt8](repeating: 0, count: width * height)
      var row = [UInt8](repeating: 0, count: width * (isColoured ? 3 : 1))
      for y in 0..<height {
        try require(cjpeg_read_row(reader, &row, &message), message, name)
        for x in 0..<width {
          pixels[y * width + x] = isColoured ? Luminance.grey(row[3 * x], row[3 * x + 1], row[3 * x + 2]) : row[x]
        }
      }
      return GreyPicture(width: width, height: height, bytes: pixels)
    }
  }

  private static func require(_ result: CJPEGResult, _ message: [CChar], _ name: String) throws {
    let reason = String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    switch result {
    case CJPEG_DONE: return
    case CJPEG_ABSENT:
      throw DatasetError(
        .unsupported, name, "is a JPEG, and libjpeg is not on this machine",
        remedy: "install libjpeg62-turbo (or libjpeg-turbo8), or save the picture as PNG")
    case CJPEG_TRUNCATED:
      throw DatasetError(.truncated, name, "is cut short (\(reason))", remedy: "fetch or copy the file again")
    default:
      throw DatasetError(.corrupt, name, "is no readable JPEG (\(reason))", remedy: "save it again as JPEG or PNG")
    }
  }
}
