import Foundation
import Glibc
import Testing

@testable import zscope

/// Whatever ends a training but a SIGKILL, it is saved and says where.
@Suite struct TrainingEndingTests {
  private static let settings = "--data strokes --count 300 --hidden 16 --latent 2 --batch 50 --seed 7"

  @Test(arguments: [
    SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGXCPU, SIGVTALRM, SIGPWR, SIGSYS, SIGABRT, SIGSEGV, SIGTRAP, 40,
  ])
  func everySignalThatAsksForTheEndSaves(signal: Int32) throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let training = try runner.start("train run \(Self.settings) --epochs 1000000")
    #expect(training.waitForOutput("epoch       1/"))
    kill(training.process.processIdentifier, signal)
    let result = try training.finish()
    #expect(result.status == 128 + signal)
    #expect(result.errors.contains("saved run/latest.safetensors") && result.errors.contains("--resume run"))
    #expect(try runner.type("info run").status == 0)
  }

  @Test func afterTheFirstSignalAWaitIsAWaitAgain() {
    let interruption = Interruption()
    kill(getpid(), SIGUSR1)
    interruption.wait(for: [], milliseconds: 10_000)
    #expect(interruption.received == SIGUSR1)
    let start = ContinuousClock.now
    interruption.wait(for: [], milliseconds: 20)
    #expect(ContinuousClock.now - start > .milliseconds(15))
    // Who waits by other means still sees it.
    var polled = pollfd(fd: interruption.fileDescriptor, events: Int16(POLLIN), revents: 0)
    #expect(poll(&polled, 1, 0) == 1)
  }

  @Test func aReaderThatGoesAwayEndsATrainingSaved() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let script =
      "\(CommandRunner.program.path) train run \(Self.settings) --epochs 1000000 2> errors | head -n 3 > lines"
    let result = try runner.shell("\(script); echo ${PIPESTATUS[0]}")
    #expect(result.text == "1\n")
    let errors = String(decoding: try runner.read("errors"), as: UTF8.self)
    #expect(errors.contains("saved run/latest.safetensors") && errors.contains("standard output: cannot be written"))
    #expect(runner.exists("run/latest.safetensors"))
  }

  @Test func aLogThatMayNotGrowEndsATrainingSaved() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    // Files of at most 400 blocks: the checkpoints fit, and the report does not for long.
    let program = "\(CommandRunner.program.path) train run \(Self.settings) --epochs 1000000"
    let result = try runner.shell("ulimit -f 400; head -c 409000 /dev/zero > log; \(program) >> log; echo $?")
    #expect(result.text == "1\n", "\(result.errors)")
    #expect(result.errors.contains("saved run/latest.safetensors") && result.errors.contains("File too large"))
  }

  @Test func aTrainingWhoseFolderIsRemovedClaimsNoCheckpoint() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let training = try runner.start("train run \(Self.settings) --epochs 1000000")
    #expect(training.waitForOutput("epoch       2/"))
    #expect(rename(runner.path("run"), runner.path("gone")) == 0)
    try FileManager.default.removeItem(atPath: runner.path("gone/config.json"))
    let result = try training.finish()
    #expect(result.status == 1 && result.errors.contains("no longer holds"), "\(result.errors)")
    #expect(result.errors.contains("nothing was saved") && !result.errors.contains("; saved"), "\(result.errors)")
  }

  @Test func aTrainingWhoseFolderIsMovedNamesWhereItIs() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let training = try runner.start("train run \(Self.settings) --epochs 1500")
    #expect(training.waitForOutput("epoch    1/"))
    #expect(rename(runner.path("run"), runner.path("moved")) == 0)
    #expect(try runner.type("train run \(Self.settings) --epochs 1").status == 0)
    let result = try training.finish()
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("run was moved while it was trained in: it is /"), "\(result.errors)")
    #expect(result.text.contains("/moved/latest.safetensors") && result.text.contains("/moved/best.safetensors"))
    #expect(!result.text.contains("run/best.safetensors") && !result.text.contains("run/latest.safetensors"))
    #expect(try runner.type("info moved/latest.safetensors").text.contains("epoch 1500 of 1500"))
    #expect(try runner.type("info run/latest.safetensors").text.contains("epoch 1 of 1"))
  }

  @Test func aSaveThatFailsLeavesNothingInTheWayAndIsNotClaimed() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let program = CommandRunner.program.path
    let settings = "--data strokes --count 300 --hidden 64 --latent 2 --batch 50 --seed 7 --checkpoint-every 2"
    func files() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: runner.path("run")).sorted()
    }
    // Files of at most 500 blocks: the weights fit, and the optimiser's averages do not.
    let first = try runner.shell("ulimit -f 500; \(program) train run \(settings) --epochs 9; echo $?")
    #expect(first.text.hasSuffix("1\n") && first.errors.contains("File too large"), "\(first.errors)")
    #expect(first.errors.contains("nothing was saved"), "\(first.errors)")
    #expect(try files() == [".lock", "config.json", "metrics.jsonl"])
    #expect(try runner.type("train --resume run --epochs 3").status == 0)
    let before = try files()
    let second = try runner.shell("ulimit -f 500; \(program) train --resume run --epochs 9; echo $?")
    #expect(second.text.hasSuffix("1\n"), "\(second.errors)")
    #expect(second.errors.contains("nothing more was saved; the last checkpoint is of epoch 3: run/latest.safetensors"))
    let lost = "which is whole; what was learnt since its step 18, up to step 24, is lost"
    #expect(second.errors.contains(lost), "\(second.errors)")
    #expect(try files() == before)
    #expect(try runner.type("train --resume run --epochs 9").status == 0)
    #expect(try runner.type("train whole \(settings) --epochs 9").status == 0)
    let ends = try ["run", "whole"].map {
      try runner.type("decode \($0)/latest.safetensors --codes 0,0 --format npy --output -")
    }
    #expect(ends[0].status == 0 && ends[0].output == ends[1].output)
  }

  @Test func wantOfDescriptorsIsNotTakenForARunThatWasLost() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    var isMet = false
    for limit in 6...12 {
      let program = CommandRunner.program.path
      let result = try runner.shell("ulimit -n \(limit); \(program) train run\(limit) \(Self.settings) --epochs 1")
      #expect(!result.errors.contains("no longer holds"), "\(limit): \(result.errors)")
      if result.errors.contains("Too many open files") { isMet = true }
    }
    #expect(isMet)
  }

  @Test func oneModelAClassWhoseReportIsRefusedIsSaved() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let settings = "--data strokes --count 600 --hidden 16 --latent 2 --batch 20 --epochs 40 --threads 2"
    let result = try runner.shell(
      "\(CommandRunner.program.path) train all --by-class \(settings) > /dev/full; echo $? >&2")
    #expect(result.errors.hasSuffix("1\n") && result.errors.contains("standard output: cannot be written"))
    #expect(result.errors.contains("train --resume --by-class all"), "\(result.errors)")
    // Both that were trained are saved as far as they came; nobody began another.
    for label in 0..<2 {
      let log = String(decoding: try runner.read("all/class-\(label)/metrics.jsonl"), as: UTF8.self)
      let epochs = log.split(separator: "\n").count
      let info = try runner.type("info all/class-\(label)/latest.safetensors")
      #expect(info.text.contains("epoch \(epochs) of 40"), "\(info.text)")
      #expect(result.errors.contains("all/class-\(label)"))
    }
    #expect(!runner.exists("all/class-2"))
    #expect(try runner.type("train --resume --by-class all").status == 0)
    #expect(runner.exists("all/class-9/latest.safetensors"))
  }

  @Test func oneModelAClassThatIsInterruptedSaysWhatIsSavedOfEach() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let settings = "--data strokes --count 600 --hidden 16 --latent 2 --batch 20 --epochs 1000000 --threads 2"
    let training = try runner.start("train all --by-class \(settings)")
    for _ in 0..<600 where !runner.exists("all/class-1/latest.safetensors") && training.process.isRunning {
      usleep(50_000)
    }
    kill(training.process.processIdentifier, SIGINT)
    let result = try training.finish()
    #expect(result.status == 130)
    for label in 0..<2 {
      #expect(
        result.errors.contains("class \(label): stopped at epoch")
          && result.errors.contains("saved all/class-\(label)/latest.safetensors"), "\(result.errors)")
    }
    #expect(result.errors.contains("go on with: zscope train --resume --by-class all"))
  }

  @Test func descriptorsThatAreClosedAtTheStartAreNotTakenForFiles() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let program = CommandRunner.program.path
    let closed = try runner.shell("\(program) train run \(Self.settings) --epochs 2 >&-; echo $?")
    #expect(closed.text == "1\n" && closed.errors.contains("standard output: cannot be written"))
    let errors = try runner.shell("\(program) train second \(Self.settings) --epochs 2 2>&- > report; echo $?")
    #expect(errors.text == "0\n")
    #expect(try runner.shell("\(program) train third \(Self.settings) --epochs 2 <&- >&- 2>&-; echo $?").text == "1\n")
    let lock = String(decoding: try runner.read("second/.lock"), as: UTF8.self)
    #expect(lock.wholeMatch(of: #/process [0-9]+/#) != nil)
    // What could not be reported was not begun.
    #expect(!runner.exists("run") && !runner.exists("third"))
  }

  @Test func littleAddressSpaceIsEnoughForShortCommandsAndAnErrorForATraining() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    let program = CommandRunner.program.path
    for command in ["info run", "data list", "--help", "decode run --codes 0,0,0 --format npy --output codes.npy"] {
      let result = try runner.shell("ulimit -v 180000; \(program) \(command) > /dev/null; echo $?")
      #expect(result.text == "0\n", "\(command): \(result.errors)")
    }
    let training = try runner.shell(
      "ulimit -v 150000; \(program) train new --data strokes --count 3000 --hidden 4096,4096 --threads 8; echo $?")
    #expect(training.text.hasSuffix("1\n") && training.errors.contains("MB of memory"), "\(training.errors)")
  }
}
