import Glibc
import TerminalHarness
import Testing

/// What the terminal can do is known before anything is written to it.
@Suite(.serialized) struct StartingTests {
  private func expectRefusal(_ terminal: PseudoTerminal, saying words: String) {
    #expect(terminal.waitForEnd() == 2)
    let text = String(decoding: terminal.output, as: UTF8.self)
    #expect(!terminal.output.contains(0x1B))
    #expect(text.contains(words), "\(text)")
    #expect(text.split(separator: "\r\n").count == 1)
    #expect(terminal.leftOn == [])
  }

  @Test(arguments: Program.all)
  func aTerminalThatIsNoneIsRefusedInOneLine(_ program: Program) throws {
    expectRefusal(try PseudoTerminal(program, streams: .noInput), saying: "standard input")
    let piped = try PseudoTerminal(program, streams: .pipedOutput)
    expectRefusal(piped, saying: "standard output")
    #expect(piped.pipedOutput() == "")
  }

  @Test(arguments: Program.all)
  func aTypeThatSaysTooLittleIsRefusedInOneLine(_ program: Program) throws {
    expectRefusal(try PseudoTerminal(program, environment: ["TERM": nil as String?]), saying: "TERM is not set")
    expectRefusal(try PseudoTerminal(program, environment: ["TERM": ""]), saying: "TERM is not set")
    expectRefusal(try PseudoTerminal(program, environment: ["TERM": "dumb"]), saying: "cannot place its cursor")
    expectRefusal(try PseudoTerminal(program, environment: ["TERM": "nonsense-42"]), saying: "no description")
  }

  /// The colours in what a program writes: none, of the first eight, of the first sixteen, of the palette, or direct.
  private func colors(_ terminal: PseudoTerminal) -> String {
    let text = String(decoding: terminal.output, as: UTF8.self)
    if text.contains(";2;") || text.contains("8:2:") { return "direct" }
    if text.contains("8;5;") { return "palette" }
    if text.contains(/\x1B\[(?:[0-9;]*;)?(?:9[0-7]|10[0-7])(?:;[0-9;]*)?m/) { return "sixteen" }
    if text.contains(/\x1B\[(?:[0-9;]*;)?[34][0-7](?:;[0-9;]*)?m/) { return "eight" }
    return "none"
  }

  @Test func coloursComeFromTheDescriptionUnlessForcedOrForbidden() throws {
    func level(_ variables: [String: String?], _ arguments: [String] = []) throws -> String {
      var program = Program.probe
      program.arguments = arguments
      let terminal = try PseudoTerminal(program, environment: variables)
      terminal.read(quiet: 0.1)
      #expect(terminal.ending == nil)
      let line = terminal.screen().lines.first ?? ""
      let shown = line.split(separator: " ").dropFirst(3).first.map(String.init) ?? ""
      return "\(shown) \(colors(terminal))"
    }
    #expect(try level([:]) == "256 palette")
    #expect(try level(["COLORTERM": "truecolor"]) == "256 palette")
    #expect(try level(["TERM": "vt100", "COLORTERM": "truecolor"]) == "mono none")
    #expect(try level(["TERM": "xterm"]) == "8 eight")
    #expect(try level(["NO_COLOR": "1"]) == "mono none")
    #expect(try level(["NO_COLOR": ""]) == "256 palette")
    #expect(try level(["NO_COLOR": "1"], ["--color", "256"]) == "256 palette")
    #expect(try level([:], ["--color", "mono"]) == "mono none")
    #expect(try level([:], ["--color", "8"]) == "8 eight")
    #expect(try level([:], ["--color", "16"]).hasPrefix("16 "))
    #expect(try level(["TERM": "xterm"], ["--color", "256"]) == "256 palette")
  }

  @Test(arguments: Program.all, ["C", "POSIX", "en_US.ISO-8859-1"])
  func withoutUnicodeOnlyASCIIIsWritten(_ program: Program, _ locale: String) throws {
    let terminal = try PseudoTerminal(program, environment: ["LC_ALL": locale])
    terminal.read()
    terminal.type(program.step)
    terminal.read()
    #expect(terminal.ending == nil)
    #expect(terminal.output.allSatisfy { $0 < 0x80 })
    #expect(terminal.screen().lines.contains { !$0.isEmpty })
  }

  @Test(arguments: Program.all)
  func onlyGlyphsOneColumnWideReachTheScreen(_ program: Program) throws {
    let terminal = try PseudoTerminal(program)
    terminal.read()
    for key in [program.step, "?", "\u{1B}", "\t", program.step] {
      terminal.type(key)
      terminal.read(quiet: 0.1)
    }
    #expect(terminal.screen().suspicious == [])
    #expect(terminal.screen().unknown == [])
  }

  /// Some descriptions give no size (the Linux console's), some no way to move but by address.
  @Test(arguments: ["linux", "vt100", "vt220", "ansi", "rxvt", "screen", "tmux", "cygwin", "sun"])
  func terminalsOfManyTypesShowTheSameText(_ type: String) throws {
    let terminal = try PseudoTerminal(Program.probe, environment: ["TERM": type])
    terminal.read()
    #expect(terminal.ending == nil)
    #expect(terminal.screen().lines[16].hasPrefix("│ slider 0"))
    for _ in 0..<3 { terminal.type(Program.probe.step) }
    terminal.read()
    #expect(terminal.screen().lines[16].hasPrefix("│ slider 3"))
    #expect(terminal.screen().lines[39].hasPrefix("└──"))
    terminal.type("q")
    #expect(terminal.waitForEnd() == 0)
  }

  @Test func aLocaleThatIsNotInstalledKeepsItsCharacters() throws {
    let terminal = try PseudoTerminal(Program.probe, environment: ["LC_ALL": "xx_YY.UTF-8"])
    terminal.read()
    #expect(terminal.screen().shows("┌─ probe"))
  }

  @Test func theTerminalsPaletteIsLeftAlone() throws {
    let terminal = try PseudoTerminal(Program.probe)
    terminal.read()
    terminal.type("\u{1A}")
    #expect(terminal.read { $0.state == "T" })
    terminal.signal(SIGCONT)
    terminal.read()
    terminal.type("q")
    #expect(terminal.waitForEnd() == 0)
    // Its ground is asked for; nothing else of it is touched.
    let written = String(decoding: terminal.output, as: UTF8.self).replacing("\u{1B}]11;?\u{1B}\\", with: "")
    #expect(!written.contains("\u{1B}]"))
  }
}
