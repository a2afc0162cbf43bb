import Tensors

/// The numbers of a stored array: images as bytes, everything else as floats.
public enum StoredElements: Sendable, Hashable {
  /// Unsigned bytes, and booleans as 0 and 1.
  case bytes([UInt8])
  /// Any other number, converted to 32-bit floats.
  case floats([Float])

  /// The number of elements.
  public var count: Int {
    switch self {
    case .bytes(let bytes): bytes.count
    case .floats(let floats): floats.count
    }
  }
}

/// An array of numbers as an NPY or IDX file holds it.
public struct StoredArray: Sendable, Hashable {
  /// Extents, outermost first.
  public let shape: [Int]
  /// The type of the elements in the file.
  public let type: ElementType
  /// The elements in row-major order.
  public let elements: StoredElements
  /// The whole numbers of one axis where floats do not tell some of them apart; nil where they do.
  let exact: [Int64]?
  /// The first of the numbers in row-major order that is finite in the file and beyond 32-bit floats.
  let beyond: Beyond?

  /// A number that became infinite.
  struct Beyond: Sendable, Hashable {
    let index: Int
    let value: Double
  }

  /// An array; the caller answers for the counts to agree.
  public init(shape: [Int], type: ElementType, elements: StoredElements) {
    self.shape = shape
    self.type = type
    self.elements = elements
    (exact, beyond) = (nil, nil)
  }

  /// The array that a file holds in `bytes`.
  ///
  /// - Parameter order: puts elements of the file into row-major order.
  init(
    shape: [Int], type: ElementType, bytes: UnsafeRawBufferPointer, count: Int, isBigEndian: Bool,
    order: (StoredElements) -> StoredElements = { $0 }
  ) {
    let stored = type.decode(bytes, count: count, isBigEndian: isBigEndian)
    self.shape = shape
    self.type = type
    elements = order(stored)
    // More axes than one hold images, or rows of zeros and ones.
    let isList = shape.first == count && count > 0
    exact = isList ? type.exact(bytes, count: count, isBigEndian: isBigEndian) : nil
    beyond = type.beyond(bytes, stored, ordered: elements, isBigEndian: isBigEndian)
  }

  /// The number of elements.
  public var count: Int { elements.count }

  /// The elements as floats, bytes unscaled.
  public var floats: [Float] {
    switch elements {
    case .bytes(let bytes): bytes.map(Float.init)
    case .floats(let floats): floats
    }
  }

  /// The elements as floats, bytes unscaled, in a tensor of the same shape.
  public var tensor: Tensor { Tensor(shape: shape, elements: floats) }

  static func noLabel(_ value: some CustomStringConvertible, name: String) -> DatasetError {
    DatasetError(
      .mismatch, name, "\(value) is no label; labels are whole numbers from 0, or −1",
      remedy: "number the classes from 0, for example with numpy.unique(labels, return_inverse=True)")
  }

  /// The elements as classes: whole numbers from 0, or −1 where a class is not known.
  ///
  /// - Throws: `DatasetError` of kind `mismatch` where one is not.
  public func labels(name: String) throws -> [Int32] {
    func label(_ value: some CustomStringConvertible, _ number: Int32?) throws -> Int32 {
      guard let number, -1..<ImageSet.mostClasses ~= number else {
        throw Self.noLabel(value, name: name)
      }
      return number
    }
    if let exact { return try exact.map { try label($0, Int32(exactly: $0)) } }
    return try floats.map { try label($0, Int32(exactly: $0)) }
  }
}

/// The types of numbers that are read, by the end of numpy's names for them.
public enum ElementType: String, Sendable, CaseIterable {
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

  /// Beyond that 32-bit floats no longer tell whole numbers apart.
  static let largestFloat = 1 << 24

  /// The type that numpy calls so: `u1`, `uint8` or, by a single letter, `B`; nil where it is none that is read.
  init?(numpy name: String) {
    if let type = Self(rawValue: name) ?? Self.allCases.first(where: { $0.name == name }) ?? Self.letters[name] {
      self = type
    } else {
      return nil
    }
  }

  private static let letters: [String: ElementType] = [
    "?": .boolean, "B": .unsigned8, "H": .unsigned16, "I": .unsigned32, "L": .unsigned64, "Q": .unsigned64,
    "b": .signed8, "h": .signed16, "i": .signed32, "l": .signed64, "q": .signed64, "e": .float16, "f": .float32,
    "d": .float64,
  ]

  /// Bytes of one number.
  public var size: Int { Int(rawValue.dropFirst()) ?? 1 }
  /// Whether the numbers are whole by their type.
  public var isInteger: Bool { rawValue.first != "f" }

  /// What the type is called in messages, as numpy calls it.
  public var name: String {
    switch self {
    case .boolean: "bool"
    default: (rawValue.first == "u" ? "uint" : rawValue.first == "i" ? "int" : "float") + "\(8 * size)"
    }
  }

  /// `count` numbers of this type; `bytes` holds at least `count * size`.
  func decode(_ bytes: UnsafeRawBufferPointer, count: Int, isBigEndian: Bool) -> StoredElements {
    func floats<Raw: FixedWidthInteger>(_: Raw.Type, _ convert: (Raw) -> Float) -> StoredElements {
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
    // numpy writes 0 and 1; any other byte of another program's boolean is true.
    case .boolean: return .bytes(bytes.prefix(count).map { $0 == 0 ? 0 : 1 })
    case .unsigned8: return .bytes(Array(bytes.prefix(count)))
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

  /// `count` whole numbers of this type; nil where floats hold them as well, or where one is not whole or beyond 64 bits.
  func exact(_ bytes: UnsafeRawBufferPointer, count: Int, isBigEndian: Bool) -> [Int64]? {
    func numbers<Raw: FixedWidthInteger>(_: Raw.Type, _ convert: (Raw) -> Int64?) -> [Int64]? {
      var numbers: [Int64] = []
      numbers.reserveCapacity(count)
      var isLarge = false
      for index in 0..<count {
        let raw = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Raw>.size, as: Raw.self)
        guard let number = convert(isBigEndian ? raw.bigEndian : raw.littleEndian) else { return nil }
        if number.magnitude > Self.largestFloat { isLarge = true }
        numbers.append(number)
      }
      return isLarge ? numbers : nil
    }
    switch self {
    case .unsigned32: return numbers(UInt32.self) { Int64($0) }
    case .unsigned64: return numbers(UInt64.self) { Int64(exactly: $0) }
    case .signed32: return numbers(UInt32.self) { Int64(Int32(bitPattern: $0)) }
    case .signed64: return numbers(UInt64.self) { Int64(bitPattern: $0) }
    case .float64:
      return numbers(UInt64.self) { bits in
        let value = Double(bitPattern: bits)
        // As with 32 bits: beyond that doubles no longer tell whole numbers apart.
        return abs(value) <= 0x1p53 ? Int64(exactly: value) : nil
      }
    default: return nil
    }
  }

  /// The first number that became infinite on its way from `bytes` to `ordered`, by way of `stored`.
  fileprivate func beyond(
    _ bytes: UnsafeRawBufferPointer, _ stored: StoredElements, ordered: StoredElements, isBigEndian: Bool
  ) -> StoredArray.Beyond? {
    guard self == .float64, case .floats(let floats) = stored, case .floats(let ordered) = ordered else { return nil }
    for (index, float) in floats.enumerated() where float.isInfinite {
      let raw = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<UInt64>.size, as: UInt64.self)
      let value = Double(bitPattern: isBigEndian ? raw.bigEndian : raw.littleEndian)
      guard value.isFinite else { continue }
      // By columns the first in the file need not be the first image's: the first that is infinite stands for it.
      let place = ordered[index] == float ? index : ordered.firstIndex(of: float) ?? index
      return StoredArray.Beyond(index: place, value: value)
    }
    return nil
  }
}

/// The product of extents.
///
/// - Throws: `DatasetError` of kind `corrupt` where an extent or the product is beyond reason: also where a zero among
///   the extents hides it, so that no later product of some of them can overflow.
func elementCount(_ shape: [Int], name: String) throws -> Int {
  _ = try shape.reduce(1) { partial, extent in
    let (product, overflow) = partial.multipliedReportingOverflow(by: max(extent, 1))
    guard extent >= 0, !overflow, product < 1 << 40 else {
      throw DatasetError(
        .corrupt, name, "claims an array of shape \(shape)",
        remedy: "fetch or copy the file again, or save it again with numpy.save")
    }
    return product
  }
  return shape.reduce(1, *)
}
