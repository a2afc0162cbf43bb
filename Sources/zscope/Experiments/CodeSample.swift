import Analysis
import Datasets
import LatentModels
import Tensors

/// Codes of images, held against the prior.
struct CodeSample: Sendable {
  /// The mean of C_ij², i ≠ j, of the covariance C of posterior means: what DIP-VAE's penalty sums. The `v_i·v_j/n` that n
  /// independent means of variances v would show by chance is taken off.
  let offDiagonalCovariance: Double
  /// The unbiased MMD² between sampled codes and as many of the prior, by the kernel of the objective (`C/(C + d²)`, C = 2K);
  /// the mean over samples of the images.
  let discrepancy: Double
  /// The mean and the deviation of the same between two samples of the prior.
  let floor: (mean: Double, deviation: Double)

  /// Codes that the discrepancy compares with each other; the covariance is of all images.
  private static let compared = 2_000
  private static let samples: UInt64 = 8
  private static let floors: UInt64 = 16

  init(of model: LatentModel, part: DataPart, seed: UInt64) throws {
    let training = model.configuration.training
    let posterior = try model.encode(DataLibrary.open(training.data, part: part, asFor: training))
    let (images, width) = (posterior.mean.shape[0], posterior.mean.rowCount)
    let count = min(Self.compared, images)
    offDiagonalCovariance = Self.offDiagonalCovariance(posterior.mean)
    let random = CounterRandom(seed: seed, stream: 0x63_6f64_6573)
    func normal(_ stream: UInt64) -> [Float] {
      let own = random.stream(stream)
      return (0..<count * width).map { own.normal(UInt64($0)) }
    }
    let representation = try Representation(means: posterior.mean, logVariances: posterior.logVariance)
    let discrepancies = try (0..<Self.samples).map { sample -> Double in
      // Any of the images: the first of MNIST's test images are written by other people than the last.
      let chosen = random.stream(UInt64.max - sample).permutation(of: images).prefix(count).map { Int($0) }
      guard let codes = representation.codes(of: chosen, noise: normal(2 * sample)) else {
        throw AnalysisError.missing(
          measure: "a sample of codes", what: "a posterior with variances, which the model lacks")
      }
      return Self.discrepancy(codes, normal(2 * sample + 1), width)
    }
    discrepancy = discrepancies.reduce(0, +) / Double(discrepancies.count)
    let floors = (Self.samples..<Self.samples + Self.floors).map { pair in
      Self.discrepancy(normal(2 * pair), normal(2 * pair + 1), width)
    }
    let mean = floors.reduce(0, +) / Double(floors.count)
    let squares = floors.map { floor -> Double in (floor - mean) * (floor - mean) }
    let square: Double = squares.reduce(0, +) / Double(floors.count - 1)
    floor = (mean, square.squareRoot())
  }

  /// How many deviations of two samples of the prior the codes are from the prior.
  var deviationsFromFloor: Double { (discrepancy - floor.mean) / floor.deviation }

  private static func offDiagonalCovariance(_ means: Tensor) -> Double {
    let (count, width) = (means.shape[0], means.rowCount)
    let covariance = Covariance(of: means).matrix(divisor: .population)
    var sum = 0.0
    for i in 0..<width {
      for j in 0..<i {
        let own = covariance[i * width + j]
        let byChance = covariance[i * width + i] * covariance[j * width + j] / Double(max(1, count))
        sum += 2 * (own * own - byChance)
      }
    }
    return max(0, sum) / Double(max(1, width * (width - 1)))
  }

  private static func discrepancy(_ left: [Float], _ right: [Float], _ width: Int) -> Double {
    let count = left.count / width
    let scale = Float(2 * width)
    func similarity(_ first: [Float], _ second: [Float], skipsItself: Bool) -> Double {
      var total = 0.0
      for i in 0..<count {
        var sum: Float = 0
        for j in 0..<count where !(skipsItself && i == j) {
          var distance: Float = 0
          for d in 0..<width {
            let difference = first[i * width + d] - second[j * width + d]
            distance += difference * difference
          }
          sum += scale / (scale + distance)
        }
        total += Double(sum)
      }
      return total
    }
    let pairs = Double(count * (count - 1))
    let own = similarity(left, left, skipsItself: true) + similarity(right, right, skipsItself: true)
    let across = similarity(left, right, skipsItself: false)
    return own / pairs - 2 * across / Double(count * count)
  }
}
