import Glibc
import Terminal
import TerminalHarness
import Testing

/// Whatever ends the program, the terminal is as it was, and the parent sees why it ended.
@Suite(.serialized) struct EndingTests {
  @Test(arguments: Program.all)
  func qLeavesACleanTerminalAndStatusZero(_ program: Program) throws {
    let terminal = try PseudoTerminal(program)
    terminal.read()
    #expect(terminal.screen().modes[1049] == true)
    terminal.type("q")
    #expect(terminal.waitForEnd() == 0)
    #expect(terminal.leftOn == [])
  }

  @Test(
    arguments: Program.all,
    EndingSignals.all.filter { $0 < 34 } + [34, 40, 64, SIGSEGV, SIGABRT, SIGILL, SIGTRAP, SIGBUS, SIGFPE])
  func aSignalLeavesACleanTerminalAndIsWhatTheProgramDiesBy(_ program: Program, _ signal: Int32) throws {
    let terminal = try PseudoTerminal(program)
    terminal.read()
    if let key = program.mouseKey {
      terminal.type(key)
      terminal.read()
      #expect(terminal.screen().modes[1006] == true)
    }
    terminal.signal(signal)
    #expect(terminal.waitForEnd() == -signal)
    #expect(terminal.leftOn == [])
  }

  @Test(arguments: Program.all, [("\u{3}", SIGINT), ("\u{1C}", SIGQUIT)])
  func theKeyboardsSignalsDoTheSame(_ program: Program, _ key: (text: String, signal: Int32)) throws {
    let terminal = try PseudoTerminal(program)
    terminal.read()
    terminal.type(key.text)
    #expect(terminal.waitForEnd() == -key.signal)
    #expect(terminal.leftOn == [])
  }

  @Test(arguments: Program.all)
  func aCrashSaysWhyOnTheNormalScreen(_ program: Program) throws {
    for crash in program.crashes {
      let terminal = try PseudoTerminal(program)
      terminal.read()
      terminal.type(crash.key)
      #expect(terminal.waitForEnd() == -crash.signal)
      #expect(terminal.leftOn == [])
      let normal = Array("\u{1B}[?1049l".utf8)
      let end = terminal.output.indices.last { terminal.output[$0...].starts(with: normal) }
      let message = String(decoding: terminal.output[(end ?? 0)...], as: UTF8.self)
      #expect(end != nil && message.contains(crash.message))
    }
  }

  /// The training's own threads: a fault there is not blocked, and is as good as one of the main thread.
  @Test(arguments: [SIGILL, SIGSEGV, SIGTRAP, SIGABRT, SIGBUS, SIGFPE])
  func aFaultOfTheTrainingThreadGivesTheTerminalBackAndSaysWhere(_ signal: Int32) throws {
    guard var program = Program.explorer else { return }
    // Small enough to begin within a moment, long enough not to end.
    program.arguments = [
      "train", "run", "--data", "strokes", "--epochs", "1000", "--hidden", "8", "--explore",
    ]
    let terminal = try PseudoTerminal(program, inHome: true)
    #expect(terminal.read(limit: 60) { $0.threads(named: "zscope-train").first != nil })
    let thread = try #require(terminal.threads(named: "zscope-train").first)
    terminal.read(quiet: 0.3, limit: 10)
    for thread in terminal.threads(named: "zscope-train") {
      for fault in [SIGILL, SIGSEGV, SIGTRAP, SIGABRT, SIGBUS, SIGFPE] {
        #expect(terminal.blockedSignals(of: thread) >> UInt64(fault - 1) & 1 == 0)
      }
    }
    terminal.signal(signal, thread: thread)
    #expect(terminal.waitForEnd(limit: 20) == -signal)
    #expect(terminal.leftOn == [])
    let normal = Array("\u{1B}[?1049l".utf8)
    let end = try #require(terminal.output.indices.last { terminal.output[$0...].starts(with: normal) })
    #expect(String(decoding: terminal.output[end...], as: UTF8.self).contains("crashed in thread zscope-train"))
  }

  /// As a training without a screen does.
  @Test(arguments: [SIGTERM, SIGUSR1, SIGXCPU, SIGALRM, 64])
  func aSignalThatEndsATrainingUnderTheScreenSavesIt(_ signal: Int32) throws {
    guard var program = Program.explorer else { return }
    program.arguments = [
      "train", "run", "--data", "strokes", "--count", "300", "--epochs", "100000", "--hidden", "8", "--explore",
    ]
    let terminal = try PseudoTerminal(program, inHome: true)
    #expect(terminal.read(limit: 60) { $0.threads(named: "zscope-train").first != nil })
    terminal.read(quiet: 0.3, limit: 2)
    terminal.signal(signal)
    #expect(terminal.waitForEnd(limit: 20) == -signal)
    #expect(terminal.leftOn == [])
    let end = String(decoding: terminal.output.suffix(400), as: UTF8.self)
    #expect(end.contains("latest.safetensors; zscope train --resume run goes on with it"), "\(end)")
  }

  @Test func whatOtherCodeWritesToStandardErrorWaitsForTheNormalScreen() throws {
    let terminal = try PseudoTerminal(Program.probe)
    terminal.read()
    terminal.type("e")
    terminal.read()
    #expect(!terminal.screen().shows("warning from elsewhere"))
    terminal.type("q")
    #expect(terminal.waitForEnd() == 0)
    #expect(String(decoding: terminal.output, as: UTF8.self).hasSuffix("a warning from elsewhere\r\n"))
  }

  @Test(arguments: Program.all)
  func aTerminalThatGoesAwayEndsTheProgram(_ program: Program) throws {
    let terminal = try PseudoTerminal(program)
    terminal.read()
    terminal.hangUp()
    #expect(terminal.waitForEnd() == -SIGHUP)
  }
}
