import Analysis
import Tensors

/// What a classifier says of stored codes: a class for each, how sure it is, and where it is wrong.
struct Classification: Sendable {
  /// Who says so.
  enum Source: Sendable, Hashable {
    /// The model's own q(y | x): its variable for the class.
    case model
    /// The model's own p(y | z): its classifier of the code.
    case classifier
    /// A linear probe, fitted for every code on codes that it is not among.
    case probe

    var name: String {
      switch self {
      case .model: "q(y|x)"
      case .classifier: "p(y|z)"
      case .probe: "a linear probe"
      }
    }
  }

  let source: Source
  /// The likeliest class of each code.
  let labels: [Int32]
  /// Its probability.
  let confidences: [Float]
  /// Where the true class is known, could be told, and is another one, in order.
  let mistakes: [Int]
  /// Codes of a known class that could not be told, for the model does not have it: whatever is said of them is wrong, and
  /// neither a mistake nor in `confusion`.
  let otherClassCount: Int
  /// How many codes of which true class were taken for which; nil where no class is known.
  let confusion: Confusion?

  /// - Parameters:
  ///   - truth: the true classes, −1 where one is not known; of another number than `labels` where none is.
  ///   - classes: how many classes can be told; nil of a classifier that learnt from those there are.
  init(source: Source, labels: [Int32], confidences: [Float], truth: [Int32], classes: Int?) {
    self.source = source
    self.labels = labels
    self.confidences = confidences
    let isKnown = truth.count == labels.count
    let bound = Int32(clamping: classes ?? .max)
    let told = truth.map { $0 < bound ? $0 : -1 }
    mistakes = isKnown ? labels.indices.filter { told[$0] >= 0 && told[$0] != labels[$0] } : []
    confusion = isKnown ? Confusion(truth: told, predicted: labels) : nil
    otherClassCount = isKnown ? truth.count { $0 >= bound } : 0
  }

  /// What a model with a variable for the class says: its probabilities are columns of the code.
  init(of means: Tensor, by choice: CodeColumns.Choice, truth: [Int32]) {
    var labels: [Int32] = []
    var confidences: [Float] = []
    for row in 0..<(means.shape.first ?? 0) {
      var best = (label: 0, probability: -Float.infinity)
      for (label, column) in choice.range.enumerated() {
        let probability = means.elements[row * means.rowCount + column]
        if probability > best.probability { best = (label, probability) }
      }
      labels.append(Int32(best.label))
      confidences.append(best.probability)
    }
    self.init(
      source: .model, labels: labels, confidences: confidences, truth: truth, classes: choice.range.count)
  }

  /// What linear probes say (Alain & Bengio 2016, arXiv:1610.01644): two, each fitted on half of the codes and asked for
  /// the other half, so that no code is among those its class was learnt from.
  ///
  /// - Parameters:
  ///   - means: codes `[n, dimensions]`.
  ///   - truth: a class for each, −1 where it is not known.
  /// - Throws: an `AnalysisError` where half of the codes are not of two classes at least.
  init(probing means: Tensor, truth: [Int32]) throws {
    let (count, width) = (means.shape.first ?? 0, means.rowCount)
    var labels = [Int32](repeating: -1, count: count)
    var confidences = [Float](repeating: 0, count: count)
    func rows(_ places: [Int]) -> Tensor {
      Tensor(shape: [places.count, width], elements: places.flatMap { means.row($0) })
    }
    // Data may be in any order, such as class by class or digit after digit: chance deals the halves.
    let order = CounterRandom(seed: 1, stream: 0x70_726f_6265).permutation(of: count).map { Int($0) }
    for half in 0..<2 {
      let others = order.indices.filter { $0 % 2 != half }.map { order[$0] }.filter { truth[$0] >= 0 }
      let asked = order.indices.filter { $0 % 2 == half }.map { order[$0] }
      let probe = try LinearProbe(points: rows(others), labels: others.map { truth[$0] })
      for (place, (label, probability)) in zip(asked, probe.classify(rows(asked))) {
        labels[place] = label
        confidences[place] = probability
      }
    }
    self.init(source: .probe, labels: labels, confidences: confidences, truth: truth, classes: nil)
  }

  /// That codes are counted neither as right nor as mistakes, in words; nil where all of known classes are.
  var noteOnOtherClasses: String? {
    guard otherClassCount > 0 else { return nil }
    return "left out: \(Numbers.counted(otherClassCount, "code")) of no class that the model has"
  }

  /// The share of codes with a known class, and one that can be told, that are given it, in 0…1; nil where there are none.
  var accuracy: Double? { confusion?.accuracy }

  /// How sure the classifier is of each code, as a level of `LevelPalette`.
  var levels: [Int32] {
    confidences.map { confidence in Int32(Self.bounds.lastIndex { confidence >= $0 }.map { $0 + 1 } ?? 0) }
  }

  /// Where the levels of confidence part.
  static let bounds: [Float] = [0.5, 0.7, 0.9, 0.99]
  /// What the levels are called.
  static let levelNames = ["<50 %", "<70 %", "<90 %", "<99 %", "≥99 %"]
}

/// How many codes of each true class were taken for each class.
struct Confusion: Sendable, Hashable {
  /// The classes that occur as either, in order.
  let classes: [Int32]
  /// `[true][predicted]`, by places in `classes`.
  let counts: [[Int]]
  /// Codes counted.
  let total: Int

  /// Nil where no true class is known, or there are more classes than anyone looks at in a table.
  init?(truth: [Int32], predicted: [Int32]) {
    let classes = Set(zip(truth, predicted).lazy.filter { $0.0 >= 0 && $0.1 >= 0 }.flatMap { [$0.0, $0.1] }).sorted()
    guard !classes.isEmpty, classes.count <= 1_000 else { return nil }
    let places = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    var counts = [[Int]](repeating: [Int](repeating: 0, count: classes.count), count: classes.count)
    var total = 0
    for (truth, predicted) in zip(truth, predicted) {
      guard let row = places[truth], let column = places[predicted] else { continue }
      counts[row][column] += 1
      total += 1
    }
    self.classes = classes
    self.counts = counts
    self.total = total
  }

  /// The share on the diagonal, in 0…1.
  var accuracy: Double { Double(classes.indices.reduce(0) { $0 + counts[$1][$1] }) / Double(max(1, total)) }

  /// The share of a true class that was taken for a class, in 0…1.
  func share(_ truth: Int, _ predicted: Int) -> Double {
    Double(counts[truth][predicted]) / Double(max(1, counts[truth].reduce(0, +)))
  }

  /// How many codes of a class were taken for others, and of others for it.
  func mistakes(at place: Int) -> Int {
    var sum = 0
    for other in classes.indices where other != place { sum += counts[place][other] + counts[other][place] }
    return sum
  }

  /// The pairs of different classes that are taken for each other most, the most frequent first.
  var worst: [(truth: Int32, predicted: Int32, count: Int)] {
    var pairs: [(truth: Int32, predicted: Int32, count: Int)] = []
    for row in classes.indices {
      for column in classes.indices where row != column && counts[row][column] > 0 {
        pairs.append((classes[row], classes[column], counts[row][column]))
      }
    }
    return pairs.sorted { ($1.count, $0.truth, $0.predicted) < ($0.count, $1.truth, $1.predicted) }
  }
}
