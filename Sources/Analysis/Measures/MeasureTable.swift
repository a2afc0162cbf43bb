extension Measure {
  /// All measures, in the order in which they are told.
  public static let all: [Measure] = [
    mutualInformation, totalCorrelation, dimensionWiseDivergence, dimensionInformation, classInformation,
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
