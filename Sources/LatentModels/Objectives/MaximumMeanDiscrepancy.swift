import Tensors

/// Objectives with the maximum mean discrepancy between the codes of a batch and fresh samples of the prior (Gretton 2012):
/// InfoVAE (Zhao 2017, arXiv:1706.02262, equation 6) as `R + κ·KL + λ·MMD` with κ = 1 − a and λ = a + λ' − 1 in the paper's
/// letters, and the Wasserstein autoencoder (Tolstikhin 2018, arXiv:1711.01558) without the divergence.
struct MaximumMeanDiscrepancy: Objective {
  /// The kernel, with `C = 2·K·h²`, h = 1 being the prior's deviation.
  enum Kernel: String, CaseIterable, Sendable {
    /// `exp(−d²/C)`.
    case rbf
    /// The inverse multiquadric `C/(C + d²)`.
    case imq

    func value(_ squaredDistance: Expression, _ scale: Float) -> Expression {
      switch self {
      case .rbf: (squaredDistance * (-1 / scale)).exp()
      case .imq: scale / (squaredDistance + scale)
      }
    }

    static let setting = Setting(
      "kernel", "of the discrepancy: Gaussian or inverse multiquadric",
      .choice(default: Kernel.imq.rawValue, of: allCases.map(\.rawValue)))
  }

  let kernel: Kernel
  let hasDivergence: Bool

  func terms(_ traces: Traces) -> ObjectiveTerms {
    let code = traces.continuousCode
    let prior = traces.batch.graph.noise(.standardNormal, name: "prior", shape: code.shape)
    let discrepancy = Self.unbiased(code, prior, kernel, scale: 2 * Float(code.shape[1]))
    let lambda = traces.control("lambda")
    var terms: [ObjectiveTerms.Term] = [.reconstruction(traces.reconstruction)]
    if hasDivergence {
      terms.append(
        .divergence(traces.divergence, weight: .control("kappa", traces.control("kappa"))))
    }
    terms.append(
      .init(
        "MMD", symbol: "MMD", discrepancy.broadcast(to: [traces.batch.count]), weight: .control("lambda", lambda),
        unit: .none))
    return ObjectiveTerms(terms)
  }

  /// The unbiased estimate of MMD² between two sets of points `[n, K]`, `[]`: a point is not held against itself.
  static func unbiased(_ left: Expression, _ right: Expression, _ kernel: Kernel, scale: Float) -> Expression {
    let count = Float(left.shape[0])
    func similarity(_ first: Expression, _ second: Expression) -> Expression {
      let norms = first.square().sum(axes: [1], keepingDimensions: true)
      let others = second.square().sum(axes: [1]).reshaped([1, second.shape[0]])
      let distances = (norms + others - first.matrixProduct(second, transposingRight: true) * 2).maximum(0)
      return kernel.value(distances, scale).sum()
    }
    let pairs = count * (count - 1)
    return (similarity(left, left) - count) * (1 / pairs) + (similarity(right, right) - count) * (1 / pairs)
      - similarity(left, right) * (2 / (count * count))
  }
}

extension ObjectiveKind {
  static let infoVAE = ObjectiveKind(
    identifier: "infoVAE", name: "info-vae", summary: "little divergence, and codes that are distributed as the prior",
    formula: "R + κ·KL + λ·MMD", source: "Zhao 2017, arXiv:1706.02262",
    settings: [
      .control("kappa", symbol: "κ", "weight of the divergence, 1 − a in the paper", default: 0, range: 0...100),
      .control(
        "lambda", symbol: "λ", "weight of the discrepancy, a + λ − 1 in the paper", default: 1000, range: 0...1_000_000,
        step: 10),
      MaximumMeanDiscrepancy.Kernel.setting,
    ],
    requirements: .init(needsPosterior: true, samples: 1...1, couplesBatch: true, needsStandardPrior: true)
  ) {
    MaximumMeanDiscrepancy(kernel: .init(rawValue: $0.word("kernel")) ?? .imq, hasDivergence: true)
  }

  static let wassersteinAutoencoder = ObjectiveKind(
    identifier: "wassersteinAutoencoder", name: "wae",
    summary: "reconstruction and codes that are distributed as the prior, encoder random or not", formula: "R + λ·MMD",
    source: "Tolstikhin 2018, arXiv:1711.01558",
    settings: [
      .control("lambda", symbol: "λ", "weight of the discrepancy", default: 100, range: 0...1_000_000, step: 10),
      MaximumMeanDiscrepancy.Kernel.setting,
    ],
    requirements: .init(samples: 1...1, couplesBatch: true, needsStandardPrior: true)
  ) {
    MaximumMeanDiscrepancy(kernel: .init(rawValue: $0.word("kernel")) ?? .imq, hasDivergence: false)
  }
}
