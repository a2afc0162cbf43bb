import CZlib

/// Several named arrays as `numpy.savez` and `numpy.savez_compressed` write them: a ZIP archive of NPY files.
public struct NPZ: Sendable {
  /// The names of the arrays, in the order of the file.
  public var names: [String] { entries.map(\.name) }

  private struct Entry: Sendable {
    var name: String
    var method: Int
    var checksum: UInt32
    var packed: Int
    var unpacked: Int
    var offset: Int
  }

  private let fileName: String
  private let bytes: [UInt8]
  private var entries: [Entry] = []

  /// Opens an archive; `-` is standard input. Arrays are unpacked when asked for.
  ///
  /// - Throws: `DatasetError`.
  public init(path: String) throws { try self.init(readFile(path), name: inputName(path)) }

  /// Opens the bytes of an archive called `name` in messages.
  ///
  /// - Throws: `DatasetError`.
  public init(_ bytes: [UInt8], name: String) throws {
    fileName = name
    self.bytes = bytes
    // The end record is the last thing in the file but for a comment of at most 65,535 bytes.
    let first = max(0, bytes.count - 22 - 65_535)
    guard bytes.count >= 22,
      let end = stride(from: bytes.count - 22, through: first, by: -1).first(where: { number(at: $0, 4) == 0x0605_4b50 }
      )
    else {
      throw DatasetError(
        .truncated, name, "has no directory at its end, so it is no whole NPZ (ZIP) file",
        remedy: "fetch or copy the file again")
    }
    let count = number(at: end + 10, 2)
    var position = number(at: end + 16, 4)
    if position == 0xffff_ffff || count == 0xffff {
      throw DatasetError(.unsupported, name, "is larger than 4 GiB", remedy: "split it, or save it with numpy.save")
    }
    var total = 0
    for _ in 0..<count {
      guard position >= 0, position + 46 <= end, number(at: position, 4) == 0x0201_4b50 else {
        throw damaged("its directory is broken")
      }
      let (nameLength, extraLength) = (number(at: position + 28, 2), number(at: position + 30, 2))
      let next = position + 46 + nameLength + extraLength + number(at: position + 32, 2)
      guard next <= end else { throw damaged("its directory is broken") }
      guard number(at: position + 8, 2) & 1 == 0 else { throw DatasetError(.unsupported, name, "is encrypted") }
      var entry = Entry(
        name: String(decoding: bytes[position + 46..<position + 46 + nameLength], as: UTF8.self),
        method: number(at: position + 10, 2), checksum: UInt32(number(at: position + 16, 4)),
        packed: number(at: position + 20, 4), unpacked: number(at: position + 24, 4),
        offset: number(at: position + 42, 4))
      total += entry.packed
      // Entries that share bytes would let a small file unpack to any size.
      guard entry.packed <= bytes.count, total <= bytes.count else { throw damaged("its entries overlap") }
      if entry.name.hasSuffix(".npy") { entry.name.removeLast(4) }
      entries.append(entry)
      position = next
    }
  }

  /// Unpacks one array.
  ///
  /// - Throws: `DatasetError`; of kind `unknown` where no array has this name.
  public func array(_ name: String) throws -> NPYArray {
    guard let entry = entries.first(where: { $0.name == name }) else {
      throw DatasetError(.unknown, fileName, "holds no array \(name); there are \(names.joined(separator: ", "))")
    }
    let place = "\(fileName)[\(name)]"
    guard entry.offset + 30 <= bytes.count, number(at: entry.offset, 4) == 0x0403_4b50 else {
      throw damaged("the entry \(name) is not where the directory says")
    }
    let start = entry.offset + 30 + number(at: entry.offset + 26, 2) + number(at: entry.offset + 28, 2)
    guard start + entry.packed <= bytes.count else { throw damaged("the entry \(name) goes beyond the end") }
    let packed = bytes[start..<start + entry.packed]
    let unpacked: [UInt8]
    switch entry.method {
    case 0: unpacked = Array(packed)
    case 8: unpacked = try Inflate.all(packed, .raw, limit: entry.unpacked, name: place)
    default: throw DatasetError(.unsupported, place, "is packed by method \(entry.method)")
    }
    let checksum = unpacked.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) }
    guard unpacked.count == entry.unpacked, checksum == UInt(entry.checksum) else {
      throw DatasetError(
        .corrupt, place, "its bytes do not have the checksum the file gives", remedy: "fetch or copy the file again")
    }
    return try NPY.decode(unpacked, name: place)
  }

  /// Whether these bytes begin as a ZIP file does.
  static func isArchive(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0x50, 0x4b, 3, 4]) || bytes.starts(with: [0x50, 0x4b, 5, 6])
  }

  private func damaged(_ problem: String) -> DatasetError {
    DatasetError(.corrupt, fileName, "\(problem), so it is no whole NPZ file", remedy: "fetch or copy the file again")
  }

  /// A little-endian number of `size` bytes; the caller has checked that they are there.
  private func number(at position: Int, _ size: Int) -> Int {
    (0..<size).reversed().reduce(0) { $0 << 8 | Int(bytes[position + $1]) }
  }
}
