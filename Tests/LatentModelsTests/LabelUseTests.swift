import Datasets
import Testing

@testable import LatentModels

@Suite("Labels that a training uses")
struct LabelUseTests {
  private func data(_ labels: [Int32], names: [String] = [], keeping policy: LabelPolicy, heldOut: Int = 0) throws
    -> TrainingData
  {
    var configuration = Fixture.configuration()
    configuration.model.kind = "semiSupervised"
    configuration.objective = ObjectiveConfiguration(kind: "semiSupervisedBound")
    configuration.training.labels = policy
    let images = try ImageSet(
      name: "x", width: 3, height: 4, pixels: [UInt8](repeating: 9, count: 12 * labels.count), labels: labels,
      classNames: names)
    return try TrainingData.prepare(configuration, heldOut: heldOut, images: images)
  }

  @Test("Classes of which no label is kept are named, and so many labels as there are classes with images help")
  func notes() throws {
    let fiveAndSix = (0..<40).map { Int32(5 + $0 % 2) }
    let notes = try data(fiveAndSix, keeping: .count(1)).notes
    #expect(notes.count == 2 && notes[0].contains("no image has classes 0, 1, 2, 3, 4 of the 7"), "\(notes)")
    #expect(notes[1].contains("1 label for 7 classes") && notes[1].contains("keep 2 or more"), "\(notes)")
    #expect(try data(fiveAndSix, keeping: .count(2)).notes.count == 1)
    #expect(try data(fiveAndSix, keeping: .all).notes.count == 1)
    // Who wants no label is told of none.
    #expect(try data(fiveAndSix, keeping: .none).notes.isEmpty)
    let named = try data([0, 2, 0, 2], names: ["ant", "bee", "cat"], keeping: .all).notes
    #expect(named.count == 1 && named[0].contains("class bee "), "\(named)")
    #expect(try data([0, 1, 2, 0, 1, 2], keeping: .all).notes.isEmpty)
  }

  @Test("A class whose images are all held out is said to be")
  func heldOut() throws {
    // Of three images one is left: whichever it is, the other class has none.
    let notes = try data([0, 0, 1], keeping: .all, heldOut: 2).notes
    #expect(notes.contains { $0.contains("held out: hold out fewer") }, "\(notes)")
  }

  @Test(
    "Where every image to learn from has its class, whatever was asked for, nothing of unlabelled images is a control")
  func everyClassIsKnown() throws {
    let labels = (0..<40).map { Int32($0 % 2) }
    for policy in [LabelPolicy.all, .count(30)] {
      let configuration = try data(labels, keeping: policy, heldOut: 10).configuration
      #expect(configuration.training.labels == .all && configuration.reasonWithoutUnlabelled != nil)
      #expect(!configuration.controls.contains { $0.name == "gamma" })
      #expect(try Configuration(json: configuration.json()) == configuration)
    }
    let some = try data(labels, keeping: .count(29), heldOut: 10).configuration
    #expect(some.training.labels == .count(29) && some.controls.contains { $0.name == "gamma" })
  }

  @Test(
    "Held-out images are held against as many others as the unlabelled of a step, in a run from before that of a step")
  func heldOutBatch() throws {
    var configuration = try data((0..<40).map { Int32($0 % 2) }, keeping: .count(10)).configuration
    (configuration.training.batch, configuration.training.labelledShare) = (10, 0.3)
    let images = try ImageSet(
      name: "x", width: 3, height: 4, pixels: [UInt8](repeating: 9, count: 480), labels: (0..<40).map { Int32($0 % 2) })
    func batch(_ configuration: Configuration) throws -> Int {
      try TrainingPlan(checking: configuration, training: images, heldOut: images, resuming: false, threads: 1)
        .heldOutBatch
    }
    #expect(try batch(configuration) == 7)
    let older = try configuration.json().replacing("\"holdsOutByPart\":true", with: "\"holdsOutByPart\":false")
    #expect(try batch(Configuration(json: older)) == 10)
  }

  @Test func heldOutImagesAreEnoughWhereTheyAreAsManyAsTheUnlabelledOfABatch() throws {
    var configuration = try data((0..<40).map { Int32($0 % 2) }, keeping: .count(10)).configuration
    configuration.objective = ObjectiveConfiguration(kind: "hfvae")
    configuration.model.settings = ["inference": .text("concrete")]
    (configuration.training.batch, configuration.training.labelledShare) = (10, 0.3)
    let images = try ImageSet(
      name: "x", width: 3, height: 4, pixels: [UInt8](repeating: 9, count: 480), labels: (0..<40).map { Int32($0 % 2) })
    func plan(_ heldOut: Int) throws {
      _ = try TrainingPlan(
        checking: configuration, training: images, heldOut: images.subset(0..<heldOut), resuming: false, threads: 1)
    }
    try plan(7)
    let error = #expect(throws: TrainingError.self) { try plan(6) }
    #expect(error?.description.contains("6 held-out images are fewer than the 7") == true)
  }

  @Test("The use of labels in words: how many of how many images, of how many classes")
  func words() {
    let some = LabelUse(labelled: 100, images: 5_000, classes: 10, share: 0.2)
    #expect(some.text { "\($0)" } == "100 of 5000 images, 10 classes")
    #expect(LabelUse(labelled: 9, images: 9, classes: 1, share: nil).text { "\($0)" } == "all of 9 images, 1 class")
  }
}
