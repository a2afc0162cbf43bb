import Tensors

/// What labels teach beside an objective that weighs codes alone. A class or a property that is known is no code: nothing of
/// it is inferred, so that no weight on the divergence of codes reaches the classifier.
extension Traces {
  /// The classifier's cost where the class is known, weighed by the control `labelWeight`, with how often it is right; and
  /// that of the property's classifier, whose weights are its own. Empty where nothing is known.
  ///
  /// - Parameter isEvidence: whether the objective counts what is generated beside an image, as its class, to what it
  ///   explains.
  func taughtTerms(isEvidence: Bool = false) -> [ObjectiveTerms.Term] {
    var terms: [ObjectiveTerms.Term] = []
    let name = ObjectiveKind.labelWeight.name
    func append(_ cost: Expression?, _ symbol: String) {
      guard let cost else { return }
      terms.append(.init("class", symbol: symbol, cost, weight: .control(name, control(name)), burden: .none))
    }
    // The class of M2 is a variable of its own, that of other models is generated from their code.
    if let classCost {
      append(classCost, "−log q(y|x)")
    } else if !isEvidence {
      append(labelCost, "−log p(y|z)")
    }
    if let cost = observedCost(of: .property) { terms.append(.init("property", symbol: "−log q(s|x)", cost)) }
    if let accuracy { terms.append(.init("accuracy", symbol: "accuracy", accuracy, weight: .shown)) }
    return terms
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

  /// Why the weight of what labels teach changes nothing of a training; nil where it does.
  var labelWeightIdleReason: String? {
    let (row, requirements) = (model.row, objective.row.requirements)
    guard row.usesLabels else { return "the model \(row.name) has no class to learn" }
    guard isTaughtBeside || objective.row.teachesItself else { return "labels taught this run nothing when it began" }
    let isInferred = completed.model.variables.classColumns != nil
    guard isInferred || !requirements.takesClassAsEvidence else {
      return "the class is a part of the evidence that the objective \(objective.row.name) is a bound of"
    }
    return reasonWithoutLabels
  }

  /// Why nothing is learnt from labels; nil where something is.
  var reasonWithoutLabels: String? { training.labels == .none ? "no image has its class (labels none)" : nil }
}
