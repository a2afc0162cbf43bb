import Glibc
import TerminalHarness
import Testing
import TestRandom

/// Whatever is typed, pasted or clicked.
@Suite(.serialized) struct InputTests {
  @Test(arguments: Program.all)
  func aHundredThousandRandomBytesDoNotEndIt(_ program: Program) throws {
    let terminal = try PseudoTerminal(program)
    terminal.read()
    var generator = SeededGenerator(seed: 4)
    // Everything but the keys that are meant to end it.
    let alphabet: [UInt8] = [27, 91, 59, 63, 255, 195, 226, 40, 0, 1, 77, 109, 126, 65, 79, 60, 128] + Array(48...57)
    for _ in 0..<400 {
      terminal.type((0..<250).map { _ in alphabet.randomElement(using: &generator) ?? 27 })
      terminal.read(quiet: 0.001, limit: 0.05)
    }
    terminal.read(quiet: 0.3)
    #expect(terminal.ending == nil)
    // An unfinished paste among them ends by itself after two seconds.
    terminal.read(quiet: 2.2, limit: 2.2)
    terminal.type("\u{1B}")
    terminal.read(quiet: 0.2)
    terminal.type("\u{3}")
    #expect(terminal.waitForEnd() == -SIGINT)
    #expect(terminal.leftOn == [])
  }

  @Test(arguments: Program.all)
  func pastedKeysAreNotKeys(_ program: Program) throws {
    let terminal = try PseudoTerminal(program)
    terminal.read()
    #expect(terminal.screen().modes[2004] == true)
    terminal.type("\u{1B}[200~qqq\u{1B}[201~")
    terminal.read()
    terminal.type("\u{1B}[200~qq")
    terminal.read()
    terminal.type("q\u{1B}[201~")
    terminal.read()
    #expect(terminal.ending == nil)
    terminal.type("\u{1B}")
    terminal.read()
    terminal.type("q")
    #expect(terminal.waitForEnd() == 0)
  }

  @Test func theMouseReportsOnlyWhileAskedTo() throws {
    let terminal = try PseudoTerminal(Program.probe)
    terminal.read()
    #expect(terminal.screen().modes[1002] != true)
    terminal.type("m")
    terminal.read()
    #expect(terminal.screen().modes[1002] == true && terminal.screen().modes[1006] == true)
    terminal.type("\u{1B}[<0;11;6M")
    terminal.read()
    #expect(terminal.screen().shows("press at 10,5"))
    terminal.type("m")
    terminal.read()
    #expect(terminal.screen().modes[1002] == false && terminal.screen().modes[1006] == false)
  }

  @Test func anEscapeAloneIsAKeyAndBeforeALetterIsAlt() throws {
    let terminal = try PseudoTerminal(Program.probe)
    terminal.read()
    terminal.type("\u{1B}")
    #expect(terminal.read { $0.screen().shows("key(escape)") })
    terminal.type("\u{1B}j")
    #expect(terminal.read { $0.screen().shows("key(alt-j)") })
  }

  @Test func theHardwareCursorRestsWhereTheFrameSays() throws {
    let terminal = try PseudoTerminal(Program.probe)
    terminal.read()
    terminal.type(Program.probe.step)
    terminal.read()
    let screen = terminal.screen()
    #expect((screen.column, screen.row) == (9, 16))
    #expect(screen.modes[25] != false)
  }

  @Test func keysTypedAheadAreAllTakenAndOnlyTheEndIsDrawn() throws {
    let terminal = try PseudoTerminal(Program.probe)
    terminal.read()
    let before = terminal.output.count
    terminal.type(String(repeating: "\u{1B}[C", count: 500))
    terminal.read(quiet: 0.3)
    #expect(terminal.screen().shows("slider 500"))
    #expect(terminal.output.count - before < 50 * 2500)
  }
}
