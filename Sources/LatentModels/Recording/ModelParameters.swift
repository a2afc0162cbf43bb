import Synchronization
import Tensors

extension ModelConfiguration {
  /// Names and shapes of all parameters in the order in which the programs mention them, encoder first: what they need of
  /// images of which nothing else is known, then what they need only where the class is known. Without an objective's own.
  public var parameters: [(name: String, shape: [Int])] {
    RecordedModels.shared.of(self).parameters.map { ($0.name, $0.shape) }
  }

  /// The number of trainable numbers.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.shape.reduce(1, *) } }

  /// Whether the prior of its code is standard normal, and every class equally likely under it: of another prior only the
  /// programs tell.
  public var hasStandardPrior: Bool { RecordedModels.shared.of(self).hasStandardPrior }
}

/// What the programs of a model mention when they are recorded.
struct RecordedModel: Sendable {
  /// A name and a shape.
  struct Parameter: Sendable {
    var name: String
    var shape: [Int]
  }

  /// Every parameter, once, in the order of its first mention.
  let parameters: [Parameter]
  /// Whether the code has a standard prior.
  let hasStandardPrior: Bool

  /// Records `programs`, which are of `model`, over an image without its class and, where there are classes, over one with it.
  init(_ model: ModelConfiguration, _ programs: any GenerativeModel) {
    let graph = Graph()
    let images = graph.input(Recording.Input.images, shape: [1, model.pixelCount])
    let sensitive = model.attribute.map {
      graph.input(Recording.Input.sensitive, shape: [1, $0.valueNames.count])
    }
    let batch = Batch(images: images, areAllKnown: false, sensitive: sensitive, total: 1)
    let generative = programs.generate(batch, given: programs.infer(batch, samples: 1))
    hasStandardPrior = generative.hasStandardPrior(of: programs.variables)
    // A classifier beside the two programs has weights too.
    _ = programs.classLogits(images)
    if model.row.usesLabels, !model.classNames.isEmpty {
      let labels = graph.input(Recording.Input.labels, shape: [1, model.classNames.count])
      let labelled = Batch(images: images, labels: labels, areAllKnown: true, sensitive: sensitive, total: 1)
      _ = programs.generate(labelled, given: programs.infer(labelled, samples: 1))
    }
    parameters = graph.parameters.map { Parameter(name: $0.name, shape: $0.shape) }
  }
}

/// The models that were asked for, so that each is recorded once.
private final class RecordedModels: Sendable {
  static let shared = RecordedModels()
  private let known = Mutex<[ModelConfiguration: RecordedModel]>([:])

  func of(_ model: ModelConfiguration) -> RecordedModel {
    known.withLock { known in
      if let recorded = known[model] { return recorded }
      if known.count >= 64 { known.removeAll() }
      let recorded = RecordedModel(model, model.programs())
      known[model] = recorded
      return recorded
    }
  }
}
