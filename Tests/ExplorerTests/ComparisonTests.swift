import Canvas
import Foundation
import LatentModels
import Terminal
import Testing

@testable import Explorer

/// Two models on the same code and the same image.
@Suite struct ComparisonTests {
  /// A state that compares its model with another of so many dimensions, on an image where one is asked for.
  private static func comparing(
    _ width: Int = 120, _ height: Int = 40, dimensions: Int = 2, withImage: Bool = true
  ) throws -> State {
    var state = Sample.state(width, height, withImages: true)
    if withImage { state.take(stored: 3) }
    var other = Subject(
      name: "other", shape: "784-100-\(dimensions)", latentSize: dimensions, imageWidth: 28, imageHeight: 28, epoch: 7,
      step: 9, generation: 1)
    other.loss = 123.4
    other.configuration = Configuration(
      model: ModelConfiguration(), objective: ObjectiveConfiguration(), training: TrainingConfiguration())
    let subject = other
    _ = state.update(.perform { $0.take(second: subject) })
    try Sample.press("M", &state)
    return state
  }

  private static func text(_ state: State, _ rendition: Rendition = Rendition()) -> String {
    view(state, rendition: rendition).plain()
  }

  @Test(
    arguments: [(60, 20), (80, 24), (120, 40), (250, 70)], [Rendition(), Rendition(colors: .mono, unicode: false)])
  func bothModelsAreSeenWithTheirFactsAndErrorsInEveryWindow(size: (Int, Int), rendition: Rendition) throws {
    let state = try Self.comparing(size.0, size.1)
    let text = Self.text(state, rendition)
    for words in ["A sample", "B other", "epoch 30", "epoch 7", "squared error ", "compare on code and image"] {
      #expect(text.contains(words), "\(words) at \(size)\n\(text)")
    }
    if !rendition.unicode { #expect(text.unicodeScalars.allSatisfy { $0.isASCII }) }
    let whole = Self.text(try Self.comparing(250, 70))
    #expect(whole.contains("loss 123.4 held out") && whole.contains("784-100-2") && whole.contains(" nats"))
  }

  @Test func oneSliderMovesBothPicturesInTheSameFrame() throws {
    var state = try Self.comparing(withImage: false)
    try Sample.press("right*5", &state)
    #expect(state.screen == .compare)
    let request = try #require(state.sceneRequest)
    #expect(request.batches[.comparedDigit]?.codes == state.code && request.isSatisfied(by: state.scene))
    #expect(request.batches[.comparedReconstruction] == nil)
    #expect(Self.text(state).contains("an image: Enter in the scatter"))
  }

  @Test func codesOfOtherSizesAreComparedOnTheImageAlone() throws {
    var state = try Self.comparing(dimensions: 10)
    #expect(state.sceneRequest?.batches[.comparedDigit] == nil)
    #expect(state.sceneRequest?.batches[.comparedReconstruction]?.count == 1)
    #expect(Self.text(state).contains("on the image: codes of 2 and 10"))
    #expect(Account.of(state).contains("They are not compared on the code: codes of 2 and 10."))
    try Sample.press("right", &state)
    let text = Self.text(state)
    #expect(state.sourceIndex == nil && text.contains("The code at hand means nothing to it"), "\(text)")
  }

  @Test func aDrawingIsAnImageAtHand() async throws {
    let (program, _) = try Self.program()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("zscope-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let other = try Sample.model(epoch: 8, seed: 5)
    try Checkpoint.save(other, to: "\(folder)/other.safetensors")
    for step in try Script("d space right*8 down*4").steps { if case .key(let key) = step { program.send(.key(key)) } }
    let drawing = try #require(program.state.drawnSource)
    program.send(.perform { $0.compare(with: "\(folder)/other.safetensors") })
    #expect(try await Self.wait(program) { $0.compared?.epoch == 8 })
    _ = program.frame(Rendition())
    let plan = try #require(ComparisonPlan(program.state))
    #expect(plan.hasImage)
    let code = try other.encode(drawing.images()).mean.elements
    let expected = GreyImage(width: 28, height: 28, values: try other.decode(code))
    #expect(program.state.scene.parts[.comparedReconstruction]?.images == [expected])
    for side in plan.sides(program.state, hasGreys: true) {
      #expect(side.error != nil && side.pictures.contains { $0.title == "original" && $0.image == drawing.image })
    }
  }

  @Test func otherVariablesOrImagesOfAnotherSizeAreNoCommonGround() {
    var (one, other) = (Sample.state().subject, Sample.state().subject)
    #expect(CommonGround(one, other) == .codesAndImages)
    one.variables = [
      LatentVariable(name: "y", kind: .categorical(classNames: ["a"])),
      LatentVariable(name: "z", kind: .continuous(dimensions: 1)),
    ]
    other.variables = [LatentVariable(name: "z", kind: .continuous(dimensions: 2))]
    #expect(CommonGround(one, other) == .images("codes of other variables"))
    other.variables = [
      LatentVariable(name: "y", kind: .categorical(classNames: ["a", "b"])),
      LatentVariable(name: "z", kind: .continuous(dimensions: 4)),
    ]
    other.latentSize = 6
    #expect(CommonGround(one, other) == .images("codes of 1 + 1 class and 4 + 2 classes"))
    other.imageWidth = 32
    #expect(CommonGround(one, other) == .nothing("images of 28×28 and of 28 high × 32 wide pixels"))
  }

  @Test func theErrorOfAReconstructionIsThatOfItsPixels() {
    let image = GreyImage(width: 2, height: 1, values: [1, 0])
    let made = GreyImage(width: 2, height: 1, values: [0.5, 0.25])
    var configuration = Configuration(
      model: ModelConfiguration(), objective: ObjectiveConfiguration(), training: TrainingConfiguration())
    let error = ReconstructionError(of: image, made, configuration)
    #expect(abs(error.squared - 0.3125) < 1e-9)
    #expect(error.nats.map { abs($0 + log(0.5) + log(0.75)) < 1e-6 } == true)
    configuration.model.likelihood = .gaussian(deviation: 1)
    #expect(ReconstructionError(of: image, made, configuration).nats == nil)
  }

  @Test func withoutASecondModelThePaneSaysHowToHaveOneAndTheCommandCompletes() throws {
    var state = Sample.state(120, 40)
    try Sample.press("M", &state)
    #expect(Self.text(state).contains(":compare MODEL shows one beside this one"))
    #expect(Account.of(state).contains(":compare MODEL"))
    var surroundings = Surroundings()
    surroundings.models = ["mnist-2d", "strokes-10d"]
    _ = state.update(.lookedAround(surroundings))
    _ = state.update(.key(try Key(":")))
    _ = state.update(.paste("compare str"))
    try Sample.press("tab", &state)
    let effects = state.update(.key(try Key("enter")))
    #expect(effects.contains { if case .compare("strokes-10d") = $0 { true } else { false } }, "\(effects)")
    #expect(Self.text(state).contains("opening strokes-10d"))
  }

  /// A program that explores a model nobody trained.
  private static func program() throws -> (Exploration, LatentModel) {
    let model = try Sample.model()
    let program = Exploration(state: State(width: 120, height: 40))
    for action in program.effects.adopt(model, name: "test", path: "/tmp/test", codes: Sample.twoCodes, metrics: []) {
      program.send(action)
    }
    return (program, model)
  }

  private static func wait(_ program: Exploration, until holds: (State) -> Bool) async throws -> Bool {
    for _ in 0..<2_000 {
      program.collect()
      if holds(program.state) { return true }
      try await Task.sleep(for: .milliseconds(5))
    }
    return false
  }

  @Test func thePicturesOfTheSecondModelAreDecodedByIt() async throws {
    let (program, model) = try Self.program()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("zscope-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let other = try Sample.model(epoch: 8, seed: 5)
    try Checkpoint.save(other, to: "\(folder)/other.safetensors")
    program.send(.perform { $0.compare(with: "\(folder)/other.safetensors") })
    #expect(try await Self.wait(program) { $0.compared?.epoch == 8 })
    #expect(program.state.screen == .compare)
    for key in ["right", "up", "right"] {
      program.send(.key(try Key(key)))
      _ = program.frame(Rendition())
      let scene = program.state.scene
      let (expected, own) = (try other.decode(program.state.code), try model.decode(program.state.code))
      #expect(scene.parts[.comparedDigit]?.images == [GreyImage(width: 28, height: 28, values: expected)])
      #expect(scene.digit == GreyImage(width: 28, height: 28, values: own))
    }
  }

  @Test func withoutANameAndWithoutAnEarlierSnapshotItSaysWhatToType() throws {
    let (program, _) = try Self.program()
    program.send(.perform { $0.compare(with: nil) })
    #expect(program.state.message?.isError == true)
    #expect(program.state.message?.text.contains("Type compare mnist-2d") == true)
    #expect(program.state.panes[ComparedModel.self].awaited == nil)
  }

  @Test func aModelThatIsNotThereIsAnErrorAndTheScreenStays() async throws {
    let (program, _) = try Self.program()
    program.send(.perform { $0.compare(with: "no-such-model") })
    #expect(try await Self.wait(program) { $0.message?.isError == true })
    #expect(program.state.message?.text.contains("no-such-model") == true && program.state.compared == nil)
  }
}
