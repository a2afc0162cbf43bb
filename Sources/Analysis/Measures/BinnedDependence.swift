extension Measure {
  /// Mean mutual information between dimensions.
  static let binnedDependence = Measure(
    "binned-dependence", title: "mean I(μ_i; μ_j)",
    summary: "mean information of one dimension of the means about another",
    definition: "mean over i ≠ j of the mutual information of the binned means",
    source: "Locatello 2019, arXiv:1811.12359",
    estimator: """
      counts of equal-width bins, as disentanglement_lib; independent dimensions give about (bins − 1)²/2n, not 0; \
      standard error by bootstrap
      """, unit: "nats", needs: [.means], settings: binSettings
  ) { measurement in
    let bins = measurement.binnedMeans()
    let binCount = measurement.whole(EqualBins.bins)
    let size = bins.count
    guard size > 1 else {
      throw AnalysisError.undefined("the code has one dimension: there is no other that it could depend on")
    }
    func information(_ weights: [Int32]?) -> [Double] {
      var matrix = [Double](repeating: 0, count: size * size)
      for i in 0..<size {
        for j in 0..<i {
          let value = Contingency(bins[i], rows: binCount, bins[j], columns: binCount, weights: weights)
            .mutualInformation
          matrix[i * size + j] = value
          matrix[j * size + i] = value
        }
      }
      return matrix
    }
    func mean(_ matrix: [Double]) -> Double { matrix.reduce(0, +) / Double(size * (size - 1)) }
    let matrix = information(nil)
    let error = try Bootstrap.standardError(count: measurement.representation.count, measurement) {
      mean(information($0))
    }
    let names = measurement.representation.dimensionNames
    return MeasureResult(
      .init("mean", mean(matrix), standardError: error),
      tables: [.init("I(μ_i; μ_j)", rows: names, columns: names, values: matrix)],
      sampleSizes: [.init("image", measurement.representation.count)])
  }
}
