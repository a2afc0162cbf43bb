import Foundation
import Glibc
import Testing

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

  @Test func descriptorsThatAreClosedAtTheStartAreNotTakenForFiles() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let program = CommandRunner.program.path
    let closed = try runner.shell("\(program) train run \(Self.settings) --epochs 2 >&-; echo $?")
    #expect(closed.text == "1\n" && closed.errors.contains("standard output: cannot be written"))
    let errors = try runner.shell("\(program) train second \(Self.settings) --epochs 2 2>&- > report; echo $?")
    #expect(errors.text == "0\n")
    #expect(try runner.shell("\(program) train third \(Self.settings) --epochs 2 <&- >&- 2>&-; echo $?").text == "1\n")
    for run in ["run", "second", "third"] {
      #expect(
        String(decoding: try runner.read("\(run)/.lock"), as: UTF8.self).wholeMatch(of: #/process [0-9]+/#) != nil)
    }
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
