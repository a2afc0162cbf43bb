import Terminal

extension State {
  /// Focus, overlays and the end.
  mutating func attend(_ action: Action) -> [Effect] {
    switch action {
    case .turnFocus(let change):
      guard let panes = layout?.focusable, !panes.isEmpty else { break }
      let place = panes.firstIndex(of: focus) ?? 0
      focus = panes[((place + change) % panes.count + panes.count) % panes.count]
    case .focus(let pane): if layout?.focusable.contains(pane) == true { focus = pane }
    case .help: overlay = .help(HelpView())
    case .searchHelp:
      guard case .help(var view) = overlay else { break }
      view.isTyping = true
      view.words = TextField()
      view.firstLine = 0
      overlay = .help(view)
    case .palette:
      overlay = .palette(CommandPalette())
      return [.lookAround]
    case .ask(let question): ask(question)
    case .promptValue(let text): promptValue(text)
    case .cancel: return cancel()
    case .leaveLine: if case .palette = overlay { overlay = .none }
    case .leaveOverlay: overlay = .none
    case .accept: return accept()
    case .complete: return complete()
    case .scroll(let scroll): self.scroll(scroll)
    case .choose(let change): choose(by: change)
    case .confirmQuit(let saving): ending = saving ? .saveAndQuit : .quit
    case .quit:
      if training?.isLive == true { overlay = .quitting } else { ending = .quit }
    case .setTheme(let choice):
      theme = choice
      preferredTheme = choice
      message = .note("theme \(choice.rawValue)")
    case .toggleMouse:
      isMouseOn.toggle()
      prefersMouse = isMouseOn
      message = .note(
        isMouseOn
          ? "mouse on: click to pick and slide, wheel to zoom; the terminal's own selection is off"
          : "mouse off: the terminal selects text again")
      return [.setMouse(isMouseOn)]
    case .openModel(let name):
      if let training, training.isLive {
        message = .error("\(training.sessionText): stop it first (t, then x)")
        break
      }
      return [.openModel(name)]
    case .openData(let name):
      guard latentSize > 0 else {
        message = .error("open a model first: type :open mnist-2d, or press T to train one")
        break
      }
      message = .note("reading \(name)… Esc gives up")
      (readingData, isReadingAsked) = (name, true)
      return [.openData(name, isAsked: true)]
    default: break
    }
    return []
  }

  private mutating func ask(_ question: Question) {
    if question.asksForClasses, classes(for: question).isEmpty {
      message = .error("the codes have no classes: \(labelAdvice)")
      return
    }
    overlay = .question(Asked(question))
  }

  private mutating func promptValue(_ text: String) {
    if isSelectionLocked {
      message = .error("\(selectionName) is locked: press L to unlock it")
    } else if latentSize > 0 {
      overlay = .value(TextField(text))
    }
  }

  private mutating func cancel() -> [Effect] {
    if case .help(var view) = overlay, view.isTyping || !view.words.text.isEmpty {
      view = HelpView()
      overlay = .help(view)
      return []
    }
    guard case .none = overlay else {
      overlay = .none
      return []
    }
    animation = nil
    if largePane != nil {
      largePane = nil
      return []
    }
    if let effects = stopInsight() { return effects }
    if let effects = stopEmbedding() { return effects }
    guard let name = readingData else { return [] }
    readingData = nil
    message = .note("\(name) is not read")
    return [.stopReading]
  }

  private mutating func accept() -> [Effect] {
    switch overlay {
    case .palette(let palette): return run(palette)
    case .help(var view):
      view.isTyping = false
      overlay = .help(view)
    case .question(var asked):
      guard asked.end(namedClasses(for: asked.question)) else {
        if asked.question.asksForClasses {
          message = .error("“\(asked.typing)” is no class: type its number or name, or leave with Esc")
        } else {
          refuse(Key(.enter), "type a–z")
        }
        break
      }
      return go(on: asked)
    case .confirmation(let confirmation):
      overlay = .none
      return apply(confirmation.action)
    case .value(let field):
      do {
        let value = try value(typed: field.text)
        overlay = .none
        setSelected(to: value, isTyped: true)
      } catch {
        message = .error("\(error), or leave with Esc")
      }
    case .form(var form):
      guard form.awaited == nil else { break }
      do {
        let configuration = try form.configuration()
        form.problem = nil
        formerForm = form
        form.awaited = TrainingForm.Sending(configuration: configuration, run: form.runPath)
        overlay = .form(form)
        return [.checkTraining(configuration, run: form.runPath)]
      } catch {
        form.focus = error.field
        form.problem = error.text
        overlay = .form(form)
      }
    default: break
    }
    return []
  }

  /// Runs the typed line, or the selected command; one that lacks its argument is completed for it.
  private mutating func run(_ palette: CommandPalette) -> [Effect] {
    let (command, argument): (Command, String)
    // Whoever types whole lines chooses nothing in the window.
    let next = isPlain ? ":help lists all" : "Tab and ↓ choose, Esc closes"
    let matches = palette.matches(self)
    switch palette.meaning(matches) {
    case .nothing:
      overlay = .none
      return []
    case .several(let names):
      let most = 6
      let more = names.count > most ? " and \(names.count - most) more" : ""
      message = .error(
        "several commands begin so: \(names.prefix(most).joined(separator: ", "))\(more): type more; \(next)")
      return []
    case .unknown:
      guard let meant = CommandPalette.nearest(to: palette.field.text) else {
        // Where the window holds nothing to choose from, it is the table of all that helps.
        let advice = isPlain || !matches.isEmpty ? next : "Esc closes, then ? lists all"
        message = .error("no command is called that: \(advice)")
        return []
      }
      message = .error("no command is called that: did you mean \(meant)? \(next)")
      return []
    case .run(let meant, let typed): (command, argument) = (meant, typed)
    }
    do throws(CommandError) {
      let action = try command.make(argument, self)
      if isPlain, action.asksForArgument, let wanted = command.argument {
        throw CommandError("\(command.name) what? Type :\(command.name) \(wanted.placeholder)")
      }
      overlay = .none
      message = nil
      if case .slide = action { focus = .sliders }
      return update(action)
    } catch {
      var palette = palette
      palette.field.text = command.name + " " + argument
      (palette.selected, palette.isChosen) = (0, false)
      overlay = .palette(palette)
      message = .error(error.description)
      return []
    }
  }

  /// Takes the line as far as it can only be meant: to the chosen match, or to what all matches begin with.
  private mutating func complete() -> [Effect] {
    guard case .palette(var palette) = overlay else { return [] }
    let typed = palette.field.text
    palette.complete(self)
    overlay = .palette(palette)
    let effects = lookIntoFolder(palette)
    // A path may still be found once its folder is known.
    if palette.field.text == typed, effects.isEmpty, let (command, argument) = CommandPalette.parse(typed),
      !argument.isEmpty, Numbers.parse(argument) == nil, let wanted = command.argument
    {
      let known = wanted.completions(self, "")
      // An argument that is whole needs no completion; any path could be one.
      let isWhole = !wanted.takesPath && (try? command.make(argument, self)) != nil
      if !isWhole, !known.contains(argument), let first = known.first {
        message = .note("nothing begins with “\(argument)” here: it can be such as \(first)")
      }
    }
    return effects
  }

  /// Asks what lies in the folder of a path that is being typed.
  private func lookIntoFolder(_ palette: CommandPalette) -> [Effect] {
    guard let (command, argument) = CommandPalette.parse(palette.field.text), command.argument?.takesPath == true
    else { return [] }
    let folder = Surroundings.folder(of: argument)
    return surroundings.folders[folder] == nil ? [.listFolder(folder)] : []
  }

  private mutating func choose(by change: Int) {
    switch overlay {
    case .palette(var palette):
      let count = palette.matches(self).count
      // Where Enter would run none of them, none is selected yet.
      let begin = palette.hasSelection(palette.matches(self)) ? palette.selected : -1
      palette.selected = min(max(0, begin + change), max(0, count - 1))
      palette.isChosen = count > 0
      overlay = .palette(palette)
    case .form(var form):
      form.move(by: change)
      form.problem = nil
      overlay = .form(form)
    default: break
    }
  }

  private mutating func scroll(_ scroll: Scroll) {
    guard case .help(var view) = overlay else { return }
    let room = HelpText.height(in: size)
    let lines = HelpText.wrapped(first: contextBeneath, words: view.words.text, in: size, of: self)
    // Who listens is told a section at a time.
    let stops = isPlain ? HelpText.titles(in: lines) : Array(0...max(0, lines.count - room))
    let place = stops.lastIndex { $0 <= view.firstLine } ?? 0
    let next =
      switch scroll {
      case .lines(let change): place + change
      case .pages(let change): place + change * (isPlain ? 1 : max(1, room - 1))
      case .top: 0
      case .bottom: stops.count - 1
      }
    view.firstLine = stops.isEmpty ? 0 : stops[min(max(0, next), stops.count - 1)]
    overlay = .help(view)
  }

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
        refuse(key, "type a number such as 0.5")
      }
    case .form(var form):
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
        if let choice = selectedChoice, choice.range.count <= 10, let found = choice.namedClasses.chosen(by: scalar) {
          setSelected(to: Float(found.label))
          return []
        }
        promptValue(scalar == "+" ? "" : String(scalar))
      } else {
        message = .note(meaningless(key, in: context))
      }
    }
    return []
  }

  /// Says of a key that means nothing to what is typed or asked what does.
  private mutating func refuse(_ key: Key, _ wanted: String) {
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
  private mutating func go(on asked: Asked) -> [Effect] {
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
