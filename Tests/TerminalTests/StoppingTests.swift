import Glibc
import TerminalHarness
import Testing

/// ^Z gives the terminal back for as long as the program is stopped.
@Suite(.serialized) struct StoppingTests {
  private func stopAndContinue(_ terminal: PseudoTerminal, by stop: (PseudoTerminal) -> Void) {
    terminal.read()
    stop(terminal)
    #expect(terminal.read { $0.state == "T" })
    terminal.read()
    #expect(terminal.leftOn == [])
    let written = terminal.output.count
    terminal.signal(SIGCONT)
    terminal.read(quiet: 0.3)
    #expect(terminal.state == "S")
    #expect(terminal.screen().modes[1049] == true)
    #expect(terminal.screen().modes[2004] == true)
    // Everything was painted again: the bytes since show the whole screen by themselves.
    let before = terminal.screen().lines
    #expect(terminal.screen(from: written).lines == before)
    #expect(before.contains { !$0.isEmpty })
  }

  @Test(arguments: Program.all)
  func controlZStopsWithNothingLeftOnAndContinuingRepaintsTwiceInARow(_ program: Program) throws {
    let terminal = try PseudoTerminal(program)
    stopAndContinue(terminal) { $0.type("\u{1A}") }
    stopAndContinue(terminal) { $0.signal(SIGTSTP) }
    terminal.type("q")
    #expect(terminal.waitForEnd() == 0)
    #expect(terminal.leftOn == [])
  }

  @Test func theSameWhileThreadsCompute() throws {
    let terminal = try PseudoTerminal(Program.probe)
    terminal.read()
    terminal.type("T")
    stopAndContinue(terminal) { $0.type("\u{1A}") }
  }

  @Test(arguments: Program.all)
  func howSlowTheTerminalWasBeforeAStopDoesNotDelayTheRepaint(_ program: Program) throws {
    let terminal = try PseudoTerminal(program)
    terminal.read()
    terminal.readingSpeed = 4000
    terminal.hold(150, program.step)
    terminal.readingSpeed = nil
    terminal.type("\u{1A}")
    #expect(terminal.read { $0.state == "T" })
    terminal.read()
    let written = terminal.output.count
    terminal.signal(SIGCONT)
    // At that speed the program would wait three seconds before the next frame.
    #expect(terminal.read(limit: 1.5) { $0.screen(from: written).modes[1049] == true })
  }

  @Test(arguments: Program.all)
  func aStopThatCannotBeNoticedIsMendedToo(_ program: Program) throws {
    let terminal = try PseudoTerminal(program)
    terminal.read()
    let before = terminal.screen().lines
    terminal.signal(SIGSTOP)
    #expect(terminal.read { $0.state == "T" })
    terminal.makeSane()
    let written = terminal.output.count
    terminal.signal(SIGCONT)
    terminal.read(quiet: 0.3)
    #expect(terminal.screen(from: written).lines.count == before.count)
    terminal.type("q")
    #expect(terminal.waitForEnd() == 0)
  }

  @Test(arguments: Program.all)
  func aSizeChangedMeanwhileIsTakenOver(_ program: Program) throws {
    let terminal = try PseudoTerminal(program)
    terminal.read()
    terminal.type("\u{1A}")
    #expect(terminal.read { $0.state == "T" })
    terminal.resize(columns: 100, rows: 30)
    terminal.signal(SIGCONT)
    terminal.read(quiet: 0.3)
    let fresh = try PseudoTerminal(program, columns: 100, rows: 30)
    fresh.read(quiet: 0.3)
    let screen = terminal.screen(columns: 100, rows: 30, from: terminal.lastClear)
    #expect(screen.lines[0] == fresh.screen(columns: 100, rows: 30).lines[0])
    #expect(screen.lines[29] == fresh.screen(columns: 100, rows: 30).lines[29])
  }
}
