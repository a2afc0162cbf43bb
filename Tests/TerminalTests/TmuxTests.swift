import Glibc
import TerminalHarness
import Testing

/// Under tmux, which is a terminal of its own making, the screen shows the same text.
@Suite(.serialized) struct TmuxTests {
  private static let tmux: String? = {
    let places: [String] = ["/usr/bin/tmux", "/usr/local/bin/tmux", "/bin/tmux"]
    let found = places.first { access($0, X_OK) == 0 }
    if found == nil { print("SKIPPED: the tmux tests, because tmux is not installed (apt-get install tmux)") }
    return found
  }()

  /// Runs a command and returns what it wrote to standard output.
  private func run(_ arguments: [String]) throws -> String {
    guard let tmux = Self.tmux else { return "" }
    let terminal = try PseudoTerminal(
      Program(name: "tmux", path: tmux, arguments: arguments), streams: [.noInput, .pipedOutput])
    let output = terminal.pipedOutput(limit: 5)
    _ = terminal.waitForEnd()
    return output
  }

  @Test(
    .enabled(if: TmuxTests.tmux != nil), arguments: Program.all,
    [
      (80, 24, "tmux-256color", "C.UTF-8"), (120, 40, "screen-256color", "C.UTF-8"),
      (250, 70, "tmux-256color", "C.UTF-8"),
      // Without UTF-8 ncurses has characters repeated, where the terminal's description knows how.
      (100, 30, "xterm-256color", "C"),
    ])
  func tmuxShowsWhatAPlainTerminalShows(
    _ program: Program, _ window: (columns: Int, rows: Int, type: String, locale: String)
  ) throws {
    let plain = try PseudoTerminal(
      program, columns: window.columns, rows: window.rows, environment: ["LC_ALL": window.locale])
    plain.read(quiet: 0.4)
    let expected = plain.screen(columns: window.columns, rows: window.rows).lines
    let socket = "zscope-test-\(getpid())-\(window.columns)"
    let server = ["-L", socket, "-f", "/dev/null"]
    defer { _ = try? run(server + ["kill-server"]) }
    _ = try run(
      server + [
        "new-session", "-d", "-x", "\(window.columns)", "-y", "\(window.rows)", "env", "TERM=\(window.type)",
        "LC_ALL=\(window.locale)",
      ] + (plain.home.map { ["HOME=\($0)"] } ?? []) + [program.path] + program.arguments)
    // A status line would take a row from the program: without it the pane is the window.
    _ = try run(server + ["set", "-g", "status", "off"])
    var shown: [String] = []
    for _ in 0..<30 {
      usleep(100_000)
      shown = try run(server + ["capture-pane", "-p"]).split(separator: "\n", omittingEmptySubsequences: false).map {
        var line = String($0)
        while line.last == " " { line.removeLast() }
        return line
      }
      while shown.count > expected.count, shown.last == "" { shown.removeLast() }
      while shown.count < expected.count { shown.append("") }
      if shown.count == expected.count, Self.differing(shown, expected) == [] { break }
    }
    #expect(shown.count == expected.count)
    #expect(Self.differing(shown, expected) == [])
  }

  /// The rows that differ, but for the probe's count of events: tmux changed the size once.
  private static func differing(_ shown: [String], _ expected: [String]) -> [String] {
    zip(shown, expected).filter { $0 != $1 && !$1.contains("event ") }.map { "\($0) / \($1)" }
  }
}
