import Datasets
import LatentModels
import Testing

@testable import Explorer

/// Where the code came from, whatever has happened since.
@Suite struct OriginTests {
  /// Codes like those of the sample, of a data set of another name.
  private func others(_ name: String, firstByte: UInt8 = 0, count: Int = 600) throws -> CodeCloud {
    let sample = Sample.cloud(count: count)
    let pixels = [UInt8](repeating: firstByte, count: 784) + [UInt8](repeating: 9, count: 784 * (count - 1))
    let images = try ImageSet(
      name: name, width: 28, height: 28, storage: PixelStorage(pixels), labels: sample.labels)
    return CodeCloud(of: images, Posterior(mean: sample.means, logVariance: sample.logVariances), id: 7)
  }

  @Test func theSphereMovesNoCodeThatHasLeftTheWay() throws {
    var state = Sample.state()
    try Sample.press("right*7 down right*3 m a r m b i a b right*5 r", &state)
    let (code, origin) = (state.code, state.steering.origin)
    try Sample.press("S", &state)
    #expect(origin == .prior && state.code == code && state.steering.origin == .prior)
    #expect(state.steering.track?.isSpherical == true)
    // On the way the code goes over to it, and is from nowhere else.
    try Sample.press("i a b S", &state)
    #expect(state.steering.origin == .steered)
  }

  @Test("Undo and redo after other data were opened attach none of their images to a code")
  func otherData() throws {
    var state = Sample.state(120, 40, withImages: true)
    state.take(stored: 57)
    try Sample.press("right u right", &state)
    state.take(stored: 31)
    try Sample.press("u", &state)
    _ = state.update(.updated(state.subject, try others("strokes")))
    for keys in ["u", "U U"] {
      try Sample.press("\(keys) b", &state)
      guard case .stored = state.steering.origin else {
        Issue.record("\(state.steering.origin)")
        return
      }
      #expect(state.sourceIndex == nil && state.sourceDeviations == nil)
      #expect(state.sceneRequest?.original == nil && Comparison(state) == nil)
      #expect(LookFacts(state).origin.hasPrefix("taken from samples #"))
      if state.options.contains(.look) { #expect(state.message?.text.contains("is of samples, which is not") == true) }
    }
    // Their own codes are known again once they are back.
    try Sample.press("u u", &state)
    _ = state.update(.updated(state.subject, Sample.cloud(withImages: true, id: 8)))
    #expect(state.sourceIndex == 57 && LookFacts(state).origin == "code of 7  #57")
  }

  @Test("The posterior mean that one set out from stays marked until another code is taken")
  func startStays() throws {
    var state = Sample.state(120, 40, withImages: true)
    #expect(state.startCode == nil)
    state.take(stored: 57)
    let mean = Sample.cloud().code(57)
    try Sample.press("left*3 down right", &state)
    #expect(state.startCode == mean && state.sourceCode == nil && view(state, rendition: .init()).plain().contains("◆"))
    try Sample.press("r", &state)
    #expect(state.startCode == nil && !view(state, rendition: .init()).plain().contains("◆"))
    try Sample.press("u", &state)
    #expect(state.startCode == mean)
    try Sample.press("u*5", &state)
    #expect(state.startCode == nil)
    try Sample.press("U*2", &state)
    #expect(state.startCode == mean)
    // Of codes that are no longer shown nothing is known.
    _ = state.update(.updated(state.subject, try others("strokes")))
    #expect(state.startCode == nil)
  }

  @Test("A number counts in the images it was taken from, not in others of the same name")
  func otherImagesOfOneName() throws {
    let (all, heldOut) = (try others("strokes", firstByte: 1), try others("strokes", firstByte: 2))
    let part = try others("strokes", firstByte: 1, count: 20)
    #expect(all.collection.counts(as: part.collection) && part.collection.counts(as: all.collection))
    #expect(!all.collection.counts(as: heldOut.collection))
    var state = Sample.state(120, 40)
    _ = state.update(.updated(state.subject, heldOut))
    state.take(stored: 4)
    #expect(state.sourceIndex == 4)
    _ = state.update(.updated(state.subject, all))
    #expect(state.sourceIndex == nil)
  }

  @Test("A model that is opened again with other codes takes no image of theirs for its own")
  func openedAgain() throws {
    var state = Sample.state(120, 40)
    _ = state.update(.updated(state.subject, try others("strokes")))
    state.take(stored: 57)
    _ = state.update(.opened(Opening(subject: state.subject, cloud: Sample.cloud(id: 9))))
    #expect(state.code == Sample.cloud().code(57) && state.sourceIndex == nil)
    _ = state.update(.updated(state.subject, try others("strokes")))
    #expect(state.sourceIndex == 57)
  }

  @Test("A class is called what it was called when a code was drawn from it")
  func otherNames() throws {
    var state = Sample.state(120, 40)
    try Sample.press("R 3", &state)
    let named = try ImageSet(
      name: "clothes", width: 28, height: 28, storage: PixelStorage([UInt8](repeating: 0, count: 784 * 10)),
      labels: (0..<10).map { Int32($0) }, classNames: Sample.clothes)
    let sample = Sample.cloud(count: 10)
    let clothes = CodeCloud(of: named, Posterior(mean: sample.means, logVariance: sample.logVariances), id: 7)
    _ = state.update(.updated(state.subject, clothes))
    #expect(state.name(ofClass: 3) == "Dress" && LookFacts(state).origin == "drawn from class 3")
  }

  @Test("What is locked or unlocked later changes nothing of where the code came from")
  func lockedSince() throws {
    var state = Sample.state(dimensions: 2)
    try Sample.press("r L", &state)
    #expect(LookFacts(state).origin == "drawn from the prior")
    try Sample.press("r L", &state)
    #expect(LookFacts(state).origin == "drawn from the prior, but for locked z1")
    try Sample.press("D 1 2 down L", &state)
    #expect(LookFacts(state).origin == "mean of class 1")
  }

  @Test("Under a lock a mark, a sum of marks and a stored code are named with what they lack")
  func lockedSources() throws {
    var state = Sample.state(dimensions: 2)
    try Sample.press("m a right*5 down right*3 m b up right*2 L", &state)
    for (keys, words) in [
      ("' a", "mark a, but for locked z1"), ("a a b a", "a − b + a, but for locked z1"),
      ("i b a", "mark b, but for locked z1"),
    ] {
      try Sample.press(keys, &state)
      #expect(LookFacts(state).origin == words)
    }
    state.take(stored: 57)
    #expect(LookFacts(state).origin == "taken from 7  #57, but for locked z1")
    // A lock on the very value of a mark takes nothing from it.
    try Sample.press("m c r ' c", &state)
    #expect(LookFacts(state).origin == "mark c")
  }

  @Test("A sheet shows styles from the first again where other codes are fewer than those it was turned to")
  func fewerStyles() throws {
    var state = Sample.choosing(withImages: true)
    try Sample.press("F n n n", &state)
    #expect(state.firstStyle > 10)
    let few = Sample.choosing(withImages: true)
    let cloud = try #require(few.cloud)
    let posterior = Posterior(mean: cloud.means.rows(0..<10), logVariance: cloud.logVariances.rows(0..<10))
    _ = state.update(
      .updated(
        state.subject,
        CodeCloud(id: 5, source: "few", posterior: posterior, labels: nil, columns: state.subject.columns)))
    let layout = try #require(state.layout)
    #expect(state.firstStyle == 0 && !SheetPlan(state, layout).styles.isEmpty)
  }
}
