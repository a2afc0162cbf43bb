/// An objective with the settings of a paper: data, not code.
public struct Preset: Sendable {
  /// What people type after `--preset`.
  public let name: String
  /// What it is, in a few words.
  public let summary: String
  /// The identifier of the objective.
  public let objective: String
  /// Settings that differ from the objective's defaults.
  public let settings: [String: SettingValue]
  /// How controls change by themselves.
  public let annealing: [String: Annealing]
  /// Samples of the code.
  public let samples: Int
  /// Author year, arXiv id.
  public let source: String

  init(
    _ name: String, _ summary: String, _ objective: ObjectiveKind, _ settings: [String: SettingValue] = [:],
    annealing: [String: Annealing] = [:], samples: Int = 1, source: String
  ) {
    self.name = name
    self.summary = summary
    self.objective = objective.identifier
    self.settings = settings
    self.annealing = annealing
    self.samples = samples
    self.source = source
  }

  /// The preset of this name.
  public static func named(_ name: String) -> Preset? { all.first { $0.name == name } }

  /// The configuration it is.
  public var configuration: ObjectiveConfiguration {
    ObjectiveConfiguration(kind: objective, samples: samples, settings: settings, annealing: annealing)
  }

  /// Every preset.
  public static let all: [Preset] = [
    Preset("vae", "the evidence lower bound", .evidenceLowerBound, source: "Kingma & Welling 2013, arXiv:1312.6114"),
    Preset(
      "beta-vae", "a heavier divergence", .evidenceLowerBound, ["beta": .number(4)], source: "Higgins 2017, ICLR"),
    Preset(
      "cyclical", "the divergence rises anew in each of four cycles", .evidenceLowerBound,
      annealing: ["beta": .cyclical(cycles: 4)], source: "Fu 2019, arXiv:1903.10145"),
    Preset(
      "capacity", "a divergence that rises to 25 nats over 25,000 steps", .capacity,
      annealing: ["capacity": .linear(steps: 25_000)], source: "Burgess 2018, arXiv:1804.03599"),
    Preset(
      "beta-tcvae", "weight on the total correlation", .betaTotalCorrelation, ["beta": .number(6)],
      source: "Chen 2018, arXiv:1802.04942"),
    Preset(
      "factor-vae", "weight on the total correlation as an adversary sees it", .factorAdversary,
      source: "Kim & Mnih 2018, arXiv:1802.05983"),
    Preset(
      "dip-vae-i", "uncorrelated posterior means", .dipI, source: "Kumar 2017, arXiv:1711.00848"),
    Preset("dip-vae-ii", "uncorrelated codes", .dipII, source: "Kumar 2017, arXiv:1711.00848"),
    Preset(
      "dip", "Kumar's penalty as λ on ④, the aggregate posterior's divergence", .aggregateDivergence,
      source: "Kumar 2017, arXiv:1711.00848"),
    Preset("info-vae", "codes distributed as the prior, by MMD", .infoVAE, source: "Zhao 2017, arXiv:1706.02262"),
    Preset(
      "info-vae-rbf", "the same with a Gaussian kernel", .infoVAE, ["kernel": .text("rbf")],
      source: "Zhao 2017, arXiv:1706.02262"),
    Preset(
      "info-vae-kl", "the same by the divergence of q(z) from the prior: λ·④", .infoDivergence,
      source: "Zhao 2017, arXiv:1706.02262"),
    Preset("wae", "Wasserstein autoencoder", .wassersteinAutoencoder, source: "Tolstikhin 2018, arXiv:1711.01558"),
    Preset(
      "corex", "more mutual information of chosen dimensions: −λ·② on a", .correlationExplanation,
      source: "Gao 2018, arXiv:1802.05822"),
    Preset(
      "information-dropout", "β·② + γ·Ⓐ, no dimension-wise divergence", .informationDropout,
      source: "Achille & Soatto 2018, arXiv:1611.01353"),
    Preset(
      "hfvae", "β between groups, γ within", .weightedDecomposition, ["beta": .number(12), "gamma": .number(4)],
      source: "Esmaeili 2018, arXiv:1804.02086"),
    Preset(
      "without-1", "②+③+④: nothing asks a code for its own image", .fourTerms, ["first": .number(0)], samples: 8,
      source: "Esmaeili 2018, arXiv:1804.02086"),
    Preset(
      "without-2", "①+③+④: nothing holds the mutual information down", .fourTerms, ["second": .number(0)], samples: 8,
      source: "Esmaeili 2018, arXiv:1804.02086"),
    Preset(
      "without-3", "①+②+④: nothing asks that images be likely", .fourTerms, ["third": .number(0)], samples: 8,
      source: "Esmaeili 2018, arXiv:1804.02086"),
    Preset(
      "without-4", "①+②+③: codes need not be distributed as the prior", .fourTerms, ["fourth": .number(0)], samples: 8,
      source: "Esmaeili 2018, arXiv:1804.02086"),
    Preset(
      "iwae", "the importance-weighted bound of 50 samples", .importanceWeightedBound, samples: 50,
      source: "Burda 2015, arXiv:1509.00519"),
    Preset(
      "miwae", "the mean of 8 bounds of 8 samples", .combinedImportanceWeighting, ["parts": .number(8)], samples: 64,
      source: "Rainforth 2018, arXiv:1802.04537"),
    Preset(
      "ciwae", "half ELBO, half importance-weighted bound of 64", .combinedImportanceWeighting, ["share": .number(0.5)],
      samples: 64, source: "Rainforth 2018, arXiv:1802.04537"),
    Preset(
      "piwae", "64 samples for the decoder, 8 bounds of 8 for the encoder", .partialImportanceWeighting,
      ["parts": .number(8)], samples: 64, source: "Rainforth 2018, arXiv:1802.04537"),
    Preset(
      "iwae-dreg", "the importance-weighted bound of 50 samples, doubly reparameterised", .importanceWeightedBound,
      ["gradient": .text("doubly-reparameterised")], samples: 50, source: "Tucker 2018, arXiv:1810.04152"),
    Preset(
      "iwae-resampled", "the importance-weighted bound of 50 samples, the gradient of one drawn by its weight",
      .importanceWeightedBound, ["gradient": .text("resampled")], samples: 50, source: "Burda 2015, arXiv:1509.00519"),
    Preset(
      "vae-score", "the evidence lower bound by the score function, with a moving baseline", .evidenceLowerBound,
      ["gradient": .text("score-function")], source: "Ranganath 2013, arXiv:1401.0118"),
    Preset(
      "renyi", "the Rényi bound of order .5 over 8 samples", .renyi, ["alpha": .number(0.5)], samples: 8,
      source: "Li & Turner 2016, arXiv:1602.02311"),
  ]
}
