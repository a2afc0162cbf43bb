extension Measure {
  /// PCA spectrum of the means and of sampled codes.
  public static let principalSpectrum = Measure(
    "pca-spectrum", title: "PCA spectrum",
    summary: "variance along the principal components of the means and of sampled codes",
    definition: """
      eigenvalues of Cov(μ) and of Cov(z) = Cov(μ) + diag(E σ²), largest first; an unused direction has 0 in the first \
      and 1 in the second. The value is the participation ratio (Σλ)²/Σλ² of the means: how many directions they fill
      """, source: "Pearson 1901, Hotelling 1933; participation ratio: Bell & Dean 1970",
    estimator: """
      covariances over the images given (divided by n); the expectation over samples in closed form; of the value and of \
      the spectrum of the means \(Influences.estimator)
      """, needs: [.means]
  ) { measurement in
    let covariance = measurement.covarianceOfMeans()
    let size = covariance.size
    let eigen = SymmetricEigen(size: size, elements: covariance.matrix(divisor: .population))
    let means = eigen.values.map { max(0, $0) }
    let influences = measurement.influencesOnCovariance()
    let scores = influences.scores(along: eigen.vectors)
    let scale = measurement.representation.units.squaredScale
    let names = (1...size).map { "pc\($0)" }
    let total = means.reduce(0, +)
    let squares = means.reduce(0) { $0 + $1 * $1 }
    let ratio = squares > 0 ? total * total / squares : 0
    // How the ratio follows from every eigenvalue; an image changes that by its squared score less the eigenvalue.
    let slopes = means.map { squares > 0 ? 2 * total / squares * (1 - total * $0 / squares) : 0 }
    var tables: [MeasureResult.Table] = [
      .init(
        "means", rows: names, values: means.map { $0 * scale },
        standardErrors: influences.standardErrors(ofVariances: means, scores).map { $0.map { $0 * scale } }),
      .init("share of the variance of the means", rows: names, values: means.map { total > 0 ? $0 / total : 0 }),
    ]
    if let logVariances = measurement.representation.logVariances {
      var matrix = covariance.matrix(divisor: .population).map { $0 * scale }
      let count = measurement.representation.count
      for row in 0..<count {
        for d in 0..<size {
          matrix[d * size + d] += exponential(Double(logVariances.elements[row * size + d])) / Double(count)
        }
      }
      tables.append(
        .init("samples", rows: names, values: SymmetricEigen(size: size, elements: matrix).values.map { max(0, $0) }))
    }
    return MeasureResult(
      .init(
        "participation ratio of the means", ratio,
        standardError: influences.standardError(of: influences.squares(scores, weights: slopes), scale: ratio)),
      tables: tables,
      sampleSizes: [.init("image", measurement.representation.count)],
      notes: total > 0 ? [] : ["the codes do not vary"])
  }
}
