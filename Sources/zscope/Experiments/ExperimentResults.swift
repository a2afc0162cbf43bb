import Analysis
import Datasets
import LatentModels
import Synchronization
import Tensors

/// The runs of an experiment with one seed, and what `zscope evaluate` says of each, asked for once.
final class ExperimentResults: Sendable {
  /// The run directory of every training, by its name.
  let runs: [String: String]
  let seed: UInt64
  private let known = Mutex<[String: EvaluationOutput]>([:])
  private let judged = Mutex<[String: ConditionalAgreement]>([:])
  private let drawn = Mutex<[String: CodeSample]>([:])

  init(runs: [String: String], seed: UInt64) {
    self.runs = runs
    self.seed = seed
  }

  func run(_ training: String) throws -> String {
    guard let run = runs[training] else { throw CommandError("the experiment has no training \(training)") }
    return run
  }

  /// What `zscope evaluate RUN OPTIONS` tells.
  func report(_ training: String, _ options: [String] = ["--importance-samples", "0"]) throws -> EvaluationOutput {
    let arguments = [try run(training)] + options
    let key = arguments.joined(separator: " ")
    if let report = known.withLock({ $0[key] }) { return report }
    let report = try EvaluationOptions.parse(arguments).report()
    known.withLock { $0[key] = report }
    return report
  }

  /// What one measure says of the test images; nil where it cannot be computed.
  func measure(_ training: String, _ name: String) throws -> Double? {
    let report = try report(training, ["--importance-samples", "0", "--no-probe", "--measures", name])
    guard let first = report.measures?.first, case .success(let result) = first.outcome else { return nil }
    return result.value
  }

  /// `L_5000` on the first thousand test images: an estimate of log p(x), in nats.
  func evidence(_ training: String) throws -> Double? {
    try report(training, ["--importance-samples", "5000", "--samples", "1", "--count", "1000", "--no-probe"])
      .evaluation.importanceWeighted
  }

  /// A term of the log at its greatest after an epoch, and after the last.
  func term(_ training: String, _ name: String) throws -> (greatest: Double, last: Double)? {
    let metrics = try RunDirectory.metrics(at: "\(run(training))/metrics.jsonl")
    func value(_ record: MetricsRecord?) -> Double? {
      guard let record else { return nil }
      return [record.measured, record.heldOut, record.training].compactMap { $0?[name] }.first
    }
    guard let greatest = metrics.compactMap(value).max(), let last = value(metrics.last) else { return nil }
    return (greatest, last)
  }

  /// Codes of the images of one half of the data.
  func codes(_ training: String, of part: DataPart = .test) throws -> CodeSample {
    let key = "\(training) \(part)"
    if let known = drawn.withLock({ $0[key] }) { return known }
    let sample = try CodeSample(of: ModelLibrary.open(run(training)).model, part: part, seed: seed)
    drawn.withLock { $0[key] = sample }
    return sample
  }

  /// The accuracy of the linear probe for the class, in per cent.
  func linearProbe(_ training: String) throws -> Double? { try report(training).linearProbe.map { 100 * $0.accuracy } }

  /// The accuracy of a probe for a property from one variable, in per cent.
  func probe(_ training: String, of property: String, from variable: String) throws -> Double? {
    try report(training).probes?.first { $0.property == property && $0.variable == variable }.map { 100 * $0.accuracy }
  }

  /// How far an independent classifier agrees with the class that images were decoded for, in per cent.
  func agreement(_ training: String, judge: String) throws -> ConditionalAgreement {
    if let known = judged.withLock({ $0[training] }) { return known }
    let agreement = try ConditionalAgreement(
      of: ModelLibrary.open(run(training)).model, judge: ModelLibrary.open(run(judge)).model, seed: seed)
    judged.withLock { $0[training] = agreement }
    return agreement
  }

  /// Seconds that all trainings took.
  func seconds() throws -> Double {
    try runs.values.reduce(0) { try $0 + (RunDirectory.metrics(at: "\($1)/metrics.jsonl").last?.seconds ?? 0) }
  }
}
