import Tensors

/// The element types that are kept apart: images as stored bytes, everything else as floats.
public enum NPYElements: Sendable, Hashable {
  /// `|u1`, and booleans as 0 and 1.
  case bytes([UInt8])
  /// Any other number, converted to 32-bit floats.
  case floats([Float])
}

/// An array as numpy saves it.
public struct NPYArray: Sendable, Hashable {
  /// Extents, outermost first.
  public let shape: [Int]
  /// numpy's name of the element type in the file, for example `<f4`.
  public let elementType: String
  /// The elements in row-major order.
  public let elements: NPYElements

  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }

  /// The elements as floats, bytes unscaled, in a tensor of the same shape.
  public var tensor: Tensor {
    switch elements {
    case .bytes(let bytes): Tensor(shape: shape, elements: bytes.map(Float.init))
    case .floats(let floats): Tensor(shape: shape, elements: floats)
    }
  }

  /// The elements as classes: whole numbers from 0, or −1 where a class is not known.
  ///
  /// - Throws: `DatasetError` of kind `mismatch` where one is not.
  public func labels(name: String) throws -> [Int32] {
    switch elements {
    case .bytes(let bytes): return bytes.map(Int32.init)
    case .floats(let floats):
      return try floats.map { value in
        guard let label = Int32(exactly: value), -1..<ImageSet.mostClasses ~= label else {
          throw DatasetError(.mismatch, name, "\(value) is no label; labels are whole numbers from 0, or −1")
        }
        return label
      }
    }
  }
}

/// numpy's file format for one array (numpy.lib.format, versions 1.0 to 3.0).
public enum NPY {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Reads a file; `-` is standard input.
  ///
  /// - Throws: `DatasetError`.
  public static func read(_ path: String) throws -> NPYArray { try decode(readFile(path), name: inputName(path)) }

  /// Reads the bytes of a file called `name` in messages.
  ///
  /// - Throws: `DatasetError`.
  public static func decode(_ bytes: [UInt8], name: String) throws -> NPYArray {
    guard bytes.starts(with: magic) else {
      throw DatasetError(.corrupt, name, "does not begin as an NPY file does", remedy: "save it with numpy.save")
    }
    guard bytes.count >= 10 else { throw DatasetError(.truncated, name, "ends inside its header") }
    guard (1...3).contains(bytes[6]) else {
      throw DatasetError(.unsupported, name, "has NPY version \(bytes[6]).\(bytes[7]); 1.0 to 3.0 are read")
    }
    let start = bytes[6] == 1 ? 10 : 12
    guard bytes.count >= start else { throw DatasetError(.truncated, name, "ends inside its header") }
    let length = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= bytes.count - start else { throw DatasetError(.truncated, name, "ends inside its header") }
    let header = try NPYHeader(bytes[start..<start + length], name: name)
    let count = try elementCount(header.shape, name: name)
    guard let type = ElementType(rawValue: String(header.elementType.dropFirst())),
      let order = header.elementType.first, "<>|=".contains(order)
    else {
      throw DatasetError(
        .unsupported, name, "holds elements of type \(header.elementType)",
        remedy: "convert it with .astype('float32') or 'uint8'")
    }
    let data = bytes[(start + length)...]
    let size = type.size
    guard data.count >= count * size else {
      throw DatasetError(
        .truncated, name,
        "holds \(data.count) bytes of data where shape \(header.shape) of \(header.elementType) takes \(count * size)",
        remedy: "fetch or copy the file again")
    }
    guard data.count == count * size else {
      throw DatasetError(.corrupt, name, "has \(data.count - count * size) bytes after its data")
    }
    var elements = data.withUnsafeBytes { type.decode($0, count: count, isBigEndian: order == ">") }
    if header.isColumnMajor && header.shape.count > 1 {
      switch elements {
      case .bytes(let values): elements = .bytes(rowMajor(values, shape: header.shape))
      case .floats(let values): elements = .floats(rowMajor(values, shape: header.shape))
      }
    }
    return NPYArray(shape: header.shape, elementType: header.elementType, elements: elements)
  }

  /// Writes a tensor as little-endian 32-bit floats; `-` is standard output.
  ///
  /// - Throws: `DatasetError` of kind `unwritable`.
  public static func write(_ tensor: Tensor, to path: String) throws { try writeOutput(encode(tensor), to: path) }

  /// Writes bytes of `shape`; `-` is standard output.
  ///
  /// - Throws: `DatasetError` of kind `unwritable`.
  public static func write(_ bytes: [UInt8], shape: [Int], to path: String) throws {
    try writeOutput(encode(bytes, shape: shape), to: path)
  }

  /// Writes labels `[n]`, as bytes where all of them are, else as 32-bit integers; `-` is standard output.
  ///
  /// - Throws: `DatasetError` of kind `unwritable`.
  public static func write(labels: [Int32], to path: String) throws {
    try writeOutput(encode(labels: labels), to: path)
  }

  /// The file that holds labels `[n]`: bytes where all of them are, else 32-bit integers.
  public static func encode(labels: [Int32]) -> [UInt8] {
    let bytes = labels.compactMap { UInt8(exactly: $0) }
    if bytes.count == labels.count { return encode(bytes, shape: [labels.count]) }
    return labels.map(\.littleEndian).withUnsafeBytes { header(type: "<i4", shape: [labels.count]) + $0 }
  }

  /// The file that holds `tensor`.
  public static func encode(_ tensor: Tensor) -> [UInt8] {
    tensor.elements.withUnsafeBytes { header(type: "<f4", shape: tensor.shape) + $0 }
  }

  /// The file that holds bytes of `shape`.
  public static func encode(_ bytes: [UInt8], shape: [Int]) -> [UInt8] { header(type: "|u1", shape: shape) + bytes }

  static func header(type: String, shape: [Int]) -> [UInt8] {
    let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(extents)), }"
    // The data start at a multiple of 64, after ten bytes of preamble and a final newline.
    let length = (10 + text.utf8.count + 1 + 63) / 64 * 64 - 10
    text += String(repeating: " ", count: length - text.utf8.count - 1) + "\n"
    return magic + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + Array(text.utf8)
  }

  /// Column-major elements put in row-major order.
  private static func rowMajor<Element>(_ values: [Element], shape: [Int]) -> [Element] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in 1..<shape.count { strides[axis] = strides[axis - 1] * shape[axis - 1] }
    var index = [Int](repeating: 0, count: shape.count)
    var offset = 0
    return (0..<values.count).map { _ in
      defer {
        var axis = shape.count - 1
        while axis >= 0 {
          index[axis] += 1
          offset += strides[axis]
          if index[axis] < shape[axis] { break }
          offset -= strides[axis] * shape[axis]
          index[axis] = 0
          axis -= 1
        }
      }
      return values[offset]
    }
  }
}

/// numpy's numbers, by the end of their names.
private enum ElementType: String {
  case boolean = "b1"
  case unsigned8 = "u1"
  case unsigned16 = "u2"
  case unsigned32 = "u4"
  case unsigned64 = "u8"
  case signed8 = "i1"
  case signed16 = "i2"
  case signed32 = "i4"
  case signed64 = "i8"
  case float16 = "f2"
  case float32 = "f4"
  case float64 = "f8"

  var size: Int { Int(rawValue.dropFirst()) ?? 1 }

  func decode(_ bytes: UnsafeRawBufferPointer, count: Int, isBigEndian: Bool) -> NPYElements {
    func floats<Raw: FixedWidthInteger>(_: Raw.Type, _ convert: (Raw) -> Float) -> NPYElements {
      let size = MemoryLayout<Raw>.size
      return .floats(
        [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
          for index in 0..<count {
            let raw = bytes.loadUnaligned(fromByteOffset: index * size, as: Raw.self)
            buffer.initializeElement(at: index, to: convert(isBigEndian ? raw.bigEndian : raw.littleEndian))
          }
          initialized = count
        })
    }
    switch self {
    case .boolean, .unsigned8: return .bytes(Array(bytes))
    case .unsigned16: return floats(UInt16.self) { Float($0) }
    case .unsigned32: return floats(UInt32.self) { Float($0) }
    case .unsigned64: return floats(UInt64.self) { Float($0) }
    case .signed8: return floats(UInt8.self) { Float(Int8(bitPattern: $0)) }
    case .signed16: return floats(UInt16.self) { Float(Int16(bitPattern: $0)) }
    case .signed32: return floats(UInt32.self) { Float(Int32(bitPattern: $0)) }
    case .signed64: return floats(UInt64.self) { Float(Int64(bitPattern: $0)) }
    case .float16: return floats(UInt16.self) { Float(Float16(bitPattern: $0)) }
    case .float32: return floats(UInt32.self) { Float(bitPattern: $0) }
    case .float64: return floats(UInt64.self) { Float(Double(bitPattern: $0)) }
    }
  }
}
