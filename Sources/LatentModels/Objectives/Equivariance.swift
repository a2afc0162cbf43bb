import Datasets
import Tensors

/// A penalty that any objective can take along, so that a group that acts on images acts on their codes by permuting them
/// (Ali, Liò & Vicary 2025, arXiv:2506.08244, equation 5): `λ_g·‖ρ(g)E(x) − E(g·x)‖²` over means and log-variances, which are
/// permuted alike, summed over the dimensions; and on the decoder's side `λ_D·‖D(ρ(g)z) − g·D(z)‖²`, summed over the pixels.
/// It has no parameters. Every image of a batch has one element of the group but the identity, each element as many.
enum Equivariance {
  static let group = "group"
  static let weight = "groupWeight"
  static let decoderWeight = "groupDecoder"
  static let step = "groupStep"
  static let invariant = "invariant"
  /// What the names of groups of shifts begin with, which have a step.
  static let cyclic = "cyclic-"

  /// The groups by the names people type.
  static let groups: [(name: String, kind: @Sendable (Int) -> GroupAction.Kind)] = [
    ("C4", { _ in .rotations }), ("D4", { _ in .rotationsAndFlips }), ("flips", { _ in .flips }),
    ("horizontal-flip", { _ in .horizontalFlip }), ("vertical-flip", { _ in .verticalFlip }),
    ("cyclic-rows", { .rowShifts(step: $0) }), ("cyclic-columns", { .columnShifts(step: $0) }),
  ]

  /// What every objective can be told beside its own settings.
  static let settings: [Setting] = [
    Setting(
      group, "a group of symmetries that codes follow by permuting dimensions",
      .choice(default: "none", of: ["none"] + groups.map(\.name))),
    .control(weight, symbol: "λ_g", "weight of how far codes are from following the group", default: 2),
    .control(
      decoderWeight, symbol: "λ_D",
      "weight of how far decoded images are from it; at 0 from the beginning it is no control", default: 0),
    Setting(step, "rows or columns of a cyclic shift", .count(default: 7, range: 1...100_000)),
    Setting(
      invariant, "dimensions that the group leaves as they are",
      .text(default: "", pattern: "a whole number; what whole blocks leave unless said")),
  ]

  /// Why one of these settings changes nothing of a training; nil where it does.
  static func idleReason(_ name: String, _ configuration: Configuration) -> String? {
    guard name != group else { return nil }
    guard configuration.hasGroup else {
      return "codes follow no group: name one (\(groups.map(\.name).joined(separator: ", ")))"
    }
    let chosen = configuration.objective.word(group)
    guard name == step, !chosen.hasPrefix(cyclic) else { return nil }
    let stepped = groups.map(\.name).filter { $0.hasPrefix(cyclic) }
    return "it is for the groups \(stepped.joined(separator: " and ")), not for \(chosen)"
  }

  /// The penalties of a batch, one an image: squared distances of codes and of pixels.
  static func terms(_ structure: GroupStructure, _ traces: Traces, hasDecoder: Bool) -> [ObjectiveTerms.Term] {
    let pieces = pieces(of: traces.batch.count, elements: structure.action.order)
    let pixels = structure.action.pixelPermutations.map { $0.map(Int.init) }
    func moved(_ value: Expression, by permutations: [[Int]]) -> Expression {
      Expression.concatenated(
        pieces.map { value.sliced(axis: 0, range: $0.range).permuted(axis: 1, by: permutations[$0.element]) }, axis: 0)
    }
    func distance(_ first: Expression, _ second: Expression) -> Expression { (first - second).square().sum(axes: [1]) }
    let programs = traces.programs
    let own = programs.posterior(traces.batch.images)
    let turned = programs.posterior(moved(traces.batch.images, by: pixels))
    var error = distance(moved(own.mean, by: structure.codePermutations), turned.mean)
    if !programs.isDeterministic {
      error = error + distance(moved(own.logVariance, by: structure.codePermutations), turned.logVariance)
    }
    var terms: [ObjectiveTerms.Term] = [
      .init(
        "equivariance", symbol: "E_g", error, weight: .control(weight, traces.control(weight)), burden: .light,
        unit: .none)
    ]
    guard hasDecoder else { return terms }
    let values = programs.variables.compactMap { traces.inference[$0.name]?.value }
    let isOne = traces.inference.axis.extent == 1 && values.count == programs.variables.count
    let code = isOne ? Expression.concatenated(values, axis: 1) : own.mean
    let difference = distance(
      programs.expectedImage(moved(code, by: structure.codePermutations)),
      moved(programs.expectedImage(code), by: pixels))
    terms.append(
      .init(
        "decoder's equivariance", symbol: "D_g", difference,
        weight: .control(decoderWeight, traces.control(decoderWeight)), burden: .light, unit: .none))
    return terms
  }

  /// Which images of a batch have which element: as many of each as can be, and never the identity.
  private static func pieces(of count: Int, elements: Int) -> [(element: Int, range: Range<Int>)] {
    let others = max(1, elements - 1)
    return (0..<others).compactMap { place in
      let range = count * place / others..<count * (place + 1) / others
      return range.isEmpty ? nil : (min(place + 1, elements - 1), range)
    }
  }
}

extension ObjectiveKind {
  /// Its own settings, and those of what it takes along.
  public var allSettings: [Setting] { settings + (teachesItself ? [] : [Self.labelWeight]) + Self.commonSettings }

  /// What every objective can be told beside its own settings: the group that codes follow.
  public static let commonSettings: [Setting] = Equivariance.settings
}

extension Configuration {
  /// How a group acts on images and codes; nil where none was asked for.
  ///
  /// - Throws: `ConfigurationError` where images of this size or codes of these variables cannot follow it.
  public func groupStructure() throws -> GroupStructure? {
    let name = objective.word(Equivariance.group)
    guard let group = Equivariance.groups.first(where: { $0.name == name }) else { return nil }
    guard !model.row.usesAttribute, !model.row.usesCodes else {
      throw ConfigurationError.refused(
        "the group \(name): the codes of the model \(model.row.name) are not of the image alone, which is what the group acts "
          + "on: leave out the group, or use another model")
    }
    let text = objective.word(Equivariance.invariant)
    let invariant = Int(text)
    guard text.isEmpty || (invariant ?? -1) >= 0 else {
      throw ConfigurationError.outOfRange(
        setting: Equivariance.invariant, value: text, allowed: "a whole number of dimensions, 0 or more")
    }
    do {
      let action = try GroupAction(
        group.kind(objective.count(Equivariance.step)), height: model.imageHeight, width: model.imageWidth)
      return try GroupStructure(action, variables: model.variables, invariant: invariant)
    } catch let error as GroupActionError {
      throw ConfigurationError.refused("the group \(name): \(error)")
    }
  }

  /// The same for images of this size or, where nobody has said it, of that of the named set that is asked for; where only the
  /// data can tell it, of one on which the cyclic shift that was asked for can act: so that nothing is held against a size that
  /// no image has.
  public func standingIn(for shape: ImageShape?) -> Configuration {
    var configuration = self
    if let shape = shape ?? NamedSet(askedBy: training.data)?.imageShape {
      (configuration.model.imageHeight, configuration.model.imageWidth) = (shape.height, shape.width)
      return configuration
    }
    let group = Equivariance.groups.first { $0.name == objective.word(Equivariance.group) }
    switch group?.kind(objective.count(Equivariance.step)) {
    case .rowShifts(let step): (configuration.model.imageHeight, configuration.model.imageWidth) = (2 * step, 1)
    case .columnShifts(let step): (configuration.model.imageHeight, configuration.model.imageWidth) = (1, 2 * step)
    default: break
    }
    return configuration
  }

  /// Whether the penalty has a decoder's side: where it never has a weight it is not computed.
  var hasDecoderEquivariance: Bool {
    objective.number(Equivariance.decoderWeight) > 0 || objective.annealing[Equivariance.decoderWeight] != nil
  }

  /// The controls of what the objective takes along.
  var companionControls: [Control] {
    let taught = isTaughtBeside && model.row.usesLabels ? [ObjectiveKind.labelWeight.control].compactMap(\.self) : []
    guard hasGroup else { return taught }
    return taught
      + Equivariance.settings.compactMap(\.control).filter {
        $0.name != Equivariance.decoderWeight || hasDecoderEquivariance
      }
  }

  /// Whether codes are to follow a group.
  var hasGroup: Bool { objective.word(Equivariance.group) != "none" }
}
