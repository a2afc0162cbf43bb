/// A grey picture, row by row, 0 black to 255 white.
public struct GreyPicture: Sendable, Hashable {
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// `width * height` values.
  public var bytes: [UInt8]

  /// A picture; the caller answers for the counts to agree.
  public init(width: Int, height: Int, bytes: [UInt8]) {
    precondition(width * height == bytes.count, "\(bytes.count) bytes for \(width)×\(height) pixels")
    self.width = width
    self.height = height
    self.bytes = bytes
  }
}

/// Portable network graphics, by libpng.
public enum PNGFile {
  /// Reads a picture of any kind of PNG, colours turned to grey; `-` is standard input.
  ///
  /// - Throws: `DatasetError`.
  public static func read(_ path: String) throws -> GreyPicture { try decode(readFile(path), name: path) }

  /// Reads the bytes of a PNG called `name` in messages.
  ///
  /// - Throws: `DatasetError`.
  public static func decode(_ bytes: [UInt8], name: String) throws -> GreyPicture {
    throw DatasetError(.unsupported, name, "not yet")
  }

  /// Writes an 8-bit grey PNG atomically; `-` is standard output.
  ///
  /// - Throws: `DatasetError` of kind `unwritable`.
  public static func write(_ picture: GreyPicture, to path: String) throws {
    try writeOutput(encode(picture, name: path), to: path)
  }

  /// The bytes of an 8-bit grey PNG.
  ///
  /// - Throws: `DatasetError` of kind `unwritable`.
  public static func encode(_ picture: GreyPicture, name: String = "picture") throws -> [UInt8] { [] }
}
