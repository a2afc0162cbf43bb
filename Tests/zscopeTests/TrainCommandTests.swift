import Foundation
import Glibc
import Testing

@Suite struct TrainCommandTests {
  /// The lines of a log without the seconds, which differ from run to run.
  private func metrics(_ runner: CommandRunner, _ run: String) throws -> [[String: Any]] {
    try String(decoding: runner.read("\(run)/metrics.jsonl"), as: UTF8.self).split(separator: "\n").map { line in
      var object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      // What it took, and the number of the run: both are each run's own.
      object["seconds"] = nil
      object["run"] = nil
      return object
    }
  }

  /// The weights of a checkpoint, behind its header (which holds the seconds).
  private func weights(_ runner: CommandRunner, _ run: String) throws -> Data {
    let file = try runner.read("\(run)/latest.safetensors")
    let length = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    return file.dropFirst(8 + length)
  }

  @Test func trainingReportsEveryEpochAndFillsTheRunDirectory() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let result = try runner.type("train a/run \(TrainedRun.settings) --epochs 3 --checkpoint-every 2 --threads 1")
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    #expect(result.lines.filter { $0.hasPrefix("epoch ") }.count == 3)
    #expect(result.text.contains("held out: ") && result.text.contains("KL "))
    for file in [
      "config.json", "metrics.jsonl", "latest.safetensors", "best.safetensors", "checkpoint-000002.safetensors",
    ] {
      #expect(runner.exists("a/run/\(file)"), "\(file) is missing")
    }
    let log = try metrics(runner, "a/run")
    #expect(log.count == 3 && log.allSatisfy { ($0["training"] as? [String: Double])?["KL"] != nil })
    #expect(log.last?["images"] as? Int == 3 * 900)
  }

  @Test func aRunIsNotOverwritten() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    let before = try runner.read("run/latest.safetensors")
    let result = try runner.type("train run \(TrainedRun.settings)")
    #expect(result.status == 1 && result.errors.contains("run") && result.errors.contains("resume"), "\(result.errors)")
    #expect(try runner.read("run/latest.safetensors") == before)
    // Before data are read.
    #expect(try runner.type("train run --data missing.npy").errors.contains("already holds a training"))
    try runner.write("file", Data())
    #expect(try runner.type("train file/run --data missing.npy").errors.contains("file/run: cannot be written"))
  }

  @Test func fewerEpochsThanARunHasAreRefusedAndItKeepsItsConfiguration() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    let before = try runner.read("run/config.json")
    let result = try runner.type("train --resume run --epochs 1")
    #expect(result.status == 1 && result.errors.contains("it has come to epoch 2"), "\(result.errors)")
    #expect(try runner.read("run/config.json") == before)
  }

  @Test func resumingWithMoreEpochsContinuesAsTheUninterruptedRunWouldHave() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    let resumed = try runner.type("train --resume run --epochs 4 --threads 1")
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(resumed.lines.filter { $0.hasPrefix("epoch ") }.count == 2, "earlier epochs are reported again")
    #expect(try runner.type("train whole \(TrainedRun.settings) --epochs 4 --threads 2").status == 0)
    #expect(try weights(runner, "run") == weights(runner, "whole"))
    #expect(try metrics(runner, "run") as NSArray == metrics(runner, "whole") as NSArray)
  }

  @Test func groupsOfSeveralVariablesGiveTheSameBitsInEveryProcess() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let settings =
      "--data strokes --count 200 --hidden 8 --latent 4 --batch 50 --seed 3 --epochs 1 --held-out 50"
      + " --model semi-supervised --labels all --preset hfvae"
    for run in ["a", "b", "c", "d", "e"] { #expect(try runner.type("train \(run) \(settings)").status == 0) }
    for run in ["b", "c", "d", "e"] { #expect(try weights(runner, run) == weights(runner, "a")) }
  }

  @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143))])
  func anInterruptedTrainingSavesSaysWhereAndGoesOnBitForBit(signal: Int32, status: Int32) throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let training = try runner.start("train run \(TrainedRun.settings) --epochs 100000")
    #expect(training.waitForOutput("epoch      2/100000"))
    kill(training.process.processIdentifier, signal)
    let result = try training.finish()
    #expect(result.status == status)
    #expect(result.errors.contains("saved run/latest.safetensors"), "\(result.errors)")
    #expect(result.errors.contains("zscope train --resume run"))

    let done = try metrics(runner, "run").count
    #expect(try runner.type("train --resume run --epochs \(done + 1)").status == 0)
    #expect(try runner.type("train whole \(TrainedRun.settings) --epochs \(done + 1)").status == 0)
    #expect(try weights(runner, "run") == weights(runner, "whole"))
  }

  @Test func aTrainingKilledThriceEndsInTheBitsOfAnUninterruptedOne() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let settings = "--data strokes --count 300 --hidden 16 --latent 2 --batch 50 --seed 7 --checkpoint-every 1"
    for epochs in [30, 60, 90] {
      // Every part begins at what the one before saved, and is killed anywhere: in its start, an epoch or a write.
      let command = epochs == 30 ? "train run \(settings)" : "train --resume run"
      let training = try runner.start("\(command) --epochs \(epochs)")
      if epochs == 30 { #expect(training.waitForOutput("epoch ")) }
      usleep(.random(in: 0...250_000))
      if training.process.isRunning { kill(training.process.processIdentifier, SIGKILL) }
      #expect(try [0, 137].contains(training.finish().status))
      // A write that was cut off, whether or not the kill met one.
      try runner.write("run/.latest.safetensors.77-1.partial", Data([1]))
      let resumed = try runner.type("train --resume run --epochs \(epochs)")
      #expect(resumed.status == 0, "\(resumed.errors)")
    }
    let epochs = 90
    #expect(try runner.type("train whole \(settings) --epochs \(epochs)").status == 0)
    #expect(try weights(runner, "run") == weights(runner, "whole"))
    #expect(try metrics(runner, "run") as NSArray == metrics(runner, "whole") as NSArray)
    func files(_ run: String) throws -> Set<String> {
      Set(try FileManager.default.contentsOfDirectory(atPath: runner.path(run)))
    }
    // Nothing more, such as temporary files, and nothing less.
    #expect(try files("run").symmetricDifference(files("whole")) == [])
  }

  @Test func twoTrainersDoNotShareARun() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    let first = try runner.start("train --resume run --epochs 100000")
    #expect(first.waitForOutput("epoch      3/100000"))
    let second = try runner.type("train --resume run --epochs 100000")
    #expect(second.status == 1 && second.errors.contains("run"), "\(second.errors)")
    kill(first.process.processIdentifier, SIGINT)
    #expect(try first.finish().status == 130)
  }

  @Test func ofTwoTrainingsBegunAtOnceInOneFolderOneIsRefused() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    for round in 0..<5 {
      let settings = "--data strokes --count 200 --hidden 8 --latent 2 --batch 50 --epochs 3"
      let both = try [11, 12].map { try runner.start("train run\(round) \(settings) --seed \($0)") }
      let results = try both.map { try $0.finish() }
      #expect(results.map(\.status).sorted() == [0, 1], "\(results.map(\.errors))")
      let winner = results[0].status == 0 ? 11 : 12
      let info = try runner.type("info run\(round)/latest.safetensors")
      #expect(info.text.contains("seed \(winner)") && info.text.contains("epoch 3 of 3"))
      #expect(
        String(decoding: try runner.read("run\(round)/config.json"), as: UTF8.self).contains("\"seed\" : \(winner)"))
    }
  }

  @Test(arguments: ["sp ace", "a'b", "q\"$x", "-run"])
  func theCommandThatGoesOnCanBePastedWhateverTheRunIsCalled(name: String) throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let words = ["--data", "strokes", "--count", "300", "--hidden", "8", "--epochs", "100000"]
    let training = try runner.start(words: ["train"] + words + ["--", name])
    #expect(training.waitForOutput("epoch      1/"))
    kill(training.process.processIdentifier, SIGINT)
    let errors = try training.finish().errors
    let advice = try #require(errors.split(separator: "\n").first { $0.hasPrefix("go on with: zscope ") }, "\(errors)")
    let command = advice.replacing("go on with: zscope ", with: "\(CommandRunner.program.path) ")
    let resumed = try runner.shell("\(command) --epochs 1; \(command) --epochs 100001 > /dev/full")
    #expect(!resumed.errors.contains("not a run directory"), "\(command): \(resumed.errors)")
    #expect(resumed.errors.contains("standard output: cannot be written"), "\(command): \(resumed.errors)")
  }

  @Test(arguments: [
    ("--warm-up 1000000", "never comes to 0.001"), ("--anneal beta=cyclical:1000000000", "stays at its beginning"),
    ("--anneal beta=linear:5000", "never comes to its value"), ("--anneal beta=warm-up:3:5", "until step 8"),
    // Steps are counted from 0: the last of n steps is n − 1.
    ("--anneal beta=linear:1", "over 1 step (linear:1)"), ("--anneal beta=from:3:1", "never comes to its value"),
    ("--warm-up 1 --schedule cosine", "it never falls"), ("--anneal beta=cyclical:1", "through 1 cycle (cyclical:1)"),
  ])
  func whatTakesMoreStepsThanTheTrainingHasIsSaid(option: String, note: String) throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let settings = "--data strokes --count 200 --hidden 8 --epochs 1 --batch 200 --held-out 0"
    let result = try runner.type("train run \(settings) \(option)")
    #expect(
      result.status == 0 && result.errors.contains(note) && result.errors.contains("has 1 step"), "\(result.errors)")
    let enough = try runner.type(
      "train other \(settings.replacing("--batch 200", with: "--batch 10")) --anneal beta=linear:19")
    #expect(enough.status == 0 && enough.errors.isEmpty, "\(enough.errors)")
  }

  @Test func theTimeForWhichATrainingIsStoppedDoesNotCount() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let training = try runner.start("train run --data strokes --count 3000 --hidden 64 --epochs 100000 --threads 1")
    #expect(training.waitForOutput("epoch      2/"))
    kill(training.process.processIdentifier, SIGSTOP)
    sleep(6)
    kill(training.process.processIdentifier, SIGCONT)
    sleep(1)
    kill(training.process.processIdentifier, SIGINT)
    _ = try training.finish()
    let log = String(decoding: try runner.read("run/metrics.jsonl"), as: UTF8.self)
    let seconds = log.matches(of: #/"seconds":([0-9.e-]+)/#).compactMap { Double($0.1) }
    #expect(seconds.count > 2 && zip(seconds, seconds.dropFirst()).allSatisfy { $1 - $0 < 5 }, "\(seconds)")
  }

  @Test func whatFailsBeforeTheFirstStepBlamesNoRateAndLeavesNoFolder() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let settings = "--data strokes --count 300 --hidden 16 --latent 2 --batch 50 --epochs 2"
    let failed = try runner.type("train run \(settings) --likelihood gaussian:1e-30")
    #expect(failed.status == 1 && failed.errors.contains("before anything was learnt"), "\(failed.errors)")
    #expect(failed.errors.contains("--likelihood") && !failed.errors.contains("--rate"), "\(failed.errors)")
    #expect(!runner.exists("run"))
    #expect(try runner.type("train run \(settings)").status == 0)
  }

  @Test func aTrainingWhoseBeginningNobodyReadsLeavesNoFolder() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let command = "\(CommandRunner.program.path) train run --data strokes --count 300 --hidden 16 --epochs 2"
    #expect(try runner.shell("\(command) > /dev/full").status == 1)
    #expect(!runner.exists("run"))
    #expect(try runner.shell("\(command)").status == 0)
  }

  @Test func aTrainingThatDivergedSaysHowToGoOnAndDoes() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let settings = "--data strokes --count 300 --hidden 16,16 --latent 2 --batch 50 --epochs 30"
    let diverged = try runner.type("train run \(settings) --rate 100000")
    #expect(
      diverged.status == 1 && diverged.errors.contains("zscope train --resume run --rate 0.001"), "\(diverged.errors)")
    let again = try runner.type("train --resume run")
    #expect(
      again.status == 1 && again.errors.contains("--rate") && again.errors.contains("at the rate 100000,"),
      "\(again.errors)")
    let info = try runner.type("info run")
    #expect((info.text + info.errors).contains("--resume run --rate 0.001"), "\(info.text)\(info.errors)")
    // Where nothing good was saved there is nothing to lose: it begins again.
    let resumed = try runner.type("train --resume run --rate 0.001 --epochs 31")
    #expect([0, 1].contains(resumed.status), "\(resumed.errors)")
    if resumed.status == 0 { #expect(try runner.type("info run").text.contains("set live")) }
  }

  @Test func aLossThatExplodedIsToldInAFewDigits() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let exploding = "--likelihood gaussian:1e-9 --rate 1e-9 --epochs 2"
    for command in ["train run --data strokes --count 200 --hidden 16 \(exploding)", "info run"] {
      let text = try runner.type(command).text
      #expect(text.contains(/loss [1-9]\.[0-9]{3}e\+[0-9]{2}/) && !text.contains(/[0-9]{10}/), "\(text)")
    }
  }

  @Test func aRateForARunThatDidNotDivergeIsRefusedAndItStaysAsItWas() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    let files = ["run/config.json", "run/latest.safetensors"]
    let before = try files.map(runner.read)
    for epochs in ["", " --epochs 4"] {
      let refused = try runner.type("train --resume run --rate 0.1\(epochs)")
      #expect(
        refused.status == 2 && refused.errors.contains("--rate has no effect: run did not diverge"),
        "\(refused.errors)")
    }
    #expect(try files.map(runner.read) == before)
  }

  @Test func aLimitThatNoControlLeadsToIsToldBesideTheControls() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let settings = "--data strokes --count 200 --hidden 8 --latent 2 --batch 50 --samples 4 --threads 1"
    let trained = try runner.type("train run \(settings) --objective renyi --alpha=-inf --epochs 1")
    #expect(trained.status == 0, "\(trained.errors)")
    #expect(String(decoding: try runner.read("run/metrics.jsonl"), as: UTF8.self).contains("\"alpha\":\"-inf\""))
    let object = try JSONSerialization.jsonObject(with: runner.type("info run --json").output)
    let report = try #require(object as? [String: Any])
    for key in ["controls", "controlsInForce"] {
      #expect((report[key] as? [String: Any])?["alpha"] as? String == "-inf", "\(key)")
    }
    // Gone on with, it is what it would have been without the break.
    let straight = try runner.type("train straight \(settings) --objective renyi --alpha=-inf --epochs 2")
    #expect(straight.status == 0, "\(straight.errors)")
    let resumed = try runner.type("train --resume run --epochs 2 --threads 1")
    #expect(resumed.status == 0, "\(resumed.errors)")
    func weights(_ run: String) throws -> Data {
      #expect(try runner.type("sample \(run) --count 3 --seed 2 --output \(run).npy").status == 0)
      return try runner.read("\(run).npy")
    }
    #expect(try weights("run") == weights("straight"))
  }

  @Test func whatIsMinimisedIsToldWithTheNumbersInForce() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let settings = "--data strokes --count 300 --hidden 8 --latent 2 --batch 50 --held-out 100 --epochs 2"
    let begun = try runner.type("train run \(settings) --beta 4 --anneal beta=linear:16")
    #expect(begun.status == 0, "\(begun.errors)")
    #expect(begun.text.contains("R + 0·KL (β = 0, linear to 4 over 16 steps)"), "\(begun.text)")
    let info = try runner.type("info run/latest.safetensors")
    #expect(info.text.contains("elbo: R + 1.75·KL, 1 sample"), "\(info.text)")
    #expect(info.text.contains("annealing  β = 1.75, linear to 4 over 16 steps"), "\(info.text)")
    let resumed = try runner.type("train --resume run --epochs 3")
    #expect(resumed.text.contains("R + 2·KL (β = 2, linear to 4"), "\(resumed.text)")
    let object = try JSONSerialization.jsonObject(with: runner.type("info run/latest.safetensors --json").output)
    let report = try #require(object as? [String: Any])
    #expect((report["controlsInForce"] as? [String: Double])?["beta"] == 2.75)
    #expect((report["controls"] as? [String: Double])?["beta"] == 4)
    #expect(try runner.type("explore run --plain", input: Data("q\n".utf8)).text.contains("beta 2.75"))

    #expect(try runner.type("train bound \(settings) --preset renyi --alpha -inf --samples 3").status == 0)
    let bound = try runner.type("info bound").text
    #expect(bound.contains("renyi: −max_k log w_k") && bound.contains("K = 3, 3 samples"), "\(bound)")
    #expect(try runner.type("train classes \(settings) --model semi-supervised --labels 50 --gamma 0.5").status == 0)
    let all = try runner.type("train all \(settings) --model semi-supervised --gamma 0.5")
    #expect(all.status == 2 && all.errors.contains("--gamma has no effect"), "\(all.errors)")
    // Kept are as many as are left to learn from: no image is without a label.
    let known = "--model semi-supervised --labels 40 --data strokes --count 50 --held-out 10 --hidden 8 --epochs 1"
    for (run, option) in zip("abc", ["--gamma 0.1", "--labelled-share 0.2", "--inference concrete"]) {
      let told = try runner.type("train \(run) \(known) \(option)")
      #expect(told.status == 0 && told.errors.contains("has no effect: every image to learn from"), "\(told.errors)")
    }
    let classes = try runner.type("info classes").text
    #expect(classes.contains("  semi-supervised: R") && classes.contains("γ = 0.5"), "\(classes)")
  }

  @Test func moreEpochsOnACosineAreWarnedOf() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    #expect(try runner.type("train run \(TrainedRun.settings) --epochs 2 --schedule cosine").status == 0)
    let result = try runner.type("train --resume run --epochs 3")
    #expect(result.status == 0 && result.errors.contains("cosine") && result.errors.contains("3 in place of 2"))
    #expect(try runner.type("train --resume run").errors.isEmpty)
  }
}
