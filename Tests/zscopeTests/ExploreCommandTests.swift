import Foundation
import Testing

/// `zscope explore` without a person, as documentation and scripts use it.
@Suite struct ExploreCommandTests {
  /// The repository's bundled models, wherever the tests were built.
  private static let assets = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("assets").path
  private static var hasModel: Bool {
    let isThere = FileManager.default.fileExists(atPath: "\(assets)/models/mnist-2d/model.safetensors")
    if !isThere { print("SKIPPED: explore tests of the bundled model, because assets/models/mnist-2d is not there") }
    return isThere
  }

  @Test(.enabled(if: ExploreCommandTests.hasModel)) func aScriptOfKeysMovesASliderAndTheDigitWithIt() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let environment = ["ZSCOPE_ASSETS": Self.assets]
    let before = try runner.type("explore mnist-2d --keys u --size 80x24", environment: environment)
    let after = try runner.type("explore mnist-2d --keys right*9 --size 80x24", environment: environment)
    #expect(before.status == 0 && after.status == 0)
    #expect(before.text.contains("+0.00") && after.text.contains("+0.90"))
    #expect(before.lines.count == 24)
    // The digit stands in the first 30 columns, above the sliders.
    let digits = [before, after].map { $0.lines[2..<15].map { $0.prefix(30) } }
    #expect(digits[0] != digits[1])
  }

  @Test(.enabled(if: ExploreCommandTests.hasModel), arguments: [["LC_ALL": "C"], ["TERM": "dumb"]])
  func whatIsPrintedIsASCIIWhereNothingElseIsToBeHad(environment: [String: String]) throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let environment = environment.merging(["ZSCOPE_ASSETS": Self.assets]) { $1 }
    for keys in ["I", "g", "t"] {
      let printed = try runner.type("explore mnist-2d --size 80x24 --keys \(keys)", environment: environment)
      #expect(printed.status == 0 && printed.output.allSatisfy { $0 < 128 })
    }
    // A file says itself how it is encoded.
    _ = try runner.type("explore mnist-2d --size 80x24 --keys u --view view.txt", environment: environment)
    #expect(String(decoding: try runner.read("view.txt"), as: UTF8.self).contains("┌"))
  }

  @Test(.enabled(if: ExploreCommandTests.hasModel)) func sextantsAreDrawnWhereTheyAreAskedFor() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    func hasSextants(_ flag: String) throws -> Bool {
      let result = try runner.type(
        "explore mnist-2d --keys right --size 120x40 \(flag)", environment: ["ZSCOPE_ASSETS": Self.assets])
      #expect(result.status == 0)
      return result.text.unicodeScalars.contains { (0x1FB00...0x1FB3B).contains($0.value) }
    }
    #expect(try hasSextants("--sextants"))
    #expect(try !hasSextants(""))
  }

  @Test(.enabled(if: ExploreCommandTests.hasModel)) func aLinearAccountIsPrintedForEveryLineTyped() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let result = try runner.type(
      "explore mnist-2d --plain", input: Data("right*3\n :random\nnonsense\nm\nright\na\nq\n".utf8),
      environment: ["ZSCOPE_ASSETS": Self.assets])
    #expect(result.status == 0)
    #expect(result.text.contains("> z1 +0.00") && result.text.contains("> z1 +0.30"))
    #expect(result.text.contains("drawn from the prior"))
    #expect(result.text.contains("\"nonsense\" is no step of a script"))
    // What is still asked is told with every line.
    #expect(result.text.components(separatedBy: "Asked: mark this code as").count == 3, "\(result.text)")
  }

  @Test(.enabled(if: ExploreCommandTests.hasModel)) func theLastLineOfAConversationIsAnsweredBeforeItEnds() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let result = try runner.type(
      "explore mnist-2d --plain", input: Data(":data stroks\n".utf8), environment: ["ZSCOPE_ASSETS": Self.assets])
    #expect(result.text.contains("Error: ") && result.text.contains("stroks"), "\(result.text)")
  }

  @Test func aConversationAnswersACommandToTheTrainingWithWhatItHasBroughtAbout() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let train = "train run --data strokes --count 600 --hidden 16 --held-out 100 --epochs 100000 --explore --plain"
    let told = try runner.type(
      train, input: Data("t\n:pause\n:step\n:pause\n:stop\ny\n:resume\n:pause\nbad“\nq\nd\n".utf8),
      environment: ["LC_ALL": "C"])
    #expect(told.status == 0, "\(told.errors)")
    #expect(told.output.allSatisfy { $0 < 128 })
    // What follows each command, in order: every answer tells what is so by then.
    var rest = told.text[...]
    for words in [
      "paused, epoch", "paused, epoch", "training, epoch", "stopped at epoch", "training, epoch", "paused, epoch",
      "is no step of a script",
    ] {
      guard let place = rest.range(of: words) else {
        Issue.record("\(words) is not told: \(told.text)")
        return
      }
      rest = rest[place.upperBound...]
    }
  }

  @Test func aScriptThatTrainsBeginsWithTheFirstWeightsAndSavesWhenItIsInterrupted() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let train = "train run --data strokes --count 600 --hidden 16 --held-out 100 --epochs 100000 --explore --size 80x24"
    let short = try runner.type("\(train) --keys right*4")
    #expect(short.status == 0)
    #expect(short.text.contains("+0.40") && short.errors.contains("saved run/latest.safetensors"))
    let long = try runner.start("train --resume run --explore --keys wait:3600s --frames frames")
    // The first frame is drawn when the run's first weights are there.
    for _ in 0..<6000 where !runner.exists("frames/0001.svg") && long.process.isRunning { usleep(10_000) }
    kill(long.process.processIdentifier, SIGTERM)
    let result = try long.finish()
    #expect(result.status == 143)
    #expect(result.errors.contains("saved run/latest.safetensors"))
  }

  @Test func aWaitForTheEndOfATrainingThatIsPausedIsRefused() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let train = "--data strokes --count 200 --hidden 8 --batch 20 --epochs 100000 --threads 1 --explore --size 80x24"
    let waits = "would never end, for the training is paused; write P before it to go on"
    let script = try runner.start(
      words: "train run \(train)".split(separator: " ").map(String.init) + ["--keys", "P until:trained right*9"]
    ).finish()
    let refusal = "--keys: “until:trained” \(waits)"
    #expect(script.status == 1 && script.errors.contains(refusal), "\(script.errors)")
    // The run is kept, and what the keys had come to is shown.
    #expect(script.errors.contains("saved run/latest.safetensors") && script.text.contains("paused"), "\(script.text)")
    // A conversation goes on.
    let lines = try runner.type(
      "train --resume run --explore --plain", input: Data("P\nuntil:trained\nright\nq\ns\n".utf8))
    #expect(lines.status == 0 && lines.text.contains("Error: \"until:trained\" \(waits)"), "\(lines.text)")
  }

  @Test(arguments: ["semi-supervised", "split-code", "fair"])
  func theFormBeginsAModelWhoseClassesOnlyItsDataTell(model: String) throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let data = "--data strokes --count 600 --hidden 8 --latent 4 --batch 50 --epochs 1 --threads 1"
    let training = try runner.type("train run --model \(model) \(data)")
    #expect(training.status == 0, "\(training.errors)")
    let form = try runner.start(
      words: ["explore", "run", "--size", "120x40", "--keys", "T enter wait:2s", "--frames", "frames"]
    ).finish()
    #expect(form.status == 0, "\(form.errors)")
  }

  @Test func aLogThatIsDamagedFarUpIsSaidAndNoReasonNotToShowTheData() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let training = try runner.type("train run --data strokes --count 120 --hidden 8 --batch 20 --epochs 1 --threads 1")
    #expect(training.status == 0, "\(training.errors)")
    let record = String(decoding: try runner.read("run/metrics.jsonl"), as: UTF8.self)
    let records = (1...400).map { record.replacing("\"epoch\":1,", with: "\"epoch\":\($0),") }
    try runner.write("run/metrics.jsonl", Data(("no record\n" + records.joined()).utf8))
    let shown = try runner.type("explore run --data strokes --keys u --size 80x24 --view view.txt")
    #expect(shown.status == 0 && shown.errors.contains("only the end of its log is shown"), "\(shown.errors)")
    #expect(runner.exists("view.txt"))
  }

  @Test func howImagesAreReadHoldsForThoseThatTheFormTrainsOn() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    #expect(try runner.type("data export strokes --count 120 --output own.npz").status == 0)
    let training = try runner.type("train run --data strokes --count 120 --hidden 8 --batch 20 --epochs 1 --threads 1")
    #expect(training.status == 0, "\(training.errors)")
    let keys = "T ctrl-u type:own.npz up ctrl-u type:own up ctrl-u type:1 enter wait:1s"
    let form = try runner.start(
      words: ["explore", "run", "--no-labels", "--scale", "255", "--size", "120x40", "--keys", keys]
    ).finish()
    #expect(form.status == 0, "\(form.errors)")
    let configuration = String(decoding: try runner.read("own/config.json"), as: UTF8.self)
    #expect(configuration.contains("\"reading\""), "\(configuration)")
  }

  @Test func aConversationInLinesSavesWhatItTrainsWhenItIsInterrupted() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let train = "train run --data strokes --count 600 --hidden 16 --held-out 100 --epochs 100000 --explore --plain"
    let keyboard = Pipe()
    let running = try runner.start(train, pipe: keyboard)
    #expect(running.waitForOutput("Type keys"))
    keyboard.fileHandleForWriting.write(Data("right*4\n".utf8))
    #expect(running.waitForOutput("> z1 +0.40"))
    kill(running.process.processIdentifier, SIGINT)
    let result = try running.finish()
    #expect(result.status == 130)
    #expect(result.errors.contains("saved run/latest.safetensors"))
  }

  @Test func theLastScreenAndWhatIsAtHandAreWritten() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    let shown = try runner.type("explore run --keys right*3 --size 80x24")
    for ending in ["txt", "svg", "png"] {
      let result = try runner.type("explore run --keys right*3 --size 80x24 --view screen.\(ending)")
      #expect(result.status == 0 && result.output.isEmpty, "\(result.errors)")
    }
    #expect(try runner.read("screen.txt") == shown.output && !shown.output.isEmpty)
    #expect(String(decoding: try runner.read("screen.svg"), as: UTF8.self).hasPrefix("<svg "))
    #expect(try runner.read("screen.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))
    let told = try runner.type("explore run --plain", input: Data("right*3\n:export code code.npy\nq\n".utf8))
    #expect(told.status == 0 && told.text.contains("Note: wrote the code of 3 numbers to code.npy: "), "\(told.text)")
    let decoded = try runner.type("decode run --codes code.npy --output -")
    let typed = try runner.type("decode run --codes 0.3,0,0 --output -")
    #expect(decoded.status == 0 && typed.status == 0)
    #expect(decoded.output.count == typed.output.count && !decoded.output.isEmpty)
  }

  @Test func aModelWhoseLogIsDamagedIsShownAndTheDamageIsTold() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    try runner.write("run/metrics.jsonl", Data("no record\n".utf8))
    let shown = try runner.type("explore run --keys right*4")
    #expect(shown.status == 0 && shown.text.contains("+0.40"))
    #expect(shown.errors == "zscope: opened without it: run/metrics.jsonl: line 1 is not a record of metrics\n")
    let told = try runner.type("info run")
    #expect(told.status == 0 && told.errors == "zscope: run/metrics.jsonl: line 1 is not a record of metrics\n")
  }

  @Test func whatIsNotThereOrNotUnderstoodIsOneLineAndAStatus() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let model = try runner.type("explore no-such-model --keys right")
    #expect(model.status == 1)
    #expect(model.errors.contains("no-such-model") && model.output.isEmpty)
    let script = try runner.type("explore --keys rihgt")
    #expect(script.status == 2)
    #expect(script.errors.contains("rihgt") && script.output.isEmpty)
    for line in ["explore --frames frames", "explore --size 80x24", "train run --data strokes --keys right"] {
      let result = try runner.type(line)
      #expect(result.status == 2, "\(line)")
      #expect(result.errors.contains("add --") && result.output.isEmpty, "\(line)")
    }
    #expect(!runner.exists("run") && !runner.exists("frames"))
  }
}
