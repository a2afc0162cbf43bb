import Analysis
import Datasets
import Exports
import HarmlessText
import LatentModels

/// How a linear probe did.
struct ProbeOutput: Encodable {
  /// The share of test images labelled rightly, in 0…1.
  let accuracy: Double
  let standardError: Double?
  let fittedOn: Int
  let testedOn: Int
  let penalty: Double
  let split: String
  /// The share of the class that is most frequent where the probe learnt: what it must beat.
  let mostFrequentClass: Double?
  let notes: [String]
}

/// What a turn of latent space did to decoded images.
struct TurnOutput: Encodable {
  let greatestPixelDifference: Double
}

/// An evaluation with what it is of: one flat JSON object, or text.
struct EvaluationOutput: Encodable {
  let model: String
  let data: String
  /// Which half of the data set; nil where it has none.
  let part: DataPart?
  /// Whether the model learnt from some of the images, so that it does better on them than on others.
  let includesTrainingImages: Bool
  let evaluation: Evaluation
  let linearProbe: ProbeOutput?
  /// Why there is no linear probe, where it was wanted and could not be fitted.
  let whyNoProbe: String?
  /// Of a code of several variables: what each of them tells beyond the linear probe.
  let probes: [VariableProbe]?
  /// What a bound of this model is not.
  let remark: String?
  let turn: TurnOutput?
  let measures: [MeasureOutput]?
  /// The parts of the model's code.
  let variables: [LatentVariable]
  let equivariance: EquivarianceEvaluation?

  private enum CodingKeys: CodingKey {
    case model, data, part, includesTrainingImages, linearProbe, whyNoProbe, elboBeta
    case remark, turn, measures, probes, equivariance
  }

  func encode(to encoder: any Encoder) throws {
    try evaluation.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(model, forKey: .model)
    try container.encode(data, forKey: .data)
    try container.encodeIfPresent(part, forKey: .part)
    try container.encode(includesTrainingImages, forKey: .includesTrainingImages)
    try container.encodeIfPresent(linearProbe, forKey: .linearProbe)
    try container.encodeIfPresent(whyNoProbe, forKey: .whyNoProbe)
    try container.encodeIfPresent(probes, forKey: .probes)
    if evaluation.elbo != nil { try container.encode(1, forKey: .elboBeta) }
    try container.encodeIfPresent(remark, forKey: .remark)
    try container.encodeIfPresent(turn, forKey: .turn)
    try container.encodeIfPresent(equivariance, forKey: .equivariance)
    try container.encodeIfPresent(measures, forKey: .measures)
  }

  var text: String {
    func nats(_ value: Double, _ error: Double? = nil) -> String {
      let text = Text.rightAligned(Text.fixed(value, 3), 10)
      return text + Text.padded(Text.error(error, 3), 9)
    }
    var lines = [
      "\(model.harmlessLine) on \(Text.counted(evaluation.images, "image")) of \(data.harmlessLine)\(Text.half(part)), nats an image"
    ]
    if includesTrainingImages {
      lines.append("  the model learnt from some of these images; on others it does worse")
    }
    func line(_ fact: EvaluationFact, indent: Int, width: Int) -> String {
      let number =
        switch fact.number {
        case .nats(let value, let error): nats(value, error)
        case .share(let value, let error): Text.share(value, error)
        }
      let start = String(repeating: " ", count: indent) + Text.padded(fact.name.harmlessLine, width)
      return "\(start) \(number)   \(fact.what)"
    }
    lines += evaluation.bounds(of: variables).map { line($0, indent: 2, width: 15) }
    if let remark { lines.append("  " + remark) }
    lines += evaluation.accuracies.map { line($0, indent: 2, width: 15) }
    if let note = evaluation.noteOnOtherClasses { lines.append("  class: \(note)") }
    let active = evaluation.activeUnits
    // Of one image no mean varies.
    let tellsActivity = evaluation.images > 1
    if tellsActivity {
      lines.append(
        "  active units    \(Text.rightAligned("\(active.count)", 10))   of \(evaluation.varianceOfMeans.count)")
    }
    if let probe = linearProbe {
      let chance = probe.mostFrequentClass.map { ", chance \(Text.fixed(100 * $0, 2)) %" } ?? ""
      lines.append(
        "  linear probe    \(Text.share(probe.accuracy, probe.standardError))   of \(Text.counted(probe.testedOn, "label")), fitted on \(Text.grouped(probe.fittedOn)) (\(probe.split)), penalty 1e-4\(chance)"
      )
    }
    if let whyNoProbe { lines.append("  no linear probe: \(whyNoProbe.harmlessLine)") }
    lines += (probes ?? []).map { probe in
      let name = Text.padded("\(probe.property) from \(probe.variable)".harmlessLine, 24)
      return "  probe \(name) \(Text.share(probe.accuracy, probe.standardError))   of \(Text.grouped(probe.testedOn)), "
        + "fitted on \(Text.grouped(probe.fittedOn)), chance \(Text.fixed(100 * probe.chance, 2)) %"
    }
    if let klByDimension = evaluation.klByDimension {
      let dimensionNames = variables.dimensionNames
      let first = dimensionNames.first.map { "; dimension 0 is the explorer's \($0.harmlessLine)" } ?? ""
      lines.append("  KL by dimension, largest first\(first)")
      for (dimension, value) in klByDimension.enumerated().sorted(by: { $0.element > $1.element }) {
        lines.append(
          "    \(Text.rightAligned("\(dimension)", 3))  \(Text.padded(dimensionNames[dimension].harmlessLine, 6)) \(nats(value, evaluation.klByDimensionStandardErrors?[dimension]))\(active.contains(dimension) || !tellsActivity ? "" : "   inactive")"
        )
      }
      // Together with the dimensions these are all of KL.
      lines += evaluation.otherDivergences.map { line($0, indent: 9, width: 6) }
    } else {
      lines.append("  no bound and no KL: an autoencoder's variances are not trained, so these would mean nothing")
    }
    if let equivariance {
      let errors = equivariance.standardErrors
      func sure(_ value: Double, _ error: Double?, _ digits: Int) -> String {
        Text.fixed(value, digits) + Text.error(error, digits)
      }
      let probe = equivariance.probeAccuracy.map {
        ", probe for g \(sure($0 * 100, errors.probeAccuracy.map { $0 * 100 }, 1)) % where guessing has "
          + "\(Text.fixed(equivariance.chance * 100, 1)) %"
      }
      lines.append(
        "  group: ‖E(g·x) − ρ(g)E(x)‖ \(sure(equivariance.codeError, errors.codeError, 3)), "
          + "\(sure(equivariance.relativeCodeError, errors.relativeCodeError, 3)) of the codes' spread, "
          + "‖D(ρ(g)z) − g·D(z)‖ \(sure(equivariance.imageError, errors.imageError, 2))\(probe ?? ""), "
          + "\(Text.grouped(equivariance.images)) images")
    }
    if let turn {
      lines.append(
        "  measures are of turned codes; decoded after the turn back, no pixel differs by more than \(Text.telling(turn.greatestPixelDifference, 4))"
      )
    }
    if let measures { lines += measures.flatMap(\.lines) }
    return lines.joined(separator: "\n") + "\n"
  }
}
