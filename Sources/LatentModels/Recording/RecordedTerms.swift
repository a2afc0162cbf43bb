import Datasets
import Synchronization

extension Configuration {
  /// Every term of the objective in the order in which it is shown, without the loss itself.
  public var terms: [TermDescription] { RecordedTerms.shared.of(self).terms }

  /// What a term of a log is counted in: one of the objective on images of any kind, or one that is measured. A log has no
  /// more of a term than its name.
  public func unit(of term: String) -> TermUnit {
    RecordedTerms.shared.of(self).byName[term]?.unit ?? MeasuredTerm.unit(of: term)
  }

  /// The value of the term that has a role, among the terms of a log; nil where none has it.
  public func value(of role: TermDescription.Role, in terms: [Term]) -> Double? {
    let byName = RecordedTerms.shared.of(self).byName
    return terms.first { byName[$0.name]?.role == role }?.value
  }

  /// Names of what the objective keeps from step to step.
  var objectiveMemories: [String] { RecordedTerms.shared.of(self).memories }

  /// Names and shapes of the parameters that are the objective's own, as an adversary's: they are trained beside the
  /// model's and are no part of it.
  var objectiveParameters: [(name: String, shape: [Int])] {
    RecordedTerms.shared.of(self).parameters.map { ($0.name, $0.shape) }
  }

  /// The controls in force, without those that a score is weighed by anew and those that change no loss: scores under others,
  /// as of another capacity C, do not compare. Nil where there are none.
  func scoreFrame(_ controls: [String: Double]) -> [String: Double]? {
    let weights: [String] =
      objective.row.requirements.isAdditive
      ? terms.compactMap { term in if case .control(let name) = term.weight { name } else { nil } } : []
    let frame = self.controls.filter { $0.changesLoss && !weights.contains($0.name) }
      .reduce(into: [:]) { frame, control in
        frame[control.name] = controls[control.name].flatMap { $0.isFinite ? $0 : nil }
      }
    return frame.isEmpty ? nil : frame
  }

  /// What a set of held-out terms counts as at these values of the controls: the objective's own loss. Of a weighted sum,
  /// results from before and after a change of a weight so compare. Terms of labelled images are none of held-out ones, and no
  /// part of their loss.
  func score(_ terms: [Term], controls: [String: Double]) -> Double? {
    guard objective.row.requirements.isAdditive else { return terms["loss"] }
    var score: Double?
    for description in self.terms {
      let weight: Double
      switch description.weight {
      case .shown: continue
      case .constant(let constant): weight = constant
      case .control(let name): weight = controls[name] ?? 0
      }
      guard let value = terms[description.name] else { continue }
      score = (score ?? 0) + (description.isWanted ? -weight * value : weight * value)
    }
    return score ?? terms["loss"]
  }
}

/// Terms of the configurations that were asked for, so that each is recorded once.
private final class RecordedTerms: Sendable {
  private struct Key: Hashable {
    let model: ModelConfiguration
    let objective: ObjectiveConfiguration
    let labels: LabelPolicy
    let teachesLabels: Bool
    let teachesBesideOwnTerms: Bool
  }

  /// What was found of a configuration.
  struct Found {
    let terms: [TermDescription]
    /// These terms by their names of now and before, and those of images that are not trained on.
    let byName: [String: TermDescription]
    let parameters: [(name: String, shape: [Int])]
    let memories: [String]
  }

  static let shared = RecordedTerms()
  private let known = Mutex<[Key: Found]>([:])

  func of(_ configuration: Configuration) -> Found {
    let key = Key(
      model: configuration.model, objective: configuration.objective, labels: configuration.training.labels,
      teachesLabels: configuration.training.teachesLabels,
      teachesBesideOwnTerms: configuration.training.teachesBesideOwnTerms)
    return known.withLock { known in
      if let found = known[key] { return found }
      if known.count >= 64 { known.removeAll() }
      // What the terms are does not depend on how many images there are.
      let composition =
        if !configuration.model.row.usesLabels || key.labels == .none {
          BatchComposition(unlabelled: 4)
        } else {
          key.labels == .all
            ? BatchComposition(labelled: 4, unlabelled: 0) : BatchComposition(labelled: 2, unlabelled: 2)
        }
      // A form asks before the data are read that tell the classes.
      let recording = Recording(configuration.completed, composition, total: 4, labelledTotal: composition.labelled)
      let terms = recording.terms.terms.map(TermDescription.init)
      // What is inferred of images without a class is held against it where it is known, as of held-out ones.
      let others =
        configuration.model.row.usesLabels
          && (composition.unlabelled > 0 || configuration.objective.row.requirements.takesEnumeration)
        ? Recording(configuration.completed, BatchComposition(unlabelled: 4, knowsTruth: true), total: 4).terms.terms
        : []
      let all = terms + others.map(TermDescription.init)
      let byName = Dictionary(
        all.map { ($0.name, $0) } + all.compactMap { term in term.formerName.map { ($0, term) } },
        uniquingKeysWith: { first, _ in first })
      let found = Found(
        terms: terms, byName: byName, parameters: recording.ownParameters,
        memories: recording.terms.memories.map(\.name))
      known[key] = found
      return found
    }
  }
}
