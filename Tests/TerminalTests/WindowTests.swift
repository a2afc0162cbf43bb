import Glibc
import TerminalHarness
import Testing
import TestRandom

/// What a person sees follows the window's size.
@Suite(.serialized) struct WindowTests {
  @Test(arguments: Program.all)
  func afterTwoHundredRandomSizesTheScreenIsThatOfAFreshStart(_ program: Program) throws {
    let terminal = try PseudoTerminal(program)
    terminal.read()
    var generator = SeededGenerator(seed: 6)
    for _ in 0..<200 {
      terminal.resize(columns: .random(in: 1...250, using: &generator), rows: .random(in: 1...70, using: &generator))
      if Bool.random(using: &generator) { terminal.read(quiet: 0.001, limit: 0.003) }
    }
    terminal.resize(columns: 100, rows: 30)
    terminal.read(quiet: 0.4)
    #expect(terminal.ending == nil)
    let fresh = try PseudoTerminal(program, columns: 100, rows: 30)
    fresh.read(quiet: 0.4)
    let seen = terminal.screen(columns: 100, rows: 30, from: terminal.lastClear)
    let expected = fresh.screen(columns: 100, rows: 30)
    let counter = expected.lines.indices.filter { expected.lines[$0].contains("event ") }
    for row in expected.lines.indices where !counter.contains(row) {
      #expect(seen.lines[row] == expected.lines[row], "row \(row)")
    }
    #expect(seen.unknown == [])
    terminal.type("q")
    #expect(terminal.waitForEnd() == 0)
    #expect(terminal.leftOn == [])
  }

  @Test(arguments: Program.all, [(1, 1), (2, 1), (1, 2), (3, 3), (10, 3), (20, 5), (40, 10), (79, 24), (300, 100)])
  func noSizeKeyOrClickCrashes(_ program: Program, _ size: (columns: Int, rows: Int)) throws {
    let terminal = try PseudoTerminal(program, columns: size.columns, rows: size.rows)
    terminal.read()
    #expect(!terminal.output.isEmpty)
    for text in [
      "j", "\t", "\r", "\u{1B}[A", "\u{1B}[C", "?", "\u{1B}", "m", "\u{1B}[<0;1;1M\u{1B}[<0;1;1m", "\u{1B}[<0;999;999M",
    ] {
      terminal.type(text)
      terminal.read(quiet: 0.01, limit: 0.2)
    }
    terminal.read()
    #expect(terminal.ending == nil)
    #expect(terminal.screen(columns: size.columns, rows: size.rows).unknown == [])
  }

  @Test(arguments: Program.all)
  func aStepIsADifferenceNeverAFullClear(_ program: Program) throws {
    let terminal = try PseudoTerminal(program)
    terminal.read(quiet: 0.3)
    let clears = terminal.screen().clearCount
    // To both sides, and not as far as an end: what a step costs depends on the picture.
    for (key, count) in [(program.step, 25), (program.stepBack, 50), (program.step, 25)] {
      var sizes: [Int] = []
      for _ in 0..<count {
        let before = terminal.output.count
        terminal.type(key)
        _ = terminal.read(limit: 5) { $0.output.count > before }
        terminal.read(quiet: 0.02, limit: 1)
        sizes.append(terminal.output.count - before)
      }
      #expect(sizes.allSatisfy { $0 > 0 })
      #expect(sizes.sorted()[count / 2] <= 2500, "\(sizes)")
    }
    #expect(terminal.screen().clearCount == clears)
    #expect(terminal.screen().unknown == [])
  }

  @Test(arguments: Program.all)
  func idleMeansNoWakeUpAndNoByte(_ program: Program) throws {
    let terminal = try PseudoTerminal(program)
    terminal.read(quiet: 0.5)
    terminal.type(program.step)
    terminal.read(quiet: 0.5)
    let before = terminal.wakeUps
    #expect(terminal.read(quiet: 3, limit: 3).isEmpty)
    #expect(terminal.wakeUps == before)
  }

  @Test(arguments: Program.all)
  func aSlowReaderIsNeverFarBehindAHeldKeyAndSeesTheLastFrame(_ program: Program) throws {
    let terminal = try PseudoTerminal(program)
    terminal.read(quiet: 0.3)
    terminal.readingSpeed = 10_000
    terminal.hold(100, program.step)
    let released = terminal.output.count
    terminal.read(quiet: 3.2, limit: 10)
    let backlog = terminal.output.count - released
    terminal.readingSpeed = nil
    // The frame under way and the last one.
    #expect(backlog <= 2 * 2500 + 1500)
    let fresh = try PseudoTerminal(program)
    fresh.read(quiet: 0.3)
    for index in 0..<100 {
      fresh.type(program.step(index))
      fresh.read(quiet: 0.002, limit: 0.1)
    }
    fresh.read(quiet: 0.3)
    let (seen, expected) = (terminal.screen(), fresh.screen())
    #expect(zip(seen.lines, expected.lines).filter { $0 != $1 }.map { "\($0) / \($1)" } == [])
    #expect(seen.hasPicture(of: expected))
  }
}
