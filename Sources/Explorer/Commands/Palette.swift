/// The command palette: a line of text, and the commands it may become.
struct CommandPalette: Sendable {
  var field = TextField()
  /// Which match is selected.
  var selected = 0

  init() {}

  /// One line the text may become.
  struct Match: Sendable {
    var command: Command
    /// The argument, where one is completed.
    var argument: String?

    /// The line as it would be typed.
    var line: String { command.name + (argument.map { " " + $0 } ?? "") }
    /// The line with a placeholder for what is missing.
    var shown: String {
      guard argument == nil, let wanted = command.argument else { return line }
      return command.name + " " + (wanted.isOptional ? "[\(wanted.placeholder)]" : wanted.placeholder)
    }
  }

  /// The command the whole line is, with its argument.
  static func parse(_ line: String) -> (command: Command, argument: String)? {
    let line = trimmed(line)
    var best: (command: Command, argument: String)?
    for command in KeyTable.commands where command.isInPalette {
      guard line.prefix(command.name.count).lowercased() == command.name else { continue }
      let rest = line.dropFirst(command.name.count)
      guard rest.isEmpty || command.argument != nil && rest.first == " " else { continue }
      if best.map({ $0.command.name.count < command.name.count }) ?? true {
        // An argument may be a path: its letters stay as they are.
        best = (command, trimmed(String(rest)))
      }
    }
    return best
  }

  /// What the text may become, best first.
  func matches(_ state: State) -> [Match] {
    if let (command, argument) = Self.parse(field.text), let wanted = command.argument,
      !argument.isEmpty || field.text.hasSuffix(" ")
    {
      let completed = wanted.completions(state, argument).filter { $0.hasPrefix(argument) && $0 != argument }
      return [Match(command: command, argument: argument.isEmpty ? nil : argument)]
        + completed.map { Match(command: command, argument: $0) }
    }
    let text = Self.trimmed(field.text.lowercased())
    var ranked: [(rank: Int, place: Int, command: Command)] = []
    for (place, command) in KeyTable.commands.enumerated() where command.isInPalette {
      if let rank = Self.rank(of: text, in: command) { ranked.append((rank, place, command)) }
    }
    return ranked.sorted { ($0.rank, $0.place) < ($1.rank, $1.place) }.map { Match(command: $0.command) }
  }

  /// How well a command fits: 0 exactly, 1 from the beginning, 2 from the beginning of a word, 3 letters in order, 4 by
  /// its description; nil not at all.
  private static func rank(of text: String, in command: Command) -> Int? {
    if text.isEmpty { return 1 }
    if command.name == text { return 0 }
    if command.name.hasPrefix(text) { return 1 }
    if command.name.split(separator: " ").contains(where: { $0.hasPrefix(text) }) { return 2 }
    var rest = text[...]
    for character in command.name where character == rest.first { rest = rest.dropFirst() }
    if rest.isEmpty { return 3 }
    return text.count > 2 && command.summary.lowercased().contains(text) ? 4 : nil
  }

  private static func trimmed(_ text: String) -> String {
    var text = text[...]
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
