/// Element types of the safetensors format, with the bits of one element.
public enum SafetensorsType: String, Sendable, CaseIterable {
  case bool = "BOOL"
  case uint8 = "U8"
  case int8 = "I8"
  case uint16 = "U16"
  case int16 = "I16"
  case float16 = "F16"
  case bfloat16 = "BF16"
  case uint32 = "U32"
  case int32 = "I32"
  case float32 = "F32"
  case uint64 = "U64"
  case int64 = "I64"
  case float64 = "F64"

  /// Bytes of one element.
  public var byteCount: Int {
    switch self {
    case .bool, .uint8, .int8: 1
    case .uint16, .int16, .float16, .bfloat16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    }
  }

  /// Whether it is of floating-point numbers.
  public var isFloatingPoint: Bool { [.float16, .bfloat16, .float32, .float64].contains(self) }

  /// Little-endian numbers of a floating-point type as float32; none of another type.
  func floats(_ bytes: UnsafeRawBufferPointer) -> [Float] {
    func converted<Raw: FixedWidthInteger>(_: Raw.Type, _ convert: (Raw) -> Float) -> [Float] {
      let size = MemoryLayout<Raw>.size
      return (0..<bytes.count / size).map {
        convert(Raw(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * size, as: Raw.self)))
      }
    }
    switch self {
    case .float32:
      // The form in which weights are written: copied as they stand.
      return [Float](unsafeUninitializedCapacity: bytes.count / 4) { buffer, count in
        count = bytes.count / 4
        UnsafeMutableRawBufferPointer(buffer).copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<(4 * count)]))
      }
    case .float64: return converted(UInt64.self) { Float(Double(bitPattern: $0)) }
    case .bfloat16: return converted(UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
    case .float16: return converted(UInt16.self, Self.float16)
    default: return []
    }
  }

  /// IEEE 754 binary16, without the type `Float16`, which not every processor's Swift has.
  private static func float16(_ bits: UInt16) -> Float {
    let sign: Float = bits & 0x8000 == 0 ? 1 : -1
    let (exponent, fraction) = (Int(bits >> 10 & 0x1F), Float(bits & 0x3FF))
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 0x1F: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * (1 + fraction * 0x1p-10) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
    }
  }
}
