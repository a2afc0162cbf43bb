import Datasets
import Foundation
import Tensors
import Testing

/// What is measured, of which pixels and of which labels.
@Suite struct SeenImagesTests {
  @Test func aReportAndAnEvaluationAreOfTheSameDrawnPixels() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let settings = "--data strokes --count 400 --hidden 16 --latent 3 --batch 50 --epochs 2 --threads 1"
    #expect(try runner.type("train run --treatment sampled \(settings)").status == 0)
    let evaluation = try runner.type(
      "evaluate run --count 150 --importance-samples 0 --no-probe --measures pca-spectrum --json"
    ).object()
    let measures = try #require(evaluation["measures"] as? [[String: Any]])
    let tables = try #require(measures.first?["tables"] as? [[String: Any]])
    let means = try #require(tables.first { $0["name"] as? String == "means" }?["values"] as? [Double])
    let page = try runner.type("report run --count 150 --output -").text
    #expect(page.contains("which add up to " + String(format: "%.3f", means.reduce(0, +))), "\(means)")
    #expect(page.contains("every pixel drawn once"))
  }

  @Test func aLayoutIsOfWhatTheModelSees() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let layout = "--perplexity 5 --iterations 50 --threads 1 --output"
    for treatment in ["grey", "sampled"] {
      let settings = "--data strokes --count 200 --hidden 8 --latent 3 --batch 50 --epochs 1 --threads 1"
      #expect(try runner.type("train \(treatment) --treatment \(treatment) \(settings)").status == 0)
      #expect(try runner.type("tsne \(treatment) --data strokes --count 60 \(layout) a.npy").status == 0)
      let codes = "encode \(treatment) --images strokes --part test --count 60 --mean-only --output codes.npy"
      #expect(try runner.type(codes).status == 0)
      #expect(try runner.type("tsne codes.npy \(layout) b.npy").status == 0)
      let isSame = try runner.read("a.npy") == runner.read("b.npy")
      #expect(isSame == (treatment == "grey"), "\(treatment)")
    }
  }

  @Test func labelsThatAreLeftUnreadAreSoInTrainingImagesToo() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    for options in ["", "--measures pca-spectrum"] {
      let result = try runner.type("evaluate run --no-labels --count 60 --importance-samples 0 \(options)")
      #expect(result.status == 0 && !result.text.contains("linear probe"), "\(result.errors)")
    }
    #expect(try runner.type("compare run run --no-labels --count 60 --measures pca-spectrum").status == 0)
  }

  @Test func whatNoneOfSeveralModelsHasIsTold() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    let images = try NPY.encode(DataLibrary.open("strokes", count: 30).tensor(0..<30).reshaped([30, 28, 28]))
    try runner.write("plain.npy", Data(images))
    let named = try runner.type("compare run run --data plain.npy --measures mig")
    #expect(named.status == 1 && named.errors.contains("mig needs factors or labels"), "\(named.errors)")
    let all = try runner.type("compare run run --data plain.npy")
    #expect(all.status == 0 && all.text.contains("active units"), "\(all.errors)")
    let omitted = all.lines.filter { $0.hasPrefix("left out: ") }
    #expect(omitted.contains { $0.hasSuffix(": needs factors or labels") }, "\(all.text)")
  }

  @Test func noErrorIsToldWhereNoSpreadIsSeen() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    let one = try runner.type("evaluate run --count 1 --no-probe --importance-samples 2")
    #expect(one.status == 0 && !one.text.contains("±"), "\(one.text) \(one.errors)")
    let errors = try runner.type("evaluate run --count 1 --no-probe --json").object()
    #expect((errors["standardErrors"] as? [String: Any])?.isEmpty == true)
    // A class of its own for every code; and two codes alone.
    for (count, why) in [(60, "no class is in both parts"), (2, "needs at least 3 points")] {
      let codes = (0..<2 * count).map { Float($0 % 7) }
      try runner.write("codes.npy", Data(NPY.encode(Tensor(shape: [count, 2], elements: codes))))
      try runner.write("labels.npy", Data(NPY.encode((0..<count).map { UInt8($0) }, shape: [count])))
      let measured = try runner.type("measure --codes codes.npy --labels labels.npy --measures linear-probe")
      #expect(measured.status == 1 && measured.errors.contains(why), "\(measured.errors)")
    }
    #expect(try runner.type("data export strokes --count 2 --output two.npz").status == 0)
    let two = try runner.type("evaluate run --data two.npz --importance-samples 0")
    #expect(two.status == 0 && two.text.contains("  no linear probe: "), "\(two.text) \(two.errors)")
  }
}
