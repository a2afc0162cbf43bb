import Tensors

/// numpy's file format for one array (numpy.lib.format, versions 1.0 to 3.0).
public enum NPY {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Reads a file; `-` is standard input.
  ///
  /// - Throws: `DatasetError`.
  public static func read(_ path: String) throws -> StoredArray {
    try decode(readFile(path) { try extent($0, $1, name: inputName(path)) }, name: inputName(path))
  }

  /// Reads the bytes of a file called `name` in messages.
  ///
  /// - Throws: `DatasetError`.
  public static func decode(_ bytes: [UInt8], name: String) throws -> StoredArray {
    let (header, type, count, data) = try body(of: bytes, name: name)
    try MemoryBudget.require(count, of: header.decodedSize(type), for: name)
    return data.withUnsafeBytes { bytes in
      StoredArray(shape: header.shape, type: type, bytes: bytes, count: count, isBigEndian: header.isBigEndian) {
        elements in
        guard header.isTurned else { return elements }
        switch elements {
        case .bytes(let values): return .bytes(rowMajor(values, shape: header.shape))
        case .floats(let values): return .floats(rowMajor(values, shape: header.shape))
        }
      }
    }
  }

  /// What a file of numbers holds behind its header.
  static func body(
    of bytes: [UInt8], name: String
  ) throws -> (header: NPYHeader, type: ElementType, count: Int, data: ArraySlice<UInt8>) {
    let (header, start) = try header(of: bytes, name: name)
    let count = try elementCount(header.shape, name: name)
    let type = try header.type(name: name)
    try check(bytes.count - start, header, size: count * type.size, name: name)
    return (header, type, count, bytes[start...])
  }

  /// How many bytes a file has whose first bytes are `head`.
  ///
  /// - Parameter size: how many it is known to have.
  /// - Throws: `DatasetError`; of kind `tooLarge` where its numbers, and what they become, are more than memory holds.
  public static func extent(_ head: [UInt8], _ size: Int?, name: String) throws -> FileExtent {
    let (header, start) = try header(of: head, name: name)
    let count = try elementCount(header.shape, name: name)
    // At most 40 bits times 18: no overflow.
    var (stored, decoded) = (0, 0)
    if let text = header.text {
      (stored, decoded) = (text.size, text.decodedSize)
    } else {
      let type = try header.type(name: name)
      (stored, decoded) = (type.size, header.decodedSize(type))
    }
    if let size { try check(size - start, header, size: count * stored, name: name) }
    try MemoryBudget.require(start + count * stored + count * decoded, for: name)
    return .exactly(start + count * stored)
  }

  /// Compares the bytes behind a header with what it promises.
  static func check(_ found: Int, _ header: NPYHeader, size: Int, name: String) throws {
    guard found >= size else {
      throw DatasetError(
        .truncated, name,
        "holds \(found) bytes of data where shape \(header.shape) of \(header.elementType) takes \(size)",
        remedy: "fetch or copy the file again")
    }
    guard found == size else {
      throw DatasetError(
        .corrupt, name, "has \(counted(found - size, "byte")) after its data",
        remedy: "fetch or copy the file again, or save it again with numpy.save, one array a file")
    }
  }

  /// Longer headers are none: numpy itself refuses those beyond 10,000 bytes.
  private static let longestHeader = FileExtent.headLength - 12

  /// The header at the beginning of `bytes`, which may be the first part of a file, and where the data start.
  ///
  /// - Throws: `DatasetError` (corrupt, unsupported, truncated).
  static func header(of bytes: [UInt8], name: String) throws -> (header: NPYHeader, dataStart: Int) {
    guard bytes.starts(with: magic) else {
      throw DatasetError(.corrupt, name, "does not begin as an NPY file does", remedy: "save it with numpy.save")
    }
    let cut = DatasetError(.truncated, name, "ends inside its header", remedy: "fetch or copy the file again")
    guard bytes.count >= 10 else { throw cut }
    guard (1...3).contains(bytes[6]) else {
      throw DatasetError(
        .unsupported, name, "has NPY version \(bytes[6]).\(bytes[7]); 1.0 to 3.0 are read",
        remedy: "save it again with numpy.save")
    }
    let start = bytes[6] == 1 ? 10 : 12
    guard bytes.count >= start else { throw cut }
    let length = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= longestHeader else {
      throw DatasetError(
        .corrupt, name, "claims a header of \(length) bytes", remedy: "save it again with numpy.save")
    }
    guard length <= bytes.count - start else { throw cut }
    return (try NPYHeader(bytes[start..<start + length], name: name), start + length)
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

  /// Writes little-endian 32-bit floats of `shape` that `body` makes piece by piece, whole tensors in row-major order;
  /// `-` is standard output.
  ///
  /// - Throws: what `body` throws; `DatasetError` of kind `unwritable`, or `mismatch` where it makes another number of
  ///   them.
  public static func write(
    shape: [Int], to path: String, _ body: (_ write: @escaping (Tensor) throws -> Void) throws -> Void
  ) throws {
    var left = try elementCount(shape, name: path)
    try writeOutput(to: path) { write in
      try header(type: "<f4", shape: shape).withUnsafeBytes(write)
      try body { tensor in
        left -= tensor.elements.count
        try tensor.elements.withUnsafeBytes(write)
      }
      guard left == 0 else {
        throw DatasetError(.mismatch, path, "\(left) more numbers were promised than made")
      }
    }
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
  static func rowMajor<Element>(_ values: [Element], shape: [Int]) -> [Element] {
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
