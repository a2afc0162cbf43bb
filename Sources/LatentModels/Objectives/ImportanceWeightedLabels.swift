import Glibc
import Tensors

/// The importance-weighted bound (Burda 2015, arXiv:1509.00519) of a model with a class, of K codes an image: of labelled
/// images on `log p(x, y)`, of others on `log p(x)`, the class drawn with the code or gone through; and α times the
/// classifier's log-probability of the labels that are known, which is `p(y | z)` where the class is generated from the code.
///
/// The bound asks little of q(y | x), which alone becomes a poor classifier: the weighted prediction is shown beside it.
struct ImportanceWeightedLabels: Objective {
  func terms(_ traces: Traces) -> ObjectiveTerms {
    let weights = traces.evidenceWeights
    let bound =
      weights.shape == [traces.batch.count]
      ? weights : weights.logSumExp(axis: 0) - Float(log(Double(weights.shape[0])))
    var loss = -bound
    var terms: [ObjectiveTerms.Term] = [
      .reconstruction(traces.reconstruction, weight: .shown),
      .divergence(traces.divergence, weight: .shown),
    ]
    if let (cost, symbol) = traces.weighedClass {
      terms.append(.init("class", symbol: symbol, cost, weight: .shown))
      loss = loss + traces.control("alpha") * cost
    }
    if let accuracy = traces.accuracy { terms.append(.accuracy(accuracy)) }
    if let truth = traces.batch.labels, let evidence = traces.classEvidence {
      terms.append(
        .accuracy(Traces.agreement(evidence, with: truth), named: "weighted accuracy", symbol: "accuracy_w"))
    }
    return ObjectiveTerms(terms, loss: loss)
  }
}

extension ImportanceWeightedLabels {
  /// The loss in the symbols of the terms that there are.
  static let formula: @Sendable (_ symbols: [String: String]) -> String = { symbols in
    "−L_K" + (symbols["class"].map { " − α·\($0)" } ?? "")
  }
}

extension ObjectiveKind {
  static let importanceWeightedLabels = ObjectiveKind(
    identifier: "importanceWeightedLabels", name: "semi-supervised-iwae",
    summary: "the importance-weighted bound of labelled and unlabelled images",
    formula: ImportanceWeightedLabels.formula(["class": "log q(y|x)"]),
    source: "Burda 2015, arXiv:1509.00519; Kingma 2014, arXiv:1406.5298",
    settings: [
      .control(
        "alpha", symbol: "α", "weight of the classifier on a labelled image", default: 46, range: 0...100_000, step: 1)
    ],
    requirements: .init(needsPosterior: true, isAdditive: false, usesLabels: true, takesEnumeration: true),
    formulaOfTerms: ImportanceWeightedLabels.formula, details: ImportanceWeightedBound.details,
    idleReason: SampledLabels.idleReason
  ) { _ in ImportanceWeightedLabels() }
}
