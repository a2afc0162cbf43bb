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
  /// Decides splits, samples and pairs.
  public let seed: UInt64
  /// The threads; results do not depend on their number.
  public let pool: WorkerPool
  private let settings: [String: Double]
  private let isCancelled: () -> Bool
  private var shared: [String: Any] = [:]

  /// A measurement of `representation` by settings that measures read and that are in range; see the public one.
  ///
  /// - Throws: `AnalysisError` for training and test codes of other dimensions or factors.
  init(
    of representation: Representation, training: Representation?, test: Representation?,
    checkedSettings settings: [String: Double], seed: UInt64, pool: WorkerPool, isCancelled: @escaping () -> Bool
  ) throws {
    for (other, name) in [(training, "training"), (test, "test")] {
      guard let other else { continue }
      try Self.check(other, name, against: representation)
    }
    self.representation = representation
    self.training = training
    self.test = test
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
  func random(_ purpose: String) -> CounterRandom { Self.random(purpose, seed: seed) }

  private static func random(_ purpose: String, seed: UInt64) -> CounterRandom {
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
    let parts = Self.thirds(of: all.count, seed: seed)
    return Split(
      training: all.subset(parts.training), test: all.subset(parts.test),
      note: "learnt from two thirds of the codes and tried on the other third, drawn by seed \(seed)")
  }

  /// The places of the two thirds of `count` codes that are learnt from, and of the third that is tried, drawn by `seed`.
  public static func thirds(of count: Int, seed: UInt64) -> (training: [Int], test: [Int]) {
    let order = random("split", seed: seed).order(of: count, drawing: count)
    return (Array(order[(count / 3)...]), Array(order[..<(count / 3)]))
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
