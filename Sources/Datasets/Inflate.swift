import CZlib

/// Decompression of whole files that cannot be made to allocate without bound.
enum Inflate {
  enum Wrapping {
    /// RFC 1952: header, data, CRC; members may follow one another.
    case gzip
    /// RFC 1951: nothing around the data.
    case raw

    var windowBits: Int32 { self == .gzip ? 15 + 16 : -15 }
  }

  /// Deflate cannot shrink data more than this many times, so a claim of more is a lie.
  static let largestRatio = 1032

  /// Whether these bytes begin as a gzip file does.
  static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1f, 0x8b]) }

  /// The first bytes that `bytes` unpack to: `count` of them, or all if there are fewer.
  static func prefix(_ bytes: ArraySlice<UInt8>, _ wrapping: Wrapping, count: Int, name: String) throws -> [UInt8] {
    try run(bytes, wrapping, room: count, name: name, mayBeCut: true)
  }

  /// Everything that `bytes` unpack to.
  ///
  /// - Parameter limit: more than this many unpacked bytes are an error.
  /// - Throws: `DatasetError` (truncated, corrupt, too large).
  static func all(_ bytes: ArraySlice<UInt8>, _ wrapping: Wrapping, limit: Int, name: String) throws -> [UInt8] {
    let possible = bytes.count.multipliedReportingOverflow(by: largestRatio)
    let room = min(limit, possible.overflow ? limit : possible.partialValue + 64)
    guard room <= MemoryBudget.bytes else { throw MemoryBudget.exceeded(name) }
    try MemoryBudget.require(room, for: name)
    return try run(bytes, wrapping, room: room, name: name, mayBeCut: false)
  }

  /// Unpacks into one piece of memory of which the system provides what is written to.
  private static func run(
    _ bytes: ArraySlice<UInt8>, _ wrapping: Wrapping, room: Int, name: String, mayBeCut: Bool
  ) throws -> [UInt8] {
    var stream = z_stream()
    guard
      inflateInit2_(&stream, wrapping.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw DatasetError(.corrupt, name, "zlib cannot start") }
    defer { inflateEnd(&stream) }
    // zlib counts in 32 bits, so both ends are handed over in pieces.
    let piece = 1 << 30
    var status = Z_OK
    // One byte beyond the room, to see whether there is more.
    let output = bytes.withUnsafeBufferPointer { input in
      [UInt8](unsafeUninitializedCapacity: room + 1) { buffer, count in
        var consumed = 0
        repeat {
          let available = min(piece, input.count - consumed)
          let free = min(piece, room + 1 - count)
          // zlib never writes to its input; the field merely lacks the qualifier.
          stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress.map { $0 + consumed })
          stream.avail_in = UInt32(available)
          stream.next_out = buffer.baseAddress.map { $0 + count }
          stream.avail_out = UInt32(free)
          status = inflate(&stream, Z_NO_FLUSH)
          consumed += available - Int(stream.avail_in)
          count += free - Int(stream.avail_out)
          if status == Z_STREAM_END && wrapping == .gzip && input[consumed...].starts(with: [0x1f, 0x8b]) {
            status = inflateReset(&stream)
          }
        } while status == Z_OK && count <= room && (consumed < input.count || stream.avail_out == 0)
      }
    }
    if output.count > room {
      if mayBeCut { return Array(output.prefix(room)) }
      throw DatasetError(
        .tooLarge, name, "unpacks to more than the \(room) bytes it should",
        remedy: "it is damaged, or made to fill the memory: fetch or copy the file again")
    }
    switch status {
    case Z_STREAM_END: return output
    case Z_OK, Z_BUF_ERROR:
      throw DatasetError(
        .truncated, name, "the compressed data end too early, after \(output.count) unpacked bytes",
        remedy: "fetch or copy the file again")
    default:
      let reason = stream.msg.map { String(cString: $0) } ?? "code \(status)"
      throw DatasetError(
        .corrupt, name, "the compressed data are damaged after \(output.count) unpacked bytes (\(reason))",
        remedy: "fetch or copy the file again")
    }
  }
}
