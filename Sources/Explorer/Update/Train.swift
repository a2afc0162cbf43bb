import LatentModels

extension State {
  mutating func train(_ action: Action) -> [Effect] {
    switch action {
    case .openForm:
      guard training?.isLive != true else {
        message = .error("a run is training already: stop it first with x on the training screen (t)")
        break
      }
      overlay = .form(proposedForm)
      return [.lookAround]
    case .lookedAround(let surroundings):
      // What has been typed since stays.
      let isUntouched = if case .form(let form) = overlay { form == proposedForm } else { false }
      self.surroundings = surroundings
      if isUntouched { overlay = .form(proposedForm) }
    case .formProblem(let field, let text):
      guard case .form(var form) = overlay else { break }
      (form.focus, form.problem) = (field, text)
      overlay = .form(form)
    case .startTraining(let configuration, let run):
      overlay = .none
      formerTraining = training
      training = TrainingView(configuration: configuration)
      message = .note("preparing \(configuration.training.dataTitle)…")
      return [.startTraining(configuration, run: run)]
    case .adoptTraining(let configuration, let controls):
      var view = TrainingView(configuration: configuration)
      view.values.merge(controls) { _, now in now }
      training = view
    case .training(let command): return direct(command)
    case .askToStop: return askToStop()
    case .resumeTraining(let rate): return resume(rate)
    case .turnControl(let change):
      guard let training else { return noRun() }
      self.training?.selectedControl = min(
        max(0, training.selectedControl + change), max(0, training.controls.count - 1))
    case .adjustControl(let direction, let stride): return adjustControl(direction, stride)
    case .setControl(let name, let value): return set(name, to: value)
    case .trainingChanged(let report): take(report)
    default: break
    }
    return []
  }

  /// The form of a new run: as the last one was sent off, or else as the run of this session was configured, or else as
  /// the model at hand was trained. Data that are not here are not proposed.
  private var proposedForm: TrainingForm {
    var form: TrainingForm
    if let formerForm {
      form = formerForm
    } else if let training, training.phase != .recorded {
      form = TrainingForm(training.configuration)
    } else if let configuration = subject.configuration {
      form = TrainingForm(configuration)
      let data = configuration.training.dataTitle
      let isKnown = surroundings.dataNames.contains(data) && !surroundings.absentData.contains(data)
      if !isKnown, !data.contains("/") { form.fields[.data] = TextField(surroundings.defaultData) }
    } else {
      form = TrainingForm(data: surroundings.defaultData)
    }
    form.dataNames = surroundings.dataNames
    form.absentData = surroundings.absentData
    form.runFolder = surroundings.runFolder
    form.takenRuns = surroundings.takenRuns
    return form
  }

  private mutating func noRun() -> [Effect] {
    message = .error("no run is training: press T to start one")
    return []
  }

  private mutating func direct(_ command: TrainingCommand) -> [Effect] {
    guard let training, training.isLive else { return noRun() }
    if training.phase == .preparing {
      message = .note("the run is being prepared: a moment")
      return []
    }
    return [.training(command)]
  }

  /// Ending a run is asked about: a key next door must not do it.
  private mutating func askToStop() -> [Effect] {
    guard let training, training.isLive else { return noRun() }
    guard training.phase != .preparing else { return direct(.stop) }
    overlay = .confirmation(
      Confirmation(question: "End the run and save it? (:resume goes on with it)", action: .training(.stop)))
    return []
  }

  /// Takes up a run that ended before its last epoch; after a failure at half the rate unless another is given.
  private mutating func resume(_ rate: Double?) -> [Effect] {
    guard let training else { return noRun() }
    guard !training.isLive else {
      message = .error("the run is not over: p goes on after a pause")
      return []
    }
    guard let path = training.path else {
      message = .error("this run was not saved anywhere: T starts a new one")
      return []
    }
    guard training.canResume else {
      message = .note(
        "all \(training.configuration.training.epochs) epochs are done; zscope train --resume \(path) "
          + "--epochs \(2 * training.configuration.training.epochs) goes further")
      return []
    }
    var rate = rate
    if rate == nil, case .failed = training.phase {
      // At half of a rate a hundred times too high it would only fail again.
      rate = training.values["rate"].map { $0 / 2 < 0.01 ? $0 / 2 : Divergence.lower($0) }
    }
    var next = training
    next.phase = .preparing
    if let rate { next.values["rate"] = rate }
    formerTraining = training
    self.training = next
    message = .note("taking up \(path)…" + (rate.map { " at the rate \(Numbers.brief($0))" } ?? ""))
    return [.resumeTraining(path, rate: rate)]
  }

  /// Moves the selected control by a key.
  private mutating func adjustControl(_ direction: Int, _ stride: Stride) -> [Effect] {
    guard let training else { return noRun() }
    guard training.controls.indices.contains(training.selectedControl) else {
      message = .error("this run has nothing to change while it trains")
      return []
    }
    let control = training.controls[training.selectedControl]
    return set(control.name, to: control.value(after: training.value(of: control), by: direction, stride))
  }

  private mutating func set(_ name: String, to value: Double) -> [Effect] {
    guard let training, training.isLive else { return noRun() }
    guard training.controls.contains(where: { $0.name == name }) else {
      let names = training.controls.map(\.name).joined(separator: ", ")
      message = .error("this run has no \(name) to set: it has \(names)")
      return []
    }
    self.training?.values[name] = value
    if training.annealed[name] != nil, let annealing = training.configuration.objective.annealing[name] {
      self.training?.annealed[name] = nil
      self.training?.held.insert(name)
      message = .note("\(name) is \(Numbers.brief(value)) from now on: its annealing (\(annealing)) has ended")
    }
    return [.setControl(name, value)]
  }

  private mutating func take(_ report: TrainingProgress) {
    guard var training else { return }
    let before = training.phase
    training.phase = report.phase
    if let path = report.path { training.path = path }
    if let epoch = report.epoch { training.epoch = epoch }
    if let step = report.step { training.step = step }
    if let images = report.images { training.images = images }
    if let steps = report.totalSteps { training.totalSteps = steps }
    if let count = report.imagesPerEpoch { training.imagesPerEpoch = count }
    if let speed = report.imagesPerSecond { training.imagesPerSecond = speed }
    if let terms = report.terms, !terms.isEmpty {
      training.terms = terms
      training.chart(terms)
    }
    if let heldOut = report.heldOut { training.heldOut = heldOut }
    // A snapshot may be of a step before a control was set.
    if let annealed = report.annealed { training.annealed = annealed.filter { !training.held.contains($0.key) } }
    let warned = training.history.last?.warnings ?? []
    if let history = report.history { training.history = history }
    self.training = training
    let warnings = training.history.last?.warnings ?? []
    if message?.isWarning == true, warnings != warned { message = nil }
    if warnings.contains(where: { !warned.contains($0) }) { tell(.warning(warnings.joined(separator: "; "))) }
    guard before != training.phase else { return }
    switch training.phase {
    case .failed(let problem):
      // A run that never began leaves no trace: T proposes the same form again.
      if before == .preparing { self.training = formerTraining }
      tell(.error(problem))
    case .finished: tell(.note("training finished; the run is in \(training.path ?? "memory")"))
    case .stopped: tell(.note("stopped and saved in \(training.path ?? "memory")"))
    case .running where before == .preparing:
      tell(.note("training: steer as it learns; t shows the charts, P pauses"))
    default: break
    }
  }
}
