import Glibc
import Tensors
import Testing

@testable import Datasets
@testable import LatentModels

/// Three bright rows, in half of the images with a bright first column as well: the property that a code is to forget.
private func marked(_ count: Int, seed: UInt64 = 3) throws -> ImageSet {
  let plain = try Fixture.images(count, seed: seed)
  var pixels: [UInt8] = []
  for image in 0..<count {
    var bytes = plain.bytes(at: image)
    if image % 2 == 1 { for row in 0..<4 { bytes[3 * row] = 255 } }
    pixels += bytes
  }
  return try ImageSet(
    name: "marked", width: 3, height: 4, pixels: pixels, labels: plain.labels,
    factors: [Factor(name: "mark", values: (0..<count).map { Float($0 % 2) })])
}

/// The parts of a divergence are all of it.
private func expectWhole(_ evaluation: Evaluation, _ variables: [LatentVariable]) {
  let dimensions = variables.dimensions.compactMap { evaluation.klByDimension?[$0] }
  let others = [evaluation.klOfClasses, evaluation.klBeneath].compactMap(\.self).flatMap(\.values)
  #expect(abs(dimensions.reduce(0, +) + others.reduce(0, +) - (evaluation.kl ?? 0)) < 1e-3)
}

@Suite("Models of structure")
struct StructuredModelTests {
  @Test("M1+M2 tells classes from the codes of a trained model, whose weights stay as they are")
  func stacked() throws {
    let images = try Fixture.images(200)
    let first = try trained(
      Fixture.configuration(latent: 4, objective: ObjectiveConfiguration(beta: 0.1), epochs: 100), on: images
    ).model
    var configuration = Fixture.configuration(hidden: [16], epochs: 100)
    configuration.model.kind = "m1m2"
    configuration.settleNames()
    configuration.objective = ObjectiveConfiguration(kind: "semiSupervisedBound", settings: ["alpha": .number(1000)])
    configuration.model.classNames = ["0", "1", "2"]
    configuration.model.codes = try CodesConfiguration(of: first, on: images)
    configuration.training.labels = .count(30)
    try configuration.validate()
    let codes = try #require(configuration.model.codes)
    #expect(codes.hidden == [8, 5] && codes.latent == 4)
    let outcome = try trained(configuration, on: images, given: CodesConfiguration.weights(of: first))
    for name in first.parameters.names {
      #expect(outcome.model.parameters["codes.\(name)"]?.elements == first.parameters[name]?.elements)
    }
    let test = try Fixture.images(90, seed: 11)
    let accuracy = try #require(outcome.model.classify(test)?.accuracy(against: test.labels ?? []))
    #expect(accuracy.accuracy > 0.8)
    let evaluation = try evaluate(outcome.model, on: test, samples: 4)
    // One bound on log p(x): no worse than what M1 says of the images with its own prior, but for what was not learnt.
    let plain = try evaluate(first, on: test, samples: 4)
    #expect(abs(evaluation.reconstruction - plain.reconstruction) < 0.2)
    // The codes beneath are told of, so that all parts make the divergence.
    #expect(evaluation.klBeneath?["codes"] != nil && evaluation.klOfClasses?.keys.sorted() == ["y"])
    expectWhole(evaluation, outcome.model.variables)
    #expect(try outcome.model.decode(outcome.model.encode(test).mean).elements.allSatisfy { (0...1).contains($0) })
  }

  @Test(
    "③ of M1+M2 is of sixteen codes an image, though it takes one at a time", arguments: ["enumerated", "concrete"])
  func evidence(inference: String) throws {
    let images = try Fixture.images(40)
    var configuration = Fixture.configuration(objective: ObjectiveConfiguration(kind: "semiSupervisedBound"))
    configuration.model.kind = "stackedSemiSupervised"
    configuration.model.classNames = ["0", "1", "2"]
    configuration.model.settings = ["inference": .text(inference)]
    configuration.model.codes = CodesConfiguration(hidden: [8, 5], latent: 3, kept: [0, 2])
    configuration.training.labels = .count(30)
    let model = Fixture.model(configuration)
    let store = ParameterStore(shapes: configuration.model.parameters)
    for name in store.names { if let value = model.parameters[name] { store[name] = value } }
    let measurement = HeldOutMeasurement(configuration, images: images)
    let measured = measurement.measure(store, controls: [:], model: model, pool: .inline)
    let graph = Graph()
    let input = graph.images(Recording.Input.images, shape: [40, 12], treatment: .grey)
    let traces = Recording.traces(
      configuration, configuration.model.programs(), Batch(images: input, areAllKnown: false, total: 40), samples: 1)
    let program = graph.compile(outputs: ["weights": traces.evidenceWeights])
    program.bindImages(Recording.Input.images, to: images.storage.base, rows: Array(images.rows))
    var weights = [LogSumOfExponentials](repeating: LogSumOfExponentials(), count: 40)
    for step in 0..<16 {
      program.run(store, seed: measurement.seed, step: UInt64(step), pool: .inline)
      program.withOutput("weights") { values in
        for image in 0..<40 { weights[image].add(Double(values[image])) }
      }
    }
    let bound = weights.reduce(0.0) { $0 + $1.value } / 40 - log(16)
    #expect(abs(try #require(measured["③ evidence"]) + bound) < 1e-4)
    withExtendedLifetime(images) {}
  }

  @Test("The classifier of a split code reads zy alone, and the code has both parts")
  func split() throws {
    var configuration = Fixture.configuration(latent: 4, epochs: 30)
    configuration.model.kind = "splitCode"
    configuration.model.classNames = ["0", "1", "2"]
    configuration.objective.kind = "semiSupervisedBound"
    configuration.training.labels = .count(30)
    let model = try trained(configuration, on: Fixture.images(200)).model
    #expect(model.variables.map(\.name) == ["zx", "zy"] && model.latentSize == 4)
    #expect(model.variables.dimensionNames == ["zx1", "zx2", "zy1", "zy2"])
    #expect(model.parameters.shape(of: "classifier.0.weight") == [3, 2])
    let test = try Fixture.images(90, seed: 11)
    #expect(try #require(model.classify(test)?.accuracy(against: test.labels ?? [])).accuracy > 0.9)
    configuration.model.settings = ["classDimensions": .number(4)]
    #expect(throws: ConfigurationError.self) { try configuration.validate() }
  }

  @Test(
    "A split code takes every objective of a code of one part, with labels and without, and no loss is lost",
    arguments: ["weightedDecomposition", "dipI", "infoVAE", "betaTotalCorrelation", "factorAdversary", "capacity"],
    [LabelPolicy.none, .count(40), .all])
  func splitObjectives(objective: String, labels: LabelPolicy) throws {
    var configuration = Fixture.configuration(latent: 4, epochs: 2)
    configuration.model.kind = "splitCode"
    configuration.model.classNames = ["0", "1", "2"]
    configuration.objective.kind = objective
    configuration.training.labels = labels
    let metrics = try trained(configuration, on: Fixture.images(201)).metrics
    #expect(metrics.count == 2)
    for record in metrics {
      #expect(record.training.allSatisfy(\.value.isFinite) && record.heldOut?.allSatisfy(\.value.isFinite) == true)
    }
  }

  /// The objectives that have a term of their own for the class.
  private static let labelObjectives = ["semiSupervisedBound", "sampledLabels", "importanceWeightedLabels"]

  @Test(arguments: labelObjectives)
  func thePropertyIsLearntBesideTheClass(objective: String) throws {
    let images = try marked(90)
    var configuration = Fixture.configuration(
      hidden: [8], objective: ObjectiveConfiguration(kind: objective), epochs: 1)
    (configuration.model.kind, configuration.model.classNames) = ("fairAutoencoder", ["0", "1", "2"])
    configuration.model.attribute = try SensitiveAttribute("mark", of: images)
    configuration.training.labels = .count(15)
    let begun = Initialization.parameters(configuration.model.parameters, seed: configuration.training.seed)
    for isTaught in [true, false] {
      // A run from before labels taught what an objective leaves out goes on as it was.
      configuration.training.teachesBesideOwnTerms = isTaught
      let outcome = try trained(configuration, on: images)
      let last = try #require(outcome.metrics.last)
      #expect((last.training["property"] != nil) == isTaught)
      let weights = "attribute.0.weight"
      #expect((outcome.model.parameters[weights]?.elements != begun[weights]?.elements) == isTaught)
    }
  }

  @Test(arguments: labelObjectives)
  func theWeightOfAClassThatIsGeneratedIsOneOfTheLoss(objective: String) throws {
    let images = try Fixture.images(60)
    func configuration(_ alpha: Double, isOlder: Bool = false) -> Configuration {
      var configuration = Fixture.configuration(
        latent: 4, objective: ObjectiveConfiguration(kind: objective, settings: ["alpha": .number(alpha)]), epochs: 1)
      (configuration.model.kind, configuration.model.classNames) = ("splitCode", ["0", "1", "2"])
      configuration.training.teachesBesideOwnTerms = !isOlder
      return configuration
    }
    func classifier(_ alpha: Double, isOlder: Bool = false) throws -> [Float]? {
      try trained(configuration(alpha, isOlder: isOlder), on: images).model.parameters["classifier.0.weight"]?.elements
    }
    #expect(try classifier(0) != classifier(100))
    #expect(configuration(0).controls.contains { $0.name == "alpha" })
    // What weighed nothing in an older run goes on to weigh nothing, and is no control.
    guard objective != "semiSupervisedBound" else { return }
    #expect(try classifier(0, isOlder: true) == classifier(100, isOlder: true))
    #expect(!configuration(0, isOlder: true).controls.contains { $0.name == "alpha" })
  }

  @Test("Floats are encoded with the property they are told, as the same bytes are")
  func fairFloats() throws {
    let images = try marked(60)
    var configuration = Fixture.configuration(hidden: [8], epochs: 1)
    (configuration.model.kind, configuration.objective.kind) = ("fairAutoencoder", "fairBound")
    configuration.model.attribute = try SensitiveAttribute("mark", of: images)
    configuration.training.labels = .none
    let model = try trained(configuration, on: images).model
    let floats = try ImageSet(name: "floats", width: 3, height: 4, floats: images.tensor().elements)
      .withLabels(images.labels, factors: images.factors)
    #expect(floats.holdsFloats)
    let (own, other) = (try model.encode(images), try model.encode(floats))
    for (first, second) in zip(own.mean.elements, other.mean.elements) { #expect(abs(first - second) < 1e-4) }
  }

  @Test func aPropertyThatNobodySaysIsInferredImageByImage() throws {
    let plain = try marked(60)
    let images = plain.withLabels((0..<60).map { $0 % 3 == 0 ? -1 : Int32($0 % 2) }, factors: plain.factors)
    var configuration = Fixture.configuration(hidden: [8], epochs: 1)
    (configuration.model.kind, configuration.objective.kind) = ("fairAutoencoder", "fairBound")
    configuration.model.attribute = SensitiveAttribute(name: "label", valueNames: [])
    configuration.training.labels = .none
    let data = try TrainingData.prepare(configuration, heldOut: 0, images: images)
    #expect(data.notes.contains { $0.contains("of 20 of the 60 images") }, "\(data.notes)")
    let model = try trained(data.configuration, on: images).model
    let codes = try model.encode(images).mean
    let silent = try model.encode(images.withLabels(nil)).mean
    for image in 0..<60 {
      let told = [codes[image, 0], codes[image, 1]]
      if image % 3 != 0 {
        #expect(told == (image % 2 == 0 ? [1, 0] : [0, 1]))
      } else {
        #expect(abs(told[0] + told[1] - 1) < 1e-5 && abs(told[0] - silent[image, 0]) < 1e-5)
        #expect(abs(codes[image, 2] - silent[image, 2]) < 1e-5)
      }
    }
  }

  @Test func aPropertyThatTellsNothingIsRefusedAndValuesWithoutImagesAreNamed() throws {
    let plain = try marked(60)
    var configuration = Fixture.configuration(hidden: [8], epochs: 1)
    (configuration.model.kind, configuration.objective.kind) = ("fairAutoencoder", "fairBound")
    configuration.training.labels = .none
    func data(_ name: String) throws -> TrainingData {
      configuration.model.attribute = SensitiveAttribute(name: name, valueNames: [])
      let images = plain.withLabels(
        plain.labels,
        factors: [
          Factor(name: "fixed", values: [Float](repeating: 0.37, count: 60)),
          Factor(name: "gap", values: (0..<60).map { $0 % 2 == 0 ? 1 : 5 }),
        ])
      return try TrainingData.prepare(configuration, heldOut: 0, images: images)
    }
    #expect(throws: DatasetError.self) { _ = try data("fixed") }
    let notes = try data("gap").notes
    #expect(notes.contains { $0.contains("has gap 0, gap 2, gap 3, gap 4 of the 6 values of gap") }, "\(notes)")
  }

  @Test func whyLabelsWereLeftOutIsSaidWhereAModelNeedsThem() throws {
    var images = try Fixture.images(60).withLabels(nil)
    images.notes = ["pixels are read from 0 to 7", "x: 5.5 is no class: they are left out"]
    for (kind, labels) in [("semiSupervised", LabelPolicy.all), ("fairAutoencoder", .none)] {
      var configuration = Fixture.configuration(hidden: [8], epochs: 1)
      configuration.model.kind = kind
      configuration.objective.kind = labels == .all ? "semiSupervisedBound" : "fairBound"
      configuration.training.labels = labels
      if labels == .none { configuration.model.attribute = SensitiveAttribute(name: "label", valueNames: []) }
      let asked = configuration
      do {
        _ = try TrainingData.prepare(asked, heldOut: 0, images: images)
        Issue.record("\(kind) has no labels")
      } catch { #expect("\(error)".contains("(x: 5.5 is no class"), "\(error)") }
    }
  }

  @Test("A batch of which one kind of image is single is refused where images are held against each other")
  func singles() throws {
    var configuration = Fixture.configuration(latent: 4, batch: 4)
    (configuration.model.kind, configuration.model.classNames) = ("splitCode", ["0", "1", "2"])
    configuration.objective.kind = "infoVAE"
    (configuration.training.labels, configuration.training.labelledShare) = (.count(40), 0.1)
    let images = try Fixture.images(200)
    #expect(throws: ConfigurationError.self) {
      try TrainingSession(configuration: configuration, training: images, heldOut: nil, threads: 1)
    }
  }

  @Test("A fair code is decoded with the property it is told, and infers the property of images that do not say it")
  func fair() throws {
    let images = try marked(200)
    var configuration = Fixture.configuration(hidden: [16], epochs: 40)
    configuration.model.kind = "fairAutoencoder"
    configuration.objective.kind = "fairBound"
    configuration.model.attribute = try SensitiveAttribute("mark", of: images)
    configuration.training.labels = .none
    let model = try trained(configuration, on: images).model
    #expect(model.variables.map(\.name) == ["s", "z"] && !model.hasClasses)
    let test = try marked(60, seed: 11)
    let told = try model.encode(test).mean
    #expect((0..<60).allSatisfy { told[$0, $0 % 2] == 1 && told[$0, 1 - $0 % 2] == 0 })
    let silent = try ImageSet(
      name: "silent", width: 3, height: 4, pixels: (0..<60).flatMap { test.bytes(at: $0) }, labels: test.labels)
    let inferred = try model.encode(silent).mean
    #expect((0..<60).count { inferred[$0, $0 % 2] > 0.5 } > 55)
    // The same code with another property has another first column.
    var others = told
    for row in 0..<60 { (others[row, 0], others[row, 1]) = (told[row, 1], told[row, 0]) }
    let (own, other) = try (model.decode(told), model.decode(others))
    func column(_ images: Tensor, _ row: Int) -> Float { (0..<4).reduce(0) { $0 + images[row, 3 * $1] } / 4 }
    let right = (0..<60).count { ($0 % 2 == 1) == (column(own, $0) > column(other, $0)) }
    #expect(right > 55)
    #expect(try evaluate(model, on: test, samples: 2, importanceSamples: 2).elbo?.isFinite == true)
    #expect(throws: TrainingError.self) { try trained(configuration, on: Fixture.images(200)) }
  }

  @Test("A fair code with labels tells the class, under every share of them", arguments: [LabelPolicy.all, .count(30)])
  func fairWithLabels(labels: LabelPolicy) throws {
    let images = try marked(200)
    var configuration = Fixture.configuration(hidden: [16], epochs: 60)
    configuration.model.kind = "fairAutoencoder"
    configuration.objective.kind = "fairBound"
    configuration.model.classNames = ["0", "1", "2"]
    configuration.model.attribute = try SensitiveAttribute("mark", of: images)
    configuration.objective.settings = ["alpha": .number(1000)]
    configuration.training.labels = labels
    let model = try trained(configuration, on: images).model
    let test = try marked(60, seed: 11)
    #expect(try #require(model.classify(test)?.accuracy(against: test.labels ?? [])).accuracy > 0.9)
  }

  @Test("The discrepancy of random features is the distance of their means, by hand, and 0 where a value is missing")
  func discrepancy() throws {
    let graph = Graph()
    let (code, weights, offsets): ([Float], [Float], [Float]) = (
      [0.5, -1, 1, 0, -0.5, 2], [0.3, -0.7, 1.1, 0.2], [0.4, 1.5]
    )
    func tensor(_ shape: [Int], _ values: [Float]) -> Expression {
      graph.constant(Tensor(shape: shape, elements: values))
    }
    func found(_ sensitive: [Float]) -> Float {
      numbers(
        FairBound.discrepancy(
          tensor([3, 2], code), tensor([3, 2], sensitive), weights: tensor([2, 2], weights),
          offsets: tensor([1, 2], offsets), bandwidth: 4))[0]
    }
    func feature(_ row: Int, _ column: Int) -> Double {
      let projected = Double(code[2 * row] * weights[column] + code[2 * row + 1] * weights[2 + column])
      return cos(projected * sqrt(0.5) + Double(offsets[column]))
    }
    let expected = (0..<2).reduce(0.0) { sum, column in
      let difference = (feature(0, column) + feature(2, column)) / 2 - feature(1, column)
      return sum + difference * difference
    }
    #expect(abs(Double(found([1, 0, 0, 1, 1, 0])) - expected) < 1e-5)
    #expect(found([1, 0, 1, 0, 1, 0]) == 0)
  }

  @Test("A bound that knows the class is the mean of the labelled loss without its prior")
  func bounds() throws {
    let certain = try CertainStyle()
    let model = try LatentModel(configuration: certain.configuration, parameters: certain.parameters)
    let bounds = try lowerBounds(model, on: certain.images, knowingClass: true, samples: 1)
    for image in 0..<5 {
      let cost = certain.cost(image, Int(certain.labels[image]))
      #expect(abs(bounds[image] + cost.reconstruction + cost.divergence) < 1e-3)
    }
  }

  @Test func anAutoencoderIsWorthItsReconstructionAtTheMean() throws {
    var configuration = Fixture.configuration(epochs: 1)
    (configuration.model.kind, configuration.objective.kind) = ("autoencoder", "reconstruction")
    let images = try Fixture.images(60)
    let model = try trained(configuration, on: images).model
    let worth = try lowerBounds(model, on: images).reduce(0, +) / 60
    #expect(try abs(worth + evaluate(model, on: images).reconstruction) < 1e-3)
  }

  @Test("What a model is told and what its codes are of is written and read again")
  func json() throws {
    var configuration = Fixture.configuration()
    configuration.model.kind = "fairAutoencoder"
    configuration.objective.kind = "fairBound"
    configuration.model.attribute = SensitiveAttribute(
      name: "thickness", valueNames: ["thin", "thick"], threshold: 1.5)
    configuration.training.labels = .none
    configuration.training.onlyClass = 3
    #expect(try Configuration(json: configuration.json()) == configuration)
    #expect(configuration.training.onlyClassName == "3")
    configuration.training.division = ClassDivision(names: ["a", "b", "c", "nine"], heldOut: 4)
    #expect(configuration.training.onlyClassName == "nine")
    #expect(try Configuration(json: configuration.json()) == configuration)
    configuration.model.attribute = nil
    #expect(throws: ConfigurationError.self) { try configuration.validate() }
    configuration.model.kind = "stackedSemiSupervised"
    configuration.objective.kind = "semiSupervisedBound"
    configuration.model.classNames = ["a", "b"]
    configuration.model.codes = CodesConfiguration(hidden: [4], latent: 3, kept: [0, 2])
    #expect(try Configuration(json: configuration.json()) == configuration)
    configuration.model.codes = CodesConfiguration(hidden: [4], latent: 3, kept: [3])
    #expect(throws: ConfigurationError.self) { try configuration.validate() }
  }
}
