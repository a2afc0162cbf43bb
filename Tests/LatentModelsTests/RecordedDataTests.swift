import Datasets
import Glibc
import Testing

@testable import LatentModels

@Suite("What a run says it learnt from")
struct RecordedDataTests {
  @Test("A new configuration records the version of generated data, whatever way they are named")
  func recorded() throws {
    var training = TrainingConfiguration(data: "strokes")
    #expect(training.data == "strokes-2" && training.dataTitle == "strokes")
    training.data = "mnist"
    #expect(training.data == "mnist" && training.dataTitle == "mnist")
    training.data = "strokes"
    #expect(training.data == "strokes-2")
    training.data = "strokes-1"
    #expect(training.data == "strokes-1" && training.dataTitle == "strokes-1")
    let configuration = Configuration(training: TrainingConfiguration(data: "strokes"))
    #expect(try Configuration(json: configuration.json()) == configuration)
  }

  @Test("A file that names strokes without a version means the first, and opens its images")
  func old() throws {
    var text = try Configuration(training: TrainingConfiguration(data: "strokes", count: 30, heldOut: 3)).json()
    text.replace("strokes-2", with: "strokes")
    let configuration = try Configuration(json: text)
    #expect(configuration.training.data == "strokes-1")
    let data = try TrainingData.open(configuration)
    let (training, heldOut) = (data.training, data.heldOut)
    #expect(training.count == 27 && heldOut.count == 3)
    #expect(training.factors.map(\.name) == StrokesVersion.first.factorNames)
  }

  @Test("A model's own training images are drawn by its seed, others as anyone draws them")
  func seeds() throws {
    let training = TrainingConfiguration(data: "strokes", count: 40, seed: 7)
    let own = try DataLibrary.open("strokes", part: .training, asFor: training)
    #expect(try own.digest == (Strokes.generate(count: 40, seed: 7).digest))
    let few = try DataLibrary.open("strokes-2", part: .training, count: 10, asFor: training)
    #expect(try few.digest == (Strokes.generate(count: 10, seed: 7).digest))
    let test = try DataLibrary.open("strokes", part: .test, count: 10, asFor: training)
    #expect(try test.digest == (Strokes.generate(count: 10, seed: 1, part: .test).digest))
    let other = try DataLibrary.open("strokes-1", part: .training, count: 10, asFor: training)
    #expect(try other.digest == (Strokes.generate(count: 10, version: .first).digest))
  }

  @Test(arguments: [80, 100]) func goingOnWithOtherImagesOrLabelsBlamesNoCheckpoint(count: Int) throws {
    let folder = try TemporaryFolder()
    let (run, configuration) = try ResumptionTests().run(in: folder)
    let images = try Fixture.images(120)
    // As many of them are the same images with other labels.
    let others = try ImageSet(
      name: "blobs", width: 3, height: 4, pixels: (0..<count).flatMap { images.bytes(at: $0) },
      labels: [Int32](repeating: 1, count: count))
    for newest in [true, false] {
      if !newest { #expect(unlink(run.latestPath) == 0) }
      let refused = #expect(throws: RunDirectoryError.self) {
        try TrainingSession(
          configuration: configuration, training: others, heldOut: nil, run: run, resuming: true, threads: 1)
      }
      let said = refused?.description ?? ""
      #expect(said.contains("it was trained on other images or labels than the \(count) images of blobs"), "\(said)")
    }
  }
}
