import Datasets
import Glibc
import Tensors
import Testing

@testable import LatentModels

@Suite("Semi-supervised models")
struct SemiSupervisedTests {
  @Test("Without labels the loss is Σ_y q(y|x)·(−L(x, y)) − H(q(y|x)), summed by hand")
  func unlabelled() throws {
    let model = try CertainStyle()
    let loss = try #require(model.terms(BatchComposition(unlabelled: 5))["loss"])
    for image in 0..<5 {
      let expected = model.logClasses(image).enumerated().reduce(0.0) { sum, entry in
        let cost = model.cost(image, entry.offset)
        return sum + exp(entry.element) * (cost.reconstruction + cost.divergence + log(3) + entry.element)
      }
      #expect(abs(loss[image] - expected) < 1e-4 * abs(expected), "image \(image)")
    }
  }

  @Test("With all labels the loss is −L(x, y) − α·log q(y|x), by hand, and nothing is gone through")
  func labelled() throws {
    let model = try CertainStyle()
    let composition = BatchComposition(labelled: 5, unlabelled: 0)
    let terms = model.terms(composition, labelledTotal: 5)
    for image in 0..<5 {
      let label = Int(model.labels[image])
      let cost = model.cost(image, label)
      let expected = cost.reconstruction + cost.divergence + log(3) - 46 * model.logClasses(image)[label]
      #expect(abs((terms["loss"]?[image] ?? 0) - expected) < 1e-4 * abs(expected), "image \(image)")
    }
    let part = try #require(Recording(model.configuration, composition, total: 5, labelledTotal: 5).parts.first)
    #expect(part.inference["y"]?.role == .observed && part.inference.axis.extent == 1)
    #expect(part.generative["x"]?.distribution.shape == [5, 12])
  }

  @Test(
    "A labelled image of a mixed batch counts as in a batch of labelled ones, to 1e-6, and so does an unlabelled one")
  func special() throws {
    let model = try CertainStyle()
    let mixed = model.terms(BatchComposition(labelled: 2, unlabelled: 3), labelledTotal: 2)
    let labelled = model.terms(BatchComposition(labelled: 5, unlabelled: 0), labelledTotal: 5)
    let unlabelled = model.terms(BatchComposition(unlabelled: 5))
    for image in 0..<5 {
      let expected = try #require((image < 2 ? labelled : unlabelled)["loss"]?[image])
      #expect(abs((mixed["loss"]?[image] ?? 0) - expected) < 1e-6 * abs(expected))
    }
  }

  @Test("α counts labelled images only, each as often as it is among the training images")
  func alpha() throws {
    let model = try CertainStyle()
    let terms = model.terms(BatchComposition(labelled: 2, unlabelled: 3), total: 100, labelledTotal: 10)
    let cost = try #require(terms["class"])
    #expect(cost[2...].allSatisfy { $0 == 0 })
    let own = (0..<2).map { -model.logClasses($0)[Int(model.labels[$0])] }
    #expect(abs(cost.reduce(0, +) / 5 - 0.1 * (own[0] + own[1]) / 2) < 1e-5)
    let without = model.terms(
      BatchComposition(labelled: 2, unlabelled: 3), total: 100, labelledTotal: 10, controls: ["alpha": 0])
    let difference = zip(terms["loss"] ?? [], without["loss"] ?? []).map { $0 - $1 }
    for image in 0..<5 { #expect(abs(difference[image] - 46 * cost[image]) < 1e-3) }
  }

  @Test("Terms of samples add up to the loss where some images are labelled, and accuracy is that of the labelled")
  func sampledTerms() throws {
    let composition = BatchComposition(labelled: 2, unlabelled: 3)
    let model = try CertainStyle(inference: "concrete", objective: "sampledLabels")
    let terms = model.terms(composition, total: 100, labelledTotal: 10)
    for image in 0..<5 {
      let sum = [("reconstruction", 1.0), ("KL", 1), ("class prior", 1), ("class", 47)].reduce(0) {
        $0 + $1.1 * (terms[$1.0]?[image] ?? .nan)
      }
      #expect(abs(sum - (terms["loss"]?[image] ?? 0)) < 1e-4 * abs(sum), "image \(image)")
    }
    let weighted = try CertainStyle(inference: "concrete", objective: "importanceWeightedLabels", samples: 3)
      .terms(composition, total: 100, labelledTotal: 10)
    #expect(weighted["class"] == terms["class"])
    let right = (0..<2).map { image in
      model.logClasses(image).indices.max { model.logClasses(image)[$0] < model.logClasses(image)[$1] }
        == Int(model.labels[image])
    }
    let accuracy = try #require(terms["accuracy"])
    #expect(abs(accuracy.reduce(0, +) / 5 - Double(right.count { $0 }) / 2) < 1e-6)
  }

  @Test("The bound over all classes is log Σ_y p(x, y), and its prediction is the likeliest class under it")
  func weighted() throws {
    let model = try CertainStyle(objective: "importanceWeightedLabels")
    let terms = model.terms(BatchComposition(unlabelled: 5, knowsTruth: true))
    let (loss, right) = try (#require(terms["loss"]), #require(terms["weighted accuracy"]))
    let noise = numbers(Graph().noise(.standardNormal, name: "z", shape: [3, 5, 2]))
    for image in 0..<5 {
      let scores = (0..<3).map { label -> Double in
        let cost = model.cost(image, label)
        // Drawn, log q(z | x, y) has the square of the noise where its mean has 1.
        let drawn = (0..<2).reduce(0.0) { sum, dimension in
          let value = Double(noise[(label * 5 + image) * 2 + dimension])
          return sum + 0.5 * (value * value - 1)
        }
        return -cost.reconstruction - cost.divergence + drawn
      }
      let best = scores.indices.max { scores[$0] < scores[$1] } ?? 0
      #expect(right[image] == (best == Int(model.labels[image]) ? 1 : 0))
      #expect(abs(loss[image] + log(scores.map(exp).reduce(0, +)) - log(3)) < 1e-2)
    }
  }

  @Test(
    "Every way of learning from a few labels tells three bright rows apart",
    arguments: [
      ("enumerated", "semiSupervisedBound", 1), ("concrete", "semiSupervisedBound", 1),
      ("concrete", "sampledLabels", 1), ("concrete", "importanceWeightedLabels", 3),
      ("enumerated", "importanceWeightedLabels", 1),
    ])
  func learns(inference: String, objective: String, samples: Int) throws {
    var configuration = Fixture.configuration(
      objective: ObjectiveConfiguration(kind: objective, samples: samples, settings: ["alpha": .number(1000)]),
      epochs: 30)
    configuration.model.kind = "semiSupervised"
    configuration.model.classNames = ["0", "1", "2"]
    configuration.model.settings = ["inference": .text(inference)]
    configuration.training.labels = .count(12)
    let outcome = try trained(configuration, on: Fixture.images(200))
    let test = try Fixture.images(90, seed: 11)
    let classification = try #require(try outcome.model.classify(test))
    let accuracy = try #require(classification.accuracy(against: test.labels ?? []))
    #expect(accuracy.accuracy > 0.95)
    #expect(classification.confusion(against: test.labels ?? []).flatMap { $0 }.reduce(0, +) == 90)
    #expect(outcome.metrics.last?.heldOut?["accuracy"] ?? 0 > 0.9)
    let evaluation = try evaluate(outcome.model, on: test, samples: 2, importanceSamples: 4)
    #expect(evaluation.classifier == accuracy)
    #expect(evaluation.weightedClassifier?.accuracy ?? 0 > 0.9)
  }

  @Test("Objectives that take samples refuse a class that is gone through, and take one that is drawn")
  func refusals() throws {
    var configuration = Fixture.configuration()
    configuration.model.kind = "semiSupervised"
    configuration.model.classNames = ["0", "1", "2"]
    configuration.training.labels = .none
    for objective in ["weightedDecomposition", "infoVAE", "importanceWeightedBound"] {
      configuration.objective.kind = objective
      configuration.model.settings = [:]
      #expect(throws: ConfigurationError.self) { try configuration.validate() }
      configuration.model.settings = ["inference": .text("concrete")]
      try configuration.validate()
    }
  }

  @Test("A temperature falls from another value by equal ratios, and never to 0 however it is annealed")
  func annealing() throws {
    let falling = try #require(Annealing("from:2:100"))
    #expect(falling.description == "from:2:100")
    #expect(abs(falling.applied(to: 0.5, step: 50, totalSteps: 1000) - 1) < 1e-12)
    #expect(falling.applied(to: 0.5, step: 0, totalSteps: 1000) == 2)
    #expect(falling.applied(to: 0.5, step: 500, totalSteps: 1000) == 0.5)
    for text in ["from:2", "from:x:3", "from:1:0", "from:inf:3"] { #expect(Annealing(text) == nil) }
    var configuration = Fixture.configuration(
      objective: ObjectiveConfiguration(
        kind: "semiSupervisedBound", annealing: ["temperature": .linear(steps: 5), "gamma": .linear(steps: 20)]))
    configuration.model.kind = "semiSupervised"
    configuration.model.classNames = ["0", "1", "2"]
    configuration.model.settings = ["inference": .text("concrete")]
    configuration.training.labels = .count(30)
    let outcome = try trained(configuration, on: Fixture.images(200))
    #expect(outcome.metrics.allSatisfy { ($0.controls["temperature"] ?? 0) >= 0.01 })
    configuration.objective.annealing = ["temperature": .from(start: 0, steps: 5)]
    #expect(throws: ConfigurationError.self) { try configuration.validate() }
  }

  @Test("γ slows what is learnt from images without a label and changes no value")
  func gamma() throws {
    let model = try CertainStyle()
    let mixed = BatchComposition(labelled: 2, unlabelled: 3)
    let (fast, slow) = (
      model.terms(mixed, labelledTotal: 2), model.terms(mixed, labelledTotal: 2, controls: ["gamma": 0])
    )
    for image in 0..<5 { #expect(abs((fast["loss"]?[image] ?? 0) - (slow["loss"]?[image] ?? 1)) < 1e-4) }
    // At 0 only what the labelled images say moves a weight.
    var configuration = model.configuration
    configuration.objective.settings = ["gamma": .number(0), "alpha": .number(0)]
    configuration.training.labels = .none
    let images = try Fixture.images(200)
    let outcome = try trained(configuration, on: images)
    let begun = Initialization.parameters(configuration.model.parameters, seed: configuration.training.seed)
    for name in begun.names { #expect(outcome.model.parameters[name]?.elements == begun[name]?.elements) }
  }

  @Test(
    "Of images whose class is known, the decomposition adds up to the divergence of what is inferred and −log p(y)",
    arguments: ["semiSupervised", "splitCode", "fairAutoencoder"])
  func decomposition(kind: String) throws {
    var configuration = Fixture.configuration(hidden: [6], latent: 4)
    configuration.model.kind = kind
    configuration.model.classNames = ["a", "b", "c"]
    if kind == "fairAutoencoder" {
      configuration.model.attribute = SensitiveAttribute(name: "mark", valueNames: ["0", "1"])
    }
    configuration.objective = ObjectiveConfiguration(kind: "weightedDecomposition")
    try configuration.validate()
    let images = try Fixture.images(12)
    let recording = Recording(
      configuration, BatchComposition(labelled: 12, unlabelled: 0), total: 12, labelledTotal: 12)
    let part = try #require(recording.parts.first)
    let priorOfClass = part.generative.logProbability(part.generative.variables.filter { $0.name == "y" })
    let expected =
      kind == "semiSupervised" ? part.sampledDivergence - (try #require(priorOfClass)) : part.sampledDivergence
    var outputs = Dictionary(
      recording.terms.named.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    outputs["expected"] = expected
    let program = recording.graph.compile(outputs: outputs)
    let begun = Initialization.parameters(configuration.model.parameters, seed: 4)
    let store = ParameterStore(shapes: configuration.model.parameters)
    for name in store.names { if let value = begun[name] { store[name] = value } }
    program.bindImages(Recording.Input.labelledImages, to: images.storage.base, rows: Array(images.rows))
    program.mark(Recording.Input.labels, images.labels ?? [])
    program.mark(Recording.Input.labelledSensitive, (0..<12).map { Int32($0 % 2) })
    program.run(store, seed: 1, step: 0, pool: .inline)
    func values(_ name: String) -> [Double] { program.withOutput(name) { $0.map(Double.init) } }
    let parts = ["mutual information", "total correlation", "within groups", "dimension-wise KL"].map(values)
    for image in 0..<12 {
      let sum = parts.reduce(0.0) { $0 + $1[image] }
      #expect(abs(sum - values("expected")[image]) < 1e-4, "image \(image)")
      let others = kind == "fairAutoencoder" ? values("property")[image] : 0
      let loss = values("reconstruction")[image] + sum + 46 * values("class")[image] + others
      #expect(abs(values("loss")[image] - loss) < 1e-3)
    }
    withExtendedLifetime(images) {}
  }

  @Test(
    "Every objective learns the class from labels, some or all, and its loss does not fall without end",
    arguments: [
      "weightedDecomposition", "infoDivergence", "fourTerms", "evidenceLowerBound", "dipI", "factorAdversary",
      "correlationExplanation", "renyi", "reconstruction",
    ], [LabelPolicy.count(60), .all])
  func decompositionLearns(objective: String, labels: LabelPolicy) throws {
    var configuration = Fixture.configuration(objective: ObjectiveConfiguration(kind: objective), epochs: 30)
    (configuration.model.kind, configuration.model.classNames) = ("semiSupervised", ["0", "1", "2"])
    configuration.model.settings = ["inference": .text("concrete")]
    configuration.training.labels = labels
    let outcome = try trained(configuration, on: Fixture.images(200))
    let test = try Fixture.images(90, seed: 11)
    let accuracy = try #require(try outcome.model.classify(test)?.accuracy(against: test.labels ?? []))
    #expect(accuracy.accuracy > 0.9)
    #expect(outcome.metrics.allSatisfy { ($0.heldOut?["loss"] ?? -1) > 0 && ($0.training["loss"] ?? -1) > 0 })
    #expect(configuration.controls.contains { $0.name == "labelWeight" })
    configuration.training.labels = .none
    #expect(!configuration.controls.contains { $0.name == "labelWeight" })
  }

  @Test("A changed weight chooses another best of a partly labelled run, whose held-out images have no term for labels")
  func scores() throws {
    var configuration = Fixture.configuration()
    (configuration.model.kind, configuration.model.classNames) = ("semiSupervised", ["a", "b"])
    configuration.objective = ObjectiveConfiguration(kind: "semiSupervisedBound")
    configuration.training.labels = .count(20)
    #expect(configuration.terms.contains { $0.name == "class" })
    let terms = [Term(name: "reconstruction", value: 100), Term(name: "KL", value: 30), Term(name: "loss", value: 130)]
    #expect(configuration.score(terms, controls: ["beta": 1, "alpha": 46]) == 130)
    #expect(configuration.score(terms, controls: ["beta": 6, "alpha": 46]) == 280)
  }

  @Test("A state from before labels had a term of their own goes on with it, and a strange one stays strange")
  func newTerms() throws {
    var configuration = Fixture.configuration(objective: ObjectiveConfiguration(kind: "weightedDecomposition"))
    (configuration.model.kind, configuration.model.classNames) = ("semiSupervised", ["0", "1", "2"])
    var state = TrainingState(configuration)
    let before = ["reconstruction", "mutual information", "total correlation", "within groups", "dimension-wise KL"]
    state.sums = (before + ["loss"]).map { Term(name: $0, value: 2) }
    state.takeNewTerms(of: configuration)
    #expect(state.sums.map(\.name) == configuration.terms.map(\.name) + ["loss"])
    #expect(state.sums["class"] == 0 && state.sums["loss"] == 2)
    state.sums = [Term(name: "nonsense", value: 1)]
    state.takeNewTerms(of: configuration)
    #expect(state.sums == [Term(name: "nonsense", value: 1)])
  }

  @Test func theCostOfAClassThatIsGeneratedIsCalledAsItsClassifierIs() throws {
    var configuration = Fixture.configuration(latent: 4)
    (configuration.model.kind, configuration.model.classNames) = ("splitCode", ["0", "1", "2"])
    configuration.training.labels = .all
    let names = ["reconstruction", "KL", "class"]
    #expect(configuration.terms.map(\.name).starts(with: names))
    // What was written when it was called otherwise is gone on with.
    let older = ["reconstruction", "KL", "class prior", "loss"].map { Term(name: $0, value: 2) }
    #expect(configuration.value(of: .classPrior, in: older) == 2 && configuration.unit(of: "class prior") == .nats)
    var state = TrainingState(configuration)
    (state.sums, state.best, state.heldOut) = (older, TrainingState.Best(epoch: 0, terms: older), older)
    state.takeNewTerms(of: configuration)
    #expect(state.sums["class"] == 2 && state.sums.map(\.name) == configuration.terms.map(\.name) + ["loss"])
    #expect(state.best?.terms["class"] == 2 && state.heldOut?["class"] == 2)
  }

  @Test("Labels that the model has no class for are refused before anything is written")
  func strangers() throws {
    var configuration = Fixture.configuration()
    (configuration.model.kind, configuration.model.classNames) = ("semiSupervised", ["0", "1"])
    configuration.objective.kind = "semiSupervisedBound"
    let images = try Fixture.images(60)
    #expect(images.labels?.contains(2) == true)
    #expect(throws: TrainingError.self) {
      try TrainingSession(configuration: configuration, training: images, heldOut: nil, threads: 1)
    }
  }
}

/// What comes of a training on `images`, thirty of them held out.
func trained(_ configuration: Configuration, on images: ImageSet, given: Parameters? = nil) throws -> TrainingOutcome {
  let parts = try images.split(heldOut: 30, seed: 1)
  let session = try TrainingSession(
    configuration: configuration, training: parts.training, heldOut: parts.heldOut, given: given, threads: 1)
  try session.start()
  let outcome = session.wait()
  #expect(outcome.state == .finished)
  return outcome
}
