import Datasets
import Glibc
import LatentModels
import Tensors

/// One epoch of a training, with the matrix-product peak of the same moment beside it: a machine that runs at half speed
/// for a while shows in both.
struct MeasuredEpoch: Encodable {
  let seconds: Double
  /// The mean of the peaks before and after it.
  let sgemmPeakGigaflops: Double
}

/// Runs a training epoch by epoch: it rests while something else is measured.
final class EpochMeter {
  private let session: TrainingSession
  private let threads: Int
  private var epochs = 0
  private var seconds = 0.0
  private var peak: Double?

  /// - Throws: what `TrainingSession` throws.
  init(_ configuration: Configuration, images: ImageSet, threads: Int) throws {
    self.threads = threads
    session = try TrainingSession(configuration: configuration, training: images, heldOut: nil, threads: threads)
    try session.start(paused: true)
  }

  /// Trains for the next epoch.
  ///
  /// - Parameter isPeakMeasured: whether the peak is measured before it (unless it was after the epoch before) and after.
  /// - Throws: `CommandError` where the training fails.
  func next(measuringPeak isPeakMeasured: Bool = true) throws -> MeasuredEpoch {
    let before = isPeakMeasured ? try peak ?? Self.peak(threads) : .nan
    session.resume()
    let snapshot = try waitForEpoch()
    session.pause()
    defer { (epochs, seconds) = (snapshot.metrics.count, snapshot.metrics.last?.seconds ?? seconds) }
    while session.state == .running { usleep(500) }
    let after = isPeakMeasured ? try Self.peak(threads) : .nan
    peak = isPeakMeasured ? after : nil
    // Short epochs may end faster than the training can be halted.
    let number = Double(snapshot.metrics.count - epochs)
    return MeasuredEpoch(
      seconds: ((snapshot.metrics.last?.seconds ?? .nan) - seconds) / number, sgemmPeakGigaflops: (before + after) / 2)
  }

  /// The first snapshot with one epoch more.
  private func waitForEpoch() throws -> Snapshot {
    while true {
      let state = session.state
      if let snapshot = session.snapshots.take(), snapshot.metrics.count > epochs { return snapshot }
      if case .failed(let reason) = state { throw CommandError("the training failed: \(reason)") }
      if state.isOver { throw CommandError("the training ended before its last epoch was measured") }
      usleep(500)
    }
  }

  /// Ends the training and gives its model.
  func finish() -> LatentModel {
    session.stop()
    return session.wait().model
  }

  /// A few products: enough to see at what speed the machine runs just now.
  static func peak(_ threads: Int) throws -> Double { try SgemmPeak.measure(threads: threads, repetitions: 3) }
}
