import LatentModels

/// What objectives are known to do, on MNIST.
extension Experiment {
  static let ofObjectives: [Experiment] = [
    Experiment(
      name: "terms", summary: "what weights on the terms of the bound do to the terms",
      source: "Esmaeili 2018, arXiv:1804.02086; Chen 2018, arXiv:1802.04942; Kumar 2017, arXiv:1711.00848; "
        + "Zhao 2017, arXiv:1706.02262", minutes: 2,
      trainings: [
        Training("vae", tenDimensions), Training("beta-4", "--beta 4 " + tenDimensions),
        Training("beta-tcvae", "--preset beta-tcvae " + tenDimensions),
        Training("hfvae", "--preset hfvae " + tenDimensions),
        // What couples a batch is estimated from it: of 128 images the noise of a covariance is a hundredth by itself.
        Training("dip-vae-i", "--preset dip-vae-i --lambda 100 --batch 512 " + tenDimensions),
        // Four times the weight that leaves codes 2.05 deviations from the prior; from the start it would empty them.
        Training(
          "info-vae",
          "--preset info-vae --lambda 40000 --anneal lambda=from:100:1500 --batch 512 --rate 2e-3 --schedule cosine "
            + "--data mnist --hidden 256 --latent 10 --epochs 30 --checkpoint-every 0"),
      ],
      figures: [
        Figure("KL at β = 1, nats") { try $0.report("vae").evaluation.kl },
        Figure("KL at β = 4 less that at 1, nats", .atMost(0)) { results in
          try difference("beta-4", "vae") { try results.report($0).evaluation.kl }
        },
        Figure("reconstruction at β = 4 less that at 1, nats", .atLeast(0)) { results in
          try difference("beta-4", "vae") { try results.report($0).evaluation.reconstruction }
        },
        Figure("exact TC at β = 1, nats") { try $0.measure("vae", "total-correlation") },
        Figure("exact TC of beta-tcvae less that, nats", .atMost(0)) { results in
          try difference("beta-tcvae", "vae") { try results.measure($0, "total-correlation") }
        },
        Figure("exact TC of hfvae less that, nats", .atMost(0)) { results in
          try difference("hfvae", "vae") { try results.measure($0, "total-correlation") }
        },
        Figure("root mean square of off-diagonal covariances, vae") {
          try $0.codes("vae").offDiagonalCovariance.squareRoot()
        },
        Figure("mean square of dip-vae-i over the vae's", .atMost(0.1)) { results in
          try results.codes("dip-vae-i").offDiagonalCovariance / results.codes("vae").offDiagonalCovariance
        },
        // Of the images that q(z) is the mixture of: other people wrote the test images, and each half of them by itself is
        // tens of deviations away.
        Figure("MMD of info-vae on training images, deviations of two prior samples", .atMost(2)) {
          try $0.codes("info-vae", of: .training).deviationsFromFloor
        },
        Figure("the same on test images") { try $0.codes("info-vae").deviationsFromFloor },
        Figure("MMD of the vae on training images, the same") {
          try $0.codes("vae", of: .training).deviationsFromFloor
        },
        Figure("mutual information of info-vae less the vae's, nats", .atLeast(0)) { results in
          try difference("info-vae", "vae") { try results.measure($0, "mutual-information") }
        },
      ]),
    Experiment(
      name: "adversary", summary: "FactorVAE's adversary falls towards ½ while the total correlation falls",
      source: "Kim & Mnih 2018, arXiv:1802.05983", minutes: 6,
      // Four epochs without the penalty, in which the adversary learns what there is, and two in which the penalty rises: from
      // the first step on, the codes would tell more of images at every epoch, and the adversary would know more.
      trainings: [
        Training("factor-vae", "--preset factor-vae --gamma 35 --anneal gamma=warm-up:1720:860 " + tenDimensions)
      ],
      figures: [
        Figure("the adversary's greatest accuracy, before the penalty") {
          try $0.term("factor-vae", "adversary's accuracy")?.greatest
        },
        Figure("the same at the end, which is to come near ½", .atMost(0.7)) {
          try $0.term("factor-vae", "adversary's accuracy")?.last
        },
        Figure("the greatest TC as the adversary has it, nats") {
          try $0.term("factor-vae", "total correlation")?.greatest
        },
        Figure("its change to the end, nats", .atMost(-1)) { results in
          try results.term("factor-vae", "total correlation").map { $0.last - $0.greatest }
        },
        // Of 2,000 codes, which tell apart 7.6 nats at most: what codes tell beyond is counted here too.
        Figure("the greatest exact TC of 2,000 codes, nats") {
          try $0.term("factor-vae", "Ⓐ total correlation")?.greatest
        },
        Figure("the change of the exact TC to the end, nats", .atMost(-0.1)) { results in
          try results.term("factor-vae", "Ⓐ total correlation").map { $0.last - $0.greatest }
        },
      ]),
    Experiment(
      name: "bounds", summary: "tighter bounds: better evidence and more active units",
      source: "Burda 2015, arXiv:1509.00519, table 1; Li & Turner 2016, arXiv:1602.02311", minutes: 25,
      trainings: [
        Training("vae-50d", fiftyDimensions), Training("iwae-50", "--preset iwae " + fiftyDimensions),
        Training("renyi-half", "--preset renyi --alpha 0.5 --samples 8 " + fiftyDimensions),
        Training("renyi-2", "--preset renyi --alpha 2 --samples 8 " + fiftyDimensions),
      ],
      figures: [
        Figure("−L_5000 of the vae, nats", published: 86.76) { try $0.evidence("vae-50d").map { -$0 } },
        Figure("−L_5000 of IWAE-50, nats", published: 84.78) { try $0.evidence("iwae-50").map { -$0 } },
        Figure("L_5000 of IWAE-50 less the vae's, nats", .atLeast(0)) { results in
          try difference("iwae-50", "vae-50d") { try results.evidence($0) }
        },
        Figure("active units of the vae", published: 19) { try activeUnits($0, "vae-50d") },
        Figure("active units of IWAE-50", published: 25) { try activeUnits($0, "iwae-50") },
        Figure("active units of IWAE-50 less the vae's", .atLeast(0)) { results in
          try difference("iwae-50", "vae-50d") { try activeUnits(results, $0) }
        },
        Figure("active units of Rényi at α = ½") { try activeUnits($0, "renyi-half") },
        Figure("active units of Rényi at α = 2") { try activeUnits($0, "renyi-2") },
      ]),
    Experiment(
      name: "turns", summary: "a code that follows quarter turns of the image",
      source: "Ali, Liò & Vicary 2025, arXiv:2506.08244", minutes: 3,
      trainings: [
        Training("turns-free", "--group C4 --groupWeight 0 --invariant 2 " + tenDimensions),
        Training("turns", "--group C4 --groupWeight 2 --invariant 2 " + tenDimensions),
      ],
      figures: [
        Figure("‖E(g·x) − ρ(g)E(x)‖ without the penalty") { try $0.report("turns-free").equivariance?.codeError },
        Figure("that over the same with it", .atLeast(5)) { results in
          guard let free = try results.report("turns-free").equivariance?.codeError,
            let own = try results.report("turns").equivariance?.codeError
          else { return nil }
          return free / own
        },
        Figure("cost, nats of the bound", .atMost(3)) { results in
          try difference("turns-free", "turns") { try results.report($0).evaluation.elbo }
        },
        Figure("g from the invariant block, % (chance 25)", .atMost(30)) {
          try $0.report("turns").equivariance?.probeAccuracy.map { 100 * $0 }
        },
        Figure("the same without the penalty, %") {
          try $0.report("turns-free").equivariance?.probeAccuracy.map { 100 * $0 }
        },
      ]),
  ]

  private static let tenDimensions = "--data mnist --hidden 256 --latent 10 --epochs 10 --checkpoint-every 0"
  private static let fiftyDimensions =
    "--data mnist --treatment sampled --hidden 200,200 --latent 50 --epochs 8 --checkpoint-every 0"

  private static func activeUnits(_ results: ExperimentResults, _ training: String) throws -> Double? {
    try Double(results.report(training).evaluation.activeUnits.count)
  }

  /// A number of one training less that of another; nil where either has none.
  private static func difference(
    _ first: String, _ second: String, _ value: (String) throws -> Double?
  ) throws -> Double? {
    guard let first = try value(first), let second = try value(second) else { return nil }
    return first - second
  }
}
