extension Action {
  /// Goes through the snapshots of the run that is explored.
  static func step(_ step: SnapshotStep) -> Action {
    .perform { state in
      guard state.latentSize > 0 else {
        state.message = .error("open a model first: its run's snapshots are what one steps through")
        return []
      }
      return [.stepSnapshots(step)]
    }
  }
}

/// Back through the snapshots of a run and forth again: the code stays as it is in numbers, and is decoded anew.
extension State {
  /// The epoch that charts mark: that of the weights shown, where they are not the newest.
  var pastEpoch: Double? { subject.isPast ? Double(subject.epoch) : nil }

  /// Whether the weights shown are of an earlier epoch than their run has come to, by its log where it is not trained here.
  var isBehindItsRun: Bool {
    if subject.isPast { return true }
    guard let training, !training.isLive, training.path != nil, let last = training.history.last else { return false }
    switch training.phase {
    case .recorded, .elsewhere: return last.epoch > subject.epoch
    default: return false
    }
  }

  /// Whether there is anywhere to step to.
  var hasTimeline: Bool { panes[Timeline.self].entries.count > 1 || subject.isPast }

  /// The epochs that one can go back to, in sentences.
  var timelineWords: [String] {
    let entries = panes[Timeline.self].entries
    guard entries.count > 1 else { return [] }
    let most = 20
    let epochs = entries.suffix(most).map { "\($0.epoch)" }.joined(separator: ", ")
    let others = entries.count > most ? "\(entries.count - most) earlier ones, " : ""
    let shown = subject.isPast ? "; shown is \(subject.epochText)" : ""
    return ["Snapshots to step through, by epoch: \(others)\(epochs)\(shown)."]
  }

  /// Asks for the snapshot that a step leads to, from the one shown or, where one is on its way, from that.
  mutating func take(_ step: SnapshotStep, among entries: [SnapshotEntry]) -> [Effect] {
    panes[Timeline.self].entries = entries
    let awaited = panes[Timeline.self].awaited
    let newest = entries.first { $0.source == .newest }
    let epoch = awaited?.epoch ?? (subject.isPast ? subject.epoch : newest?.epoch ?? subject.epoch)
    let isAtNewest = awaited.map { $0.source == .newest } ?? !subject.isPast
    let target: SnapshotEntry?
    switch step {
    case .earlier:
      target = entries.last { $0.epoch < epoch }
      if target == nil { message = .note(noEarlier(entries, epoch)) }
    case .later:
      // What is past and of no earlier epoch than the newest comes from a run that went on after its best.
      target = entries.first { $0.epoch > epoch } ?? (isAtNewest ? nil : newest)
      if target == nil { message = .note(noLater(epoch)) }
    case .newest:
      target = isAtNewest ? nil : newest
      if target == nil {
        let later = entries.last { $0.epoch > epoch }
        message = .note(
          later.map { "epoch \(epoch) is shown, as it was opened: ) steps on, as far as epoch \($0.epoch)" }
            ?? (isBestOfMore ? noLater(epoch) : newestIsShown(entries, epoch)))
      }
    }
    guard let target else { return [] }
    panes[Timeline.self].awaited = target
    return [.visit(target)]
  }

  /// Whether what was opened is the best of a run at rest that came further.
  private var isBestOfMore: Bool { subject.isBest && !subject.isPast && isBehindItsRun && training?.isGoingOn == false }

  private func noLater(_ epoch: Int) -> String {
    isBestOfMore
      ? "epoch \(epoch) is the best, and no later one is kept by its number: latest.safetensors may hold a newer one"
      : "epoch \(epoch) is the newest there is"
  }

  /// Says that the best weights are shown where their run came further.
  mutating func tellWhichIsShown() -> [Effect] {
    guard isBestOfMore, let last = training?.history.last?.epoch else { return [] }
    let isLaterKept = panes[Timeline.self].entries.contains { $0.epoch > subject.epoch }
    let advice = isLaterKept ? ") steps to later weights" : "latest.safetensors holds the last that were saved"
    tell(.note("shown is the \(subject.epochText) of a run that came to epoch \(last): \(advice)"))
    return []
  }

  private func newestIsShown(_ entries: [SnapshotEntry], _ epoch: Int) -> String {
    let hasEarlier = entries.contains { $0.epoch < epoch }
    return "epoch \(epoch) is shown, the newest" + (hasEarlier ? ": ( steps back" : " and the only one that is kept")
  }

  private func noEarlier(_ entries: [SnapshotEntry], _ epoch: Int) -> String {
    entries.count > 1
      ? "epoch \(epoch) is the first that is kept"
      : "no earlier weights of \(subject.name) are kept: zscope train RUN --checkpoint-every 1 keeps those of every epoch"
  }

  /// The weights of a snapshot are shown by now; without codes there are none of them.
  mutating func arrived(at entry: SnapshotEntry, hasCodes: Bool = true, isAsked: Bool = true) -> [Effect] {
    panes[Timeline.self].awaited = nil
    if !hasCodes { cloud = nil }
    guard isAsked else { return [] }
    let (isMoving, isPaused) = (training?.isMoving == true, training?.phase == .paused)
    let entries = panes[Timeline.self].entries
    guard subject.isPast, let place = entries.firstIndex(where: { $0.epoch == entry.epoch }) else {
      let text =
        isPaused
        ? "the newest weights of the run, which is paused"
        : isMoving ? "the newest weights, as they are trained" : "\(subject.epochText) again"
      tell(.note(text))
      return []
    }
    let goesOn = isPaused ? "; the run is paused" : isMoving ? "; training goes on" : ""
    let counted = "\(place + 1) of \(entries.count) snapshots"
    let earlier = place > 0 ? "( earlier, " : ""
    tell(.note("\(subject.epochText), \(counted): \(earlier)) later, } newest\(goesOn)"))
    return []
  }
}
