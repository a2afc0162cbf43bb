import Tensors

/// How many images of a step come with their class and how many without.
struct BatchComposition: Hashable, Sendable {
  /// Images whose class the programs are told.
  var labelled = 0
  /// Images whose class, if the model has a variable for it, is inferred.
  var unlabelled: Int
  /// Whether the classes of unlabelled images are given too, to be compared with and not to learn from.
  var knowsTruth = false

  /// Images in all.
  var count: Int { labelled + unlabelled }
}

/// A model and an objective recorded over one batch: configuration + batch → traces, terms, loss.
///
/// This is the only place where model and objective meet; training, held-out evaluation, `evaluate` and the explorer all
/// use it.
struct Recording {
  /// Names of the inputs: images and one-hot classes of the labelled part of a batch, and of the unlabelled part.
  enum Input {
    static let images = "x"
    static let labelledImages = "x.labelled"
    static let labels = "labels"
    static let truth = "truth"
    static let sensitive = "sensitive"
    static let labelledSensitive = "sensitive.labelled"
  }

  let graph: Graph
  /// The pair of programs.
  let programs: any GenerativeModel
  /// Traces over the parts of the batch that there are: the labelled one first.
  let parts: [Traces]
  /// Terms and loss over the whole batch, `[batch]`.
  let terms: ObjectiveTerms
  private let model: ModelConfiguration

  /// Records the objective of `configuration` on the images of a batch.
  ///
  /// - Parameters:
  ///   - total: the number of training images N.
  ///   - labelledTotal: how many of them come with their class.
  ///   - objective: another than that of its row.
  init(
    _ configuration: Configuration, _ composition: BatchComposition, total: Int, labelledTotal: Int = 0,
    objective: (any Objective)? = nil
  ) {
    let graph = Graph()
    self.graph = graph
    model = configuration.model
    programs = configuration.model.programs()
    var parts: [Traces] = []
    var shares: [Float] = []
    for isLabelled in [true, false] {
      let count = isLabelled ? composition.labelled : composition.unlabelled
      guard count > 0 else { continue }
      let batch = Self.batch(
        configuration, graph, count: count, isLabelled: isLabelled, knowsTruth: composition.knowsTruth, total: total)
      parts.append(Self.traces(configuration, programs, batch))
      // A part that is drawn more often than its images are counts for less, so that the mean over the batch estimates the
      // mean over the training images.
      let images = isLabelled ? labelledTotal : total - labelledTotal
      let isWhole = count == composition.count
      shares.append(isWhole ? 1 : Float(images) / Float(count) * Float(composition.count) / Float(max(1, total)))
    }
    self.parts = parts
    let objective = objective ?? configuration.objective.row.make(configuration.objective)
    // Whoever records has validated the configuration, and with it the group.
    let structure = try? configuration.groupStructure()
    let hasDecoder = configuration.hasDecoderEquivariance
    let terms = parts.map { traces -> ObjectiveTerms in
      let turned = structure.map { Equivariance.terms($0, traces, hasDecoder: hasDecoder) } ?? []
      let taught = configuration.taughtTerms(traces)
      return objective.terms(traces).adding(turned + taught)
    }
    self.terms = Self.joined(terms, counts: parts.map(\.batch.count), shares: shares)
  }

  /// Runs both programs over a batch.
  static func traces(
    _ configuration: Configuration, _ programs: any GenerativeModel, _ batch: Batch, samples: Int? = nil
  ) -> Traces {
    let inference = programs.infer(batch, samples: samples ?? configuration.objective.samples)
    let generative = programs.generate(batch, given: inference)
    return Traces(
      inference: inference, generative: generative, batch: batch, programs: programs,
      initialControls: configuration.initialControls,
      teachesBesideOwnTerms: configuration.training.teachesBesideOwnTerms)
  }

  private static func batch(
    _ configuration: Configuration, _ graph: Graph, count: Int, isLabelled: Bool, knowsTruth: Bool, total: Int
  ) -> Batch {
    let images = graph.images(
      isLabelled ? Input.labelledImages : Input.images, shape: [count, configuration.model.pixelCount],
      treatment: configuration.training.treatment)
    let classes = configuration.model.classNames.count
    let sensitive = configuration.model.attribute.map { attribute in
      graph.input(
        isLabelled ? Input.labelledSensitive : Input.sensitive, shape: [count, attribute.valueNames.count])
    }
    guard configuration.model.row.usesLabels, isLabelled || knowsTruth, classes > 0 else {
      return Batch(images: images, areAllKnown: false, sensitive: sensitive, total: total)
    }
    let labels = graph.input(isLabelled ? Input.labels : Input.truth, shape: [count, classes])
    return Batch(
      images: images, labels: labels, areAllKnown: isLabelled,
      sensitive: sensitive, total: total)
  }

  /// The terms of all parts in one batch, each part weighted by its share, so that terms are parts of the mean over all
  /// images and add up to the loss. A term that only one part has is 0 in the other, unless it is told of images whose class
  /// is known: then it is the mean of the part that has it.
  private static func joined(_ parts: [ObjectiveTerms], counts: [Int], shares: [Float]) -> ObjectiveTerms {
    guard parts.count > 1 else { return parts[0] }
    let all = counts.reduce(0, +)
    func join(_ values: [Expression?], isOfKnownClasses: Bool = false) -> Expression {
      let have = values.filter { $0 != nil }.count
      let pieces = values.indices.map { part -> Expression in
        guard let value = values[part] else {
          return parts[part].loss.graph.constant(0).broadcast(to: [counts[part]])
        }
        let weight = isOfKnownClasses && have == 1 ? Float(all) / Float(counts[part]) : shares[part]
        return weight == 1 ? value : value * weight
      }
      return Expression.concatenated(pieces, axis: 0)
    }
    var terms: [ObjectiveTerms.Term] = []
    for var term in parts.flatMap(\.terms) where !terms.contains(where: { $0.name == term.name }) {
      let values = parts.map { $0.terms.first { $0.name == term.name }?.value }
      term.value = join(values, isOfKnownClasses: term.isOfKnownClasses)
      terms.append(term)
    }
    let adversaries = parts.compactMap(\.adversary)
    let adversary = adversaries.first.map { first in
      ObjectiveTerms.Adversary(
        loss: adversaries.dropFirst().reduce(first.loss) { $0 + $1.loss } * (1 / Float(adversaries.count)),
        prefix: first.prefix, adam: first.adam, rate: first.rate)
    }
    return ObjectiveTerms(
      terms, loss: join(parts.map(\.loss)), adversary: adversary,
      memories: memories(parts, images: zip(counts, shares).map { Float($0) * $1 }))
  }

  /// Each memory once: what several parts keep is their mean at the next step, each weighed by the images it stands for.
  private static func memories(_ parts: [ObjectiveTerms], images: [Float]) -> [ObjectiveTerms.Memory] {
    let kept = zip(parts, images).flatMap { part, images in part.memories.map { (memory: $0, images: images) } }
    var found: [ObjectiveTerms.Memory] = []
    for (memory, _) in kept where !found.contains(where: { $0.name == memory.name }) {
      let alike = kept.filter { $0.memory.name == memory.name }
      let all = alike.reduce(0) { $0 + $1.images }
      let pieces = alike.map { $0.images == all ? $0.memory.next : $0.memory.next * ($0.images / all) }
      found.append(.init(name: memory.name, next: pieces.dropFirst().reduce(pieces[0], +)))
    }
    return found
  }

  /// Plans a forward run that gives every term.
  func compileTerms() -> Executable { graph.compile(outputs: outputs) }

  /// Plans a training step that gives every term.
  func compileStep(clipNorm: Float?) -> Executable {
    let adam = AdamConfiguration(clipNorm: clipNorm)
    let outputs = terms.memories.reduce(into: outputs) { $0[ObjectiveTerms.Memory.output(of: $1.name)] = $1.next }
    guard let adversary = terms.adversary else {
      return graph.compile(outputs: outputs, minimizing: terms.loss.mean(), adam: adam)
    }
    return graph.compile(
      outputs: outputs,
      minimizing: [
        Minimisation(loss: terms.loss.mean(), parameters: { !$0.hasPrefix(adversary.prefix) }, adam: adam),
        Minimisation(
          loss: adversary.loss, parameters: { $0.hasPrefix(adversary.prefix) }, adam: adversary.adam,
          rate: adversary.rate),
      ])
  }

  /// Names and shapes of the parameters that are the objective's own: those of the graph that are none of the model's.
  var ownParameters: [(name: String, shape: [Int])] {
    let ofModel = Set(model.parameters.map(\.name))
    return graph.parameters.filter { !ofModel.contains($0.name) }
  }

  private var outputs: [String: Expression] {
    Dictionary(terms.named.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
  }
}

extension Executable {
  /// Fills the first rows of the input `name` `[rows, values]` with one-hot rows of these values, zeros where one is −1 or there
  /// is no such column, and the others with zeros; does nothing where there is no such input or no value.
  ///
  /// - Parameter rows: nil: as many as values.
  func mark(_ name: String, _ values: some Collection<Int32>, rows: Int? = nil) {
    guard !values.isEmpty else { return }
    withInput(name) { input in
      let columns = input.count / (rows ?? values.count)
      input.update(repeating: 0)
      for (row, value) in values.enumerated() where value >= 0 && value < columns {
        input[row * columns + Int(value)] = 1
      }
    }
  }
}
