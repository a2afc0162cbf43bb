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

/// How a factor becomes classes: those that it states; where it states none each value is a class where there are few or
/// all are whole, and equal-width bins are the classes of a factor that varies continuously.
private enum TargetCoding {
  case stated(Numbering)
  case discrete([Float: Int32])
  case bins(EqualBins)

  /// - Parameter isStated: whether the classes that `factor` states, if it does, are gone by.
  init(_ factor: Factor, isStated: Bool, bins: Int) {
    if isStated, let classes = factor.classes {
      self = .stated(Numbering(classes))
      return
    }
    let values = factor.values
    let distinct = Set(values)
    let areWhole = distinct.allSatisfy { $0 == $0.rounded() }
    if Factor.areClasses(distinct: distinct.count, areWhole: areWhole, count: values.count) {
      self = .discrete(Dictionary(uniqueKeysWithValues: distinct.sorted().enumerated().map { ($1, Int32($0)) }))
    } else {
      self = .bins(factor.exact.map { EqualBins($0, count: bins) } ?? EqualBins(values, count: bins))
    }
  }

  /// How many classes there are.
  var count: Int {
    switch self {
    case .stated(let classes): classes.count
    case .discrete(let classes): classes.count
    case .bins(let bins): bins.count
    }
  }

  private var isContinuous: Bool { if case .bins = self { true } else { false } }

  func target(_ factor: Factor) -> Target {
    let classes =
      switch self {
      case .stated(let numbering): numbering.numbers(of: factor.classes ?? [])
      case .discrete(let numbers): factor.values.map { numbers[$0] ?? -1 }
      case .bins(let bins): factor.exact.map { bins.bins(of: $0) } ?? bins.bins(of: factor.values)
      }
    return Target(
      name: factor.name, classes: classes, classCount: count, isContinuous: isContinuous, values: factor.values)
  }
}

/// The targets of some images, and what was left out of them.
struct TargetSet: Sendable {
  let targets: [Target]
  /// The names of the factors that do not vary, which are no targets.
  let constants: [String]
  /// Which targets are continuous, in words.
  let codingNotes: [String]

  var notes: [String] { constants.map { "\($0) does not vary and was left out" } + codingNotes }
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
      return try Self.targets(all, codedBy: all, tried: all, bins: whole(EqualBins.bins))
    }
  }

  /// The targets of the training and of the test images, coded alike.
  func splitTargets() throws -> (training: TargetSet, test: TargetSet) {
    try once("split targets") {
      let split = try targetSplit
      let bins = whole(EqualBins.bins)
      return (
        try Self.targets(split.training, codedBy: split.training, tried: split.test, bins: bins),
        try Self.targets(split.test, codedBy: split.training, tried: split.test, bins: bins)
      )
    }
  }

  /// - Parameters:
  ///   - reference: whose values and classes are numbered.
  ///   - tried: the other part that is numbered alike: classes are gone by where both parts state them.
  private static func targets(
    _ representation: Representation, codedBy reference: Representation, tried: Representation, bins: Int
  ) throws -> TargetSet {
    var targets: [Target] = []
    var (constants, notes): ([String], [String]) = ([], [])
    let (all, others) = (factors(of: reference), factors(of: tried))
    for (place, factor) in factors(of: representation).enumerated() {
      let coding = TargetCoding(all[place], isStated: others[place].classes != nil, bins: bins)
      guard coding.count > 1 else {
        constants.append(factor.name)
        continue
      }
      let target = coding.target(factor)
      if target.isContinuous { notes.append("\(factor.name) is continuous: cut into \(bins) bins of equal width") }
      targets.append(target)
    }
    guard !targets.isEmpty else {
      throw AnalysisError.undefined("no factor and no label varies over these codes: there is nothing to compare with")
    }
    return TargetSet(targets: targets, constants: constants, codingNotes: notes)
  }

  /// The factors, or the label as the only factor.
  private static func factors(of representation: Representation) -> [Factor] {
    if !representation.factors.isEmpty { return representation.factors }
    guard let labels = representation.labels else { return [] }
    return [Factor(name: "label", values: labels.map(Float.init))]
  }
}
