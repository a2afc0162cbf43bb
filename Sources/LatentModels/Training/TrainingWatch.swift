import Datasets
import Glibc

/// What goes wrong in a training without its failing, told in words that a person can act on.
struct TrainingWatch: Sendable {
  private var configuration: Configuration
  /// The reconstruction of held-out images by the mean of them all, in nats: what a decoder reaches that ignores its code.
  let meanImageCost: Double?
  /// Images of a step that are held against each other: the labelled are apart from the others.
  private let parts: [Int]
  /// Images to learn from.
  private let total: Int

  /// Looks at trainings of this configuration, whose held-out images these are.
  ///
  /// - Parameters:
  ///   - parts: images of a step of each kind, labelled or not; nil: all are of one kind, as many as a batch is to have.
  ///   - total: images to learn from; nil: as many as anyone asks for.
  init(_ configuration: Configuration, images: ImageSet?, parts: [Int]? = nil, total: Int? = nil) {
    self.configuration = configuration
    self.parts = parts ?? [configuration.training.batch]
    self.total = total ?? .max
    meanImageCost = images.map { Self.meanImageCost($0, configuration) }
  }

  /// What a record of an epoch gives reason to say, given the one before it. A training is given some steps or a second
  /// epoch to begin, and where no weight is to blame, an epoch more.
  ///
  /// - Parameters:
  ///   - goals: what the controls are set to, by name: where annealing leads.
  ///   - held: those that a person set, which ended their annealing.
  func warnings(
    of record: MetricsRecord, after previous: MetricsRecord? = nil, towards goals: [String: Double] = [:],
    held: Set<String> = []
  ) -> [String] {
    guard held.isEmpty else {
      var settled = self
      settled.configuration = configuration.settled(held)
      return settled.warnings(of: record, after: previous, towards: goals)
    }
    let others = [smallBatch(record), fewTurns()].compactMap(\.self)
    // Codes that a far too high rate has emptied are no collapse that longer training mends.
    if let exploded = explodedAdversary(record) ?? explosion(record, goals) { return [exploded] + others }
    return [
      collapse(record, previous, goals), stall(record, previous, goals) ?? idleDivergence(record, previous, goals),
    ]
    .compactMap(\.self) + others
  }

  /// A weight on what is minimised beside the reconstruction and learning the class.
  private struct Weight {
    let control: Control
    /// What it is set to: a person can lower that, and not what annealing has made of it by now.
    let goal: Double
    /// What it is by now.
    let now: Double
    /// How it comes from there to what it is set to.
    let annealing: Annealing?

    /// Whether its term is wanted of codes that tell much as well, as that they follow a group: only a weight far beyond what
    /// is usual leaves them none.
    let isAside: Bool

    /// Whether it begins above what it is set to, and comes down to that.
    private var falls: Bool { if case .from(let start, _) = annealing { start > goal } else { false } }
    private var isFalling: Bool { falls && now > goal }
    /// What weighs on codes.
    var value: Double { isFalling ? now : goal }

    var isHeavy: Bool { value > (isAside ? 50 * max(1, control.defaultValue) : 1) }
    /// What would lower it.
    var advice: String { isFalling ? sooner(control.symbol) : "lower \(TrainingWatch.told(control, goal))" }
    private func sooner(_ it: String) -> String {
      "let \(it) begin lower or fall sooner than \(annealing.map { "\($0)" } ?? "") (--anneal)"
    }
    /// How to come to it more slowly, after what is to be lowered; nil where there is nothing to come to.
    var slower: String? {
      let it = isHeavy ? "it" : control.symbol
      if falls { return isHeavy && isFalling ? nil : sooner(it) }
      guard goal > 0 else { return nil }
      guard let annealing else { return "let \(it) rise slowly (--anneal \(control.name)=linear:5000)" }
      return "let \(it) rise more slowly than \(annealing) (--anneal)"
    }
  }

  /// The heaviest of these weights: one is named, so that one is changed. Nil where nothing has a weight to change.
  private func heaviestWeight(_ record: MetricsRecord, _ goals: [String: Double]) -> Weight? {
    var asides: [String: Bool] = [:]
    for term in configuration.terms where !term.isWanted && [.heavy, .light].contains(term.burden) {
      guard case .control(let name) = term.weight else { continue }
      asides[name] = term.burden == .light && asides[name] != false
    }
    return configuration.controls.compactMap { control in
      asides[control.name].map {
        let goal = goal(of: control, record, goals)
        return Weight(
          control: control, goal: goal, now: record.controls[control.name] ?? goal,
          annealing: configuration.objective.annealing[control.name], isAside: $0)
      }
    }
    .max { ($0.isHeavy ? 1 : 0, $0.isAside ? 0 : 1, $0.value) < ($1.isHeavy ? 1 : 0, $1.isAside ? 0 : 1, $1.value) }
  }

  private func goal(of control: Control, _ record: MetricsRecord, _ goals: [String: Double]) -> Double {
    goals[control.name] ?? record.controls[control.name] ?? control.defaultValue
  }

  /// A control with its value and how it is typed, as `δ = −50 (--delta)`.
  private static func told(_ control: Control, _ value: Double) -> String {
    "\(control.symbol) = \(value < 0 ? "−" : "")\(Setting.brief(Setting.single(abs(value)))) (--\(control.name))"
  }

  /// What to do about the lowest weight below 0 on what is minimised, under which more of it is wanted without an end; nil where
  /// none is. One on what codes tell is none: it has an end, and works against their collapse.
  private func adviceOnNegative(_ record: MetricsRecord, _ goals: [String: Double]) -> String? {
    let weights = configuration.terms.compactMap { term -> String? in
      if case .control(let name) = term.weight, !term.isWanted, term.role != .information { name } else { nil }
    }
    let lowest = configuration.controls.filter { weights.contains($0.name) }
      .map { (control: $0, goal: goal(of: $0, record, goals)) }
      .min { $0.goal < $1.goal }
    return lowest.flatMap { $0.goal < 0 ? "raise \(Self.told($0.control, $0.goal))" : nil }
  }

  /// What to raise of what asks that codes tell of their images, where its weight is 0; nil where all of it is asked for.
  private func adviceOnMissing(_ record: MetricsRecord, _ goals: [String: Double]) -> String? {
    let asking = configuration.terms.compactMap { term -> String? in
      if case .control(let name) = term.weight, term.burden == .relief { name } else { nil }
    }
    return configuration.controls.first { asking.contains($0.name) && goal(of: $0, record, goals) == 0 }
      .map { "raise \(Self.told($0, 0))" }
  }

  /// Whether a training had the time to show what it will come to.
  private func hasBegun(_ record: MetricsRecord) -> Bool { record.epoch >= 2 || record.step >= Self.leastSteps }

  /// Steps before which nothing is concluded from a first epoch.
  private static let leastSteps = 300

  private func collapse(
    _ record: MetricsRecord, _ previous: MetricsRecord?, _ goals: [String: Double]
  ) -> String? {
    guard record.measured?[MeasuredTerm.activeUnits] == 0, hasBegun(record) else { return nil }
    let units = configuration.model.variables.dimensions.count
    let what = "none of \(units) units is active, so that codes tell nothing of their images"
    // A divergence that is held at a goal is what that says, whatever the weight is that holds it.
    let row = configuration.objective.row
    let goal = row.controls.first { $0.name == row.requirements.divergenceGoal }
    if let goal, let held = record.controls[goal.name] {
      if held < Self.leastGoal {
        guard configuration.objective.annealing[goal.name] == nil else { return nil }
        return "posterior collapse: raise \(Self.told(goal, held)), at which the "
          + "divergence is held; \(what)"
      }
      guard previous?.measured?[MeasuredTerm.activeUnits] == 0 else { return nil }
      return "posterior collapse: train longer or at another rate; \(what)"
    }
    let weight = heaviestWeight(record, goals)
    let isHeavy = weight?.isHeavy == true
    guard isHeavy || previous?.measured?[MeasuredTerm.activeUnits] == 0 else { return nil }
    let missing = isHeavy ? nil : adviceOnMissing(record, goals)
    let rising = missing == nil ? weight?.slower.map { ", or " + $0 } : nil
    // What to do comes first: the end of a sentence may find no room on a screen.
    let advice = isHeavy ? weight?.advice : adviceOnNegative(record, goals) ?? missing
    return "posterior collapse: \(advice ?? "train longer or at another rate")\(rising ?? ""); \(what)"
  }

  /// Nats below which a code need have no active unit.
  private static let leastGoal = 1.0

  /// A model that is worse than no model at all, by so much that no more training mends it: its numbers are finite still.
  private func explosion(_ record: MetricsRecord, _ goals: [String: Double]) -> String? {
    // A part of the cost may be there whatever the image is.
    let constant = Self.constantCost(configuration)
    guard let meanImageCost, meanImageCost > constant else { return nil }
    func ratio(_ terms: [Term]) -> Double? {
      let costs = [reconstruction(terms).map { $0 - constant }, configuration.value(of: .divergence, in: terms)]
        .compactMap(\.self)
      guard let worst = costs.max(), worst.isFinite else { return nil }
      return worst / (meanImageCost - constant)
    }
    // Of images that are nearly all of one grey the mean costs little: a model that has not learnt yet costs far more.
    let unlearnt = 2 * Self.unlearntCost(configuration) / (meanImageCost - constant)
    guard let heldOut = record.heldOut.flatMap(ratio) else { return nil }
    let learnt = ratio(record.training) ?? 0
    let isEmpty = record.measured?[MeasuredTerm.activeUnits] == 0 && hasBegun(record)
    let told: (images: String, ratio: Double)
    if heldOut >= max(unlearnt, isEmpty ? Self.leastEmptyExplosion : Self.leastExplosion) {
      told = ("held-out images", heldOut)
    } else if heldOut >= Self.leastLoss, learnt >= max(unlearnt, Self.leastExplosion) {
      // What recovered from a bad beginning within its epoch is not worse than the mean image by then.
      told = ("images learnt from", learnt)
    } else {
      return nil
    }
    let rate = record.controls[Control.rate.name] ?? Double(configuration.training.rate)
    let proposed = Divergence(term: "loss", step: record.step, rate: rate).proposedRate
    // A power of ten stays the same from epoch to epoch: it is said once.
    let power = Int(log10(told.ratio))
    let times = power < 4 ? Setting.brief(pow(10, Double(power))) : "10^\(power)"
    let now = Setting.brief(Setting.single(rate))
    let advice =
      adviceOnNegative(record, goals).map { "\($0), under which it can fall without an end, and begin again" }
      ?? "lower the rate (now \(now)) and begin again with --rate \(Setting.brief(Setting.single(proposed))), or "
      + "with a limit on the gradient's norm (--clip)"
    return
      "the loss has exploded: \(advice); \(told.images) cost more than \(times) times what the mean image alone costs"
  }

  private func reconstruction(_ terms: [Term]) -> Double? { configuration.value(of: .reconstruction, in: terms) }

  /// A second player that loses far more than it would by guessing: what it says of codes, and what is minimised with it, tells
  /// nothing.
  private func explodedAdversary(_ record: MetricsRecord) -> String? {
    for term in configuration.terms {
      guard case .adversary(let name) = term.role, let rate = configuration.controls.first(where: { $0.name == name }),
        let loss = [record.training, record.heldOut ?? []].compactMap({ $0[term.name] }).max(),
        loss > Self.leastExplosion * log(2)
      else { continue }
      let now = record.controls[name] ?? rate.defaultValue
      return "the \(term.name) has exploded: lower \(Self.told(rate, now)) and begin again; it costs more than "
        + "\(Setting.brief(Self.leastExplosion)) times what guessing does, and what it says of codes tells nothing"
    }
    return nil
  }

  /// So many times the cost of the mean image no training has that goes well, not even in its first epoch.
  private static let leastExplosion = 100.0

  /// The same of a model without an active unit: one that has only collapsed costs about what the mean image does.
  private static let leastEmptyExplosion = 10.0

  /// So many times the mean image's cost is more than a model has that lives.
  private static let leastLoss = 2.0

  private func stall(_ record: MetricsRecord, _ previous: MetricsRecord?, _ goals: [String: Double]) -> String? {
    // Where another model decodes, whose weights stay as they are, no training of this one gains anything.
    guard !configuration.model.row.usesCodes,
      let meanImageCost, let reached = record.heldOut.flatMap(reconstruction), meanImageCost > 0,
      (0.99...1.1).contains(reached / meanImageCost), record.measured?[MeasuredTerm.activeUnits] != 0,
      hasBegun(record)
    else { return nil }
    let heavy = heaviestWeight(record, goals).flatMap { $0.isHeavy ? $0 : nil }
    let advice = heavy?.advice ?? adviceOnNegative(record, goals) ?? adviceOnMissing(record, goals)
    // What still falls does not stall.
    if let before = previous?.heldOut.flatMap(reconstruction) {
      guard before - reached < meanImageCost * Self.leastGain else { return nil }
    } else {
      guard advice != nil else { return nil }
    }
    return "reconstruction stalls at the mean image: \(advice ?? "train longer, or at another rate"); "
      + "it has \(Self.text(reached)) nats where the mean image alone has \(Self.text(meanImageCost))"
  }

  /// Codes whose divergence is held and yet tells next to nothing of their images, which get no better by it.
  private func idleDivergence(
    _ record: MetricsRecord, _ previous: MetricsRecord?, _ goals: [String: Double]
  ) -> String? {
    let row = configuration.objective.row
    guard let goal = row.controls.first(where: { $0.name == row.requirements.divergenceGoal }),
      record.measured?[MeasuredTerm.activeUnits] != 0, let told = record.measured?[MeasuredTerm.information],
      let held = record.heldOut.flatMap({ configuration.value(of: .divergence, in: $0) }), held >= Self.leastGoal,
      told < min(held, Self.leastHeld) / 4, hasBegun(record), let meanImageCost,
      let before = previous?.heldOut.flatMap(reconstruction), let reached = record.heldOut.flatMap(reconstruction),
      before - reached < meanImageCost * Self.leastGain
    else { return nil }
    let slower = configuration.objective.annealing[goal.name].map { "more slowly than \($0) (--anneal)" }
    let advice = heaviestWeight(record, goals).flatMap { $0.isHeavy ? $0.advice + " and begin again, or " : nil } ?? ""
    return "codes do not use the divergence that they are held at: \(advice)let \(goal.symbol) rise "
      + "\(slower ?? "slowly (--anneal \(goal.name)=linear:5000)"); they tell less than a quarter of it of their images"
  }

  /// Nats of which more need not show in what codes tell: only so many can be told apart among some images.
  private static let leastHeld = 4.0

  /// The share of the mean image's cost that an epoch gains where training goes on: of an MNIST digit .2 nats.
  private static let leastGain = 0.001

  /// Estimates from a batch say little where it has no second image that shares a code.
  private func smallBatch(_ record: MetricsRecord) -> String? {
    let row = configuration.objective.row
    let batch = parts.reduce(0, +)
    guard row.requirements.couplesBatch, let part = parts.min() else { return nil }
    let least = max(Self.leastBatch, 2 * configuration.model.latent)
    guard part < least else { return nil }
    guard parts.count == 1 else {
      return
        "\(part) images of a batch are few: use \(larger(2 * least)) or another labelled share, so that \(least) or more "
        + "are labelled and as many are not, for what \(row.name) estimates from each kind"
    }
    // Where codes carry more than a batch can tell apart, that is a reason of its own; by how much changes from epoch to epoch.
    let carried = record.measured?.first { $0.name.hasPrefix(MeasuredTerm.information) }?.value
    let most = log(Double(batch))
    let information = carried.flatMap { carried in
      carried > most ? ", which tells apart \(Self.text(most)) nats where codes carry more" : nil
    }
    return "a batch of \(batch) is small: \(enough(least)) for what \(row.name) estimates from it" + (information ?? "")
  }

  /// How a batch comes to have so many images: by its size, unless there are no more images to learn from.
  private func enough(_ images: Int) -> String {
    total < images ? "learn from \(images) images or more" : "use --batch \(images) or more"
  }

  /// The same without the number, of a batch of which the images of a kind are a part.
  private func larger(_ images: Int) -> String {
    total < images ? "more images" : "a larger batch"
  }

  /// A batch that has fewer images than a group has elements: those that no image has are not learnt.
  private func fewTurns() -> String? {
    let batch = parts.reduce(0, +)
    // The elements are dealt to the labelled and to the others anew.
    guard let order = (try? configuration.groupStructure())??.action.order, let most = parts.max(), most < order - 1
    else { return nil }
    let group = configuration.objective.word(Equivariance.group)
    let images =
      "one image for every element of \(group) but the identity; those that no image of a batch is turned by are "
      + "not learnt"
    guard parts.count == 1 else {
      return
        "\(most) images of a kind in a batch of \(batch) are few: use \(larger(2 * order)) or another labelled share, so "
        + "that \(order - 1) are labelled, or are not, \(images)"
    }
    return "a batch of \(batch) is small: \(enough(order - 1)), \(images)"
  }

  /// Images below which an estimate of the aggregate posterior, of a covariance or of a discrepancy is mostly noise.
  private static let leastBatch = 64

  private static func text(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }

  /// The reconstruction of images by their mean: `−log p(x)` of the pixels' likelihood at the mean of each pixel.
  private static func meanImageCost(_ images: ImageSet, _ configuration: Configuration) -> Double {
    let some = min(images.count, 2_000)
    guard some > 0 else { return 0 }
    let (likelihood, treatment) = (configuration.model.likelihood, configuration.training.treatment)
    let isBinarised = treatment == .binarised
    let pixels = images.tensor(0..<some).elements
    let size = images.pixelCount
    var mean = [Double](repeating: 0, count: size)
    for (place, grey) in pixels.enumerated() {
      mean[place % size] += (isBinarised ? (grey >= 0.5 ? 1 : 0) : Double(grey)) / Double(some)
    }
    let costs = mean.map { likelihood.cost(mean: $0, treatment: treatment) }
    return pixels.enumerated().reduce(0.0) { $0 + costs[$1.offset % size](Double($1.element)) } / Double(some)
  }

  /// What an image costs a model without any knowledge of it, whose every pixel is as likely black as white, in nats.
  private static func unlearntCost(_ configuration: Configuration) -> Double {
    configuration.model.likelihood.row.unlearntCost * Double(configuration.model.pixelCount)
  }

  /// What an image costs whose every pixel is told exactly, in nats.
  private static func constantCost(_ configuration: Configuration) -> Double {
    configuration.model.likelihood.constantCost * Double(configuration.model.pixelCount)
  }
}
