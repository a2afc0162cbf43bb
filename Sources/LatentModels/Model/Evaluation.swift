import Datasets
import Glibc
import Tensors

/// What a model is worth on images it was not trained on, in nats an image.
///
/// Of a plain autoencoder the variances were never trained, so that whatever depends on them would be a number without
/// a meaning: its bounds, divergences and samples are nil, and the reconstruction is that of the means.
public struct Evaluation: Codable, Sendable, Hashable {
  /// The evidence lower bound at β = 1, whatever β was trained with: `−reconstruction − kl`.
  public var elbo: Double?
  /// `−E log p(x|z)`, averaged over `samples` codes an image; of an autoencoder, at the mean.
  public var reconstruction: Double
  /// `KL(q(z|x) ‖ p(z))` in closed form.
  public var kl: Double?
  /// The part of each latent dimension in `kl`.
  public var klByDimension: [Double]?
  /// The variance over images of each dimension's posterior mean.
  public var varianceOfMeans: [Double]
  /// Dimensions whose posterior means vary by more than .01 (Burda 2015, arXiv:1509.00519, section 5.2).
  public var activeUnits: [Int]
  /// The importance-weighted bound `L_K` on log p(x), if it was asked for.
  public var importanceWeighted: Double?
  /// K of `importanceWeighted`.
  public var importanceSamples: Int?
  /// Codes an image for `reconstruction`.
  public var samples: Int?
  /// Images evaluated.
  public var images: Int
  /// The seed of the noise.
  public var seed: UInt64
}

/// Evaluates `model` on `images`, treated as in training (sampled pixels are drawn once, by the seed).
///
/// - Parameters:
///   - samples: codes an image for the reconstruction; an autoencoder has one.
///   - importanceSamples: K of the importance-weighted bound; 0: it is left out, for it costs K decodings an image. An
///     autoencoder has none.
///   - progress: called with the fraction done; returning false stops with what `CancellationError` says.
/// - Throws: `ModelError` for images of another size; `CancellationError`.
public func evaluate(
  _ model: LatentModel, on images: ImageSet, samples: Int = 16, importanceSamples: Int = 0, seed: UInt64 = 1,
  progress: (Double) -> Bool = { _ in true }
) throws -> Evaluation {
  let isAutoencoder = model.configuration.objective.kind == .autoencoder
  let samples = isAutoencoder ? 1 : max(1, samples)
  let importanceSamples = isAutoencoder ? 0 : importanceSamples
  let posterior = try model.encode(images)
  let latent = model.latentSize
  let count = max(1, images.count)
  var divergences = [Double](repeating: 0, count: latent)
  var sums = divergences
  var squares = divergences
  for row in 0..<images.count {
    for dimension in 0..<latent {
      let mean = Double(posterior.mean.elements[row * latent + dimension])
      let logVariance = Double(posterior.logVariance.elements[row * latent + dimension])
      divergences[dimension] += 0.5 * (mean * mean + exp(logVariance) - 1 - logVariance)
      sums[dimension] += mean
      squares[dimension] += mean * mean
    }
  }
  let klByDimension = divergences.map { $0 / Double(count) }
  let variances = zip(sums, squares).map { $1 / Double(count) - ($0 / Double(count)) * ($0 / Double(count)) }
  let kl = klByDimension.reduce(0, +)

  let work = Double(samples + importanceSamples)
  let sampled = try SampledBounds(model, images: images, samples: samples, seed: seed).run { fraction in
    progress(fraction * Double(samples) / work)
  }
  var importanceWeighted: Double?
  if importanceSamples > 0 {
    importanceWeighted = try SampledBounds(model, images: images, samples: importanceSamples, seed: seed &+ 1).run {
      progress((Double(samples) + $0 * Double(importanceSamples)) / work)
    }.bound
  }
  return Evaluation(
    elbo: isAutoencoder ? nil : -sampled.reconstruction - kl, reconstruction: sampled.reconstruction,
    kl: isAutoencoder ? nil : kl, klByDimension: isAutoencoder ? nil : klByDimension, varianceOfMeans: variances,
    activeUnits: variances.indices.filter { variances[$0] > 0.01 },
    importanceWeighted: importanceWeighted, importanceSamples: importanceSamples > 0 ? importanceSamples : nil,
    samples: isAutoencoder ? nil : samples, images: images.count, seed: seed)
}

/// Sums over many samples, a few at a time: the mean reconstruction, and the log of the mean importance weight.
private struct SampledBounds {
  private static let samplesAtOnce = 8
  private let model: LatentModel
  private let images: ImageSet
  private let samples: Int
  private let seed: UInt64
  private let batch: Int

  init(_ model: LatentModel, images: ImageSet, samples: Int, seed: UInt64) {
    self.model = model
    self.images = images
    self.samples = samples
    self.seed = seed
    batch = max(1, min(128, images.count))
  }

  func run(_ progress: (Double) -> Bool) throws -> (reconstruction: Double, bound: Double) {
    let full = program(samples: min(Self.samplesAtOnce, samples))
    let rest = samples % Self.samplesAtOnce
    let partial = samples > Self.samplesAtOnce && rest > 0 ? program(samples: rest) : nil
    var reconstruction = 0.0
    var bound = 0.0
    for start in stride(from: 0, to: images.count, by: batch) {
      let used = min(batch, images.count - start)
      let rows = Array(images.rows[start..<start + used])
      var accumulated = [LogSum](repeating: LogSum(), count: used)
      var drawn = 0
      while drawn < samples {
        let now = min(Self.samplesAtOnce, samples - drawn)
        let program = now == min(Self.samplesAtOnce, samples) ? full : partial ?? full
        program.bindImages("x", to: images.storage.base, rows: rows)
        let step = UInt64(start / batch) << 24 | UInt64(drawn)
        SharedWorkers.withPool { program.run(model.parameters, seed: seed, step: step, pool: $0) }
        // Without a distribution of the code there are no weights, and nothing is added.
        program.withOutput("logWeights") { weights in
          guard !weights.isEmpty else { return }
          for sample in 0..<now {
            for image in 0..<used { accumulated[image].add(Double(weights[sample * batch + image])) }
          }
        }
        program.withOutput("reconstruction") { values in
          for image in 0..<used { reconstruction += Double(values[image]) * Double(now) / Double(samples) }
        }
        drawn += now
        let done = Double(start) + Double(used) * Double(drawn) / Double(samples)
        guard progress(done / Double(images.count)) else { throw CancellationError() }
      }
      for sum in accumulated { bound += sum.value - log(Double(samples)) }
    }
    return (reconstruction / Double(max(1, images.count)), bound / Double(max(1, images.count)))
  }

  private func program(samples: Int) -> Executable {
    let graph = Graph()
    let configuration = model.configuration
    let input = graph.images(
      "x", shape: [batch, model.pixelCount], treatment: configuration.training.treatment)
    let isAutoencoder = configuration.objective.kind == .autoencoder
    let programs = VariationalAutoencoder(configuration.model, isDeterministic: isAutoencoder)
    let inference = programs.infer(input, samples: isAutoencoder ? nil : samples)
    let generative = programs.generate(input, given: inference)
    var outputs: [String: Expression] = [:]
    if !isAutoencoder {
      outputs["logWeights"] = ImportanceWeightedBound.logWeights(inference: inference, generative: generative)
    }
    outputs["reconstruction"] = generative.reconstruction
    return graph.compile(outputs: outputs)
  }
}

/// `log Σ e^x` of numbers that come one by one.
private struct LogSum {
  private var largest = -Double.infinity
  private var sum = 0.0

  mutating func add(_ value: Double) {
    if value > largest {
      sum = sum * exp(largest - value) + 1
      largest = value
    } else {
      sum += exp(value - largest)
    }
  }

  var value: Double { largest + log(sum) }
}
