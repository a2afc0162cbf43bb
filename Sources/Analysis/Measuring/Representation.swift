import Datasets
import Tensors

/// What is known of a set of images by their codes: the input of every measure. It knows arrays, not models.
public struct Representation: Sendable {
  /// What the means were stored as: numpy computes with that.
  public enum Precision: Sendable, Hashable {
    /// 16-bit floats.
    case half
    /// 32-bit floats.
    case single
    /// Anything else, which numpy turns into 64-bit floats.
    case double
  }

  /// Posterior means, or the codes themselves where there is no posterior, `[n, K]`.
  public let means: Tensor
  /// Logarithms of the posterior variances, `[n, K]`; nil of an autoencoder.
  public let logVariances: Tensor?
  /// The class of every image (−1: not known), if there are labels.
  public let labels: [Int32]?
  /// The names of the classes; a class beyond them is named by its number.
  public let classNames: [String]
  /// Known causes of variation, one value an image each.
  public let factors: [Factor]
  /// What the means were stored as.
  public let precision: Precision
  /// The origin and the unit in which the means are held.
  public let units: CodeUnits
  /// The means over the scale of `units`, their origin left where it was, as the 64-bit floats of a file, `[K][n]`; nil
  /// where the means are all there is. Which of two bins a number on the edge is in, its last digit decides.
  public let exact: [[Double]]?
  /// Whether the prior of the codes is standard normal.
  public let hasStandardNormalPrior: Bool
  /// What the dimensions are called, in order.
  public let dimensionNames: [String]

  /// The number of images.
  public var count: Int { means.shape[0] }
  /// The number of dimensions of a code, K.
  public var dimensions: Int { means.shape[1] }

  /// Checks that the arrays fit each other and hold finite numbers; the caller answers for the numbers of `exact`.
  ///
  /// - Parameter dimensionNames: what the model calls the dimensions, as many as there are; else they are z1, z2 and so on.
  /// - Throws: `AnalysisError` that names the array, and the row where there is one.
  public init(
    means: Tensor, logVariances: Tensor? = nil, labels: [Int32]? = nil, classNames: [String] = [],
    factors: [Factor] = [], precision: Precision = .single, units: CodeUnits = .plain, exact: [[Double]]? = nil,
    hasStandardNormalPrior: Bool = true, dimensionNames: [String] = []
  ) throws {
    let points = try Points(means, for: "a measure")
    if let logVariances {
      guard logVariances.shape == means.shape else {
        throw AnalysisError.otherShape(what: "log-variances", found: logVariances.shape, expected: means.shape)
      }
      if let bad = logVariances.elements.firstIndex(where: { !$0.isFinite }) {
        throw AnalysisError.notFiniteIn(what: "the log-variances", row: bad / points.dimensions)
      }
    }
    if let exact, exact.count != points.dimensions || exact.contains(where: { $0.count != points.count }) {
      throw AnalysisError.otherShape(
        what: "exact means", found: [exact.count, exact.first { $0.count != points.count }?.count ?? points.count],
        expected: [points.dimensions, points.count])
    }
    if let labels, labels.count != points.count {
      throw AnalysisError.labelCount(labels: labels.count, points: points.count)
    }
    for factor in factors {
      guard factor.values.count == points.count else {
        throw AnalysisError.otherShape(
          what: "values of the factor \(factor.name)", found: [factor.values.count], expected: [points.count])
      }
      if let classes = factor.classes, classes.count != points.count {
        throw AnalysisError.otherShape(
          what: "classes of the factor \(factor.name)", found: [classes.count], expected: [points.count])
      }
      if let exact = factor.exact, exact.count != points.count {
        throw AnalysisError.otherShape(
          what: "exact values of the factor \(factor.name)", found: [exact.count], expected: [points.count])
      }
      if let bad = factor.values.firstIndex(where: { !$0.isFinite }) {
        throw AnalysisError.notFiniteIn(what: "the factor \(factor.name)", row: bad)
      }
    }
    self.init(
      trusting: means, logVariances: logVariances, labels: labels, classNames: classNames, factors: factors,
      precision: precision, units: units, exact: exact, hasStandardNormalPrior: hasStandardNormalPrior,
      dimensionNames: dimensionNames)
  }

  private init(
    trusting means: Tensor, logVariances: Tensor?, labels: [Int32]?, classNames: [String], factors: [Factor],
    precision: Precision, units: CodeUnits, exact: [[Double]]?, hasStandardNormalPrior: Bool,
    dimensionNames: [String] = []
  ) {
    self.means = means
    self.logVariances = logVariances
    self.labels = labels
    self.classNames = classNames
    self.factors = factors
    self.precision = precision
    self.units = units
    self.exact = exact
    self.hasStandardNormalPrior = hasStandardNormalPrior
    let size = means.shape[1]
    self.dimensionNames = dimensionNames.count == size ? dimensionNames : (0..<size).map { "z\($0 + 1)" }
  }

  /// The images of `rows`, in that order.
  public func subset(_ rows: [Int]) -> Representation {
    func chosen(_ tensor: Tensor) -> Tensor {
      Tensor(shape: [rows.count, dimensions], elements: rows.flatMap { tensor.row($0) })
    }
    return Representation(
      trusting: chosen(means), logVariances: logVariances.map(chosen),
      labels: labels.map { labels in rows.map { labels[$0] } }, classNames: classNames,
      factors: factors.map { $0.subset(rows) }, precision: precision, units: units,
      exact: exact?.map { column in rows.map { column[$0] } }, hasStandardNormalPrior: hasStandardNormalPrior,
      dimensionNames: dimensionNames)
  }

  /// The same images with other codes of the same shape, held in `units`, without a posterior's variances. What is computed of
  /// 16-bit codes has more digits than they. Their dimensions are no variable's: they are z1, z2 and so on.
  func withMeans(_ means: Tensor, units: CodeUnits, exact: [[Double]]? = nil) -> Representation {
    Representation(
      trusting: means, logVariances: nil, labels: labels, classNames: classNames, factors: factors,
      precision: precision == .half ? .single : precision, units: units, exact: exact,
      hasStandardNormalPrior: hasStandardNormalPrior)
  }

  /// Column `dimension` of the means.
  func column(_ dimension: Int) -> [Float] {
    let width = dimensions
    return (0..<count).map { means.elements[$0 * width + dimension] }
  }

  /// Column `dimension` of the means over the scale of `units`, their origin where it was.
  func columnFromOrigin(_ dimension: Int) -> [Double] {
    let offset = units.offset(dimension) / units.scale
    return exact?[dimension] ?? column(dimension).map { Double($0) + offset }
  }

  /// Column `dimension` of the means as the numbers that they were before they were held in `units`.
  func plainColumn(_ dimension: Int) -> [Double] { columnFromOrigin(dimension).map { $0 * units.scale } }

  /// A code of each of `rows`, `[rows, K]`: μ + σ·noise by standard normal `noise` `[rows, K]`, held as the means are; nil
  /// where there are no variances.
  public func codes(of rows: [Int], noise: [Float]) -> [Float]? {
    guard let logVariances else { return nil }
    let size = dimensions
    var codes = [Float](repeating: 0, count: rows.count * size)
    for (sample, row) in rows.enumerated() {
      for d in 0..<size {
        let deviation = exponential(0.5 * Double(logVariances.elements[row * size + d]))
        codes[sample * size + d] = Float(
          Double(means.elements[row * size + d]) + deviation * Double(noise[sample * size + d]))
      }
    }
    return codes
  }

  /// The name of class `label`.
  func className(_ label: Int32) -> String {
    classNames.indices.contains(Int(label)) ? classNames[Int(label)] : "\(label)"
  }
}
