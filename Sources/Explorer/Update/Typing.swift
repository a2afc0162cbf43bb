import Terminal

/// What a key or a pasted text comes to where text is typed, something is asked, or no command takes it.
extension State {
  /// A key that no command takes: text where text is typed, the beginning of a value on a slider.
  mutating func type(_ key: Key, in context: Context) -> [Effect] {
    switch overlay {
    case .palette(var palette):
      guard palette.field.take(key) else {
        refuse(key, "type a command")
        break
      }
      (palette.selected, palette.isChosen) = (0, false)
      overlay = .palette(palette)
      return lookIntoFolder(palette)
    case .value(var field):
      if selectedChoice == nil, case .character(let scalar) = key.code, !Numbers.canContain(scalar),
        key.modifiers.isEmpty
      {
        message = .error("a value is a number such as 0.5: \(key) is no part of one; Esc leaves")
      } else if field.take(key) {
        overlay = .value(field)
      } else {
        refuse(key, selectedChoice == nil ? "type a number such as 0.5" : "type the name of a class")
      }
    case .form(var form):
      guard isEditable(form) else { break }
      guard form.type({ $0.take(key) }) else {
        refuse(key, "type what the line is to say")
        break
      }
      form.problem = nil
      overlay = .form(form)
    case .question: return answer(key)
    case .help(var view):
      guard view.isTyping, view.words.take(key) else {
        refuse(key, view.isTyping ? "type the words to look for" : "/ searches this table")
        break
      }
      view.firstLine = 0
      overlay = .help(view)
    case .quitting: refuse(key, "s saves the run and quits, d quits without")
    case .confirmation: refuse(key, "y or n answers")
    case .none:
      if Context.sliding.contains(context), case .character(let scalar) = key.code, key.modifiers.isEmpty,
        ("0"..."9").contains(scalar) || scalar == "-" || scalar == "+"
      {
        // Of few classes a digit chooses one at once.
        if let choice = selectedChoice, let place = chosenClass(by: scalar, of: choice) {
          setSelected(to: Float(place))
          return []
        }
        promptValue(scalar == "+" ? "" : String(scalar))
      } else {
        message = .note(meaningless(key, in: context))
      }
    }
    return []
  }

  /// Whether the lines of a form can be changed; says why not where its data are being opened.
  mutating func isEditable(_ form: TrainingForm) -> Bool {
    if form.awaited != nil { message = .note("the data are being opened: Esc leaves the form") }
    return form.awaited == nil
  }

  /// Says of a key that means nothing to what is typed or asked what does.
  mutating func refuse(_ key: Key, _ wanted: String) {
    message = .note("\(key) means nothing here: \(wanted), or leave with Esc")
  }

  /// What to say of a key that no command takes here: where it does mean something, if it does anywhere.
  private func meaningless(_ key: Key, in context: Context) -> String {
    let others = KeyTable.contexts(of: key).filter { $0 != context }
    guard let other = others.first, let command = KeyTable.command(for: key, in: other) else {
      return "\(key) means nothing here: ? shows every key"
    }
    let shown = layout?.focusable ?? []
    let near = others.first { $0.pane.map(shown.contains) ?? false } ?? other
    let meaning = (KeyTable.command(for: key, in: near) ?? command).summary
    let way = near.pane.map(shown.contains) ?? false ? "Tab leads there" : Self.way(to: near)
    return "\(key) means nothing here; in the \(near.title.lowercased()): \(meaning) (\(way))"
  }

  /// How one comes to a pane that is not shown.
  private static func way(to context: Context) -> String {
    guard let pane = context.pane,
      let screen = ScreenKind.all.first(where: { $0.focus == pane })
        ?? ScreenKind.all.first(where: { $0.main.joined().contains(pane) })
    else {
      return "? shows every key"
    }
    return "\(screen.key) leads there"
  }

  /// A character that answers a question; the command is carried out when all answers are there.
  mutating func answer(_ key: Key) -> [Effect] {
    guard case .question(var asked) = overlay else { return [] }
    guard case .character(let scalar) = key.code, key.modifiers.isEmpty else {
      refuse(key, asked.question.asksForClasses ? "type a class\(ClassText.range(self, asked.question))" : "type a–z")
      return []
    }
    if asked.question.asksForClasses {
      let (classes, known) = (namedClasses(for: asked.question), asked.answers.count)
      let isTaken = asked.take(scalar, classes)
      // Where some numbers need an Enter people type it after all.
      takesEnter = asked.answers.count > known && classes.contains { "\($0.label)".count > 1 }
      guard isTaken else {
        let typed = asked.typing + (scalar == " " ? "" : String(scalar))
        let range = ClassText.range(self, asked.question)
        let glyphs = classes.contains { $0.glyph != nil } ? " or the glyph of its dots" : ""
        message = .error("\(typed) begins no class\(range): type one\(glyphs), or leave with Esc")
        return []
      }
    } else {
      guard ("a"..."z").contains(scalar) else {
        message = .error("\(key) is no mark: type a–z, or leave with Esc")
        return []
      }
      asked.answers.append(String(scalar))
    }
    return go(on: asked)
  }

  /// Asks for what is missing; an answer that cannot be meant is taken back, and asked for again.
  mutating func go(on asked: Asked) -> [Effect] {
    if let refusal = refusal(of: asked) {
      var again = asked
      again.answers.removeLast()
      overlay = .question(again)
      message = .error("\(refusal), or leave with Esc")
      takesEnter = false
      return []
    }
    guard asked.answers.count >= asked.question.count else {
      overlay = .question(asked)
      return []
    }
    overlay = .none
    return apply(asked.action)
  }

  /// Pasted text goes where text is typed, and is never taken for keys.
  mutating func paste(_ text: String) -> [Effect] {
    let line = text.unicodeScalars.prefix { $0 != "\n" && $0 != "\r" }.filter { $0.value >= 32 && $0.value != 127 }
    message = nil
    switch overlay {
    case .palette, .value, .form: return line.prefix(500).flatMap { type(Key($0), in: context) }
    case .help(let view) where view.isTyping: return line.prefix(500).flatMap { type(Key($0), in: context) }
    case .help: message = .note("pasted text is ignored here: / searches this table for what is typed then")
    // An answer acts by itself where it is whole.
    case .question: message = .note("pasted text is ignored here: type the answer, or leave with Esc")
    case .quitting, .confirmation: message = .note("pasted text is ignored here: a key answers")
    case .none: message = .note("pasted text is ignored here: open the palette with : first")
    }
    return []
  }
}
