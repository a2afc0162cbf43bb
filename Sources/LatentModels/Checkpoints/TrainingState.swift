import FoundationEssentials
import HarmlessText

/// Everything beside weights and moments that decides how a training goes on. Noise and the order of the images are
/// functions of the seed and the step, so there is no state of a random generator to keep.
struct TrainingState: Codable, Sendable, Hashable {
  /// The best held-out result so far.
  struct Best: Codable, Sendable, Hashable {
    var epoch: Int
    var terms: [Term]
    /// The controls it was reached under that no score can be weighed by anew (`Configuration.scoreFrame`); nil where there
    /// are none, and in files from before they were kept.
    var frame: [String: Double]?
  }

  /// Completed steps.
  var step = 0
  /// Adam's updates, where its moments were begun anew since; nil: as many as steps.
  var updates: Int?
  /// Images seen, counted with repetition.
  var images = 0
  /// Seconds of training over all sessions.
  var seconds = 0.0
  /// The live values of the controls by name, before schedule and annealing.
  var controls: [String: Double]
  /// Controls that a person set in place of their annealing, which ended it.
  var held: Set<String> = []
  /// Sums over the images of the running epoch, term by term, and how many images they are of.
  var sums: [Term] = []
  var summed = 0
  /// The best held-out result so far.
  var best: Best?
  /// Held-out terms after the last completed epoch.
  var heldOut: [Term]?
  /// What the objective keeps from step to step, by name.
  var memory: [String: Double] = [:]

  init(_ configuration: Configuration) { controls = configuration.initialControls }

  /// Sets a control as a person does: from now on, whatever it was annealed to.
  mutating func set(_ name: String, to value: Double, in configuration: Configuration) {
    controls[name] = value
    if configuration.objective.annealing[name] != nil { held.insert(name) }
  }

  /// Begins sums of terms that the objective did not have when this was written, where it had all that this has.
  /// Terms that had other names have those of now.
  mutating func takeNewTerms(of configuration: Configuration) {
    for term in configuration.terms {
      func renamed(_ terms: [Term]) -> [Term] {
        terms.map { $0.name == term.formerName ? Term(name: term.name, value: $0.value) : $0 }
      }
      sums = renamed(sums)
      best = best.map { Best(epoch: $0.epoch, terms: renamed($0.terms), frame: $0.frame) }
      heldOut = heldOut.map(renamed)
    }
    let names = configuration.terms.map(\.name) + ["loss"]
    guard !sums.isEmpty, sums.allSatisfy({ names.contains($0.name) }) else { return }
    sums = names.map { Term(name: $0, value: sums[$0] ?? 0) }
  }

  init(json: String) throws { self = try JSONDecoder().decode(TrainingState.self, from: Data(json.utf8)) }

  private enum CodingKeys: CodingKey {
    case step, updates, images, seconds, controls, held, sums, summed, best, heldOut, memory
  }
  /// What controls were before there was a table of them.
  private enum FormerKeys: CodingKey { case beta, rate }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    step = try container.decode(Int.self, forKey: .step)
    updates = try container.decodeIfPresent(Int.self, forKey: .updates)
    images = try container.decode(Int.self, forKey: .images)
    seconds = try container.decode(Double.self, forKey: .seconds)
    sums = try container.decode([Term].self, forKey: .sums)
    summed = try container.decode(Int.self, forKey: .summed)
    best = try container.decodeIfPresent(Best.self, forKey: .best)
    heldOut = try container.decodeIfPresent([Term].self, forKey: .heldOut)
    memory = try container.decodeIfPresent([String: Double].self, forKey: .memory) ?? [:]
    held = Set(try container.decodeIfPresent([String].self, forKey: .held) ?? [])
    if let controls = try container.decodeIfPresent([String: Double].self, forKey: .controls) {
      self.controls = controls
    } else {
      let former = try decoder.container(keyedBy: FormerKeys.self)
      controls = [
        "beta": try former.decode(Double.self, forKey: .beta),
        Control.rate.name: try former.decode(Double.self, forKey: .rate),
      ]
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(step, forKey: .step)
    try container.encodeIfPresent(updates, forKey: .updates)
    try container.encode(images, forKey: .images)
    try container.encode(seconds, forKey: .seconds)
    try container.encode(controls, forKey: .controls)
    // In order, so that the same state is the same bytes.
    if !held.isEmpty { try container.encode(held.sorted(), forKey: .held) }
    try container.encode(sums, forKey: .sums)
    try container.encode(summed, forKey: .summed)
    try container.encodeIfPresent(best, forKey: .best)
    try container.encodeIfPresent(heldOut, forKey: .heldOut)
    try container.encode(memory, forKey: .memory)
  }

  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return String(decoding: try encoder.encode(self), as: UTF8.self).harmlessJSON
  }
}

extension Configuration {
  /// What a best counts as at these values of the controls; nil where it was reached under others that no score compares
  /// across.
  func score(_ best: TrainingState.Best, controls: [String: Double]) -> Double? {
    let frame = scoreFrame(controls) ?? [:]
    // A version that knew of another control that it changes nothing has it in one of the frames alone.
    let isSame = (best.frame ?? [:]).allSatisfy { name, value in frame[name, default: value] == value }
    return isSame ? score(best.terms, controls: controls) : nil
  }
}
