/// How large codes are: what a prior holds together, and an autoencoder lets drift.
extension Measure {
  static let codeScale = Measure(
    "code-scale", title: "scale of the code",
    summary: "how far codes lie from the origin, by the prior's measure: near 1 for a VAE, anything for an autoencoder",
    definition: """
      √(E‖z‖²/K) of codes drawn from the posteriors (of the means where there are no variances); a standard normal prior \
      has 1
      """, source: "Kingma & Welling 2013, arXiv:1312.6114 (the prior's scale)",
    estimator: "in closed form: E‖z‖² = E‖μ‖² + E Σσ²; standard error over images by the delta method", needs: [.means]
  ) { measurement in
    let representation = measurement.representation
    let (count, size) = (representation.count, representation.dimensions)
    let means = representation.means.elements
    var squares = [Double](repeating: 0, count: count)
    var meanSquares = [Double](repeating: 0, count: size)
    var variances = [Double](repeating: 0, count: size)
    for row in 0..<count {
      for d in 0..<size {
        let value = representation.units.plain(means[row * size + d], column: d)
        squares[row] += value * value
        meanSquares[d] += value * value / Double(count)
        guard let logVariances = representation.logVariances else { continue }
        let variance = exponential(Double(logVariances.elements[row * size + d]))
        squares[row] += variance
        variances[d] += variance / Double(count)
      }
    }
    let estimate = Estimate(meanOf: squares.map { $0 / Double(size) })
    let scale = estimate.value.squareRoot()
    let centre = measurement.covarianceOfMeans().means.enumerated().map { d, mean in
      mean * representation.units.scale + representation.units.offset(d)
    }
    var values: [MeasureResult.Value] = [
      .init("scale of the means", (meanSquares.reduce(0, +) / Double(size)).squareRoot()),
      .init("distance of the centre from the origin", centre.reduce(0) { $0 + $1 * $1 }.squareRoot()),
    ]
    var tables: [MeasureResult.Table] = [
      .init("√E μ_d²", rows: representation.dimensionNames, values: meanSquares.map { $0.squareRoot() })
    ]
    if representation.logVariances != nil {
      values.append(.init("posterior deviation", (variances.reduce(0, +) / Double(size)).squareRoot()))
      tables.append(.init("√E σ_d²", rows: representation.dimensionNames, values: variances.map { $0.squareRoot() }))
    }
    return MeasureResult(
      .init("scale", scale, standardError: scale > 0 ? estimate.standardError.map { $0 / (2 * scale) } : nil), values,
      tables: tables, sampleSizes: [.init("image", count)],
      notes: representation.logVariances == nil ? ["there are no variances: the scale is that of the codes given"] : [])
  }
}
