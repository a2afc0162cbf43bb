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
    case .startTraining(let configuration, let run):
      overlay = .none
      formerTraining = training
      training = TrainingView(configuration: configuration)
      message = .note("preparing \(configuration.training.data)…")
      return [.startTraining(configuration, run: run)]
    case .adoptTraining(let configuration, let beta, let rate):
      var view = TrainingView(configuration: configuration)
      (view.beta, view.rate) = (beta, rate)
      training = view
    case .training(let command): return direct(command)
    case .turnControl(let change):
      guard var training else { return noRun() }
      let all = TrainingView.Control.allCases
      let place = all.firstIndex(of: training.control) ?? 0
      training.control = all[min(max(0, place + change), all.count - 1)]
      self.training = training
    case .setBeta(let beta): return setBeta(beta)
    case .setRate(let rate): return setRate(rate)
    case .trainingChanged(let report): take(report)
    default: break
    }
    return []
  }

  /// The form of a new run: as the last one was sent off, or else as the run of this session was configured by the
  /// command line. What a bundled model was trained on may not be here, and is not proposed.
  private var proposedForm: TrainingForm {
    var form = formerForm ?? TrainingForm(data: surroundings.defaultData)
    if formerForm == nil, let training, training.phase != .recorded { form = TrainingForm(training.configuration) }
    form.dataNames = surroundings.dataNames
    form.absentData = surroundings.absentData
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

  /// Moves the selected control: β by tenths and units, the rate by ratios.
  mutating func adjustControl(_ direction: Int, _ stride: Stride) -> [Effect] {
    guard let training else { return noRun() }
    switch training.control {
    case .beta:
      let amount: Float = stride == .coarse ? 1 : 0.1
      let value = ((training.beta + Float(direction) * amount) * 10).rounded() / 10
      return setBeta(min(max(0, value), 1000))
    case .rate:
      let factor: Float = stride == .coarse ? 2 : 1.1
      return setRate(min(max(1e-7, direction > 0 ? training.rate * factor : training.rate / factor), 1))
    }
  }

  private mutating func setBeta(_ beta: Float) -> [Effect] {
    guard training?.isLive == true else { return noRun() }
    training?.beta = beta
    return [.setBeta(beta)]
  }

  private mutating func setRate(_ rate: Float) -> [Effect] {
    guard training?.isLive == true else { return noRun() }
    training?.rate = rate
    return [.setRate(rate)]
  }

  private mutating func take(_ report: TrainingReport) {
    guard var training else { return }
    let before = training.phase
    training.phase = report.phase
    if let path = report.path { training.path = path }
    if let epoch = report.epoch { training.epoch = epoch }
    if let step = report.step { training.step = step }
    if let images = report.images { training.images = images }
    if let count = report.imagesPerEpoch { training.imagesPerEpoch = count }
    if let speed = report.imagesPerSecond { training.imagesPerSecond = speed }
    if let terms = report.terms, !terms.isEmpty {
      training.terms = terms
      training.chart(terms)
    }
    if let heldOut = report.heldOut { training.heldOut = heldOut }
    if let history = report.history { training.history = history }
    self.training = training
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
