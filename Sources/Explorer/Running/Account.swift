import Canvas

/// The state as linear text: what a screen reader reads or a log keeps.
enum Account {
  static func of(_ state: State) -> String { lines(state).joined(separator: "\n") }

  static func lines(_ state: State) -> [String] {
    var lines: [String] = []
    let subject = state.subject
    if subject.latentSize == 0 {
      lines.append("No model is open. T trains one; :open NAME opens one.")
    } else {
      var line = "Model \(subject.name), \(subject.shape), epoch \(subject.epoch)"
      if let bound = subject.bound { line += ", ELBO \(Numbers.fixed(bound, 1)) nats" }
      lines.append(line + ".")
    }
    lines.append("Screen \(state.screen.rawValue); keys go to: \(state.context.title.lowercased()).")
    lines += sliders(state)
    lines += look(state)
    if let training = state.training { lines += run(training) }
    lines += overlay(state)
    if let message = state.message { lines.append((message.isError ? "Error: " : "Note: ") + message.text) }
    return lines.map(plain)
  }

  /// Words and ASCII in place of signs that a screen reader leaves out or a log cannot hold; letters stay as they are.
  static func plain(_ line: String) -> String {
    let scalars = KeyNames.spelled(line).unicodeScalars.map { $0.asciiLikeness == "?" ? $0 : $0.asciiLikeness }
    return String(String.UnicodeScalarView(scalars))
  }

  private static func sliders(_ state: State) -> [String] {
    state.sliders.map { selection in
      let mark = selection == state.selection ? "> " : "  "
      switch selection {
      case .track:
        let name = (state.steering.track?.name ?? "").replacing("→", with: " to ")
        return "\(mark)\(name) \(Numbers.fixed(state.selectedValueOfTrack, 2))"
      case .dimension(let index):
        var line = "\(mark)z\(index + 1) \(Numbers.fixed(state.code[index], 2, signed: true))"
        if let divergence = state.divergence(index) { line += ", KL \(Numbers.fixed(divergence, 2)) nats" }
        if state.isInactive(index) { line += ", inactive" }
        if state.steering.locked.contains(index) { line += ", locked" }
        return line
      }
    }
  }

  private static func look(_ state: State) -> [String] {
    guard state.latentSize > 0 else { return [] }
    let facts = LookFacts(state)
    var lines = ["Code: \(facts.origin)."]
    if let cloud = state.cloud {
      let hidden = state.plot.hiddenClasses.sorted().map { String($0) }.joined(separator: " ")
      lines.append(
        "Scatter: \(Numbers.grouped(cloud.count)) codes of \(cloud.source), \(state.plot.x.name) by \(state.plot.y.name)"
          + (hidden.isEmpty ? "." : ", without classes \(hidden)."))
    }
    if let region = facts.region { lines.append("Region: \(region).") }
    if let nearest = facts.nearest { lines.append("Nearest code: \(nearest.dropFirst(8)).") }
    if let digit = state.scene.digit {
      let ink = digit.values.reduce(0, +) / Float(max(1, digit.values.count))
      lines.append("Digit: \(digit.width) by \(digit.height) pixels, \(Numbers.fixed(ink * 100, 0)) % ink.")
    }
    let marks = state.steering.marks.keys.sorted().map { String($0) }
    if !marks.isEmpty { lines.append("Marks: \(marks.joined(separator: " ")).") }
    return lines
  }

  private static func run(_ training: TrainingView) -> [String] {
    var line = "Training \(training.configuration.training.data): \(training.phaseText)"
    line += ", epoch \(training.epoch) of \(training.configuration.training.epochs)"
    line += ", beta \(Numbers.brief(Double(training.beta))), rate \(Numbers.brief(Double(training.rate)))."
    var lines = [line]
    if !training.terms.isEmpty {
      lines.append(
        "Terms: " + training.terms.map { "\($0.name) \(Numbers.fixed($0.value, 1))" }.joined(separator: ", ") + ".")
    }
    if let heldOut = training.heldOut {
      lines.append(
        "Held out: " + heldOut.map { "\($0.name) \(Numbers.fixed($0.value, 1))" }.joined(separator: ", ") + ".")
    }
    return lines
  }

  private static func overlay(_ state: State) -> [String] {
    switch state.overlay {
    case .none: return []
    case .help:
      return HelpText.lines(first: state.context(beneath: true)).map { line in
        switch line {
        case .title(let text): text + ":"
        case .entry(let keys, let summary): "  \(keys): \(summary)"
        case .blank: ""
        }
      }
    case .palette(let palette):
      return ["Palette: \(palette.field.text)"]
        + palette.matches(state).prefix(8).map { "  \($0.shown): \($0.command.summary)" }
    case .value(let field): return ["Typing a value: \(field.text)"]
    case .question(let question, let answered):
      return ["Asked: \(question.text): " + answered.map { String($0) }.joined(separator: " ")]
    case .form(let form):
      return ["Form: train a model"]
        + TrainingForm.Field.allCases.map { "\($0 == form.focus ? "> " : "  ")\($0.rawValue): \(form.text($0))" }
        + (form.problem.map { ["Error: \($0)"] } ?? [])
    case .quitting: return ["A run is training: s saves it and quits, d quits without, Esc goes on."]
    }
  }
}

extension State {
  var selectedValueOfTrack: Float { steering.track?.position ?? 0 }
}
