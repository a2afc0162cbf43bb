import Tensors

/// The numbers of a file as it holds them, none rounded: what `StoredArray` holds as 32-bit floats.
public struct StoredNumbers: Sendable, Hashable {
  /// Numbers in row-major order.
  public enum Elements: Sendable, Hashable {
    /// Numbers that 64-bit floats hold exactly.
    case real([Double])
    /// Whole numbers, some of them beyond 2⁵³, where such floats do not tell all of them apart.
    case whole([Int128])

    /// How many there are.
    public var count: Int {
      switch self {
      case .real(let values): values.count
      case .whole(let values): values.count
      }
    }

    /// Column `column` of rows of `width` numbers.
    public func column(_ column: Int, width: Int) -> Elements {
      let places = stride(from: column, to: count, by: width)
      return switch self {
      case .real(let values): .real(places.map { values[$0] })
      case .whole(let values): .whole(places.map { values[$0] })
      }
    }

    /// The first `count`.
    public func prefix(_ count: Int) -> Elements {
      switch self {
      case .real(let values): .real(Array(values.prefix(count)))
      case .whole(let values): .whole(Array(values.prefix(count)))
      }
    }
  }

  /// Extents, outermost first.
  public let shape: [Int]
  /// The type of the elements in the file.
  public let type: ElementType
  /// The elements in row-major order.
  public let elements: Elements

  /// Numbers of a shape; the caller answers for the counts to agree.
  public init(shape: [Int], type: ElementType, elements: Elements) {
    self.shape = shape
    self.type = type
    self.elements = elements
  }

  /// The number of elements.
  public var count: Int { elements.count }

  /// The elements as 32-bit floats, each the nearest: infinite beyond their range.
  public var tensor: Tensor {
    switch elements {
    case .real(let values): Tensor(shape: shape, elements: values.map { Float($0) })
    case .whole(let values): Tensor(shape: shape, elements: values.map { Float($0) })
    }
  }

  /// The elements as the numbers of classes: whole numbers of any size from 0, or −1 where a class is not known.
  ///
  /// - Throws: `DatasetError` of kind `mismatch` where one is not.
  public func classes(name: String) throws -> [Int128] {
    func number(_ value: some CustomStringConvertible, _ number: Int128?) throws -> Int128 {
      guard let number, number >= -1 else { throw StoredArray.noLabel(value, name: name) }
      return number
    }
    switch elements {
    case .real(let values):
      // Beyond, such floats no longer tell whole numbers apart.
      return try values.map { try number($0, abs($0) <= 0x1p53 ? Int128(exactly: $0) : nil) }
    case .whole(let values): return try values.map { try number($0, $0) }
    }
  }
}

extension NPY {
  /// The numbers of a file, none rounded.
  ///
  /// - Throws: `DatasetError`.
  public static func numbers(_ bytes: [UInt8], name: String) throws -> StoredNumbers {
    let (header, type, count, data) = try body(of: bytes, name: name)
    let size = type.isWide ? MemoryLayout<Int128>.size : MemoryLayout<Double>.size
    try MemoryBudget.require(count, of: header.isTurned ? 2 * size : size, for: name)
    let elements = data.withUnsafeBytes { type.numbers($0, count: count, isBigEndian: header.isBigEndian) }
    guard header.isTurned else { return StoredNumbers(shape: header.shape, type: type, elements: elements) }
    let ordered: StoredNumbers.Elements =
      switch elements {
      case .real(let values): .real(rowMajor(values, shape: header.shape))
      case .whole(let values): .whole(rowMajor(values, shape: header.shape))
      }
    return StoredNumbers(shape: header.shape, type: type, elements: ordered)
  }
}

extension NPZ {
  /// The numbers of an array, none rounded.
  ///
  /// - Throws: `DatasetError`; of kind `unknown` where no array has this name.
  public func numbers(_ name: String) throws -> StoredNumbers {
    try NPY.numbers(unpacked(entry(name)), name: place(name))
  }
}

extension ElementType {
  /// Whether there are numbers of this type that 64-bit floats do not hold.
  fileprivate var isWide: Bool { isInteger && size > 4 }

  /// `count` numbers of this type; `bytes` holds at least `count * size`.
  fileprivate func numbers(_ bytes: UnsafeRawBufferPointer, count: Int, isBigEndian: Bool) -> StoredNumbers.Elements {
    func raw<Raw: FixedWidthInteger>(_: Raw.Type, _ index: Int) -> Raw {
      let raw = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Raw>.size, as: Raw.self)
      return isBigEndian ? raw.bigEndian : raw.littleEndian
    }
    switch self {
    // Only what needs 128 bits goes through them: their conversion to floats takes many times that of 64.
    case .unsigned64:
      let numbers = (0..<count).map { raw(UInt64.self, $0) }
      let areWide = numbers.contains { $0 > 1 << 53 }
      return areWide ? .whole(numbers.map { Int128($0) }) : .real(numbers.map { Double($0) })
    case .signed64:
      let numbers = (0..<count).map { Int64(bitPattern: raw(UInt64.self, $0)) }
      let areWide = numbers.contains { $0.magnitude > 1 << 53 }
      return areWide ? .whole(numbers.map { Int128($0) }) : .real(numbers.map { Double($0) })
    case .unsigned32: return .real((0..<count).map { Double(raw(UInt32.self, $0)) })
    case .signed32: return .real((0..<count).map { Double(Int32(bitPattern: raw(UInt32.self, $0))) })
    case .float64: return .real((0..<count).map { Double(bitPattern: raw(UInt64.self, $0)) })
    default:
      // 32-bit floats hold all numbers of the other types.
      switch decode(bytes, count: count, isBigEndian: isBigEndian) {
      case .bytes(let values): return .real(values.map { Double($0) })
      case .floats(let values): return .real(values.map { Double($0) })
      }
    }
  }
}
