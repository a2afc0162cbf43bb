extension Measure {
  /// Modularity.
  static let modularity = Measure(
    "modularity", title: "modularity", summary: "whether each dimension tells of one factor alone",
    definition: "mean over dimensions of 1 − (Σ_v m² − max_v m²) / (max_v m² · (F − 1)), m = I(μ_d; v)",
    source: "Ridgeway & Mozer 2018, arXiv:1802.05312",
    estimator: """
      counts of equal-width bins of the means, as disentanglement_lib; F counts factors that do not vary too, as there; \
      standard error by bootstrap
      """, needs: [.means, .factors], settings: binSettings
  ) { measurement in
    let information = try measurement.factorInformation()
    let targets = try measurement.targets()
    guard information.factors + information.constants > 1 else {
      throw AnalysisError.undefined(
        "modularity compares factors and needs at least two; here is \(targets.targets[0].name) alone")
    }
    let notes =
      targets.constants.map { "\($0) does not vary and counts as a factor that no dimension tells of" }
      + (information.factors == 1
        ? ["one factor alone varies: modularity is 1 of every dimension that tells of it"] : [])
    return MeasureResult(
      .init("modularity", information.modularity, standardError: try measurement.bootstrapped(\.modularity)),
      tables: [
        .init("modularity", rows: measurement.representation.dimensionNames, values: information.modularities)
      ], sampleSizes: [.init("image", try measurement.targeted.count)], notes: notes + targets.codingNotes)
  }
}
