import Tensors

/// DIP-VAE (Kumar 2017, arXiv:1711.00848): the evidence lower bound with penalties on the covariance C of the codes,
/// `λ_od·Σ_{i≠j} C_ij² + λ_d·Σ_i (C_ii − 1)²`. In form I C is the covariance of the posterior means over the batch, in form
/// II that of the codes: the mean posterior variances are added to its diagonal.
struct DisentangledInferredPrior: Objective {
  let addsVariances: Bool

  func terms(_ traces: Traces) -> ObjectiveTerms {
    let count = traces.batch.count
    let posterior = traces.normalPosterior
    let (offDiagonal, diagonal) = Self.penalties(
      mean: posterior.mean, logVariance: addsVariances ? posterior.logVariance : nil)
    func weighted(_ name: String, _ symbol: String, _ value: Expression, by control: String) -> ObjectiveTerms.Term {
      .init(
        name, symbol: symbol, value.broadcast(to: [count]), weight: .control(control, traces.control(control)),
        unit: .none)
    }
    return ObjectiveTerms([
      .reconstruction(traces.reconstruction),
      .divergence(traces.divergence),
      weighted("off-diagonal covariance", "Σ C_ij²", offDiagonal, by: "lambda"),
      weighted("diagonal covariance", "Σ (C_ii − 1)²", diagonal, by: "lambdaDiagonal"),
    ])
  }

  /// `Σ_{i≠j} C_ij²` and `Σ_i (C_ii − 1)²` of means `[…, K]`, each `[]`. Where they depend on what is drawn before them, as on a
  /// class, every sample's count as those of an image of its own.
  static func penalties(mean: Expression, logVariance: Expression?) -> (offDiagonal: Expression, diagonal: Expression) {
    func rows(_ value: Expression) -> Expression {
      value.rank > 2 ? value.reshaped([value.shape.dropLast().reduce(1, *), value.shape.last ?? 1]) : value
    }
    let (mean, logVariance) = (rows(mean), logVariance.map(rows))
    let centred = mean - mean.mean(axes: [0], keepingDimensions: true)
    let covariance = centred.matrixProduct(centred, transposingLeft: true) * (1 / Float(mean.shape[0]))
    var variances = centred.square().mean(axes: [0])
    let offDiagonal = covariance.square().sum() - variances.square().sum()
    if let logVariance { variances = variances + logVariance.exp().mean(axes: [0]) }
    return (offDiagonal, (variances - 1).square().sum())
  }

  /// That there is nothing off the diagonal, of a continuous code of one dimension.
  fileprivate static func remark(_ configuration: Configuration) -> String? {
    guard configuration.model.variables.dimensions.count < 2 else { return nil }
    return
      "the code has one dimension, and its covariance nothing off the diagonal: what weighs that (--lambda) has no "
      + "effect; use more dimensions (--latent)"
  }

  fileprivate static func settings(_ lambda: Double, _ diagonal: Double) -> [Setting] {
    [
      .control("lambda", symbol: "λ_od", "weight of the off-diagonal covariance", default: lambda, step: 1),
      .control("lambdaDiagonal", symbol: "λ_d", "weight of the diagonal's distance from 1", default: diagonal, step: 1),
    ]
  }
}

extension ObjectiveKind {
  static let dipI = ObjectiveKind(
    identifier: "dipI", name: "dip-vae-i", summary: "penalties on the covariance of the posterior means",
    formula: "R + KL + λ_od·Σ C_ij² + λ_d·Σ (C_ii − 1)², C = cov μ", source: "Kumar 2017, arXiv:1711.00848",
    settings: DisentangledInferredPrior.settings(10, 100),
    requirements: .init(needsPosterior: true, couplesBatch: true, needsStandardPrior: true),
    remark: DisentangledInferredPrior.remark
  ) { _ in DisentangledInferredPrior(addsVariances: false) }

  static let dipII = ObjectiveKind(
    identifier: "dipII", name: "dip-vae-ii", summary: "penalties on the covariance of the codes",
    formula: "R + KL + λ_od·Σ C_ij² + λ_d·Σ (C_ii − 1)², C = cov μ + diag mean σ²",
    source: "Kumar 2017, arXiv:1711.00848", settings: DisentangledInferredPrior.settings(10, 10),
    requirements: .init(needsPosterior: true, couplesBatch: true, needsStandardPrior: true),
    remark: DisentangledInferredPrior.remark
  ) { _ in DisentangledInferredPrior(addsVariances: true) }
}
