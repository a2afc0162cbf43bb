import Canvas
import Datasets
import Exports
import Glibc
import HarmlessText
import LatentModels
import Terminal

/// The program one sees: a trained model's latent space, steered by keys, with training beside it.
public enum Explorer {
  /// Every key and command, as a table in Markdown.
  public static var keyTable: String { KeyListing.markdown }

  /// Runs the explorer until the person leaves it (or the script of keys ends).
  ///
  /// - Returns: The exit status: 0; 1 where something asked for on the command line could not be opened; 2 where the
  ///   script of keys is none.
  /// - Throws: A typed error, before anything was written to the terminal, when it cannot be used.
  public static func run(_ options: ExplorerOptions) throws -> Int32 {
    if let keys = options.keys {
      let script: Script
      do { script = try Script(keys) } catch {
        report(error.description)
        return wrongUse
      }
      return try run(script, options)
    }
    if options.plain { return try PlainLoop.run(options) }
    if let record = options.record { try Recorder.check(record) }
    let exploration = Exploration(state: State(width: 80, height: 24))
    let memory = Memory()
    exploration.begin(options, memory: memory)
    // What was asked for by name and is not there is told before the screen is taken.
    if let problem = exploration.problem(opening: options.model) {
      report(problem)
      return failure
    }
    let terminal = try TerminalSession.start(
      TerminalOptions(colors: options.colors, sextants: options.sextants ? true : nil, mouse: options.mouse))
    defer { terminal.restore() }
    let recorder = try options.record.map {
      try Recorder(
        $0, model: options.model, width: terminal.size.width, height: terminal.size.height,
        level: terminal.rendition.colors)
    }
    let end = TerminalLoop.run(exploration, terminal, recorder: recorder)
    terminal.restore()
    for line in exploration.finish() + memory.save(exploration.state) { report(line) }
    if case .signal(let signal) = end { TerminalSession.end(bySignal: signal) }
    // What the screen said is gone with it.
    guard let problem = exploration.effects.preparationProblem ?? recorder?.problem else { return 0 }
    report(problem)
    return failure
  }

  /// The exit status of a command that was not understood.
  private static let wrongUse: Int32 = 2
  /// The exit status where something that was asked for is not to be had.
  static let failure: Int32 = 1

  private static func run(_ script: Script, _ options: ExplorerOptions) throws -> Int32 {
    if let record = options.record { try Recorder.check(record) }
    if let view = options.view {
      _ = try ExportFormat.of(view, forms: ExportKind.view.forms)
      try checkWritable(view)
    }
    let size = options.size ?? (120, 40)
    let exploration = Exploration(state: State(width: size.width, height: size.height))
    exploration.begin(options, memory: nil)
    // Files say themselves how their text is encoded; what is printed goes where the locale says how.
    let isPrinted = !options.plain && options.frames == nil && options.record == nil && options.view == nil
    let rendition = Rendition(
      colors: options.colors ?? .palette256,
      unicode: options.sextants || !isPrinted || TerminalSession.printsUnicode, sextants: options.sextants)
    let loop = ScriptedLoop(
      exploration, rendition: rendition, folder: options.frames, interruption: options.interruption)
    // The first key finds everything that was asked for, however long it takes to read.
    try loop.waitForWhatWasAsked()
    if let message = exploration.state.message, message.isError {
      report(message.text)
      // A model whose log or codes cannot be read is there all the same, whenever that is found out.
      let state = exploration.state
      if state.latentSize == 0 || state.isWithoutAskedData || exploration.isUnprepared { return failure }
    }
    if let record = options.record {
      loop.recorder = try Recorder(
        record, model: options.model, width: size.width, height: size.height, level: rendition.colors)
    }
    // What has come of the script so far is shown and saved, whatever it failed of.
    var problem: ScriptError?
    do { try loop.run(script) } catch let error as ScriptError { problem = error }
    if options.plain {
      print(Account.of(exploration.state))
    } else if isPrinted {
      print(isatty(1) == 1 ? loop.lastFrame.ansi(level: rendition.colors) : loop.lastFrame.plain(), terminator: "")
    }
    for line in exploration.finish() { report(line) }
    if let view = options.view {
      let shown = ShownFrame(loop.lastFrame, on: rendition.themed(exploration.state.theme, on: nil).appearance.ground)
      try ExportFormat.of(view, forms: ExportKind.view.forms).write(
        Exhibit(name: fileName(view), screen: { shown }), to: view)
    }
    if let problem = problem?.description ?? loop.recorder?.problem {
      report(problem)
      return failure
    }
    return status(after: options.interruption)
  }

  /// 0, or of a program ended by a signal what shells know it by: 128 and its number.
  static func status(after interruption: ExplorerOptions.Interruption?) -> Int32 {
    interruption?.received().map { 128 + $0 } ?? 0
  }

  /// Writes a line on standard error, in ASCII where the locale has no more.
  static func report(_ line: String) {
    let line = line.harmlessLine
    let bytes = Array("zscope: \(TerminalSession.printsUnicode ? line : line.inASCII)\n".utf8)
    _ = bytes.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
  }
}

extension Exploration {
  /// Whether the run that the command line asked for could not begin.
  var isUnprepared: Bool { effects.preparationProblem != nil }

  /// Why the model that was asked for by name is not open, or nil where it is.
  func problem(opening model: String?) -> String? {
    guard model != nil, state.latentSize == 0 else { return nil }
    return state.message?.text
  }

  /// Opens what was asked for: a model, or the last session, or the bundled model; then data, then a training run.
  func begin(_ options: ExplorerOptions, memory: Memory?) {
    let session = memory?.load()
    // A model that is opened has its own data read at once.
    effects.dataReading = options.reading
    if memory != nil { effects.embedder.shelf = LayoutShelf() }
    if let settings = session?.settings { send(.restoreSettings(settings)) }
    if options.mouse { send(.mouseIsOn) }
    if let theme = options.theme { send(.themeIs(theme)) }
    if let model = options.model {
      send(.openModel(model))
      if let remembered = session?.session, Subject.place(of: remembered.model) == state.subject.place {
        send(.restore(remembered))
      }
    } else if options.training == nil {
      openDefault(session?.session)
    }
    if let data = options.data { send(.openData(data)) }
    if let training = options.training { prepare(training) }
    for problem in session?.problems ?? [] { send(.say(.error(problem))) }
    if let session, session.isFirst, state.latentSize > 0, state.message == nil {
      send(
        .say(
          .hint(
            "each point is one image, the cross is you: ← → slide, Tab gives the keys to the next pane, ? shows all")))
    }
  }

  private func openDefault(_ remembered: RememberedSession?) {
    if let remembered, !remembered.model.isEmpty {
      send(.openModel(remembered.model))
      if state.latentSize > 0 {
        send(.restore(remembered))
        return
      }
    }
    let bundled = ModelLibrary.bundled()
    if let model = bundled.first(where: { $0.name == "mnist-2d" }) ?? bundled.first {
      // By its path: a folder of this name where the person works is another model.
      send(.openModel(model.path))
    } else {
      send(.say(.note("no model is bundled here: press T to train one, or type :open PATH")))
    }
  }
}
