import Datasets
import Foundation
import Tensors
import Testing

@Suite struct ModelCommandTests {
  @Test func codesAreMeansThenLogVariancesAndDecodeToImagesOfProbabilities() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    #expect(try runner.type("encode run --images strokes --count 7 --output codes.npy").status == 0)
    #expect(try runner.type("encode run --images strokes --count 7 --mean-only --output means.npy").status == 0)
    let codes = try NPY.read(runner.path("codes.npy"))
    let means = try NPY.read(runner.path("means.npy"))
    #expect(codes.shape == [7, 6] && codes.type == .float32 && means.shape == [7, 3])
    for row in 0..<7 { #expect(Array(codes.tensor.row(row).prefix(3)) == Array(means.tensor.row(row))) }

    #expect(try runner.type("decode run --codes codes.npy --output images.npy").status == 0)
    #expect(try runner.type("decode run --codes means.npy --output same.npy").status == 0)
    let images = try NPY.read(runner.path("images.npy"))
    #expect(images.shape == [7, 28, 28])
    #expect(images.tensor.elements.allSatisfy { 0...1 ~= $0 })
    #expect(try runner.read("images.npy") == runner.read("same.npy"))
    #expect(try runner.type("reconstruct run --images strokes --count 7 --output again.npy").status == 0)
    #expect(try runner.read("images.npy") == runner.read("again.npy"))
  }

  @Test func infoTellsTheDeviationOfPixelsAndTheRateAsTheTrainingDid() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let settings = "--data strokes --count 200 --hidden 8 --likelihood gaussian:0.3 --rate 10 --epochs 0"
    #expect(try runner.type("train run \(settings)").text.contains("rate 10, seed"))
    let text = try runner.type("info run").text
    #expect(text.contains("Gaussian pixels of deviation 0.3, grey") && text.contains("rate 10 constant"), "\(text)")
  }

  @Test func standardInputAndOutputCarryArraysBetweenCommands() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    let codes = try runner.type("encode run --images strokes --count 3 --output -")
    let images = try runner.type("decode run --codes - --output -", input: codes.output)
    #expect(try NPY.decode(Array(images.output), name: "images").shape == [3, 28, 28])
    let again = try runner.type("encode run --images - --output - --format json", input: images.output)
    let rows = try JSONDecoder().decode([[Double]].self, from: again.output)
    #expect(rows.count == 3 && rows.allSatisfy { $0.count == 6 })
    let picture = try runner.type("decode run --codes - --output - --format png", input: again.output)
    #expect(try PNGFile.decode(Array(picture.output), name: "sheet").width > 2 * 28)
  }

  @Test func aCodeWrittenOutIsDecodedAndPrinted() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    // A picture of one image is read as that image.
    #expect(try runner.type("decode run --codes 0.5,-1,0 --output one.png").status == 0)
    let again = try runner.type("encode run --images one.png --output -")
    #expect(again.status == 0, "\(again.errors)")
    let result = try runner.type("decode run --codes 0.5,-1,0 --size 20x9")
    #expect(result.status == 0)
    #expect(result.lines.count == 9 && result.lines.allSatisfy { $0.count <= 20 })
    #expect(!result.text.contains("\u{1B}["), "colours without a terminal")
  }

  @Test func aTraversalIsAStripWithItsEndsWhereTheyWereAskedFor() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    #expect(try runner.type("traverse run --dimension 1 --from -2 --to 2 --steps 5 --output strip.npy").status == 0)
    let strip = try NPY.read(runner.path("strip.npy")).tensor
    #expect(strip.shape == [5, 28, 28])
    for (row, code) in [(0, "0,-2,0"), (2, "0,0,0"), (4, "0,2,0")] {
      #expect(try runner.type("decode run --codes \(code) --output one.npy").status == 0)
      let one = try NPY.read(runner.path("one.npy")).tensor
      #expect(zip(strip.row(row), one.elements).allSatisfy { abs($0 - $1) < 1e-5 })
    }
    #expect(try runner.type("traverse run --dimension 1 --steps 4 --output strip.png").status == 0)
    let picture = try PNGFile.read(runner.path("strip.png"))
    #expect(picture.width > 4 * 28 && picture.height < 2 * 28)
    let printed = try runner.type("traverse run --dimension 0 --steps 3 --size 10x5")
    // --dimension counts from 0, the explorer's sliders from z1.
    #expect(printed.lines.first == "dimension 0 (z1 in the explorer), -3.00 to +3.00")
    #expect(
      printed.lines[1].contains("-3.00") && printed.lines[1].contains("+0.00") && printed.lines[1].contains("+3.00"))
    #expect(printed.lines.count == 7)
    // No difference between the ends is too large.
    let far = try runner.type("traverse run --dimension 0 --from 3e38 --to -3e38 --steps 3 --size 10x5")
    #expect(far.lines[1].contains("+3e+38") && far.lines[1].contains("+0.00") && far.lines[1].contains("-3e+38"))
  }

  @Test func theNumbersAboveAStripAreWholeAndTellItsStepsApart() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    for (options, captions) in [
      ("--from 0.001 --to 0.002 --size 10x5", "+0.0010 +0.0015 +0.0020"),
      ("--from 1e-20 --to 3e-20 --size 10x5", "+1e-20 +2e-20 +3e-20"),
      ("--from -1 --to 1 --size 4x2", "-1.0 +0.0 +1.0"), ("--from -0.5 --to 0.5 --size 3x2", ""),
      // What has no room is left out.
      ("--from -1000 --to 1000 --size 4x2", "+0"), ("--from -1000 --to 1000 --size 5x2", "-1000 +0 +1000"),
    ] {
      let strip = try runner.type("traverse run --dimension 0 --steps 3 \(options)")
      let words = try #require(strip.lines.dropFirst().first).split(separator: " ").joined(separator: " ")
      #expect(words == captions, "\(options): \(strip.text)")
    }
    let first = try runner.type("traverse run --dimension 0 --from 0.001 --to 0.002 --steps 3").lines.first
    #expect(first?.hasSuffix("+0.001 to +0.002") == true)
    let one = try runner.type("traverse run --dimension 0 --steps 1").lines.first
    #expect(one == "dimension 0 (z1 in the explorer), -3.00", "a single image is at no range")
  }

  /// Standard output is no terminal here: 80 columns.
  @Test func aPrintedSheetHasItsRowsAndPairsStayTogether() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    func captions(_ line: String) throws -> [Int] {
      let result = try runner.type(line)
      #expect(result.status == 0 && result.lines.allSatisfy { $0.count <= 80 }, "\(result.text)\(result.errors)")
      return result.lines.map { $0.split(separator: " ") }.filter { words in
        !words.isEmpty && words.allSatisfy { Double($0) != nil && ($0.hasPrefix("+") || $0.hasPrefix("-")) }
      }.map(\.count)
    }
    // Two rows of what has room once and more, of what has room in smaller digits, and of what has none.
    #expect(try captions("sheet run --dimension 0 --styles 2 --steps 2") == [2, 2])
    #expect(try captions("sheet run --dimension 0 --styles 2 --steps 9") == [9, 9])
    #expect(try captions("sheet run --dimension 0 --styles 2 --steps 9 --size 14x7") == [5, 4, 5, 4])
    #expect(try captions("sheet run --dimension 0 --styles 2 --steps 12") == [5, 5, 2, 5, 5, 2])
    // One row is as long as it is.
    #expect(try captions("traverse run --dimension 0 --steps 7") == [5, 2])
    // Five images have room side by side, and two pairs of them.
    let pairs = try runner.type("reconstruct run --images strokes --count 3 --pairs")
    #expect(pairs.lines.count == 14 && pairs.lines.allSatisfy { $0.count < 4 * 15 }, "\(pairs.text)")
  }

  @Test func standardInputIsReadByEveryCommandThatTakesImages() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    let images = try runner.type("sample run --count 6 --output -").output
    #expect(try runner.type("encode run --images -", input: images).lines.count == 6)
    #expect(try runner.type("reconstruct run --images - --output -", input: images).output.count == images.count)
    #expect(try runner.type("show - --size 4x2", input: images).lines.count == 12)
    #expect(try runner.type("data show - --count 1", input: images).text.contains("standard input: 6 images"))
    let report = try runner.type("evaluate run --data - --importance-samples 0", input: images)
    #expect(report.text.contains("6 images of standard input"), "\(report.errors)")
    #expect(try runner.type("train own --data - --hidden 8 --batch 2 --epochs 1", input: images).status == 0)
    #expect(try runner.type("train --resume own --epochs 2", input: images).status == 0)
    let code = Data("[0.5, -1, 2]".utf8)
    #expect(try runner.type("traverse run --dimension 2 --at - --steps 2 --output -", input: code).output.count > 6000)
  }

  @Test func aSampleIsDecidedByItsSeed() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    for (seed, file) in [(1, "a"), (1, "b"), (2, "c")] {
      #expect(
        try runner.type("sample run --count 4 --seed \(seed) --output \(file).npy --codes \(file)-codes.npy").status
          == 0)
    }
    #expect(try runner.read("a.npy") == runner.read("b.npy"))
    #expect(try runner.read("a.npy") != runner.read("c.npy"))
    #expect(try NPY.read(runner.path("a-codes.npy")).shape == [4, 3])
  }

  @Test func anEvaluationIsOneObjectWhoseTermsAddUp() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    let result = try runner.type("evaluate run --count 200 --samples 4 --importance-samples 16 --json")
    #expect(result.status == 0 && result.errors.isEmpty)
    let object = try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
    func number(_ name: String) throws -> Double { try #require(object[name] as? Double) }
    #expect(abs(try number("elbo") + number("reconstruction") + number("kl")) < 1e-6)
    let byDimension = try #require(object["klByDimension"] as? [Double])
    #expect(byDimension.count == 3)
    #expect(abs(try byDimension.reduce(0, +) - number("kl")) < 1e-6)
    #expect(try number("importanceWeighted") > number("elbo"))
    let probe = try #require(object["linearProbe"] as? [String: Any])
    // Chance is a tenth; even two epochs put more of the class into three dimensions.
    #expect(try #require(probe["accuracy"] as? Double) > 0.2)
    // The run names its data by their version, which has both halves all the same.
    #expect(probe["split"] as? String == "the training images")
    #expect(object["images"] as? Int == 200 && object["data"] as? String == "strokes")
    #expect(object["part"] as? String == "test" && object["includesTrainingImages"] as? Bool == false)
    let onTraining = try runner.type("evaluate run --part training --count 50 --importance-samples 0 --json").text
    #expect(onTraining.contains("\"includesTrainingImages\" : true"))
    let text = try runner.type("evaluate run --count 50 --no-probe").text
    #expect(text.contains("ELBO") && text.contains("dimension 0 is the explorer's z1"))
    for dimension in 0..<3 { #expect(text.contains("\n      \(dimension)  z\(dimension + 1)  ")) }
  }

  @Test func ofAnAutoencoderOnlyWhatMeansSomethingIsReported() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    #expect(try runner.type("train run \(TrainedRun.settings) --epochs 1 --objective autoencoder").status == 0)
    let result = try runner.type("evaluate run --count 200 --json")
    let object = try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
    for name in ["reconstruction", "activeUnits", "varianceOfMeans", "linearProbe"] { #expect(object[name] != nil) }
    for name in ["elbo", "kl", "klByDimension", "importanceWeighted", "importanceSamples", "samples"] {
      #expect(object[name] == nil, "\(name) comes from a variance that was not trained")
    }
    let text = try runner.type("evaluate run --count 50 --no-probe").text
    #expect(!text.contains("ELBO") && text.contains("variances are not trained"))
    #expect(try !runner.type("info run").text.contains("ELBO"))
  }

  @Test func infoTellsWhatWasTrained() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    let result = try runner.type("info run --json")
    let object = try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
    #expect(object["architecture"] as? String == "784-32-3")
    #expect(object["parameterCount"] as? Int == 784 * 32 + 32 + 32 * 6 + 6 + 3 * 32 + 32 + 32 * 784 + 784)
    let list = try JSONSerialization.jsonObject(with: runner.type("info --json").output) as? [String: Any]
    #expect(list?["models"] is [[String: String]], "one object, also without a model")
    let text = try runner.type("info run").text
    for word in ["784-32-3", "strokes", "seed 5", "Bernoulli"] { #expect(text.contains(word)) }
  }

  @Test func aCheckpointOfAnotherRunIsPassedOverWithAWord() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    #expect(try runner.type("train other \(TrainedRun.settings) --hidden 16 --epochs 1").status == 0)
    let best = try runner.read("run/best.safetensors")
    try runner.write("run/best.safetensors", runner.read("other/best.safetensors"))
    let says = "zscope: run/best.safetensors: it is of another run ("
    for command in ["info run", "evaluate run --count 20 --no-probe", "compare run run --count 20", "sample run"] {
      let result = try runner.type(command)
      #expect(result.status == 0 && result.errors.contains(says), "\(command): \(result.errors)")
      #expect(result.errors.contains("): it is passed over"), "\(command): \(result.errors)")
    }
    let info = try runner.type("info run").text
    #expect(info.contains("784-32-3") && info.contains("run/latest.safetensors"), "\(info)")
    // Asked for by its own name it is told of alone.
    let file = try runner.type("info run/best.safetensors")
    #expect(file.text.contains("784-16-3") && !file.text.contains("  terms "))
    #expect(file.errors.contains("): of the log and the codes beside it nothing is told"), "\(file.errors)")
    try runner.write("run/best.safetensors", best)
    let own = try runner.type("info run")
    #expect(own.errors.isEmpty && own.text.contains("run/best.safetensors") && own.text.contains("  terms "))
  }

  @Test func infoTellsWhatWasSetAfterTheCheckpoint() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    #expect(try !runner.type("info run").text.contains("set by hand after"))
    let file = try #require(
      try JSONSerialization.jsonObject(with: runner.read("run/config.json")) as? [String: Any])
    let changed = file.merging(["controls": ["beta": 2.5], "setByHand": ["beta"]]) { $1 }
    try runner.write("run/config.json", try JSONSerialization.data(withJSONObject: changed))
    let text = try runner.type("info run").text
    #expect(text.contains("  now        β = 2.5, set by hand after this checkpoint\n"), "\(text)")
    #expect(try runner.type("info run --json").text.contains("\"setSince\""))
  }

  @Test func dataNamedByAPathAreFoundFromAnyFolder() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let pixels = (0..<40 * 24).map { UInt8($0 * 37 % 256) }
    try runner.write("own.npy", Data(NPY.encode(pixels, shape: [40, 6, 4])))
    for name in ["run", "whole"] {
      let epochs = name == "run" ? 2 : 3
      let training = try runner.type(
        "train \(name) --data own.npy --hidden 16 --latent 2 --batch 10 --epochs \(epochs) --threads 1")
      #expect(training.status == 0, "\(training.errors)")
    }
    // From another folder.
    let elsewhere = try CommandRunner()
    defer { elsewhere.remove() }
    let evaluation = try elsewhere.start(words: ["evaluate", runner.path("run"), "--no-probe"]).finish()
    #expect(evaluation.status == 0, "\(evaluation.errors)")
    try FileManager.default.copyItem(atPath: runner.path("run"), toPath: runner.path("copy"))
    for (at, path) in [(elsewhere, runner.path("run")), (runner, "copy")] {
      let resumed = try at.start(words: ["train", "--resume", path, "--epochs", "3", "--threads", "1"]).finish()
      #expect(resumed.status == 0, "\(resumed.errors)")
    }
    // Gone on with from either folder, it is what it would have been at once.
    for name in ["whole", "run", "copy"] {
      let coded = try runner.type("encode \(name)/latest.safetensors --images own.npy --output \(name).npy")
      #expect(coded.status == 0, "\(coded.errors)")
      #expect(try runner.read("\(name).npy") == runner.read("whole.npy"), "\(name)")
    }
    // Moved with its data: the path as it was typed leads to them.
    for name in ["own.npy", "copy"] {
      try FileManager.default.moveItem(atPath: runner.path(name), toPath: elsewhere.path(name))
    }
    let moved = try elsewhere.type("evaluate copy --no-probe")
    #expect(moved.status == 0, "\(moved.errors)")
  }

  @Test func aModelOfOnesOwnImagesTakesTheirSize() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    // 40 images of 6×4 pixels, each with one bright column.
    var pixels = [UInt8](repeating: 0, count: 40 * 24)
    for image in 0..<40 { for row in 0..<6 { pixels[image * 24 + row * 4 + image % 4] = 255 } }
    try runner.write("own.npy", Data(NPY.encode(pixels, shape: [40, 6, 4])))
    let training = try runner.type("train run --data own.npy --hidden 16 --latent 2 --batch 10 --epochs 3")
    #expect(training.status == 0, "\(training.errors)")
    #expect(try runner.type("encode run --images own.npy --output codes.npy").status == 0)
    #expect(try runner.type("decode run --codes codes.npy --output images.npy").status == 0)
    #expect(try NPY.read(runner.path("images.npy")).shape == [40, 6, 4])
    let evaluation = try runner.type("evaluate run")
    #expect(
      evaluation.text.hasPrefix("run on 40 images of own.npy, nats an image\n  the model learnt from some of these"))
    #expect(try runner.type("evaluate run --json").text.contains("\"includesTrainingImages\" : true"))
    let wrong = try runner.type("encode run --images strokes --count 2")
    #expect(wrong.status == 1 && wrong.errors.contains("28×28") && wrong.errors.contains("4×6"), "\(wrong.errors)")
  }
}
