import Tensors

/// The element types that are kept apart: images as stored bytes, everything else as floats.
public enum NPYElements: Sendable, Hashable {
  /// `|u1` (and booleans as 0 and 1).
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
}

/// numpy's file format for one array (NEP 1, versions 1.0 to 3.0).
public enum NPY {
  /// Reads a file; `-` is standard input.
  ///
  /// - Throws: `DatasetError`.
  public static func read(_ path: String) throws -> NPYArray { try read(readFile(path), name: path) }

  /// Reads the bytes of a file called `name` in messages.
  ///
  /// - Throws: `DatasetError`.
  public static func read(_ bytes: [UInt8], name: String) throws -> NPYArray {
    throw DatasetError(.unsupported, name, "not yet")
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

  /// The file that holds `tensor`.
  public static func encode(_ tensor: Tensor) -> [UInt8] {
    tensor.elements.withUnsafeBytes { header(type: "<f4", shape: tensor.shape) + $0 }
  }

  /// The file that holds bytes of `shape`.
  public static func encode(_ bytes: [UInt8], shape: [Int]) -> [UInt8] { header(type: "|u1", shape: shape) + bytes }

  private static func header(type: String, shape: [Int]) -> [UInt8] {
    let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(extents)), }"
    // The data start at a multiple of 64, after ten bytes of preamble and a final newline.
    let length = (10 + text.utf8.count + 1 + 63) / 64 * 64 - 10
    text += String(repeating: " ", count: length - text.utf8.count - 1) + "\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + Array(text.utf8)
  }
}
