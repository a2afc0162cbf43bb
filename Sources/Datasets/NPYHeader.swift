/// The Python dictionary before the data of an NPY file: `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`, or
/// as Python 2 wrote it, with `u'…'` and `3L`.
struct NPYHeader {
  var elementType = ""
  var isColumnMajor = false
  var shape: [Int] = []

  /// Parses the dictionary.
  ///
  /// - Throws: `DatasetError` of kind `corrupt` or `unsupported` naming `name`.
  init(_ text: ArraySlice<UInt8>, name: String) throws {
    var reader = LiteralReader(rest: text, name: name)
    try reader.expect("{")
    var seen: Set<String> = []
    while !reader.take("}") {
      let key = try reader.string()
      guard seen.insert(key).inserted else { throw reader.failure("names \(key) twice") }
      try reader.expect(":")
      switch key {
      case "descr":
        if reader.peek("[") {
          throw DatasetError(
            .unsupported, name, "holds records, not numbers", remedy: "save each field as an array of its own")
        }
        elementType = try reader.string()
      case "fortran_order": isColumnMajor = try reader.boolean()
      case "shape": shape = try reader.extents()
      default: throw reader.failure("has an unknown key \(key)")
      }
      if !reader.take(",") {
        try reader.expect("}")
        break
      }
    }
    guard seen.count == 3 else { throw reader.failure("lacks one of descr, fortran_order, shape") }
    guard reader.isAtEnd else { throw reader.failure("goes on after its end") }
  }

  /// Whether numbers are stored with their highest byte first.
  var isBigEndian: Bool { elementType.first == ">" }

  /// The type without the order of its bytes. Where numpy's names have none, it is the machine's: the lowest first.
  private var code: Substring {
    elementType.first.map("<>|=".contains) == true ? elementType.dropFirst() : elementType[...]
  }

  /// Bytes that an element takes when it is decoded: a byte or a float, another where columns become rows, and in a list,
  /// which may be one of classes, the number that no float tells.
  func decodedSize(_ type: ElementType) -> Int {
    (type == .unsigned8 || type == .boolean ? 1 : MemoryLayout<Float>.size) * (isColumnMajor ? 2 : 1)
      + (shape.count == 1 && type.size > 2 ? MemoryLayout<Int64>.size : 0)
  }

  /// Whether the elements come to stand in another order.
  var isTurned: Bool { isColumnMajor && shape.count > 1 }

  /// The type of the numbers.
  ///
  /// - Throws: `DatasetError` of kind `unsupported` where they are none that are read.
  func type(name: String) throws -> ElementType {
    if let type = ElementType(numpy: String(code)) { return type }
    let isPickle = elementType.hasSuffix("O")
    throw DatasetError(
      .unsupported, name,
      isPickle ? "holds pickled Python objects, which are never run" : "holds elements of type \(elementType)",
      remedy: "convert it with .astype('float32') or 'uint8'")
  }

  /// Texts of a fixed number of characters, of four bytes each (`<U5`) or one (`|S5`).
  struct Text {
    let length: Int
    let isWide: Bool

    /// Bytes of one text.
    var size: Int { length * (isWide ? 4 : 1) }

    /// Bytes that it takes when it is decoded: where it has more than 15, they lie beside its place in the array.
    var decodedSize: Int { size + 64 }
  }

  /// What the texts of the array are; nil where the elements are no texts.
  var text: Text? {
    guard let kind = code.first, kind == "U" || kind == "S" || kind == "a", let length = Int(code.dropFirst()),
      0...65_535 ~= length
    else { return nil }
    return Text(length: length, isWide: kind == "U")
  }
}

/// Reads the few literals of Python that numpy writes.
private struct LiteralReader {
  var rest: ArraySlice<UInt8>
  let name: String

  var isAtEnd: Bool {
    mutating get {
      skipSpace()
      return rest.isEmpty
    }
  }

  func failure(_ problem: String) -> DatasetError {
    DatasetError(.corrupt, name, "its NPY header \(problem)", remedy: "save it again with numpy.save")
  }

  mutating func skipSpace() { rest = rest.drop { $0 == 0x20 || $0 == 0x0a || $0 == 0x0d || $0 == 0x09 } }

  mutating func peek(_ character: Character) -> Bool {
    skipSpace()
    return rest.first == character.asciiValue
  }

  mutating func take(_ character: Character) -> Bool {
    guard peek(character) else { return false }
    rest.removeFirst()
    return true
  }

  mutating func expect(_ character: Character) throws {
    guard take(character) else { throw failure("lacks a \(character)") }
  }

  mutating func string() throws -> String {
    skipSpace()
    // u'…' and b'…' say the same.
    if let prefix = rest.first, prefix == UInt8(ascii: "u") || prefix == UInt8(ascii: "b") { rest.removeFirst() }
    guard let quote = rest.first, quote == 0x27 || quote == 0x22 else { throw failure("lacks a quoted word") }
    rest.removeFirst()
    guard let end = rest.firstIndex(of: quote), rest.distance(from: rest.startIndex, to: end) <= 64 else {
      throw failure("holds a word without an end")
    }
    defer { rest = rest[(end + 1)...] }
    return String(decoding: rest[..<end], as: UTF8.self)
  }

  mutating func boolean() throws -> Bool {
    skipSpace()
    for (word, value) in [("True", true), ("False", false)] where rest.starts(with: word.utf8) {
      rest = rest.dropFirst(word.utf8.count)
      return value
    }
    throw failure("says neither True nor False")
  }

  mutating func extents() throws -> [Int] {
    try expect("(")
    var extents: [Int] = []
    while !take(")") {
      skipSpace()
      let digits = rest.prefix { (0x30...0x39).contains($0) }
      guard let extent = Int(String(decoding: digits, as: UTF8.self)), extents.count < 32 else {
        throw failure("holds a shape that is none")
      }
      extents.append(extent)
      rest = rest.dropFirst(digits.count)
      // A long integer of Python 2.
      if rest.first == UInt8(ascii: "L") { rest.removeFirst() }
      if !take(",") {
        try expect(")")
        break
      }
    }
    return extents
  }
}
