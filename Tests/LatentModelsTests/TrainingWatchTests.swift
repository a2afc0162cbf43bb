import Datasets
import Glibc
import Testing

@testable import LatentModels

@Suite("What is said of a training that goes wrong, and what to do about it")
struct TrainingWatchTests {
  private func record(
    step: Int = 400, _ controls: [String: Double] = [:], training: [String: Double] = [:],
    heldOut: [String: Double]? = nil, activeUnits: Double? = nil, information: Double? = nil
  ) -> MetricsRecord {
    MetricsRecord(
      epoch: 2, step: step, images: 10, seconds: 1, learningRate: 1, controls: controls,
      training: training.map { Term(name: $0, value: $1) }, heldOut: heldOut?.map { Term(name: $0, value: $1) },
      measured: activeUnits.map {
        [Term(name: MeasuredTerm.activeUnits, value: $0)]
          + (information.map { [Term(name: MeasuredTerm.information, value: $0)] } ?? [])
      })
  }

  @Test func anObjectiveThatHoldsTheImagesOfABatchAgainstEachOtherNeedsTwo() throws {
    func plan(_ kind: String, resuming: Bool = false) throws {
      let configuration = Fixture.configuration(objective: ObjectiveConfiguration(kind: kind))
      _ = try TrainingPlan(
        checking: configuration, training: Fixture.images(1), heldOut: nil, resuming: resuming, threads: 1)
    }
    for kind in ["infoVAE", "beta-tcvae", "capacity"] {
      let error = #expect(throws: TrainingError.self) { try plan(kind) }
      #expect(error.map { "\($0)" }?.hasSuffix("learn from 2 images or more") == true)
      try plan(kind, resuming: true)
    }
    try plan("elbo")
  }

  @Test func aReconstructionThatAnotherModelMakesDoesNotStall() throws {
    var configuration = Fixture.configuration()
    (configuration.model.kind, configuration.model.classNames) = ("stackedSemiSupervised", ["a", "b"])
    configuration.model.codes = CodesConfiguration(hidden: [4], latent: 3, kept: [0, 2])
    configuration.objective = ObjectiveConfiguration(kind: "semiSupervisedBound")
    let watch = TrainingWatch(configuration, images: try Fixture.images(60))
    let mean = record(heldOut: ["reconstruction": try #require(watch.meanImageCost)], activeUnits: 1)
    #expect(watch.warnings(of: mean, after: mean).isEmpty)
  }

  @Test func aWeightOfZeroOnWhatAsksForTellingCodesIsToBeRaised() {
    for (name, symbol) in [("third", "w₃"), ("first", "w₁")] {
      let configuration = Fixture.configuration(
        objective: ObjectiveConfiguration(kind: "four-terms", settings: [name: .number(0)]), batch: 128)
      let record = record([name: 0], activeUnits: 0)
      let said = TrainingWatch(configuration, images: nil).warnings(of: record, after: record).first
      #expect(said?.hasPrefix("posterior collapse: raise \(symbol) = 0 (--\(name)); none") == true, "\(said ?? "")")
    }
    let heavy = Fixture.configuration(
      objective: ObjectiveConfiguration(kind: "four-terms", settings: ["third": .number(9)]), batch: 128)
    let record = record(["third": 9], activeUnits: 0)
    let said = TrainingWatch(heavy, images: nil).warnings(of: record, after: record).first
    #expect(said?.contains("third") == false, "\(said ?? "")")
  }

  @Test func aDivergenceThatIsHeldAndTellsNothingIsToldWithItsWeight() throws {
    var configuration = Fixture.configuration(objective: ObjectiveConfiguration(kind: "capacity"), batch: 128)
    configuration.objective.annealing["capacity"] = .linear(steps: 1000)
    let watch = TrainingWatch(configuration, images: try Fixture.images(60))
    let mean = try #require(watch.meanImageCost)
    func said(information: Double, gain: Double = 0, held: Double = 23) -> String? {
      func epoch(_ cost: Double) -> MetricsRecord {
        record(
          ["gamma": 1000, "capacity": 25], heldOut: ["reconstruction": cost, "KL": held], activeUnits: 1,
          information: information)
      }
      return watch.warnings(of: epoch(0.96 * mean), after: epoch((0.96 + gain) * mean)).first
    }
    #expect(said(information: 0.7)?.contains("lower γ = 1000 (--gamma) and begin again, or let C rise more") == true)
    #expect(said(information: 3) == nil && said(information: 0.7, gain: 0.1) == nil)
    #expect(said(information: 0.1, held: 0.3) == nil)
  }

  @Test func aBatchThatIsCutToTheImagesThereAreAsksForMoreImages() throws {
    let images = try Fixture.images(20)
    var coupled = Fixture.configuration(batch: 128)
    coupled.objective = ObjectiveConfiguration(kind: "beta-tcvae")
    func said(_ configuration: Configuration) throws -> String? {
      let plan = try TrainingPlan(checking: configuration, training: images, heldOut: nil, resuming: false, threads: 1)
      return TrainingWatch(configuration, images: nil, parts: plan.parts, total: plan.training.count)
        .warnings(of: record()).first
    }
    #expect(try said(coupled)?.hasPrefix("a batch of 20 is small: learn from 64 images or more for what") == true)
    coupled.training.batch = 10
    #expect(try said(coupled)?.hasPrefix("a batch of 10 is small: learn from 64 images or more for what") == true)
    #expect(
      TrainingWatch(coupled, images: nil, parts: [10], total: 64).warnings(of: record()).first?.contains(
        "use --batch 64 or more") == true)
  }

  @Test func partsOfABatchOfWhichNoneHoldsEveryTurnAreTold() {
    var configuration = Fixture.configuration(latent: 8, batch: 8)
    configuration.objective.settings["group"] = .text("flips")
    func said(_ parts: [Int], of total: Int = 1000) -> [String] {
      TrainingWatch(configuration, images: nil, parts: parts, total: total).warnings(of: record())
    }
    #expect(said([2, 3]).isEmpty && said([3]).isEmpty)
    #expect(said([1, 2]).first?.hasPrefix("2 images of a kind in a batch of 3 are few: use a larger batch or") == true)
    #expect(said([2], of: 2).first?.hasPrefix("a batch of 2 is small: learn from 3 images or more, one image") == true)
  }

  @Test func aWeightThatFallsIsToBeginLowerOrFallSooner() {
    var configuration = Fixture.configuration()
    configuration.objective.annealing["beta"] = .from(start: 500, steps: 2000)
    let watch = TrainingWatch(configuration, images: nil)
    func said(_ now: Double) -> String? {
      let record = record(["beta": now], activeUnits: 0)
      return watch.warnings(of: record, after: record, towards: ["beta": 0.5]).first
    }
    #expect(
      said(413)?.hasPrefix("posterior collapse: let β begin lower or fall sooner than from:500:2000 (--anneal); none")
        == true)
    #expect(said(413) == said(200), "the same words at every epoch")
    #expect(said(0.5)?.contains("rise") == false)
    configuration.objective.annealing["beta"] = .from(start: 0.1, steps: 2000)
    let rising = TrainingWatch(configuration, images: nil)
      .warnings(of: record(["beta": 3], activeUnits: 0), towards: ["beta": 500]).first
    #expect(rising?.contains("lower β = 500 (--beta), or let it rise more slowly than from:0.1:2000") == true)
  }

  @Test func annealingThatAPersonHasEndedIsNoLongerToBlameAndHidesNothing() {
    var configuration = Fixture.configuration()
    configuration.objective.annealing["beta"] = .from(start: 3, steps: 5000)
    let heavy = record(["beta": 900], activeUnits: 0)
    let said = TrainingWatch(configuration, images: nil)
      .warnings(of: heavy, after: heavy, towards: ["beta": 900], held: ["beta"]).first
    #expect(said?.contains("lower β = 900 (--beta)") == true && said?.contains("from:3:5000") == false)
    configuration.objective = ObjectiveConfiguration(kind: "capacity", annealing: ["capacity": .linear(steps: 25_000)])
    let low = record(["capacity": 0.2], activeUnits: 0)
    func collapse(_ held: Set<String>) -> [String] {
      TrainingWatch(configuration, images: nil).warnings(of: low, after: low, towards: ["capacity": 0.2], held: held)
    }
    #expect(!collapse([]).contains { $0.contains("collapse") })
    #expect(collapse(["capacity"]).first?.contains("raise C = 0.2 (--capacity)") == true)
    #expect(!configuration.unreached(inSteps: 100).isEmpty)
    #expect(configuration.settled(["capacity"]).unreached(inSteps: 100).isEmpty)
  }

  @Test func aWeightBelowZeroIsNamedWhereTheLossHasNoEnd() throws {
    var configuration = Fixture.configuration(latent: 4, batch: 128)
    configuration.objective = ObjectiveConfiguration(kind: "hfvae", settings: ["delta": .number(-50)])
    let watch = TrainingWatch(configuration, images: try Fixture.images(60))
    let mean = try #require(watch.meanImageCost)
    func said(_ cost: Double) -> String? {
      watch.warnings(
        of: record(["alpha": -0.5, "delta": -50], heldOut: ["reconstruction": cost], activeUnits: 1)
      ).first
    }
    #expect(said(mean * 1e6)?.hasPrefix("the loss has exploded: raise δ = −50 (--delta), under which") == true)
    #expect(said(mean)?.hasPrefix("reconstruction stalls at the mean image: raise δ = −50 (--delta); it has") == true)
    #expect(said(mean / 2) == nil)
  }

  @Test func aWeightBelowZeroOnWhatCodesTellIsNotToBlame() throws {
    var configuration = Fixture.configuration(latent: 4, batch: 128)
    configuration.objective = ObjectiveConfiguration(kind: "hfvae", settings: ["alpha": .number(-0.5)])
    let watch = TrainingWatch(configuration, images: try Fixture.images(60))
    let mean = try #require(watch.meanImageCost)
    func said(_ controls: [String: Double], _ cost: Double, activeUnits: Double) -> String? {
      let record = record(controls, heldOut: ["reconstruction": cost], activeUnits: activeUnits)
      return watch.warnings(of: record, after: record).first
    }
    for controls in [["alpha": -0.5], ["alpha": -50], ["beta": -2], ["gamma": -2]] {
      #expect(said(controls, mean, activeUnits: 0)?.hasPrefix("posterior collapse: train longer or at another") == true)
      #expect(said(controls, mean, activeUnits: 1)?.contains("stalls at the mean image: train longer, or") == true)
      #expect(said(controls, mean * 1e6, activeUnits: 1)?.hasPrefix("the loss has exploded: lower the rate") == true)
    }
    let both = said(["alpha": -0.5, "delta": -0.1], mean, activeUnits: 0)
    #expect(both?.hasPrefix("posterior collapse: raise δ = −0.1 (--delta)") == true)
  }

  @Test func anAdversaryThatExplodesIsToldWithItsRate() {
    var configuration = Fixture.configuration(latent: 4, batch: 128)
    configuration.objective = ObjectiveConfiguration(kind: "factor-vae")
    let watch = TrainingWatch(configuration, images: nil)
    func said(_ loss: Double) -> [String] {
      watch.warnings(of: record(["adversaryRate": 10], training: ["adversary": loss], activeUnits: 1))
    }
    #expect(said(0.69).isEmpty && said(60).isEmpty)
    #expect(said(1e15).first?.hasPrefix("the adversary has exploded: lower rate_D = 10 (--adversaryRate)") == true)
    #expect(said(1e15) == said(1e12))
  }

  @Test func aTermIsFoundByWhatItIsAndNotByItsName() {
    let configuration = Fixture.configuration(objective: ObjectiveConfiguration(kind: "factor-vae"))
    let terms = [Term(name: "KL", value: 2), Term(name: "adversary", value: 3), Term(name: "of another", value: 4)]
    #expect(configuration.value(of: .divergence, in: terms) == 2)
    #expect(configuration.value(of: .adversary(rate: "adversaryRate"), in: terms) == 3)
    #expect(configuration.value(of: .reconstruction, in: terms) == nil)
    let roles = ObjectiveKind.all.filter { !$0.requirements.usesLabels && !$0.requirements.usesAttribute }.map {
      Fixture.configuration(objective: ObjectiveConfiguration(kind: $0.identifier)).terms.map(\.role)
    }
    #expect(roles.allSatisfy { $0.contains(.reconstruction) })
  }
}
