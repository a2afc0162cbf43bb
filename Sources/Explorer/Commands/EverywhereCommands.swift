import Canvas
import Datasets
import LatentModels

extension KeyTable {
  /// Commands of every pane.
  static let everywhere: [Command] = [
    Command("next pane", keys: ["tab"], "give the keys to the next pane", hint: "pane", action: .turnFocus(1)),
    Command("previous pane", keys: ["shift-tab"], "give the keys to the previous pane", action: .turnFocus(-1)),
    Command(
      "random", keys: ["r"], "draw a code from the prior",
      summaryNow: {
        $0.subject.hasDivergence ? nil : "take a stored code at random: this model has no \($0.subject.lackOfPrior)"
      },
      hint: "random"
    ) { (_, _) throws(CommandError) in .samplePrior },
    Command(
      "reset all", keys: ["Z"], "set every dimension that is not locked to 0", action: .resetAll),
    Command(
      "sample class", keys: ["R"], "draw a code from a class: R, then its number or name",
      argument: .init("CLASS", completions: ClassText.completions)
    ) { (text, state) throws(CommandError) in
      text.isEmpty ? .ask(.sampledClass) : .sampleClass(try ClassText.label(text, state, "sample class 7"))
    },
    Command(
      "play", keys: ["space", "ctrl-p"], "walk the selected slider by itself, or stop", hint: "play",
      action: .togglePlay),
    Command("faster", keys: ["]"], "play faster", action: .changeSpeed(faster: true)),
    Command("slower", keys: ["["], "play slower", action: .changeSpeed(faster: false)),
    Command(
      "undo", keys: ["u"], "take the last steering step back, without limit", hint: "undo",
      works: { !$0.past.isEmpty }, action: .undo),
    Command("redo", keys: ["U", "ctrl-r"], "do it again", action: .redo),
    Command("train", keys: ["T"], "open the form that starts a training run", hint: "train", action: .openForm),
    Command("next screen", keys: ["v"], "every screen in turn", hint: "screen", action: .turnScreen(1)),
    Command("previous screen", keys: ["V"], "the same, backwards", action: .turnScreen(-1)),
    Command(
      "open", "open a model: a bundled name, a checkpoint or a run directory",
      argument: .init("MODEL", takesPath: true) { (state, _) in state.surroundings.models }
    ) { (text, _) throws(CommandError) in
      guard !text.isEmpty else { throw CommandError("open what? Type open mnist-2d, or the path of a run") }
      return .openModel(text)
    },
    Command(
      "data", "encode a data set: scatter, originals and neighbours come from it",
      argument: .init("NAME", takesPath: true) { (state, _) in state.surroundings.dataNames }
    ) { (text, _) throws(CommandError) in
      guard !text.isEmpty else { throw CommandError("which data set? Type data strokes, data mnist, or data PATH") }
      return .openData(text)
    },
    Command(
      "mouse", keys: ["ctrl-o"], "report the mouse: click to pick and slide, wheel to zoom", action: .toggleMouse),
    Command(
      "theme", "colours for a dark or a light ground, or of high contrast; auto follows the terminal",
      argument: .init("NAME") { (_, _) in ThemeChoice.allCases.map(\.rawValue) }
    ) { (text, _) throws(CommandError) in
      guard let choice = ThemeChoice(rawValue: text.lowercased()) else {
        let names = ThemeChoice.allCases.map(\.rawValue)
        throw CommandError(
          "a theme is \(names.joined(separator: ", ")): theme light\(Nearest.suggestion(for: text, amongAll: names))")
      }
      return .setTheme(choice)
    },
    Command("palette", keys: [":"], "type any command by its name, with completion", hint: "command", action: .palette),
    Command("help", keys: ["?", "F1"], "this table", hint: "help", action: .help),
    Command("quit", keys: ["q"], "leave; asks first while a run is training", hint: "quit", action: .quit),
    Command("cancel", keys: ["escape"], "stop what plays by itself, or the reading of a data set", action: .cancel),
  ]

  /// One command a screen.
  static let screens: [Command] = ScreenKind.all.map { kind in
    Command(
      kind.commandName, keys: [kind.key], kind.summary, hint: kind.hint, works: { $0.screen != kind.screen },
      action: .show(kind.screen))
  }

  /// What can be done to a training run from any pane.
  static let training: [Command] =
    [
      Command(
        "pause", keys: ["P"], "pause the training run, or go on", action: .training(.pauseOrResume)),
      Command(
        "set", "set a control of the run, such as set rate 0.0003",
        argument: .init("NAME NUMBER") { (state, typed) in
          let controls = state.training?.controls ?? Configuration.allControls
          guard typed.contains(" ") else { return controls.map(\.name) }
          return controls.map { "\($0.name) \(Numbers.brief(state.training?.value(of: $0) ?? $0.defaultValue))" }
        }
      ) { (text, state) throws(CommandError) in
        let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
        let known = state.training?.controls ?? Configuration.allControls
        let names = known.map(\.name).joined(separator: ", ")
        guard let name = parts.first else { throw CommandError("set what? Type set NAME NUMBER; names: \(names)") }
        guard let control = known.first(where: { $0.name == name || $0.symbol == name }) else {
          let meant = Nearest.suggestion(for: name, amongAll: known.map(\.name))
          let reason = state.training?.configuration.reasonWithoutControl(of: name).map { " (\($0))" } ?? ""
          throw CommandError("this run has no \(name) to set\(reason): it has \(names)\(meant)")
        }
        return .setControl(control.name, try control.parse(parts.count > 1 ? parts[1] : ""))
      },
    ]
    // Every control is a command of its own name too. What is said of it, and what it takes, is the run's own row.
    + Configuration.allControls.map { control in
      @Sendable func own(_ state: State) -> Control? { state.ownControls.first { $0.name == control.name } }
      return Command(
        control.name, Configuration.summary(ofControls: control.name),
        summaryNow: { state in own(state).map { "set the \($0.summary)" } },
        argument: .init("NUMBER") { (state, _) in [Numbers.brief((own(state) ?? control).defaultValue)] }
      ) { (text, state) throws(CommandError) in
        .setControl(control.name, try (own(state) ?? control).parse(text))
      }
    }
}

extension State {
  /// The controls of the run, or where none is shown, of the model at hand.
  var ownControls: [Control] { training?.controls ?? subject.configuration?.controls ?? [] }
}

extension Control {
  /// A number typed for it, after its name or another command's; the error says what it takes.
  func parse(_ text: String, typedAs command: String? = nil) throws(CommandError) -> Double {
    guard let value = Numbers.parse(text), range.contains(value) else {
      let bare = text.lowercased().drop { "+-−".contains($0) }
      let limit = ["inf", "∞"].contains(bare) ? "while it trains no control can come to a limit such as \(text): " : ""
      throw CommandError(
        "\(limit)\(symbol) is a number from \(Numbers.brief(range.lowerBound)) to \(Numbers.brief(range.upperBound)); "
          + "type \(command ?? name) \(Numbers.brief(example))")
    }
    return value
  }

  /// A value to show how one is typed.
  private var example: Double { scale == .linear ? 4 : 0.0003 }
}
