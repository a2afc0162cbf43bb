/// The format MNIST is published in (LeCun, Cortes and Burges, "The MNIST database"), plain or gzipped, with elements of
/// any of its types.
public enum IDX {
  /// Reads a file; `-` is standard input.
  ///
  /// - Throws: `DatasetError`.
  public static func read(_ path: String) throws -> StoredArray {
    try decode(readFile(path) { try extent($0, $1, name: inputName(path)) }, name: inputName(path))
  }

  /// How much is read of a file whose first bytes are `head`.
  ///
  /// - Parameter size: how many bytes it is known to have.
  /// - Throws: `DatasetError`; of kind `tooLarge` where its numbers, and what they become, are more than memory holds.
  static func extent(_ head: [UInt8], _ size: Int?, name: String) throws -> FileExtent {
    guard Inflate.isGzip(head) else {
      let header = try Header(head, name: name)
      if let size { try header.check(size, name: name) }
      try MemoryBudget.require(header.length + header.size + header.decodedSize, for: name)
      return .exactly(header.length + header.size)
    }
    let header = try Header(Inflate.prefix(head[...], .gzip, count: Header.longest, name: name), name: name)
    try MemoryBudget.require(header.size + header.decodedSize, for: name)
    // Deflate hardly makes anything longer than it was.
    return .upTo(header.length + header.size + header.size / 1000 + (1 << 20))
  }

  /// Reads the bytes of a file called `name` in messages.
  ///
  /// - Throws: `DatasetError`.
  public static func decode(_ bytes: [UInt8], name: String) throws -> StoredArray {
    try decode(bytes, name: name) { _ in }
  }

  /// Reads the bytes of a file; `check` sees the shape, and may refuse it, before anything is unpacked.
  static func decode(_ bytes: [UInt8], name: String, check: ([Int]) throws -> Void) throws -> StoredArray {
    guard Inflate.isGzip(bytes) else {
      let header = try Header(bytes, name: name)
      try header.check(bytes.count, name: name)
      try check(header.shape)
      try MemoryBudget.require(header.decodedSize, for: name)
      return header.array(bytes)
    }
    // The header says how much there must be, so that a bomb is refused before it unpacks.
    let prefix = try Inflate.prefix(bytes[...], .gzip, count: Header.longest, name: name)
    let header = try Header(prefix, name: name)
    try check(header.shape)
    let unpacked = try Inflate.all(bytes[...], .gzip, limit: header.length + header.size, name: name)
    try header.check(unpacked.count, name: name)
    try MemoryBudget.require(header.decodedSize, for: name)
    return header.array(unpacked)
  }

  /// Whether these bytes begin as an IDX file does.
  static func isHeader(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 4 && bytes[0] == 0 && bytes[1] == 0 && types[bytes[2]] != nil
  }

  private static let types: [UInt8: ElementType] = [
    0x08: .unsigned8, 0x09: .signed8, 0x0B: .signed16, 0x0C: .signed32, 0x0D: .float32, 0x0E: .float64,
  ]

  private struct Header {
    static let longest = 4 + 4 * 4
    let shape: [Int]
    let type: ElementType
    /// Bytes of the header.
    let length: Int
    /// Elements, and bytes of them.
    let count: Int
    let size: Int

    init(_ bytes: [UInt8], name: String) throws {
      guard bytes.count >= 4 else {
        let size = bytes.count == 1 ? "1 byte holds" : "\(bytes.count) bytes hold"
        throw DatasetError(.truncated, name, "\(size) no IDX header", remedy: "fetch or copy the file again")
      }
      guard bytes[0] == 0, bytes[1] == 0 else {
        throw DatasetError(
          .corrupt, name, "does not begin with the two zero bytes of an IDX file",
          remedy: "look at what it is; only IDX files may be gzipped")
      }
      guard let type = IDX.types[bytes[2]] else {
        throw DatasetError(
          .unsupported, name, "holds elements of IDX type \(bytes[2]); there are 8, 9 and 11 to 14",
          remedy: "save it as .npy instead")
      }
      self.type = type
      let dimensions = Int(bytes[3])
      guard (1...4).contains(dimensions) else {
        throw DatasetError(
          .corrupt, name, "claims \(dimensions) dimensions; images have 2 to 4 and labels 1",
          remedy: "fetch or copy the file again")
      }
      length = 4 + 4 * dimensions
      guard bytes.count >= length else {
        throw DatasetError(
          .truncated, name, "ends inside its header of \(length) bytes", remedy: "fetch or copy the file again")
      }
      shape = (0..<dimensions).map { axis in
        bytes[(4 + 4 * axis)..<(8 + 4 * axis)].reduce(0) { $0 << 8 | Int($1) }
      }
      count = try elementCount(shape, name: name)
      size = count * type.size
    }

    /// Bytes that the numbers take when they are decoded.
    var decodedSize: Int { count * (type == .unsigned8 ? 1 : MemoryLayout<Float>.size) }

    func check(_ total: Int, name: String) throws {
      if total < length + size {
        throw DatasetError(
          .truncated, name, "holds \(total - length) bytes of data where its header \(shape) promises \(size)",
          remedy: "fetch or copy the file again")
      }
      if total > length + size {
        throw DatasetError(
          .corrupt, name, "has \(total - length - size) bytes after the \(size) its header \(shape) promises",
          remedy: "fetch or copy the file again")
      }
    }

    func array(_ bytes: [UInt8]) -> StoredArray {
      bytes[length...].withUnsafeBytes {
        StoredArray(shape: shape, type: type, bytes: $0, count: count, isBigEndian: true)
      }
    }
  }
}
