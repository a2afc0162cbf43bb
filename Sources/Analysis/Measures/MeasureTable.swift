extension Measure {
  /// All measures, in the order in which they are told.
  public static let all: [Measure] = [
    // What the posteriors tell, in nats.
    mutualInformation, totalCorrelation, dimensionWiseDivergence, aggregateDivergence, aggregateDensity,
    dimensionInformation, classInformation,
    // The shape of the code.
    activeUnits, codeScale, principalSpectrum, correlations, gaussianTotalCorrelation, gaussianWasserstein,
    binnedDependence, blockEntanglement,
    // What can be read from it.
    linearSeparability, accuracyByDimensions, neighbourAccuracy,
    // Against known factors.
    mutualInformationGap, rotationSensitivity, modularity, explicitness, separatedAttributePredictability, betaVAEScore,
    factorVAEScore, disentanglementCompleteness,
  ]

  /// All settings that a measure reads, each once.
  public static var allSettings: [MeasureSetting] {
    var found: [MeasureSetting] = []
    for setting in all.flatMap(\.settings) where !found.contains(where: { $0.name == setting.name }) {
      found.append(setting)
    }
    return found
  }
}
