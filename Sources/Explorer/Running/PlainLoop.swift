import Canvas
import Glibc
import HarmlessText

/// The explorer as a conversation in lines: a line of keys in (as for `--keys`; `:` and a command's name also work), a
/// linear account of the state out.
enum PlainLoop {
  static func run(_ options: ExplorerOptions) throws -> Int32 {
    let size = options.size ?? (120, 40)
    var state = State(width: size.width, height: size.height)
    state.isPlain = true
    let exploration = Exploration(state: state)
    let memory = Memory()
    exploration.begin(options, memory: memory)
    if let problem = exploration.problem(opening: options.model) {
      Explorer.report(problem)
      return Explorer.failure
    }
    let loop = ScriptedLoop(
      exploration, rendition: Rendition(colors: .mono), folder: options.frames, interruption: options.interruption)
    try loop.waitForWhatWasAsked()
    try loop.run(try Script(""))
    exploration.inform()
    tell(Account.of(exploration.state))
    tell("Type keys, such as right*5 or :random, and Enter: what changes is told, an empty line tells all; q leaves.")
    var told = Account.lines(exploration.state)
    var lines = LineReader(interruption: options.interruption)
    while exploration.state.ending == nil, let next = lines.next() {
      let line = String(next.drop(while: \.isWhitespace))
      do {
        var hasKeys = true
        if line.hasPrefix(":") {
          // Whatever else is being typed or asked gives way: its keys would take the line for theirs.
          exploration.send(.leaveOverlay)
          try loop.run(try Script(":"))
          for scalar in line.dropFirst().unicodeScalars { exploration.send(.paste(String(scalar))) }
          try loop.run(try Script("enter"))
          // A line that was not understood must not be the beginning of the next.
          exploration.send(.leaveLine)
        } else {
          let script = try Script(line)
          hasKeys = script.hasKeys
          try loop.run(script)
        }
        guard exploration.state.ending == nil else { continue }
        exploration.inform()
        let now = Account.lines(exploration.state)
        // What is still asked takes the next keys: it is told again.
        let known = told.filter { !($0.hasPrefix("Asked: ") && now.contains($0)) }
        tell((line.isEmpty ? now : Account.changes(from: known, to: now, afterKey: hasKeys)).joined(separator: "\n"))
        told = now
      } catch let error as ScriptError {
        tell(Account.plain("Error: " + error.description.replacing("--keys: ", with: "")))
      }
    }
    // What was still being read when the input ended is told too.
    if exploration.state.ending == nil, exploration.isAwaiting {
      try loop.waitForWhatWasAsked()
      try loop.run(try Script(""))
      exploration.inform()
      let now = Account.lines(exploration.state)
      tell(Account.changes(from: told, to: now, afterKey: false).joined(separator: "\n"))
    }
    for line in exploration.finish() + memory.save(exploration.state) { Explorer.report(line) }
    return Explorer.status(after: options.interruption)
  }

  /// Prints at once: who listens through a pipe must not wait for a buffer to fill.
  private static func tell(_ text: String) {
    print(text.harmless)
    fflush(nil)
  }
}
