import Datasets
import Foundation
import Glibc
import Tensors
import Testing

@testable import LatentModels

/// Files that a released version wrote, and what that version made of them: `Fixtures/VERSION` holds two runs on
/// `images.npy` (120 pictures of 8 × 8) and a checkpoint. They are never written anew; a new version adds its own folder.
private let released = packageFolder.appending(path: "Tests/LatentModelsTests/Fixtures/0.1.0").path

/// The SHA-256 of a checkpoint's weights, behind its header.
private func weightsDigest(_ path: String) throws -> String {
  let file = try Safetensors(bytes: try readFile(path))
  return file.withData { Digest.sha256(Array($0)) }
}

@Suite("Files of released versions")
struct OldFilesTests {
  private func images() throws -> ImageSet { try ImageSet.read("\(released)/images.npy") }

  @Test(
    "A run opens with its configuration and log, and gives the numbers it gave",
    arguments: [("finished", 0.04124667, 2, 14), ("stopped", 0.03737280, 1, 9)])
  func opens(name: String, divergence: Double, records: Int, step: Int) throws {
    let run = try RunDirectory.open("\(released)/\(name)")
    let configuration = try run.configuration()
    #expect(configuration.training.data == "images.npy" && configuration.training.batch == 16)
    let log = try run.metrics()
    #expect(log.count == records && log.first?.epoch == 1)
    #expect(try Checkpoint.load(run.latestPath).step == step)
    // Of the folder its best checkpoint is opened.
    let opened = try ModelLibrary.open(run.path)
    #expect(opened.problems.isEmpty && opened.metrics == log && opened.model.epoch == records)
    let model = opened.model
    // What the version that wrote it evaluated: the divergence from the prior, in nats an image, of the first hundred.
    let posterior = try model.encode(images().subset(0..<100))
    let sums = zip(posterior.mean.elements, posterior.logVariance.elements).reduce(0.0) { sum, pair in
      let (mean, logVariance) = (Double(pair.0), Double(pair.1))
      return sum + 0.5 * (mean * mean + exp(logVariance) - 1 - logVariance)
    }
    #expect(abs(sums / 100 - divergence) < 1e-6)
  }

  @Test(
    "A run goes on to the weights to which the version that wrote it went on, bit for bit",
    arguments: [
      (
        "finished", 5, "416c11ad5b09fa0869b8042576342b671067faa5166beb9f0fdf7dd992a6ce27",
        "be1d4223f1f527190ed0f4dc33e879e60de52f5cb5e2d4e046dbd7cbb18319a4"
      ),
      (
        "stopped", 4, "46adbad4687e73136eb4f3209f6f6c5c58434710402b12d972528afda195023a",
        "16add02bb54007786b8c09c6557cdf93d232368c72e54406f98f27eff429453b"
      ),
    ])
  func resumes(name: String, epochs: Int, weights: String, weightsWithoutFusedProducts: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("run")
    try FileManager.default.copyItem(atPath: "\(released)/\(name)", toPath: path)
    let run = try RunDirectory.open(path)
    var configuration = try run.configuration()
    configuration.training.epochs = epochs
    let (training, heldOut) = try images().split(
      heldOut: configuration.training.heldOut, seed: configuration.training.seed)
    let session = try TrainingSession(
      configuration: configuration, training: training, heldOut: heldOut, run: run, resuming: true, threads: 2)
    try session.start()
    #expect(session.wait().state == .finished)
    // Kernels for the oldest processors round products and sums apart.
    #expect([weights, weightsWithoutFusedProducts].contains(try weightsDigest(run.latestPath)))
    #expect(try run.metrics().map(\.epoch) == Array(1...epochs))
  }

  @Test("A checkpoint alone opens")
  func checkpoint() throws {
    let model = try Checkpoint.load("\(released)/checkpoint.safetensors")
    #expect(model.epoch == 2 && model.latentSize == 2 && model.configuration.model.hidden == [16])
    #expect(
      try weightsDigest("\(released)/checkpoint.safetensors")
        == "b8b94d27c81e49b09dc901351460b844c88955a932eba331d8ecc2ddd2e59acf")
  }
}
