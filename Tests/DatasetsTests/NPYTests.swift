import Tensors
import Testing

@testable import Datasets

@Suite("NPY and NPZ files")
struct NPYTests {
  /// What `numpy.save` and `numpy.savez` wrote (numpy 2.4): an oracle that is not ours.
  let floats =
    "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAACAPgAAAD8AAEA/AACAPwAAoD8="
  let columnMajorDoubles =
    "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMyksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAAAAAAAAAAhAAAAAAAAA8D8AAAAAAAAQQAAAAAAAAABAAAAAAAAAFEA="
  let bigEndianShorts =
    "k05VTVBZAQB2AHsnZGVzY3InOiAnPmkyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAr//wAAASw="
  let booleans =
    "k05VTVBZAQB2AHsnZGVzY3InOiAnfGIxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoBAA=="
  let scalar =
    "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKCksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAACBA"
  static let compressedArchive =
    "UEsDBC0AAAAIAAAAIQCaCbEc//////////8LABQAeF90cmFpbi5ucHkBABAAjAAAAAAAAABUAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loF5Taqiuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GsY6CkZApKmjUKtAHuBiYGRiZmFlY+fg5OIGAFBLAwQtAAAACAAAACEACGUbW///////////CwAUAHlfdHJhaW4ubnB5AQAQAJgAAAAAAAAATQAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBuk2mhrqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RrGOpo6CrUKFAAudgYI4IDSnFAaAFBLAwQtAAAACAAAACEAR4OLwP//////////CgAUAHhfdGVzdC5ucHkBABAAhAAAAAAAAABKAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loF5Taqiuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GoY6CkZApKmjUKtAHuBiAAIAUEsDBC0AAAAIAAAAIQA+mhRe//////////8KABQAeV90ZXN0Lm5weQEAEACIAAAAAAAAAEgAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpNpoa6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkahjqaOgq1ChQALkYGCAAAUEsBAi0DLQAAAAgAAAAhAJoJsRxUAAAAjAAAAAsAAAAAAAAAAAAAAIABAAAAAHhfdHJhaW4ubnB5UEsBAi0DLQAAAAgAAAAhAAhlG1tNAAAAmAAAAAsAAAAAAAAAAAAAAIABkQAAAHlfdHJhaW4ubnB5UEsBAi0DLQAAAAgAAAAhAEeDi8BKAAAAhAAAAAoAAAAAAAAAAAAAAIABGwEAAHhfdGVzdC5ucHlQSwECLQMtAAAACAAAACEAPpoUXkgAAACIAAAACgAAAAAAAAAAAAAAgAGhAQAAeV90ZXN0Lm5weVBLBQYAAAAABAAEAOIAAAAlAgAAAAA="
  static let storedArchive =
    "UEsDBC0AAAAAAAAAIQDk71QY//////////8KABQAaW1hZ2VzLm5weQEAEACgAAAAAAAAAKAAAAAAAAAAk05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDQpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAPgAAgD4AAMA+AAAAPwAAID8AAEA/AABgP1BLAQItAy0AAAAAAAAAIQDk71QYoAAAAKAAAAAKAAAAAAAAAAAAAACAAQAAAABpbWFnZXMubnB5UEsFBgAAAAABAAEAOAAAANwAAAAAAA=="

  @Test("What numpy saved is read: floats, doubles by columns, big-endian shorts, booleans, a scalar")
  func numpyFiles() throws {
    #expect(
      try NPY.decode(base64(floats), name: "f4").tensor
        == Tensor(shape: [2, 3], elements: [0, 0.25, 0.5, 0.75, 1, 1.25]))
    #expect(
      try NPY.decode(base64(columnMajorDoubles), name: "f8").tensor
        == Tensor(shape: [2, 3], elements: [0, 1, 2, 3, 4, 5]))
    #expect(try NPY.decode(base64(bigEndianShorts), name: "i2").elements == .floats([-1, 0, 300]))
    #expect(try NPY.decode(base64(booleans), name: "b1").elements == .bytes([1, 0]))
    #expect(try NPY.decode(base64(scalar), name: "f4").tensor == Tensor(shape: [], elements: [2.5]))
  }

  @Test("Headers of Python 2, of every version, with and without the last comma, say the same")
  func headers() throws {
    let data = bytes([0, 1, 2, 3, 4, 5] as [Float])
    let cases: [(String, UInt8)] = [
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 3L), }", 1),
      ("{u'descr': u'<f4', u'fortran_order': False, u'shape': (2L, 3L)}", 1),
      ("{'shape': (2, 3), 'fortran_order': False, 'descr': '<f4'}   \n", 2),
      ("{\"descr\": \"<f4\", \"fortran_order\": False, \"shape\": (2, 3,), }", 3),
      ("{b'descr': b'<f4', b'fortran_order': False, b'shape': (2, 3), }", 1),
      ("{'descr': '=f4','fortran_order':False,'shape':(2,3)}", 1),
      ("{'descr': 'f4','fortran_order':False,'shape':(2,3)}", 1),
      ("{'descr': 'float32','fortran_order':False,'shape':(2,3)}", 1),
      ("{'descr': 'f','fortran_order':False,'shape':(2,3)}", 1),
    ]
    for (header, version) in cases {
      let array = try NPY.decode(npy(header: header, data, version: version), name: header)
      #expect(array.shape == [2, 3] && array.floats == [0, 1, 2, 3, 4, 5])
    }
  }

  @Test("Types have the many names that numpy reads")
  func typeNames() throws {
    for name in ["u1", "|u1", "uint8", "B", "=B"] {
      #expect(try NPY.decode(npy(name, [2], [0, 200]), name: name).elements == .bytes([0, 200]))
    }
    for name in ["?", "|?", "b1", "bool"] {
      #expect(try NPY.decode(npy(name, [2], [0, 3]), name: name).elements == .bytes([0, 1]))
    }
    #expect(try NPY.decode(npy(">H", [1], [1, 0]), name: "H").floats == [256])
    #expect(failure { _ = try NPY.decode(npy("u3", [1], [1, 0, 0]), name: "u3") }?.kind == .unsupported)
  }

  @Test("Half floats, big-endian numbers and arrays by columns come out in row-major order")
  func orders() throws {
    let halves = npy("<f2", [2, 2], bytes([0, 0.5, 1, 0.25].map { Float16($0).bitPattern }), fortran: true)
    #expect(try NPY.decode(halves, name: "f2").floats == [0, 1, 0.5, 0.25])
    let three = npy("|u1", [2, 3, 2], Array(0..<12), fortran: true)
    #expect(try NPY.decode(three, name: "u1").elements == .bytes([0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11]))
    let wide = npy(">u4", [2], [0, 0, 1, 0, 0, 0, 0, 7])
    #expect(try NPY.decode(wide, name: "u4").floats == [256, 7])
  }

  @Test("Floats made piece by piece are the file that is made at once; too few are an error")
  func streaming() throws {
    let scratch = try Scratch()
    let tensor = Tensor(shape: [3, 2], elements: [0, 1, 2, 3, 4, 5])
    try NPY.write(shape: [3, 2], to: "\(scratch.path)/a.npy") { write in
      try write(Tensor(shape: [2, 2], elements: [0, 1, 2, 3]))
      try write(Tensor(shape: [1, 2], elements: [4, 5]))
    }
    #expect(try readFile("\(scratch.path)/a.npy") == NPY.encode(tensor))
    #expect(
      failure {
        try NPY.write(shape: [3, 2], to: "\(scratch.path)/b.npy") {
          try $0(tensor); try $0(tensor)
        }
      } != nil)
    #expect(scratch.contents == ["a.npy"])
  }

  @Test("A tensor is written byte for byte as numpy writes it")
  func writing() throws {
    let tensor = Tensor(shape: [2, 3], elements: [0, 0.25, 0.5, 0.75, 1, 1.25])
    #expect(try NPY.encode(tensor) == base64(floats))
  }

  @Test("Shapes of every rank survive writing and reading")
  func roundTrip() throws {
    for shape in [[], [0], [5], [3, 28, 28], [2, 1, 2, 1, 2]] {
      let count = shape.reduce(1, *)
      let tensor = Tensor(shape: shape, elements: (0..<count).map { Float($0) * 0.1 - 3 })
      #expect(try NPY.decode(NPY.encode(tensor), name: "round trip").tensor == tensor)
      let bytes = (0..<count).map { UInt8($0 & 255) }
      let array = try NPY.decode(NPY.encode(bytes, shape: shape), name: "round trip")
      #expect(array.shape == shape && array.elements == .bytes(bytes))
    }
  }

  @Test("Every way of cutting an NPY file short is an error, and the missing bytes are counted")
  func truncated() throws {
    let whole = try base64(floats)
    for length in 0..<whole.count {
      #expect(failure { _ = try NPY.decode(Array(whole[..<length]), name: "cut") } != nil)
    }
    let error = try #require(failure { _ = try NPY.decode(Array(whole[..<(whole.count - 1)]), name: "cut") })
    #expect(error.kind == .truncated && error.problem.contains("23 bytes") && error.problem.contains("takes 24"))
  }

  @Test("Records, objects and impossible shapes are refused by name")
  func unsupported() throws {
    func file(_ header: String) -> [UInt8] { NPY.magic + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) }
    let cases: [(String, DatasetError.Kind)] = [
      ("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", .unsupported),
      ("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", .unsupported),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (4000000000, 4000000000), }", .corrupt),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000,), }", .truncated),
      ("{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,), }", .corrupt),
      ("{'descr': '<f4', 'shape': (1,), }", .corrupt),
    ]
    for (header, kind) in cases {
      #expect(failure { _ = try NPY.decode(file(header), name: "file") }?.kind == kind, "\(header)")
    }
  }

  @Test("A compressed archive gives the training and the test half, with labels of any integer type")
  func compressed() throws {
    let scratch = try Scratch()
    let path = try scratch.write("digits.npz", base64(Self.compressedArchive))
    #expect(try NPZ(path: path).names == ["x_train", "y_train", "x_test", "y_test"])
    let training = try ImageSet.read(path)
    #expect(training.count == 3 && training.width == 2 && training.labels == [7, 8, 9])
    // Nothing above 16: the values are sixteenths, as in scikit-learn's digits.
    #expect(training.bytes(at: 2) == [8, 9, 10, 11].map { UInt8((Float($0) / 16 * 255).rounded()) })
    #expect(try ImageSet.read(path, part: .test).labels == [1])
  }

  @Test("A stored archive of float rows is images of the size that is said, never of a square that happens to fit")
  func stored() throws {
    let scratch = try Scratch()
    let path = try scratch.write("rows.npz", base64(Self.storedArchive))
    var reading = ImageReading()
    reading.shape = ImageShape("2x2")
    let set = try ImageSet.read(path, reading: reading)
    #expect(set.width == 2 && set.height == 2 && set.labels == nil)
    #expect(set.bytes(at: 1) == [128, 159, 191, 223])
    let one = try ImageSet.read(path)
    #expect(one.count == 1 && one.width == 4 && one.height == 2 && one.notes.first?.contains("--shape") == true)
  }

  @Test("A damaged archive is called damaged, a missing array is listed against those there are")
  func damagedArchive() throws {
    var bytes = try base64(Self.storedArchive)
    #expect(
      failure { _ = try NPZ(bytes, name: "a.npz").array("labels") }?.description.contains("there are images") == true)
    bytes[bytes.count - 100] ^= 0x10
    #expect(failure { _ = try NPZ(bytes, name: "a.npz").array("images") }?.kind == .corrupt)
    #expect(failure { _ = try NPZ(Array(bytes[..<200]), name: "a.npz") }?.kind == .truncated)
  }
}
