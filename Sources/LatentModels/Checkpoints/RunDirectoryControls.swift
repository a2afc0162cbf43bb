import FoundationEssentials

extension RunDirectory {
  /// What a person set since a checkpoint of this run was written, in words such as "β = 2"; none where nothing was, or
  /// where there is no readable configuration.
  ///
  /// - Parameters:
  ///   - values: what the controls were set to at the checkpoint, by name.
  ///   - held: those of them that a person had set in place of their annealing.
  public func controlsSetSince(_ values: [String: Double], held: Set<String>) -> [String] {
    guard let recorded = try? RunConfiguration(readConfiguration()) else { return [] }
    let initial = recorded.configuration.initialControls
    return recorded.configuration.everyControl.compactMap { control in
      let (name, isHeld) = (control.name, recorded.held.contains(control.name))
      // What the file does not name is as it began; older versions did not name what was set either.
      guard let now = recorded.controls[name] ?? (isHeld ? initial[name] : nil), now.isFinite else { return nil }
      let before = values[name] ?? initial[name]
      guard before.map({ Float($0) }) != Float(now) || isHeld != held.contains(name) else { return nil }
      return "\(control.symbol) = \(Setting.brief(Setting.single(now)))"
    }
  }
}
