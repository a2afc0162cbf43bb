/// An array of bytes as the IDX format holds it.
public struct IDXArray: Sendable, Hashable {
  /// Extents, outermost first: `[n, height, width]` for images, `[n]` for labels.
  public let shape: [Int]
  /// The elements in row-major order.
  public let bytes: [UInt8]
}

/// The format MNIST is published in (LeCun, Cortes and Burges, "The MNIST database"), plain or gzipped.
public enum IDX {
  /// Reads a file; `-` is standard input.
  ///
  /// - Throws: `DatasetError`.
  public static func read(_ path: String) throws -> IDXArray { try decode(readFile(path), name: inputName(path)) }

  /// Reads the bytes of a file called `name` in messages.
  ///
  /// - Throws: `DatasetError`.
  public static func decode(_ bytes: [UInt8], name: String) throws -> IDXArray {
    guard Inflate.isGzip(bytes) else {
      let header = try Header(bytes, name: name)
      try header.check(bytes.count, name: name)
      return IDXArray(shape: header.shape, bytes: Array(bytes[header.length...]))
    }
    // The header says how much there must be, so that a bomb is refused before it unpacks.
    let prefix = try Inflate.prefix(bytes[...], .gzip, count: Header.longest, name: name)
    let header = try Header(prefix, name: name)
    let unpacked = try Inflate.all(bytes[...], .gzip, limit: header.length + header.count, name: name)
    try header.check(unpacked.count, name: name)
    return IDXArray(shape: header.shape, bytes: Array(unpacked[header.length...]))
  }

  /// Whether these bytes begin as an IDX file of bytes does.
  static func isHeader(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0, 0, 8]) && bytes.count >= 4 }

  private struct Header {
    static let longest = 4 + 4 * 4
    let shape: [Int]
    let length: Int
    let count: Int

    init(_ bytes: [UInt8], name: String) throws {
      guard bytes.count >= 4 else { throw DatasetError(.truncated, name, "\(bytes.count) bytes hold no IDX header") }
      guard bytes[0] == 0, bytes[1] == 0 else {
        throw DatasetError(
          .corrupt, name, "does not begin with the two zero bytes of an IDX file",
          remedy: "look at what it is; only IDX files may be gzipped")
      }
      guard bytes[2] == 8 else {
        throw DatasetError(
          .unsupported, name, "holds elements of IDX type \(bytes[2]); only unsigned bytes (8) are read",
          remedy: "save it as .npy instead")
      }
      let dimensions = Int(bytes[3])
      guard (1...4).contains(dimensions) else {
        throw DatasetError(.corrupt, name, "claims \(dimensions) dimensions; images have 3 and labels 1")
      }
      length = 4 + 4 * dimensions
      guard bytes.count >= length else {
        throw DatasetError(.truncated, name, "ends inside its header of \(length) bytes")
      }
      shape = (0..<dimensions).map { axis in
        bytes[(4 + 4 * axis)..<(8 + 4 * axis)].reduce(0) { $0 << 8 | Int($1) }
      }
      count = try elementCount(shape, name: name)
    }

    func check(_ total: Int, name: String) throws {
      if total < length + count {
        throw DatasetError(
          .truncated, name, "holds \(total - length) bytes of data where its header \(shape) promises \(count)",
          remedy: "fetch or copy the file again")
      }
      if total > length + count {
        throw DatasetError(
          .corrupt, name, "has \(total - length - count) bytes after the \(count) its header \(shape) promises")
      }
    }
  }
}

/// The product of extents, or an error where it is beyond reason.
func elementCount(_ shape: [Int], name: String) throws -> Int {
  try shape.reduce(1) { partial, extent in
    let (product, overflow) = partial.multipliedReportingOverflow(by: extent)
    guard extent >= 0, !overflow, product < 1 << 40 else {
      throw DatasetError(.corrupt, name, "claims an array of shape \(shape)")
    }
    return product
  }
}
