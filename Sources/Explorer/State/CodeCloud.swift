import Analysis
import Canvas
import Datasets
import LatentModels
import Synchronization
import Tensors

/// The codes a scatter shows, with what is derived from them once: immutable, and cheap to pass on.
final class CodeCloud: Sendable {
  /// Tells clouds apart: whatever was computed from one cloud is kept under its number.
  let id: Int
  /// Tells codes apart: the same for the same codes with another layout.
  let codesID: Int
  /// Where the codes come from, such as `mnist`.
  let source: String
  /// Posterior means, `[count, dimensions]`.
  let means: Tensor
  /// Logarithms of the posterior variances, `[count, dimensions]`.
  let logVariances: Tensor
  /// The class of each code, −1 where it is not known; empty where none is.
  let labels: [Int32]
  /// The classes that occur, in order.
  let classes: [Int32]
  /// The images the codes belong to, where a data set is open.
  let images: ImageSet?
  /// The divergence of every column from the prior, in nats, averaged over the codes; what a model is told has none. That of
  /// codes which depend on the class is of their posterior given each class where the images are at hand, and of the
  /// posterior given its probabilities elsewhere.
  let divergences: [Float]
  /// The mean of every column over the codes.
  let center: [Float]
  /// The variance of every dimension's mean over the codes: how much of the images reaches it.
  let varianceOfMeans: [Float]
  /// The largest absolute mean of every dimension.
  let reach: [Float]
  /// Principal components of the dimensions, as in the PCA spectrum, where there are more than two: classes and what a model
  /// is told have no part in them.
  let components: PrincipalComponents?
  /// Tells how crowded latent space is around a code; absent while training, when codes change too fast to be indexed.
  let density: CodeDensity?
  /// Of what a code consists.
  let columns: CodeColumns
  /// Whether the codes are distributions: of an autoencoder only the means were trained.
  let hasPosterior: Bool
  /// Whether the prior of the model that they are of is standard.
  let hasStandardPrior: Bool
  /// What the model itself says of the classes, where it has a variable for them or another classifier.
  let classification: Classification?
  /// Where t-SNE lays the codes, `[count, 2]`; nil until it has been asked to.
  let embedding: Tensor?
  private let firstImage: UInt64?
  private let classMeans: ClassMeans?
  /// Coordinates along axes that are no straight projection, as far as they have been asked for.
  private let keptCoordinates = Mutex<[Axis: [Float]]>([:])

  var count: Int { means.shape.first ?? 0 }
  var dimensions: Int { means.rowCount }

  /// Whether posteriors are held against a standard prior: else there is no divergence to tell.
  var hasDivergence: Bool { hasPosterior && hasStandardPrior }

  /// In which codes its numbers count.
  var collection: CodeCollection { CodeCollection(name: source, firstImage: firstImage) }

  /// Code `index` as where a code came from.
  func origin(_ index: Int) -> Steering.Origin { .stored(index, of: collection) }

  /// How many codes of what there are, in words: `10,000 codes of mnist`; of data without images, that they hold none.
  var countText: String {
    guard count > 0 else { return "\(source) holds no \(images == nil ? "codes" : "images")" }
    return "\(Numbers.grouped(count)) \(count == 1 ? "code" : "codes") of \(source)"
  }

  /// Derives what the panes need from a posterior.
  ///
  /// - Parameters:
  ///   - hasPosterior: whether the variances mean something.
  ///   - hasStandardPrior: whether the prior of the codes is standard.
  ///   - isIndexed: whether neighbours and density can be asked for.
  ///   - said: what the model says of the images' classes, where no variable of the code is the class.
  ///   - divergences: of every column, in nats, where the posterior alone does not tell it.
  init(
    id: Int, source: String, posterior: Posterior, labels: [Int32]?, images: ImageSet? = nil,
    columns: CodeColumns? = nil, hasPosterior: Bool = true, hasStandardPrior: Bool = true, isIndexed: Bool = true,
    said: LatentModels.Classification? = nil, divergences known: [Double]? = nil
  ) {
    self.id = id
    codesID = id
    (self.hasPosterior, self.hasStandardPrior) = (hasPosterior, hasStandardPrior)
    embedding = nil
    self.source = source
    self.images = images
    firstImage = images.flatMap(CodeCollection.fingerprint)
    means = posterior.mean
    logVariances = posterior.logVariance
    let count = means.shape.first ?? 0
    let dimensions = count > 0 ? means.rowCount : 0
    let given = labels ?? []
    self.labels = given.count == count && given.contains { $0 >= 0 } ? given : []
    classes = Set(self.labels.lazy.filter { $0 >= 0 }).sorted()
    self.columns = columns.flatMap { $0.width == dimensions ? $0 : nil } ?? CodeColumns(latentSize: dimensions)
    classification =
      self.columns.classChoice.map { Classification(of: posterior.mean, by: $0, truth: given) }
      ?? said.map {
        Classification(
          source: .classifier, labels: $0.predictions, confidences: $0.confidences, truth: given,
          classes: $0.classNames.count)
      }
    divergences =
      known?.map { Float($0) } ?? Self.divergences(of: posterior, self.columns, Self.variables(self.columns))
    varianceOfMeans = posterior.varianceOfMeans.map { Float($0) }
    var reach = [Float](repeating: 0, count: dimensions)
    var sums = [Double](repeating: 0, count: dimensions)
    for row in 0..<count {
      for dimension in 0..<dimensions {
        let value = means.elements[row * dimensions + dimension]
        reach[dimension] = max(reach[dimension], abs(value))
        sums[dimension] += Double(value)
      }
    }
    self.reach = reach
    center = sums.map { Float($0 / Double(max(1, count))) }
    let numbers = self.columns.dimensions
    components =
      numbers.count > 2 && count > 1 ? try? PrincipalComponents(of: means.choosing(columns: numbers)) : nil
    density = isIndexed && count > 1 ? try? CodeDensity(means) : nil
    classMeans = self.labels.isEmpty ? nil : try? ClassMeans(of: means, labels: self.labels)
  }

  /// The same codes with a layout of theirs, under a number of its own.
  init(_ other: CodeCloud, id: Int, embedding: Tensor) {
    self.id = id
    codesID = other.codesID
    self.embedding = embedding
    classification = other.classification
    firstImage = other.firstImage
    (source, means, logVariances) = (other.source, other.means, other.logVariances)
    (labels, classes, images, divergences) = (other.labels, other.classes, other.images, other.divergences)
    (varianceOfMeans, reach, center) = (other.varianceOfMeans, other.reach, other.center)
    components = other.components
    (density, columns, classMeans) = (other.density, other.columns, other.classMeans)
    (hasPosterior, hasStandardPrior) = (other.hasPosterior, other.hasStandardPrior)
  }

  /// The codes of `images`, which can be shown beside them.
  convenience init(
    of images: ImageSet, _ posterior: Posterior, id: Int, columns: CodeColumns? = nil, hasPosterior: Bool = true,
    hasStandardPrior: Bool = true, isIndexed: Bool = true, said: LatentModels.Classification? = nil,
    divergences: [Double]? = nil
  ) {
    self.init(
      id: id, source: images.name, posterior: posterior, labels: images.labels, images: images,
      columns: columns, hasPosterior: hasPosterior, hasStandardPrior: hasStandardPrior, isIndexed: isIndexed,
      said: said, divergences: divergences)
  }

  /// Codes of a model that are kept beside it, without their images.
  convenience init(_ stored: StoredCodes, of model: LatentModel, id: Int) {
    self.init(
      id: id, source: stored.dataset, posterior: stored.posterior, labels: stored.labels,
      columns: CodeColumns(model.variables), hasPosterior: model.hasPosterior, hasStandardPrior: model.hasStandardPrior)
  }

  /// The codes that a model makes of `images`, with what it says of their classes. Throws a `ModelError` for images of
  /// another size.
  convenience init(of images: ImageSet, by model: LatentModel, id: Int, isIndexed: Bool = true) throws {
    let columns = CodeColumns(model.variables)
    let isAsked = columns.classChoice == nil && model.hasLearntClasses
    let (posterior, said) = isAsked ? try model.classified(images) : (try model.encode(images), nil)
    // Of a code that depends on the class, as in evaluations; while training there is no time for it.
    let divergences =
      isIndexed && model.hasStandardPrior ? try model.mixtureDivergenceByColumn(of: posterior, on: images) : nil
    self.init(
      of: images, posterior, id: id, columns: columns, hasPosterior: model.hasPosterior,
      hasStandardPrior: model.hasStandardPrior, isIndexed: isIndexed, said: said, divergences: divergences)
  }

  /// The posterior mean of code `index`.
  func code(_ index: Int) -> [Float] { Array(means.row(index)) }

  /// The posterior standard deviations of code `index`.
  func deviations(_ index: Int) -> [Float] {
    logVariances.row(index).map { Exponential.of($0 / 2) }
  }

  /// The class of code `index`, if known.
  func label(_ index: Int) -> Int? { labels.indices.contains(index) && labels[index] >= 0 ? Int(labels[index]) : nil }

  /// The mean code of a class, or nil where it has none.
  func mean(of label: Int) -> [Float]? { Int32(exactly: label).flatMap { classMeans?.mean(of: $0) } }

  /// The vector from the mean code of one class to that of another, or nil where either has no code.
  func direction(from origin: Int, to target: Int) -> [Float]? {
    guard let origin = Int32(exactly: origin), let target = Int32(exactly: target) else { return nil }
    return classMeans?.direction(from: origin, to: target)
  }

  /// Where codes lie along a column and how far they spread: of a standard prior at 0 and by 1, as it says.
  func spread(ofColumn column: Int) -> (center: Float, deviation: Float) {
    guard !hasDivergence, count > 1, center.indices.contains(column) else { return (0, 1) }
    return (center[column], max(varianceOfMeans[column], 1e-6).squareRoot())
  }

  /// The coordinate of `code` along `axis`; 0 where the axis is no straight projection and the code is not stored.
  func coordinate(of code: some Collection<Float>, along axis: Axis) -> Float {
    if axis.dimension != nil {
      guard let column = columns.column(of: axis), column < code.count else { return 0 }
      return code[code.index(code.startIndex, offsetBy: column)]
    }
    guard let source = AxisSource.named(axis.source) else { return 0 }
    guard let (unit, origin) = source.direction?(self, axis.index) else { return 0 }
    return Self.projection(of: code, on: unit, from: origin)
  }

  /// The unit vector of `axis`, or nil where there is no such axis or it is no straight projection.
  func direction(of axis: Axis) -> [Float]? { AxisSource.named(axis.source)?.direction?(self, axis.index)?.unit }

  /// The coordinate of every stored code along `axis`.
  func coordinates(along axis: Axis) -> [Float] {
    if let column = columns.column(of: axis) {
      return (0..<count).map { means.elements[$0 * dimensions + column] }
    }
    guard let source = AxisSource.named(axis.source) else { return [Float](repeating: 0, count: count) }
    if let (unit, origin) = source.direction?(self, axis.index) {
      return (0..<count).map { Self.projection(of: means.row($0), on: unit, from: origin) }
    }
    // Every key asks for these several times.
    if let known = keptCoordinates.withLock({ $0[axis] }) { return known }
    let values = source.values(self, axis.index)
    let whole = values.count == count ? values : [Float](repeating: 0, count: count)
    keptCoordinates.withLock { $0[axis] = whole }
    return whole
  }

  private static func projection(of code: some Collection<Float>, on unit: [Float], from origin: [Float]) -> Float {
    var sum: Float = 0
    for (value, (weight, mean)) in zip(code, zip(unit, origin)) { sum += (value - mean) * weight }
    return sum
  }

  /// All codes in the plane of two axes; on a line where there is one dimension only, which then is both.
  func points(_ x: Axis, _ y: Axis) -> [SIMD2<Float>] {
    guard x != y else { return coordinates(along: x).map { SIMD2($0, 0) } }
    if let first = columns.column(of: x), let second = columns.column(of: y) {
      let stride = dimensions
      return means.elements.withUnsafeBufferPointer { values in
        (0..<count).map { SIMD2(values[$0 * stride + first], values[$0 * stride + second]) }
      }
    }
    return zip(coordinates(along: x), coordinates(along: y)).map { SIMD2($0, $1) }
  }

  /// The code nearest to a point of the plane of two axes, among those of classes not hidden.
  func nearest(to point: SIMD2<Float>, _ x: Axis, _ y: Axis, hiding hidden: Set<Int32>) -> Int? {
    var best: Int?
    var bestDistance = Float.infinity
    for (index, candidate) in points(x, y).enumerated() {
      if !hidden.isEmpty, !labels.isEmpty, hidden.contains(labels[index]) { continue }
      let difference = candidate - point
      let distance = (difference * difference).sum()
      if distance < bestDistance { (best, bestDistance) = (index, distance) }
    }
    return best
  }

  /// The code nearest to a point of latent space; nil where there is none.
  func nearest(to code: [Float]) -> Int? {
    guard code.count == dimensions else { return nil }
    var best: (index: Int, distance: Float)?
    for index in 0..<count {
      var distance: Float = 0
      for (value, wanted) in zip(means.row(index), code) { distance += (value - wanted) * (value - wanted) }
      if distance < best?.distance ?? .infinity { best = (index, distance) }
    }
    return best?.index
  }

  /// The divergence of every code's posterior from the prior, in nats.
  func divergenceByCode() -> [Float] {
    let variables = Self.variables(columns)
    return (0..<count).map { row in
      let one = Posterior(
        mean: Tensor(shape: [1, dimensions], elements: Array(means.row(row))),
        logVariance: Tensor(shape: [1, dimensions], elements: Array(logVariances.row(row))))
      return Self.divergences(of: one, columns, variables).reduce(0, +)
    }
  }

  /// The divergence of every column, in nats, averaged over the images of a posterior; none of what a model is told.
  private static func divergences(
    of posterior: Posterior, _ columns: CodeColumns, _ variables: [LatentVariable]
  ) -> [Float] {
    var divergences = posterior.divergenceByColumn(variables).map { Float($0) }
    for column in columns.choices.filter(\.isTold).flatMap(\.range) { divergences[column] = 0 }
    return divergences
  }

  /// The columns as variables, for sums that tell numbers from classes.
  private static func variables(_ columns: CodeColumns) -> [LatentVariable] {
    var variables: [LatentVariable] = []
    var column = 0
    while column < columns.width {
      if let choice = columns.choices.first(where: { $0.range.lowerBound == column }) {
        variables.append(LatentVariable(name: choice.name, kind: .categorical(classNames: choice.classNames)))
        column = choice.range.upperBound
      } else {
        let end = columns.choices.map(\.range.lowerBound).filter { $0 > column }.min() ?? columns.width
        variables.append(LatentVariable(name: "z\(column)", kind: .continuous(dimensions: end - column)))
        column = end
      }
    }
    return variables
  }
}
