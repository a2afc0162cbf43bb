extension Measure {
  /// MIG.
  public static let mutualInformationGap = Measure(
    "mig", title: "MIG", summary: "whether each factor is told by one dimension alone",
    definition: "mean over factors of (I(μ_best; v) − I(μ_second; v)) / H(v)",
    source: "Chen 2018, arXiv:1802.04942",
    estimator: """
      counts of equal-width bins of the means, as disentanglement_lib; values of continuous factors are binned too; \
      standard error by bootstrap
      """, needs: [.means, .factors], settings: binSettings
  ) { measurement in
    let information = try measurement.factorInformation()
    let targets = try measurement.targets()
    let names = targets.targets.map(\.name)
    return MeasureResult(
      .init("MIG", information.gap, standardError: try measurement.bootstrapped(\.gap)),
      tables: [
        .init("gap", rows: names, values: information.gaps, kind: .byFactor),
        .init("H(v)", rows: names, values: information.entropies, kind: .byFactor),
        .init(
          "I(μ_d; v)", rows: measurement.representation.dimensionNames, columns: names, values: information.matrix),
      ],
      sampleSizes: [.init("image", try measurement.targeted.count)],
      notes: targets.notes
        + (information.dimensions == 1 ? ["the code has one dimension: the second best counts as 0"] : []))
  }
}
