import Datasets
import Tensors

/// The objective's terms on images that are not trained on, with the same noise every time.
final class HeldOutEvaluator {
  private let images: ImageSet
  private let objective: ObjectiveConfiguration
  private let batch: Int
  private let executable: Executable
  private let seed: UInt64
  private let rows: [[Int32]]

  init(_ configuration: Configuration, images: ImageSet) {
    self.images = images
    objective = configuration.objective
    seed = configuration.training.seed ^ 0x6865_6c64_6f75_74
    batch = min(images.count, max(16, 512 / configuration.objective.samples))
    let graph = Graph()
    let input = graph.images(
      "x", shape: [batch, configuration.model.pixelCount], treatment: configuration.training.treatment)
    let terms = objective.record(configuration.model, images: input)
    executable = graph.compile(
      outputs: Dictionary(terms.named.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first }))
    let batch = batch
    rows = stride(from: 0, to: images.count, by: batch).map { start in
      Array(images.rows[start..<min(start + batch, images.count)])
    }
  }

  /// Means over all images, in the order of the objective's terms.
  func evaluate(_ store: ParameterStore, beta: Float, pool: WorkerPool) -> [Term] {
    if objective.hasBeta { executable.setScalar("beta", beta) }
    var sums = [Double](repeating: 0, count: objective.termNames.count)
    for (chunk, rows) in rows.enumerated() {
      executable.bindImages("x", to: images.storage.base, rows: rows)
      executable.run(store, seed: seed, step: UInt64(chunk), pool: pool)
      for (index, name) in objective.termNames.enumerated() {
        executable.withOutput(name) { values in
          for image in rows.indices { sums[index] += Double(values[image]) }
        }
      }
    }
    return zip(objective.termNames, sums).map { Term(name: $0, value: $1 / Double(images.count)) }
  }
}
