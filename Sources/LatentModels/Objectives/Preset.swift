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
    _ name: String, _ summary: String, _ objective: ObjectiveKind, _ settings: [String: Double] = [:],
    annealing: [String: Annealing] = [:], samples: Int = 1, source: String
  ) {
    self.name = name
    self.summary = summary
    self.objective = objective.identifier
    self.settings = settings.mapValues { .number($0) }
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
      "beta-vae", "a heavier divergence", .evidenceLowerBound, ["beta": 4], source: "Higgins 2017, ICLR"),
    Preset(
      "cyclical", "the divergence rises anew in each of four cycles", .evidenceLowerBound,
      annealing: ["beta": .cyclical(cycles: 4)], source: "Fu 2019, arXiv:1903.10145"),
    Preset(
      "capacity", "a divergence that rises to 25 nats over 25,000 steps", .capacity,
      annealing: ["capacity": .linear(steps: 25_000)], source: "Burgess 2018, arXiv:1804.03599"),
    Preset(
      "beta-tcvae", "weight on the total correlation", .betaTotalCorrelation, ["beta": 6],
      source: "Chen 2018, arXiv:1802.04942"),
    Preset(
      "dip-vae-i", "uncorrelated posterior means", .dipI, source: "Kumar 2017, arXiv:1711.00848"),
    Preset("dip-vae-ii", "uncorrelated codes", .dipII, source: "Kumar 2017, arXiv:1711.00848"),
    Preset(
      "dip", "Kumar's penalty as ④ alone: MI + λ·(TC + DW)", .weightedDecomposition,
      ["alpha": 1, "beta": 10, "gamma": 10, "delta": 10], source: "Kumar 2017, arXiv:1711.00848"),
    Preset("info-vae", "codes distributed as the prior, by MMD", .infoVAE, source: "Zhao 2017, arXiv:1706.02262"),
    Preset(
      "info-vae-kl", "the same by the divergence of q(z) from the prior: λ·④", .weightedDecomposition,
      ["alpha": 0, "beta": 10, "gamma": 10, "delta": 10], source: "Zhao 2017, arXiv:1706.02262"),
    Preset("wae", "Wasserstein autoencoder", .wassersteinAutoencoder, source: "Tolstikhin 2018, arXiv:1711.01558"),
    Preset(
      "corex", "more mutual information: (1 − λ)·MI, λ = .5", .weightedDecomposition, ["alpha": 0.5],
      source: "Gao 2018, arXiv:1802.05822"),
    Preset(
      "information-dropout", "β·MI + γ·TC, no dimension-wise divergence", .weightedDecomposition,
      ["alpha": 2, "beta": 2, "gamma": 2, "delta": 0], source: "Achille & Soatto 2018, arXiv:1611.01353"),
    Preset(
      "hfvae", "β between groups, γ within", .weightedDecomposition, ["beta": 12, "gamma": 4],
      source: "Esmaeili 2018, arXiv:1804.02086"),
    Preset(
      "without-2", "①+③+④: nothing holds the mutual information down", .weightedDecomposition, ["alpha": 0],
      source: "Esmaeili 2018, arXiv:1804.02086"),
    Preset(
      "without-4", "①+②+③: codes need not be distributed as the prior", .weightedDecomposition,
      ["beta": 0, "gamma": 0, "delta": 0], source: "Esmaeili 2018, arXiv:1804.02086"),
    Preset(
      "iwae", "the importance-weighted bound of 50 samples", .importanceWeightedBound, samples: 50,
      source: "Burda 2015, arXiv:1509.00519"),
    Preset(
      "miwae", "the mean of 8 bounds of 8 samples", .combinedImportanceWeighting, ["parts": 8], samples: 64,
      source: "Rainforth 2018, arXiv:1802.04537"),
    Preset(
      "ciwae", "half ELBO, half importance-weighted bound of 64", .combinedImportanceWeighting, ["share": 0.5],
      samples: 64, source: "Rainforth 2018, arXiv:1802.04537"),
    Preset(
      "renyi", "the Rényi bound of order .5 over 8 samples", .renyi, ["alpha": 0.5], samples: 8,
      source: "Li & Turner 2016, arXiv:1602.02311"),
  ]
}
