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

  mutating func promptValue(_ text: String) {
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
      guard isEditable(form) else { break }
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
  func lookIntoFolder(_ palette: CommandPalette) -> [Effect] {
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
      guard isEditable(form) else { break }
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
}
