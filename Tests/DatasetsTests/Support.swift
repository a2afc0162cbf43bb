import CZlib
import FoundationEssentials
import Glibc
import Testing

@testable import Datasets

/// A folder that exists for one test.
final class Scratch {
  let path: String

  init() throws {
    path = "/tmp/zscope-datasets-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    try makeFolder(path)
  }

  deinit { Self.remove(path) }

  private static func remove(_ path: String) {
    for name in folderContents(path) {
      if unlink("\(path)/\(name)") != 0 { remove("\(path)/\(name)") }
    }
    rmdir(path)
  }

  var contents: [String] { folderContents(path) }

  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    try writeAtomically(bytes, to: "\(path)/\(name)")
    return "\(path)/\(name)"
  }
}

/// The folder of the real MNIST files, if this machine has them.
let mnistFolder: String? = {
  let candidates = [getenv("ZSCOPE_DATA").map { String(cString: $0) + "/mnist" }, "../shared/mnist"]
  let found = candidates.compactMap(\.self).first { isFile("\($0)/t10k-images-idx3-ubyte.gz") }
  if found == nil {
    print("SKIPPED: no MNIST files in $ZSCOPE_DATA/mnist or ../shared/mnist; tests that need them do not run")
  }
  return found
}()

func base64(_ text: String) throws -> [UInt8] { [UInt8](try #require(Data(base64Encoded: text))) }

/// Deflated bytes, as gzip wraps them or raw.
func deflated(_ bytes: [UInt8], gzip: Bool) -> [UInt8] {
  var stream = z_stream()
  deflateInit2_(
    &stream, 9, Z_DEFLATED, gzip ? 31 : -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
  defer { deflateEnd(&stream) }
  var input = bytes
  var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
  let size = output.count
  input.withUnsafeMutableBufferPointer { source in
    output.withUnsafeMutableBufferPointer { target in
      stream.next_in = source.baseAddress
      stream.avail_in = UInt32(source.count)
      stream.next_out = target.baseAddress
      stream.avail_out = UInt32(size)
      deflate(&stream, Z_FINISH)
    }
  }
  return Array(output[..<(size - Int(stream.avail_out))])
}

/// The CRC that ZIP files have.
func crc32OfBytes(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt { crc32_z(0, bytes.baseAddress, bytes.count) }

/// An IDX file of bytes.
func idx(_ shape: [Int], _ bytes: [UInt8]) -> [UInt8] {
  var file: [UInt8] = [0, 0, 8, UInt8(shape.count)]
  for extent in shape { withUnsafeBytes(of: UInt32(extent).bigEndian) { file += $0 } }
  return file + bytes
}

/// The kind of the `DatasetError` that `body` throws, and its text.
func failure(_ body: () throws -> Void) -> DatasetError? {
  do {
    try body()
    return nil
  } catch { return error as? DatasetError }
}
