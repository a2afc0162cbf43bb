import Datasets
import Foundation
import Tensors
import Testing

@testable import LatentModels

@Suite("Configuration")
struct ConfigurationTests {
  @Test("JSON returns the same configuration, and is the same bytes for the same value")
  func roundTrip() throws {
    var configuration = Fixture.configuration(likelihood: .gaussian(deviation: 0.1))
    configuration.training.schedule = RateSchedule(decay: .cosine, warmUpSteps: 50)
    configuration.training.clipNorm = 2.5
    configuration.objective.settings["beta"] = .number(0.1)
    let json = try configuration.json()
    #expect(try Configuration(json: json) == configuration)
    #expect(try Configuration(json: json).json() == json)
    // What older versions wrote of the pixels, and what none did.
    func likelihood(_ json: String) throws -> Likelihood {
      try JSONDecoder().decode(Likelihood.self, from: Data(json.utf8))
    }
    #expect(try likelihood(#"{"kind":"gaussian","deviation":0.25}"#) == .gaussian(deviation: 0.25))
    #expect(try likelihood(#"{"kind":"bernoulli"}"#) == .bernoulli)
    #expect(json.contains("deviation"))
    for wrong in [#"{"kind":"gaussian"}"#, #"{"kind":"laplace"}"#] {
      #expect(throws: DecodingError.self) { try likelihood(wrong) }
    }
  }

  @Test(
    "A training is known again by what was asked for, whatever its data told of it",
    arguments: ["vae", "semi-supervised", "fair"])
  func begun(model: String) throws {
    let row = try #require(ModelKind.named(model))
    var asked = Configuration()
    (asked.model.kind, asked.objective.kind) = (row.identifier, row.objective)
    (asked.training.data, asked.training.count, asked.training.epochs) = ("strokes", 60, 4)
    let begun = try Configuration(json: TrainingData.prepare(asked).configuration.json())
    #expect(begun.training.heldOut == 6 && asked.difference(fromBegun: begun, heldOut: nil) == nil)
    #expect(asked.difference(fromBegun: begun, heldOut: 5) == "training.heldOut")
    func difference(_ change: (inout Configuration) -> Void) -> String? {
      var other = begun
      change(&other)
      return asked.difference(fromBegun: other, heldOut: nil)
    }
    #expect(difference { $0.model.hidden = [8] } == "model.hidden")
    #expect(difference { $0.model.activation = .tanh } == "model")
    #expect(difference { $0.training.seed = 2 } == "training.seed")
    #expect(difference { $0.training.count = nil } == "training.count")
    #expect(difference { $0.objective.samples = 2 } == "objective")
    // What ended earlier can go on, unless it would be another training then.
    #expect(difference { $0.training.epochs = 3 } == nil)
    #expect(difference { $0.training.epochs = 5 } == "training.epochs")
    asked.training.schedule.decay = .cosine
    let changes: (inout Configuration) -> Void = { ($0.training.epochs, $0.training.schedule.decay) = (3, .cosine) }
    #expect(difference(changes) == "training.epochs")
  }

  @Test("A missing key, a wrong type, another version and a value out of range are each named")
  func errors() throws {
    let json = try Configuration().json()
    func complaint(_ from: String, _ to: String) -> String {
      do {
        _ = try Configuration(json: json.replacing(from, with: to))
        return ""
      } catch { return "\(error)" }
    }
    #expect(complaint("\"latent\":2", "\"latent\":0").contains("model.latent is 0"))
    #expect(complaint("\"latent\":2,", "").contains("model.latent is missing"))
    #expect(complaint("\"latent\":2", "\"latent\":\"two\"").contains("model.latent"))
    #expect(complaint("\"version\":1", "\"version\":3").contains("version 3"))
    #expect(complaint("{", "").contains("cannot be read"))
    #expect(complaint("\"settings\":{}", "\"settings\":{\"beta\":-1}").contains("beta is -1"))
    #expect(
      complaint("\"settings\":{}", "\"settings\":{\"gamma\":1}").contains(
        "called gamma; there are beta, gradient, group"))
    #expect(complaint("\"evidenceLowerBound\"", "\"elbow\"").contains("no objective called elbow"))
    for (key, value, told) in [
      ("\"latent\":2", "2.5", "model.latent is 2.5; allowed: a whole number"),
      ("\"seed\":1", "-1", "training.seed is -1; allowed: a whole number, 0 or more"),
      ("\"batch\":128", "1e30", "training.batch is 1e+30; allowed: a whole number"),
      ("\"warmUpSteps\":0", "0.5", "training.schedule.warmUpSteps is 0.5; allowed: a whole number"),
      ("\"hidden\":[256,64]", "[256,0.5]", "model.hidden is [256, 0.5]; allowed: a list of whole numbers"),
      ("\"version\":1", "1.5", "version is 1.5; allowed: a whole number"),
      ("\"activation\":\"relu\"", "\"foo\"", "model.activation is foo; allowed: identity, relu,"),
      ("\"latent\":2", "\"two\"", "model.latent is of another kind; allowed: a whole number"),
      ("\"settings\":{}", "{\"beta\":1e400}", "objective.settings.beta: neither a number"),
      ("\"latent\":2", "null", "model.latent has no value"),
      ("\"seed\":1", "1,\"division\":{\"names\":[\"a\"],\"heldOut\":2.5}", "training.division.heldOut is 2.5; allowed"),
      ("\"seed\":1", "1,\"division\":{\"names\":null}", "training.division.names has no value"),
      ("\"seed\":1", "1,\"division\":{}", "training.division.names is missing"),
    ] {
      let name = key.prefix { $0 != ":" }
      let said = complaint(key, "\(name):\(value)")
      #expect(said.contains(told), "\(said)")
    }
    let rate = try #require(json.firstMatch(of: #/"rate":[0-9.e-]+/#)).output
    #expect(
      complaint(String(rate), "\"rate\":1e400").contains(
        "training.rate is no value that can be held; allowed: a number"))
    #expect(complaint("[256,64]", "[16000000]").contains("the number of weights is"))
  }

  @Test func aSettingThatIsNotThereIsToldWithThoseThatAreThoughAllAreIdle() {
    var configuration = Configuration()
    (configuration.model.kind, configuration.model.settings) = ("semiSupervised", ["zzz": .number(1)])
    let error = #expect(throws: ConfigurationError.self) { try configuration.validate() }
    #expect(error.map { "\($0)" }?.hasSuffix("called zzz; there are inference, temperature") == true)
    configuration.training.labels = .none
    let other = #expect(throws: ConfigurationError.self) { try configuration.validate() }
    #expect(other.map { "\($0)" }?.hasSuffix("called zzz; there is inference") == true)
  }

  @Test("A model is described by its widths, and counts its parameters")
  func description() {
    #expect(ModelConfiguration().description == "784-256-64-2")
    #expect(ModelConfiguration().parameterCount == 785 * 256 + 257 * 64 + 65 * 4 + 3 * 64 + 65 * 256 + 257 * 784)
  }

  @Test("The memory a training is said to need is what its plan takes, to a fifth", arguments: [1, 8])
  func memory(samples: Int) {
    let configuration = Configuration(objective: ObjectiveConfiguration(samples: samples))
    let recording = Recording(configuration, BatchComposition(unlabelled: 128), total: 60_000)
    let program = recording.compileStep(clipNorm: nil)
    let weights = 4 * MemoryLayout<Float>.stride * configuration.model.parameterCount
    let needed = configuration.memory(images: 468 * 128) - weights
    #expect(abs(needed - program.memorySize) < program.memorySize / 5)
    // The last step of 96 images is a plan of its own.
    #expect(abs(configuration.memory(images: 60_000) - weights - needed - needed * 96 / 128) < 128)
  }

  @Test("Terms that hold every image against every other are counted in the memory that a large batch needs")
  func pairMemory() {
    var configuration = Configuration(objective: ObjectiveConfiguration(kind: "beta-tcvae"))
    configuration.training.batch = 16_000
    let pairs = 16_000 * 16_000 * MemoryLayout<Float>.stride
    #expect(configuration.memory(images: 20_000) > 2 * pairs)
    configuration.objective = ObjectiveConfiguration(kind: "factor-vae")
    #expect(configuration.memory(images: 20_000) < 2 * pairs)
  }

  @Test func manyClassesAreCountedWhereTheyAreGoneThroughAndHeldOutImagesAreSeenFewerAtATime() throws {
    var configuration = Configuration(objective: ObjectiveConfiguration(kind: "semiSupervisedBound"))
    configuration.model.classNames = (0..<1000).map(String.init)
    configuration.training.labels = .none
    func plan(heldOut: Int) throws -> Int {
      let images = try ImageSet(name: "x", width: 28, height: 28, pixels: [UInt8](repeating: 9, count: 784 * 200))
      return try TrainingPlan(
        checking: configuration, training: images, heldOut: images.subset(0..<heldOut), resuming: false, threads: 1
      ).memory
    }
    func rows() -> Int { HeldOutEvaluator.rows(configuration, of: 5000, coupled: 128, areKnown: false) }
    configuration.model.kind = "splitCode"
    let drawn = configuration.memory(images: 5000)
    #expect(rows() == 512)
    configuration.model.kind = "semiSupervised"
    #expect(configuration.memory(images: 5000) > 50 * drawn && rows() == 32)
    #expect(configuration.memory(images: 5000, areKnown: true) < 5 * drawn)
    configuration.model.classNames = (0..<10).map(String.init)
    #expect(try rows() == 512 && plan(heldOut: 100) > plan(heldOut: 0) + 1000 * 784 * 6)
    configuration.model.settings = ["inference": .text("concrete")]
    #expect(configuration.memory(images: 5000) < 2 * drawn)
  }

  @Test func aNumberThatNoCountCanBeIsRefusedBesideASettingThatIsNotThere() {
    let settings: [String: SettingValue] = ["aaa": .number(1), "parts": .number(1e300)]
    let configuration = Configuration(
      objective: ObjectiveConfiguration(kind: "combinedImportanceWeighting", samples: 4, settings: settings))
    let error = #expect(throws: ConfigurationError.self) { try configuration.validate() }
    #expect(error.map { "\($0)" }?.contains("called aaa") == true)
    #expect(configuration.objective.count("parts") > 1_000_000)
  }

  @Test("A file of before labels taught beside an objective goes on without")
  func formerLabels() throws {
    var configuration = Configuration(objective: ObjectiveConfiguration(kind: "dipI"))
    (configuration.model.kind, configuration.model.classNames) = ("splitCode", ["a", "b"])
    #expect(configuration.training.teachesLabels && configuration.controls.contains { $0.name == "labelWeight" })
    let text = try configuration.json().replacing("\"teachesLabels\":true", with: "\"teachesLabels\":false")
    let former = try Configuration(json: text.replacing(",\"teachesLabels\":false", with: ""))
    let next = try Configuration(json: configuration.json().replacing(",\"teachesBesideOwnTerms\":true", with: ""))
    #expect(next.training.teachesLabels && !next.training.teachesBesideOwnTerms)
    #expect(!former.training.teachesLabels && !former.initialControls.keys.contains("labelWeight"))
    #expect(former.terms.map(\.name) == configuration.terms.map(\.name).filter { !["class", "accuracy"].contains($0) })
  }

  @Test(
    "The weight of labels is no control of a model without a class, nor of its older files",
    arguments: ["betaTotalCorrelation", "fourTerms", "weightedDecomposition", "dipI", "evidenceLowerBound"])
  func labelWeight(objective: String) throws {
    var configuration = Fixture.configuration(objective: ObjectiveConfiguration(kind: objective), epochs: 1)
    func has(_ values: [String: Double]) -> Bool { values.keys.contains("labelWeight") }
    #expect(!has(configuration.initialControls) && !has(configuration.own(["labelWeight": 46, "rate": 1])))
    #expect(configuration.own(["rate": 1]) == ["rate": 1])
    let folder = try TemporaryFolder()
    let run = try RunDirectory.create(folder.file("run"), configuration: configuration)
    let session = try TrainingSession(
      configuration: configuration, training: Fixture.images(60), heldOut: nil, run: run, threads: 1)
    try session.start()
    let outcome = session.wait()
    let opened = try ModelLibrary.open(run.path)
    #expect(outcome.metrics.count == 1 && (outcome.metrics.map(\.controls) + [opened.controls]).allSatisfy { !has($0) })
    (configuration.model.kind, configuration.model.classNames) = ("semiSupervised", ["a", "b"])
    #expect(has(configuration.initialControls))
  }

  @Test("An objective of a file of before labels taught beside it is the same objective")
  func formerObjective() throws {
    let former = try JSONDecoder().decode(
      ObjectiveConfiguration.self,
      from: Data(#"{"kind":"correlationExplanation","settings":{"dimensions":"0, 1,"}}"#.utf8))
    var asked = ObjectiveConfiguration(kind: "correlationExplanation", settings: ["dimensions": .text("0,1,")])
    #expect(former == asked && former.hashValue == asked.hashValue)
    var configuration = Configuration(objective: former)
    try configuration.validate(asRecorded: true)
    asked.settings = [:]
    #expect(former != asked)
    configuration.model.latent = Expression.mostPairedDimensions + 1
    #expect(throws: ConfigurationError.self) { try configuration.validate() }
  }

  @Test("Commas part the numbers of dimensions: a space joins no two", arguments: ["1 2", "1-2 3", "0,1 2"])
  func joinedDimensions(text: String) {
    #expect(LatentGroups.dimensions(text) == nil)
    #expect(LatentGroups.dimensions(" 0 - 2 , 5 ") == [0, 1, 2, 5])
  }

  @Test("Parameters stand where a PyTorch Sequential has them")
  func names() {
    let names = ModelConfiguration().parameters.map { "\($0.name) \($0.shape)" }
    #expect(names.first == "encoder.0.weight [256, 784]")
    #expect(names.contains("encoder.4.weight [4, 64]"))
    #expect(names.contains("decoder.2.bias [256]"))
    #expect(names.last == "decoder.4.bias [784]")
  }

  @Test("Initial weights are uniform in ±1/√fan-in, weights and biases, and a function of the seed")
  func initialization() throws {
    let model = ModelConfiguration()
    let parameters = Initialization.parameters(model.parameters, seed: 3)
    for (name, fanIn) in [("encoder.0.weight", 784), ("encoder.0.bias", 784), ("decoder.4.weight", 256)] {
      let values = try #require(parameters[name]).elements
      let bound = 1 / Float(fanIn).squareRoot()
      #expect(values.allSatisfy { abs($0) < bound })
      let variance = values.reduce(0) { $0 + $1 * $1 } / Float(values.count)
      #expect(abs(variance * 3 / (bound * bound) - 1) < (values.count > 1000 ? 0.02 : 0.25))
    }
    #expect(Initialization.parameters(model.parameters, seed: 3)["encoder.2.weight"] == parameters["encoder.2.weight"])
    #expect(Initialization.parameters(model.parameters, seed: 4)["encoder.2.weight"] != parameters["encoder.2.weight"])
  }

  @Test("The rate rises over the warm-up and falls along half a cosine to 0")
  func schedules() {
    #expect(RateSchedule.constant.factor(step: 9, totalSteps: 10) == 1)
    #expect(RateSchedule.cosine.factor(step: 0, totalSteps: 10) == 1)
    #expect(abs(RateSchedule.cosine.factor(step: 5, totalSteps: 10) - 0.5) < 1e-6)
    #expect(abs(RateSchedule.cosine.factor(step: 10, totalSteps: 10)) < 1e-6)
    #expect(RateSchedule.warmUp(steps: 4).factor(step: 0, totalSteps: 10) == 0.25)
    #expect(RateSchedule.warmUp(steps: 4).factor(step: 7, totalSteps: 10) == 1)
    let both = RateSchedule(decay: .cosine, warmUpSteps: 4)
    #expect(both.factor(step: 4, totalSteps: 10) == 1)
    #expect(abs(both.factor(step: 7, totalSteps: 10) - 0.5) < 1e-6)
  }

  @Test("A latest value is taken once, the newest wins, and the descriptor is readable exactly while one waits")
  func latestValue() {
    let slot = LatestValue<Int>()
    func isReadable() -> Bool {
      var descriptor = pollfd(fd: slot.fileDescriptor, events: Int16(POLLIN), revents: 0)
      return poll(&descriptor, 1, 0) == 1
    }
    #expect(slot.take() == nil)
    #expect(!isReadable())
    for value in 1...1000 { slot.publish(value) }
    #expect(isReadable())
    #expect(slot.take() == 1000)
    #expect(!isReadable())
    #expect(slot.take() == nil)
    #expect(slot.latest == 1000)
  }

  @Test func aModelIsAdvisedWithWhichAllTheRestGoes() throws {
    func refusal(
      _ objective: String, _ settings: [String: SettingValue] = [:], samples: Int = 1,
      change: (inout ModelConfiguration) -> Void = { _ in }
    ) -> String {
      var configuration = Fixture.configuration(latent: 8)
      configuration.model.imageWidth = 4
      change(&configuration.model)
      configuration.objective = ObjectiveConfiguration(kind: objective, samples: samples, settings: settings)
      do { try configuration.validate() } catch { return "\(error)" }
      return ""
    }
    /// What is advised where every model will do that has a class, needs no other model's codes and is `suited`.
    func advice(_ suited: (ModelKind) -> Bool = { _ in true }) -> String {
      let models = ModelKind.all.filter { $0.usesLabels && !$0.usesCodes && suited($0) }
      return ": use the model " + models.map(\.name).joined(separator: " or ")
    }
    #expect(refusal("semiSupervisedBound").hasSuffix(advice()) && advice().contains("semi-supervised or "))
    let group: [String: SettingValue] = ["group": .text("C4")]
    #expect(refusal("semiSupervisedBound", group).hasSuffix(advice { !$0.usesAttribute }))
    // A class that is gone through takes one sample.
    let several = advice { row in
      var configuration = Fixture.configuration(latent: 8)
      configuration.model.kind = row.identifier
      return configuration.completed.model.samples.contains(4)
    }
    #expect(refusal("importanceWeightedLabels", samples: 4).hasSuffix(several) && !several.contains("semi-supervised"))
    #expect(refusal("fairBound").hasSuffix(advice(\.usesAttribute)))
    let fair = refusal("fairBound", group)
    #expect(
      fair.contains("is told a property of images: with the model fair, the group C4")
        && !fair.contains("use the model"))
    // What is said of one model is none of another's settings.
    for (model, name, value) in [
      ("semiSupervised", "inference", .text("concrete")), ("splitCode", "classDimensions", .number(4)),
    ] as [(String, String, SettingValue)] {
      let moved = refusal("fairBound") {
        ($0.kind, $0.classNames, $0.settings) = (model, ["a", "b"], [name: value])
      }
      #expect(moved.hasSuffix(advice(\.usesAttribute)), "\(moved)")
    }
    // A number that a model does not take which nobody named hides neither that model nor why it is asked for.
    let number = refusal("semiSupervisedBound", group, samples: 4) { $0.latent = 4 }
    #expect(
      number.contains("with a variable for the class: with the model semi-supervised, samples is 4; allowed: 1 for"),
      "\(number)")
  }

  @Test func anObjectiveUnderWhichAModelOfCodesLearnsNothingIsRefused() throws {
    var configuration = Fixture.configuration(objective: ObjectiveConfiguration(kind: "reconstruction"))
    (configuration.model.kind, configuration.model.classNames) = ("stackedSemiSupervised", ["a", "b"])
    configuration.model.codes = CodesConfiguration(hidden: [4], latent: 3, kept: [0, 2])
    configuration.training.labels = .none
    let error = #expect(throws: ConfigurationError.self) { try configuration.validate() }
    #expect(error.map { "\($0)" }?.hasSuffix("use the objective semi-supervised") == true)
    try configuration.validate(asRecorded: true)
  }

  @Test func partsThatDoNotDivideTheSamplesAreToldWithNumbersThatDo() throws {
    for (samples, parts, advice) in [
      (4, 8, "use --parts 2 or --samples 16"), (12, 8, "use --parts 6 or --samples 16"),
      (30, 8, "use --parts 6 or --samples 32"), (3, 9_000, "use --parts 1"),
    ] {
      let configuration = Fixture.configuration(
        objective: ObjectiveConfiguration(
          kind: "miwae", samples: samples, settings: ["parts": .number(Double(parts))]))
      let error = #expect(throws: ConfigurationError.self) { try configuration.validate() }
      #expect(error.map { "\($0)" }?.hasSuffix("evenly to \(parts) parts: \(advice)") == true)
    }
  }

  @Test func oneSampleLeavesNoneToDrawByItsWeight() {
    func reason(_ gradient: String, samples: Int) -> String? {
      Fixture.configuration(
        objective: ObjectiveConfiguration(kind: "iwae", samples: samples, settings: ["gradient": .text(gradient)])
      ).reasonWithoutEffect(of: "gradient")
    }
    #expect(reason("resampled", samples: 1)?.hasSuffix("use more samples") == true)
    #expect(reason("resampled", samples: 2) == nil && reason("doubly-reparameterised", samples: 1) == nil)
  }
}
