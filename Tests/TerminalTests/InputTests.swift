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

  /// The terminal's answer to the frame before is no key: where it comes just behind one, the key's frame is drawn all the
  /// same, whatever else is typed or not.
  @Test(.enabled(if: Program.explorer != nil)) func anAnswerRightBehindAKeyHoldsNoFrameBack() throws {
    let program = try #require(Program.explorer)
    let terminal = try PseudoTerminal(program)
    terminal.read()
    terminal.type("Z")
    terminal.read(quiet: 0.3)
    for attempt in 0..<80 {
      terminal.type(attempt % 2 == 0 ? "l" : "h")
      usleep(UInt32(attempt * 12))
      terminal.type("\u{1B}[0n")
      terminal.read(quiet: 0.06, limit: 2)
      #expect(terminal.screen().shows("+0.10") == (attempt % 2 == 0), "attempt \(attempt)")
    }
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

  @Test func theAnswerAboutTheGroundIsAnEventWheneverItComes() throws {
    let terminal = try PseudoTerminal(Program.probe)
    terminal.ground = "rgb:fdfd/f6f6/e3e3"
    #expect(terminal.read { $0.screen().shows("ground light") })
    terminal.type("\u{1B}[?997;1n")
    #expect(terminal.read { $0.screen().shows("ground dark") })
    // The answer comes in pieces, and much later.
    for byte in Array("\u{1B}]11;#ffffff\u{7}".utf8) {
      terminal.type([byte])
      terminal.read(quiet: 0.005, limit: 0.02)
    }
    #expect(terminal.read { $0.screen().shows("ground light") })
    terminal.type("q")
    #expect(terminal.waitForEnd() == 0)
    #expect(terminal.leftOn == [])
  }

  @Test func withoutAnAnswerTheGroundIsWhatTheEnvironmentHintsAt() throws {
    let terminal = try PseudoTerminal(Program.probe, environment: ["COLORFGBG": "0;15"])
    terminal.read()
    terminal.type("j")
    terminal.read()
    // Known from the start: no event tells it.
    #expect(terminal.screen().shows("ground unknown"))
    terminal.type("\u{1B}]11;rgb:0000/0000/0000\u{1B}\\")
    #expect(terminal.read { $0.screen().shows("ground dark") })
  }

  @Test(arguments: Program.all)
  func aStringFromTheTerminalIsNotTypedIn(_ program: Program) throws {
    let terminal = try PseudoTerminal(program)
    terminal.read()
    // The first start's hint stays until a key: let it go, so that only a string that acts changes the screen.
    terminal.type("\u{1B}")
    terminal.read()
    let before = terminal.screen().lines
    for string in [
      "\u{1B}]l my title q\u{1B}\\", "\u{1B}]0;q q q\u{7}", "\u{1B}P1$r0mq\u{1B}\\", "\u{1B}P>|terminal q 1.0\u{1B}\\",
      "\u{1B}_Gi=1;q\u{1B}\\", "\u{1B}^q\u{1B}\\", "\u{1B}Xq\u{1B}\\", "\u{9D}0;q\u{9C}", "\u{90}q\u{9C}",
      "\u{1B}[?64;1;2c",
      "\u{1B}[>41;354;0c", "\u{1B}[12;40R", "\u{1B}[?2004;1$y", "\u{1B}[I\u{1B}[O", "\u{1B}[8;40;120t", "\u{1B}(q",
      "\u{1B}Nq",
      "\u{1B}[99;3:3u",
    ] {
      // Whole, and cut everywhere by a line so slow that each byte comes alone.
      terminal.type(string)
      terminal.read(quiet: 0.03, limit: 0.5)
      let bytes = Array(string.utf8)
      // An escape byte that nothing follows for a while is a key, so the first two come together.
      terminal.type(Array(bytes.prefix(2)))
      for byte in bytes.dropFirst(2) {
        terminal.read(quiet: 0.01, limit: 0.05)
        terminal.type([byte])
      }
      terminal.read(quiet: 0.03, limit: 0.5)
      // An escape alone that was cut off acts as Escape, and the rest does not act at all.
      if bytes[0] == 0x1B, bytes.count > 3, [0x5B, 0x5D, 0x50, 0x5F, 0x5E, 0x58].contains(bytes[1]) {
        terminal.type([0x1B])
        terminal.read(quiet: 0.12, limit: 0.5)
        terminal.type(Array(bytes.dropFirst()))
        terminal.read(quiet: 0.03, limit: 0.5)
      }
      #expect(terminal.ending == nil, "\(bytes)")
    }
    if program.name == "zscope" { #expect(terminal.screen().lines == before) }
    terminal.type("q")
    #expect(terminal.waitForEnd() == 0)
  }

  @Test func escapeWaitsAsLongAsTheEnvironmentSays() throws {
    let terminal = try PseudoTerminal(Program.probe, environment: ["ESCDELAY": "700"])
    terminal.read()
    terminal.type("\u{1B}")
    terminal.read(quiet: 0.25, limit: 0.3)
    #expect(!terminal.screen().shows("key(escape)"))
    terminal.type("[A")
    #expect(terminal.read { $0.screen().shows("key(up)") })
    terminal.type("\u{1B}")
    #expect(terminal.read { $0.screen().shows("key(escape)") })
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
