import Datasets
import Glibc

/// What goes wrong in a training without its failing, told in words that a person can act on.
struct TrainingWatch: Sendable {
  private let configuration: Configuration
  /// The reconstruction of held-out images by the mean of them all, in nats: what a decoder reaches that ignores its code.
  let meanImageCost: Double?

  /// Looks at trainings of this configuration, whose held-out images these are.
  init(_ configuration: Configuration, images: ImageSet?) {
    self.configuration = configuration
    meanImageCost = images.map { Self.meanImageCost($0, configuration) }
  }

  /// What a record of an epoch gives reason to say, given the one before it. Where no weight is to blame, a training is
  /// given an epoch more to begin.
  func warnings(of record: MetricsRecord, after previous: MetricsRecord? = nil) -> [String] {
    [explosion(record), collapse(record, previous), stall(record, previous), smallBatch(record)].compactMap(\.self)
  }

  /// A weight on what is minimised beside the reconstruction and learning the class.
  private struct Weight {
    let control: Control
    let value: Double

    var isHeavy: Bool { value > 1 }
    /// What would lower it.
    var advice: String { "lower \(control.symbol) = \(Setting.brief(value)) (--\(control.name))" }
  }

  /// The heaviest of these weights: one is named, so that one is changed. Nil where nothing has a weight to change.
  private func heaviestWeight(_ record: MetricsRecord) -> Weight? {
    var names: Set<String> = []
    for term in configuration.terms where !term.isWanted && !["reconstruction", "class"].contains(term.name) {
      if case .control(let name) = term.weight { names.insert(name) }
    }
    return configuration.controls.filter { names.contains($0.name) }
      .map { Weight(control: $0, value: record.controls[$0.name] ?? $0.defaultValue) }
      .max { $0.value < $1.value }
  }

  private func collapse(_ record: MetricsRecord, _ previous: MetricsRecord?) -> String? {
    let weight = heaviestWeight(record)
    let isHeavy = weight?.isHeavy == true
    guard record.measured?[MeasuredTerm.activeUnits] == 0,
      isHeavy || previous?.measured?[MeasuredTerm.activeUnits] == 0
    else { return nil }
    let rising = weight.flatMap { weight in
      weight.value > 0
        ? ", or let \(isHeavy ? "it" : weight.control.symbol) rise slowly (--anneal \(weight.control.name)=linear:5000)"
        : nil
    }
    // What to do comes first: the end of a sentence may find no room on a screen.
    return "posterior collapse: " + (isHeavy ? weight?.advice ?? "" : "train longer or at another rate")
      + "\(rising ?? ""); none of \(configuration.model.variables.dimensions.count) units is active, so that codes tell "
      + "nothing of their images"
  }

  /// A model that is worse than no model at all, by so much that no more training mends it: its numbers are finite still.
  private func explosion(_ record: MetricsRecord) -> String? {
    // Of a normal likelihood a part of the cost is there whatever the image is.
    let constant = Self.constantCost(configuration)
    guard let meanImageCost, meanImageCost > constant, let terms = record.heldOut else { return nil }
    let costs = [terms["reconstruction"].map { $0 - constant }, terms["kl"]].compactMap(\.self)
    guard let worst = costs.max(), worst.isFinite else { return nil }
    let ratio = worst / (meanImageCost - constant)
    guard ratio >= Self.leastExplosion else { return nil }
    // A power of ten stays the same from epoch to epoch: it is said once.
    return "the training has exploded: begin again at a lower rate (--rate) or with a limit on the gradient's norm "
      + "(--clip); held-out images cost more than 10^\(Int(log10(ratio))) times what the mean image alone costs"
  }

  /// So many times the cost of the mean image no training has that goes well, not even in its first epoch.
  private static let leastExplosion = 100.0

  private func stall(_ record: MetricsRecord, _ previous: MetricsRecord?) -> String? {
    guard let meanImageCost, let reached = record.heldOut?["reconstruction"], meanImageCost > 0,
      (0.99...1.1).contains(reached / meanImageCost), record.measured?[MeasuredTerm.activeUnits] != 0
    else { return nil }
    let heavy = heaviestWeight(record).flatMap { $0.isHeavy ? $0 : nil }
    let before = previous?.heldOut?["reconstruction"]
    guard before.map({ $0 - reached < meanImageCost * 0.01 }) ?? (heavy != nil) else { return nil }
    return "reconstruction stalls at the mean image: \(heavy?.advice ?? "train longer, or at another rate"); "
      + "it has \(Self.text(reached)) nats where the mean image alone has \(Self.text(meanImageCost))"
  }

  /// Estimates from a batch say little where it has no second image that shares a code.
  private func smallBatch(_ record: MetricsRecord) -> String? {
    let row = configuration.objective.row
    let batch = configuration.training.batch
    guard row.requirements.couplesBatch else { return nil }
    let least = max(Self.leastBatch, 2 * configuration.model.latent)
    guard batch < least else { return nil }
    let information = record.measured?[MeasuredTerm.information].map {
      ", which tells apart \(Self.text(log(Double(batch)))) nats where codes carry \(Self.text($0))"
    }
    return "a batch of \(batch) is small: use --batch \(least) or more for what \(row.name) estimates from it"
      + (information ?? "")
  }

  /// Images below which an estimate of the aggregate posterior, of a covariance or of a discrepancy is mostly noise.
  private static let leastBatch = 64

  private static func text(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }

  /// The reconstruction of images by their mean: `−log p(x)` of the pixels' likelihood at the mean of each pixel.
  private static func meanImageCost(_ images: ImageSet, _ configuration: Configuration) -> Double {
    let some = min(images.count, 2_000)
    guard some > 0 else { return 0 }
    let isBinarised = configuration.training.treatment == .binarised
    let pixels = images.tensor(0..<some).elements.map { isBinarised ? ($0 >= 0.5 ? 1.0 : 0) : Double($0) }
    let size = images.pixelCount
    var mean = [Double](repeating: 0, count: size)
    var squares = mean
    for (place, value) in pixels.enumerated() {
      mean[place % size] += value / Double(some)
      squares[place % size] += value * value / Double(some)
    }
    return zip(mean, squares).reduce(0.0) { sum, pixel in
      switch configuration.model.likelihood {
      case .bernoulli:
        let share = min(max(pixel.0, 1e-6), 1 - 1e-6)
        return sum - pixel.0 * log(share) - (1 - pixel.0) * log(1 - share)
      case .gaussian(let deviation):
        let variance = Double(deviation) * Double(deviation)
        return sum + 0.5 * ((pixel.1 - pixel.0 * pixel.0) / variance + log(2 * .pi * variance))
      }
    }
  }

  /// What an image costs whose every pixel is told exactly, in nats.
  private static func constantCost(_ configuration: Configuration) -> Double {
    guard case .gaussian(let deviation) = configuration.model.likelihood else { return 0 }
    return 0.5 * log(2 * .pi * Double(deviation) * Double(deviation)) * Double(configuration.model.pixelCount)
  }
}
