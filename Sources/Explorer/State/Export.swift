import Canvas
import Exports

/// Something of a session that a person wants in a file.
struct Export: Sendable {
  let kind: ExportKind
  /// Where to, as it was typed.
  let path: String
  /// What it is, as of the moment it was asked for.
  let content: Content
  /// What messages call it.
  let name: String
  /// Whether a file that is there may be replaced.
  var mayReplace = false

  /// What a file is made of.
  enum Content: Sendable {
    /// The screen, as it is when the file is written.
    case screen
    /// Pictures decoded from codes, each shown for so many seconds where they follow one another.
    case pictures(Scene.Batch, seconds: Double)
    /// The code at hand.
    case code([Float])
    /// The codes of the scatter but for those of hidden classes.
    case codes(CodeCloud, hiding: Set<Int32>)
  }
}

/// A kind of export: what `export NAME FILE` writes. The palette, help and the README follow from the table of these.
struct ExportKind: Sendable {
  /// What follows `export`.
  let name: String
  /// One line for the key table.
  let summary: String
  /// The forms it has: the endings it can be written with follow from them.
  let forms: Set<Exhibit.Form>
  /// A name to show how one is typed.
  let example: String
  /// What there is of it, and what to call it.
  let content: @Sendable (State) throws(CommandError) -> (Export.Content, name: String)

  /// Every kind.
  static let all: [ExportKind] = [view, strip, picture, codes, code]

  /// The endings it can be written with, such as `.png, .svg or .txt`.
  var endings: String {
    let endings = ExportFormat.holding(forms).map { ".\($0.name)" }
    guard let last = endings.last, endings.count > 1 else { return endings.joined() }
    return endings.dropLast().joined(separator: ", ") + " or " + last
  }

  static let view = ExportKind(
    name: "view", summary: "write what the screen shows: FILE.png, .svg or .txt", forms: [.screen], example: "view.png"
  ) { (state) throws(CommandError) in (.screen, "the view, \(state.size.width)×\(state.size.height) cells,") }

  static let strip = ExportKind(
    name: "strip", summary: "write the traversal strip: FILE.png, or .gif to play it",
    forms: [.array, .picture, .animation], example: "strip.gif"
  ) { (state) throws(CommandError) in
    try state.needsModel()
    let batch = TraversalPlan.shown(in: state)
    return (
      .pictures(batch, seconds: 1 / Double(max(1, state.speed))),
      "\(Numbers.counted(batch.count, "digit")) of \(state.selectionWords)"
    )
  }

  static let picture = ExportKind(
    name: "picture", summary: "write the decoded digit: FILE.png", forms: [.array, .picture], example: "digit.png"
  ) { (state) throws(CommandError) in
    try state.needsModel()
    return (.pictures(Scene.Batch(codes: state.code, count: 1), seconds: 1), "the digit")
  }

  static let codes = ExportKind(
    name: "codes", summary: "write the codes of the scatter's shown classes: FILE.npy",
    forms: [.array], example: "codes.npy"
  ) { (state) throws(CommandError) in
    guard let cloud = state.cloud, cloud.count > 0 else {
      throw CommandError("there are no codes in the scatter: type data NAME to encode a data set")
    }
    let hidden = state.plot.hiddenClasses
    let count = cloud.count(without: hidden)
    guard count > 0 else { throw CommandError("every class is hidden: type all classes to show them again") }
    return (
      .codes(cloud, hiding: hidden),
      "\(Numbers.counted(count, "code")) of \(Numbers.counted(cloud.dimensions, "number"))"
    )
  }

  static let code = ExportKind(
    name: "code", summary: "write the code at hand: FILE.npy", forms: [.array], example: "code.npy"
  ) { (state) throws(CommandError) in
    try state.needsModel()
    return (.code(state.code), "the code of \(Numbers.counted(state.latentSize, "number"))")
  }
}

extension State {
  /// Throws where no model is open to decode with.
  fileprivate func needsModel() throws(CommandError) {
    guard latentSize > 0 else { throw CommandError("open a model first: type open mnist-2d, or press T to train one") }
  }
}
