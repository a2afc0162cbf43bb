import HarmlessText
import LatentModels

extension State {
  mutating func train(_ action: Action) -> [Effect] {
    switch action {
    case .openForm:
      if let training, training.isLive {
        message = .error("\(training.sessionText) already: stop it first with x on the training screen (t)")
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
      (form.focus, form.problem, form.awaited) = (field, text, nil)
      overlay = .form(form)
    case .startTraining(let configuration, let run, let data):
      overlay = .none
      formerTraining = training
      training = TrainingView(configuration: configuration)
      message = .note("preparing \(configuration.training.dataTitle)…")
      return [.startTraining(configuration, run: run, data: data)]
    case .adoptTraining(let configuration, let controls):
      var view = TrainingView(configuration: configuration)
      view.values.merge(controls) { _, now in now }
      // What was chosen while it was being prepared still holds.
      if let training, training.phase == .preparing {
        view.awaitedValues = training.awaitedValues
        view.values.merge(training.awaitedValues) { _, chosen in chosen }
      }
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
    case .trainingChanged(let report): return take(report)
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
      form.fields[.data] = TextField(suggestedData)
    } else {
      form = TrainingForm(data: surroundings.defaultData)
    }
    form.dataNames = surroundings.dataNames
    form.absentData = surroundings.absentData
    form.runFolder = surroundings.runFolder
    form.takenRuns = surroundings.takenRuns
    form.codes = codesSource
    return form
  }

  /// Whether the model at hand has codes that another model can be trained on.
  private var codesSource: TrainingForm.CodesSource {
    guard latentSize > 0, let model = subject.configuration?.model else {
      return .none("open one first, such as :open mnist-10d")
    }
    guard model.kind == ModelConfiguration.defaultKind else {
      return .none("those of a \(model.row.name) cannot be taken: open a \(ModelKind.all[0].name) first")
    }
    return .model(subject.name)
  }

  /// Begins the run whose data have been opened, as long as its form still stands as it was sent off.
  mutating func take(opened data: TrainingData, run: String?, for sending: TrainingForm.Sending) -> [Effect] {
    guard case .form(let form) = overlay, form.awaited == sending else { return [] }
    return apply(.startTraining(data.configuration, run: run, data: data))
  }

  /// Says in the form what was wrong with its data.
  mutating func take(problem: String, with sending: TrainingForm.Sending) -> [Effect] {
    guard case .form(let form) = overlay, form.awaited == sending else { return [] }
    return apply(.formProblem(.data, problem))
  }

  /// Whether the form waits for its data.
  var isOpeningForTraining: Bool { if case .form(let form) = overlay { form.awaited != nil } else { false } }

  private mutating func noRun() -> [Effect] {
    if case .elsewhere(let holder) = training?.phase {
      // Its end will be told in this place.
      message = .note("\(holder) trains this run: it is steered and stopped there, and only watched here")
    } else if let training, training.canResume {
      message = .error("this run is not training: :resume goes on with it, T starts a new one")
    } else {
      message = .error("no run is training: press T to start one")
    }
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

  /// Takes up a run that ended before its last epoch; after a divergence at the rate that is proposed unless another is
  /// given.
  private mutating func resume(_ rate: Double?) -> [Effect] {
    guard let training else { return latentSize > 0 ? cannotGoOn() : noRun() }
    if case .elsewhere = training.phase { return noRun() }
    guard !training.isLive else {
      message = .error("the run is not over: p goes on after a pause")
      return []
    }
    guard let path = training.path else { return cannotGoOn() }
    guard !training.isGone else {
      message = .error("the run of \(path) is no longer there: T starts a new one")
      return []
    }
    guard training.canResume else {
      message = .note("\(CompletedRun(path: path, epochs: training.configuration.training.epochs))")
      return []
    }
    let reason = rate == nil ? training.divergence.map { ": it diverged at \(Numbers.brief($0.rate))" } ?? "" : ""
    let rate = rate ?? training.proposedRate
    var next = training
    next.phase = .preparing
    next.awaitedValues = [:]
    if let rate { next.values["rate"] = rate }
    formerTraining = training
    self.training = next
    message = .note("taking up \(path)…" + (rate.map { " at the rate \(Numbers.brief($0))" } ?? "") + reason)
    return [.resumeTraining(path, rate: rate)]
  }

  /// Says why no training goes on with the model at hand.
  private mutating func cannotGoOn() -> [Effect] {
    message = .error(
      "\(subject.name) is a model without its run, and training cannot go on with it: T begins a new run from its settings"
    )
    return []
  }

  /// What the training screen asks: whether a run that it offers to take up is there.
  mutating func askForRun() -> [Effect] {
    guard let training, training.canResume, let path = training.path else { return [] }
    return [.lookForRun(path, identity: training.identity)]
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
      let reason = training.configuration.reasonWithoutControl(of: name).map { " (\($0))" } ?? ""
      message = .error("this run has no \(name) to set\(reason): it has \(names)")
      return []
    }
    self.training?.values[name] = value
    guard training.phase != .preparing else {
      self.training?.awaitedValues[name] = value
      message = .note("\(name) is \(Numbers.brief(value)) as soon as the run begins")
      return []
    }
    if training.annealed[name] != nil, let annealing = training.configuration.objective.annealing[name] {
      self.training?.annealed[name] = nil
      self.training?.held.insert(name)
      message = .note("\(name) is \(Numbers.brief(value)) from now on: its annealing (\(annealing)) has ended")
    }
    return [.setControl(name, value)]
  }

  private mutating func take(_ report: TrainingProgress) -> [Effect] {
    guard var training else { return [] }
    let (before, earlierStep) = (training.phase, training.step)
    training.phase = report.phase
    training.divergence = report.divergence
    if let configuration = report.configuration { training.take(configuration) }
    if let path = report.path { training.path = path }
    if let epoch = report.epoch { training.epoch = epoch }
    if let step = report.step { training.step = step }
    if let images = report.images { training.images = images }
    if let steps = report.totalSteps { training.totalSteps = steps }
    if let count = report.imagesPerEpoch { training.imagesPerEpoch = count }
    if let speed = report.imagesPerSecond { training.imagesPerSecond = speed }
    let warned = training.history.last?.warnings ?? []
    // What a session begins from is told first: that may be a step before those that are charted.
    if let step = report.step, before == .preparing || step < earlierStep { training.forgetLaterSteps() }
    if let history = report.history { training.take(history: history) }
    if let terms = report.terms, !terms.isEmpty {
      training.terms = terms
      training.chart(terms)
    }
    // What stands at the end is of the whole last epoch, as in its record.
    if training.terms.isEmpty || report.phase == .finished, let last = training.history.last {
      training.terms = last.training
    }
    if let heldOut = report.heldOut { training.heldOut = heldOut }
    // A snapshot may be of a step before a control was set.
    if let annealed = report.annealed { training.annealed = annealed.filter { !training.held.contains($0.key) } }
    if let controls = report.controls { training.take(controls) }
    let awaited = before == .preparing && training.isLive && report.phase != .preparing ? training.awaitedValues : [:]
    if report.phase != .preparing { training.awaitedValues = [:] }
    training.values.merge(awaited) { _, chosen in chosen }
    for name in awaited.keys where training.annealed.removeValue(forKey: name) != nil { training.held.insert(name) }
    self.training = training
    tellWarnings(besides: warned)
    guard before != training.phase else { return [] }
    switch training.phase {
    case .failed(let problem):
      // A run that never began leaves no trace: T proposes the same form again.
      if before == .preparing { self.training = formerTraining }
      tell(.error(problem + (training.divergence == nil ? "" : "; \(goingOn(training))")))
    case .finished: tell(.note("training finished; the run is in \(training.path ?? "memory")"))
    case .stopped: tell(.note("stopped and saved in \(training.path ?? "memory")"))
    case .running where before == .preparing:
      // The folder is taken now: the next run gets one of its own.
      formerForm?.fields[.run] = TextField("")
      tell(.note("training: steer as it learns; t shows the charts, P pauses"))
    default: break
    }
    return awaited.sorted { $0.key < $1.key }.map { .setControl($0.key, $0.value) }
  }

  private mutating func tellWarnings(besides warned: [String]) {
    let warnings = training?.history.last?.warnings ?? []
    if message?.isWarning == true, warnings != warned { message = nil }
    if warnings.contains(where: { !warned.contains($0) }) { tell(.warning(warnings.joined(separator: "; "))) }
  }

  /// How one goes on with a run that has ended.
  private func goingOn(_ training: TrainingView) -> String {
    ":resume goes on with it" + (training.proposedRate.map { " at the rate \(Numbers.brief($0))" } ?? "")
  }

  /// Takes what was read of a log for all there is: the rest cannot be had.
  mutating func keepEndOfLog() -> [Effect] {
    training?.unreadLog = 0
    formerTraining?.unreadLog = 0
    return []
  }

  /// Takes what all of the log of the model that was opened tells, of which the end was known, if that told anything; nil
  /// where it tells nothing.
  mutating func take(log view: TrainingView?) -> [Effect] {
    guard let known = training else {
      training = view
      return []
    }
    if known.unreadLog > 0, known.phase == .recorded {
      var next = view
      if known.isGone { next?.isGone = true }
      next?.chartPage = known.chartPage
      next?.selectedControl = known.selectedControl
      training = next
    }
    // A run that is being prepared brings a log of its own; this is what is come back to where it cannot begin.
    if let former = formerTraining, former.unreadLog > 0, former.path == view?.path { formerTraining = view }
    return []
  }

  /// Takes what is known by now of a run that another process trains or has trained.
  mutating func take(watched view: TrainingView) -> [Effect] {
    guard let training, case .elsewhere = training.phase else { return [] }
    var next = view
    if view.isGone || view.history.isEmpty {
      // What is gone or cannot be read takes back nothing of what was seen.
      next = training
      (next.phase, next.isGone, next.divergence, next.unreadLog) = (view.phase, view.isGone, view.divergence, 0)
    } else {
      (next.chartPage, next.selectedControl) = (training.chartPage, training.selectedControl)
    }
    self.training = next
    tellWarnings(besides: training.history.last?.warnings ?? [])
    guard !next.isGoingOn else { return [] }
    if next.isGone {
      let path = next.path ?? "it"
      tell(.error("\(path) was followed to epoch \(next.epoch), and its folder is no longer there"))
      return []
    }
    let place = "the training elsewhere is over: \(next.shortPlaceText)\(next.lostText)"
    if next.canResume {
      let news = "\(place); \(goingOn(next)) here"
      tell(next.divergence == nil ? .note(news) : .error(news))
    } else {
      tell(.note("\(place), in \(next.path ?? "memory")"))
    }
    return []
  }

  /// Follows the run at hand, at rest so far, which another process has taken up or has gone on with.
  mutating func takeUp(_ path: String, by holder: String?) -> [Effect] {
    guard var training, training.path == path, !training.isGoingOn, !training.isGone else { return [] }
    training.phase = .elsewhere(by: holder ?? "another process")
    self.training = training
    if let holder { tell(.note("\(holder) has taken up \(path), which is followed from now on")) }
    return [.watchRun(path)]
  }

  /// Takes in that the folder of a run that is followed holds another one by now, of which nothing is shown.
  mutating func takeReplacement() -> [Effect] {
    guard var training, case .elsewhere = training.phase else { return [] }
    (training.phase, training.isGone, training.unreadLog) = (.recorded, true, 0)
    self.training = training
    let path = training.path ?? "its folder"
    tell(.error("\(path) was followed to epoch \(training.epoch), and holds another run now: :open \(path) shows that"))
    return []
  }
}
