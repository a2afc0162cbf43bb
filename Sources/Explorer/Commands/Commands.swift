extension KeyTable {
  /// Commands of every pane.
  static let everywhere: [Command] = [
    Command("next pane", keys: ["tab"], "give the keys to the next pane", hint: "pane", action: .turnFocus(1)),
    Command("previous pane", keys: ["shift-tab"], "give the keys to the previous pane", action: .turnFocus(-1)),
    Command("random", keys: ["r"], "draw a code from the prior", hint: "random", action: .samplePrior),
    Command("undo", keys: ["u"], "take the last steering step back, without limit", hint: "undo", action: .undo),
    Command("redo", keys: ["U", "ctrl-r"], "do it again", action: .redo),
    Command("train", keys: ["T"], "open the form that starts a training run", hint: "train", action: .openForm),
    Command("explore", keys: ["e"], "show the scatter and the strip", action: .show(.explore)),
    Command("grid", keys: ["g"], "show the manifold: digits over the plane of the two axes", action: .show(.grid)),
    Command("matrix", keys: ["G"], "show traversals of every dimension", action: .show(.matrix)),
    Command("charts", keys: ["t"], "show the training run: terms, progress, β and rate", action: .show(.train)),
    Command("next screen", keys: ["v"], "explore, grid, matrix, train in turn", hint: "screen", action: .turnScreen(1)),
    Command("previous screen", keys: ["V"], "the same, backwards", action: .turnScreen(-1)),
    Command(
      "look", keys: ["b"], "digit pane: decoded, or original, reconstruction and difference", action: .toggle(.look)),
    Command(
      "open", "open a model: a bundled name, a checkpoint or a run directory",
      argument: .init("MODEL") { (state, _) in state.surroundings.models }
    ) { (text, _) throws(CommandError) in
      guard !text.isEmpty else { throw CommandError("open what? Type open mnist-2d, or the path of a run") }
      return .openModel(text)
    },
    Command(
      "data", "encode a data set: scatter, originals and neighbours come from it",
      argument: .init("NAME") { (state, _) in state.surroundings.dataNames }
    ) { (text, _) throws(CommandError) in
      guard !text.isEmpty else { throw CommandError("which data set? Type data strokes, data mnist, or data PATH") }
      return .openData(text)
    },
    Command(
      "mouse", keys: ["ctrl-o"], "report the mouse: click to pick and slide, wheel to zoom", action: .toggleMouse),
    Command("palette", keys: [":"], "type any command by its name, with completion", hint: "command", action: .palette),
    Command("help", keys: ["?", "F1"], "this table", hint: "help", action: .help),
    Command("quit", keys: ["q"], "leave; asks first while a run is training", hint: "quit", action: .quit),
    Command("cancel", keys: ["escape"], "stop what plays by itself, or the reading of a data set", action: .cancel),
  ]

  /// Commands of the sliders.
  static let steering: [Command] = [
    Command(
      "more", keys: ["right"], in: [.sliders, .matrix], "slide by 0.1", hint: "slide", action: .slide(1, .normal)),
    Command("less", keys: ["left"], in: [.sliders, .matrix], "slide by −0.1", action: .slide(-1, .normal)),
    Command(
      "much more", keys: ["shift-right", ">"], in: [.sliders, .matrix], "slide by 0.5", action: .slide(1, .coarse)),
    Command(
      "much less", keys: ["shift-left", "<"], in: [.sliders, .matrix], "slide by −0.5", action: .slide(-1, .coarse)),
    Command("a little more", keys: ["."], in: [.sliders, .matrix], "slide by 0.01", action: .slide(1, .fine)),
    Command("a little less", keys: [","], in: [.sliders, .matrix], "slide by −0.01", action: .slide(-1, .fine)),
    Command(
      "next slider", keys: ["down"], in: [.sliders, .matrix], "select the slider below", hint: "dimension",
      action: .selectSlider(.by(1))),
    Command(
      "previous slider", keys: ["up"], in: [.sliders, .matrix], "select the slider above",
      action: .selectSlider(.by(-1))),
    Command(
      "ten sliders down", keys: ["page-down"], in: [.sliders, .matrix], "select ten further down",
      action: .selectSlider(.by(10))),
    Command(
      "ten sliders up", keys: ["page-up"], in: [.sliders, .matrix], "select ten further up",
      action: .selectSlider(.by(-10))),
    Command(
      "first slider", keys: ["home"], in: [.sliders, .matrix], "select the first slider",
      action: .selectSlider(.first)),
    Command(
      "last slider", keys: ["end"], in: [.sliders, .matrix], "select the last slider", action: .selectSlider(.last)),
    Command(
      "value", keys: ["="], in: [.sliders, .matrix], "type the value (or just begin with its first digit)",
      argument: .init("NUMBER", isOptional: true) { (_, _) in ["0", "1", "-1"] }
    ) { (text, _) throws(CommandError) in
      if text.isEmpty { return .promptValue("") }
      guard let value = Numbers.parse(text) else { throw CommandError("“\(text)” is no number; type value 0.5") }
      return .setValue(Float(min(max(value, -1e6), 1e6)))
    },
    Command(
      "reset", keys: ["z", "backspace"], in: [.sliders, .matrix], "set the selected slider to 0",
      action: .resetDimension),
    Command(
      "reset all", keys: ["Z"], in: Context.panes, "set every dimension that is not locked to 0", action: .resetAll),
    Command(
      "lock", keys: ["l"], in: [.sliders, .matrix], "lock or unlock the dimension: nothing changes a locked one",
      action: .toggleLock),
    Command(
      "order", keys: ["s"], in: [.sliders, .matrix], "order dimensions by KL, or by number again",
      action: .toggleOrder),
    Command(
      "sample class", keys: ["R"], in: Context.panes, "draw a code from a class: R, then 0–9",
      argument: .init("DIGIT") { (_, _) in digits }
    ) { (text, _) throws(CommandError) in
      text.isEmpty ? .ask(.sampledClass) : .sampleClass(try digit(text, "sample class 7"))
    },
  ]

  /// Commands of the scatter.
  static let picking: [Command] = [
    Command(
      "right", keys: ["right"], in: [.scatter], "move the crosshair by a cell", hint: "move",
      action: .moveCrosshair(columns: 1, rows: 0, .normal)),
    Command(
      "left", keys: ["left"], in: [.scatter], "move the crosshair by a cell",
      action: .moveCrosshair(columns: -1, rows: 0, .normal)),
    Command(
      "up", keys: ["up"], in: [.scatter], "move the crosshair by a cell",
      action: .moveCrosshair(columns: 0, rows: 1, .normal)),
    Command(
      "down", keys: ["down"], in: [.scatter], "move the crosshair by a cell",
      action: .moveCrosshair(columns: 0, rows: -1, .normal)),
    Command(
      "far right", keys: ["shift-right", ">"], in: [.scatter], "move it by five cells",
      action: .moveCrosshair(columns: 1, rows: 0, .coarse)),
    Command(
      "far left", keys: ["shift-left", "<"], in: [.scatter], "move it by five cells",
      action: .moveCrosshair(columns: -1, rows: 0, .coarse)),
    Command(
      "far up", keys: ["shift-up", "page-up"], in: [.scatter], "move it by five cells",
      action: .moveCrosshair(columns: 0, rows: 1, .coarse)),
    Command(
      "far down", keys: ["shift-down", "page-down"], in: [.scatter], "move it by five cells",
      action: .moveCrosshair(columns: 0, rows: -1, .coarse)),
    Command("snap", keys: ["enter"], in: [.scatter], "take the nearest stored code", hint: "snap", action: .snap),
    Command(
      "next of class", keys: ["n"], in: [.scatter], "take the next stored code of the same class", hint: "next",
      action: .nextOfClass(1)),
    Command(
      "previous of class", keys: ["N"], in: [.scatter], "take the previous stored code of the same class",
      action: .nextOfClass(-1)),
    Command(
      "find class", keys: ["f"], in: [.scatter], "take the nearest code of a class: f, then 0–9",
      argument: .init("DIGIT") { (_, _) in digits }
    ) { (text, _) throws(CommandError) in
      text.isEmpty ? .ask(.foundClass) : .findClass(try digit(text, "find class 7"))
    },
    Command(
      "toggle class", keys: digits, in: [.scatter], "show or hide that class", hint: "classes",
      argument: .init("DIGIT") { (_, _) in digits }
    ) { (text, _) throws(CommandError) in .toggleClass(try digit(text, "toggle class 7")) },
    Command("all classes", keys: ["*"], in: [.scatter], "show every class again", action: .showAllClasses),
    Command(
      "next x axis", keys: ["x"], in: [.scatter, .grid], "put the next dimension on the x axis", hint: "axis",
      action: .turnAxis(horizontal: true, by: 1)),
    Command(
      "previous x axis", keys: ["X"], in: [.scatter, .grid], "the previous dimension",
      action: .turnAxis(horizontal: true, by: -1)),
    Command(
      "next y axis", keys: ["y"], in: [.scatter, .grid], "put the next dimension on the y axis",
      action: .turnAxis(horizontal: false, by: 1)),
    Command(
      "previous y axis", keys: ["Y"], in: [.scatter, .grid], "the previous dimension",
      action: .turnAxis(horizontal: false, by: -1)),
    Command(
      "components", keys: ["p"], in: [.scatter, .grid], "principal components as axes, or dimensions again",
      action: .toggleComponents),
    Command(
      "axes", "choose both axes, such as axes z1 z3 or axes pc1 pc2",
      argument: .init("X Y") { (state, _) in
        let names = (1...max(1, state.latentSize)).map { "z\($0)" }
        return zip(names, names.dropFirst()).map { "\($0) \($1)" } + (state.latentSize > 2 ? ["pc1 pc2"] : [])
      }
    ) { (text, _) throws(CommandError) in
      let parts = text.split(separator: " ")
      guard parts.count == 2, let x = Axis(parts[0]), let y = Axis(parts[1]) else {
        throw CommandError("two axes are needed, such as axes z1 z2 or axes pc1 pc2")
      }
      return .setAxes(x, y)
    },
    Command(
      "zoom in", keys: ["+"], in: [.scatter], "show less, larger, around the crosshair", hint: "zoom",
      action: .zoom(0.5)),
    Command("zoom out", keys: ["-"], in: [.scatter], "show more, smaller", action: .zoom(2)),
    Command(
      "pan left", keys: ["H", "alt-left"], in: [.scatter], "move the window", action: .pan(columns: -1, rows: 0)),
    Command(
      "pan down", keys: ["J", "alt-down"], in: [.scatter], "move the window", action: .pan(columns: 0, rows: -1)),
    Command("pan up", keys: ["K", "alt-up"], in: [.scatter], "move the window", action: .pan(columns: 0, rows: 1)),
    Command(
      "pan right", keys: ["L", "alt-right"], in: [.scatter], "move the window", action: .pan(columns: 1, rows: 0)),
    Command("centre", keys: ["c"], in: [.scatter], "put the crosshair in the middle", action: .centreWindow),
    Command("whole", keys: ["w"], in: [.scatter], "show all codes again", action: .resetWindow),
    Command(
      "rings", keys: ["o"], in: [.scatter], "circles at 1, 2, 3 deviations of the prior, on or off",
      action: .toggle(.rings)),
    Command(
      "density", keys: ["d"], in: [.scatter], "the shade beneath crowded regions, on or off",
      action: .toggle(.density)),
    Command("path", keys: ["h"], in: [.scatter], "the path walked, on or off", action: .toggle(.path)),
  ]

  /// Commands of strip, grid and animation.
  static let traversing: [Command] = [
    Command(
      "play", keys: ["space"], in: Context.panes, "walk the selected slider by itself, or stop", hint: "play",
      action: .togglePlay),
    Command("faster", keys: ["]"], in: Context.panes, "play faster", action: .changeSpeed(faster: true)),
    Command("slower", keys: ["["], in: Context.panes, "play slower", action: .changeSpeed(faster: false)),
    Command(
      "strip right", keys: ["right"], in: [.strip], "go to the next digit of the strip", hint: "step",
      action: .step(1)),
    Command("strip left", keys: ["left"], in: [.strip], "go to the digit before", action: .step(-1)),
    Command(
      "strip of next slider", keys: ["down"], in: [.strip], "walk the next dimension", hint: "dimension",
      action: .selectSlider(.by(1))),
    Command(
      "strip of previous slider", keys: ["up"], in: [.strip], "walk the dimension before",
      action: .selectSlider(.by(-1))),
    Command(
      "grid right", keys: ["right"], in: [.grid], "take the code one digit to the right", hint: "move",
      action: .moveInGrid(columns: 1, rows: 0)),
    Command(
      "grid left", keys: ["left"], in: [.grid], "take the code one digit to the left",
      action: .moveInGrid(columns: -1, rows: 0)),
    Command(
      "grid up", keys: ["up"], in: [.grid], "take the code one digit above",
      action: .moveInGrid(columns: 0, rows: -1)),
    Command(
      "grid down", keys: ["down"], in: [.grid], "take the code one digit below",
      action: .moveInGrid(columns: 0, rows: 1)),
    Command(
      "spacing", keys: ["s"], in: [.grid], "space the grid evenly, or by quantiles of the prior", hint: "spacing",
      action: .toggle(.quantileSpacing)),
  ]

  static let digits = (0...9).map(String.init)

  /// The class a text names.
  static func digit(_ text: String, _ example: String) throws(CommandError) -> Int {
    guard let value = Int(text), (0...9).contains(value) else {
      throw CommandError("a class from 0 to 9 is needed, such as \(example)")
    }
    return value
  }
}
