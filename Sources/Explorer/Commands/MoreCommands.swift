extension KeyTable {
  /// Commands of marks and ways between them.
  static let marking: [Command] = [
    Command(
      "mark", keys: ["m"], in: Context.panes, "keep the code under a letter: m, then a–z", hint: "mark",
      argument: .init("LETTER", completions: freeLetter)
    ) { (text, _) throws(CommandError) in text.isEmpty ? .ask(.markLetter) : .mark(try letters(text, 1, "mark a")[0]) },
    Command(
      "jump", keys: ["'"], in: Context.panes, "go to a mark: ', then its letter",
      argument: .init("LETTER", completions: another(of: marks, upTo: 1))
    ) { (text, _) throws(CommandError) in text.isEmpty ? .ask(.jumpLetter) : .jump(try letters(text, 1, "jump a")[0]) },
    Command(
      "interpolate", keys: ["i"], in: Context.panes, "a slider from one mark to another: i, then two letters",
      hint: "interpolate", argument: .init("LETTER LETTER", completions: another(of: marks, upTo: 2))
    ) { (text, _) throws(CommandError) in
      if text.isEmpty { return .ask(.interpolationLetters) }
      let two = try letters(text, 2, "interpolate a b")
      return .interpolate(two[0], two[1])
    },
    Command(
      "spherical", keys: ["S"], in: Context.panes, "interpolate along the sphere, or straight again",
      action: .toggleSpherical),
    Command(
      "arithmetic", keys: ["a"], in: Context.panes, "first − second + third mark: a, then three letters",
      argument: .init("LETTER LETTER LETTER", completions: another(of: marks, upTo: 3))
    ) { (text, _) throws(CommandError) in
      if text.isEmpty { return .ask(.arithmeticLetters) }
      let three = try letters(text, 3, "arithmetic a b c")
      return .arithmetic(three[0], three[1], three[2])
    },
    Command(
      "direction", keys: ["D"], in: Context.panes, "a slider from one class mean towards another: D, then two digits",
      argument: .init("DIGIT DIGIT", completions: another(of: { _ in digits }, upTo: 2))
    ) { (text, _) throws(CommandError) in
      if text.isEmpty { return .ask(.directionClasses) }
      let parts = text.split(separator: " ").map(String.init)
      let two = parts.count == 1 && text.count == 2 ? text.map(String.init) : parts
      guard two.count == 2 else { throw CommandError("two classes are needed, such as direction 3 8") }
      return .classDirection(try digit(two[0], "direction 3 8"), try digit(two[1], "direction 3 8"))
    },
    Command(
      "end way", keys: ["delete"], in: Context.panes, "remove the slider of the interpolation or direction",
      action: .endTrack),
  ]

  /// Commands of training.
  static let training: [Command] = [
    Command(
      "pause", keys: ["P"], in: Context.panes, "pause the training run, or go on", action: .training(.pauseOrResume)),
    Command(
      "pause here", keys: ["p"], in: [.training], "pause the run, or go on", hint: "pause",
      action: .training(.pauseOrResume)),
    Command(
      "next control", keys: ["down"], in: [.training], "select β or rate", hint: "β rate", action: .turnControl(1)),
    Command("previous control", keys: ["up"], in: [.training], "select β or rate", action: .turnControl(-1)),
    Command(
      "raise", keys: ["right"], in: [.training], "raise β by 0.1, or the rate by a tenth", hint: "change",
      action: .slide(1, .normal)),
    Command("lower", keys: ["left"], in: [.training], "lower it as much", action: .slide(-1, .normal)),
    Command(
      "step", keys: ["s"], in: [.training], "one training step, then pause", hint: "step", action: .training(.step)),
    Command("stop", keys: ["x"], in: [.training], "end the run and save it", hint: "stop", action: .training(.stop)),
    Command("save", keys: ["w"], in: [.training], "save a checkpoint now", hint: "save", action: .training(.save)),
    Command(
      "raise much", keys: ["shift-right", ">"], in: [.training], "raise β by 1, or double the rate",
      action: .slide(1, .coarse)),
    Command(
      "lower much", keys: ["shift-left", "<"], in: [.training], "lower β by 1, or halve the rate",
      action: .slide(-1, .coarse)),
    Command("beta", "set β of the run", argument: .init("NUMBER") { (_, _) in ["1", "4"] }) {
      (text, _) throws(CommandError) in
      guard let value = Numbers.parse(text), (0...1000).contains(value) else {
        throw CommandError("β is a number from 0 to 1000; type beta 4")
      }
      return .setBeta(Float(value))
    },
    Command(
      "rate", "set the learning rate of the run", argument: .init("NUMBER") { (_, _) in ["0.001", "0.0003"] }
    ) { (text, _) throws(CommandError) in
      guard let value = Numbers.parse(text), (1e-7...1).contains(value) else {
        throw CommandError("the rate is a number up to 1; type rate 0.0003")
      }
      return .setRate(Float(value))
    },
  ]

  /// Commands of what lies over the panes.
  static let overlays: [Command] = [
    Command("close table", keys: ["escape", "?", "q", "F1"], in: [.help], "close it", hint: "close", action: .cancel),
    Command("table down", keys: ["down", "enter"], in: [.help], "scroll", hint: "scroll", action: .scroll(.lines(1))),
    Command("table up", keys: ["up"], in: [.help], "scroll", action: .scroll(.lines(-1))),
    Command(
      "table page down", keys: ["page-down", "space"], in: [.help], "a page down", hint: "page",
      action: .scroll(.pages(1))),
    Command("table page up", keys: ["page-up"], in: [.help], "a page up", action: .scroll(.pages(-1))),
    Command("table top", keys: ["home"], in: [.help], "to the top", action: .scroll(.top)),
    Command("table end", keys: ["end"], in: [.help], "to the end", action: .scroll(.bottom)),
    Command("run command", keys: ["enter"], in: [.palette], "run the selected command", hint: "run", action: .accept),
    Command(
      "complete", keys: ["tab"], in: [.palette], "complete to the selected command", hint: "complete",
      action: .complete),
    Command(
      "next match", keys: ["down"], in: [.palette], "select the next command", hint: "choose", action: .choose(1)),
    Command("previous match", keys: ["up"], in: [.palette], "select the command before", action: .choose(-1)),
    Command(
      "close palette", keys: ["escape"], in: [.palette], "close without running anything", hint: "close",
      action: .cancel),
    Command(
      "take value", keys: ["enter"], in: [.value], "set the slider to what was typed", hint: "set", action: .accept),
    Command("leave value", keys: ["escape"], in: [.value], "leave it as it was", hint: "leave", action: .cancel),
    Command(
      "no answer", keys: ["escape"], in: [.question], "leave everything as it was", hint: "leave", action: .cancel),
    Command("start run", keys: ["enter"], in: [.form], "start training", hint: "start", action: .accept),
    Command("next field", keys: ["down", "tab"], in: [.form], "next line", hint: "line", action: .choose(1)),
    Command("previous field", keys: ["up", "shift-tab"], in: [.form], "previous line", action: .choose(-1)),
    Command(
      "next choice", keys: ["right"], in: [.form], "next data set; a larger number", hint: "change",
      action: .slide(1, .normal)),
    Command(
      "previous choice", keys: ["left"], in: [.form], "previous data set; a smaller number",
      action: .slide(-1, .normal)),
    Command("close form", keys: ["escape"], in: [.form], "close without training", hint: "close", action: .cancel),
    Command(
      "save and quit", keys: ["s", "enter"], in: [.quitting], "stop the run, save it and quit", hint: "save & quit",
      action: .confirmQuit(saving: true)),
    Command(
      "quit unsaved", keys: ["d"], in: [.quitting], "quit; the last checkpoint stays as it is",
      hint: "quit without saving", action: .confirmQuit(saving: false)),
    Command("stay", keys: ["escape", "c"], in: [.quitting], "go on", hint: "cancel", action: .cancel),
  ]

  /// The letters a text names, with or without spaces between them.
  static func letters(_ text: String, _ count: Int, _ example: String) throws(CommandError) -> [Character] {
    let letters = text.filter { $0 != " " }.lowercased()
    guard letters.count == count, letters.allSatisfy({ $0.isASCII && $0.isLetter }) else {
      throw CommandError("\(count == 1 ? "a letter" : "\(count) letters") from a to z: \(example)")
    }
    return Array(letters)
  }

  @Sendable private static func marks(_ state: State) -> [String] {
    state.steering.marks.keys.sorted().map(String.init)
  }

  /// The first letter that marks nothing yet.
  @Sendable private static func freeLetter(_ state: State, _ typed: String) -> [String] {
    let letters = (UInt8(ascii: "a")...UInt8(ascii: "z")).map { String(UnicodeScalar($0)) }
    return letters.first { !marks(state).contains($0) }.map { [$0] } ?? []
  }

  /// Completions that add one more of `choices` to what has been typed, while fewer than `count` are there.
  private static func another(
    of choices: @escaping @Sendable (State) -> [String], upTo count: Int
  ) -> @Sendable (State, String) -> [String] {
    { state, typed in
      guard typed.split(separator: " ").count < count else { return [] }
      return choices(state).map { typed.isEmpty ? $0 : "\(typed) \($0)" }
    }
  }
}
