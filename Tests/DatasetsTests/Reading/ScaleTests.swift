import Tensors
import Testing

@testable import Datasets

/// An NPY file of any type, as numpy would write it.
func npy(_ type: String, _ shape: [Int], _ data: [UInt8], fortran: Bool = false, version: UInt8 = 1) -> [UInt8] {
  let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
  return npy(
    header: "{'descr': '\(type)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': (\(extents)), }", data,
    version: version)
}

/// An NPY file with this header.
func npy(header: String, _ data: [UInt8] = [], version: UInt8 = 1) -> [UInt8] {
  let length = header.utf8.count
  let size: [UInt8] =
    version == 1
    ? [UInt8(length & 255), UInt8(length >> 8)] : (0..<4).map { UInt8(length >> (8 * $0) & 255) }
  return NPY.magic + [version, 0] + size + Array(header.utf8) + data
}

/// Little-endian bytes of numbers.
func bytes<Number>(_ numbers: [Number]) -> [UInt8] { numbers.withUnsafeBytes { Array($0) } }

@Suite("Black and white")
struct ScaleTests {
  private func read(_ type: String, _ data: [UInt8], pixels: Int, scale: String = "auto") throws -> ImageSet {
    let scratch = try Scratch()
    var reading = ImageReading()
    reading.scale = try #require(PixelScale(scale))
    return try ImageSet.read(scratch.write("a.npy", npy(type, [1, 1, pixels], data)), reading: reading)
  }

  @Test("Numbers 0 and 1 are black and white whatever their type, and it is said where the type is an integer's")
  func binary() throws {
    let files: [(String, [UInt8])] = [
      ("|u1", [0, 1, 1]), ("|i1", [0, 1, 1]), ("<u2", bytes([0, 1, 1] as [UInt16])),
      ("<i4", bytes([0, 1, 1] as [Int32])), ("<i8", bytes([0, 1, 1] as [Int64])),
      ("<u8", bytes([0, 1, 1] as [UInt64])), ("|b1", [0, 1, 1]), ("<f4", bytes([0, 1, 1] as [Float])),
      ("<f8", bytes([0, 1, 1] as [Double])), (">i2", [0, 0, 0, 1, 0, 1]),
    ]
    for (type, data) in files {
      let set = try read(type, data, pixels: 3)
      #expect(set.bytes(at: 0) == [0, 255, 255] && !set.holdsFloats, "\(type)")
      #expect(set.notes.isEmpty == ["|b1", "<f4", "<f8"].contains(type), "\(type): \(set.notes)")
      if let note = set.notes.first { #expect(note.contains("--scale") && !note.contains("\n")) }
    }
    #expect(try read("|u1", [0, 1, 1], pixels: 3, scale: "255").bytes(at: 0) == [0, 1, 1], "--scale decides")
  }

  @Test("IDX files of every type are read with the same eyes", arguments: [8, 9, 11, 12, 13, 14] as [UInt8])
  func idxTypes(type: UInt8) throws {
    let numbers = [0, 8, 16, 4]
    let data: [UInt8] = numbers.flatMap { number -> [UInt8] in
      switch type {
      case 8, 9: [UInt8(number)]
      case 11: bytes([Int16(number).bigEndian])
      case 12: bytes([Int32(number).bigEndian])
      case 13: bytes([Float(number).bitPattern.bigEndian])
      default: bytes([Double(number).bitPattern.bigEndian])
      }
    }
    let scratch = try Scratch()
    var file = idx([1, 2, 2], data)
    file[2] = type
    for packed in [false, true] {
      let set = try ImageSet.read(scratch.write("images", packed ? deflated(file, gzip: true) : file))
      #expect(set.tensor().elements == [0, 0.5, 1, 0.25])
      #expect(set.notes.first?.contains("0…16") == true)
    }
  }

  @Test("The end of the scale is the next that programs use; what is full-scale bytes, or 0…1, is not talked about")
  func ends() throws {
    let cases: [(type: String, values: [Double], black: Float, white: Float, isPlain: Bool)] = [
      ("u1", [0, 200], 0, 255, true), ("i8", [0, 200], 0, 255, true), ("i8", [0, 100], 0, 255, false),
      ("u1", [0, 17], 0, 255, false), ("u1", [0, 3], 0, 16, false),
      ("f8", [0, 16], 0, 16, false), ("f4", [0, 255], 0, 255, false),
      ("f4", [0.5, 200.5], 0, 255, false), ("u2", [0, 1000], 0, 1023, false), ("u2", [3, 60_000], 0, 65_535, false),
      ("i4", [0, 100_000], 0, 100_000, false), ("f4", [0.25, 0.75], 0, 1, true), ("f4", [-0.0004, 1.0004], 0, 1, true),
      ("f4", [-1, 1], -1, 1, false), ("f4", [-0.5, 0.75], -1, 1, false), ("f4", [-0.42, 2.8], -0.42, 2.8, false),
      ("i1", [-128, 127], -128, 127, false), ("u1", [0, 0], 0, 1, true), ("f4", [0.5, 3.5], 0, 3.5, false),
    ]
    for (type, values, black, white, isPlain) in cases {
      let elements: StoredElements =
        type == "u1" ? .bytes(values.map { UInt8($0) }) : .floats(values.map { Float($0) })
      let array = StoredArray(shape: [1, 1, 2], type: try #require(ElementType(rawValue: type)), elements: elements)
      let scale = PixelRange(array).scale
      #expect(scale.black == black && scale.white == white && scale.isPlain == isPlain, "\(type) \(values): \(scale)")
    }
  }

  @Test("A scale is said as a number or as two, and said again as it was typed")
  func texts() {
    for text in ["auto", "255", "1", "16", "0.5", "-1:1", "10:200.5"] {
      #expect(PixelScale(text)?.description == text)
    }
    for text in ["", "white", "0", "-3", "nan", "inf", "1:1", "2:1", "1:2:3", ":", "1:"] {
      #expect(PixelScale(text) == nil, "\(text)")
    }
  }

  @Test("Files opened together share one scale, so that none is brighter than it is beside the others")
  func together() throws {
    let scratch = try Scratch()
    let first = try scratch.write("1.npy", NPY.encode([1, 0], shape: [1, 1, 2]))
    let second = try scratch.write("2.npy", NPY.encode([16, 8], shape: [1, 1, 2]))
    let set = try ImageSet.read([first, second])
    #expect(set.tensor().elements == [1 / 16, 0, 1, 0.5])
    #expect(try ImageSet.read(first).tensor().elements == [1, 0])
  }

  @Test("What is no number is refused with its place", arguments: [Float.nan, .infinity, -.infinity])
  func notFinite(value: Float) throws {
    let error = failure { _ = try read("<f4", bytes([0, 1, value]), pixels: 3) }
    #expect(error?.kind == .mismatch && error?.problem.contains("image 0 has a pixel") == true)
  }

  @Test("A double beyond 32-bit floats is told as it stands in the file")
  func beyond() throws {
    let error = failure { _ = try read("<f8", bytes([0, 1, -1e300] as [Double]), pixels: 3) }
    #expect(error?.problem.contains("-1e+300") == true && error?.remedy != nil, "\(String(describing: error))")
  }

  @Test("A mask of zeros and ones in a picture is black and white, and --scale holds for pictures too")
  func masks() throws {
    let scratch = try Scratch()
    let mask = try scratch.write("1.png", PNGFile.encode(GreyPicture(width: 2, height: 1, bytes: [0, 1])))
    let set = try ImageSet.read(mask)
    #expect(set.bytes(at: 0) == [0, 255] && set.notes.count == 1 && set.notes[0].contains("--scale"))
    var reading = ImageReading()
    reading.scale = try #require(PixelScale("255"))
    #expect(try ImageSet.read(mask, reading: reading).bytes(at: 0) == [0, 1])
    let grey = try scratch.write("2.png", PNGFile.encode(GreyPicture(width: 2, height: 1, bytes: [0, 51])))
    #expect(try ImageSet.read([mask, grey]).bytes(at: 0) == [0, 1], "beside others it is no mask")
    reading.scale = try #require(PixelScale("51"))
    #expect(try ImageSet.read(grey, reading: reading).bytes(at: 0) == [0, 255])
  }
}
