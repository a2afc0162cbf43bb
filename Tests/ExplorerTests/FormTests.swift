import Datasets
import LatentModels
import Terminal
import Testing

@testable import Explorer

/// The lines of the training form know each other.
@Suite struct FormTests {
  private struct NoForm: Error {}

  private func form(_ state: State) throws -> TrainingForm {
    guard case .form(let form) = state.overlay else { throw NoForm() }
    return form
  }

  /// Keys typed into the form with one line chosen.
  private func press(_ keys: String, at field: TrainingForm.Field, _ state: inout State) throws {
    guard case .form(var form) = state.overlay else { throw NoForm() }
    form.focus = field
    state.overlay = .form(form)
    try Sample.press(keys, &state)
  }

  private func opened() throws -> State {
    var state = Sample.state()
    try Sample.press("T", &state)
    return state
  }

  @Test func labelsAreAskedForWhereTheyMatterOnly() throws {
    var state = try opened()
    #expect(try !form(state).lines.contains(.labels))
    try press("ctrl-u type:semi-supervised", at: .model, &state)
    #expect(try form(state).lines.contains(.labels))
    #expect(try form(state).text(.objective) == "semi-supervised")
    try press("right", at: .labels, &state)
    let configuration = try form(state).configuration()
    #expect(configuration.training.labels == .count(3000))
    #expect(configuration.model.kind == ModelKind.named("semi-supervised")?.identifier)
    try press("ctrl-u type:some", at: .labels, &state)
    #expect(throws: TrainingForm.Problem.self) { try form(state).configuration() }
  }

  @Test func whoListensIsToldThatThereIsNoPreset() throws {
    var state = try opened()
    try press("ctrl-u", at: .preset, &state)
    #expect(Account.lines(state).contains { $0.hasSuffix("preset: none") })
  }

  @Test func whatAModelDoesNotTakeIsNotOffered() throws {
    for model in TrainingForm.models {
      var state = try opened()
      try press("ctrl-u type:strokes", at: .data, &state)
      try press("ctrl-u type:\(model.name)", at: .model, &state)
      let offered = try form(state).offeredObjectives
      #expect(!offered.isEmpty, "\(model.name)")
      for objective in offered {
        try press("ctrl-u type:\(objective.name)", at: .objective, &state)
        #expect(throws: Never.self, "\(model.name) \(objective.name)") { try form(state).configuration() }
      }
      for preset in try form(state).offeredPresets {
        #expect(offered.contains { $0.identifier == preset.objective })
      }
    }
    var state = try opened()
    try press("ctrl-u type:autoencoder", at: .model, &state)
    try press("ctrl-u type:beta-tcvae", at: .objective, &state)
    do {
      _ = try form(state).configuration()
      Issue.record("an autoencoder has no total correlation")
    } catch let problem as TrainingForm.Problem {
      #expect(problem.field == .objective && problem.text.contains("does not take it"))
    }
  }

  @Test func aModelOverTheCodesOfAnotherSaysHowItIsTrained() throws {
    for model in ModelKind.all where model.usesCodes {
      var state = try opened()
      try press("ctrl-u type:\(model.name)", at: .model, &state)
      do {
        _ = try form(state).configuration()
        Issue.record("\(model.name) needs a trained model")
      } catch let problem as TrainingForm.Problem {
        #expect(problem.field == .model && problem.text.contains("--codes-of"))
      }
    }
  }

  @Test func aModelOverCodesIsOfferedWhereTheModelAtHandCanServeAndElseItIsSaidWhyNot() throws {
    var state = try opened()
    let found = ModelKind.all.first { $0.usesCodes }
    let stacked = try #require(found)
    #expect(try !form(state).offeredModels.contains { $0.identifier == stacked.identifier })
    try press("", at: .model, &state)
    #expect(try form(state).help.contains("\(stacked.name) takes the codes of a trained model: open one first"))
    try Sample.press("escape", &state)
    state.subject.configuration = Configuration(
      model: ModelConfiguration(kind: "semiSupervised"), objective: ObjectiveConfiguration(),
      training: TrainingConfiguration())
    try Sample.press("T", &state)
    guard case .none(let why) = try form(state).codes else {
      Issue.record("a model with a class has no codes to take")
      return
    }
    #expect(why.contains("those of a semi-supervised cannot be taken"))
    try Sample.press("escape", &state)
    state.subject.configuration?.model.kind = ModelConfiguration.defaultKind
    state.subject.configuration?.training.data = "strokes"
    try Sample.press("T", &state)
    try press("ctrl-u type:\(stacked.name)", at: .model, &state)
    #expect(try form(state).help.contains("of sample"))
    #expect(try form(state).configuration().model.kind == stacked.identifier)
  }

  @Test func roundTheModelsAndBackTheFormIsAsItWas() throws {
    var state = try opened()
    try press("ctrl-u type:strokes", at: .data, &state)
    let before = try form(state)
    #expect(before.text(.preset) == "vae")
    let count = before.offeredModels.count
    try press("right*\(count)", at: .model, &state)
    let after = try form(state)
    for field in before.lines { #expect(after.text(field) == before.text(field), "\(field)") }
    try press("right left", at: .beta, &state)
    #expect(try form(state).text(.preset) == "vae")
  }

  @Test func everyModelHasAFolderOfItsOwn() throws {
    var folders: [String: String] = [:]
    for model in ModelKind.all {
      let path = RunPath.fresh(data: "strokes", latent: "2", model: model, in: "runs") { _ in false }
      #expect(folders[path] == nil, "\(model.name) and \(folders[path] ?? "") in \(path)")
      folders[path] = model.name
    }
    #expect(folders["runs/strokes-fair-y2d"] == "fair" && folders["runs/strokes-2d"] == "vae")
  }

  @Test(arguments: [("strokes", "thickness"), ("mnist-rotated", "rotated"), ("mnist", "")])
  func whatAModelIsToForgetIsFilledInForTheData(data: String, attribute: String) throws {
    var state = try opened()
    try press("ctrl-u type:fair", at: .model, &state)
    try press("ctrl-u type:\(data)", at: .data, &state)
    #expect(try form(state).text(.attribute) == attribute)
    do {
      #expect(try form(state).configuration().model.attribute?.name == attribute)
    } catch let problem as TrainingForm.Problem {
      #expect(attribute.isEmpty && problem.field == .attribute && problem.text.contains("label"))
    }
    // What was typed stays, whatever the data.
    try press("ctrl-u type:label", at: .attribute, &state)
    try press("ctrl-u type:strokes", at: .data, &state)
    #expect(try form(state).text(.attribute) == "label")
  }

  @Test(arguments: [
    ("strokes-rotated", "rotated", "strokes", "thickness"), ("strokes", "thickness", "mnist-rotated", "rotated"),
  ])
  func whatAModelForgetsIsThatOfTheDataAlsoWhereTheFormBeginsFromIt(
    data: String, attribute: String, other: String, own: String
  ) throws {
    var configuration = Configuration(
      model: ModelConfiguration(kind: "fairAutoencoder", hidden: [64], latent: 8),
      objective: ObjectiveConfiguration(kind: "fairBound"), training: TrainingConfiguration(data: data))
    for (name, expected) in [(attribute, own), ("label", "label")] {
      configuration.model.attribute = SensitiveAttribute(name: name, valueNames: ["a", "b"])
      var form = TrainingForm(configuration)
      #expect(form.text(.attribute) == name)
      form.focus = .data
      _ = form.type {
        $0.text = other
        return true
      }
      #expect(form.text(.attribute) == expected)
    }
  }

  @Test func whatChangesNothingIsNeitherAskedForNorTakenOver() throws {
    var configuration = Configuration(
      model: ModelConfiguration(kind: "semiSupervised", hidden: [64], latent: 8),
      objective: ObjectiveConfiguration(kind: "semiSupervisedBound", settings: ["alpha": .number(10)]),
      training: TrainingConfiguration(data: "strokes", labels: .count(100), labelledShare: 0.25))
    configuration.objective.annealing = ["alpha": .linear(steps: 100)]
    var form = TrainingForm(configuration)
    #expect(form.lines.contains(.setting("alpha")) && form.lines.contains(.setting("gamma")))
    #expect(form.takenOver?.contains("labelled share 0.25") == true)
    #expect(try form.configuration().training.labelledShare == 0.25)
    for labels in ["none", "0"] {
      form.fields[.labels] = TextField(labels)
      #expect(!form.lines.contains(.setting("alpha")))
      #expect(form.takenOver?.contains("labelled share") != true && form.takenOver?.contains("alpha") != true)
      let begun = try form.configuration()
      #expect(begun.training.labelledShare == nil && begun.objective.settings["alpha"] == nil)
      #expect(begun.objective.annealing.isEmpty)
    }
    // Every image of strokes has its class: nothing is without a label.
    form.fields[.labels] = TextField("all")
    #expect(form.lines.contains(.setting("alpha")) && !form.lines.contains(.setting("gamma")))
    #expect(try form.configuration().training.labelledShare == nil)
  }

  @Test func aRefusalStandsAtTheLineItConcerns() throws {
    for (model, field, text, words) in [
      ("semi-supervised", .samples, "4", "samples is 4; allowed: 1"),
      ("fair", .attribute, "label", "name another property"),
    ] as [(String, TrainingForm.Field, String, String)] {
      var state = try opened()
      try press("ctrl-u type:strokes", at: .data, &state)
      try press("ctrl-u type:\(model)", at: .model, &state)
      try press("ctrl-u type:\(text)", at: field, &state)
      try Sample.press("enter", &state)
      let form = try form(state)
      #expect(form.focus == field && form.lines.contains(field))
      #expect(form.problem?.contains(words) == true && form.problem?.contains("objective.samples") == false)
    }
  }

  @Test func aRefusalSaysWhatStandsInTheLineAndIsNotItsHelp() throws {
    for (field, text, words) in [
      (.beta, "", "β is empty; allowed: 0 to 1000"), (.beta, "x", "β is x; allowed: 0 to 1000"),
      (.latent, "0", "latent size is 0; allowed: a whole number"), (.epochs, "", "epochs is empty; allowed: "),
      (.hidden, "x", "hidden sizes is x; allowed: up to 8"),
    ] as [(TrainingForm.Field, String, String)] {
      var state = try opened()
      try press("ctrl-u type:strokes", at: .data, &state)
      try press(text.isEmpty ? "ctrl-u" : "ctrl-u type:\(text)", at: field, &state)
      let help = try form(state).help
      try Sample.press("enter", &state)
      let form = try form(state)
      #expect(form.focus == field && form.problem?.hasPrefix(words) == true && form.problem != help)
    }
  }

  @Test func samplesAreNotAskedForWhereTheModelTakesOneAlone() throws {
    var state = try opened()
    try press("ctrl-u type:autoencoder", at: .model, &state)
    #expect(try !form(state).lines.contains(.samples))
    try press("right right", at: .samples, &state)
    #expect(try form(state).text(.samples) == "1")
  }

  @Test func helpIsWholeWhereThereIsRoomAndElseEndsAsCut() throws {
    var state = try opened()
    var form = try form(state)
    form.focus = .model
    form.codes = .none(String(repeating: "word ", count: 60) + "finis")
    state.overlay = .form(form)
    _ = state.update(.resize(width: 120, height: 40))
    #expect(view(state, rendition: .init()).plain().contains("finis"))
    _ = state.update(.resize(width: 60, height: 20))
    let low = view(state, rendition: .init()).plain()
    #expect(low.contains(#/w(o|or|ord|ord )?…/#) && !low.contains("finis"))
  }

  @Test func linesThatTheWindowHasNoRoomForAreCounted() throws {
    var state = try opened()
    try press("ctrl-u type:hfvae", at: .preset, &state)
    try press("", at: .data, &state)
    let count = try form(state).lines.count
    _ = state.update(.resize(width: 60, height: 20))
    #expect(view(state, rendition: .init()).plain().contains(" of \(count) "))
    _ = state.update(.resize(width: 120, height: 40))
    #expect(!view(state, rendition: .init()).plain().contains(" of \(count) "))
  }

  @Test func namesOfLinesAreWordsAndWhole() throws {
    var state = try opened()
    try press("ctrl-u type:split-code", at: .model, &state)
    #expect(view(state, rendition: .init()).plain().contains("class dimensions"))
  }

  @Test func aPresetFillsInItsObjectiveAndItsNumbers() throws {
    for preset in try form(opened()).offeredPresets {
      var state = try opened()
      try press("ctrl-u type:\(preset.name)", at: .preset, &state)
      #expect(try form(state).configuration().objective == preset.configuration, "\(preset.name)")
    }
    var state = try opened()
    try press("ctrl-u right right", at: .preset, &state)
    #expect(try form(state).text(.preset) == "beta-vae" && form(state).text(.beta) == "4")
    try press("ctrl-u type:5", at: .beta, &state)
    #expect(try form(state).text(.preset).isEmpty)
    #expect(try form(state).configuration().initialControls["beta"] == 5)
  }

  @Test("Arrows keep a number within what its line takes, whatever was typed")
  func steps() throws {
    var state = try opened()
    try press("ctrl-u type:iwae", at: .preset, &state)
    let bounds: [(TrainingForm.Field, String)] = [(.latent, "1024"), (.epochs, "1000000"), (.rate, "10")]
    for (field, most) in bounds {
      for typed in ["\(Int.max)", "\(Int.min)", "1e308", "99999999999999999999", ""] {
        for key in ["right", "left"] {
          try press("ctrl-u", at: field, &state)
          _ = state.update(.paste(typed))
          try press(key, at: field, &state)
        }
      }
      try press("ctrl-u type:\(most) right", at: field, &state)
      #expect(try form(state).text(field) == most)
    }
    // A line for samples takes what the objective does.
    let most = try #require(try form(state).objective).requirements.samples.upperBound
    try press("ctrl-u type:\(Int.max) right", at: .samples, &state)
    #expect(try form(state).text(.samples) == "\(most)")
    try press("ctrl-u type:1 left", at: .latent, &state)
    #expect(try form(state).text(.latent) == "1")
  }

  @Test func everyWeightOfTheObjectiveIsALine() throws {
    var state = try opened()
    try press("ctrl-u type:hfvae", at: .preset, &state)
    let lines = try form(state).lines
    for name in ["alpha", "beta", "gamma", "delta"] { #expect(lines.contains(.setting(name))) }
    // In the lowest window the line at hand is always seen.
    _ = state.update(.resize(width: 60, height: 20))
    for field in lines {
      try press("", at: field, &state)
      #expect(view(state, rendition: .init()).plain().contains("▸" + (try form(state)).title(of: field)))
    }
  }

  @Test func theFormOfARunIsThatOfItsConfiguration() throws {
    var configuration = Configuration(
      model: ModelConfiguration(kind: "semiSupervised", hidden: [64], latent: 8),
      objective: ObjectiveConfiguration(kind: "semiSupervisedBound", settings: ["alpha": .number(10)]),
      training: TrainingConfiguration(data: "strokes", epochs: 3))
    configuration.training.labels = .count(100)
    let form = TrainingForm(configuration)
    let again = try form.configuration()
    #expect(again.model.kind == configuration.model.kind && again.model.latent == 8)
    #expect(again.objective == configuration.objective)
    #expect(again.training.labels == .count(100))
  }
}
