import HarmlessText
import Tensors

/// A safetensors file in memory: a checked header over bytes that stay where they are until a tensor is asked for.
///
/// The format is that of github.com/huggingface/safetensors: eight bytes of little-endian header length, a JSON header,
/// the data. Every check of the reference reader is made, and duplicate keys are refused, before any tensor is copied.
public struct Safetensors: Sendable {
  /// One tensor of the header.
  public struct Entry: Sendable, Hashable {
    /// The tensor's name.
    public let name: String
    /// The type of its elements.
    public let type: SafetensorsType
    /// Its extents, outermost first.
    public let shape: [Int]
    /// Its bytes in the data section.
    public let range: Range<Int>
  }

  /// The longest header that is read.
  public static let largestHeader = 100_000_000

  /// All tensors in the order of their data.
  public let entries: [Entry]
  /// The free text of the header's `__metadata__`.
  public let metadata: [String: String]
  /// The whole file.
  public let bytes: [UInt8]
  /// Where the data section begins in `bytes`.
  public let dataStart: Int
  private let indices: [String: Int]

  /// Checks the header of `bytes`. Throws a `SafetensorsError` that names what is wrong.
  public init(bytes: [UInt8]) throws {
    guard bytes.count >= 8 else {
      throw SafetensorsError(.truncated, "\(bytes.count) bytes are too few for the header's length")
    }
    let announced = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[$1]) << UInt64(8 * $1) }
    guard announced <= UInt64(Self.largestHeader) else {
      throw SafetensorsError(
        .oversizedHeader, "a header of \(announced) bytes is announced; the most is \(Self.largestHeader)")
    }
    let length = Int(announced)
    guard length <= bytes.count - 8 else {
      throw SafetensorsError(
        .truncated, "a header of \(length) bytes is announced, but only \(bytes.count - 8) bytes follow")
    }
    var parser = SafetensorsHeaderParser(bytes: bytes, range: 8..<8 + length)
    let header = try parser.parse()
    let dataCount = bytes.count - 8 - length
    var end = 0
    var indices: [String: Int] = [:]
    let entries = header.entries.sorted {
      ($0.range.lowerBound, $0.range.upperBound, $0.name) < ($1.range.lowerBound, $1.range.upperBound, $1.name)
    }
    for (index, entry) in entries.enumerated() {
      guard entry.range.lowerBound == end else {
        throw SafetensorsError(
          .misplacedData,
          "the tensor \(entry.name) begins at byte \(entry.range.lowerBound) of the data where \(end) was expected: "
            + (entry.range.lowerBound < end ? "tensors overlap" : "there is a hole"))
      }
      guard entry.range.upperBound <= dataCount else {
        throw SafetensorsError(
          .truncated,
          "the tensor \(entry.name) ends at byte \(entry.range.upperBound) of the data, which has \(dataCount) bytes")
      }
      end = entry.range.upperBound
      indices[entry.name] = index
    }
    guard end == dataCount else {
      throw SafetensorsError(.misplacedData, "\(dataCount - end) bytes follow the last tensor")
    }
    self.entries = entries
    self.metadata = header.metadata
    self.bytes = bytes
    self.dataStart = 8 + length
    self.indices = indices
  }

  /// The header's line for `name`.
  public func entry(_ name: String) -> Entry? { indices[name].map { entries[$0] } }

  /// Copies the tensor `name`, converted to float32 from any type of floating-point numbers. Throws a `SafetensorsError` if
  /// it is missing or holds whole numbers, or not of `shape` when that is given.
  public func tensor(_ name: String, shape: [Int]? = nil) throws -> Tensor {
    guard let entry = entry(name) else {
      throw SafetensorsError(.missingTensor, "there is no tensor \(name)")
    }
    guard entry.type.isFloatingPoint else {
      throw SafetensorsError(.wrongShape, "the tensor \(name) holds \(entry.type.rawValue), not F32, F64, F16 or BF16")
    }
    if let shape, shape != entry.shape {
      throw SafetensorsError(.wrongShape, "the tensor \(name) has the shape \(entry.shape), not \(shape)")
    }
    let elements = bytes.withUnsafeBytes { source in
      entry.type.floats(
        UnsafeRawBufferPointer(
          rebasing: source[dataStart + entry.range.lowerBound..<dataStart + entry.range.upperBound]))
    }
    return Tensor(shape: entry.shape, elements: elements)
  }

  /// The bytes of the data section.
  func withData<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try bytes.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[dataStart...])) }
  }

  /// Writes float32 tensors, ordered by name, with the header padded to a multiple of eight bytes.
  public static func encode(_ tensors: [String: Tensor], metadata: [String: String]) -> [UInt8] {
    let names = tensors.keys.sorted()
    var header = "{"
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
      header += "\"__metadata__\":{\(pairs.joined(separator: ","))}"
    }
    var offset = 0
    for name in names {
      guard let tensor = tensors[name] else { continue }
      let end = offset + tensor.count * 4
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      header += header.utf8.count > 1 ? "," : ""
      header += "\(quoted(name)):{\"dtype\":\"F32\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}"
      offset = end
    }
    header += "}"
    header += String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.utf8.count + offset)
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: header.utf8)
    for name in names { tensors[name]?.elements.withUnsafeBytes { bytes.append(contentsOf: $0) } }
    return bytes
  }

  /// `text` as a JSON string.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return (result + "\"").harmlessJSON
  }
}
