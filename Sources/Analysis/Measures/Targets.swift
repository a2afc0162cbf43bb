import Datasets

/// A known cause of variation as classes: what the disentanglement measures compare dimensions with.
struct Target: Sendable {
  let name: String
  /// The class of every image; −1 where its value does not occur among those that the classes were made of.
  let classes: [Int32]
  let classCount: Int
  /// Whether the values are quantities that were cut into bins.
  let isContinuous: Bool
  /// The values as given.
  let values: [Float]
}

/// How the values of a factor become classes: each value is a class where there are few or all are whole, and equal-width
/// bins are the classes of a factor that varies continuously.
private enum TargetCoding {
  case discrete([Float: Int32])
  case bins(EqualBins)

  init(_ values: [Float], bins: Int) {
    let distinct = Set(values)
    let areWhole = distinct.allSatisfy { $0 == $0.rounded() }
    if distinct.count <= 256, areWhole || distinct.count <= max(2, values.count / 20) {
      self = .discrete(Dictionary(uniqueKeysWithValues: distinct.sorted().enumerated().map { ($1, Int32($0)) }))
    } else {
      self = .bins(EqualBins(values, count: bins))
    }
  }

  func target(_ name: String, _ values: [Float]) -> Target {
    switch self {
    case .discrete(let classes):
      Target(
        name: name, classes: values.map { classes[$0] ?? -1 }, classCount: classes.count, isContinuous: false,
        values: values)
    case .bins(let bins):
      Target(name: name, classes: bins.bins(of: values), classCount: bins.count, isContinuous: true, values: values)
    }
  }
}

/// The targets of some images, and what was left out of them.
struct TargetSet: Sendable {
  let targets: [Target]
  let notes: [String]
}

extension Measurement {
  /// The images with known targets.
  var targeted: Representation {
    get throws { representation.factors.isEmpty ? try labelled : representation }
  }

  /// The targets of the measured images: factors, or the label where there are none.
  func targets() throws -> TargetSet {
    try once("targets") {
      let all = try targeted
      return try Self.targets(all, codedBy: all, bins: whole(EqualBins.bins))
    }
  }

  /// The targets of the training and of the test images, coded alike.
  func splitTargets() throws -> (training: TargetSet, test: TargetSet) {
    try once("split targets") {
      let split = try targetSplit
      let bins = whole(EqualBins.bins)
      return (
        try Self.targets(split.training, codedBy: split.training, bins: bins),
        try Self.targets(split.test, codedBy: split.training, bins: bins)
      )
    }
  }

  private static func targets(
    _ representation: Representation, codedBy reference: Representation, bins: Int
  ) throws -> TargetSet {
    var targets: [Target] = []
    var notes: [String] = []
    for (factor, known) in zip(factors(of: representation), factors(of: reference)) {
      guard Set(known.values).count > 1 else {
        notes.append("\(factor.name) does not vary and was left out")
        continue
      }
      let target = TargetCoding(known.values, bins: bins).target(factor.name, factor.values)
      if target.isContinuous { notes.append("\(factor.name) is continuous: cut into \(bins) bins of equal width") }
      targets.append(target)
    }
    guard !targets.isEmpty else {
      throw AnalysisError.undefined("no factor and no label varies over these codes: there is nothing to compare with")
    }
    return TargetSet(targets: targets, notes: notes)
  }

  /// The factors, or the label as the only factor.
  private static func factors(of representation: Representation) -> [Factor] {
    if !representation.factors.isEmpty { return representation.factors }
    guard let labels = representation.labels else { return [] }
    return [Factor(name: "label", values: labels.map(Float.init))]
  }
}
