import Canvas
import Datasets

/// What the palette's line may become.
extension CommandPalette {

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

    /// That in a width: an argument is cut at its front, since paths differ at their ends.
    func shown(within width: Int) -> String {
      guard let argument, shown.unicodeScalars.count > width else { return shown }
      return command.name + " " + shortenedAtFront(argument, to: width - command.name.unicodeScalars.count - 1)
    }
  }

  /// The command the whole line is, with its argument.
  static func parse(_ line: String) -> (command: Command, argument: String)? {
    parts(of: trimmed(line))
  }

  /// The command whose argument is being typed in a line, with what there is of it by now: a blank at its end begins the next
  /// word. Nil where no argument has been begun.
  private static func typing(_ line: String) -> (command: Command, wanted: Command.Argument, typed: String)? {
    guard let (command, typed) = parts(of: String(line.drop { $0 == " " })), let wanted = command.argument,
      !typed.isEmpty || line.hasSuffix(" ")
    else { return nil }
    return (command, wanted, typed)
  }

  /// The longest name of a command that a line begins with, and what follows after blanks.
  private static func parts(of line: String) -> (command: Command, argument: String)? {
    var best: (command: Command, argument: String)?
    for command in KeyTable.commands where command.isInPalette {
      guard line.prefix(command.name.count).lowercased() == command.name.lowercased() else { continue }
      let rest = line.dropFirst(command.name.count)
      guard rest.isEmpty || command.argument != nil && rest.first == " " else { continue }
      if best.map({ $0.command.name.count < command.name.count }) ?? true {
        // An argument may be a path: its letters stay as they are.
        best = (command, String(rest.drop { $0 == " " }))
      }
    }
    return best
  }

  /// The line that a person most likely meant whose command is none: the nearest name, with what follows as it is where
  /// that takes anything; nil where no name is near enough to be meant. Names have blanks too: as many words are taken for
  /// the name as make it with the fewest changes.
  static func nearest(to line: String) -> String? {
    let words = line.split(separator: " ").map(String.init)
    let names = KeyTable.commands.filter(\.isInPalette)
    var best: (line: String, changes: Int)?
    for count in (1...max(1, words.count)).reversed() {
      let typed = words.prefix(count).joined(separator: " ")
      let rest = words.dropFirst(count)
      let takes = rest.isEmpty ? names : names.filter { $0.argument != nil }
      guard let match = Nearest.match(to: typed, among: takes.map(\.name)), match.changes < best?.changes ?? .max
      else { continue }
      best = (([match.name] + rest).joined(separator: " "), match.changes)
    }
    if let best { return best.line }
    guard let first = words.first?.lowercased() else { return nil }
    // Then a name with a word that begins so, or else with one that is as near as a name has to be.
    func parts(_ command: Command) -> [String] { command.name.lowercased().split(separator: " ").map(String.init) }
    let beginning = names.filter { parts($0).contains { $0.hasPrefix(first) } }
    let near = Nearest.name(to: first, among: names.flatMap(parts))
    let found =
      beginning.first { $0.argument != nil || words.count == 1 } ?? beginning.first
      ?? names.first { command in near.map { parts(command).contains($0) } ?? false }
    guard let found else { return nil }
    return ([found.name] + (found.argument == nil ? [] : words.dropFirst())).joined(separator: " ")
  }

  /// What the text may become, best first.
  func matches(_ state: State) -> [Match] {
    if let (command, wanted, typed) = Self.typing(listed) {
      let argument = Self.trimmed(typed)
      let completed = Self.completions(of: wanted, typed, state)
      return [Match(command: command, argument: argument.isEmpty ? nil : argument)]
        + completed.map { Match(command: command, argument: $0) }
    }
    let text = Self.trimmed(listed.lowercased())
    var ranked: [(rank: Int, place: Int, command: Command)] = []
    for (place, command) in KeyTable.commands.enumerated() where command.isInPalette {
      if let rank = Self.rank(of: text, in: command) { ranked.append((rank, place, command)) }
    }
    if ranked.isEmpty, case .run(let command, let argument) = Self.begun(listed) {
      return [Match(command: command, argument: argument)]
    }
    return ranked.sorted { ($0.rank, $0.place) < ($1.rank, $1.place) }.map { Match(command: $0.command) }
  }

  /// What Enter does with the line.
  enum Meaning {
    /// Nothing is typed.
    case nothing
    case run(command: Command, argument: String)
    /// It begins the names of several commands, or words in them.
    case several([String])
    /// It begins none.
    case unknown
  }

  /// What the line means: what was selected by arrows; else the command it is, or the only one whose name, or else a word in
  /// its name, begins so; else the only one that takes what follows such a beginning. What merely has its letters in order is
  /// offered, and never run.
  func meaning(_ matches: [Match]) -> Meaning {
    if isChosen, matches.indices.contains(selected) {
      return .run(command: matches[selected].command, argument: matches[selected].argument ?? "")
    }
    let text = Self.trimmed(field.text.lowercased())
    guard !text.isEmpty else { return .nothing }
    if let (command, argument) = Self.parse(field.text) { return .run(command: command, argument: argument) }
    for rank in 1...2 {
      let found = matches.map(\.command).filter { Self.rank(of: text, in: $0) == rank }
      if let meant = Self.meaning(of: found, argument: "") { return meant }
    }
    return Self.begun(field.text) ?? .unknown
  }

  /// What a line means that begins a name and goes on with what that takes, the longest beginning first: `them light`.
  private static func begun(_ line: String) -> Meaning? {
    let words = line.split(separator: " ")
    for count in (1..<max(1, words.count)).reversed() {
      let beginning = words.prefix(count).joined(separator: " ").lowercased()
      let found = KeyTable.commands.filter {
        $0.isInPalette && $0.argument != nil && $0.name.lowercased().hasPrefix(beginning)
      }
      if let meant = meaning(of: found, argument: trimmed(String(line[words[count].startIndex...]))) { return meant }
    }
    return nil
  }

  /// The only one of `commands`, or the one that the names of all others go on from, as `grid` of `grid right`; nil where
  /// there is none.
  private static func meaning(of commands: [Command], argument: String) -> Meaning? {
    guard let shortest = commands.min(by: { $0.name.count < $1.name.count }) else { return nil }
    let isOnly = commands.allSatisfy { $0.name == shortest.name || $0.name.hasPrefix(shortest.name + " ") }
    return isOnly ? .run(command: shortest, argument: argument) : .several(commands.map(\.name))
  }

  /// Whether one of the matches is what Enter runs.
  func hasSelection(_ matches: [Match]) -> Bool { if case .run = meaning(matches) { true } else { false } }

  /// What an argument may become: names that begin with it, then paths, then names that only hold it.
  private static func completions(of wanted: Command.Argument, _ typed: String, _ state: State) -> [String] {
    let names = wanted.completions(state, typed)
    let paths = wanted.takesPath ? state.surroundings.paths(typed) : []
    // Names are known in whatever case they are typed; paths are what they are.
    let wanted = typed.lowercased()
    let beginning = names.filter { $0.lowercased().hasPrefix(wanted) }
    let holding =
      typed.count > 1 ? names.filter { !$0.lowercased().hasPrefix(wanted) && $0.lowercased().contains(wanted) } : []
    // A name that is a path, as a run's is, is offered once: not as its folder too.
    let named = Set(names.filter { $0.contains("/") }.map { $0 + "/" } + beginning)
    let others = paths.filter { !named.contains($0) }
    return (beginning + others + holding).filter { $0 != typed }
  }

  /// Completes the line to the match that arrows chose; else as far as all that it may become agree, and from there to one
  /// of them after the other.
  mutating func complete(_ state: State) {
    let matches = matches(state)
    guard matches.indices.contains(selected) else { return }
    func line(_ match: Match) -> String {
      match.line + (match.argument == nil && match.command.argument != nil ? " " : "")
    }
    let begun = Self.typing(listed).map { $0.command.name + " " + $0.typed }
    // The first line of arguments is what has been typed.
    let first = begun == nil ? 0 : 1
    let typed = begun ?? String(listed.drop { $0 == " " })
    let beginning = matches.dropFirst(first).filter { $0.line.lowercased().hasPrefix(typed.lowercased()) }
    let common = beginning.dropFirst().reduce(beginning.first?.line ?? "") { commonPrefix($0, $1.line) }
    let only = beginning.count == 1 ? beginning.first : matches.count == first + 1 ? matches.last : nil
    if isChosen, selected >= first {
      field.text = line(matches[selected])
    } else if turnedFrom == nil, let only {
      field.text = line(only)
    } else if turnedFrom == nil, common.count > typed.count {
      field.text = common
    } else if matches.count > first {
      let next = turnedFrom == nil || selected + 1 == matches.count ? first : selected + 1
      return turn(to: line(matches[next]), at: next)
    }
    (selected, isChosen) = (0, false)
  }

  private func commonPrefix(_ first: String, _ second: String) -> String {
    String(zip(first, second).prefix { $0.0 == $0.1 }.map(\.0))
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
