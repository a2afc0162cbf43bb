import Datasets
import Tensors

/// What labels teach beside an objective that weighs codes alone. A class or a property that is known is no code: nothing of
/// it is inferred, so that no weight on the divergence of codes reaches the classifier.
extension Traces {
  /// The classifier's cost where the class is known, weighed by the control `labelWeight`, with how often it is right; and
  /// that of the property's classifier. Empty where nothing is known.
  ///
  /// - Parameter isEvidence: whether the objective counts what is generated beside an image, as its class, to what it
  ///   explains.
  func taughtTerms(isEvidence: Bool = false) -> [ObjectiveTerms.Term] {
    var terms: [ObjectiveTerms.Term] = []
    if let (cost, symbol) = knownClass(isEvidence: isEvidence) {
      terms.append(.classifier(cost, symbol: symbol, by: ObjectiveKind.labelWeight.name, self, isBeside: true))
    }
    if let property = propertyTerm(isBeside: true) { terms.append(property) }
    if let accuracy { terms.append(.accuracy(accuracy)) }
    return terms
  }

  /// What a classifier says of a class that is known, `[batch]`, and its symbol: the class of M2 is a variable of its own, that
  /// of other models is generated from their code. Nil where no class is known.
  ///
  /// - Parameter isEvidence: whether what is generated is counted elsewhere, and so is none of it.
  func knownClass(isEvidence: Bool = false) -> (cost: Expression, symbol: String)? {
    if let classCost { return (classCost, "−log q(y|x)") }
    return isEvidence ? nil : labelCost.map { ($0, "−log p(y|z)") }
  }

  /// What the classifier of the property costs, whose weights are its own; nil where the property is not known.
  ///
  /// - Parameter isBeside: whether it is none of the objective's own terms.
  func propertyTerm(isBeside: Bool = false) -> ObjectiveTerms.Term? {
    observedCost(of: .property).map {
      .init("property", symbol: "−log q(s|x)", $0, burden: .none, isBeside: isBeside)
    }
  }
}

extension ObjectiveTerms.Term {
  /// What the classifier costs where the class is known, `[batch]`, as much as the control `name` says.
  static func classifier(
    _ cost: Expression, symbol: String, by name: String, _ traces: Traces, isBeside: Bool = false
  ) -> Self {
    Self(
      "class", symbol: symbol, cost, weight: .control(name, traces.control(name)), burden: .none, isBeside: isBeside)
  }
}

extension ObjectiveKind {
  /// The setting that weighs what labels teach, of every objective that does not teach them in a way of its own.
  public static let labelWeight = Setting.control(
    "labelWeight", symbol: "α_y", "weight of the classifier on a labelled image, of a model with a class", default: 46,
    range: 0...100_000, step: 1)

  /// Whether labels teach as its own terms say: of others they do so beside it.
  var teachesItself: Bool { requirements.usesLabels || settings.contains(Self.labelWeight) }
}

extension Configuration {
  /// Whether labels teach beside the objective.
  var isTaughtBeside: Bool {
    training.teachesLabels && !objective.row.teachesItself && (model.row.usesLabels || model.row.usesAttribute)
  }

  /// What is taught beside the objective: all that is known of an image, or the property alone where the objective has terms of
  /// its own for the class and none for it.
  func taughtTerms(_ traces: Traces) -> [ObjectiveTerms.Term] {
    let requirements = objective.row.requirements
    if isTaughtBeside { return traces.taughtTerms(isEvidence: requirements.takesClassAsEvidence) }
    guard training.teachesBesideOwnTerms, requirements.usesLabels, !requirements.usesAttribute else { return [] }
    return [traces.propertyTerm(isBeside: true)].compactMap(\.self)
  }

  /// Why the weight of what labels teach changes nothing of a training; nil where it does.
  var labelWeightIdleReason: String? {
    let (row, requirements) = (model.row, objective.row.requirements)
    guard row.usesLabels else { return "the model \(row.name) has no class to learn" }
    guard isTaughtBeside || objective.row.teachesItself else { return Self.reasonOfOlderRuns }
    guard infersClass || !requirements.takesClassAsEvidence else {
      return "the class is a part of the evidence that the objective \(objective.row.name) is a bound of"
    }
    return reasonWithoutLabels
  }

  /// Why a weight of labels changes nothing of a run from before it did.
  static let reasonOfOlderRuns = "labels taught this run nothing when it began"

  /// Whether the class is a variable of the code, and not generated from it.
  var infersClass: Bool { completed.model.variables.classColumns != nil }

  /// Why nothing is inferred of a class that is not known; nil where something may be. What files hold, only they tell.
  public var reasonWithoutUnlabelled: String? {
    guard training.labels == .all else { return nil }
    if training.everyClassIsKnown == true {
      return "every image to learn from has its class: keep fewer labels than there are of them (--labels)"
    }
    return DataLibrary().isNamed(training.data)
      ? "every image of \(training.dataTitle) has its class; use --labels" : nil
  }

  /// Why nothing is learnt from labels; nil where something is.
  var reasonWithoutLabels: String? { training.labels == .none ? "no image has its class (labels none)" : nil }
}
