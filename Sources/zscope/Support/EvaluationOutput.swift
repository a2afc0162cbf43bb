import Analysis
import Datasets
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
  /// Of a code of several variables: what each of them tells.
  let probes: [VariableProbe]?
  /// What a bound of this model is not.
  let remark: String?
  let turn: TurnOutput?
  let measures: [MeasureOutput]?
  /// What the dimensions of the code are called, such as `z1`.
  let dimensionNames: [String]
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
    let errors = evaluation.standardErrors
    if let elbo = evaluation.elbo { lines.append("  ELBO            \(nats(elbo, errors.elbo))   at β = 1") }
    let codes = evaluation.samples.map { Text.counted($0, "code") + " an image" } ?? "z the mean"
    lines.append("  reconstruction  \(nats(evaluation.reconstruction, errors.reconstruction))   −log p(x|z), \(codes)")
    if let kl = evaluation.kl { lines.append("  KL              \(nats(kl, errors.kl))") }
    if let bound = evaluation.importanceWeighted, let count = evaluation.importanceSamples {
      lines.append(
        "  L_\(Text.padded("\(count)", 13)) \(nats(bound, errors.importanceWeighted))   importance-weighted bound on log p(x)"
      )
    }
    if let remark { lines.append("  " + remark) }
    for (title, accuracy, how) in [
      ("class", evaluation.classifier, "by the classifier"),
      (
        "weighted class", evaluation.weightedClassifier,
        "by the weights of \(Text.counted(evaluation.importanceSamples ?? 0, "code")) an image"
      ),
    ] {
      guard let accuracy else { continue }
      lines.append(
        "  \(Text.padded(title, 15)) \(Text.share(accuracy.accuracy, accuracy.standardError))   of \(Text.counted(accuracy.images, "label")), \(how)"
      )
    }
    let active = evaluation.activeUnits
    lines.append(
      "  active units    \(Text.rightAligned("\(active.count)", 10))   of \(evaluation.varianceOfMeans.count)")
    if let probe = linearProbe {
      lines.append(
        "  linear probe    \(Text.share(probe.accuracy, probe.standardError))   of \(Text.grouped(probe.testedOn)) labels, fitted on \(Text.grouped(probe.fittedOn)) (\(probe.split)), penalty 1e-4"
      )
    }
    if let whyNoProbe { lines.append("  no linear probe: \(whyNoProbe.harmlessLine)") }
    lines += (probes ?? []).map(\.line)
    if let klByDimension = evaluation.klByDimension {
      lines.append("  KL by dimension, largest first; dimension 0 is the explorer's z1")
      for (dimension, value) in klByDimension.enumerated().sorted(by: { $0.element > $1.element }) {
        lines.append(
          "    \(Text.rightAligned("\(dimension)", 3))  \(Text.padded(dimensionNames[dimension].harmlessLine, 6)) \(nats(value, evaluation.klByDimensionStandardErrors?[dimension]))\(active.contains(dimension) ? "" : "   inactive")"
        )
      }
      // Together with the dimensions these are all of KL.
      for (values, errors, what) in [
        (evaluation.klOfClasses, evaluation.klOfClassesStandardErrors, "of the class, in all"),
        (evaluation.klBeneath, evaluation.klBeneathStandardErrors, "of the codes beneath, in all"),
      ] {
        for (name, value) in (values ?? [:]).sorted(by: { $0.key < $1.key }) {
          lines.append("         \(Text.padded(name.harmlessLine, 6)) \(nats(value, errors?[name]))   \(what)")
        }
      }
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
        "  measures are of turned codes; decoded after the turn back, no pixel differs by more than \(turn.greatestPixelDifference)"
      )
    }
    if let measures { lines += measures.flatMap(\.lines) }
    return lines.joined(separator: "\n") + "\n"
  }
}
