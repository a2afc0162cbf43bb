import Analysis
import Canvas
import LatentModels
import Tensors

extension ReportSection {
  /// What the model is and what it is worth.
  static let configuration = ReportSection(summary: "configuration") { subject in
    let (evaluation, model) = (subject.evaluation, subject.model)
    var worth = evaluation.bounds(of: model.variables).map { row($0) }
    let others = evaluation.otherDivergences
    if let divergences = evaluation.klByDimension, !others.isEmpty || model.variables.count > 1 {
      // What evaluate prints dimension by dimension is in the figures below.
      for (variable, range) in model.variables.columns where !variable.isCategorical {
        let sum = divergences[range].reduce(0, +)
        worth.append(
          row(.init(name: variable.name, number: .nats(sum, error: nil), what: "of its dimensions"), of: "KL of "))
      }
      worth += others.map { row($0, of: "KL of ") }
    }
    if let remark = model.remarkOnBounds { worth.append(("remark", remark)) }
    worth += evaluation.accuracies.map { row($0) }
    if let note = evaluation.noteOnOtherClasses { worth.append(("remark on classes", note)) }
    // Of one image no mean varies.
    if evaluation.images > 1 {
      worth.append(
        (
          "active units",
          "\(evaluation.activeUnits.count) of \(subject.dimensions.count), whose means vary by more than 0.01"
        ))
    }
    worth += subject.probes.map { probe in
      let share = row(
        .init(
          name: "\(probe.property) from \(probe.variable)", number: .share(probe.accuracy, error: probe.standardError),
          what: "of \(NumberText.grouped(probe.testedOn, unicode: true)), fitted on "
            + "\(NumberText.grouped(probe.fittedOn, unicode: true)), chance \(number(100 * probe.chance, 2)) %"))
      return ("probe " + share.name, share.value)
    }
    return Report.Section(title: "Model", blocks: [.facts(subject.facts + worth)])
  }

  /// A number with its standard error and what it is.
  private static func row(_ fact: EvaluationFact, of kind: String = "") -> (name: String, value: String) {
    let text =
      switch fact.number {
      case .nats(let value, let error):
        number(value, 2) + (error.map { " ± " + number($0, 2) } ?? "") + " nats an image"
      case .share(let value, let error):
        number(100 * value, 2) + " %" + (error.map { " ± " + number(100 * $0, 2) } ?? "")
      }
    return (kind + fact.name, text + (fact.what.isEmpty ? "" : ", " + fact.what))
  }

  /// Every named term against epochs.
  static let training = ReportSection(summary: "training curves") { subject in
    let records = subject.metrics
    guard let last = records.last else { return nil }
    var names = last.training.map(\.name)
    for term in last.heldOut ?? [] where !names.contains(term.name) { names.append(term.name) }
    let blocks = names.map { name -> Report.Block in
      func points(_ terms: (MetricsRecord) -> [Term]?) -> [SIMD2<Double>] {
        records.compactMap { record in terms(record)?[name].map { SIMD2(Double(record.epoch), $0) } }
      }
      let (training, heldOut) = (points { $0.training }, points { $0.heldOut })
      var series: [CurveFigure.Series] = []
      if !training.isEmpty { series.append(.init(name: "training", points: training, color: 4, isDashed: true)) }
      if !heldOut.isEmpty { series.append(.init(name: "held out", points: heldOut, color: 7)) }
      var curves = CurveFigure(series: series)
      curves.name = "training-" + fileName(name)
      curves.title = name
      let unit = subject.model.configuration.unit(of: name).rawValue
      curves.caption = "\(name), \(unit), against epochs; the model shown is of epoch \(subject.model.epoch)."
      curves.horizontalName = "epoch"
      curves.countsWhole = true
      curves.verticalName = unit
      return .figure(curves.figure)
    }
    return Report.Section(title: "Training", blocks: blocks)
  }

  /// A term's name as part of a file's: letters, digits and hyphens.
  static func fileName(_ name: String) -> String {
    let letters = name.lowercased().unicodeScalars.map { scalar -> Character in
      ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) ? Character(scalar) : "-"
    }
    return String(letters.split(separator: "-").joined(separator: "-"))
  }

  /// What every dimension tells.
  static let dimensions = ReportSection(summary: "dimensions") { subject in
    let names = subject.dimensions.map(subject.dimensionName)
    var blocks: [Report.Block] = []
    if let divergences = subject.evaluation.klByDimension, !names.isEmpty {
      var bars = BarFigure(
        entries: names,
        series: [.init(name: "KL(q(z_d|x) ‖ p(z_d))", values: subject.dimensions.map { divergences[$0] })])
      let representation = try subject.representation()
      let measurement = try Measurement(
        of: representation, seed: subject.seed, pool: subject.pool, isCancelled: subject.isCancelled)
      // Information by dimension from whichever measures of posteriors tell it: these share what takes time.
      for measure in Measure.all
      where measure.needs.contains(.logVariances) && !measure.isSlow && measure.missing(in: representation).isEmpty {
        guard let result = try defined({ try measure.evaluate(measurement) }) else { continue }
        for table in result.tables where table.kind == .informationByDimension && table.values.count == names.count {
          bars.series.append(.init(name: table.name, values: table.values))
        }
      }
      bars.name = "dimensions"
      bars.title = "Divergence and information by dimension"
      bars.caption =
        "In nats an image, over \(NumberText.counted(subject.images.count, "image", unicode: true)). "
        + "A dimension of no divergence is ignored by the model."
      bars.entryName = "dimension"
      bars.verticalName = "nats"
      blocks.append(.figure(bars.figure))
    }
    var bars = BarFigure(
      entries: names,
      series: [
        .init(name: "variance of the means", values: subject.dimensions.map { subject.evaluation.varianceOfMeans[$0] })
      ])
    bars.name = "variances"
    bars.title = "Variance of the posterior means by dimension"
    bars.caption = "A unit counts as active above 0.01 (Burda 2015, arXiv:1509.00519)."
    bars.entryName = "dimension"
    bars.verticalName = "variance"
    return Report.Section(title: "Dimensions", blocks: blocks + [.figure(bars.figure)])
  }

  /// The spectrum and the correlations of the means.
  static let components = ReportSection(summary: "components") { subject in
    let means = subject.means
    let latent = subject.dimensions.count
    guard means.shape[0] >= 2, latent >= 2 else { return nil }
    let spectrum = try Measure.principalSpectrum.evaluate(
      Measurement(
        of: subject.representation(), seed: subject.seed, pool: subject.pool, isCancelled: subject.isCancelled))
    let series = ["means", "samples"].compactMap { name in
      spectrum.table(name).map { BarFigure.Series(name: "of \(name)", values: $0.values) }
    }
    var bars = BarFigure(entries: (series.first?.values ?? []).indices.map { "\($0 + 1)" }, series: series)
    bars.name = "spectrum"
    bars.title = "Spectrum of the codes"
    bars.caption =
      "Variances along the principal components of the means, which add up to "
      + "\(number(series.first?.values.reduce(0, +) ?? 0, 3))"
      + (series.count > 1
        ? ", and of codes sampled from the posteriors: 1 along a direction that the model ignores." : ".")
    bars.entryName = "component"
    bars.verticalName = "variance"
    var heat = HeatFigure(
      entries: subject.dimensions.map(subject.dimensionName), values: Covariance(of: means).knownCorrelations)
    heat.name = "correlations"
    heat.title = "Correlations of the posterior means"
    heat.caption = "Pearson's correlation of every two dimensions over the images; grey where one does not vary."
    return Report.Section(title: "Components", blocks: [.figure(bars.figure), .figure(heat.figure)])
  }

  /// What `body` computes, or nil where it is not defined for these codes.
  static func defined<Value>(_ body: () throws -> Value) throws -> Value? {
    do { return try body() } catch is AnalysisError { return nil }
  }
}

extension ReportSubject {
  /// The codes as measures take them.
  func representation() throws -> Representation {
    try Representation(posterior, of: images, by: model)
  }
}
