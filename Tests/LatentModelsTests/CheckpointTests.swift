import Datasets
import Foundation
import Tensors
import Testing

@testable import LatentModels

/// What reading these bytes as a checkpoint complains of.
private func complaint(_ bytes: [UInt8]) -> String {
  do {
    _ = try Checkpoint.decode(bytes, path: "m.safetensors")
    return ""
  } catch { return "\(error)" }
}

/// Moments of zero for the small model.
private let noMoments = Dictionary(
  uniqueKeysWithValues: Fixture.configuration().model.parameters.map { name, shape in
    (name, (first: Tensor(shape: shape), second: Tensor(shape: shape)))
  })

@Suite("Checkpoints")
struct CheckpointTests {
  @Test("A checkpoint returns the same model, bit for bit")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let model = Fixture.model()
    try Checkpoint.save(model, to: folder.file("m.safetensors"))
    let read = try Checkpoint.load(folder.file("m.safetensors"))
    #expect(read.configuration == model.configuration)
    #expect((read.step, read.epoch, read.dataDigest) == (12, 3, "00ff"))
    #expect(Fixture.tensors(read.parameters) == Fixture.tensors(model.parameters))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["m.safetensors"])
  }

  @Test("A flipped bit anywhere in the weights or the metadata is found")
  func bitFlips() throws {
    let sound = try Checkpoint.encode(Fixture.model())
    for place in stride(from: 0, to: sound.count, by: 7) {
      for bit in [0, 5] {
        var bytes = sound
        bytes[place] ^= 1 << UInt8(bit)
        #expect(!complaint(bytes).isEmpty, "byte \(place), bit \(bit)")
      }
    }
  }

  @Test("Errors name the problem: a truncated, a foreign, a newer, a misshapen file")
  func errors() throws {
    let model = Fixture.model()
    let sound = try Checkpoint.encode(model)
    #expect(complaint(Array(sound.dropLast(3))).contains("ends at byte"))
    #expect(complaint([]).contains("too few"))
    #expect(complaint(Safetensors.encode([:], metadata: [:])).contains("do not say that zscope wrote it"))
    let file = try Safetensors(bytes: sound)
    var metadata = file.metadata
    metadata["checksum"] = nil
    let tensors = Fixture.tensors(model.parameters)
    func sealed(_ tensors: [String: Tensor], _ metadata: [String: String]) -> String {
      complaint(Checkpoint.seal(tensors, metadata: metadata))
    }
    #expect(sealed(tensors, metadata).isEmpty)
    #expect(sealed(tensors, metadata.merging(["version": "9"]) { $1 }).contains("version 9"))
    var wrong = tensors
    wrong["encoder.0.weight"] = Tensor(shape: [12, 8])
    #expect(sealed(wrong, metadata).contains("encoder.0.weight has the shape [12, 8], not [8, 12]"))
    wrong = tensors
    wrong["decoder.4.bias"] = nil
    #expect(sealed(wrong, metadata).contains("no tensor decoder.4.bias"))
    wrong = tensors
    wrong["extra"] = Tensor(shape: [1])
    #expect(sealed(wrong, metadata).contains("a tensor extra"))
    let newer = (metadata["configuration"] ?? "").replacing("\"version\":1", with: "\"version\":2")
    #expect(sealed(tensors, metadata.merging(["configuration": newer]) { $1 }).contains("configuration version 2"))
    #expect(sealed(tensors, metadata.filter { $0.key != "step" }).contains("lack the step"))
  }

  @Test("A model of absurd size is refused before anything is allocated")
  func absurd() throws {
    let model = Fixture.model()
    let json = try model.configuration.json().replacing("\"latent\":2", with: "\"latent\":9000000000000")
    #expect(throws: ConfigurationError.self) { try Configuration(json: json) }
  }

  @Test("A run directory keeps its moments beside the newest checkpoint, and only those")
  func latest() throws {
    let folder = try TemporaryFolder()
    let run = try RunDirectory.create(folder.file("run"), configuration: Fixture.configuration())
    var state = soundState(0)
    let moments = Dictionary(
      uniqueKeysWithValues: Fixture.configuration().model.parameters.map { name, shape in
        (name, (first: Tensor(shape: shape, filledWith: 0.5), second: Tensor(shape: shape, filledWith: 0.25)))
      })
    for step in [3, 12] {
      state = soundState(step)
      state.controls["beta"] = 2.5
      try run.saveLatest(Fixture.model(step: step), state: state, moments: Moments(pairs: moments))
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: run.path).sorted()
    #expect(names == [".lock", "config.json", "latest.optimiser-12.safetensors", "latest.safetensors"])
    let resumption = try #require(try run.resumption(of: Fixture.configuration(), smallShape))
    #expect(resumption.state == state)
    #expect(resumption.moments?.pairs["encoder.0.weight"]?.second.elements[0] == 0.25)
    #expect(throws: RunDirectoryError.exists(run.path)) {
      try RunDirectory.create(run.path, configuration: Fixture.configuration())
    }
  }

  @Test("A kill between the two renames leaves the checkpoint before, whole")
  func killBetweenRenames() throws {
    let folder = try TemporaryFolder()
    let run = try RunDirectory.create(folder.file("run"), configuration: Fixture.configuration())
    let state = soundState(3)
    try run.saveLatest(Fixture.model(step: 3), state: state, moments: Moments(pairs: noMoments))
    // What a kill would leave after the moments of step 9 were renamed, and a torn temporary file.
    try writeAtomically([1, 2, 3], to: "\(run.path)/latest.optimiser-9.safetensors")
    try writeAtomically([1], to: "\(run.path)/.latest.safetensors.77-1.partial")
    let resumption = try #require(try run.resumption(of: Fixture.configuration(), smallShape))
    #expect(resumption.state.step == 3)
  }

  @Test("A kill beside a new best checkpoint leaves the best that the newest checkpoint knows of", arguments: [2, 5])
  func killBesideBest(known: Int) throws {
    let folder = try TemporaryFolder()
    let run = try RunDirectory.create(folder.file("run"), configuration: Fixture.configuration())
    func model(epoch: Int) -> LatentModel {
      let model = Fixture.model()
      return LatentModel(
        trusting: model.parameters, configuration: model.configuration, step: 7 * epoch, epoch: epoch, dataDigest: nil)
    }
    var state = soundState(14)
    try run.saveLatest(model(epoch: 2), state: state, moments: Moments(pairs: noMoments), best: model(epoch: 2))
    #expect(try Checkpoint.load(run.bestPath).epoch == 2)
    // The best of epoch 5 was written; the newest checkpoint beside it was or was not.
    try Checkpoint.save(model(epoch: 5), to: "\(run.path)/best-waiting.safetensors")
    // And another write of it was cut off.
    try writeAtomically([1], to: "\(run.path)/.best-waiting.safetensors.77-1.partial")
    run.removeLeftovers()
    state = soundState(35)
    state.best = TrainingState.Best(epoch: known, terms: [])
    try run.saveLatest(model(epoch: 5), state: state, moments: Moments(pairs: noMoments))
    try run.settleBest(
      epoch: try #require(try run.resumption(of: Fixture.configuration(), smallShape)).state.best?.epoch)
    #expect(try Checkpoint.load(run.bestPath).epoch == known)
    #expect(try FileManager.default.contentsOfDirectory(atPath: run.path).allSatisfy { !$0.contains("waiting") })
  }

  @Test("Records beyond the resumed step are left out of the log")
  func truncatedLog() throws {
    let folder = try TemporaryFolder()
    let run = try RunDirectory.create(folder.file("run"), configuration: Fixture.configuration())
    let records = (1...4).map {
      MetricsRecord(
        epoch: $0, step: 7 * $0, images: smallShape.images(after: 7 * $0), seconds: 0, learningRate: 1e-3,
        controls: ["beta": 1, "rate": 1e-3],
        training: [Term(name: "KL", value: 0.1), Term(name: "loss", value: 5.5)], heldOut: nil)
    }
    for record in records { try run.append(record) }
    #expect(try run.metrics() == records)
    let state = soundState(17)
    try run.saveLatest(Fixture.model(step: 17), state: state, moments: Moments(pairs: noMoments))
    #expect(try run.resumption(of: Fixture.configuration(), smallShape)?.metrics.map(\.epoch) == [1, 2])
  }

  @Test("Two trainers cannot have one run")
  func lock() throws {
    let folder = try TemporaryFolder()
    let run = try RunDirectory.create(folder.file("run"), configuration: Fixture.configuration())
    let locked = RunDirectoryError.locked(path: run.path, holder: "process \(getpid())")
    #expect(throws: locked) { try RunDirectory.open(run.path).held() }
    #expect(throws: locked) { try RunDirectory.create(run.path, configuration: Fixture.configuration()) }
    // The file that says so may be removed.
    #expect(unlink("\(run.path)/.lock") == 0)
    #expect(throws: RunDirectoryError.locked(path: run.path, holder: "unknown")) {
      try RunDirectory.open(run.path).held()
    }
    run.lock?.release()
    #expect(try RunDirectory.open(run.path).held().lock?.isHeld == true)
  }
}
