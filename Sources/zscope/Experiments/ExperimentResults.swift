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
  private let known = Mutex<[String: EvaluationReport]>([:])
  private let judged = Mutex<[String: ConditionalAgreement]>([:])

  init(runs: [String: String], seed: UInt64) {
    self.runs = runs
    self.seed = seed
  }

  private func run(_ training: String) throws -> String {
    guard let run = runs[training] else { throw CommandError("the experiment has no training \(training)") }
    return run
  }

  /// What `zscope evaluate RUN --importance-samples 0` tells.
  func report(_ training: String) throws -> EvaluationReport {
    if let report = known.withLock({ $0[training] }) { return report }
    let command = try EvaluateCommand.parse([run(training), "--importance-samples", "0"])
    let report = try command.report()
    known.withLock { $0[training] = report }
    return report
  }

  /// The accuracy of the linear probe for the class, in per cent.
  func linearProbe(_ training: String) throws -> Double? { try report(training).linearProbe.map { 100 * $0.accuracy } }

  /// The accuracy of a probe for a property from one variable, in per cent.
  func probe(_ training: String, of property: String, from variable: String) throws -> Double? {
    try report(training).probes?.first { $0.property == property && $0.variable == variable }.map { 100 * $0.accuracy }
  }

  /// How far an independent classifier agrees with the class that images were decoded for, in per cent.
  func agreement(_ training: String) throws -> ConditionalAgreement {
    if let known = judged.withLock({ $0[training] }) { return known }
    let agreement = try ConditionalAgreement(of: ModelLibrary.open(run(training)).model, seed: seed)
    judged.withLock { $0[training] = agreement }
    return agreement
  }

  /// Seconds that all trainings took.
  func seconds() throws -> Double {
    try runs.values.reduce(0) { try $0 + (RunDirectory.metrics(at: "\($1)/metrics.jsonl").last?.seconds ?? 0) }
  }
}

/// Whether images decoded for a class look like that class to a classifier that never saw the model: a vote of the three
/// nearest of 20,000 training images.
struct ConditionalAgreement: Sendable {
  /// Of images decoded from a class and a style drawn from the prior, in per cent.
  let samples: Double
  /// Of images decoded from a class and the style of a test image, in per cent.
  let transfers: Double

  private static let references = 20_000
  private static let styles = 100

  /// - Throws: a `CommandError` of a model without a class.
  init(of model: LatentModel, seed: UInt64) throws {
    guard let columns = model.variables.columns(of: "y") else {
      throw CommandError("the model has no variable for the class")
    }
    let training = model.configuration.training
    let learnt = try DataLibrary.open(training.data, part: .training, count: Self.references, asFor: training)
    guard let labels = learnt.labels else { throw CommandError("\(learnt.name) has no labels") }
    let judge = try NearestNeighbourClassifier(references: learnt.tensor(), labels: labels)
    let test = try DataLibrary.open(training.data, part: .test, count: Self.styles, asFor: training)
    let pool = WorkerPool(threads: Machine.threads)
    func share(_ styles: Tensor) throws -> Double {
      let width = styles.rowCount
      var (codes, classes): ([Float], [Int32]) = ([], [])
      for row in 0..<styles.shape[0] {
        for label in 0..<columns.count {
          var code = Array(styles.elements[row * width..<(row + 1) * width])
          for column in columns { code[column] = column == columns.lowerBound + label ? 1 : 0 }
          codes += code
          classes.append(Int32(label))
        }
      }
      let images = try model.decode(Tensor(shape: [classes.count, width], elements: codes))
      let told = try judge.predict(images, pool: pool)
      return 100 * Double(zip(told, classes).count { $0 == $1 }) / Double(max(1, classes.count))
    }
    samples = try share(model.priorCodes(count: Self.styles, seed: seed))
    transfers = try share(model.encode(test).mean)
  }
}
