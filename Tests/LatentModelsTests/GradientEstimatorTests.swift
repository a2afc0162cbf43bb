import Glibc
import Testing

@testable import LatentModels
@testable import Tensors

@Suite("Estimators of gradients")
struct GradientEstimatorTests {
  /// The gradients of an objective by parameter, over many draws of the noise at one set of weights.
  private struct Draws {
    var sums: [String: [Double]] = [:]
    var squares: [String: [Double]] = [:]
    var loss = 0.0
    var count = 0.0

    init(
      _ objective: ObjectiveConfiguration, latent: Int = 2, draws: Int, scalars: [String: Float] = [:]
    ) throws {
      var configuration = Fixture.configuration(hidden: [6], latent: latent)
      configuration.objective = objective
      try configuration.validate()
      let recording = Recording(configuration, BatchComposition(unlabelled: 3), total: 3)
      let graph = recording.graph
      let names = configuration.model.parameters
      let gradients = graph.gradients(
        of: recording.terms.loss.mean(), withRespectTo: names.map { graph.parameter($0.name, shape: $0.shape) })
      var outputs = Dictionary(
        zip(names.map(\.name), gradients), uniquingKeysWith: { first, _ in first })
      outputs["loss"] = recording.terms.loss.mean()
      let program = graph.compile(outputs: outputs)
      for (name, value) in scalars { program.setScalar(name, value) }
      let data = try Fixture.images(3)
      program.bindImages("x", to: data.storage.base, rows: data.rows)
      let parameters = Initialization.parameters(configuration.model.parameters, seed: 3)
      for draw in 0..<draws {
        program.run(parameters, seed: 5, step: UInt64(draw), pool: .inline)
        loss += Double(program.scalarOutput("loss"))
        for (name, _) in names {
          let values = program.output(name).elements.map(Double.init)
          sums[name] = sums[name].map { zip($0, values).map(+) } ?? values
          squares[name] = squares[name].map { zip($0, values).map { $0 + $1 * $1 } } ?? values.map { $0 * $0 }
        }
        count += 1
      }
      withExtendedLifetime(data) {}
    }

    func mean(_ name: String) -> [Double] { (sums[name] ?? []).map { $0 / count } }
    /// Variances of one draw.
    func variance(_ name: String) -> [Double] {
      zip(squares[name] ?? [], mean(name)).map { max(0, $0 / count - $1 * $1) }
    }
    /// The sum of the variances of the parameters whose names begin so.
    func total(_ prefix: String) -> Double {
      sums.keys.filter { $0.hasPrefix(prefix) }.reduce(0.0) { $0 + variance($1).reduce(0, +) }
    }

    /// The largest distance of the means of two estimators, in standard errors of their difference.
    func distance(from other: Draws, _ prefix: String) -> Double {
      sums.keys.filter { $0.hasPrefix(prefix) }.reduce(0.0) { worst, name in
        let errors = zip(variance(name), other.variance(name)).map { (($0 + $1) / count).squareRoot() + 1e-7 }
        return zip(zip(mean(name), other.mean(name)), errors).reduce(worst) {
          max($0, abs($1.0.0 - $1.0.1) / $1.1)
        }
      }
    }
  }

  private func objective(_ kind: String, samples: Int, _ settings: [String: SettingValue] = [:])
    -> ObjectiveConfiguration
  { ObjectiveConfiguration(kind: kind, samples: samples, settings: settings) }

  @Test("Doubly reparameterised gradients are those of the bound on average, with less variance")
  func doublyReparameterised() throws {
    let plain = try Draws(objective("iwae", samples: 8), draws: 6000)
    let doubly = try Draws(
      objective("iwae", samples: 8, ["gradient": .text("doubly-reparameterised")]), draws: 6000)
    #expect(abs(plain.loss - doubly.loss) < 1e-3 * plain.count)
    #expect(plain.distance(from: doubly, "encoder") < 5)
    #expect(doubly.total("encoder") < plain.total("encoder"))
    // On the same draws the decoder's gradient is the same.
    for (name, values) in plain.sums where name.hasPrefix("decoder") {
      for (one, other) in zip(values, doubly.sums[name] ?? []) { #expect(abs(one - other) < 1e-3 * plain.count) }
    }
  }

  @Test("The gradient of one sample drawn by its weight is that of the bound on average, and more of it varies")
  func resampled() throws {
    let plain = try Draws(objective("iwae", samples: 8), draws: 6000)
    let one = try Draws(objective("iwae", samples: 8, ["gradient": .text("resampled")]), draws: 6000)
    #expect(abs(plain.loss - one.loss) < 1e-4 * plain.count)
    for prefix in ["encoder", "decoder"] {
      #expect(plain.distance(from: one, prefix) < 5, "\(prefix)")
      #expect(one.total(prefix) > plain.total(prefix), "\(prefix)")
    }
  }

  @Test("Of one sample, the one drawn by its weight is that sample: the plain gradient draw by draw")
  func resampledOfOne() throws {
    let plain = try Draws(objective("iwae", samples: 1), draws: 3)
    let one = try Draws(objective("iwae", samples: 1, ["gradient": .text("resampled")]), draws: 3)
    for (name, values) in plain.sums {
      for (first, second) in zip(values, one.sums[name] ?? []) { #expect(abs(first - second) < 1e-4, "\(name)") }
    }
  }

  @Test("With one part, the split gradients are the plain ones draw by draw")
  func onePart() throws {
    let plain = try Draws(objective("iwae", samples: 6), draws: 5)
    let split = try Draws(objective("piwae", samples: 6), draws: 5)
    #expect(abs(plain.loss - split.loss) < 1e-4)
    for (name, values) in plain.sums {
      for (one, other) in zip(values, split.sums[name] ?? []) { #expect(abs(one - other) < 2e-4, "\(name)") }
    }
  }

  @Test("PIWAE's decoder climbs the bound of all samples, its encoder the mean of the parts' bounds")
  func partial() throws {
    let settings: [String: SettingValue] = ["parts": .number(3)]
    let partial = try Draws(objective("piwae", samples: 6, settings), draws: 4)
    let whole = try Draws(objective("iwae", samples: 6), draws: 4)
    let parts = try Draws(objective("miwae", samples: 6, settings), draws: 4)
    #expect(abs(partial.loss - whole.loss) < 1e-4)
    for (name, values) in partial.sums {
      let expected = name.hasPrefix("encoder") ? parts.sums[name] : whole.sums[name]
      for (one, other) in zip(values, expected ?? []) { #expect(abs(one - other) < 2e-4, "\(name)") }
    }
  }

  @Test("The score function's gradient is the reparameterised one on average, of more variance, less with a baseline")
  func scoreFunction() throws {
    let path = try Draws(objective("elbo", samples: 1), draws: 20_000)
    let score: [String: SettingValue] = ["gradient": .text("score-function")]
    let cost = Float(path.loss / path.count)
    let scored = try Draws(objective("elbo", samples: 1, score), draws: 20_000, scalars: ["baseline": cost])
    let bare = try Draws(objective("elbo", samples: 1, score), draws: 20_000, scalars: ["baseline": 0])
    #expect(abs(path.loss - scored.loss) < 1e-3 * path.count)
    #expect(path.distance(from: scored, "encoder") < 5)
    #expect(path.distance(from: bare, "encoder") < 5)
    #expect(scored.total("encoder") > 2 * path.total("encoder"))
    #expect(bare.total("encoder") > 2 * scored.total("encoder"))
    for (name, values) in path.sums where name.hasPrefix("decoder") {
      for (one, other) in zip(values, scored.sums[name] ?? []) { #expect(abs(one - other) < 1e-3 * path.count) }
    }
  }

  @Test("The baseline is .9 of what it was and .1 of the step's cost, and is kept over an interruption")
  func baseline() throws {
    var configuration = Fixture.configuration(epochs: 1)
    configuration.objective.settings["gradient"] = .text("score-function")
    let session = try TrainingSession(
      configuration: configuration, training: Fixture.images(64), heldOut: nil, threads: 1)
    try session.start()
    #expect(session.wait().state == .finished)
    #expect(configuration.objectiveMemories == ["baseline"])
    #expect(Fixture.configuration().objectiveMemories.isEmpty)
  }

  @Test("Estimators that look at draws apart are refused where draws depend on each other, or nothing is drawn")
  func refusals() throws {
    var configuration = Fixture.configuration()
    configuration.model.kind = "autoencoder"
    configuration.objective.settings["gradient"] = .text("score-function")
    #expect(throws: ConfigurationError.self) { try configuration.validate() }
    configuration.model.kind = "semi-supervised"
    configuration.model.classNames = ["a", "b"]
    #expect(throws: ConfigurationError.self) { try configuration.validate() }
    configuration.model.kind = "vae"
    configuration.settleNames()
    try configuration.validate()
  }
}
