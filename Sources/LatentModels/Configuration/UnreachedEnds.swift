/// Changes by themselves that a training is too short for.
extension Configuration {
  /// What takes more steps than the `total` of a training, and so does not come to its end: in words, with what to do.
  func unreached(inSteps total: Int) -> [String] {
    let steps = total == 1 ? "1 step" : "\(total) steps"
    let rise = training.schedule.warmUpSteps
    var notes: [String] = []
    if rise > total {
      notes.append(
        "the rate rises over \(rise) steps (--warm-up), and the training has \(steps): it never comes to "
          + "\(Setting.brief(Setting.single(Double(training.rate))))")
    }
    for (name, annealing) in objective.annealing.sorted(by: { $0.key < $1.key }) {
      switch annealing {
      case .linear(let length) where length > total, .from(_, let length) where length > total:
        notes.append(
          "\(name) changes over \(length) steps (\(annealing)), and the training has \(steps): it never comes to its value"
        )
      case .warmUp(let delay, let length) where delay + length > total:
        notes.append(
          "\(name) rises until step \(delay + length) (\(annealing)), and the training has \(steps): it never comes to its "
            + "value")
      case .cyclical(let cycles) where cycles > total:
        notes.append(
          "\(name) goes through \(cycles) cycles (\(annealing)), and the training has \(steps): it stays at its beginning"
        )
      default: break
      }
    }
    return notes
  }
}
