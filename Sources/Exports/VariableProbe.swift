import Analysis
import Datasets
import LatentModels
import Tensors

/// How well a linear probe reads a property of images from one variable of their codes: what tells whether a style has
/// forgotten the class, or a code what it was told.
public struct VariableProbe: Encodable, Sendable {
  /// The variable, as `z`.
  public let variable: String
  /// `class`, or the name of a factor.
  public let property: String
  /// The share of test images whose value is told, in 0…1.
  public let accuracy: Double
  /// Over the images; nil where all or none are told.
  public let standardError: Double?
  /// The share of test images with the value that most images learnt from have: what a probe that learnt nothing reaches.
  public let chance: Double
  /// Images that it was fitted on: of many only the first 20,000.
  public let fittedOn: Int
  /// Images that it was tried on.
  public let testedOn: Int

  /// So many images are enough for a probe to learn from.
  private static let mostImages = 20_000

  /// Probes for the class and for what the model is told, from each of its continuous variables; none of a model of one
  /// variable, and none for the class where one continuous variable has all dimensions: `Measure.linearSeparability` is that.
  ///
  /// - Parameters:
  ///   - training: what probes learn from; nil: two thirds of `images`, those that `Measurement` draws by `seed`.
  ///   - seed: draws pixels too, where the model sees drawn ones.
  public static func all(
    _ model: LatentModel, on images: ImageSet, training: ImageSet?, seed: UInt64, pool: WorkerPool
  ) throws -> [VariableProbe] {
    guard model.variables.count > 1 else { return [] }
    let variables = model.variables.columns.filter { !$0.variable.isCategorical }
    let attribute = model.configuration.model.attribute
    guard variables.count > 1 || attribute != nil else { return [] }
    // Pixels are drawn by their place in the set: before it is split, as those that other numbers are of.
    let tested = try model.seen(images, seed: seed)
    let fitted = try training.map { try model.seen($0.subset(0..<min($0.count, mostImages)), seed: seed) } ?? tested
    guard tested.count > 0 else { return [] }
    let judged = try model.encode(tested)
    let learnt = training == nil ? judged : try model.encode(fitted)
    var properties: [(name: String, fitted: [Int32], tested: [Int32])] = []
    if variables.count > 1, let first = fitted.labels, let second = tested.labels {
      properties.append(("class", first, second))
    }
    if let attribute, let first = attribute.values(of: fitted),
      let second = attribute.values(of: tested)
    {
      properties.append((attribute.name, first, second))
    }
    return try variables.flatMap { variable, columns in
      try properties.compactMap { property -> VariableProbe? in
        func known(_ labels: [Int32]) -> [Int] { labels.indices.filter { labels[$0] >= 0 } }
        var (fittedRows, testedRows) = (known(property.fitted), known(property.tested))
        if training == nil {
          let thirds = Measurement.thirds(of: testedRows.count, seed: seed)
          fittedRows = thirds.training.prefix(mostImages).map { testedRows[$0] }
          testedRows = thirds.test.map { testedRows[$0] }
        }
        func part(_ posterior: Posterior, _ labels: [Int32], _ rows: [Int]) -> (points: Tensor, labels: [Int32]) {
          let elements = rows.flatMap { row in
            posterior.mean.row(row).dropFirst(columns.lowerBound).prefix(columns.count)
          }
          return (Tensor(shape: [rows.count, columns.count], elements: elements), rows.map { labels[$0] })
        }
        let first = part(learnt, property.fitted, fittedRows)
        let second = part(judged, property.tested, testedRows)
        guard Set(first.labels).count > 1, !second.labels.isEmpty else { return nil }
        let probe = try LinearProbe(points: first.points, labels: first.labels, pool: pool)
        guard let result = ClassAccuracy(predictions: probe.predict(second.points), labels: second.labels) else {
          return nil
        }
        return VariableProbe(
          variable: variable.name, property: property.name, accuracy: result.accuracy,
          standardError: result.standardError,
          chance: Measure.shareOfMostFrequent(first.labels, in: second.labels),
          fittedOn: first.labels.count, testedOn: second.labels.count)
      }
    }
  }
}
