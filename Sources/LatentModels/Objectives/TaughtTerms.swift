import Tensors

/// What labels teach beside an objective that weighs codes alone. A class or a property that is known is no code: nothing of
/// it is inferred, so that no weight on the divergence of codes reaches the classifier.
extension Traces {
  /// The classifier's cost where the class is known, weighed by the control `labelWeight`, with how often it is right; and
  /// that of the property's classifier, whose weights are its own. Empty where nothing is known.
  var taughtTerms: [ObjectiveTerms.Term] {
    var terms: [ObjectiveTerms.Term] = []
    let name = ObjectiveKind.labelWeight.name
    func append(_ cost: Expression?, _ symbol: String) {
      guard let cost else { return }
      terms.append(.init("class", symbol: symbol, cost, weight: .control(name, control(name)), burden: .none))
    }
    // The class of M2 is a variable of its own, that of other models is generated from their code.
    if let classCost { append(classCost, "−log q(y|x)") } else { append(labelCost, "−log p(y|z)") }
    if let cost = observedCost(of: .property) { terms.append(.init("property", symbol: "−log q(s|x)", cost)) }
    if let accuracy { terms.append(.init("accuracy", symbol: "accuracy", accuracy, weight: .shown)) }
    return terms
  }
}

extension ObjectiveKind {
  /// The setting that weighs what labels teach.
  static let labelWeight = Setting.control(
    "labelWeight", symbol: "α_y", "weight of the classifier on a labelled image, of a model with a class", default: 46,
    range: 0...100_000, step: 1)

  /// Why that setting changes nothing of a training; nil where it does.
  static func labelWeightIdleReason(_ configuration: Configuration) -> String? {
    let row = configuration.model.row
    return row.usesLabels ? configuration.reasonWithoutLabels : "the model \(row.name) has no class to learn"
  }
}
