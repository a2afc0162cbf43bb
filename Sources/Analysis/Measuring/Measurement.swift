import Datasets
import Tensors

/// One round of measures of one representation: what they share (samples, bins, splits) is computed once.
///
/// A measurement belongs to one thread at a time; the work inside is spread over `pool`.
public final class Measurement {
  /// The codes that are measured.
  public let representation: Representation
  /// Codes that classifiers learn from; nil: they learn from `representation`.
  public let training: Representation?
  /// Codes that what was learnt is tried on; nil: on `representation` where there are `training` codes, and on a part
  /// that is kept back where there are none.
  public let test: Representation?
  /// Whether the prior is standard normal.
  public let hasStandardNormalPrior: Bool
  /// Decides splits, samples and pairs.
  public let seed: UInt64
  /// The threads; results do not depend on their number.
  public let pool: WorkerPool
  private let settings: [String: Double]
  private let isCancelled: () -> Bool
  private var shared: [String: Any] = [:]

  /// A measurement of `representation`.
  ///
  /// - Parameters:
  ///   - training: codes to learn from, of the same dimensions and factors.
  ///   - test: codes to try on what was learnt, of the same dimensions and factors.
  ///   - settings: values by the names of `MeasureSetting`s; defaults for the others.
  ///   - isCancelled: asked now and then; true makes what is running throw `CancellationError`.
  /// - Throws: `AnalysisError` for settings that do not exist or are out of range, and for training or test codes of
  ///   other dimensions or factors.
  public init(
    of representation: Representation, training: Representation? = nil, test: Representation? = nil,
    hasStandardNormalPrior: Bool = true, settings: [String: Double] = [:], seed: UInt64 = 1,
    pool: WorkerPool = .inline, isCancelled: @escaping () -> Bool = { false }
  ) throws {
    let known = Measure.allSettings
    for (name, value) in settings.sorted(by: { $0.key < $1.key }) {
      guard let setting = known.first(where: { $0.name == name }) else {
        throw AnalysisError.unknown(what: "setting", name: name, known: known.map(\.name))
      }
      try setting.check(value)
    }
    for (other, name) in [(training, "training"), (test, "test")] {
      guard let other else { continue }
      try Self.check(other, name, against: representation)
    }
    self.representation = representation
    self.training = training
    self.test = test
    self.hasStandardNormalPrior = hasStandardNormalPrior
    self.settings = settings
    self.seed = seed
    self.pool = pool
    self.isCancelled = isCancelled
  }

  private static func check(_ other: Representation, _ name: String, against: Representation) throws {
    guard other.dimensions == against.dimensions else {
      throw AnalysisError.otherShape(
        what: "\(name) codes", found: other.means.shape, expected: [other.count, against.dimensions])
    }
    guard other.units == against.units else {
      throw AnalysisError.undefined("the \(name) codes are not held in the units of the codes")
    }
    guard other.factors.map(\.name) == against.factors.map(\.name) else {
      throw AnalysisError.undefined(
        "the factors of the \(name) codes (\(other.factors.map(\.name).joined(separator: ", "))) are not those of the "
          + "codes (\(against.factors.map(\.name).joined(separator: ", ")))")
    }
    guard (other.labels == nil) == (against.labels == nil) || !against.factors.isEmpty else {
      throw AnalysisError.undefined("only one of the codes and the \(name) codes has labels: give both")
    }
  }

  /// The value of `setting` in this round.
  func value(_ setting: MeasureSetting) -> Double { settings[setting.name] ?? setting.defaultValue }
  /// The value of a whole `setting` in this round.
  func whole(_ setting: MeasureSetting) -> Int { Int(value(setting)) }

  /// Throws `CancellationError` where the caller no longer wants the result.
  func checkCancellation() throws {
    if isCancelled() { throw CancellationError() }
  }

  /// What `make` made the first time that `key` was asked for.
  func once<Value>(_ key: String, _ make: () throws -> Value) rethrows -> Value {
    if let known = shared[key] as? Value { return known }
    let made = try make()
    shared[key] = made
    return made
  }

  /// Random numbers for `purpose`, apart from those of every other purpose.
  func random(_ purpose: String) -> CounterRandom {
    // FNV-1a: a fixed number for a name.
    let stream = purpose.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    return CounterRandom(seed: seed, stream: stream)
  }

  /// The images whose label is known; throws where fewer than two classes occur.
  var labelled: Representation {
    get throws {
      try once("labelled") {
        let labelled = try Self.labelled(representation)
        guard Set(labelled.labels ?? []).count > 1 else { throw AnalysisError.oneClass }
        return labelled
      }
    }
  }

  private static func labelled(_ representation: Representation) throws -> Representation {
    guard let labels = representation.labels else { throw AnalysisError.missing(measure: "this", what: "labels") }
    let rows = labels.indices.filter { labels[$0] >= 0 }
    return rows.count == labels.count ? representation : representation.subset(rows)
  }

  /// Labelled codes to learn from and others to try on.
  var labelledSplit: Split {
    get throws {
      try once("labelled split") {
        let split = try split { try Self.labelled($0) }
        let (learnt, tried) = (Set(split.training.labels ?? []), Set(split.test.labels ?? []))
        guard !learnt.isDisjoint(with: tried) || learnt.isEmpty || tried.isEmpty else {
          throw AnalysisError.noSharedClass(learnt: learnt.count, tried: tried.count)
        }
        return split
      }
    }
  }

  /// The same of codes whose targets are known: all where there are factors, the labelled ones elsewhere.
  var targetSplit: Split {
    get throws { representation.factors.isEmpty ? try labelledSplit : try once("split") { try split { $0 } } }
  }

  /// What is learnt from and what it is tried on. Where there is one set of codes, a third is drawn by the seed.
  private func split(_ part: (Representation) throws -> Representation) throws -> Split {
    let all = try part(representation)
    if training != nil || test != nil {
      return Split(training: try training.map(part) ?? all, test: try test.map(part) ?? all, note: nil)
    }
    guard all.count >= 3 else {
      throw AnalysisError.tooFewPoints(count: all.count, needed: 3, purpose: "a split in training and test codes")
    }
    let order = random("split").order(of: all.count, drawing: all.count)
    let heldOut = all.count / 3
    return Split(
      training: all.subset(Array(order[heldOut...])), test: all.subset(Array(order[..<heldOut])),
      note: "learnt from two thirds of the codes and tried on the other third, drawn by seed \(seed)")
  }

  /// Codes to learn from and to try on.
  struct Split {
    let training: Representation
    let test: Representation
    let note: String?

    var notes: [String] { note.map { [$0] } ?? [] }
    var sampleSizes: [MeasureResult.SampleSize] {
      [.init("training image", training.count), .init("test image", test.count)]
    }
  }
}

/// A number with the standard error of its estimate.
struct Estimate: Sendable, Hashable {
  let value: Double
  let standardError: Double?

  init(value: Double, standardError: Double?) {
    self.value = value
    self.standardError = standardError
  }

  /// The mean of independent numbers, with the standard deviation over √n; without one where all are alike, for no spread
  /// is seen, however few they are.
  init(meanOf values: some Collection<Double>) {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / max(1, count)
    value = mean
    standardError = Self.variance(of: values, about: mean).map { ($0 / count).squareRoot() }
  }

  /// The unbiased variance of `values` about their `mean`; nil where they are alike but for rounding.
  static func variance(of values: some Collection<Double>, about mean: Double) -> Double? {
    guard values.count > 1, let least = values.min(), let greatest = values.max(),
      greatest - least > 1e-13 * max(abs(least), abs(greatest))
    else { return nil }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return squares / (Double(values.count) - 1)
  }

  /// A share of `count` independent trials; without a standard error where all or none succeeded.
  init(share: Double, of count: Int) {
    value = share
    standardError = standardErrorOfShare(share, of: count)
  }
}

extension MeasureResult.Value {
  init(_ name: String, _ estimate: Estimate) {
    self.init(name, estimate.value, standardError: estimate.standardError)
  }
}
