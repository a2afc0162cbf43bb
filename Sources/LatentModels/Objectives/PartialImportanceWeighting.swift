import Tensors

/// PIWAE (Rainforth 2018, arXiv:1802.04537, section 5): the generative program climbs the bound of all S = M·K samples, the
/// inference program the mean of M bounds of K, whose gradient has a better signal-to-noise ratio.
struct PartialImportanceWeighting: Objective {
  let parts: Int

  func terms(_ traces: Traces) -> ObjectiveTerms {
    let samples = traces.inference.axis.extent
    let seen = DetachedTraces(traces)
    let weights = seen.logWeights
    let whole = -ImportanceWeightedBound.bound(logWeights: weights, of: traces.inference)
    let mean = -CombinedImportanceWeighting.bound(weights, samples: samples, parts: parts)
    let shares = -weights.graph.gradients(of: mean.sum(), withRespectTo: [weights])[0]
    // Through the draws, and directly: log q of what was drawn takes part in every weight.
    let path = seen.path(of: mean, responsibility: shares)
    let direct = traces.inference.total(of: shares.stoppingGradient() * seen.logPosterior)
    return ObjectiveTerms(
      seen.traces.shownBound + [.init("inference bound", symbol: "−L_{M,K}", mean, weight: .shown)],
      loss: whole.withGradient(of: whole + path + direct))
  }
}

extension ObjectiveKind {
  static let partialImportanceWeighting = ObjectiveKind(
    identifier: "partialImportanceWeighting", name: "piwae",
    summary: "the bound of all samples for the decoder, the mean of M bounds for the encoder",
    formula: "−L_MK for the decoder, −mean_m L_K for the encoder", source: "Rainforth 2018, arXiv:1802.04537",
    settings: [CombinedImportanceWeighting.partsSetting],
    requirements: .init(needsPosterior: true, isAdditive: false, needsOneVariable: true, takesClassAsEvidence: true),
    check: CombinedImportanceWeighting.checkParts, details: CombinedImportanceWeighting.details
  ) { PartialImportanceWeighting(parts: $0.count("parts")) }
}
