import Tensors

/// The reconstruction alone: with a deterministic code, a plain autoencoder (the bound at β = 0 without noise).
struct Reconstruction: Objective {
  func terms(_ traces: Traces) -> ObjectiveTerms {
    ObjectiveTerms([.reconstruction(traces.reconstruction)])
  }
}

extension ObjectiveKind {
  static let reconstruction = ObjectiveKind(
    identifier: "reconstruction", name: "reconstruction", summary: "the reconstruction alone", formula: "R",
    source: "Hinton & Salakhutdinov 2006, doi:10.1126/science.1127647", requirements: .init(takesEnumeration: true)
  ) { _ in Reconstruction() }
}
