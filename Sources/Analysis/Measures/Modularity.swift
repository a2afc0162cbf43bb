extension Measure {
  /// Modularity.
  static let modularity = Measure(
    "modularity", title: "modularity", summary: "whether each dimension tells of one factor alone",
    definition: "mean over dimensions of 1 − (Σ_v m² − max_v m²) / (max_v m² · (F − 1)), m = I(μ_d; v)",
    source: "Ridgeway & Mozer 2018, arXiv:1802.05312",
    estimator: "counts of equal-width bins of the means, as disentanglement_lib; standard error by bootstrap",
    needs: [.means, .factors], settings: binSettings
  ) { measurement in
    let information = try measurement.factorInformation()
    let targets = try measurement.targets()
    guard information.factors > 1 else {
      throw AnalysisError.undefined(
        "modularity compares factors and needs at least two that vary; here is \(targets.targets[0].name) alone")
    }
    return MeasureResult(
      .init("modularity", information.modularity, standardError: try measurement.bootstrapped(\.modularity)),
      tables: [
        .init("modularity", rows: measurement.representation.dimensionNames, values: information.modularities)
      ], sampleSizes: [.init("image", try measurement.targeted.count)], notes: targets.notes)
  }
}
