import CZlib

/// A file in a ZIP archive, as the directory at the archive's end tells.
struct ZIPEntry: Sendable {
  var name: String
  /// 0 stored, 8 deflated.
  let method: Int
  let checksum: UInt32
  let packed: Int
  let unpacked: Int
  let offset: Int

  /// The packed bytes, behind the entry's own header: of that only the lengths count, since its sizes may be zero where a
  /// program wrote them behind the data.
  func content(of archive: [UInt8], name place: String) throws -> ArraySlice<UInt8> {
    let reader = LittleEndianReader(bytes: archive)
    guard reader.number(at: offset, 4) == 0x0403_4b50, let nameLength = reader.number(at: offset + 26, 2),
      let extraLength = reader.number(at: offset + 28, 2)
    else { throw ZIPDirectory.damaged(place, "the entry \(name) is not where the directory says") }
    let start = offset + 30 + nameLength + extraLength
    guard start <= archive.count, packed <= archive.count - start else {
      throw ZIPDirectory.damaged(place, "the entry \(name) goes beyond the end")
    }
    return archive[start..<start + packed]
  }

  /// The packed bytes, if they are packed in a way that is read.
  ///
  /// - Parameters:
  ///   - name: what messages call the archive.
  ///   - place: what they call the entry.
  func packed(of archive: [UInt8], name: String, place: String) throws -> ArraySlice<UInt8> {
    guard method == 0 || method == 8 else {
      throw DatasetError(.unsupported, place, "is packed by method \(method)", remedy: Self.remedy)
    }
    return try content(of: archive, name: name)
  }

  /// What the entry holds, checked against its size and its checksum.
  func unpacked(of archive: [UInt8], name: String, place: String) throws -> [UInt8] {
    let packed = try packed(of: archive, name: name, place: place)
    guard method == 0 || unpacked <= MemoryBudget.bytes else { throw MemoryBudget.exceeded(place) }
    if method == 0 { try MemoryBudget.require(packed.count, for: place) }
    let content = method == 0 ? Array(packed) : try Inflate.all(packed, .raw, limit: unpacked, name: place)
    let found = content.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) }
    guard content.count == unpacked, found == UInt(checksum) else {
      throw DatasetError(
        .corrupt, place, "its bytes do not have the checksum the file gives", remedy: "fetch or copy the file again")
    }
    return content
  }

  fileprivate static let remedy =
    "save arrays with numpy.savez or numpy.savez_compressed, pack pictures with zip -r FILE.zip FOLDER"
}

/// The directory of a ZIP archive (PKWARE's APPNOTE 6.3), with its 64-bit form, comments, and bytes before the archive.
struct ZIPDirectory {
  private(set) var entries: [ZIPEntry] = []
  private let reader: LittleEndianReader
  private let name: String

  init(_ bytes: [UInt8], name: String) throws {
    reader = LittleEndianReader(bytes: bytes)
    self.name = name
    let (count, start, end, shift) = try locate()
    var position = start
    var total = 0
    for _ in 0..<count {
      guard position + 46 <= end, reader.number(at: position, 4) == 0x0201_4b50 else {
        throw Self.damaged(name, "its directory is broken")
      }
      func field(_ offset: Int, _ size: Int) -> Int { reader.number(at: position + offset, size) ?? 0 }
      let extra = position + 46 + field(28, 2)
      let comment = extra + field(30, 2)
      guard comment + field(32, 2) <= end else { throw Self.damaged(name, "its directory is broken") }
      guard field(8, 2) & 1 == 0 else {
        throw DatasetError(
          .unsupported, name, "is encrypted", remedy: ZIPEntry.remedy)
      }
      let (unpacked, packed, offset) = try sizes(
        [field(24, 4), field(20, 4), field(42, 4)], extra: extra..<comment)
      // Entries that share bytes would let a small file unpack to any size.
      guard packed <= bytes.count - total, offset <= bytes.count else {
        throw Self.damaged(name, "its entries overlap")
      }
      total += packed
      entries.append(
        ZIPEntry(
          name: NameText.text(of: bytes[(position + 46)..<extra]), method: field(10, 2),
          checksum: UInt32(truncatingIfNeeded: field(16, 4)), packed: packed, unpacked: unpacked,
          offset: offset + shift))
      position = comment + field(32, 2)
    }
  }

  /// The number of entries, where the directory lies, and by how many bytes all offsets are short: what was put before
  /// the archive.
  private func locate() throws -> (count: Int, start: Int, end: Int, shift: Int) {
    let all = reader.bytes.count
    // The end record is the last thing in the file but for a comment of at most 65,535 bytes, whose length it gives.
    let end = stride(from: all - 22, through: max(0, all - 22 - 65_535), by: -1).first { position in
      reader.number(at: position, 4) == 0x0605_4b50
        && (reader.number(at: position + 20, 2).map { position + 22 + $0 <= all } ?? false)
    }
    guard let end else {
      throw DatasetError(
        .truncated, name, "has no directory at its end, so it is no whole ZIP (or NPZ) file",
        remedy: "fetch or copy the file again")
    }
    var count = reader.number(at: end + 10, 2) ?? 0
    var size = reader.number(at: end + 12, 4) ?? 0
    var offset = reader.number(at: end + 16, 4) ?? 0
    var directoryEnd = end
    let isShort = count == 0xffff || size == 0xffff_ffff || offset == 0xffff_ffff
    // Some write the 64-bit record although the short one holds everything: the directory ends before it all the same.
    if reader.number(at: end - 20, 4) == 0x0706_4b50, let claimed = reader.number(at: end - 12, 8) {
      // The 64-bit record lies before its locator; where bytes were put before the archive, its offset is short too.
      if let record = [claimed, end - 20 - 56].first(where: { reader.number(at: $0, 4) == 0x0606_4b50 }),
        let wideCount = reader.number(at: record + 32, 8), let wideSize = reader.number(at: record + 40, 8),
        let wideOffset = reader.number(at: record + 48, 8)
      {
        (count, size, offset, directoryEnd) = (wideCount, wideSize, wideOffset, record)
      } else if isShort {
        throw Self.damaged(name, "its directory is broken")
      }
    }
    guard size <= directoryEnd, offset <= directoryEnd - size, count <= size / 46 else {
      throw Self.damaged(name, "its directory is broken")
    }
    return (count, directoryEnd - size, directoryEnd, directoryEnd - size - offset)
  }

  /// Unpacked size, packed size and offset: 32 bits each, or where those are all ones, 64 bits in the field 1 of `extra`.
  private func sizes(_ short: [Int], extra: Range<Int>) throws -> (Int, Int, Int) {
    var values = short
    guard short.contains(0xffff_ffff) else { return (values[0], values[1], values[2]) }
    var position = extra.lowerBound
    while position + 4 <= extra.upperBound, let kind = reader.number(at: position, 2),
      let length = reader.number(at: position + 2, 2)
    {
      if kind == 1 {
        var place = position + 4
        for index in values.indices where values[index] == 0xffff_ffff {
          guard place + 8 <= min(position + 4 + length, extra.upperBound), let wide = reader.number(at: place, 8) else {
            throw Self.damaged(name, "its directory is broken")
          }
          values[index] = wide
          place += 8
        }
        break
      }
      position += 4 + length
    }
    return (values[0], values[1], values[2])
  }

  static func damaged(_ name: String, _ problem: String) -> DatasetError {
    DatasetError(
      .corrupt, name, "\(problem), so it is no whole ZIP (or NPZ) file", remedy: "fetch or copy the file again")
  }
}

/// Little-endian numbers at any place of some bytes.
struct LittleEndianReader {
  let bytes: [UInt8]

  /// A number of `size` bytes; nil where it would lie outside, or be beyond 2^62.
  func number(at position: Int, _ size: Int) -> Int? {
    guard position >= 0, position <= bytes.count - size else { return nil }
    var value: UInt64 = 0
    for index in (0..<size).reversed() { value = value << 8 | UInt64(bytes[position + index]) }
    return value < 1 << 62 ? Int(value) : nil
  }
}
