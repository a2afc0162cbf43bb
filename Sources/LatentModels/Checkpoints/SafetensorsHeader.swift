/// Reads the JSON of a safetensors header: an object of tensors and one object of strings, nothing else.
///
/// An own parser, because a general one neither notices duplicate keys nor bounds what it allocates: this one makes
/// strings and shapes only out of bytes that are in the file, limits how many, and never recurses.
struct SafetensorsHeaderParser {
  /// The most there may be of each: far beyond any model, and few enough that a hostile header, whose shortest entries
  /// take more memory in a table than in the file, cannot claim much.
  static let (mostTensors, mostMetadata, mostExtents) = (65_536, 4_096, 64)

  struct Header {
    var entries: [Safetensors.Entry] = []
    var metadata: [String: String] = [:]
  }

  private let bytes: [UInt8]
  private var position: Int
  private let end: Int

  init(bytes: [UInt8], range: Range<Int>) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  /// The whole header; only padding of spaces may follow its last brace.
  mutating func parse() throws -> Header {
    guard position < end, bytes[position] == UInt8(ascii: "{") else {
      throw SafetensorsError(.malformedHeader, "the header does not begin with {")
    }
    var header = Header()
    var names = Set<String>()
    var metadataSeen = false
    try object { parser, key in
      if key == "__metadata__" {
        guard !metadataSeen else { throw SafetensorsError(.duplicateKey, "__metadata__ occurs twice") }
        metadataSeen = true
        header.metadata = try parser.metadata()
      } else {
        guard names.insert(key).inserted else {
          throw SafetensorsError(.duplicateKey, "the tensor \(key) occurs twice")
        }
        guard header.entries.count < Self.mostTensors else {
          throw parser.malformed("more than \(Self.mostTensors) tensors")
        }
        header.entries.append(try parser.entry(key))
      }
    }
    skipSpace()
    guard position == end else { throw malformed("text follows the closing brace") }
    return header
  }

  private mutating func metadata() throws -> [String: String] {
    var result: [String: String] = [:]
    try object { parser, key in
      guard result.updateValue(try parser.string(), forKey: key) == nil else {
        throw SafetensorsError(.duplicateKey, "the metadata key \(key) occurs twice")
      }
      guard result.count <= Self.mostMetadata else {
        throw parser.malformed("more than \(Self.mostMetadata) keys of metadata")
      }
    }
    return result
  }

  private mutating func entry(_ name: String) throws -> Safetensors.Entry {
    var typeName: String?
    var shape: [Int]?
    var offsets: [Int]?
    try object { parser, key in
      switch key {
      case "dtype" where typeName == nil: typeName = try parser.string()
      case "shape" where shape == nil: shape = try parser.numbers()
      case "data_offsets" where offsets == nil: offsets = try parser.numbers()
      case "dtype", "shape", "data_offsets":
        throw SafetensorsError(.duplicateKey, "\(key) of the tensor \(name) occurs twice")
      default: throw SafetensorsError(.malformedHeader, "the tensor \(name) has the unknown field \(key)")
      }
    }
    guard let typeName, let shape, let offsets, offsets.count == 2 else {
      throw SafetensorsError(.malformedHeader, "the tensor \(name) lacks its dtype, shape or two data_offsets")
    }
    guard let type = SafetensorsType(rawValue: typeName) else {
      throw SafetensorsError(.unknownType, "the tensor \(name) holds elements of the unknown type \(typeName)")
    }
    guard offsets[0] <= offsets[1] else {
      throw SafetensorsError(.inconsistentSize, "the tensor \(name) ends before it begins (\(offsets))")
    }
    var size = type.byteCount
    for extent in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: extent)
      guard !overflow else {
        throw SafetensorsError(.inconsistentSize, "the shape \(shape) of the tensor \(name) is too large to count")
      }
      size = product
    }
    guard size == offsets[1] - offsets[0] else {
      throw SafetensorsError(
        .inconsistentSize,
        "the tensor \(name) of shape \(shape) and type \(typeName) needs \(size) bytes, but has \(offsets[1] - offsets[0])"
      )
    }
    return Safetensors.Entry(name: name, type: type, shape: shape, range: offsets[0]..<offsets[1])
  }

  /// `{ "key": … , … }`; `body` reads each value.
  private mutating func object(_ body: (inout Self, String) throws -> Void) throws {
    try expect("{")
    skipSpace()
    if take("}") { return }
    while true {
      let key = try string()
      try expect(":")
      try body(&self, key)
      skipSpace()
      if take("}") { return }
      try expect(",")
    }
  }

  /// `[ 1, 2, … ]`, whole numbers that are not negative.
  private mutating func numbers() throws -> [Int] {
    try expect("[")
    skipSpace()
    var result: [Int] = []
    if take("]") { return result }
    while true {
      guard result.count < Self.mostExtents else { throw malformed("more than \(Self.mostExtents) numbers in a list") }
      result.append(try number())
      skipSpace()
      if take("]") { return result }
      try expect(",")
    }
  }

  private mutating func number() throws -> Int {
    skipSpace()
    let start = position
    var value = 0
    while position < end, case let digit = Int(bytes[position]) - 48, (0...9).contains(digit) {
      let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, secondOverflow) = shifted.addingReportingOverflow(digit)
      guard !overflow, !secondOverflow else {
        throw SafetensorsError(.inconsistentSize, "the number at byte \(start) of the file is too large")
      }
      value = sum
      position += 1
    }
    guard position > start else { throw malformed("a whole number was expected") }
    guard position - start == 1 || bytes[start] != 48 else { throw malformed("a number begins with 0") }
    return value
  }

  private mutating func string() throws -> String {
    try expect("\"")
    // Most strings are the bytes as they stand.
    let start = position
    while position < end, bytes[position] >= 0x20, ![UInt8(ascii: "\""), UInt8(ascii: "\\")].contains(bytes[position]) {
      position += 1
    }
    if take("\"") {
      guard let result = String(validating: bytes[start..<position - 1], as: UTF8.self) else {
        throw malformed("a string is not UTF-8")
      }
      return result
    }
    var text = Array(bytes[start..<position])
    while position < end {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let result = String(validating: text, as: UTF8.self) else { throw malformed("a string is not UTF-8") }
        return result
      case UInt8(ascii: "\\"): try escape(into: &text)
      case 0..<0x20: throw malformed("a string holds the control character \(byte)")
      default: text.append(byte)
      }
    }
    throw malformed("a string does not end")
  }

  private mutating func escape(into text: inout [UInt8]) throws {
    guard position < end else { throw malformed("a string does not end") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(8)
    case UInt8(ascii: "f"): text.append(12)
    case UInt8(ascii: "n"): text.append(10)
    case UInt8(ascii: "r"): text.append(13)
    case UInt8(ascii: "t"): text.append(9)
    case UInt8(ascii: "u"):
      var code = try hexadecimal()
      if (0xD800..<0xDC00).contains(code), position + 1 < end, bytes[position] == UInt8(ascii: "\\"),
        bytes[position + 1] == UInt8(ascii: "u")
      {
        position += 2
        let low = try hexadecimal()
        guard (0xDC00..<0xE000).contains(low) else { throw malformed("half of a surrogate pair") }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw malformed("half of a surrogate pair") }
      text.append(contentsOf: Character(scalar).utf8)
    default: throw malformed("an unknown escape in a string")
    }
  }

  private mutating func hexadecimal() throws -> UInt32 {
    guard end - position >= 4 else { throw malformed("a string does not end") }
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue, bytes[position] < 0x80 else {
        throw malformed("four hexadecimal digits were expected")
      }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    return code
  }

  private mutating func skipSpace() {
    while position < end, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard position < end, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws {
    skipSpace()
    guard take(character) else { throw malformed("'\(character)' was expected") }
  }

  private func malformed(_ what: String) -> SafetensorsError {
    SafetensorsError(
      .malformedHeader, "the header is not the JSON it should be: \(what) at byte \(position) of the file")
  }
}
