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
    [collapse(record, previous), stall(record, previous), smallBatch(record)].compactMap(\.self)
  }

  /// The weights above 1 on whatever is minimised beside the reconstruction and learning the class, as options that would
  /// lower them.
  private func heavyWeights(_ record: MetricsRecord) -> String {
    var names: [String] = []
    for term in configuration.terms where !term.isWanted && !["reconstruction", "class"].contains(term.name) {
      if case .control(let name) = term.weight, record.controls[name] ?? 0 > 1 { names.append(name) }
    }
    return configuration.controls.filter { names.contains($0.name) }.map { control in
      "\(control.symbol) = \(Setting.brief(record.controls[control.name] ?? 0)) (--\(control.name))"
    }.joined(separator: ", ")
  }

  private func collapse(_ record: MetricsRecord, _ previous: MetricsRecord?) -> String? {
    let heavy = heavyWeights(record)
    guard record.measured?[MeasuredTerm.activeUnits] == 0,
      !heavy.isEmpty || previous?.measured?[MeasuredTerm.activeUnits] == 0
    else { return nil }
    let name = configuration.objective.row.controls.first?.name ?? "beta"
    return "posterior collapse: none of \(configuration.model.variables.width) units is active, so that codes tell "
      + "nothing of their images: " + (heavy.isEmpty ? "train longer or at another rate" : "lower \(heavy)")
      + ", or let it rise slowly (--anneal \(name)=linear:5000)"
  }

  private func stall(_ record: MetricsRecord, _ previous: MetricsRecord?) -> String? {
    guard let meanImageCost, let reached = record.heldOut?["reconstruction"], meanImageCost > 0,
      (0.99...1.1).contains(reached / meanImageCost), record.measured?[MeasuredTerm.activeUnits] != 0
    else { return nil }
    let heavy = heavyWeights(record)
    let before = previous?.heldOut?["reconstruction"]
    guard before.map({ $0 - reached < meanImageCost * 0.01 }) ?? !heavy.isEmpty else { return nil }
    return "reconstruction stalls at the mean image: \(Self.text(reached)) nats where the mean image alone has "
      + "\(Self.text(meanImageCost)): " + (heavy.isEmpty ? "train longer, or at another rate" : "lower \(heavy)")
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
    return "a batch of \(batch) is small for what \(row.name) estimates from it\(information ?? ""): "
      + "use --batch \(least) or more"
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
}
