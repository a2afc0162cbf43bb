import Datasets
import Foundation
import Glibc
import Tensors
import Testing

@testable import LatentModels

/// How many files are damaged, and how: `.ci/fuzz-runs` asks for more, under AddressSanitizer.
private let rounds = environmentVariable("ZSCOPE_FUZZ_COUNT").flatMap { Int($0) } ?? 300
private let seed = environmentVariable("ZSCOPE_FUZZ_SEED").flatMap { UInt64($0) } ?? 20_261_126

/// Damage as files meet it, and as somebody who knows the program would do it: bytes that are changed, cut off or
/// repeated, and numbers in the JSON that are replaced by others, with a checksum that is right again.
private struct Damage {
  var random: SplitMix
  private static let numbers = [
    "-1", "0", "1", "-9223372036854775808", "9223372036854775807", "9223372036854775808", "1e308", "-1e308", "1e-320",
    "4294967296", "2147483648", "0.5", "null", "\"x\"", "[]", "{}", "true", "1e999", "4611686018427387904", "1048577",
  ]

  mutating func number(below bound: Int) -> Int { Int(random.next() % UInt64(max(1, bound))) }

  mutating func bytes(_ file: [UInt8]) -> [UInt8] {
    var file = file
    for _ in 0...number(below: 3) where !file.isEmpty {
      let place = number(below: file.count)
      switch number(below: 5) {
      case 0: file[place] ^= 1 << UInt8(number(below: 8))
      case 1: file[place] = UInt8(truncatingIfNeeded: random.next())
      case 2: file.removeSubrange(place...)
      case 3: file.removeSubrange(place..<min(file.count, place + 1 + number(below: 9)))
      default: file.insert(contentsOf: file[place..<min(file.count, place + 1 + number(below: 40))], at: place)
      }
    }
    return file
  }

  /// JSON in which one of the values, or one of the keys, is another.
  mutating func json(_ text: String) -> String {
    var places: [Range<String.Index>] = []
    for match in text.matches(of: #/-?[0-9][-+0-9.eE]*|true|false|null|"[^"\\]*"(?=\s*[:,}\]])/#) {
      places.append(match.range)
    }
    guard !places.isEmpty else { return text }
    var text = text
    text.replaceSubrange(places[number(below: places.count)], with: Self.numbers[number(below: Self.numbers.count)])
    return text
  }

  /// A checkpoint with other metadata or weights and a checksum that is right.
  mutating func checkpoint(_ file: [UInt8]) throws -> [UInt8] {
    let read = try Safetensors(bytes: file)
    var metadata = read.metadata
    var tensors: [String: Tensor] = [:]
    for entry in read.entries { tensors[entry.name] = try read.tensor(entry.name) }
    let keys = metadata.keys.sorted()
    let key = keys[number(below: keys.count)]
    switch number(below: 8) {
    case 0: metadata[key] = nil
    case 1: metadata[key] = Self.numbers[number(below: Self.numbers.count)]
    case 2:
      let names = tensors.keys.sorted()
      let name = names[number(below: names.count)]
      if var tensor = tensors[name], tensor.count > 0 {
        let values: [Float] = [.nan, .infinity, 3e38, -3e38, .leastNonzeroMagnitude, 1e20]
        let (place, value) = (number(below: tensor.count), values[number(below: values.count)])
        tensor.withUnsafeMutableBufferPointer { $0[place] = value }
        tensors[name] = tensor
      }
    default:
      for key in ["state", "configuration", "step", "epoch"] where number(below: 2) == 0 {
        if let value = metadata[key] { metadata[key] = json(value) }
      }
    }
    metadata["checksum"] = nil
    return Checkpoint.seal(tensors, metadata: metadata)
  }
}

/// Vigna's SplitMix64.
private struct SplitMix {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

@Suite("Damaged runs", .serialized)
struct RunFuzzTests {
  /// What a fuzzed training says when it refuses; anything else that it throws is a bug.
  private func isTyped(_ error: any Error) -> Bool {
    error is CheckpointError || error is RunDirectoryError || error is ConfigurationError || error is DatasetError
      || error is TrainingError || error is ModelLibraryError
  }

  /// A process each: two sessions of tests beside each other would take each other's runs away.
  private static let folder = "\(NSTemporaryDirectory())/zscope-fuzz-runs-\(getpid())"

  /// A run that was stopped within its third epoch, with a best, a numbered and a newest checkpoint.
  private func soundRun(at path: String) throws -> Configuration {
    let images = try Fixture.images(120)
    var configuration = Fixture.configuration(epochs: 100_000)
    configuration.training.checkpointEvery = 1
    let session = try TrainingSession(
      configuration: configuration, training: images.subset(0..<100), heldOut: images.subset(100..<120),
      run: try RunDirectory.create(path, configuration: configuration), threads: 1)
    try session.start(paused: true)
    advance(session, to: 16)
    session.stop()
    _ = session.wait()
    return configuration
  }

  /// Resumes a run for one epoch more than it may have come to; whatever is refused is refused with a typed error.
  private func resume(_ path: String, _ images: ImageSet) throws {
    do {
      let run = try RunDirectory.open(path)
      var configuration = try run.configuration()
      configuration.training.epochs = 4
      let session = try TrainingSession(
        configuration: configuration, training: images.subset(0..<100), heldOut: images.subset(100..<120), run: run,
        resuming: true, threads: 1)
      try session.start()
      let outcome = session.wait()
      #expect(outcome.state.isOver)
    } catch { #expect(isTyped(error), "\(type(of: error)): \(error)") }
    do { _ = try ModelLibrary.open(path) } catch { #expect(isTyped(error), "\(type(of: error)): \(error)") }
  }

  @Test("A damaged checkpoint is read or refused with what is wrong")
  func checkpoints() throws {
    try? FileManager.default.removeItem(atPath: Self.folder)
    defer { try? FileManager.default.removeItem(atPath: Self.folder) }
    try makeFolder(Self.folder)
    _ = try soundRun(at: "\(Self.folder)/sound")
    let sound = try ["latest", "best"].map { try readFile("\(Self.folder)/sound/\($0).safetensors") }
    var damage = Damage(random: SplitMix(state: seed))
    for round in 0..<rounds {
      let file = sound[round % sound.count]
      let damaged = round % 3 == 0 ? damage.bytes(file) : try damage.checkpoint(file)
      // Here it is found when a trap ends the process.
      if rounds > 1000 { try writeAtomically(damaged, to: "\(Self.folder)/damaged.safetensors") }
      do {
        let model = try Checkpoint.decode(damaged, path: "damaged").model
        if model.latentSize < 100 { _ = try model.decode([Float](repeating: 0.5, count: model.latentSize)) }
      } catch { #expect(isTyped(error), "\(type(of: error)): \(error)") }
    }
  }

  @Test("A damaged run directory is resumed or refused with what is wrong, and never traps")
  func directories() throws {
    let folder = Self.folder + "-resumed"
    try? FileManager.default.removeItem(atPath: folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try makeFolder(folder)
    _ = try soundRun(at: "\(folder)/sound")
    let images = try Fixture.images(120)
    let names = folderContents("\(folder)/sound").filter { $0 != ".lock" }
    var damage = Damage(random: SplitMix(state: seed &+ 1))
    for _ in 0..<rounds {
      try? FileManager.default.removeItem(atPath: "\(folder)/run")
      try makeFolder("\(folder)/run")
      let hurt = damage.number(below: names.count)
      for (index, name) in names.enumerated() {
        let file = try readFile("\(folder)/sound/\(name)")
        let path = "\(folder)/run/\(name)"
        // The newest checkpoint is what is computed with: it is hurt most often.
        let isHurt = index == hurt || (name == RunDirectory.latestName && damage.number(below: 2) == 0)
        guard isHurt else {
          try write(file, path)
          continue
        }
        switch damage.number(below: 6) {
        case 0: continue
        case 1: try write(damage.bytes(file), path)
        default:
          let hurt =
            name.hasSuffix(".safetensors")
            ? try damage.checkpoint(file) : Array(damage.json(String(decoding: file, as: UTF8.self)).utf8)
          try write(hurt, path)
        }
      }
      try resume("\(folder)/run", images)
    }
  }

  /// Writes without syncing: nothing here need outlive a loss of power.
  private func write(_ bytes: [UInt8], _ path: String) throws { try Data(bytes).write(to: URL(filePath: path)) }
}
