import Analysis
import Canvas
import Datasets
import LatentModels
import Tensors

/// What a report is about, with what its sections share computed once.
public struct ReportSubject {
  /// The model's name.
  public let name: String
  /// The model.
  public let model: LatentModel
  /// What there is to say about it: names and values.
  public let facts: [(name: String, value: String)]
  /// One record an epoch.
  public let metrics: [MetricsRecord]
  /// Images it is judged by.
  public let images: ImageSet
  /// The same as the model sees them, their pixels drawn once by `seed` where its training drew them.
  public let seen: ImageSet
  /// Codes of all that the model sees: every number of the report but the classifier's is of the same pixels.
  public let posterior: Posterior
  /// What it is worth on them.
  public let evaluation: Evaluation
  /// Codes that probes and classifiers learn from; nil: they learn from a part of `posterior`.
  public let training: Representation?
  /// What each variable of a code of several tells.
  public let probes: [VariableProbe]
  /// Decides samples.
  public let seed: UInt64
  /// Whether measures that take seconds are computed too.
  public let isThorough: Bool
  /// Threads to compute with; nothing depends on their number.
  public let pool: WorkerPool
  /// Asked now and then; true ends the work with `CancellationError`.
  public let isCancelled: () -> Bool

  /// Encodes and evaluates `images`, as `evaluate` does: by 16 codes an image, and 50 for the importance-weighted bound.
  ///
  /// - Parameter training: images that probes and classifiers learn from; nil: they learn from a part of `images`.
  /// - Throws: `ModelError` for images of another size; `CancellationError`.
  public init(
    name: String, model: LatentModel, facts: [(name: String, value: String)], metrics: [MetricsRecord],
    images: ImageSet, training: ImageSet? = nil, seed: UInt64 = 1, isThorough: Bool = false, pool: WorkerPool = .inline,
    isCancelled: @escaping () -> Bool = { false }
  ) throws {
    self.name = name
    self.model = model
    self.facts = facts
    self.metrics = metrics
    self.images = images
    self.seed = seed
    self.isThorough = isThorough
    self.pool = pool
    self.isCancelled = isCancelled
    seen = try model.seen(images, seed: seed)
    posterior = try model.encode(seen)
    evaluation = try evaluate(model, on: images, samples: 16, importanceSamples: 50, seed: seed) { _ in !isCancelled() }
    self.training = try training.map { images in
      let posterior = try model.encode(model.seen(images, seed: seed))
      return try Representation(posterior, of: images, by: model)
    }
    if isCancelled() { throw CancellationError() }
    probes = try VariableProbe.all(model, on: images, training: training, seed: seed, pool: pool)
  }

  /// Whether there is a posterior with variances and a divergence.
  var isProbabilistic: Bool { !model.isDeterministic }

  /// The columns of a code that are real numbers: those of no class.
  var dimensions: [Int] { model.variables.dimensions }

  /// How much each column of a code tells: its divergence, or the variance of its means where there is none.
  var use: [Double] { evaluation.klByDimension ?? evaluation.varianceOfMeans }

  /// The dimensions, those that tell most first.
  var dimensionsByUse: [Int] {
    let use = use
    return dimensions.sorted { (use[$1], $0) < (use[$0], $1) }
  }

  /// The name of a column that is a number of its own.
  func dimensionName(_ column: Int) -> String {
    dimensions.firstIndex(of: column).map { model.variables.dimensionNames[$0] } ?? "\(column)"
  }

  /// A code to begin with: zeros, and the first class, as `traverse` begins with.
  var middle: [Float] {
    model.variables.choosingClasses(in: [Float](repeating: 0, count: model.variables.width))
  }

  /// What else is the same in all codes from the middle: `y is the class 0`; nothing of a model without classes.
  var middleClasses: String {
    model.variables.filter(\.isCategorical).map { " and \($0.name) is the class \($0.classNames.first ?? "")" }.joined()
  }

  /// The posterior's means of the dimensions, `[n, dimensions]`.
  var means: Tensor { posterior.mean.choosing(columns: dimensions) }

  /// The size of an image.
  var imageWidth: Int { model.configuration.model.imageWidth }
  var imageHeight: Int { model.configuration.model.imageHeight }

  /// A sheet of the model's images.
  func sheet(_ images: Tensor, columns: Int) -> SheetFigure {
    SheetFigure(images: images, width: imageWidth, height: imageHeight, columns: columns)
  }

  /// The classes of the images, −1 where one is not known; none where there are no labels.
  var labels: [Int] { images.labels.map { $0.map(Int.init) } ?? [] }
}

/// A part of the report: a row of `all`. It makes its section of a subject, or nothing where it does not apply.
public struct ReportSection: Sendable {
  /// What is being worked at, for a progress line.
  public let summary: String
  /// Makes the section.
  public let make: @Sendable (ReportSubject) throws -> Report.Section?

  /// All sections in the order they stand.
  public static let all: [ReportSection] = [
    configuration, training, samples, reconstructions, styles, manifold, traversals, map, dimensions, components,
    measures,
  ]
}

extension Report {
  /// The report about `subject`. `progress` is told what is done next and the share that is done.
  ///
  /// - Throws: `ModelError`, `AnalysisError`, `DatasetError`, `CancellationError`.
  public init(about subject: ReportSubject, progress: (String, Double) -> Void = { _, _ in }) throws {
    var sections: [Section] = []
    for (place, section) in ReportSection.all.enumerated() {
      if subject.isCancelled() { throw CancellationError() }
      progress(section.summary, Double(place) / Double(ReportSection.all.count))
      if let made = try section.make(subject) { sections.append(made) }
    }
    self.init(
      title: subject.name,
      subtitle: "\(subject.model.configuration.model), epoch \(subject.model.epoch); judged by "
        + "\(NumberText.counted(subject.images.count, "image", unicode: true)) of \(subject.images.name)"
        + (subject.images.part.map { " (\($0.rawValue))" } ?? ""),
      sections: sections)
  }
}
