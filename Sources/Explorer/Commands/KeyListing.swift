/// The key table in Markdown: the README's reference is this text.
enum KeyListing {
  /// A table with a row for every command of the panes, each once, under the panes it is for.
  static var markdown: String {
    var groups: [(title: String, rows: [String])] = []
    for command in KeyTable.commands where command.isInPalette {
      let title = title(of: command)
      let place = groups.firstIndex { $0.title == title } ?? groups.endIndex
      if place == groups.endIndex { groups.append((title, [])) }
      groups[place].rows.append(row(command))
    }
    let header = ["| keys | in the palette | what it does |", "|---|---|---|"]
    return (header + groups.flatMap { ["| **\($0.title)** | | |"] + $0.rows }).joined(separator: "\n")
  }

  private static func title(of command: Command) -> String {
    guard let contexts = command.contexts else { return "Everywhere" }
    return Context.all.filter(contexts.contains).map(\.title).joined(separator: ", ")
  }

  private static func row(_ command: Command) -> String {
    let keys = KeyNames.list(command).map(quoted)
    let argument = command.argument.map { $0.isOptional ? " [\($0.placeholder)]" : " \($0.placeholder)" } ?? ""
    let name = quoted(":\(command.name)\(argument)")
    return "| \(keys.joined(separator: " ")) | \(name) | \(escaped(command.summary)) |"
  }

  private static func quoted(_ text: some StringProtocol) -> String { "`\(escaped(String(text)))`" }

  /// A bar ends a cell, even within a code span.
  private static func escaped(_ text: String) -> String { text.replacing("|", with: "\\|") }
}
