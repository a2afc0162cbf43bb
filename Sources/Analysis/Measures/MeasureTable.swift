import Tensors

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

  /// What stands for every measure among names.
  public static let everyName = "all"
  /// What stands for all but those that take long.
  public static let usualName = "usual"
  /// The names that `named` takes.
  public static var names: [String] { [everyName, usualName] + all.map(\.name) }

  /// The measures called `names`, in the order of the table; `all` names every one, `usual` all but those that take long.
  ///
  /// - Throws: `AnalysisError.unknown`.
  public static func named(_ names: [String]) throws -> [Measure] {
    let known = Self.names
    if let name = names.first(where: { !known.contains($0) }) {
      throw AnalysisError.unknown(what: "measure", name: name, known: known)
    }
    return all.filter {
      names.contains(everyName) || names.contains(usualName) && !$0.isSlow || names.contains($0.name)
    }
  }
}

extension Measurement {
  /// A measurement of `representation`.
  ///
  /// - Parameters:
  ///   - training: codes to learn from, of the same dimensions and factors.
  ///   - test: codes to try on what was learnt, of the same dimensions and factors.
  ///   - settings: values by the names of `MeasureSetting`s; defaults for the others.
  ///   - isCancelled: asked now and then; true makes what is running throw `CancellationError`.
  /// - Throws: `AnalysisError` for settings that do not exist or are out of range, and for training or test codes of
  ///   other dimensions or factors.
  public convenience init(
    of representation: Representation, training: Representation? = nil, test: Representation? = nil,
    settings: [String: Double] = [:], seed: UInt64 = 1,
    pool: WorkerPool = .inline, isCancelled: @escaping () -> Bool = { false }
  ) throws {
    let known = Measure.allSettings
    for (name, value) in settings.sorted(by: { $0.key < $1.key }) {
      guard let setting = known.first(where: { $0.name == name }) else {
        throw AnalysisError.unknown(what: "setting", name: name, known: known.map(\.name))
      }
      try setting.check(value)
    }
    try self.init(
      of: representation, training: training, test: test,
      checkedSettings: settings, seed: seed, pool: pool, isCancelled: isCancelled)
  }
}
