import Foundation
import Tensors
import Testing

@testable import Datasets

@Suite("Exported data sets")
struct ExportTests {
  /// Runs a script of Python on `path`; nil where there is no numpy.
  static func python(_ script: String, _ path: String) throws -> String? {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", "import sys, zipfile, numpy\npath = sys.argv[1]\n" + script, path]
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? String(decoding: output, as: UTF8.self) : nil
  }

  static let hasNumpy = (try? python("print(numpy.__version__)", "") ?? nil) != nil

  @Test("Arrays are named as dSprites names them, and hold images, labels and factors in their order")
  func arrays() throws {
    let scratch = try Scratch()
    let set = try Strokes.generate(count: 30, seed: 2).subset([3, 4, 5, 17, 2, 29])
    try set.export(to: "\(scratch.path)/a.npz")
    let archive = try NPZ(path: "\(scratch.path)/a.npz")
    #expect(archive.names == ["imgs", "labels", "latents_names", "latents_values", "latents_classes"])
    let images = try archive.array("imgs")
    #expect(images.shape == [6, 28, 28] && images.elements == .bytes((0..<6).flatMap { set.bytes(at: $0) }))
    #expect(try archive.array("labels").elements == .floats(#require(set.labels).map(Float.init)))
    let values = try archive.array("latents_values")
    #expect(values.shape == [6, 10])
    #expect(values.elements == .floats((0..<6).flatMap { row in set.factors.map { $0.values[row] } }))
    guard case .floats(let classes) = try archive.array("latents_classes").elements else {
      Issue.record("classes are no numbers")
      return
    }
    #expect((0..<6).map { classes[$0 * 10 + 9] } == set.factor("allograph"))
    #expect((0..<6).allSatisfy { classes[$0 * 10] == -1 })
    #expect(scratch.contents == ["a.npz"])
  }

  @Test("Floats that no byte tells stay floats, and come back as they were")
  func floats() throws {
    let scratch = try Scratch()
    let pixels: [Float] = [0, 0.1234567, 0.5, 1, 0.003, 0.25]
    try NPY.write(Tensor(shape: [3, 1, 2], elements: pixels), to: "\(scratch.path)/a.npy")
    let set = try ImageSet.read("\(scratch.path)/a.npy").subset([2, 0])
    try set.export(to: "\(scratch.path)/a.npz")
    let images = try NPZ(path: "\(scratch.path)/a.npz").array("imgs")
    #expect(images.type == .float32 && images.shape == [2, 1, 2])
    #expect(images.elements == .floats([0.003, 0.25, 0, 0.1234567]))
    let again = try ImageSet.read("\(scratch.path)/a.npz")
    #expect(again.tensor().elements == [0.003, 0.25, 0, 0.1234567] && again.notes.isEmpty)
  }

  @Test("numpy opens it, and the archive's own test finds nothing wrong", .enabled(if: hasNumpy))
  func numpy() throws {
    let scratch = try Scratch()
    let set = try Strokes.generate(count: 20, seed: 2)
    try set.export(to: "\(scratch.path)/a.npz")
    let script = """
      assert zipfile.ZipFile(path).testzip() is None
      data = numpy.load(path)
      print(data['imgs'].shape, data['imgs'].dtype, data['imgs'].sum(dtype=int), data['labels'].sum())
      print(list(map(str, data['latents_names'])), data['latents_values'].shape, data['latents_classes'].dtype)
      """
    let sum = (0..<20).reduce(0) { $0 + set.bytes(at: $1).reduce(0) { $0 + Int($1) } }
    let names = StrokeFactors.names.map { "'\($0)'" }.joined(separator: ", ")
    #expect(
      try Self.python(script, "\(scratch.path)/a.npz")
        == "(20, 28, 28) uint8 \(sum) 90\n[\(names)] (20, 10) int64\n")
  }

  @Test("Entries and places beyond 4 GiB have 64-bit records", .enabled(if: hasNumpy))
  func large() throws {
    let scratch = try Scratch()
    let path = "\(scratch.path)/large.npz"
    // Zeros that no disk need hold: what is written is skipped where it is a megabyte of them.
    let (piece, pieces) = ([UInt8](repeating: 0, count: 1 << 20), 4097)
    try writeAtomically(to: path) { descriptor in
      var size: off_t = 0
      var writer = NPZWriter { bytes in
        size += off_t(bytes.count)
        if bytes.count == 1 << 20 {
          lseek(descriptor, size, SEEK_SET)
        } else {
          try writeAll(bytes, to: descriptor, path: path)
        }
      }
      try writer.write("zeros", type: "|u1", shape: [pieces << 20]) { write in
        for _ in 0..<pieces { try piece.withUnsafeBytes { try write($0) } }
      }
      try writer.write("after", type: "<i8", shape: [2], elements: [Int64(5), 6])
      try writer.finish()
    }
    let script = """
      archive = zipfile.ZipFile(path)
      print(archive.getinfo('zeros.npy').file_size, numpy.load(path)['after'].tolist())
      """
    #expect(try Self.python(script, path) == "\(pieces << 20 + 128) [5, 6]\n")
  }

  @Test("Where there is nothing to say there is no array; a path that cannot be written is named")
  func bare() throws {
    let scratch = try Scratch()
    let set = try ImageSet(
      name: "bare", width: 2, height: 1, pixels: [1, 2, 3, 4], labels: [-1, 1], classNames: ["a", "långt"])
    try set.export(to: "\(scratch.path)/b.npz")
    #expect(try NPZ(path: "\(scratch.path)/b.npz").names == ["imgs", "labels", "label_names"])
    #expect(try NPZ(path: "\(scratch.path)/b.npz").array("labels").elements == .floats([-1, 1]))
    #expect(failure { try set.export(to: "\(scratch.path)/nowhere/b.npz") }?.kind == .unwritable)
  }
}
