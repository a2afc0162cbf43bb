import Synchronization
import Tensors

extension ModelConfiguration {
  /// Names and shapes of all parameters in the order in which the programs mention them, encoder first: those of the graph
  /// that training records. Without an objective's own.
  public var parameters: [(name: String, shape: [Int])] {
    RecordedParameters.shared.of(self).map { ($0.name, $0.shape) }
  }

  /// The number of trainable numbers.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.shape.reduce(1, *) } }
}

/// Parameters of the models that were asked for, so that each is recorded once.
private final class RecordedParameters: Sendable {
  struct Parameter {
    var name: String
    var shape: [Int]
  }

  static let shared = RecordedParameters()
  private let known = Mutex<[ModelConfiguration: [Parameter]]>([:])

  func of(_ model: ModelConfiguration) -> [Parameter] {
    known.withLock { known in
      if let parameters = known[model] { return parameters }
      if known.count >= 64 { known.removeAll() }
      let parameters = Self.record(model)
      known[model] = parameters
      return parameters
    }
  }

  private static func record(_ model: ModelConfiguration) -> [Parameter] {
    let graph = Graph()
    let programs = model.programs()
    let batch = Batch(
      images: graph.input(Recording.Input.images, shape: [1, model.pixelCount]), areAllKnown: false,
      sensitive: model.attribute.map {
        graph.input(Recording.Input.sensitive, shape: [1, $0.valueNames.count])
      }, total: 1)
    _ = programs.generate(batch, given: programs.infer(batch, samples: 1))
    // A classifier beside the two programs has weights too.
    _ = programs.classLogits(batch.images)
    return graph.parameters.map { Parameter(name: $0.name, shape: $0.shape) }
  }
}
