import Canvas
import Datasets

extension Pane {
  /// The stored codes in the plane of two axes, and the current code among them.
  static let scatter = Pane(rawValue: "scatter")
}

extension Context {
  static let scatter = Context.pane(.scatter)
}

extension ViewOption {
  /// Circles at 1, 2 and 3 deviations of the prior.
  static let rings = ViewOption(rawValue: "rings")
  /// The shade beneath crowded regions.
  static let density = ViewOption(rawValue: "density")
  /// The path walked.
  static let path = ViewOption(rawValue: "path")
  /// Every cell with the digit of its class in place of dots.
  static let classDigits = ViewOption(rawValue: "classDigits")
}

extension PaneKind {
  static let scatter = PaneKind(
    .scatter, title: "Scatter", takesKeys: true, optionsOn: [.rings, .density, .path],
    room: { state, _ in
      // On the training screen it makes room for the confusion matrix of a model that tells classes.
      Room(least: state.screen != .train ? 17 : state.classification == nil ? 15 : 11, priority: 8)
    },
    draw: { canvas, cache in canvas.drawScatter(&cache) },
    press: { state, layout, spot in [.moveInPlane(ScatterPicture.point(at: spot, state))] },
    pressRight: { state, layout, spot in [.moveInPlane(ScatterPicture.point(at: spot, state)), .snap] },
    wheel: { state, layout, spot, direction in
      [.zoomAround(ScatterPicture.point(at: spot, state), by: direction > 0 ? 0.8 : 1.25)]
    },
    words: { state in
      guard state.latentSize > 0, let cloud = state.cloud else { return [] }
      let classes = state.plot.hiddenClasses.sorted().map { state.words(ofClass: Int($0)) }
      let hidden = "class\(classes.count == 1 ? "" : "es") \(classes.joined(separator: " "))"
      var lines = [
        "Scatter: \(cloud.countText), "
          + state.axisNames.replacing(" × ", with: " by ")
          + (classes.isEmpty ? "." : ", without \(hidden).")
      ]
      let shown = [(ViewOption.rings, "rings"), (.density, "density"), (.path, "path"), (.classDigits, "class digits")]
        .filter { state.options.contains($0.0) && ($0.0 != .rings || state.priorCenter != nil) }.map(\.1)
      let window = state.window
      func range(_ axis: Axis, _ low: Float, _ high: Float) -> String {
        "\(state.name(ofAxis: axis)) from \(Numbers.fixed(low, 2, signed: true)) to \(Numbers.fixed(high, 2, signed: true))"
      }
      // The numbers of a layout mean nothing, and change while it is being made; how far that is would be news all the time.
      let stopped = state.embedding == nil ? state.layoutText : nil
      let ranges =
        state.isEmbedding
        ? "a layout by t-SNE" + (stopped.map { ", \($0)" } ?? "")
        : range(state.plot.x, window.lower.x, window.upper.x)
          + (state.isPlane ? ", \(range(state.plot.y, window.lower.y, window.upper.y))" : "")
      if ScatterPicture.isBeyond(state) { lines.append("The code lies beyond the plane that is shown.") }
      lines.append(
        "Plane: \(ranges); with \(shown.isEmpty ? "points alone" : shown.joined(separator: ", ")).")
      if let title = state.plot.coloring.title, let classification = state.classification {
        let right = classification.accuracy.map { ", \(Numbers.fixed($0 * 100, 1)) % right" } ?? ""
        lines.append("Colours: \(title), of \(classification.source.name)\(right).")
      } else if !cloud.classes.isEmpty {
        lines.append("Colours: by class.")
      }
      return lines
    },
    commands: movingCommands + classCommands + axisCommands + windowCommands)

  private static let movingCommands: [Command] = [
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
  ]

  private static let classCommands: [Command] = [
    Command("snap", keys: ["enter"], in: [.scatter], "take the nearest stored code", hint: "snap", action: .snap),
    Command(
      "next of class", keys: ["."], in: [.scatter], "take the next stored code of the same class", hint: "next",
      action: .nextOfClass(1)),
    Command(
      "previous of class", keys: [","], in: [.scatter], "take the previous stored code of the same class",
      action: .nextOfClass(-1)),
    Command(
      "find class", keys: ["f"], in: [.scatter], "take the nearest code of a class: f, then its number or name",
      argument: .init("CLASS", completions: ClassText.completions)
    ) { (text, state) throws(CommandError) in
      text.isEmpty ? .ask(.foundClass) : .findClass(try ClassText.label(text, state, "find class 7"))
    },
    Command(
      "toggle class", keys: ClassText.digits, in: [.scatter],
      "show or hide that class; of more than ten it begins the number", hint: "classes",
      works: { !($0.cloud?.classes.isEmpty ?? true) }, takesKey: true,
      argument: .init("CLASS", completions: ClassText.completions)
    ) { (text, state) throws(CommandError) in
      guard !text.isEmpty else { return .ask(.toggledClass) }
      if let asking = state.asking(.toggledClass, from: text) { return asking }
      if let shown = state.classShown(by: text, in: .scatter) { return .toggleClass(shown) }
      return .toggleClass(try ClassText.label(text, state, "toggle class 7"))
    },
    Command("all classes", keys: ["*"], in: [.scatter], "show every class again", action: .showAllClasses),
    Command(
      "next mistake", keys: ["n"], in: [.scatter],
      "take the next code that the classifier, or else a probe, gets wrong",
      hint: "mistake", action: .nextMistake(1)),
    Command(
      "previous mistake", keys: ["N"], in: [.scatter], "take the mistake before", action: .nextMistake(-1)),
    Command(
      "colours", keys: ["C"], in: [.scatter], "colour by class, predicted class or confidence, or show mistakes alone",
      hint: "colours",
      argument: .init("NAME", isOptional: true) { (_, _) in Coloring.allCases.map(\.rawValue) }
    ) { (text, _) throws(CommandError) in
      guard !text.isEmpty else { return .color(by: nil) }
      guard let coloring = Coloring(rawValue: text) else {
        let names = Coloring.allCases.map(\.rawValue)
        throw CommandError(
          "colours tell \(names.joined(separator: ", ")): colours confidence"
            + Nearest.suggestion(for: text, amongAll: names))
      }
      return .color(by: coloring)
    },
  ]

  private static let axisCommands: [Command] = [
    Command(
      "next x axis", keys: ["x"], in: [.scatter, .grid], "put the next dimension on the x axis", hint: "axis",
      works: { $0.axisCount($0.turnedAxes.x.source) > 1 }, action: .turnAxis(horizontal: true, by: 1)),
    Command(
      "previous x axis", keys: ["X"], in: [.scatter, .grid], "the previous dimension",
      action: .turnAxis(horizontal: true, by: -1)),
    Command(
      "next y axis", keys: ["y"], in: [.scatter, .grid], "put the next dimension on the y axis",
      works: { $0.axisCount($0.turnedAxes.y.source) > 1 }, action: .turnAxis(horizontal: false, by: 1)),
    Command(
      "previous y axis", keys: ["Y"], in: [.scatter, .grid], "the previous dimension",
      action: .turnAxis(horizontal: false, by: -1)),
    Command(
      "components", keys: ["p"], in: [.scatter, .grid],
      "other axes: "
        + (AxisSource.planes.dropFirst() + AxisSource.planes.prefix(1)).map(\.title).joined(separator: ", then ")
        + " again", action: .turnAxisKind),
    Command(
      "t-sne", keys: ["E"], in: [.scatter], "lay the codes out by t-SNE, with its progress; then show it or dimensions",
      action: .embed),
    Command(
      "axes", "choose both axes, such as axes z1 z3, axes pc1 pc2 or axes tsne",
      summaryNow: { state in
        let made = AxisSource.all.filter { $0.making?.isPossible(state) == true }.map { " or axes \($0.prefix)" }
        return state.axesExample.map { "choose both axes, such as \($0)\(made.joined())" }
      },
      argument: .init("X Y", completions: axisPairs)
    ) { (text, state) throws(CommandError) in
      let parts = text.split(separator: " ")
      if parts.count == 1, let making = AxisSource.made(parts[0])?.making { return making.action }
      guard parts.count == 2, let x = state.subject.columns.axis(named: parts[0]),
        let y = state.subject.columns.axis(named: parts[1])
      else {
        let wrong = parts.first { state.subject.columns.axis(named: $0) == nil }.map { "“\($0)” is no axis: " } ?? ""
        let isOne = state.latentSize > 0
        let example = state.axesExample.map { ", such as \($0)" } ?? (isOne ? ", and there is one only" : "")
        throw CommandError("\(wrong)two axes are needed\(example)")
      }
      return .setAxes(x, y)
    },
  ]

  /// Completes the first axis, then the second.
  @Sendable private static func axisPairs(_ state: State, _ typed: String) -> [String] {
    let names = AxisSource.all.flatMap { source in
      (0..<state.axisCount(source.name)).prefix(64).map { state.name(ofAxis: Axis(source: source.name, index: $0)) }
    }
    let parts = typed.split(separator: " ")
    guard typed.contains(" "), let first = parts.first else {
      return zip(names, names.dropFirst()).filter { $0.prefix(1) == $1.prefix(1) }.map { "\($0) \($1)" }
        + AxisSource.all.filter { $0.making != nil }.map(\.prefix)
    }
    return names.filter { $0 != first }.map { "\(first) \($0)" }
  }

  private static let windowCommands: [Command] = [
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
      "density", keys: ["s"], in: [.scatter], "the shade beneath crowded regions, on or off",
      action: .toggle(.density)),
    Command(
      "class digits", keys: ["O"], in: [.scatter], "points as the digits or letters of their classes, or as dots",
      action: .toggle(.classDigits)),
    Command("path", keys: ["W"], in: [.scatter], "the way walked, on or off", action: .toggle(.path)),
  ]
}
