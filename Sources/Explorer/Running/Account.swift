import Canvas
import HarmlessText

/// The state as linear text: what a screen reader reads or a log keeps.
enum Account {
  static func of(_ state: State) -> String { lines(state).joined(separator: "\n") }

  static func lines(_ state: State) -> [String] {
    var lines: [String] = []
    let subject = state.subject
    if subject.latentSize == 0 {
      lines.append("No model is open. T trains one; :open NAME opens one.")
    } else {
      var line = "Model \(subject.name), \(subject.shape), \(subject.epochText)"
      if let bound = subject.bound {
        line += ", ELBO \(Numbers.fixed(bound, 1)) nats"
        line += subject.boundImages == .heldOut ? " on held-out images" : " on training images"
      }
      lines.append(line + ".")
    }
    lines.append("Screen \(state.screen.rawValue); keys go to: \(state.context.title.lowercased()).")
    if let large = state.largePane.flatMap(PaneKind.named) { lines.append("Large: \(large.title.lowercased()).") }
    if state.latentSize > 0, state.ordersByDivergence { lines.append("Sliders: ordered by KL.") }
    if state.animation != nil {
      lines.append("Playing: \(state.selectionWords), \(Numbers.counted(state.speed, "step")) a second.")
    }
    // Of a window that is too small to draw anything in, what the screen would show is told.
    let (layout, panes) = (state.layout, ScreenKind.named(state.screen)?.panes ?? [])
    func isTold(_ pane: Pane) -> Bool { layout.map { $0.has(pane) } ?? panes.contains(pane) }
    lines += PaneKind.all.filter { $0.speaksEverywhere || isTold($0.pane) }.flatMap { $0.words(state) }
    lines += overlay(state)
    if let message = state.message {
      let kind = message.isError ? "Error: " : message.isWarning ? "Warning: " : "Note: "
      // What warns of a training may stand among what is told of it.
      if !message.isWarning || !lines.contains(where: { $0.hasPrefix(kind) }) { lines.append(kind + message.text) }
    }
    // What a name holds stays in its line, and acts on nothing.
    return lines.map { plain($0).harmlessLine }
  }

  /// The lines that say something new, in their order, and what belongs to one that ends with a colon, set in below it;
  /// after a key a message always does, be it the same as before.
  static func changes(from before: [String], to now: [String], afterKey: Bool = true) -> [String] {
    let known = Set(before)
    var isBelowNews = false
    let news = now.filter { line in
      if !line.hasPrefix("  ") { isBelowNews = line.hasSuffix(":") && !known.contains(line) }
      return isBelowNews || !known.contains(line)
        || afterKey && (line.hasPrefix("Error: ") || line.hasPrefix("Note: "))
    }
    // Something may have ended without anything in its place. Beside news only the end of what lasts is told: what another
    // pane shows has not ended.
    let left = Set(now)
    let gone = before.filter { line in
      guard !left.contains(line), !line.hasPrefix("Error: "), !line.hasPrefix("Note: ") else { return false }
      return news.isEmpty
        || lasting.contains { label in line.hasPrefix(label) && !now.contains { $0.hasPrefix(label) } }
    }
    let told = news + gone.map { "No longer: \($0)" }
    return told.isEmpty ? ["Nothing has changed."] : told
  }

  /// How lines begin that tell of what lasts until a person ends it.
  private static let lasting = ["Marks: ", "Large: ", "Playing: ", "Sliders: "]

  /// Words and ASCII in place of signs that a screen reader leaves out or a log cannot hold; letters stay as they are.
  static func plain(_ line: String) -> String {
    // Of what is left out, and of a range, one dot would make the end of a sentence, or a number.
    let spelled = KeyNames.spelled(line).replacing("…", with: "...")
    let scalars = spelled.unicodeScalars.map { $0.asciiLikeness == "?" ? $0 : $0.asciiLikeness }
    return String(String.UnicodeScalarView(scalars))
  }

  /// The most lines of the key table that are told together.
  private static let mostOfHelp = 20

  /// The section of the key table that has been scrolled to, or all that has the words looked for where that is little.
  private static func help(_ view: State.HelpView, _ state: State) -> [String] {
    let words = view.words.text
    let sections = HelpText.lines(first: state.contextBeneath, words: words, of: state).split(separator: .blank)
    // Each section is a title and its entries.
    let count = sections.reduce(0) { $0 + $1.count - 1 }
    guard count > 0 else { return ["Nothing here has the words “\(words)”."] }
    let before = HelpText.wrapped(first: state.contextBeneath, words: words, in: state.size, of: state)
      .prefix(view.firstLine + 1)
    let place = min(max(0, HelpText.titles(in: Array(before)).count - 1), sections.count - 1)
    let isWhole = count <= mostOfHelp
    var lines = words.isEmpty ? [] : ["\(Numbers.counted(count, "line")) with “\(words)”."]
    if !isWhole {
      lines.append(
        "Section \(place + 1) of \(sections.count) of the key table: down tells the next, / looks for words.")
    }
    return lines
      + (isWhole ? sections[...] : sections[place...place]).joined().map { line in
        switch line {
        // What the words have left of a section is told anew.
        case .title(let text): words.isEmpty ? "\(text):" : "\(text), with “\(words)”:"
        case .entry(let keys, let summary, let name): "  \(keys): \(summary)" + (name.map { "  :\($0)" } ?? "")
        case .blank: ""
        }
      }
  }

  /// The classes that an answer can name.
  private static func listing(_ classes: String?) -> [String] { classes.map { ["Classes: \($0)"] } ?? [] }

  private static func overlay(_ state: State) -> [String] {
    switch state.overlay {
    case .none: return []
    case .help(let view): return help(view, state)
    case .palette(let palette):
      return ["Palette: \(palette.field.text)"]
        + palette.matches(state).prefix(8).map { "  \($0.shown): \($0.command.summary(in: state))" }
    case .value(let field):
      return ["Typing a value: \(field.text)"]
        + listing(state.selectedChoice.flatMap { ClassText.list(of: $0.namedClasses) })
    case .question(let asked):
      let classes = asked.question.asksForClasses ? ClassText.list(state, asked.question) : nil
      return ["Asked: \(asked.question.text(ClassText.range(state, asked.question))): \(state.shown(asked))"]
        + listing(classes)
    case .form(let form):
      return ["Form: train a model"]
        + form.lines.map {
          let isNone = $0 == .preset && form.text($0).isEmpty
          let text = $0 == .run ? form.runPath ?? form.freshRun : isNone ? "none" : form.text($0)
          return "\($0 == form.focus ? "> " : "  ")\(form.title(of: $0)): \(text)"
        }
        + (form.takenOver.map { ["  \($0)"] } ?? []) + (form.awaited == nil ? [] : ["Note: \(form.help)"])
        + (form.problem.map { ["Error: \($0)"] } ?? [])
    case .confirmation(let confirmation): return ["Asked: \(confirmation.question) y or n"]
    case .quitting: return ["\(state.liveSentence): s saves it and quits, d quits without, Esc goes on."]
    }
  }
}
