import Datasets
import Tensors

/// The objective's terms on images that are not trained on, with the same noise every time.
///
/// A batch is never filled up: terms by image are of all images, the last batch being smaller; terms that couple the images
/// of a batch are of whole batches of the training's size, and the images left over are not looked at. Where a step has labelled
/// images apart from others, that is the size of the others' part: such a term is then that of unlabelled images.
final class HeldOutEvaluator {
  private struct Chunk {
    let rows: [Int32]
    let labels: [Int32]
    let sensitive: [Int32]
    let executable: Executable
  }

  private let images: ImageSet
  private let names: [String]
  /// Names of what is told of images whose class is known: 0 of others.
  private let ofKnownClasses: Set<String>
  private let seed: UInt64
  private let chunks: [Chunk]
  private let isSupervised: Bool

  /// - Parameters:
  ///   - batch: images of a training step that are held against each other.
  ///   - total: images that are trained on.
  ///   - isSupervised: whether every training image comes with its class: then these do too, if all of theirs are known.
  ///     Otherwise their classes, where they are known, are only held against those that are inferred.
  init(
    _ configuration: Configuration, images: ImageSet, batch trainingBatch: Int, total: Int, isSupervised: Bool = false
  ) {
    let knowsTruth = configuration.model.row.usesLabels && images.labels?.contains { $0 >= 0 } == true
    let isSupervised = isSupervised && knowsTruth && images.labels?.allSatisfy { $0 >= 0 } == true
    self.isSupervised = isSupervised
    self.images = images
    seed = configuration.training.seed ^ 0x6865_6c64_6f75_74
    let isCoupled = configuration.objective.row.requirements.couplesBatch
    let batch = Self.rows(configuration, of: images.count, coupled: trainingBatch, areKnown: isSupervised)
    var executables: [Int: Executable] = [:]
    var names: [String] = []
    var ofKnownClasses: Set<String> = []
    func executable(_ count: Int) -> Executable {
      if let known = executables[count] { return known }
      let composition =
        isSupervised
        ? BatchComposition(labelled: count, unlabelled: 0)
        : BatchComposition(unlabelled: count, knowsTruth: knowsTruth)
      let recording = Recording(configuration, composition, total: total, labelledTotal: isSupervised ? total : 0)
      names = recording.terms.named.map(\.name)
      ofKnownClasses = Set(recording.terms.terms.filter(\.isOfKnownClasses).map(\.name))
      let executable = recording.compileTerms()
      executables[count] = executable
      return executable
    }
    let sensitive = configuration.model.attribute?.values(of: images) ?? []
    var chunks: [Chunk] = []
    for start in stride(from: 0, to: images.count, by: batch) {
      let range = start..<min(start + batch, images.count)
      let rows = Array(images.rows[range])
      if isCoupled, rows.count < batch { break }
      chunks.append(
        Chunk(
          rows: rows, labels: images.labels.map { Array($0[range]) } ?? [],
          sensitive: sensitive.isEmpty ? [] : Array(sensitive[range]), executable: executable(rows.count)))
    }
    self.chunks = chunks
    self.names = names
    self.ofKnownClasses = ofKnownClasses
  }

  /// How many of the images are looked at at once.
  ///
  /// - Parameters:
  ///   - coupled: how many that are, where they are held against each other.
  ///   - areKnown: whether every one comes with its class.
  static func rows(_ configuration: Configuration, of images: Int, coupled: Int, areKnown: Bool) -> Int {
    if configuration.objective.row.requirements.couplesBatch { return coupled }
    let most = max(16, 512 / configuration.objective.samples)
    return min(images, areKnown ? most : configuration.model.atOnce(most))
  }

  /// Means over the images, in the order of the objective's terms, the loss last; of what is told of classes, over the images
  /// whose class is known.
  func evaluate(_ store: ParameterStore, controls: [String: Double], pool: WorkerPool) -> [Term] {
    var sums = [Double](repeating: 0, count: names.count)
    var (count, known) = (0, 0)
    for (place, chunk) in chunks.enumerated() {
      let executable = chunk.executable
      for (name, value) in controls { executable.setScalar(name, Float(value)) }
      let input = isSupervised ? Recording.Input.labelledImages : Recording.Input.images
      executable.bindImages(input, to: images.storage.base, rows: chunk.rows)
      executable.mark(isSupervised ? Recording.Input.labels : Recording.Input.truth, chunk.labels)
      executable.mark(isSupervised ? Recording.Input.labelledSensitive : Recording.Input.sensitive, chunk.sensitive)
      executable.run(store, seed: seed, step: UInt64(place), pool: pool)
      for (index, name) in names.enumerated() {
        executable.withOutput(name) { values in
          for image in chunk.rows.indices { sums[index] += Double(values[image]) }
        }
      }
      count += chunk.rows.count
      known += chunk.labels.count { $0 >= 0 }
    }
    return zip(names, sums).compactMap { name, sum in
      guard ofKnownClasses.contains(name) else { return Term(name: name, value: sum / Double(max(1, count))) }
      return known > 0 ? Term(name: name, value: sum / Double(known)) : nil
    }
  }
}
