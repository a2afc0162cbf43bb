import Tensors

/// FactorVAE (Kim & Mnih 2018, arXiv:1802.05983, equation 2 and algorithm 2): the evidence lower bound with a weight γ on the
/// total correlation of the codes, which an adversary estimates by the density ratio: its logit `D(z)` tells codes of images
/// from codes whose every dimension comes from another image.
///
/// The batch is two half-batches: the adversary learns to tell the codes of the first from shuffled codes of the second.
/// Images come in random order, so that taking dimension d from the d-th next image is a draw from the product of the
/// marginals, and no two dimensions of one code share an image (where the half-batch has more images than the code
/// dimensions).
struct FactorAdversary: Objective {
  let hidden: [Int]
  let adam: AdamConfiguration

  static let prefix = "adversary."
  /// The control that is its rate.
  static let rate = "adversaryRate"

  func terms(_ traces: Traces) -> ObjectiveTerms {
    let code = traces.continuousCode
    let (count, width) = (code.shape[0], code.shape[1])
    let network = Perceptron(
      name: String(Self.prefix.dropLast()), widths: [width] + hidden + [1], activation: .leakyRelu)
    let correlation = network.apply(to: code).reshaped([count])
    let detached = code.stoppingGradient()
    let half = max(1, count / 2)
    let drawn = network.apply(to: detached.sliced(axis: 0, range: 0..<half)).reshaped([half])
    let second = count > 1 ? detached.sliced(axis: 0, range: half..<count) : detached
    let rest = second.shape[0]
    let shuffled = network.apply(to: Self.shuffled(second)).reshaped([rest])
    // Half of the cross-entropy of either kind: −log σ(D) for codes, −log(1 − σ(D)) for shuffled ones.
    let loss = ((-drawn).softplus().mean() + shuffled.softplus().mean()) * 0.5
    let right = (drawn.step().mean() + (1 - shuffled.step()).mean()) * 0.5
    return ObjectiveTerms(
      [
        .reconstruction(traces.reconstruction),
        .divergence(traces.divergence),
        .init("total correlation", symbol: "TC", correlation, weight: .control("gamma", traces.control("gamma"))),
        .init(
          "adversary", symbol: "L_D", loss.broadcast(to: [count]), weight: .shown, role: .adversary(rate: Self.rate)),
        .init(
          "adversary's accuracy", symbol: "acc_D", right.broadcast(to: [count]), weight: .shown, unit: .share),
      ],
      adversary: .init(loss: loss, prefix: Self.prefix, adam: adam, rate: Self.rate))
  }

  /// Codes `[count, width]` with dimension d of image i taken from image i + d.
  static func shuffled(_ code: Expression) -> Expression {
    let (count, width) = (code.shape[0], code.shape[1])
    let order = (0..<count * width).map { place -> Int in
      let (image, dimension) = place.quotientAndRemainder(dividingBy: width)
      return (image + dimension) % count * width + dimension
    }
    return code.reshaped([count * width]).permuted(axis: 0, by: order).reshaped([count, width])
  }
}

extension ObjectiveKind {
  static let factorAdversary = ObjectiveKind(
    identifier: "factorAdversary", name: "factor-vae",
    summary: "the evidence lower bound, γ on the total correlation as an adversary estimates it",
    formula: "R + KL + γ·TC", source: "Kim & Mnih 2018, arXiv:1802.05983",
    settings: [
      .control("gamma", symbol: "γ", "weight of the total correlation", default: 10),
      .control(
        FactorAdversary.rate, symbol: "rate_D", "rate of the adversary", default: 1e-4, range: 1e-9...10,
        scale: .logarithmic, step: 1.1, changesLoss: false),
      Setting("adversaryLayers", "hidden layers of the adversary", .count(default: 6, range: 0...64)),
      Setting("adversaryWidth", "units of each of them", .count(default: 1000, range: 1...10_000)),
      Setting(
        "adversaryBeta1", "Adam's decay of the adversary's first moment",
        .number(default: 0.5, range: 0...0.999_999, scale: .linear, step: 0.1, isLive: false)),
      Setting(
        "adversaryBeta2", "Adam's decay of the adversary's second moment",
        .number(default: 0.9, range: 0...0.999_999, scale: .linear, step: 0.1, isLive: false)),
    ],
    requirements: .init(needsPosterior: true, samples: 1...1, couplesBatch: true),
    idleReason: { name, configuration in
      name == "adversaryWidth" && configuration.objective.number("adversaryLayers") == 0
        ? "the adversary has no hidden layers (adversaryLayers 0)" : nil
    }, remark: { LatentGroups.remark($0) }
  ) {
    FactorAdversary(
      hidden: [Int](repeating: $0.count("adversaryWidth"), count: $0.count("adversaryLayers")),
      adam: AdamConfiguration(
        beta1: Float($0.number("adversaryBeta1")), beta2: Float($0.number("adversaryBeta2"))))
  }
}
