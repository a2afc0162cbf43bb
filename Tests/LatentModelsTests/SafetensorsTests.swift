import CAllocationCounter
import Foundation
import Tensors
import Testing

@testable import LatentModels

/// A safetensors file with this header text and data.
private func file(_ header: String, data: [UInt8] = []) -> [UInt8] {
  withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8) + data
}

/// The kind of damage that reading `bytes` reports.
private func damage(_ bytes: [UInt8]) -> SafetensorsError.Kind? {
  do {
    _ = try Safetensors(bytes: bytes)
    return nil
  } catch { return (error as? SafetensorsError)?.kind }
}

@Suite("Safetensors")
struct SafetensorsTests {
  @Test("What is written is read back, names, shapes, numbers and metadata")
  func roundTrip() throws {
    let tensors = [
      "b": Tensor(shape: [2, 3], elements: [1, -2, 3.5, .infinity, 0, 6]), "a": Tensor(shape: [], elements: [7]),
      "nothing": Tensor(shape: [0, 4], elements: []),
    ]
    let metadata = ["quote": "a \"b\" \\ \n \u{1} ü 🙂", "empty": ""]
    let read = try Safetensors(bytes: Safetensors.encode(tensors, metadata: metadata))
    #expect(read.metadata == metadata)
    // What would act on a terminal is written as an escape.
    let acting = ["name": "a\u{9B}\u{202E}\u{200B}\u{2028}\tb"]
    let bytes = Safetensors.encode(tensors, metadata: acting)
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.contains("\\u009b\\u202e\\u200b\\u2028\\tb") && !text.unicodeScalars.contains("\u{202E}"))
    #expect(try Safetensors(bytes: bytes).metadata == acting)
    #expect(Set(read.entries.map(\.name)) == Set(tensors.keys))
    for (name, tensor) in tensors { #expect(try read.tensor(name, shape: tensor.shape) == tensor) }
    #expect(read.dataStart % 8 == 0)
  }

  @Test("Escapes of JSON strings are understood, surrogate pairs too")
  func escapes() throws {
    let read = try Safetensors(
      bytes: file(#"{"__metadata__":{"k":"\u00fc\ud83d\ude42\/\b\f\t"}}"#))
    #expect(read.metadata["k"] == "ü🙂/\u{8}\u{c}\t")
    #expect(damage(file(#"{"__metadata__":{"k":"\ud83d"}}"#)) == .malformedHeader)
  }

  @Test(
    "Every kind of damage is told apart",
    arguments: [
      ([1, 2, 3], SafetensorsError.Kind.truncated),
      (file("{}").dropLast(1) + [], .truncated),
      ([255, 255, 255, 255, 255, 255, 255, 127], .oversizedHeader),
      ([1, 225, 245, 5, 0, 0, 0, 0], .oversizedHeader),
      (file("[]"), .malformedHeader), (file(" {}"), .malformedHeader), (file("{} x"), .malformedHeader),
      (file(#"{"a":1}"#), .malformedHeader),
      (file(#"{"a":{"dtype":"F32","shape":[1]}}"#, data: [0, 0, 0, 0]), .malformedHeader),
      (file(#"{"a":{"dtype":"F32","shape":[01],"data_offsets":[0,4]}}"#, data: [0, 0, 0, 0]), .malformedHeader),
      (file(#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, data: [0, 0, 0, 0]), .malformedHeader),
      (file(#"{"a":{"dtype":"F33","shape":[1],"data_offsets":[0,4]}}"#, data: [0, 0, 0, 0]), .unknownType),
      (file(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, data: [0, 0, 0, 0]), .inconsistentSize),
      (file(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, data: [0, 0, 0, 0]), .inconsistentSize),
      (
        file(#"{"a":{"dtype":"F32","shape":[4294967296,4294967296,4],"data_offsets":[0,0]}}"#), .inconsistentSize
      ),
      (file(#"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,0]}}"#), .inconsistentSize),
      (file(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, data: [0, 0]), .truncated),
      (file(#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#, data: [0, 0]), .misplacedData),
      (file(#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, data: [0, 0]), .misplacedData),
      (
        file(
          #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#,
          data: [0, 0, 0]), .misplacedData
      ),
      (
        file(
          #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#,
          data: [0, 0]), .duplicateKey
      ),
      (file(#"{"__metadata__":{"k":"1","k":"2"}}"#), .duplicateKey),
      (file(#"{"__metadata__":{},"__metadata__":{}}"#), .duplicateKey),
    ])
  func damaged(bytes: [UInt8], kind: SafetensorsError.Kind) { #expect(damage(bytes) == kind) }

  @Test("A header of nothing but tiny entries claims little more memory than the file has, and its error stays short")
  func hostile() throws {
    let metadata = (0..<200_000).map { #""\#($0)":"""# }.joined(separator: ",")
    let tensors = (0..<70_000).map { #""\#($0)":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}"# }
    for header in [
      #"{"__metadata__":{\#(metadata)}}"#, "{\(tensors.joined(separator: ","))}",
      #"{"a":{"dtype":"U8","shape":[\#(String(repeating: "1,", count: 500_000))1],"data_offsets":[0,0]}}"#,
      #"{"\#(String(repeating: "\u{9b}A", count: 500_000))":{"dtype":"F99","shape":[],"data_offsets":[0,0]}}"#,
    ] {
      let bytes = file(header)
      let error = #expect(throws: SafetensorsError.self) { try Safetensors(bytes: bytes) }
      let most = mostHeld { _ = try? Safetensors(bytes: bytes) }
      #expect(most <= 5 * bytes.count, "\(most) bytes for a file of \(bytes.count)")
      let description = try #require(error).description
      #expect(description.count < 500)
      #expect(!description.unicodeScalars.contains { $0.properties.generalCategory == .control })
    }
  }

  /// The table of names and the words of an error are a few kilobytes, however short the file was cut.
  private static let overhead = 16_384

  /// The most bytes that this thread held at once while it did something, of those it took for it.
  private func mostHeld(while work: () -> Void) -> Int {
    var count: UInt64 = 0
    return withUnsafeMutablePointer(to: &count) { counter in
      zscope_count_allocations(counter)
      defer { zscope_count_allocations(nil) }
      work()
      return Int(zscope_peak_allocated_bytes())
    }
  }

  @Test("100,000 mutated checkpoints crash nothing, and none makes its reader allocate more than the file's size")
  func mutations() throws {
    let configuration = Fixture.configuration(hidden: [64, 32])
    let sound = try Checkpoint.encode(
      Fixture.model(configuration), state: TrainingState(configuration), optimiserFile: "o")
    // Once each way, for what Swift allocates when code runs for the first time.
    _ = try Checkpoint.decode(sound, path: "sound")
    #expect(throws: CheckpointError.self) { try Checkpoint.decode(sound.dropLast(), path: "short") }
    let headerEnd = try Safetensors(bytes: sound).dataStart
    let random = CounterRandom(seed: 2)
    var drawn: UInt64 = 0
    func draw(_ bound: Int) -> Int {
      drawn += 1
      return random.integer(below: bound, drawn)
    }
    let interesting: [UInt8] = Array(#"{}[]":,0919\u-."#.utf8) + [0, 255, 127, 128]
    var accepted = 0
    var most = Int.min
    for _ in 0..<100_000 {
      var bytes = sound
      for _ in 0...draw(3) {
        guard !bytes.isEmpty else { break }
        let place = draw(4) == 0 ? draw(bytes.count) : draw(min(headerEnd, bytes.count))
        switch draw(7) {
        case 0: bytes[place] ^= 1 << UInt8(draw(8))
        case 1: bytes[place] = interesting[draw(interesting.count)]
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + draw(40)))
        case 3: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 1 + draw(40))], at: place)
        case 4: bytes.removeLast(draw(bytes.count))
        case 5: bytes[min(draw(8), bytes.count - 1)] = UInt8(draw(256))
        default: bytes.insert(interesting[draw(interesting.count)], at: place)
        }
      }
      guard bytes != sound else { continue }
      let read = { if (try? Checkpoint.decode(bytes, path: "mutated")) != nil { accepted += 1 } }
      var held = mostHeld(while: read) - bytes.count
      // Now and then one of Swift's own tables grows under way, for the whole program: not for the same file again.
      if held > Self.overhead { held = min(held, mostHeld(while: read) - bytes.count) }
      most = max(most, held)
    }
    #expect(accepted == 0, "the checksum covers every byte that matters")
    #expect(most <= Self.overhead, "a reading held \(most) bytes more than the file has")
    if zscope_can_count_allocations() == 0 {
      print("SKIPPED: a sanitizer's allocator does not let allocations be counted")
    }
  }

  @Test("Python's safetensors reads what is written, and is read")
  func pythonReadsAndIsRead() throws {
    guard pythonHas("numpy", "safetensors") else {
      print("SKIPPED: python3 with numpy and safetensors is not installed")
      return
    }
    let folder = try TemporaryFolder()
    let path = folder.file("model.safetensors")
    try Checkpoint.save(Fixture.model(), to: path)
    let output = try python(
      """
      import sys, json, numpy
      from safetensors import safe_open
      from safetensors.numpy import save_file
      with safe_open(sys.argv[1], "np") as f:
          tensors = {k: f.get_tensor(k) for k in f.keys()}
          metadata = f.metadata()
          print(json.dumps({"shapes": {k: list(v.shape) for k, v in tensors.items()}, "metadata": metadata}))
      metadata["checksum"] = "none"
      tensors["decoder.0.bias"] = tensors["decoder.0.bias"] + 1
      save_file(tensors, sys.argv[2], metadata)
      """, [path, folder.file("changed.safetensors")])
    struct Seen: Decodable {
      let shapes: [String: [Int]]
      let metadata: [String: String]
    }
    let seen = try JSONDecoder().decode(Seen.self, from: Data(output.utf8))
    #expect(seen.shapes["encoder.0.weight"] == [8, 12])
    #expect(seen.shapes["encoder.4.weight"] == [4, 5])
    #expect(seen.shapes["decoder.4.bias"] == [12])
    #expect(seen.metadata["step"] == "12")
    #expect(seen.metadata["dataDigest"] == "00ff")
    let changed = try Checkpoint.load(folder.file("changed.safetensors"))
    let difference =
      (changed.parameters["decoder.0.bias"]?.elements[0] ?? 0)
      - (Fixture.model().parameters["decoder.0.bias"]?.elements[0] ?? 0)
    #expect(abs(difference - 1) < 1e-6)
  }
}

/// Whether python3 is there and can import all of `modules`.
func pythonHas(_ modules: String...) -> Bool {
  (try? python("import \(modules.joined(separator: ", "))", [])) != nil
}

/// What a Python program prints. Throws if it fails.
func python(_ program: String, _ arguments: [String], in folder: URL? = nil) throws -> String {
  struct Failed: Error { let status: Int32 }
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = ["python3", "-c", program] + arguments
  process.currentDirectoryURL = folder
  let output = Pipe()
  process.standardOutput = output
  process.standardError = FileHandle.nullDevice
  try process.run()
  let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
  process.waitUntilExit()
  guard process.terminationStatus == 0 else { throw Failed(status: process.terminationStatus) }
  return String(decoding: bytes, as: UTF8.self)
}
