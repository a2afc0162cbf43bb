import Datasets

/// Changes by themselves that a training is too short for, or that have nowhere to go.
extension Configuration {
  /// What takes more steps than the `total` of a training, and so does not come to its end, and what ends where it begins: in
  /// words, with what to do.
  func unreached(inSteps total: Int) -> [String] {
    let steps = counted(total, "step")
    let rise = training.schedule.warmUpSteps
    var notes: [String] = []
    if rise > total {
      notes.append(
        "the rate rises over \(counted(rise, "step")) (--warm-up), and the training has \(steps): it never comes to "
          + "\(Setting.brief(Setting.single(Double(training.rate))))")
    }
    if training.schedule.decay == .cosine, rise >= total {
      notes.append(
        "the rate falls (--schedule cosine) after \(counted(rise, "step")) in which it rises (--warm-up), and the training "
          + "has \(steps): it never falls")
    }
    let goals = initialControls
    let beginnings = controlsInForce(goals, held: [], step: 0, totalSteps: max(1, total))
    // Steps are counted from 0: the last is one less than the total.
    for (name, annealing) in objective.annealing.sorted(by: { $0.key < $1.key }) {
      if let goal = goals[name], beginnings[name] == goal {
        let value = Setting.brief(Setting.single(goal))
        notes.append("\(name) goes from \(value) to \(value) (\(annealing)): set what it is to come to (--\(name))")
        continue
      }
      switch annealing {
      case .linear(let length) where length >= total, .from(_, let length) where length >= total:
        notes.append(
          "\(name) changes over \(counted(length, "step")) (\(annealing)), and the training has \(steps): it never comes to its value"
        )
      case .warmUp(let delay, let length) where delay + length >= total:
        notes.append(
          "\(name) rises until step \(delay + length) (\(annealing)), and the training has \(steps): it never comes to its "
            + "value")
      case .cyclical(let cycles) where cycles >= total:
        notes.append(
          "\(name) goes through \(counted(cycles, "cycle")) (\(annealing)), and the training has \(steps): it stays at its beginning"
        )
      default: break
      }
    }
    return notes
  }
}
