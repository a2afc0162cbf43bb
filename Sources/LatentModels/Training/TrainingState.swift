import FoundationEssentials

/// Everything beside weights and moments that decides how a training goes on. Noise and the order of the images are
/// functions of the seed and the step, so there is no state of a random generator to keep.
struct TrainingState: Codable, Sendable, Hashable {
  /// The best held-out result so far.
  struct Best: Codable, Sendable, Hashable {
    var epoch: Int
    var terms: [Term]
  }

  /// Completed steps, which are also Adam's updates.
  var step = 0
  /// Images seen, counted with repetition.
  var images = 0
  /// Seconds of training over all sessions.
  var seconds = 0.0
  /// The live weight of the divergence.
  var beta: Float
  /// The live learning rate before the schedule.
  var rate: Float
  /// Sums over the images of the running epoch, term by term, and how many images they are of.
  var sums: [Term] = []
  var summed = 0
  /// The best held-out result so far.
  var best: Best?
  /// Held-out terms after the last completed epoch.
  var heldOut: [Term]?

  init(_ configuration: Configuration) {
    beta = configuration.objective.beta
    rate = configuration.training.rate
  }

  init(json: String) throws { self = try JSONDecoder().decode(TrainingState.self, from: Data(json.utf8)) }

  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }

  /// What a set of held-out terms counts as at the live β, so that results from before and after a change compare.
  func score(_ terms: [Term]) -> Double? {
    if let reconstruction = terms["reconstruction"], let divergence = terms["KL"] {
      return reconstruction + Double(beta) * divergence
    }
    return terms["loss"]
  }
}
