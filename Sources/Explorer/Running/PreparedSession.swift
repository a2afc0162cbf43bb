import Datasets
import HarmlessText
import LatentModels

/// A training session that is ready to start, with what the panes will watch.
struct PreparedSession: Sendable {
  let session: TrainingSession
  let path: String
  /// The images whose codes the scatter shows.
  let images: ImageSet
  let trainingCount: Int

  /// Makes the run directory and plans the graph for data that are open; takes a second or so.
  init(_ data: TrainingData, run: String?) throws {
    let (training, heldOut) = (data.training, data.heldOut)
    path = run ?? RunPath.fresh(for: data.configuration)
    let directory = try RunDirectory.create(path, configuration: data.configuration)
    session = try TrainingSession(
      configuration: data.configuration, training: training, heldOut: heldOut, run: directory, given: data.given)
    images = heldOut.count > 0 ? heldOut : training.subset(0..<min(5_000, training.count))
    trainingCount = training.count
  }

  /// A session that the command line prepared; the scatter watches the data set's test images.
  init(_ session: TrainingSession, in run: RunDirectory) throws {
    self.session = session
    path = run.path
    let training = session.configuration.training
    let reading = training.reading ?? ImageReading()
    let named = try? DataLibrary.open(training.data, part: .test, count: 5_000, reading: reading)
    let shown = try named ?? DataLibrary.open(training.data, part: .training, count: 5_000, reading: reading)
    images = shown.numberingClasses(for: session.configuration.model)
    trainingCount = 0
  }

  /// A run taken up from its last good checkpoint, at a rate of its own where one is given; one that has diverged without
  /// the explorer's knowing at one that can work.
  ///
  /// - Throws: `CompletedRun` where no step is left to take; what stands against the session otherwise.
  init(resuming path: String, rate: Double?) throws {
    let directory = try RunDirectory.open(path)
    let configuration = try directory.configuration()
    let data = try TrainingData.open(configuration)
    session = try TrainingSession(
      configuration: configuration, training: data.training, heldOut: data.heldOut, run: directory, resuming: true,
      rate: rate ?? directory.divergence?.proposedRate)
    let beginning = session.progressAtBeginning
    guard beginning.step < beginning.totalSteps else {
      throw CompletedRun(path: path, epochs: configuration.training.epochs)
    }
    self.path = directory.path
    images = data.heldOut.count > 0 ? data.heldOut : data.training.subset(0..<min(5_000, data.training.count))
    trainingCount = data.training.count
  }
}

/// Why a run is not taken up whose epochs are all done.
struct CompletedRun: Error, CustomStringConvertible {
  let path: String
  let epochs: Int

  var description: String {
    let done = epochs == 1 ? "its 1 epoch is done" : "all \(Numbers.grouped(epochs)) epochs are done"
    return "\(done); zscope train --resume \(path.shellWord) --epochs \(2 * epochs) goes further"
  }
}
