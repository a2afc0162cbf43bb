import Tensors

/// A divergence held at a capacity C (Burgess 2018, arXiv:1804.03599, equation 8): `R + γ·|KL − C|`, KL being the mean over
/// the batch. C rises where it is annealed, as with `--anneal capacity=linear:25000`.
struct Capacity: Objective {
  func terms(_ traces: Traces) -> ObjectiveTerms {
    let divergence = traces.divergence
    let gap = (divergence.mean() - traces.control("capacity")).absolute().broadcast(to: [traces.batch.count])
    return ObjectiveTerms([
      .reconstruction(traces.reconstruction),
      .divergence(divergence, weight: .shown),
      .init("distance from C", symbol: "|KL − C|", gap, weight: .control("gamma", traces.control("gamma"))),
    ])
  }
}

extension ObjectiveKind {
  static let capacity = ObjectiveKind(
    identifier: "capacity", name: "capacity", summary: "the divergence is held at a capacity C that may rise",
    formula: "R + γ·|KL − C|", source: "Burgess 2018, arXiv:1804.03599",
    settings: [
      .control(
        "gamma", symbol: "γ", "weight of the distance from the capacity", default: 1000, range: 0...100_000, step: 10),
      .control("capacity", symbol: "C", "divergence aimed at, in nats", default: 25, range: 0...1000, step: 1),
    ],
    requirements: .init(needsPosterior: true, couplesBatch: true, takesEnumeration: true, divergenceGoal: "capacity")
  ) { _ in Capacity() }
}
