import Glibc
import Tensors

/// What an encoder says about images: a normal distribution of the code for each.
public struct Posterior: Sendable, Hashable {
  /// Means, `[n, K]`.
  public let mean: Tensor
  /// Logarithms of the variances, `[n, K]`.
  public let logVariance: Tensor

  /// Joins means and log-variances of one shape.
  public init(mean: Tensor, logVariance: Tensor) {
    self.mean = mean
    self.logVariance = logVariance
  }

  /// The number of images.
  public var count: Int { mean.shape.first ?? 0 }

  /// `[n, 2K]`: means, then log-variances.
  public var joined: Tensor {
    let latent = mean.rowCount
    var elements: [Float] = []
    elements.reserveCapacity(2 * mean.count)
    for row in 0..<count {
      elements += mean.elements[row * latent..<(row + 1) * latent]
      elements += logVariance.elements[row * latent..<(row + 1) * latent]
    }
    return Tensor(shape: [count, 2 * latent], elements: elements)
  }

  /// Splits `[n, 2K]` into means and log-variances. Throws a `ModelError` for another shape.
  public init(joined: Tensor) throws {
    guard joined.shape.count == 2, joined.shape[1] % 2 == 0 else {
      throw ModelError.shape(what: "codes with log-variances", found: joined.shape, expected: "[n, 2K]")
    }
    let (count, latent) = (joined.shape[0], joined.shape[1] / 2)
    func half(_ offset: Int) -> Tensor {
      Tensor(
        shape: [count, latent],
        elements: (0..<count).flatMap { joined.elements[$0 * 2 * latent + offset..<$0 * 2 * latent + offset + latent] })
    }
    self.init(mean: half(0), logVariance: half(latent))
  }
}

/// What a posterior tells without its model: the one home of these sums.
extension Posterior {
  /// `KL(q(z|x) ‖ p(z))` from a standard prior, of every column, averaged over the images, in nats: in closed form for
  /// continuous variables (Kingma & Welling 2013, arXiv:1312.6114, app. B); of a categorical variable under a uniform prior
  /// each class has its part `p·log(p·C)` of the sum.
  public func divergenceByColumn(_ variables: [LatentVariable]) -> [Double] {
    divergences(variables).map(\.mean)
  }

  /// The same with how sure each of them is.
  func divergences(_ variables: [LatentVariable]) -> [ImageStatistics] {
    var statistics = [ImageStatistics](repeating: ImageStatistics(), count: mean.rowCount)
    for (variable, columns) in variables.columns {
      for column in columns where column < mean.rowCount {
        for row in 0..<count { statistics[column].add(divergence(row, column, variable, classes: columns.count)) }
      }
    }
    return statistics
  }

  /// The same of the traces of a model of classes or of a prior that is not standard, where `sampled` has the divergence of
  /// its variables by their dimensions: a code that depends on the class is a mixture. What a model is told has none.
  /// Nothing is sampled of other models.
  func divergences(_ variables: [LatentVariable], sampled: [String: [ImageStatistics]]) -> [ImageStatistics] {
    var statistics = divergences(variables)
    guard !sampled.isEmpty else { return statistics }
    for (variable, columns) in variables.columns {
      let own = sampled[variable.name]
      if own == nil || !variable.isCategorical {
        let known = own?.count == columns.count ? own : nil
        for (place, column) in columns.enumerated() { statistics[column] = known?[place] ?? ImageStatistics() }
      }
    }
    return statistics
  }

  /// The part that one column has in the divergence of one image.
  private func divergence(_ row: Int, _ column: Int, _ variable: LatentVariable, classes: Int) -> Double {
    let value = Double(mean.elements[row * mean.rowCount + column])
    if variable.isCategorical { return value > 0 ? value * log(value * Double(classes)) : 0 }
    let logVariance = Double(logVariance.elements[row * mean.rowCount + column])
    return 0.5 * (value * value + exp(logVariance) - 1 - logVariance)
  }

  /// The variance over the images of every column's mean.
  public var varianceOfMeans: [Double] {
    let width = mean.rowCount
    var sums = [Double](repeating: 0, count: width)
    var squares = sums
    for row in 0..<count {
      for column in 0..<width {
        let value = Double(mean.elements[row * width + column])
        sums[column] += value
        squares[column] += value * value
      }
    }
    let images = Double(max(1, count))
    return zip(sums, squares).map { $1 / images - ($0 / images) * ($0 / images) }
  }

  /// Columns whose means vary by more than .01 (Burda 2015, arXiv:1509.00519, section 5.2).
  public static func activeUnits(varianceOfMeans: [Double]) -> [Int] {
    varianceOfMeans.indices.filter { varianceOfMeans[$0] > 0.01 }
  }
}
