import Datasets
import Glibc
import Tensors

/// What a model is worth on images it was not trained on, in nats an image.
///
/// Of a plain autoencoder the variances were never trained, so that whatever depends on them would be a number without
/// a meaning: its bounds, divergences and samples are nil, and the reconstruction is that of the means.
public struct Evaluation: Codable, Sendable, Hashable {
  /// Standard errors over the images of the means beside them; nil of one image.
  public struct StandardErrors: Codable, Sendable, Hashable {
    /// Of the bound.
    public var elbo: Double?
    /// Of the reconstruction.
    public var reconstruction: Double?
    /// Of the divergence.
    public var kl: Double?
    /// Of `L_K`.
    public var importanceWeighted: Double?
  }

  /// The evidence lower bound at β = 1, whatever β was trained with: `−reconstruction − kl`.
  public var elbo: Double?
  /// `−E log p(x|z)`, averaged over `samples` codes an image; of an autoencoder, at the mean.
  public var reconstruction: Double
  /// `KL(q(z|x) ‖ p(z))`, in closed form where there is one.
  public var kl: Double?
  /// The part of each column of the code in `kl`: those of continuous variables, `klOfClasses` and `klBeneath` add up to it.
  /// The part of a class is `p·log(p·C)` of its probability.
  public var klByDimension: [Double]?
  /// Standard errors over the images of `klByDimension`; nil of one image.
  public var klByDimensionStandardErrors: [Double]?
  /// The divergence of every variable of classes from its prior, by the variable's name; nil where there is none.
  public var klOfClasses: [String: Double]?
  /// Standard errors over the images of `klOfClasses`.
  public var klOfClassesStandardErrors: [String: Double]?
  /// The divergence of every variable that is no part of the code, as of the codes beneath M1+M2, by the variable's name; nil
  /// where there is none.
  public var klBeneath: [String: Double]?
  /// Standard errors over the images of `klBeneath`.
  public var klBeneathStandardErrors: [String: Double]?
  /// The variance over images of each column's posterior mean.
  public var varianceOfMeans: [Double]
  /// Columns of continuous variables whose posterior means vary by more than .01 (Burda 2015, arXiv:1509.00519, section
  /// 5.2).
  public var activeUnits: [Int]
  /// The importance-weighted bound `L_K` on log p(x), if it was asked for.
  public var importanceWeighted: Double?
  /// K of `importanceWeighted`.
  public var importanceSamples: Int?
  /// Codes an image for `reconstruction`.
  public var samples: Int?
  /// Whether `samples` and `importanceSamples` count the codes of every class of an image, as of models that go through the
  /// classes; nil of others.
  public var isOfEveryClass: Bool?
  /// How often the likeliest class is the true one, where the model has a classifier and the images have labels: by the
  /// classifier alone.
  public var classifier: ClassAccuracy?
  /// The same by the importance-weighted prediction over `importanceSamples` codes, of models that infer the class.
  public var weightedClassifier: ClassAccuracy?
  /// Images of classes that the model, which has a classifier, does not have: neither accuracy counts them; nil where there
  /// are none.
  public var imagesOfOtherClasses: Int?
  /// Images evaluated.
  public var images: Int
  /// The seed of the noise, and of the pixels where they are drawn.
  public var seed: UInt64
  /// Standard errors over the images.
  public var standardErrors: StandardErrors
}

/// Evaluates `model` on `images`, treated as in training. Sampled pixels are drawn once an image, by the seed: every number
/// of an evaluation is of the same pixels.
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
  let hasBound = !model.isDeterministic
  let samples = hasBound ? max(1, samples) : 1
  let importanceSamples = hasBound ? importanceSamples : 0
  let isDrawn = model.configuration.training.treatment == .sampled
  // A classifier is given what is known of a pixel, not a draw of it.
  let classifier = try images.labels.flatMap { try model.classify(images)?.accuracy(against: $0) }
  let classes = model.configuration.model.classNames.count
  let strangers = model.hasClasses ? images.labels?.count { Int($0) >= classes } ?? 0 : 0
  let images = try model.seen(images, seed: seed)
  // Drawn pixels are 0 or 1 already.
  let treatment = isDrawn ? PixelTreatment.binarised : model.configuration.training.treatment
  let posterior = try model.encode(images)
  let variances = posterior.varianceOfMeans
  let work = Double(samples + importanceSamples)
  let sampled = try SampledBounds(model, images, treatment, samples: samples, seed: seed).run { fraction in
    progress(fraction * Double(samples) / work)
  }
  var weighted: ImageStatistics?
  var weightedClassifier: ClassAccuracy?
  if importanceSamples > 0 {
    let results = try SampledBounds(model, images, treatment, samples: importanceSamples, seed: seed &+ 1).run {
      progress((Double(samples) + $0 * Double(importanceSamples)) / work)
    }
    weighted = results.bound
    weightedClassifier = images.labels.flatMap {
      ClassAccuracy(predictions: results.predictions, labels: $0, classes: classes)
    }
  }
  let divergences = posterior.divergences(model.variables, sampled: sampled.parts)
  let klByDimension = divergences.map(\.mean)
  func totals(_ isWanted: (String) -> Bool) -> [String: ImageStatistics]? {
    let chosen = sampled.totals.filter { isWanted($0.key) }
    return chosen.isEmpty ? nil : chosen
  }
  let ofClasses = totals { name in model.variables.contains { $0.name == name && $0.isCategorical } }
  let beneath = totals { name in !model.variables.contains { $0.name == name } }
  func errors(_ statistics: [String: ImageStatistics]?) -> [String: Double]? {
    images.count > 1 ? statistics?.compactMapValues(\.standardError) : nil
  }
  let kl = model.hasClosedDivergence ? klByDimension.reduce(0, +) : sampled.divergence.mean
  return Evaluation(
    elbo: hasBound ? -sampled.reconstruction.mean - kl : nil, reconstruction: sampled.reconstruction.mean,
    kl: hasBound ? kl : nil, klByDimension: hasBound ? klByDimension : nil,
    // A column that is told, not inferred, has no divergence and nothing to be in error about.
    klByDimensionStandardErrors: hasBound && images.count > 1 ? divergences.map { $0.standardError ?? 0 } : nil,
    klOfClasses: ofClasses?.mapValues(\.mean),
    klOfClassesStandardErrors: errors(ofClasses), klBeneath: beneath?.mapValues(\.mean),
    klBeneathStandardErrors: errors(beneath), varianceOfMeans: variances,
    activeUnits: Posterior.activeUnits(varianceOfMeans: variances).filter(model.variables.dimensions.contains),
    importanceWeighted: weighted?.mean,
    importanceSamples: weighted == nil ? nil : importanceSamples, samples: hasBound ? samples : nil,
    isOfEveryClass: model.configuration.model.programs().enumerates ? true : nil,
    classifier: classifier, weightedClassifier: weightedClassifier,
    imagesOfOtherClasses: strangers > 0 ? strangers : nil, images: images.count, seed: seed,
    standardErrors: .init(
      elbo: hasBound ? sampled.elbo.standardError : nil, reconstruction: sampled.reconstruction.standardError,
      kl: hasBound ? sampled.divergence.standardError : nil, importanceWeighted: weighted?.standardError))
}

extension LatentModel {
  /// `KL(q(z|x) ‖ p(z))` of every column as `evaluate` tells it, averaged over the images, in nats; nil where the posterior
  /// alone tells it.
  ///
  /// - Parameters:
  ///   - images: those of the posterior, as the model sees them.
  ///   - posterior: what `encode` says of them.
  /// - Throws: a `ModelError` for images of another size.
  public func mixtureDivergenceByColumn(of posterior: Posterior, on images: ImageSet) throws -> [Double]? {
    guard !isDeterministic, !hasClosedDivergence else { return nil }
    guard images.pixelCount == pixelCount else {
      throw ModelError.shape(what: "images", found: [images.count, images.pixelCount], expected: "[n, \(pixelCount)]")
    }
    // Drawn pixels are 0 or 1 already.
    let treatment = configuration.training.treatment == .sampled ? .binarised : configuration.training.treatment
    let bounds = SampledBounds(self, images, treatment, samples: 1, seed: 1, isOfDivergence: true)
    return posterior.divergences(variables, sampled: try bounds.run { _ in true }.parts).map(\.mean)
  }

  /// Whether the posterior alone tells its divergence. That of a code that depends on a class is a mixture, and of a prior that
  /// is not standard only the programs tell: then it is that of the traces.
  fileprivate var hasClosedDivergence: Bool {
    hasStandardPrior && !variables.contains(where: \.isCategorical)
  }
}

/// Sums over many samples, a few at a time: for every image the mean reconstruction and divergence, and the log of the
/// mean importance weight.
private struct SampledBounds {
  struct Results {
    var elbo = ImageStatistics()
    var reconstruction = ImageStatistics()
    var divergence = ImageStatistics()
    var bound = ImageStatistics()
    /// The likeliest class of every image by its weights; empty where no class is inferred.
    var predictions: [Int32] = []
    /// The parts of the divergence by variable and dimension.
    var parts: [String: [ImageStatistics]] = [:]
    /// The divergence by variable.
    var totals: [String: ImageStatistics] = [:]
  }

  private static let samplesAtOnce = 8
  private let model: LatentModel
  private let images: ImageSet
  private let treatment: PixelTreatment
  private let samples: Int
  private let seed: UInt64
  private let batch: Int
  private let atOnce: Int
  private let isOfDivergence: Bool

  /// - Parameter isOfDivergence: whether the parts of the divergence are all that is wanted: then nothing is decoded.
  init(
    _ model: LatentModel, _ images: ImageSet, _ treatment: PixelTreatment, samples: Int, seed: UInt64,
    isOfDivergence: Bool = false
  ) {
    self.isOfDivergence = isOfDivergence
    self.model = model
    self.images = images
    self.treatment = treatment
    self.samples = samples
    self.seed = seed
    batch = max(1, min(model.configuration.model.atOnce(128), images.count))
    // A model that goes through the values of a variable draws one code for each of them at a time.
    atOnce = min(samples, model.configuration.model.programs().samples.upperBound, Self.samplesAtOnce)
  }

  func run(_ progress: (Double) -> Bool) throws -> Results {
    let sensitive = model.configuration.model.attribute?.values(of: images)
    let (full, variables) = program(samples: atOnce)
    let rest = samples % atOnce
    let partial = rest > 0 ? program(samples: rest).program : full
    var results = Results()
    for start in stride(from: 0, to: images.count, by: batch) {
      let used = min(batch, images.count - start)
      let rows = Array(images.rows[start..<start + used])
      var weights = [LogSumOfExponentials](repeating: LogSumOfExponentials(), count: used)
      var reconstruction = [Double](repeating: 0, count: used)
      var divergence = reconstruction
      var parts: [String: [Double]] = [:]
      let classes = infersClass && !isOfDivergence ? model.configuration.model.classNames.count : 0
      var evidence = [LogSumOfExponentials](repeating: LogSumOfExponentials(), count: used * classes)
      var drawn = 0
      while drawn < samples {
        let now = min(atOnce, samples - drawn)
        let program = now == atOnce ? full : partial
        program.bindImages(Recording.Input.images, to: images.storage.base, rows: rows)
        if let sensitive {
          let blank = [Int32](repeating: -1, count: batch - used)
          program.mark(Recording.Input.sensitive, sensitive[start..<start + used] + blank)
        }
        let step = UInt64(start / batch) << 24 | UInt64(drawn)
        SharedWorkers.withPool { program.run(model.parameters, seed: seed, step: step, pool: $0) }
        // Without a distribution of the code there are no weights, and nothing is added.
        program.withOutput("logWeights") { values in
          for entry in 0..<values.count / batch {
            for image in 0..<used { weights[image].add(Double(values[entry * batch + image])) }
          }
        }
        if classes > 0 {
          program.withOutput("classEvidence") { values in
            for entry in evidence.indices { evidence[entry].add(Double(values[entry])) }
          }
        }
        let share = Double(now) / Double(samples)
        program.withOutput("reconstruction") { values in
          for image in 0..<min(used, values.count) { reconstruction[image] += Double(values[image]) * share }
        }
        program.withOutput("divergence") { values in
          for image in 0..<min(used, values.count) { divergence[image] += Double(values[image]) * share }
        }
        for name in variables {
          program.withOutput(Self.part(name)) { values in
            var sums = parts[name] ?? [Double](repeating: 0, count: values.count)
            for place in values.indices { sums[place] += Double(values[place]) * share }
            parts[name] = sums
          }
        }
        drawn += now
        let done = Double(start) + Double(used) * Double(drawn) / Double(samples)
        guard progress(done / Double(images.count)) else { throw CancellationError() }
      }
      for image in 0..<used {
        results.elbo.add(-reconstruction[image] - divergence[image])
        results.reconstruction.add(reconstruction[image])
        results.divergence.add(divergence[image])
        results.bound.add(weights[image].value - log(Double(samples)))
        for (name, values) in parts {
          let width = values.count / batch
          let own = values[image * width..<(image + 1) * width]
          let none = [ImageStatistics](repeating: ImageStatistics(), count: width)
          for (dimension, value) in own.enumerated() { results.parts[name, default: none][dimension].add(value) }
          results.totals[name, default: ImageStatistics()].add(own.reduce(0, +))
        }
        let own = image * classes..<(image + 1) * classes
        if let best = own.max(by: { evidence[$0].value < evidence[$1].value }) {
          results.predictions.append(Int32(best - own.lowerBound))
        }
      }
    }
    return results
  }

  /// Whether the class is inferred with a distribution, so that codes tell it by their weights.
  private var infersClass: Bool { model.variables.classColumns != nil }

  /// The output that holds the divergence of one variable by its dimensions.
  private static func part(_ variable: String) -> String { "divergence of \(variable)" }

  /// A program, and the variables that have a divergence.
  private func program(samples: Int) -> (program: Executable, variables: [String]) {
    let graph = Graph()
    let input = graph.images(
      Recording.Input.images, shape: [batch, model.pixelCount], treatment: treatment)
    let attribute = model.configuration.model.attribute.flatMap { $0.values(of: images) == nil ? nil : $0 }
    let sensitive = attribute.map {
      graph.input(Recording.Input.sensitive, shape: [batch, $0.valueNames.count])
    }
    let traces = Recording.traces(
      model.configuration, model.configuration.model.programs(),
      Batch(images: input, areAllKnown: false, sensitive: sensitive, total: images.count), samples: samples)
    var outputs: [String: Expression] = [:]
    var variables: [String] = []
    if !isOfDivergence { outputs["reconstruction"] = traces.reconstruction }
    if !model.isDeterministic {
      if !isOfDivergence {
        outputs["logWeights"] = traces.evidenceWeights
        outputs["divergence"] = traces.divergence
      }
      if !model.hasClosedDivergence {
        for (name, value) in traces.inference.divergenceParts(from: traces.generative) {
          outputs[Self.part(name)] = value
          variables.append(name)
        }
      }
      if infersClass, !isOfDivergence { outputs["classEvidence"] = traces.classEvidence }
    }
    return (graph.compile(outputs: outputs), variables)
  }
}
