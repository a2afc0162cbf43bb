/// The numbers that can be changed while training.
extension Configuration {
  /// The controls that this training has: the objective's, then the model's, then the learning rate; without those that
  /// would change nothing.
  public var controls: [Control] { everyControl.filter { reasonWithoutEffect(of: $0.name) == nil } }

  /// The same with those that would change nothing as it is trained: what is kept in files. A weight of labels is none of a
  /// model that has no class.
  var everyControl: [Control] {
    let own = objective.row.controls.filter {
      !isInfinite($0.name) && ($0.name != ObjectiveKind.labelWeight.name || model.row.usesLabels)
    }
    return own + companionControls + model.row.settings.compactMap(\.control) + [.rate]
  }

  /// Whether a setting of the objective is at one of the limits that no control leads to.
  private func isInfinite(_ name: String) -> Bool { objective.number(name).isInfinite }

  /// The objective's numbers that are at a limit no control leads to, as Rényi's α at −∞, by name: what is told beside
  /// the values of controls, for no row of theirs has them.
  public var limits: [String: Double] {
    let names = objective.row.controls.map(\.name).filter(isInfinite)
    return Dictionary(uniqueKeysWithValues: names.map { ($0, objective.number($0)) })
  }

  /// Those of `values` that are of a control of this training, or of a limit in place of one: older versions kept others.
  func own(_ values: [String: Double]) -> [String: Double] {
    let names = Set(everyControl.map(\.name)).union(limits.keys)
    return values.filter { names.contains($0.key) }
  }

  /// What every control starts at, by name.
  public var initialControls: [String: Double] {
    var values: [String: Double] = [:]
    for control in everyControl {
      let named = objective.settings[control.name] ?? model.settings[control.name]
      values[control.name] = if case .number(let number) = named { number } else { control.defaultValue }
    }
    values[Control.rate.name] = Double(training.rate)
    return values
  }

  /// What controls are at a step: as they are set, or where they change by themselves, as far as they have come. The
  /// learning rate is that before its schedule, which multiplies what annealing makes of it.
  ///
  /// - Parameters:
  ///   - values: what they are set to, by name.
  ///   - held: those that a person set in place of their annealing.
  ///   - step: counted from 0.
  ///   - totalSteps: those of the whole training; nil: not known, and what follows them is left out.
  func controlsInForce(
    _ values: [String: Double], held: Set<String>, step: Int, totalSteps: Int?
  ) -> [String: Double] {
    var values = values
    for (name, annealing) in objective.annealing where !held.contains(name) {
      guard let value = values[name] else { continue }
      if case .cyclical = annealing, totalSteps == nil {
        values[name] = nil
        continue
      }
      let annealed = annealing.applied(to: value, step: step, totalSteps: totalSteps ?? 0)
      // What must be positive, as a temperature, never is 0. A rate may have begun outside its range, at either end.
      var start = value
      if case .from(let first, _) = annealing { start = first }
      let range = everyControl.first { $0.name == name }?.range
      values[name] =
        range.map { min(max(annealed, min($0.lowerBound, start, value)), max($0.upperBound, start, value)) } ?? annealed
    }
    return values
  }

  /// This without the annealing of those controls that a person set in its place.
  func settled(_ held: Set<String>) -> Configuration {
    var settled = self
    settled.objective.annealing = objective.annealing.filter { !held.contains($0.key) }
    return settled
  }

  /// Why what is a control elsewhere cannot be set while this trains; nil where it can, or where it is no control of these rows.
  public func reasonWithoutControl(of name: String) -> String? {
    if let reason = reasonWithoutEffect(of: name) { return reason }
    guard name == Equivariance.decoderWeight, !hasDecoderEquivariance else { return nil }
    return "it was 0 at the beginning: begin a run with a value above 0, or anneal it"
  }

  /// Why a setting changes nothing of this training; nil where it does. Rows say it of their own settings.
  public func reasonWithoutEffect(of name: String) -> String? {
    if Equivariance.settings.contains(where: { $0.name == name }) {
      return Equivariance.idleReason(name, self)
    }
    if name == ObjectiveKind.labelWeight.name { return labelWeightIdleReason }
    if objective.row.settings.contains(where: { $0.name == name }) { return objective.row.idleReason(name, self) }
    return model.row.settings.contains { $0.name == name } ? model.row.idleReason(name, self) : nil
  }
}
