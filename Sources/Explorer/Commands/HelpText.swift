/// The key table as lines: made from the table of commands, a short glossary, and nothing else.
enum HelpText {
  enum Line: Hashable {
    case title(String)
    /// Keys, what they do, and what the palette calls it.
    case entry(keys: String, summary: String, name: String?)
    case blank
  }

  /// What the words on the screen mean.
  static let glossary: [(word: String, meaning: String)] = [
    ("code", "the numbers a picture is decoded from, one a dimension: where you are in latent space"),
    ("nats", "units of information with natural logarithms: a bit is 0.69 nats"),
    ("ELBO", "the evidence lower bound on log p(image), in nats an image: higher is better"),
    ("KL", "how far codes are from the prior, in nats: how much a dimension tells of an image; the bar shows it"),
    ("active", "a dimension whose codes vary from image to image; the model ignores the others"),
    ("prior", "the normal distribution that codes are drawn from where no image is given"),
    ("ring", "a circle at 1, 2 or 3 deviations of the prior, around z = 0"),
    ("ellipse", "the posterior of the image at hand: one deviation around its code"),
    ("density", "a shade beneath regions where many codes lie; elsewhere no digit lives"),
    ("cross", "the current code in the scatter: each point is one image, the cross is you"),
    ("y", "the class, where a model has a variable for it: a cell a class, with its probability"),
    ("style", "what of a code is not the class: the handwriting"),
    (
      "probe",
      "a linear classifier of the codes: what can be read from them; it is asked only for codes it was not fitted to"
    ),
    ("held out", "images that training does not see: they tell what was learnt from what was learnt by heart"),
  ]

  /// All lines, beginning with the pane the person was in; with `words`, only those that have them all. What a control does
  /// is told as the objective of the state says it.
  static func lines(first: Context, words: String = "", of state: State? = nil) -> [Line] {
    var lines: [Line] = []
    let wanted = words.lowercased().split(separator: " ")
    func append(_ title: String, _ entries: [Line]) {
      let found = entries.filter { line in wanted.allSatisfy { has(line, $0) } }
      guard !found.isEmpty else { return }
      if !lines.isEmpty { lines.append(.blank) }
      lines.append(.title(title))
      lines += found
    }
    func entries(_ commands: [Command]) -> [Line] {
      commands.map { command in
        .entry(
          keys: command.keyNames.isEmpty ? ":" + command.name : KeyNames.all(command),
          summary: command.summary(in: state),
          name: command.isInPalette && !command.keyNames.isEmpty ? command.name : nil)
      }
    }
    let commands = KeyTable.commands
    func special(_ context: Context) -> [Line] {
      entries(commands.filter { $0.contexts?.contains(context) ?? false })
    }
    append(first.title, special(first))
    append("Everywhere", entries(commands.filter { $0.contexts == nil }))
    for context in Context.all where context != first { append(context.title, special(context)) }
    append("Words", glossary.map { .entry(keys: $0.word, summary: $0.meaning, name: nil) })
    return lines
  }

  private static func has(_ line: Line, _ word: Substring) -> Bool {
    guard case .entry(let keys, let summary, let name) = line else { return false }
    return [keys, summary, name ?? ""].contains { KeyNames.spelled($0).lowercased().contains(word) }
      || keys.lowercased().contains(word)
  }

  /// Where sections begin.
  static func titles(in lines: [Line]) -> [Int] {
    lines.indices.filter { if case .title = lines[$0] { true } else { false } }
  }

  /// The columns that keys take.
  static let keysWidth = 16

  /// The lines as they fit a window: summaries go on below where they are longer than a column.
  static func wrapped(
    first: Context, words: String = "", in size: (width: Int, height: Int), of state: State? = nil
  ) -> [Line] {
    let room = max(10, (size.width - 2) / columns(in: size) - keysWidth - 2)
    return lines(first: first, words: words, of: state).flatMap { line -> [Line] in
      guard case .entry(let keys, let summary, let name) = line else { return [line] }
      let text = summary + (name.map { " :" + $0.replacing(" ", with: "\u{A0}") } ?? "")
      return wordWrapped(text, to: room).enumerated().map {
        .entry(keys: $0.offset == 0 ? keys : "", summary: $0.element.replacing("\u{A0}", with: " "), name: nil)
      }
    }
  }

  static func columns(in size: (width: Int, height: Int)) -> Int {
    size.width >= 200 ? 3 : size.width >= 116 ? 2 : 1
  }

  /// How many lines are seen at once.
  static func height(in size: (width: Int, height: Int)) -> Int {
    max(1, size.height - 4) * columns(in: size)
  }
}
