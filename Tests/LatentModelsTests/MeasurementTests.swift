import Datasets
import Foundation
import Glibc
import Testing

@testable import LatentModels
@testable import Tensors

@Suite("What is measured and said once an epoch")
struct MeasurementTests {
  private func train(_ change: (inout Configuration) -> Void = { _ in }) throws -> [MetricsRecord] {
    var configuration = Fixture.configuration(epochs: 6)
    change(&configuration)
    let images = try Fixture.images(140)
    let session = try TrainingSession(
      configuration: configuration, training: images.subset(0..<100), heldOut: images.subset(100..<140), threads: 1)
    try session.start()
    return session.wait().metrics
  }

  @Test("The terms of the bound are measured for any objective: ② and ④ make the divergence, Ⓐ and Ⓑ make ④")
  func terms() throws {
    for kind in ["elbo", "iwae", "wae", "hfvae", "dip-vae-i"] {
      let records = try train { $0.objective = ObjectiveConfiguration(kind: kind, samples: kind == "iwae" ? 4 : 1) }
      for record in records {
        let measured = try #require(record.measured)
        func value(_ prefix: String) throws -> Double {
          try #require(measured.first { $0.name.hasPrefix(prefix) }).value
        }
        #expect(try abs(value("Ⓐ") + value("Ⓑ") - value("④")) < 1e-5)
        // Of forty codes no more than log 40 can be told apart; where there is nothing to tell, noise is left.
        #expect(try value("②") < log(40) + 1e-4 && value("②") > -0.5)
        #expect(try value("③") > 0 && measured[MeasuredTerm.activeUnits] != nil)
      }
    }
    let plain = try train { ($0.model.kind, $0.objective.kind) = ("autoencoder", "reconstruction") }
    #expect(plain.last?.measured?.contains { $0.name.hasPrefix("②") } == false)
  }

  @Test("A model that goes through its classes is measured too: the style given the likeliest class")
  func classes() throws {
    let first = Fixture.model(Fixture.configuration(latent: 3))
    let stacked = CodesConfiguration(hidden: first.configuration.model.hidden, latent: 3, kept: [0, 2])
    for (model, inference, objective) in [
      ("semi-supervised", "enumerated", "semi-supervised"), ("semi-supervised", "enumerated", "elbo"),
      ("semi-supervised", "enumerated", "semi-supervised-iwae"), ("m1m2", "enumerated", "semi-supervised"),
      ("m1m2", "concrete", "semi-supervised"),
    ] {
      var configuration = Fixture.configuration(epochs: 2, seed: 5)
      (configuration.model.kind, configuration.model.classNames) = (model, ["0", "1", "2"])
      configuration.model.settings["inference"] = .text(inference)
      configuration.objective = ObjectiveConfiguration(kind: objective)
      configuration.settleNames()
      configuration.training.labels = .count(30)
      if model == "m1m2" { configuration.model.codes = stacked }
      let images = try Fixture.images(140)
      let session = try TrainingSession(
        configuration: configuration, training: images.subset(0..<100), heldOut: images.subset(100..<140),
        given: model == "m1m2" ? CodesConfiguration.weights(of: first) : nil, threads: 1)
      try session.start()
      let measured = try #require(session.wait().metrics.last?.measured, "\(model) \(inference) \(objective)")
      func value(_ prefix: String) throws -> Double {
        let found = measured.first { $0.name.hasPrefix(prefix) }
        return try #require(found, "\(model) \(inference) \(objective): \(prefix)").value
      }
      #expect(try abs(value("Ⓐ") + value("Ⓑ") - value("④")) < 1e-5)
      #expect(try value("②") < log(40) + 1e-4 && value("②") > -0.5)
      #expect(try value("③").isFinite && value("①").isFinite && value("active units") <= 2)
      #expect(measured.contains { $0.name == "② mutual information, z given y" })
    }
  }

  @Test("A record keeps what was measured and said, and old ones are read without")
  func records() throws {
    let record = try #require(try train().last)
    let coded = try JSONDecoder().decode(MetricsRecord.self, from: JSONEncoder().encode(record))
    #expect(coded == record && coded.measured?.isEmpty == false)
    let old = #"{"controls":{},"epoch":1,"images":9,"learningRate":1,"seconds":1,"step":1,"training":{"loss":1}}"#
    #expect(try JSONDecoder().decode(MetricsRecord.self, from: Data(old.utf8)).measured == nil)
  }

  @Test("Both gradients' variances are measured where an estimator was asked for, the score function's the larger")
  func variances() throws {
    for estimator in ["score-function", "reparameterised"] {
      let measured = try #require(
        try train { $0.objective.settings["gradient"] = .text(estimator) }.last?.measured)
      let path = try #require(measured[MeasuredTerm.pathVariance])
      let score = try #require(measured[MeasuredTerm.scoreVariance])
      #expect(path > 0 && score > path, "\(estimator): \(path) and \(score)")
    }
    #expect(try train().last?.measured?[MeasuredTerm.pathVariance] == nil)
  }

  @Test("A weight that leaves no unit active is named with what would lower it")
  func collapse() throws {
    let record = try #require(try train { $0.objective.settings["beta"] = .number(500) }.last)
    let warning = try #require(record.warnings.first)
    #expect(warning.hasPrefix("posterior collapse: lower β = 500 (--beta), or let it rise slowly (--anneal beta="))
    #expect(warning.contains("none of \(Fixture.configuration().model.latent) units"))
    #expect(
      try train { ($0.training.epochs, $0.objective.settings["beta"]) = (30, .number(0.01)) }.last?.warnings == [])
  }

  @Test("Of several weights the heaviest is named, and of a code with classes the continuous units are counted")
  func heaviestWeight() throws {
    func warning(_ change: (inout Configuration) -> Void, _ controls: [String: Double]) throws -> String {
      var configuration = Fixture.configuration()
      change(&configuration)
      let watch = TrainingWatch(configuration, images: nil)
      let record = MetricsRecord(
        epoch: 2, step: 10, images: 10, seconds: 1, learningRate: 1, controls: controls, training: [], heldOut: nil,
        measured: [Term(name: MeasuredTerm.activeUnits, value: 0)])
      return try #require(watch.warnings(of: record, after: record).first)
    }
    let info = try warning({ $0.objective = ObjectiveConfiguration(kind: "infoVAE") }, ["kappa": 2, "lambda": 1000])
    #expect(info.contains("lower λ = 1000 (--lambda), or let it rise slowly (--anneal lambda=linear:5000)"))
    #expect(!info.contains("kappa"))
    let named = try warning(
      {
        ($0.model.kind, $0.model.classNames) = ("semi-supervised", ["a", "b", "c"])
        $0.objective = ObjectiveConfiguration(kind: $0.model.row.objective)
      }, [:])
    #expect(named.contains("none of \(Fixture.configuration().model.latent) units"))
  }

  @Test("Nothing is concluded from a few steps, from a capacity that still rises, nor laid at a group's door")
  func patience() throws {
    func warnings(
      _ objective: ObjectiveConfiguration, epoch: Int = 2, step: Int = 14, _ controls: [String: Double] = [:]
    ) -> [String] {
      var configuration = Fixture.configuration(latent: 5, batch: 128)
      configuration.objective = objective
      let record = MetricsRecord(
        epoch: epoch, step: step, images: 10, seconds: 1, learningRate: 1, controls: controls, training: [],
        heldOut: nil, measured: [Term(name: MeasuredTerm.activeUnits, value: 0)])
      return TrainingWatch(configuration, images: nil).warnings(of: record, after: nil)
    }
    let heavy = ObjectiveConfiguration(beta: 500)
    #expect(warnings(heavy, epoch: 1, ["beta": 500]).isEmpty)
    #expect(!warnings(heavy, epoch: 1, step: 500, ["beta": 500]).isEmpty && !warnings(heavy, ["beta": 500]).isEmpty)
    // The divergence is what C says: it rises, or is to be raised.
    var capacity = ObjectiveConfiguration(kind: "capacity")
    let controls: [String: Double] = ["gamma": 1000, "capacity": 0.1]
    #expect(warnings(capacity, controls).first?.contains("raise C = 0.1 (--capacity)") == true)
    capacity.annealing["capacity"] = .linear(steps: 1000)
    #expect(warnings(capacity, controls).isEmpty)
    // How codes follow a group empties none of them at its usual weight.
    let group = ObjectiveConfiguration(settings: ["group": .text("flips"), "beta": .number(4)])
    #expect(warnings(group, ["beta": 4, "groupWeight": 20]).first?.contains("lower β = 4") == true)
    #expect(warnings(group, ["beta": 1, "groupWeight": 20]).isEmpty)
  }

  @Test("Codes of many dimensions are trained and measured", arguments: ["evidenceLowerBound", "betaTotalCorrelation"])
  func manyDimensions(objective: String) throws {
    let configuration = Fixture.configuration(
      hidden: [4], latent: 600, objective: ObjectiveConfiguration(kind: objective), epochs: 1)
    let outcome = try trained(configuration, on: Fixture.images(80))
    #expect(outcome.metrics.last?.measured?.count ?? 0 > 5 && outcome.metrics.last?.training["loss"]?.isFinite == true)
  }

  @Test("Few images of a kind are told where the others are many, and a beginner is no explosion on sparse images")
  func parts() throws {
    var coupled = Fixture.configuration(batch: 128)
    coupled.objective = ObjectiveConfiguration(kind: "beta-tcvae")
    let record = MetricsRecord(
      epoch: 1, step: 10, images: 10, seconds: 1, learningRate: 1, controls: [:], training: [], heldOut: nil)
    #expect(TrainingWatch(coupled, images: nil).warnings(of: record).isEmpty)
    let warning = try #require(TrainingWatch(coupled, images: nil, parts: [3, 125]).warnings(of: record).first)
    #expect(warning.hasPrefix("3 images of a batch are few"))
    // One pixel of an image is white: the mean image is nearly right, and nothing learnt is n·log 2.
    let configuration = Fixture.configuration()
    let count = configuration.model.pixelCount
    var pixels = [UInt8](repeating: 0, count: count * 40)
    for image in 0..<40 { pixels[image * count] = image.isMultiple(of: 2) ? 255 : 0 }
    let sparse = try ImageSet(
      name: "sparse", width: configuration.model.imageWidth, height: configuration.model.imageHeight, pixels: pixels)
    let beginner = Double(count) * log(2.0)
    func heldOut(_ cost: Double) -> MetricsRecord {
      MetricsRecord(
        epoch: 2, step: 400, images: 10, seconds: 1, learningRate: 1, controls: ["beta": 1],
        training: [Term(name: "reconstruction", value: cost)], heldOut: [Term(name: "reconstruction", value: cost)],
        measured: [Term(name: MeasuredTerm.activeUnits, value: 0)])
    }
    let watch = TrainingWatch(configuration, images: sparse)
    #expect(beginner > 10 * (watch.meanImageCost ?? .infinity))
    #expect(!watch.warnings(of: heldOut(beginner)).contains { $0.contains("exploded") })
    #expect(watch.warnings(of: heldOut(100 * beginner)).contains { $0.contains("exploded") })
  }

  @Test("A reconstruction that falls at every epoch does not stall, and a small batch is not told what it can tell")
  func falling() throws {
    let watch = TrainingWatch(Fixture.configuration(), images: try Fixture.images(60))
    let mean = try #require(watch.meanImageCost)
    func record(_ reconstruction: Double) -> MetricsRecord {
      MetricsRecord(
        epoch: 3, step: 10, images: 10, seconds: 1, learningRate: 1, controls: ["beta": 1], training: [],
        heldOut: [Term(name: "reconstruction", value: reconstruction)],
        measured: [Term(name: MeasuredTerm.activeUnits, value: 1)])
    }
    #expect(watch.warnings(of: record(mean * 1.05), after: record(mean * 1.055)).isEmpty)
    #expect(watch.warnings(of: record(mean * 1.05), after: record(mean * 1.0501)).count == 1)
    var coupled = Fixture.configuration()
    coupled.objective = ObjectiveConfiguration(kind: "beta-tcvae")
    func small(_ information: Double) -> String? {
      var told = record(mean / 2)
      told.measured?.append(Term(name: MeasuredTerm.information, value: information))
      return TrainingWatch(coupled, images: nil).warnings(of: told).first
    }
    #expect(small(0)?.contains("a batch of 16 is small") == true && small(0)?.contains("tells apart") == false)
    #expect(small(4)?.contains("tells apart 2.77 nats where codes carry more") == true)
    #expect(small(4) == small(3.9), "what is said of one epoch is not said again of the next")
  }

  @Test("A divergence that explodes while images are still told is told as such, and no collapse")
  func exploded() throws {
    let watch = TrainingWatch(Fixture.configuration(), images: try Fixture.images(60))
    let mean = try #require(watch.meanImageCost)
    let terms = [Term(name: "reconstruction", value: 2 * mean), Term(name: "KL", value: 80 * mean)]
    let record = MetricsRecord(
      epoch: 2, step: 400, images: 10, seconds: 1, learningRate: 1, controls: ["beta": 1, "rate": 10], training: terms,
      heldOut: terms, measured: [Term(name: MeasuredTerm.activeUnits, value: 0)])
    #expect(watch.warnings(of: record).first?.hasPrefix("the loss has exploded: lower the rate") == true)
  }

  @Test("A weight that is annealed is named by what it is set to, in the same words every epoch")
  func annealed() throws {
    var configuration = Fixture.configuration()
    configuration.objective.annealing["beta"] = .linear(steps: 300)
    let watch = TrainingWatch(configuration, images: nil)
    func warning(_ now: Double, epoch: Int) -> String? {
      let record = MetricsRecord(
        epoch: epoch, step: 100 * epoch, images: 10, seconds: 1, learningRate: 1, controls: ["beta": now], training: [],
        heldOut: nil, measured: [Term(name: MeasuredTerm.activeUnits, value: 0)])
      return watch.warnings(of: record, after: record, towards: ["beta": 500]).first
    }
    #expect(warning(200.0 / 3, epoch: 2) == warning(100, epoch: 3))
    #expect(
      warning(0, epoch: 2)?.hasPrefix(
        "posterior collapse: lower β = 500 (--beta), or let it rise more slowly than linear:300 (--anneal); ") == true)
  }

  @Test("A batch with fewer images than a group has elements besides the identity is told to be too small for it")
  func fewTurns() throws {
    func warnings(_ batch: Int) -> [String] {
      var configuration = Fixture.configuration(latent: 8, batch: batch)
      configuration.objective.settings["group"] = .text("flips")
      return TrainingWatch(configuration, images: nil).warnings(
        of: MetricsRecord(
          epoch: 1, step: 1, images: 10, seconds: 1, learningRate: 1, controls: [:], training: [], heldOut: nil))
    }
    #expect(warnings(3).isEmpty)
    #expect(warnings(2).first?.contains("use --batch 3 or more") == true)
  }

  @Test("Pixels that are drawn cost the mean image their own variance")
  func drawnPixels() throws {
    var configuration = Fixture.configuration()
    configuration.model.likelihood = .gaussian(deviation: 1)
    let images = try ImageSet(name: "grey", width: 3, height: 4, pixels: [UInt8](repeating: 128, count: 12 * 20))
    let grey = try #require(TrainingWatch(configuration, images: images).meanImageCost)
    configuration.training.treatment = .sampled
    let drawn = try #require(TrainingWatch(configuration, images: images).meanImageCost)
    let share = 128.0 / 255
    #expect(abs(drawn - grey - 12 * 0.5 * share * (1 - share)) < 1e-4)
  }

  @Test("Where some classes are not known, accuracy is that of the images whose class is")
  func someKnown() throws {
    let images = try Fixture.images(90)
    var configuration = Fixture.configuration(epochs: 1)
    (configuration.model.kind, configuration.model.classNames) = ("semiSupervised", ["0", "1", "2"])
    configuration.objective = ObjectiveConfiguration(kind: "semiSupervisedBound")
    let model = Fixture.model(configuration)
    let masked = (0..<90).map { $0 < 60 ? Int32(-1) : Int32($0 % 3) }
    let known = try ImageSet(
      name: "blobs", width: 3, height: 4, pixels: (0..<90).flatMap { images.bytes(at: $0) }, labels: masked)
    let store = ParameterStore(shapes: configuration.model.parameters)
    for name in store.names { store[name] = try #require(model.parameters[name]) }
    let pool = WorkerPool(threads: 1)
    let terms = HeldOutEvaluator(configuration, images: known, batch: 16, total: 90)
      .evaluate(store, controls: configuration.initialControls, pool: pool)
    let expected = try #require(try model.classify(known)?.accuracy(against: masked))
    #expect(expected.images == 30)
    #expect(abs(try #require(terms["accuracy"]) - expected.accuracy) < 1e-6)
    let none = HeldOutEvaluator(configuration, images: known.subset(0..<60), batch: 16, total: 90)
      .evaluate(store, controls: configuration.initialControls, pool: pool)
    #expect(none["accuracy"] == nil && none["reconstruction"] != nil)
  }

  @Test("The name of a continuous variable stands for all its dimensions in groups")
  func groups() {
    let variables = [
      LatentVariable(name: "y", kind: .categorical(classNames: ["a", "b"])),
      LatentVariable(name: "z", kind: .continuous(dimensions: 3)),
    ]
    #expect(variables.dimensions == [2, 3, 4] && variables.choosingClasses(in: [0, 0, 1, 2, 3]) == [1, 0, 1, 2, 3])
    #expect(LatentGroups("(y) (z)", variables: variables) == LatentGroups("(y) (0-2)", variables: variables))
    #expect(LatentGroups("(y z)", variables: variables) != nil)
    #expect(LatentGroups("(y) (z 0)", variables: variables) == nil)
    let braces = LatentGroups("{y} {z}", variables: variables)
    #expect(braces != nil && braces == LatentGroups("(y), (z)", variables: variables))
    #expect(LatentGroups("{y, {0 1} 2}", variables: variables) == LatentGroups("(y (0 1) 2)", variables: variables))
    for wrong in [
      "{y) (z}", "{y", "y} {z}", "{} y z", String(repeating: "(", count: 2_000_000) + "y z",
    ] {
      #expect(LatentGroups(wrong, variables: variables) == nil, "\(wrong)")
    }
    // A refusal names every variable.
    var configuration = Fixture.configuration()
    configuration.objective = ObjectiveConfiguration(kind: "hfvae", settings: ["groups": .text("{y} {z}")])
    let error = #expect(throws: ConfigurationError.self) { try configuration.validate() }
    #expect(error.map { "\($0)" }?.contains("around 0 to 1, z for all its dimensions") == true)
  }

  @Test("Of a normal likelihood, whose cost may be below 0, what exceeds an exact image's is compared")
  func explosionOfNormal() throws {
    var configuration = Fixture.configuration()
    configuration.model.likelihood = .gaussian(deviation: 0.1)
    let images = try Fixture.images(60)
    let watch = TrainingWatch(configuration, images: images)
    func warnings(_ cost: Double) -> [String] {
      watch.warnings(
        of: MetricsRecord(
          epoch: 2, step: 10, images: 10, seconds: 1, learningRate: 1, controls: [:], training: [],
          heldOut: [Term(name: "reconstruction", value: cost)],
          measured: [Term(name: MeasuredTerm.activeUnits, value: 1)]))
    }
    let mean = try #require(watch.meanImageCost)
    #expect(warnings(mean + 1e7).first?.contains("exploded") == true)
    #expect(!warnings(mean + 50).contains { $0.contains("exploded") })
  }

  @Test("A reconstruction no better than the mean image is said to stall; so is a batch too small for its estimator")
  func stalls() throws {
    let configuration = Fixture.configuration()
    let watch = TrainingWatch(configuration, images: try Fixture.images(60))
    let mean = try #require(watch.meanImageCost)
    func warnings(_ reconstruction: Double, beta: Double = 30) -> [String] {
      watch.warnings(
        of: MetricsRecord(
          epoch: 2, step: 10, images: 10, seconds: 1, learningRate: 1, controls: ["beta": beta], training: [],
          heldOut: [Term(name: "reconstruction", value: reconstruction)],
          measured: [Term(name: MeasuredTerm.activeUnits, value: 1)]))
    }
    #expect(warnings(mean * 1.001).first?.contains("stalls at the mean image") == true)
    #expect(warnings(mean * 1.001).first?.contains("lower β = 30 (--beta)") == true)
    #expect(warnings(mean * 0.8).isEmpty)
    // Finite, and worse than no model at all: said in the same words at every epoch.
    let exploded = warnings(mean * 2.5e6)
    #expect(exploded.first?.hasPrefix("the loss has exploded: lower the rate (now 0.01)") == true)
    #expect(exploded.first?.contains("10^6 times") == true && exploded == warnings(mean * 3.5e6))
    #expect(warnings(mean * 50).isEmpty)
    // A rate that empties the codes is named, and no collapse beside it.
    func destroyed(heldOut: Double, learnt: Double) -> [String] {
      watch.warnings(
        of: MetricsRecord(
          epoch: 2, step: 10, images: 10, seconds: 1, learningRate: 50, controls: ["beta": 1, "rate": 50],
          training: [Term(name: "reconstruction", value: learnt)],
          heldOut: [Term(name: "reconstruction", value: heldOut)],
          measured: [Term(name: MeasuredTerm.activeUnits, value: 0)]),
        after: MetricsRecord(
          epoch: 1, step: 5, images: 5, seconds: 1, learningRate: 50, controls: [:], training: [],
          heldOut: nil, measured: [Term(name: MeasuredTerm.activeUnits, value: 0)]))
    }
    for (heldOut, learnt) in [(mean * 1250, 1e12), (mean * 20, mean), (mean * 3, 1e12)] {
      let said = destroyed(heldOut: heldOut, learnt: learnt)
      #expect(said.count == 1, "\(said)")
      #expect(
        said.first?.hasPrefix(
          "the loss has exploded: lower the rate (now 50) and begin again with --rate 0.001, or with") == true,
        "\(said)")
    }
    #expect(destroyed(heldOut: mean * 1.2, learnt: 1e12).first?.hasPrefix("posterior collapse") == true)
    let small = try #require(
      try train { $0.objective = ObjectiveConfiguration(kind: "beta-tcvae") }.last?.warnings.last)
    #expect(small.contains("a batch of 16 is small") && small.contains("--batch 64"))
  }
}
