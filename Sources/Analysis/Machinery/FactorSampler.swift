import Tensors

/// Draws images that share the value of one factor, from the images at hand.
struct FactorSampler: Sendable {
  /// Settings of the scores by sets of images that share a factor.
  static let groupSize = MeasureSetting(
    "group", "images, or pairs of images, that share a factor", default: 64, 2...4096)
  static let trainingGroups = MeasureSetting(
    "training-groups", "groups that a classifier learns from", default: 10_000, 10...1_000_000)
  static let testGroups = MeasureSetting(
    "test-groups", "groups that it is tried on", default: 5_000, 10...1_000_000)
  static let settings = [groupSize, trainingGroups, testGroups, EqualBins.bins]

  private let targets: [Target]
  /// For every target the rows of each class, one after the other, and where each class starts.
  private let rows: [[Int32]]
  private let starts: [[Int]]
  /// How many images there are.
  let count: Int

  /// Draws from `count` images, of which each of `targets` has a class, `[count]`, in 0..<`classCount`.
  init(_ targets: [Target], count: Int) {
    self.targets = targets
    self.count = count
    var rows: [[Int32]] = []
    var starts: [[Int]] = []
    for target in targets {
      var sizes = [Int](repeating: 0, count: target.classCount + 1)
      for label in target.classes { sizes[Int(label) + 1] += 1 }
      for label in 0..<target.classCount { sizes[label + 1] += sizes[label] }
      var next = sizes
      var sorted = [Int32](repeating: 0, count: count)
      for (row, label) in target.classes.enumerated() {
        sorted[next[Int(label)]] = Int32(row)
        next[Int(label)] += 1
      }
      rows.append(sorted)
      starts.append(sizes)
    }
    self.rows = rows
    self.starts = starts
  }

  /// A random image whose value of `factor` is that of `row`.
  @inline(__always)
  func companion(of row: Int, sharing factor: Int, _ random: CounterRandom, _ index: UInt64) -> Int {
    let label = Int(targets[factor].classes[row])
    let start = starts[factor][label]
    return Int(rows[factor][start + random.integer(below: starts[factor][label + 1] - start, index)])
  }
}

extension Measurement {
  /// What every score by groups says of them.
  static let groupNote =
    "groups are drawn, with replacement, from the images given: other factors follow their values among these images"

  /// The sampler of the images with known targets, made once.
  func sampler() throws -> FactorSampler {
    let (targets, count) = (try targets().targets, try targeted.count)
    return once("factor sampler") { FactorSampler(targets, count: count) }
  }

  /// Calls `group` for each number in 0..<`count` with a factor drawn at random, in parallel.
  func forEachGroup(
    _ purpose: String, _ count: Int, factors: Int, _ group: (_ index: Int, _ factor: Int, CounterRandom) -> Void
  ) {
    let random = random(purpose)
    let size = 50
    pool.forEachPiece((count + size - 1) / size) { piece in
      for index in piece * size..<min(count, (piece + 1) * size) {
        let stream = random.stream(UInt64(index))
        group(index, stream.integer(below: factors, .max), stream)
      }
    }
  }
}

extension Measure {
  /// What is said where only one factor varies.
  static func onlyOneFactor(_ measure: String, _ targets: TargetSet) -> String {
    "\(measure) tells factors apart and needs at least two that vary; here is \(targets.targets[0].name) alone"
  }
}
