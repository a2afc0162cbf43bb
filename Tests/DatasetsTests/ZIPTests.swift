import Testing

@testable import Datasets

@Suite("ZIP archives of every program")
struct ZIPTests {
  /// What Python's zipfile wrote to a stream it could not seek in: sizes behind the data.
  let streamed =
    "UEsDBBQACAAIAFhJel0AAAAAAAAAAAAAAAAKAAAAaW1hZ2VzLm5weZvsF+obEMnIUMZQrZ6SWpxcpG6loF5Taqiuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6CiCkqaNQq0Ae4GKQs4mqmLblEgBQSwcIzbTu0U8AAACIAAAAUEsDBBQACAAIAFhJel0AAAAAAAAAAAAAAAAKAAAAbGFiZWxzLm5weZvsF+obEMnIUMZQrZ6SWpxcpG6loG6TaaGuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6mjoKtQoUAC5GBlQAAFBLBwhx+zmrSAAAAJAAAABQSwECFAMUAAgACABYSXpdzbTu0U8AAACIAAAACgAAAAAAAAAAAAAAgAEAAAAAaW1hZ2VzLm5weVBLAQIUAxQACAAIAFhJel1x+zmrSAAAAJAAAAAKAAAAAAAAAAAAAACAAYcAAABsYWJlbHMubnB5UEsFBgAAAAACAAIAcAAAAAcBAAAAAA=="
  /// Behind a line of other bytes: a folder, `./data/images.npy` stored, `data/labels.npy` deflated, what macOS and people
  /// leave, and a comment that holds the signature of a directory.
  let mixed =
    "IyFwcmVmaXggYnl0ZXMKUEsDBBQAAAAAAFhJel0AAAAAAAAAAAAAAAAFAAAAZGF0YS9QSwMEFAAAAAAAWEl6Xc207tGIAAAAiAAAABEAAAAuL2RhdGEvaW1hZ2VzLm5weZNOVU1QWQEAdgB7J2Rlc2NyJzogJ3x1MScsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgyLCAyLCAyKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAB48WniWtNJQSwMEFAAAAAgAWEl6XXH7OatIAAAAkAAAAA8AAABkYXRhL2xhYmVscy5ucHmb7BfqGxDJyFDGUK2eklqcXKRupaBuk2mhrqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RpGOpo6CrUKFAAuRgZUAABQSwMEFAAAAAAAWEl6XTmc+wYEAAAABAAAABUAAABfX01BQ09TWC8uX2ltYWdlcy5ucHlqdW5rUEsDBBQAAAAAAFhJel2GphA2BQAAAAUAAAAKAAAAcmVhZG1lLnR4dGhlbGxvUEsBAhQDFAAAAAAAWEl6XQAAAAAAAAAAAAAAAAUAAAAAAAAAAAAQAP1BAAAAAGRhdGEvUEsBAhQDFAAAAAAAWEl6Xc207tGIAAAAiAAAABEAAAAAAAAAAAAAAIABIwAAAC4vZGF0YS9pbWFnZXMubnB5UEsBAhQDFAAAAAgAWEl6XXH7OatIAAAAkAAAAA8AAAAAAAAAAAAAAIAB2gAAAGRhdGEvbGFiZWxzLm5weVBLAQIUAxQAAAAAAFhJel05nPsGBAAAAAQAAAAVAAAAAAAAAAAAAACAAU8BAABfX01BQ09TWC8uX2ltYWdlcy5ucHlQSwECFAMUAAAAAABYSXpdhqYQNgUAAAAFAAAACgAAAAAAAAAAAAAAgAGGAQAAcmVhZG1lLnR4dFBLBQYAAAAABQAFACoBAACzAQAALwBhIGNvbW1lbnQgd2l0aCBQSwUGIGluIGl0LCBhcyBob3N0aWxlIG9uZXMgaGF2ZQ=="
  /// With 64-bit sizes and directory.
  let wide =
    "UEsDBC0AAAAIAFhJel3NtO7R//////////8KABQAaW1hZ2VzLm5weQEAEACIAAAAAAAAAE8AAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgXlNqqK6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRjoKIKSpo1CrQB7gYpCziaqYtuUSAFBLAwQtAAAACABYSXpdcfs5q///////////CgAUAGxhYmVscy5ucHkBABAAkAAAAAAAAABIAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TaaGuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6mjoKtQoUAC5GBlQAAFBLAQItAy0AAAAIAFhJel3NtO7R//////////8KABQAAAAAAAAAAACAAQAAAABpbWFnZXMubnB5AQAQAIgAAAAAAAAATwAAAAAAAABQSwECLQMtAAAACABYSXpdcfs5q///////////CgAcAAAAAAAAAAAAgAH/////bGFiZWxzLm5weQEAGACQAAAAAAAAAEgAAAAAAAAAiwAAAAAAAABQSwYGLAAAAAAAAAAtAC0AAAAAAAAAAAACAAAAAAAAAAIAAAAAAAAAoAAAAAAAAAAPAQAAAAAAAFBLBgcAAAAArwEAAAAAAAABAAAAUEsFBgAAAAACAAIAoAAAAA8BAAAAAA=="

  @Test("Data descriptors, 64-bit directories, folders, comments, and bytes before the archive are read past")
  func kinds() throws {
    let scratch = try Scratch()
    for file in try [base64(streamed), base64(mixed), base64(wide), withoutShortDirectory(base64(wide))] {
      // A name decides nothing; but what was put before the archive hides its first bytes.
      let archive = try NPZ(file, name: "a.npz")
      #expect(archive.names.count == 2)
      if NPZ.isArchive(file) {
        let set = try ImageSet.read(scratch.write("a.npz", file))
        #expect(set.bytes(at: 1) == [120, 150, 180, 210] && set.labels == [1, 0])
      } else {
        #expect(try archive.array("data/images").elements == .bytes([0, 30, 60, 90, 120, 150, 180, 210]))
      }
    }
  }

  /// The 32-bit record with nothing in it but references to the 64-bit one.
  private func withoutShortDirectory(_ file: [UInt8]) -> [UInt8] {
    Array(file.dropLast(14)) + [UInt8](repeating: 0xff, count: 12) + [0, 0]
  }

  @Test("Every way of cutting an archive short is an error", arguments: [0, 1, 2])
  func cut(which: Int) throws {
    let whole = try base64([streamed, mixed, wide][which])
    for length in 0..<whole.count - (which == 1 ? 47 : 0) {
      let error = failure {
        let archive = try NPZ(Array(whole[..<length]), name: "cut")
        for name in archive.names { _ = try archive.array(name) }
        if archive.names.count < 2 { throw DatasetError(.truncated, "cut", "has lost arrays") }
      }
      #expect(error != nil, "\(length) of \(whole.count)")
    }
  }
}
