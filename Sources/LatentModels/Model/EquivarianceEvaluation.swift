import Datasets
import Glibc
import Tensors

/// How well codes and pictures of a model follow a group, on images it was not trained on.
public struct EquivarianceEvaluation: Codable, Sendable, Hashable {
  /// The mean of `‖E(g·x) − ρ(g)E(x)‖` over images and elements but the identity, of posterior means.
  public var codeError: Double
  /// The same over the mean distance of a code from the mean code, so that shrunken codes do not look equivariant.
  public var relativeCodeError: Double
  /// The mean of `‖D(ρ(g)E(x)) − g·D(E(x))‖` over pixels.
  public var imageError: Double
  /// How often a linear probe names g from the invariant dimensions of E(g·x), on images it was not fitted to; nil where
  /// there are none.
  public var probeAccuracy: Double?
  /// What guessing g would reach.
  public var chance: Double
  /// Images looked at, each under every element.
  public var images: Int
  /// Standard errors over the images of the means above.
  public var standardErrors: StandardErrors

  /// How sure the means are, from one number an image: its mean over the elements.
  public struct StandardErrors: Codable, Sendable, Hashable {
    public var codeError: Double?
    /// Of the ratio of two means of the same images, to the first order.
    public var relativeCodeError: Double?
    public var imageError: Double?
    /// Nil where the probe is always right, or never: no spread is seen then.
    public var probeAccuracy: Double?
  }

  /// Measures `model` on `images` where its configuration names a group; nil where it names none.
  ///
  /// - Throws: `ConfigurationError`, `ModelError`.
  public init?(_ model: LatentModel, on images: ImageSet) throws {
    guard let structure = try model.configuration.groupStructure(), images.count > 1 else { return nil }
    let order = structure.action.order
    let pixels = images.tensor()
    let own = try model.encode(pixels).mean
    let (count, width, size) = (images.count, model.latentSize, model.pixelCount)
    let pictures = try model.decode(own)
    var codeErrors = [Double](repeating: 0, count: count)
    var imageErrors = codeErrors
    var codes = [own]
    for element in 1..<order {
      let pixelOrder = structure.action.pixelPermutations[element].map(Int.init)
      let turned = try model.encode(Self.rearranged(pixels, by: pixelOrder)).mean
      let moved = Self.rearranged(own, by: structure.codePermutations[element])
      Self.add(Self.distances(turned, moved, width), to: &codeErrors, share: order - 1)
      let decoded = try model.decode(moved)
      Self.add(
        Self.distances(decoded, Self.rearranged(pictures, by: pixelOrder), size), to: &imageErrors, share: order - 1)
      codes.append(turned)
    }
    let (codeStatistics, imageStatistics) = (ImageStatistics(codeErrors), ImageStatistics(imageErrors))
    (codeError, imageError) = (codeStatistics.mean, imageStatistics.mean)
    var centre = [Float](repeating: 0, count: width)
    for row in 0..<count { for column in 0..<width { centre[column] += own[row, column] / Float(count) } }
    let middle = Tensor(shape: [count, width], elements: (0..<count).flatMap { _ in centre })
    let spreads = Self.distances(own, middle, width)
    let spread = max(.leastNormalMagnitude, ImageStatistics(spreads).mean)
    let ratio = codeError / spread
    relativeCodeError = ratio
    let residuals = ImageStatistics(zip(codeErrors, spreads).map { ($0 - ratio * $1) / spread })
    let probe = Self.probe(codes, columns: structure.invariantColumns)
    probeAccuracy = probe?.mean
    standardErrors = StandardErrors(
      codeError: codeStatistics.standardError, relativeCodeError: residuals.standardError,
      imageError: imageStatistics.standardError,
      probeAccuracy: probe.flatMap { $0.mean > 0 && $0.mean < 1 ? $0.standardError : nil })
    chance = 1 / Double(order)
    self.images = count
  }

  /// Columns in another order, row by row.
  private static func rearranged(_ values: Tensor, by order: [Int]) -> Tensor {
    let width = order.count
    return Tensor(
      shape: values.shape,
      elements: (0..<values.shape[0]).flatMap { row in order.map { values.elements[row * width + $0] } })
  }

  /// The distance between them in every row.
  private static func distances(_ first: Tensor, _ second: Tensor, _ width: Int) -> [Double] {
    (0..<first.shape[0]).map { row in
      var squares = 0.0
      for place in row * width..<(row + 1) * width {
        let difference = Double(first.elements[place]) - Double(second.elements[place])
        squares += difference * difference
      }
      return squares.squareRoot()
    }
  }

  /// Adds what one of `share` elements brings to a mean over them.
  private static func add(_ values: [Double], to sums: inout [Double], share: Int) {
    for index in sums.indices { sums[index] += values[index] / Double(share) }
  }

  /// The accuracy with which a linear map, fitted by least squares to the first half of the images, names the element that
  /// turned the others: of every image the share of the elements that are named rightly.
  private static func probe(_ codes: [Tensor], columns: [Int]) -> ImageStatistics? {
    guard !columns.isEmpty, let count = codes.first?.shape[0], count >= 4 else { return nil }
    let half = count / 2
    func features(_ element: Int, _ row: Int) -> [Double] { columns.map { Double(codes[element][row, $0]) } + [1] }
    let width = columns.count + 1
    var normal = [[Double]](repeating: [Double](repeating: 0, count: width + codes.count), count: width)
    for element in codes.indices {
      for row in 0..<half {
        let values = features(element, row)
        for (i, value) in values.enumerated() {
          for (j, other) in values.enumerated() { normal[i][j] += value * other }
          normal[i][width + element] += value
        }
      }
    }
    // A little of the trace keeps dimensions that never move from being divided by.
    let ridge = 1e-6 * max(1e-12, (0..<width).reduce(0.0) { $0 + normal[$1][$1] } / Double(width))
    for i in 0..<width { normal[i][i] += ridge }
    solve(&normal, width)
    var shares = ImageStatistics()
    for row in half..<count {
      var right = 0
      for element in codes.indices {
        let values = features(element, row)
        let scores = codes.indices.map { other in
          values.enumerated().reduce(0.0) { $0 + $1.element * normal[$1.offset][width + other] }
        }
        if scores.indices.max(by: { scores[$0] < scores[$1] }) == element { right += 1 }
      }
      shares.add(Double(right) / Double(codes.count))
    }
    return shares
  }

  /// Gauss and Jordan's elimination with pivots: the columns behind the first `width` become the solutions.
  private static func solve(_ rows: inout [[Double]], _ width: Int) {
    for column in 0..<width {
      guard let pivot = (column..<width).max(by: { abs(rows[$0][column]) < abs(rows[$1][column]) }),
        rows[pivot][column] != 0
      else { continue }
      rows.swapAt(column, pivot)
      let divisor = rows[column][column]
      rows[column] = rows[column].map { $0 / divisor }
      for other in 0..<width where other != column {
        let factor = rows[other][column]
        if factor != 0 { rows[other] = zip(rows[other], rows[column]).map { $0 - factor * $1 } }
      }
    }
  }
}
