import CZlib

/// Writes named arrays as `numpy.savez` does, one after another: a ZIP archive of stored NPY files.
///
/// Nothing is held back and nothing is written twice, so that an archive may go down a pipe: what an entry turned out to
/// be follows it (APPNOTE 6.3, section 4.3.9), and archives beyond 4 GiB have the 64-bit records of section 4.3.14.
struct NPZWriter {
  private struct Entry {
    let name: [UInt8]
    let offset: UInt64
    var size: UInt64 = 0
    var checksum: UInt32 = 0
  }

  private let output: (UnsafeRawBufferPointer) throws -> Void
  private var position: UInt64 = 0
  private var entries: [Entry] = []

  /// 1980-01-01, the first day of ZIP: the same arrays make the same file.
  private static let date: UInt32 = 0x0021_0000
  private static let version64: UInt16 = 45
  /// A bit for sizes that follow the data, and one for names in UTF-8.
  private static let flags: UInt16 = 1 << 3 | 1 << 11

  /// A writer that hands all bytes to `output`, in their order.
  init(output: @escaping (UnsafeRawBufferPointer) throws -> Void) { self.output = output }

  /// Writes one array.
  ///
  /// - Parameters:
  ///   - type: numpy's name of the element type, for example `<f4`.
  ///   - body: hands over the elements, in any number of pieces.
  mutating func write(
    _ name: String, type: String, shape: [Int],
    _ body: (_ piece: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws {
    var entry = Entry(name: Array("\(name).npy".utf8), offset: position)
    var record = Record()
    record.put(0x0403_4b50 as UInt32, Self.version64, Self.flags, 0 as UInt16, Self.date)
    // Checksum and sizes are not known yet; the extra field says that they have 64 bits.
    record.put(0 as UInt32, UInt32.max, UInt32.max, UInt16(entry.name.count), 20 as UInt16)
    record.bytes += entry.name
    record.put(1 as UInt16, 16 as UInt16, 0 as UInt64, 0 as UInt64)
    try put(record.bytes)
    let output = self.output
    var checksum: UInt = 0
    var size = 0
    func piece(_ bytes: UnsafeRawBufferPointer) throws {
      checksum = crc32_z(checksum, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
      size += bytes.count
      try output(bytes)
    }
    try NPY.header(type: type, shape: shape).withUnsafeBytes(piece)
    try body { if $0.count > 0 { try piece($0) } }
    entry.size = UInt64(size)
    entry.checksum = UInt32(truncatingIfNeeded: checksum)
    position += entry.size
    record = Record()
    record.put(0x0807_4b50 as UInt32, entry.checksum, entry.size, entry.size)
    try put(record.bytes)
    entries.append(entry)
  }

  /// Writes one array of elements that are stored as they are.
  mutating func write<Element: BitwiseCopyable>(
    _ name: String, type: String, shape: [Int], elements: [Element]
  ) throws {
    try write(name, type: type, shape: shape) { piece in try elements.withUnsafeBytes { try piece($0) } }
  }

  /// Writes words as an array of fixed width, numpy's `U`.
  mutating func write(_ name: String, words: [String]) throws {
    let width = max(1, words.map(\.unicodeScalars.count).max() ?? 1)
    let scalars = words.flatMap { word in
      let values = word.unicodeScalars.map { $0.value.littleEndian }
      return values + [UInt32](repeating: 0, count: width - values.count)
    }
    try write(name, type: "<U\(width)", shape: [words.count], elements: scalars)
  }

  /// Writes the directory: the archive is whole.
  mutating func finish() throws {
    let start = position
    for entry in entries {
      var record = Record()
      record.put(0x0201_4b50 as UInt32, Self.version64, Self.version64, Self.flags, 0 as UInt16, Self.date)
      // Sizes and places that do not fit are in the extra field.
      let large = [entry.size, entry.size, entry.offset].filter { $0 >= UInt64(UInt32.max) }
      let size = UInt32(clamping: entry.size)
      let extra = UInt16(large.isEmpty ? 0 : 4 + 8 * large.count)
      record.put(entry.checksum, size, size, UInt16(entry.name.count), extra, 0 as UInt16, 0 as UInt16, 0 as UInt16)
      record.put(0 as UInt32, UInt32(clamping: entry.offset))
      record.bytes += entry.name
      if !large.isEmpty {
        record.put(1 as UInt16, UInt16(8 * large.count))
        for number in large { record.put(number) }
      }
      try put(record.bytes)
    }
    let (length, count) = (position - start, UInt64(entries.count))
    var record = Record()
    if position >= UInt64(UInt32.max) || count >= UInt64(UInt16.max) {
      let end = position
      record.put(0x0606_4b50 as UInt32, 44 as UInt64, Self.version64, Self.version64, 0 as UInt32, 0 as UInt32)
      record.put(count, count, length, start)
      record.put(0x0706_4b50 as UInt32, 0 as UInt32, end, 1 as UInt32)
    }
    let clamped = UInt16(clamping: count)
    record.put(0x0605_4b50 as UInt32, 0 as UInt16, 0 as UInt16, clamped, clamped)
    record.put(UInt32(clamping: length), UInt32(clamping: start), 0 as UInt16)
    try put(record.bytes)
  }

  private mutating func put(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes(output)
    position += UInt64(bytes.count)
  }
}

/// Little-endian numbers one after another.
private struct Record {
  var bytes: [UInt8] = []

  mutating func put(_ numbers: any FixedWidthInteger...) {
    func append(_ number: some FixedWidthInteger) {
      withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
    }
    for number in numbers { append(number) }
  }
}
