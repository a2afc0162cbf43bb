import Datasets
import Foundation
import Testing

@testable import LatentModels

@Suite("Controls that change by themselves, and those a person sets")
struct AnnealingTests {
  private func session(
    _ configuration: Configuration, _ run: RunDirectory? = nil, resuming: Bool = false, rate: Double? = nil
  ) throws -> TrainingSession {
    let images = try Fixture.images(120)
    return try TrainingSession(
      configuration: configuration, training: images.subset(0..<100), heldOut: images.subset(100..<120), run: run,
      resuming: resuming, rate: rate, threads: 1)
  }

  @Test("A value that a person sets holds at once, ends the annealing, and a resumed run and its files keep it")
  func held() throws {
    let folder = try TemporaryFolder()
    var configuration = Fixture.configuration(
      objective: ObjectiveConfiguration(settings: ["beta": .number(4)], annealing: ["beta": .linear(steps: 40)]),
      epochs: 4)
    configuration.training.checkpointEvery = 1
    let run = try RunDirectory.create(folder.file("run"), configuration: configuration)
    let first = try session(configuration, run)
    try first.start(paused: true)
    advance(first, to: 3)
    #expect(abs((first.snapshots.latest?.annealed["beta"] ?? 0) - 0.3) < 1e-9)
    #expect(first.set("beta", to: 2))
    advance(first, to: 8)
    let snapshot = try #require(first.snapshots.latest)
    #expect(snapshot.annealed.isEmpty && snapshot.controls["beta"] == 2)
    #expect(snapshot.metrics.last?.controls["beta"] == 2)
    first.stop()
    _ = first.wait()
    for name in ["latest.safetensors", "best.safetensors", "checkpoint-000001.safetensors"] {
      let opened = try ModelLibrary.open("\(run.path)/\(name)")
      #expect(opened.controlsInForce["beta"] == 2 && opened.held == ["beta"], "\(name)")
      #expect(opened.annealing.first?.contains("has ended") == true)
    }
    let text = String(decoding: try readFile(run.configurationPath), as: UTF8.self)
    #expect(text.contains("\"setByHand\"") && text.contains("\"beta\" : 2"))
    #expect(run.controlsSetSince(["beta": 4], held: []) == ["β = 2"])
    #expect(run.controlsSetSince(["beta": 2], held: []) == ["β = 2"], "its annealing has ended")
    #expect(run.controlsSetSince(["beta": 2], held: ["beta"]).isEmpty)

    // The newest checkpoint knows it, and where that is lost, the numbered one.
    for isLost in [false, true] {
      if isLost { try FileManager.default.removeItem(atPath: run.latestPath) }
      configuration.training.epochs += 1
      let next = try session(configuration, try RunDirectory.open(run.path), resuming: true)
      #expect(next.controlsAtBeginning["beta"] == 2 && next.controls["beta"] == 2)
      try next.start()
      let outcome = next.wait()
      #expect(outcome.state == .finished, "\(outcome.state)")
      #expect(outcome.metrics.allSatisfy { $0.controls["beta"] == 2 })
      let kept = String(decoding: try readFile(run.configurationPath), as: UTF8.self)
      #expect(kept.contains("\"setByHand\""))
    }
  }

  @Test("A value that goes back to that of the start is no longer said to be set live")
  func back() throws {
    let folder = try TemporaryFolder()
    var configuration = Fixture.configuration(epochs: 2)
    let run = try RunDirectory.create(folder.file("run"), configuration: configuration)
    func text() throws -> String { String(decoding: try readFile(run.configurationPath), as: UTF8.self) }
    for (value, isSaid) in [(30.0, true), (1.0, false)] {
      let session = try session(
        configuration, isSaid ? run : try RunDirectory.open(run.path), resuming: !isSaid)
      #expect(session.set("beta", to: value))
      try session.start()
      #expect(session.wait().state == .finished)
      #expect(try text().contains("\"controls\"") == isSaid)
      configuration.training.epochs += 1
    }
  }

  @Test("The best is of the last capacity: losses at other capacities do not compare")
  func bestOfCapacity() throws {
    let folder = try TemporaryFolder()
    let configuration = Fixture.configuration(
      objective: ObjectiveConfiguration(
        kind: "capacity", settings: ["capacity": .number(400)], annealing: ["capacity": .linear(steps: 30)]), epochs: 8)
    let run = try RunDirectory.create(folder.file("run"), configuration: configuration)
    let session = try session(configuration, run)
    try session.start()
    let outcome = session.wait()
    let best = try #require(outcome.best)
    let risen = outcome.metrics.filter { $0.controls["capacity"] == 400 }
    // The loss of the start, where C is small, is far below all that follow.
    let lowest = try #require(risen.min { ($0.heldOut?["loss"] ?? 0) < ($1.heldOut?["loss"] ?? 0) })
    #expect(risen.count >= 2 && risen.count < outcome.metrics.count)
    #expect(best.epoch == lowest.epoch)
    #expect(try Checkpoint.load(run.bestPath).epoch == lowest.epoch)
    #expect((outcome.metrics.first?.heldOut?["loss"] ?? 0) < (lowest.heldOut?["loss"] ?? 0))
  }

  @Test("A cycle that ends with the training ends at its height: the record, the best and the checkpoint are of that")
  func cycles() throws {
    let folder = try TemporaryFolder()
    let configuration = Fixture.configuration(
      objective: ObjectiveConfiguration(
        settings: ["beta": .number(20)], annealing: ["beta": .cyclical(cycles: 2)]), epochs: 4)
    let run = try RunDirectory.create(folder.file("run"), configuration: configuration)
    let session = try session(configuration, run)
    try session.start()
    let outcome = session.wait()
    let last = try #require(outcome.metrics.last)
    #expect(last.controls["beta"] == 20)
    let terms = try #require(last.heldOut)
    let expected = try #require(terms["reconstruction"]) + 20 * (try #require(terms["KL"]))
    #expect(abs(try #require(terms["loss"]) - expected) < 1e-3 * expected)
    #expect(try ModelLibrary.open(run.path).controlsInForce["beta"] == 20)
    // A whole number of cycles leaves no residue of rounding.
    for total in [32, 33, 1000] {
      for cycles in 1...7 where total % cycles == 0 {
        let annealing = Annealing.cyclical(cycles: cycles)
        for cycle in 0..<cycles { #expect(annealing.factor(step: cycle * total / cycles, totalSteps: total) == 0) }
        #expect(annealing.factor(step: total, totalSteps: total) == 1)
      }
    }
  }

  @Test("What a score is weighed by anew, and what changes no loss, does not keep two scores from comparing")
  func frames() throws {
    func frame(_ kind: String, samples: Int = 1) -> [String: Double]? {
      let configuration = Fixture.configuration(objective: ObjectiveConfiguration(kind: kind, samples: samples))
      return configuration.scoreFrame(configuration.initialControls)
    }
    #expect(frame("elbo") == nil && frame("factorAdversary") == nil)
    #expect(frame("capacity") == ["capacity": 25])
    #expect(frame("renyi", samples: 4)?.keys.sorted() == ["alpha"])
  }

  @Test func whatEndsWhereItBeginsIsSaidAndNotThatItNeverComesThere() {
    func said(
      _ kind: String, _ name: String, _ annealing: Annealing, _ value: Double? = nil, steps: Int = 20
    ) -> [String] {
      Fixture.configuration(
        objective: ObjectiveConfiguration(
          kind: kind, settings: value.map { [name: .number($0)] } ?? [:], annealing: [name: annealing])
      ).unreached(inSteps: steps)
    }
    let told = ["beta goes from 4 to 4 (from:4:2000): set what it is to come to (--beta)"]
    #expect(said("elbo", "beta", .from(start: 4, steps: 2000), 4) == told)
    #expect(said("capacity", "capacity", .linear(steps: 40), 0).first?.hasPrefix("capacity goes from 0 to 0") == true)
    #expect(said("elbo", "beta", .cyclical(cycles: 4), 0).first?.hasPrefix("beta goes from 0 to 0") == true)
    #expect(said("infoVAE", "kappa", .linear(steps: 10)).first?.hasPrefix("kappa goes from 0 to 0") == true)
    #expect(said("elbo", "beta", .linear(steps: 10)).isEmpty)
    #expect(said("elbo", "beta", .linear(steps: 20)).first?.contains("never comes to its value") == true)
  }

  @Test func aBestReachedWhenAControlWasNotKnownToBeIdleStaysTheBest() throws {
    var configuration = Fixture.configuration(objective: ObjectiveConfiguration(kind: "semiSupervisedBound"))
    (configuration.model.kind, configuration.model.classNames) = ("semiSupervised", ["a", "b"])
    configuration.model.settings = SemiSupervised.drawing
    configuration.training.data = NamedSet.mnist.name
    let controls = configuration.initialControls
    #expect(controls["temperature"] == 0.66 && !configuration.controls.contains { $0.name == "temperature" })
    let terms = [Term(name: "reconstruction", value: 3), Term(name: "loss", value: 3)]
    func score(_ frame: [String: Double]?, _ configuration: Configuration) -> Double? {
      configuration.score(
        TrainingState.Best(epoch: 14, terms: terms, frame: frame), controls: configuration.initialControls)
    }
    #expect(score(["temperature": 0.66], configuration) == 3 && score(nil, configuration) == 3)
    let capacity = Fixture.configuration(objective: ObjectiveConfiguration(kind: "capacity"))
    #expect(score(["capacity": 24], capacity) == nil && score(["capacity": 25], capacity) != nil)
    #expect(score(["temperature": 0.66, "capacity": 25], capacity) == score(nil, capacity))
  }

  @Test("The rate is annealed like any control, and its schedule multiplies what annealing makes of it")
  func rate() throws {
    var configuration = Fixture.configuration(
      objective: ObjectiveConfiguration(annealing: ["rate": .from(start: 0.1, steps: 10)]), epochs: 2)
    configuration.training.schedule = .warmUp(steps: 4)
    try configuration.validate()
    let session = try session(configuration)
    try session.start(paused: true)
    advance(session, to: 2)
    let expected = 0.1 * pow(0.01 / 0.1, 0.2) * 3 / 4
    #expect(abs(Double(session.snapshots.latest?.learningRate ?? 0) - expected) < 1e-6)
    #expect(
      session.annealingAtBeginning
        == ["rate = 0.1, from 0.1 to 0.01 over 10 steps by equal ratios, times its schedule"])
    #expect(session.set("rate", to: 0.004))
    advance(session, to: 5)
    #expect(session.snapshots.latest?.learningRate == 0.004)
    session.stop()
    _ = session.wait()
    // A rate outside the range of the keys is not moved into it.
    configuration.training.rate = 1e-10
    let set = configuration.initialControls
    let end = configuration.controlsInForce(set, held: [], step: 100, totalSteps: 100)
    #expect(end["rate"] == set["rate"])
  }

  @Test("Rényi's α is a live control where it is finite and there are samples to weigh, and can be annealed")
  func order() throws {
    func configuration(_ alpha: Double, samples: Int = 4, _ annealing: [String: Annealing] = [:]) -> Configuration {
      Fixture.configuration(
        objective: ObjectiveConfiguration(
          kind: "renyi", samples: samples, settings: ["alpha": .number(alpha)], annealing: annealing))
    }
    func hasOrder(_ configuration: Configuration) -> Bool {
      configuration.controls.contains { $0.name == "alpha" }
    }
    #expect(hasOrder(configuration(-2)) && !hasOrder(configuration(0.5, samples: 1)))
    #expect(!hasOrder(configuration(.infinity)) && !hasOrder(configuration(-.infinity)))
    #expect(throws: ConfigurationError.self) {
      try configuration(.infinity, ["alpha": .linear(steps: 5)]).validate()
    }
    for alpha: Double in [.infinity, -.infinity, 1, -5] {
      let folder = try TemporaryFolder()
      let given = configuration(alpha)
      try given.validate()
      let run = try RunDirectory.create(folder.file("run"), configuration: given)
      let session = try session(given, run)
      try session.start()
      let outcome = session.wait()
      #expect(outcome.state == .finished, "α = \(alpha): \(outcome.state)")
      #expect(try run.configuration().formula == given.formula)
    }
    let annealed = configuration(1, ["alpha": .from(start: -1, steps: 8)])
    try annealed.validate()
    let session = try session(annealed)
    try session.start(paused: true)
    advance(session, to: 4)
    #expect(session.snapshots.latest?.annealed["alpha"] == 0)
    #expect(session.set("alpha", to: -3) && !session.set("alpha", to: -.infinity))
    advance(session, to: 8)
    #expect(session.snapshots.latest?.metrics.last?.controls["alpha"] == -3)
    session.stop()
    _ = session.wait()
  }

  @Test("What older versions trained without sense is opened still, and not begun anew")
  func recorded() throws {
    var configuration = Fixture.configuration()
    configuration.model.kind = "autoencoder"
    #expect(throws: ConfigurationError.self) { try configuration.validate() }
    #expect(try Configuration(json: configuration.json()) == configuration)
    configuration = Configuration()
    (configuration.model.kind, configuration.objective.kind) = ("fair", "fair")
    configuration.settleNames()
    configuration.model.attribute = SensitiveAttribute(name: "label", valueNames: ["0", "1"])
    configuration.model.classNames = ["0", "1"]
    #expect(throws: ConfigurationError.self) { try configuration.validate() }
    #expect(try Configuration(json: configuration.json()) == configuration)
    configuration.training.labels = .none
    try configuration.validate()
  }

  @Test("Of every objective that has a divergence no autoencoder is trained")
  func posteriors() {
    var taken: Set<String> = []
    for row in ObjectiveKind.all {
      var configuration = Configuration()
      configuration.model.kind = "autoencoder"
      configuration.objective = ObjectiveConfiguration(
        kind: row.identifier, samples: row.requirements.samples.lowerBound)
      let isTaken = (try? configuration.completed.validate()) != nil
      let needs = row.requirements
      let needsMore = needs.usesLabels || needs.usesAttribute || needs.needsOneVariable || !needs.samples.contains(1)
      #expect(isTaken == !(needs.needsPosterior || needsMore), "\(row.name)")
      if isTaken { #expect(!configuration.completed.terms.contains { $0.name == "KL" }, "\(row.name)") }
      if isTaken { taken.insert(row.name) }
    }
    #expect(taken.isSuperset(of: ["reconstruction", "wae"]))
  }

  @Test("A rate falls from wherever a training may begin, also from where no key leads")
  func fromAnyRate() throws {
    let configuration = Configuration(
      objective: ObjectiveConfiguration(annealing: ["rate": .from(start: 20, steps: 8)]))
    try configuration.validate()
    func rate(_ step: Int) -> Double? {
      configuration.controlsInForce(configuration.initialControls, held: [], step: step, totalSteps: 80)["rate"]
    }
    #expect(rate(0) == 20 && rate(8).map { Float($0) } == 1e-3)
  }

  @Test("The rate advised after a divergence is one that can work")
  func rates() {
    for (rate, advised) in [(1e8, "0.001"), (0.5, "0.001"), (0.02, "0.001"), (5e-3, "0.0005"), (1e-3, "0.0001")] {
      // As a training holds it: rounded to what is computed with.
      for rate in [rate, Double(Float(rate))] {
        let advice = Divergence(term: "reconstruction", step: 1, rate: rate).advice("r")
        #expect(advice.hasSuffix("--rate \(advised)"), "\(rate): \(advice)")
      }
    }
  }
}
