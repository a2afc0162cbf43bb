import Tensors

/// The evidence lower bound as the four terms of the lecture (Esmaeili 2018, arXiv:1804.02086, equation 2), each with a
/// weight, so that one can see what each is for by leaving it out:
///
/// - ① `E log p(x|z) − log p(x)`, what a code tells of its image, wanted;
/// - ② `E log q(z|x) − log q(z)`, the mutual information of image and code;
/// - ③ `KL(q(x) ‖ p(x))`, which is `−E log p(x)` but for the entropy of the data;
/// - ④ `KL(q(z) ‖ p(z))`, the aggregate posterior's divergence from the prior.
///
/// All weights 1 give the evidence lower bound whatever stands for `log p(x)`: that is the importance-weighted bound of the
/// samples (Burda 2015, arXiv:1509.00519), from below.
struct FourTerms: Objective {
  let estimator: AggregateEstimator

  func terms(_ traces: Traces) -> ObjectiveTerms {
    let evidence = ImportanceWeightedBound.bound(logWeights: traces.logWeights, of: traces.inference)
    let first = traces.firstSample
    let leaves = LatentGroups.group(LatentGroups.standard(for: traces.programs.variables).allLeaves)
    let parts = first.decomposition(estimator, groups: leaves)
    func weighted(
      _ name: String, _ symbol: String, _ value: Expression, by control: String, isWanted: Bool = false,
      burden: TermDescription.Burden = .heavy, role: TermDescription.Role = .other
    ) -> ObjectiveTerms.Term {
      .init(
        name, symbol: symbol, value, weight: .control(control, traces.control(control)), isWanted: isWanted,
        burden: burden, role: role)
    }
    let terms: [ObjectiveTerms.Term] = [
      .reconstruction(traces.reconstruction, weight: .shown),
      weighted(
        "likelihood ratio", "①", -traces.reconstruction - evidence, by: "first", isWanted: true, burden: .relief),
      weighted(
        TermDescription.informationName, "②", parts.mutualInformation, by: "second", role: .information),
      weighted("evidence", "③", -evidence, by: "third", burden: .relief),
      weighted("aggregate divergence", "④", parts.totalCorrelation + parts.dimensionWise, by: "fourth"),
    ]
    return ObjectiveTerms(terms + traces.taughtTerms())
  }
}

extension Traces {
  /// Traces of the same images with one sample: the first of these, for noise is a function of its place.
  var firstSample: Traces {
    inference.axis.extent > 1 ? scored(programs.infer(batch, samples: 1)) : self
  }
}

extension ObjectiveKind {
  static let fourTerms = ObjectiveKind(
    identifier: "fourTerms", name: "four-terms",
    summary: "the evidence lower bound as likelihood ratio ①, mutual information ②, evidence ③, aggregate divergence ④",
    formula: "−w₁·① + w₂·② + w₃·③ + w₄·④", source: "Esmaeili 2018, arXiv:1804.02086",
    settings: [
      .control("first", symbol: "w₁", "weight of what a code tells of its image"),
      .control("second", symbol: "w₂", "weight of the mutual information of image and code"),
      .control("third", symbol: "w₃", "weight of the evidence"),
      .control("fourth", symbol: "w₄", "weight of the codes' divergence from the prior"), labelWeight,
      AggregateEstimator.setting,
    ],
    requirements: .init(needsPosterior: true, couplesBatch: true)
  ) { FourTerms(estimator: AggregateEstimator(rawValue: $0.word("estimator")) ?? .hfvae) }
}
