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
    #expect(exploded.first?.hasPrefix("the training has exploded: begin again at a lower rate (--rate)") == true)
    #expect(exploded.first?.contains("10^6 times") == true && exploded == warnings(mean * 3.5e6))
    #expect(warnings(mean * 50).isEmpty)
    let small = try #require(
      try train { $0.objective = ObjectiveConfiguration(kind: "beta-tcvae") }.last?.warnings.last)
    #expect(small.contains("a batch of 16 is small") && small.contains("--batch 64"))
  }
}
