import Datasets
import Foundation
import Tensors
import Testing

@testable import LatentModels

/// The folder of this package.
let packageFolder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// A folder that is removed when the test has ended.
final class TemporaryFolder {
  let path: String
  init() throws {
    path = "\(NSTemporaryDirectory())/zscope-\(UUID().uuidString)"
    try makeFolder(path)
  }
  deinit { try? FileManager.default.removeItem(atPath: path) }
  func file(_ name: String) -> String { "\(path)/\(name)" }
}

/// Small models and data that train in milliseconds.
enum Fixture {
  static func configuration(
    hidden: [Int] = [8, 5], latent: Int = 2, objective: ObjectiveConfiguration = ObjectiveConfiguration(),
    treatment: PixelTreatment = .grey, epochs: Int = 3, batch: Int = 16, seed: UInt64 = 7,
    likelihood: Likelihood = .bernoulli
  ) -> Configuration {
    Configuration(
      model: ModelConfiguration(
        imageHeight: 4, imageWidth: 3, hidden: hidden, latent: latent, likelihood: likelihood),
      objective: objective,
      training: TrainingConfiguration(
        data: "blobs", treatment: treatment, epochs: epochs, batch: batch, rate: 1e-2, seed: seed, heldOut: 20,
        checkpointEvery: 2))
  }

  /// The likelihood of a row, told 0.3 where it takes a number.
  static func likelihood(_ row: LikelihoodKind) throws -> Likelihood {
    try #require(Likelihood(row.name + (row.parameter == nil ? "" : ":0.3")))
  }

  static func model(_ configuration: Configuration = configuration(), step: Int = 12) -> LatentModel {
    LatentModel(
      trusting: Initialization.parameters(configuration.model.parameters, seed: configuration.training.seed),
      configuration: configuration, step: step, epoch: 3, dataDigest: "00ff")
  }

  /// Images of 4 × 3 pixels with one of three bright rows: easy to learn.
  static func images(_ count: Int, seed: UInt64 = 3) throws -> ImageSet {
    let random = CounterRandom(seed: seed)
    var pixels: [UInt8] = []
    for image in 0..<count {
      let bright = image % 3
      for pixel in 0..<12 {
        let noise = random.integer(below: 60, UInt64(image * 12 + pixel))
        pixels.append(UInt8(pixel / 3 == bright ? 190 + noise : noise))
      }
    }
    return try ImageSet(
      name: "blobs", width: 3, height: 4, pixels: pixels, labels: (0..<count).map { Int32($0 % 3) })
  }

  static func tensors(_ parameters: Parameters) -> [String: Tensor] {
    Dictionary(
      parameters.names.map { ($0, parameters[$0] ?? Tensor(shape: [])) }, uniquingKeysWith: { first, _ in first })
  }
}

extension TrainingSession {
  /// Waits until something holds. Where the training ends before, or a minute passes, that is an issue of the test.
  func wait(sourceLocation: SourceLocation = #_sourceLocation, until holds: () throws -> Bool) rethrows {
    let end = ContinuousClock.now + .seconds(60)
    while try !holds() {
      if state.isOver || ContinuousClock.now > end {
        // What is told at the end is told before the state is.
        guard try !holds() else { return }
        Issue.record("what is waited for has not come: the training is \(state)", sourceLocation: sourceLocation)
        return
      }
      usleep(200)
    }
  }

  /// Waits until a snapshot of this step, or a later one, is there.
  func wait(forStep step: Int, sourceLocation: SourceLocation = #_sourceLocation) {
    wait(sourceLocation: sourceLocation) { snapshots.latest?.step ?? 0 >= step }
  }

  /// Waits until a snapshot of this epoch, or a later one, is there.
  func wait(forEpoch epoch: Int, sourceLocation: SourceLocation = #_sourceLocation) {
    wait(sourceLocation: sourceLocation) { snapshots.latest?.epoch ?? 0 >= epoch }
  }
}

/// Takes single steps until `step` of them are done, or the training is over.
func advance(_ session: TrainingSession, to step: Int, sourceLocation: SourceLocation = #_sourceLocation) {
  while !session.state.isOver, session.snapshots.latest?.step ?? 0 < step {
    let done = session.snapshots.latest?.step ?? 0
    session.step()
    session.wait(sourceLocation: sourceLocation) { session.snapshots.latest?.step ?? 0 > done || session.state.isOver }
    if session.snapshots.latest?.step ?? 0 <= done { return }
  }
}

/// Whether MNIST can be opened; says loudly that tests are skipped where it cannot.
let isMNISTThere: Bool = {
  if (try? DataLibrary.open("mnist", part: .test, count: 1)) != nil { return true }
  print("SKIPPED: MNIST is neither in ZSCOPE_DATA nor in ../shared/mnist, so no model is held against real digits")
  return false
}()

extension RunDirectory {
  /// The numbered checkpoint of an epoch.
  func checkpointPath(epoch: Int) -> String { "\(path)/\(Self.checkpointName(epoch: epoch))" }
}
