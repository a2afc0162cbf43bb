import Datasets
import Foundation
import Glibc
import Tensors
import Testing

@testable import LatentModels

@Suite("Weights of other types")
struct ConvertedWeightsTests {
  /// The file of a checkpoint with its weights in two, or eight, bytes each.
  private func converted(_ model: LatentModel, _ type: String, _ bytes: (Float) -> [UInt8]) throws -> [UInt8] {
    let file = try Safetensors(bytes: try Checkpoint.encode(model))
    var (header, data): ([String], [UInt8]) = ([], [])
    let metadata = file.metadata.map { "\(Safetensors.quoted($0.key)):\(Safetensors.quoted($0.value))" }
    header.append("\"__metadata__\":{\(metadata.joined(separator: ","))}")
    for entry in file.entries {
      let start = data.count
      for value in try file.tensor(entry.name).elements { data += bytes(value) }
      let shape = entry.shape.map(String.init).joined(separator: ",")
      header.append(
        "\(Safetensors.quoted(entry.name)):{\"dtype\":\"\(type)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(start),\(data.count)]}")
    }
    let text = Array("{\(header.joined(separator: ","))}".utf8)
    return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text + data
  }

  private func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  @Test("Weights in F64, F16 and BF16 are read as what they are worth")
  func types() throws {
    let model = Fixture.model()
    let forms: [(String, Float, (Float) -> [UInt8])] = [
      ("F64", 0, { self.littleEndian(Double($0).bitPattern) }),
      ("BF16", 0x1p-7, { self.littleEndian(UInt16($0.bitPattern >> 16)) }),
      ("F16", 0x1p-10, { self.littleEndian(self.half($0)) }),
    ]
    for (type, tolerance, bytes) in forms {
      let read = try Checkpoint.decode(try converted(model, type, bytes), path: "m").model
      for name in model.parameters.names {
        let pairs = zip(model.parameters[name]?.elements ?? [], read.parameters[name]?.elements ?? [])
        #expect(pairs.allSatisfy { abs($0 - $1) <= tolerance * abs($0) + min(tolerance, 0x1p-14) }, "\(type) \(name)")
      }
    }
  }

  @Test("Whole numbers, and weights that are infinite or no numbers, are refused with the reason")
  func refused() throws {
    func complaint(_ type: String, _ bytes: (Float) -> [UInt8]) throws -> String {
      let file = try converted(Fixture.model(), type, bytes)
      do {
        _ = try Checkpoint.decode(file, path: "m")
        return ""
      } catch { return "\(error)" }
    }
    #expect(try complaint("I32") { self.littleEndian(Int32($0)) }.contains("holds I32, not F32, F64, F16 or BF16"))
    #expect(try complaint("F16") { _ in [0, 0x7C] }.contains("are infinite or not numbers"))
    #expect(try complaint("F64") { _ in self.littleEndian(Double(1e300).bitPattern) }.contains("are infinite"))
    let model = Fixture.model()
    var tensors = Fixture.tensors(model.parameters)
    tensors["decoder.0.bias"]?.withUnsafeMutableBufferPointer { $0[0] = .nan }
    let metadata = try Safetensors(bytes: try Checkpoint.encode(model)).metadata.filter { $0.key != "checksum" }
    let error = #expect(throws: CheckpointError.self) {
      try Checkpoint.decode(Checkpoint.seal(tensors, metadata: metadata), path: "m")
    }
    #expect(error?.description.contains("weights in decoder.0.bias are infinite or not numbers") == true)
  }

  /// IEEE 754 binary16 nearest towards zero; small values count as zero.
  private func half(_ value: Float) -> UInt16 {
    let sign: UInt16 = value.sign == .minus ? 0x8000 : 0
    guard abs(value) >= 0x1p-14 else { return sign }
    return sign | UInt16(value.exponent + 15) << 10 | UInt16(value.significandBitPattern >> 13)
  }
}
