extension Measure {
  static let angle = MeasureSetting(
    "angle", "degrees by which neighbouring dimensions are turned; 0: a random turn of all", default: 0.0, 0...360)

  /// How much of the gap is owed to the axes.
  static let rotationSensitivity = Measure(
    "rotation", title: "MIG after a turn",
    summary: "what is left of the MIG when latent space is turned, which no likelihood notices",
    definition: "MIG of R·μ for an orthogonal R; p(z) = p(Rz) and p(x|z) = p(x|Rᵀ(Rz)), so that every likelihood stays",
    source: "Locatello 2019, arXiv:1811.12359; Rolinek 2019, arXiv:1812.06775",
    estimator: "mean over five random turns drawn by the seed (one where an angle is given); standard error over turns",
    needs: [.means, .factors], settings: [angle, EqualBins.bins]
  ) { measurement in
    let all = try measurement.targeted
    guard all.dimensions > 1 else {
      throw AnalysisError.undefined("the code has one dimension: there is nothing to turn it into")
    }
    let (targets, bins) = (try measurement.targets().targets, measurement.whole(EqualBins.bins))
    let degrees = measurement.value(angle)
    let turns = degrees == 0 ? 5 : 1
    var gaps: [Double] = []
    for turn in 0..<turns {
      let rotation =
        degrees == 0
        ? Rotation(randomOf: all.dimensions, seed: measurement.seed &+ UInt64(turn))
        : Rotation(degrees: degrees, of: all.dimensions)
      let turned = all.rotated(rotation)
      let binned = (0..<all.dimensions).map { turned.bins(of: $0, count: bins) }
      gaps.append(FactorInformation(binned, binCount: bins, targets).gap)
    }
    let before = try measurement.factorInformation().gap
    return MeasureResult(
      .init("MIG after", Estimate(meanOf: gaps)), [.init("MIG before", before)],
      sampleSizes: [.init("image", all.count), .init("turn", turns)], notes: try measurement.targets().notes)
  }
}
