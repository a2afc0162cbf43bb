import ArgumentParser
import Canvas
import Datasets
import Explorer

extension ThemeChoice: ExpressibleByArgument {}

/// Options of the explorer that other commands share with `explore`.
struct ExplorerDisplayOptions: ParsableArguments {
  @Option(help: "Colours to draw with: auto asks the terminal's description.")
  var color: ColorChoice = .auto

  @Option(help: "Colours for the ground: auto asks the terminal what it has; the settings remember :theme.")
  var theme: ThemeChoice?

  @Flag(help: "Draw with Unicode 13's sextants too: the font has them.")
  var sextants = false

  @Flag(help: "Let the mouse pick points and move sliders.")
  var mouse = false

  @Flag(help: "Print a linear text account instead of a screen, and read keys line by line.")
  var plain = false

  @Option(
    help: ArgumentHelp(
      "Drive the explorer with these keys instead of a person.",
      discussion: "Words such as right*5, m, ctrl-r, type:TEXT, wait:2s, until:trained and size:80x24.",
      valueName: "script"))
  var keys: String?

  @Option(
    help: ArgumentHelp("Write every frame shown into this folder as text, ANSI and SVG.", valueName: "folder"),
    completion: .directory)
  var frames: String?

  @Option(
    // It was --cast before a person's own session could be recorded too.
    name: [.customLong("record"), .customLong("cast")],
    help: ArgumentHelp(
      "Record the session for asciinema as it goes, into a new file: what the screen shows and when, and no keys.",
      valueName: "file.cast"), completion: .file(extensions: ["cast"]))
  var record: String?

  @Option(
    help: ArgumentHelp(
      "Write the last screen of a run with --keys: .png, .svg or .txt; --frames writes every one.", valueName: "file"),
    completion: .file(extensions: ["png", "svg", "txt"]))
  var view: String?

  @Option(help: ArgumentHelp("The screen of a run with --keys.", valueName: "WxH"))
  var size: CellSize?

  /// Refuses what does not go together, once it is known that the explorer is opened.
  ///
  /// - Throws: a `ValidationError`.
  func check() throws {
    if record != nil, plain, keys == nil {
      throw ValidationError("--record records a screen, and --plain has none: leave one of them out, or add --keys")
    }
    try Outputs.check([("--record", record), ("--view", view)])
    if view != nil, keys == nil { throw ValidationError("--view is for a run without a person: add --keys") }
    guard keys == nil, !plain else { return }
    if let name = frames != nil ? "--frames" : size != nil ? "--size" : nil {
      throw ValidationError("\(name) is for a run without a screen: add --keys or --plain")
    }
  }

  /// What was given, by name.
  var given: [String] {
    [
      ("--color", color != .auto), ("--theme", theme != nil), ("--sextants", sextants), ("--mouse", mouse),
      ("--plain", plain), ("--keys", keys != nil), ("--frames", frames != nil), ("--record", record != nil),
      ("--view", view != nil), ("--size", size != nil),
    ].filter(\.1).map(\.0)
  }

  /// The explorer's own options, for `model` and `data`.
  func options(model: String?, data: String?, reading: ImageReading = ImageReading()) -> ExplorerOptions {
    var options = ExplorerOptions(
      model: model, data: data, colors: color.level, sextants: sextants, mouse: mouse, plain: plain, keys: keys,
      frames: frames, record: record, view: view,
      size: size.map { (width: $0.width, height: $0.height) })
    options.theme = theme
    options.reading = reading
    if keys != nil || plain {
      let interruption = Interruption()
      options.interruption = ExplorerOptions.Interruption(fileDescriptor: interruption.fileDescriptor) {
        interruption.received
      }
    }
    return options
  }
}

/// `zscope explore`: the screen.
struct ExploreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explore",
    abstract: "Explore a model's latent space: steer, pick, look, traverse, mark, train.",
    discussion: """
      Press ? inside for the table of keys, : for the palette of everything it can do, q to leave.

      Examples:
        zscope explore                        the bundled model, or the last session
        zscope explore runs/a --data mnist    a run beside the images it learnt from
        zscope explore mnist-2d --keys "right*5 tab" --frames frames --size 80x24
        zscope explore mnist-2d --keys "g" --size 120x40 --view manifold.png
        zscope explore mnist-2d --record session.cast
        zscope explore mnist-2d --keys "right*9 space wait:3s" --record walk.cast
      """)

  @Argument(help: "A checkpoint, a run directory, or a bundled model's name.", completion: Completions.models)
  var model: String?

  @Option(
    help: ArgumentHelp("A data set to open beside the model: a name or a path.", valueName: "data"),
    completion: Completions.data)
  var data: String?

  @Flag(help: "Print the table of keys and commands in Markdown, and do nothing else.")
  var listKeys = false

  @OptionGroup(title: "Reading images") var images: ImageOptions

  @OptionGroup(title: "Screen") var display: ExplorerDisplayOptions

  func validate() throws { try display.check() }

  func run() throws {
    if listKeys { return try StandardOutput.write(document: Explorer.keyTable + "\n") }
    for variable in ["HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"] {
      try OutsideText.check(variable: variable)
    }
    if let data { try images.checkUse(for: [data]) }
    let status = try Explorer.run(display.options(model: model, data: data, reading: images.reading))
    if status != 0 { throw ExitCode(status) }
  }
}
