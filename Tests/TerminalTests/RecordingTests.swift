import Foundation
import TerminalHarness
import Testing

/// `--record`: what a person sees is in the file as it is shown.
@Suite(.serialized) struct RecordingTests {
  /// The events of an asciicast, without its header.
  private func events(_ path: String) throws -> [(seconds: Double, kind: String, text: String)] {
    let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    #expect(text.hasSuffix("\n"), "every line is whole")
    return try text.split(separator: "\n").dropFirst().map { line in
      let event = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [Any])
      return (
        try #require(event[0] as? Double), try #require(event[1] as? String), try #require(event[2] as? String)
      )
    }
  }

  @Test func aSessionThatIsKilledIsRecordedUpToThen() throws {
    guard var program = Program.explorer else { return }
    program.arguments += ["--record", "session.cast"]
    let terminal = try PseudoTerminal(program, inHome: true)
    let path = "\(try #require(terminal.home))/session.cast"
    terminal.read()
    for _ in 0..<3 {
      terminal.type(program.step)
      terminal.read()
    }
    let recorded = try events(path)
    #expect(recorded.count >= 2 && recorded.allSatisfy { $0.kind == "o" })
    #expect(recorded.map(\.seconds) == recorded.map(\.seconds).sorted())
    // Played on another terminal it shows what this one does.
    var player = ScreenEmulator(width: 120, height: 40)
    for event in recorded { player.feed(Array(event.text.utf8)) }
    #expect(player.lines == terminal.screen().lines)
    #expect(player.unknown.isEmpty)
    terminal.resize(columns: 100, rows: 30)
    terminal.read()
    #expect(try events(path).contains { $0.kind == "r" && $0.text == "100x30" })
    terminal.signal(SIGKILL)
    #expect(terminal.waitForEnd() == -SIGKILL)
    #expect(try events(path).count > recorded.count)
  }

  @Test func whatCannotBeRecordedToIsToldBeforeTheScreenIsTaken() throws {
    guard var program = Program.explorer else { return }
    program.arguments += ["--record", "no/session.cast"]
    let terminal = try PseudoTerminal(program, inHome: true)
    #expect(terminal.waitForEnd() == 1)
    let output = String(decoding: terminal.output, as: UTF8.self)
    #expect(output.contains("no/session.cast") && !output.contains("\u{1B}[?1049h"))
  }
}
