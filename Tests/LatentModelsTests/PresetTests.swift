import Datasets
import Foundation
import Tensors
import Testing

@testable import LatentModels

@Suite("Presets")
struct PresetTests {
  @Test("Every preset is a configuration of the table, with settings that its objective knows")
  func valid() throws {
    #expect(Set(Preset.all.map(\.name)).count == Preset.all.count)
    let wanted = [
      "vae", "beta-vae", "capacity", "beta-tcvae", "factor-vae", "dip-vae-i", "dip-vae-ii", "info-vae", "info-vae-rbf",
      "info-vae-kl", "wae", "corex", "information-dropout", "hfvae", "without-1", "without-2", "without-3", "without-4",
      "iwae", "miwae", "ciwae", "renyi",
    ]
    for name in wanted { #expect(Preset.named(name) != nil, "\(name)") }
    for preset in Preset.all {
      let configuration = Configuration(objective: preset.configuration)
      try configuration.validate()
      #expect(!configuration.formula.isEmpty && !preset.source.isEmpty)
    }
  }

  @Test("Formulas are told with their numbers")
  func formulas() {
    func formula(_ preset: String, _ settings: [String: SettingValue] = [:]) -> String {
      var objective = Preset.named(preset)?.configuration ?? ObjectiveConfiguration()
      objective.settings.merge(settings) { $1 }
      return Configuration(objective: objective).formula
    }
    #expect(formula("hfvae") == "R + 1·MI + 12·TC + 4·TCw + 1·DW")
    #expect(formula("hfvae", ["beta": .number(2.5)]) == "R + 1·MI + 2.5·TC + 4·TCw + 1·DW")
    #expect(formula("dip-vae-i").hasPrefix("R + KL + 10·Σ C_ij² + 100·Σ (C_ii − 1)²"))
    #expect(formula("information-dropout", ["beta": .number(3)]) == "R + 3·MI + 2·TC")
    #expect(formula("corex") == "R + KL − 0.5·I(x; z_a)")
    #expect(formula("info-vae-kl") == "R + 10·(TC + DW)")
    #expect(formula("without-3") == "−1·① + 1·② + 0·③ + 1·④")
    #expect(formula("factor-vae") == "R + KL + 10·TC")
    #expect(formula("hfvae", ["alpha": .number(-100), "delta": .number(-2)]) == "R − 100·MI + 12·TC + 4·TCw − 2·DW")
    #expect(formula("renyi") == "−(log mean_k w_k^(1−0.5))/(1−0.5)")
    #expect(formula("renyi", ["alpha": .number(-2)]) == "−(log mean_k w_k^(1+2))/(1+2)")
    #expect(formula("renyi", ["alpha": .number(-.infinity)]).hasPrefix("−max_k log w_k"))
    #expect(formula("renyi", ["alpha": .number(.infinity)]).hasPrefix("−min_k log w_k"))
    #expect(formula("renyi", ["alpha": .number(1)]).contains("the ELBO"))
    #expect(formula("ciwae") == "−(0.5·ELBO + (1 − 0.5)·mean_m L_K)")
  }

  @Test("Beside the formula stands every setting that it does not show and that is not at its default")
  func details() {
    func details(_ preset: String, _ settings: [String: SettingValue] = [:]) -> [String] {
      var objective = Preset.named(preset)?.configuration ?? ObjectiveConfiguration()
      objective.settings.merge(settings) { $1 }
      let configuration = Configuration(objective: objective)
      return configuration.objectiveDetails(at: configuration.initialControls)
    }
    #expect(details("vae").isEmpty && details("beta-tcvae").isEmpty)
    #expect(details("iwae") == ["K = 50"])
    #expect(details("iwae-dreg") == ["K = 50", "gradient doubly-reparameterised"])
    for preset in ["miwae", "piwae"] { #expect(details(preset) == ["M = 8", "K = 8"], "\(preset)") }
    #expect(details("ciwae") == ["M = 1", "K = 64"])
    #expect(details("renyi") == ["K = 8"])
    #expect(details("vae-score") == ["gradient score-function"])
    #expect(details("info-vae-rbf") == ["kernel rbf"])
    #expect(details("hfvae", ["groups": .text("(0) (1)")]) == ["groups (0) (1)"])
    #expect(details("corex", ["dimensions": .text("0")]) == ["a = 0"])
    #expect(details("beta-tcvae", ["estimator": .text("mss")]).count == 1)
    #expect(details("factor-vae", ["adversaryLayers": .number(3)]) == ["adversaryLayers 3"])
    #expect(
      details("vae", ["group": .text("cyclic-rows"), "groupStep": .number(2)]) == ["group cyclic-rows", "groupStep 2"])
  }

  @Test("A mutual information that is minimised given the property is told apart from the one that is measured")
  func givenProperty() {
    func details(_ model: String, _ objective: String) -> [String] {
      var configuration = Configuration(objective: ObjectiveConfiguration(kind: objective))
      configuration.model.kind = model
      configuration = configuration.completed
      return configuration.objectiveDetails(at: configuration.initialControls)
    }
    #expect(details("fairAutoencoder", "weightedDecomposition") == ["MI = I(x; z | s), measured as I(x; z)"])
    #expect(details("fairAutoencoder", "fourTerms") == ["② = I(x; z | s), measured as I(x; z)"])
    #expect(details("fairAutoencoder", "fairBound").isEmpty && details("vae", "fourTerms").isEmpty)
  }

  @Test("Formulas are told with the numbers in force, and beside them what changes by itself")
  func formulasInForce() {
    let configuration = Configuration(
      objective: ObjectiveConfiguration(settings: ["beta": .number(4)], annealing: ["beta": .linear(steps: 2000)]))
    let set = configuration.initialControls
    let now = configuration.controlsInForce(set, held: [], step: 650, totalSteps: 4000)
    #expect(configuration.formula(at: now) == "R + 1.3·KL")
    #expect(Configuration().formula(at: ["beta": 0.66 * 1.1]) == "R + 0.726·KL", "with the digits computed with")
    #expect(
      configuration.annealingTexts(at: now, towards: set, held: []) == ["β = 1.3, linear to 4 over 2000 steps"])
    let held = configuration.controlsInForce(set, held: ["beta"], step: 650, totalSteps: 4000)
    #expect(configuration.formula(at: held) == "R + 4·KL")
    #expect(configuration.annealingTexts(at: held, towards: set, held: ["beta"]).first?.contains("has ended") == true)
    #expect(configuration.formula(at: ["beta": 0.123456]) == "R + 0.123456·KL", "as a person set it")
    #expect(configuration.formula(at: ["beta": 1.23456789]) == "R + 1.235·KL", "a number on its way")
    let renyi = Configuration(objective: ObjectiveConfiguration(kind: "renyi", annealing: ["alpha": .linear(steps: 4)]))
    #expect(renyi.formula(at: ["alpha": 1.000_001_3]).contains("1−1)") == false, "what is near 1 is not told as 1")
    let cyclical = Configuration(objective: ObjectiveConfiguration(annealing: ["beta": .cyclical(cycles: 4)]))
    let unknown = cyclical.controlsInForce(set, held: [], step: 650, totalSteps: nil)
    #expect(cyclical.formula(at: unknown) == "R + β·KL", "how long a cycle is was not told")
  }

  @Test(
    "Every preset trains, dies, and goes on to the same bits, what is its objective's own included",
    arguments: Preset.all.map(\.name))
  func resumes(name: String) throws {
    let folder = try TemporaryFolder()
    var configuration = Fixture.configuration(objective: try #require(Preset.named(name)).configuration, epochs: 2)
    configuration.objective.shrinkAdversary()
    configuration.training.batch = 20
    let images = try Fixture.images(120)
    func session(_ run: RunDirectory?, resuming: Bool = false, threads: Int = 1) throws -> TrainingSession {
      try TrainingSession(
        configuration: configuration, training: images.subset(0..<100), heldOut: images.subset(100..<120), run: run,
        resuming: resuming, threads: threads)
    }
    let whole = try session(nil, threads: 2)
    try whole.start()
    let expected = whole.wait()
    #expect(expected.state == .finished, "\(expected.state)")

    let run = try RunDirectory.create(folder.file("run"), configuration: configuration)
    let first = try session(run)
    try first.start(paused: true)
    advance(first, to: 7)
    first.saveNow()
    first.wait { (try? Checkpoint.load(run.latestPath).step) == 7 }
    advance(first, to: 8)
    first.abandon()
    _ = first.wait()
    let second = try session(run, resuming: true)
    try second.start()
    let found = second.wait()
    #expect(found.state == .finished, "\(found.state)")
    #expect(Fixture.tensors(found.model.parameters) == Fixture.tensors(expected.model.parameters))
    #expect(found.metrics.map(\.training) == expected.metrics.map(\.training))
    #expect(found.metrics.map(\.heldOut) == expected.metrics.map(\.heldOut))
    #expect(found.model.parameters.names.sorted() == configuration.model.parameters.map(\.name).sorted())
  }
}
