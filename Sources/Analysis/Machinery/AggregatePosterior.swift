import Glibc
import KernelInterface
import Tensors

/// The aggregate posterior q(z) = 1/N Σ_j q(z|x_j) of diagonal normal posteriors, exactly: every density is a sum over
/// all references, `log q(z) = log Σ_j exp(Σ_d ℓ_jd) − log N` and `log q(z_d) = log Σ_j exp ℓ_jd − log N`, where
/// `ℓ_jd = log N(z_d; μ_jd, σ²_jd)` (Hoffman & Johnson 2016; Chen 2018, arXiv:1802.04942, with all images in place of a
/// batch).
///
/// References may belong to groups (classes): then q(z|y), the same sum over one group, costs nothing more.
public struct AggregatePosterior: Sendable {
  /// What is known of a sample under q.
  struct Densities: Sendable {
    /// `log q(z_i)`, `[n]`.
    var joint: [Double]
    /// `log q(z_id)`, `[n, K]`.
    var marginal: [Double]
    /// `log q(z_i | y_i)`, `[n]`, the density of the group of the sample's own reference.
    var jointOfGroup: [Double]
    /// `log q(z_id | y_i)`, `[n, K]`.
    var marginalOfGroup: [Double]
  }

  /// The number of dimensions, K.
  public let dimensions: Int
  /// The number of references, N.
  public let count: Int
  private let layout: ReferenceLayout

  /// The aggregate of posteriors with these means and log-variances, `[N, K]`.
  ///
  /// - Throws: `AnalysisError` where the shapes differ or a value is not finite.
  public init(means: Tensor, logVariances: Tensor) throws {
    try self.init(Representation(means: means, logVariances: logVariances))
  }

  /// The aggregate of the posteriors of `representation`, grouped by `groups` where given.
  ///
  /// - Throws: `AnalysisError` where it has no log-variances.
  init(_ representation: Representation, groups: [Int]? = nil) throws {
    guard let logVariances = representation.logVariances else {
      throw AnalysisError.missing(measure: "an aggregate posterior", what: "log-variances")
    }
    dimensions = representation.dimensions
    count = representation.count
    layout = ReferenceLayout(means: representation.means, logVariances: logVariances, groups: groups)
  }

  /// `log q(z)` in nats at one code of K values; nil where it has another number of values, or one that is not finite.
  public func logDensity(at code: [Float]) -> Double? {
    guard code.count == dimensions, code.allSatisfy(\.isFinite) else { return nil }
    return layout.exact(code, group: nil).joint - log(Double(count))
  }

  /// The densities of `samples` `[n, K]`, where sample i was drawn from reference `owners[i]`.
  func densities(of samples: [Float], owners: [Int], pool: WorkerPool) -> Densities {
    let total = owners.count
    var result = Densities(
      joint: [Double](repeating: 0, count: total), marginal: [Double](repeating: 0, count: total * dimensions),
      jointOfGroup: [Double](repeating: 0, count: total),
      marginalOfGroup: [Double](repeating: 0, count: total * dimensions))
    let rowsOfPiece = 16
    result.joint.withUnsafeMutableBufferPointer { joint in
      result.marginal.withUnsafeMutableBufferPointer { marginal in
        result.jointOfGroup.withUnsafeMutableBufferPointer { jointOfGroup in
          result.marginalOfGroup.withUnsafeMutableBufferPointer { marginalOfGroup in
            pool.forEachPiece((total + rowsOfPiece - 1) / rowsOfPiece) { piece in
              let rows = piece * rowsOfPiece..<min(total, (piece + 1) * rowsOfPiece)
              layout.sum(
                samples, owners, rows, joint: joint, marginal: marginal, jointOfGroup: jointOfGroup,
                marginalOfGroup: marginalOfGroup)
            }
          }
        }
      }
    }
    return result
  }
}

extension AggregatePosterior.Densities {
  /// Where there is one posterior: the log-densities under it, `[n, K]`, are all there is.
  init(ofSingle conditional: [Double], dimensions: Int) {
    let sums = stride(from: 0, to: conditional.count, by: dimensions).map {
      conditional[$0..<$0 + dimensions].reduce(0, +)
    }
    self.init(joint: sums, marginal: conditional, jointOfGroup: sums, marginalOfGroup: conditional)
  }
}

/// References laid out by dimension, in groups of whole vectors, so that a sum over them is a sum over vectors.
private struct ReferenceLayout: Sendable {

  private struct Block: Sendable {
    let group: Int
    let range: Range<Int>
  }

  private let dimensions: Int
  /// Places of references, the padding included.
  private let width: Int
  /// `[K, width]`: means, half precisions ½σ⁻², and log-densities at the mean, both over log 2 so that densities are powers
  /// of two; padding has no density.
  private let means: [Float]
  private let precisions: [Float]
  private let peaks: [Float]
  private let blocks: [Block]
  /// The place of every reference, its group, and the sizes of groups.
  private let places: [Int]
  private let groups: [Int]
  private let groupSizes: [Int]
  /// The greatest log-density at a mean in every dimension: nothing can be denser.
  private let greatestPeaks: [Float]

  init(means source: Tensor, logVariances: Tensor, groups: [Int]?) {
    let count = source.shape[0]
    let size = source.shape[1]
    let groups = groups ?? [Int](repeating: 0, count: count)
    let groupCount = (groups.max() ?? 0) + 1
    var sizes = [Int](repeating: 0, count: groupCount)
    for group in groups { sizes[group] += 1 }
    var starts: [Int] = []
    var blocks: [Block] = []
    var width = 0
    for (group, size) in sizes.enumerated() {
      starts.append(width)
      let (lanes, blockSize) = (AggregatePass.lanes, AggregatePass.blockSize)
      let padded = (size + lanes - 1) / lanes * lanes
      for start in stride(from: width, to: width + padded, by: blockSize) {
        blocks.append(Block(group: group, range: start..<min(width + padded, start + blockSize)))
      }
      width += padded
    }
    var means = [Float](repeating: 0, count: size * width)
    var precisions = [Float](repeating: 0, count: size * width)
    var peaks = [Float](repeating: -1e30, count: size * width)
    var greatest = [Float](repeating: -.infinity, count: size)
    var places: [Int] = []
    places.reserveCapacity(count)
    let halfLogTwoPi = 0.5 * log(2 * Double.pi)
    let toBits = 1 / log(2.0)
    for row in 0..<count {
      let place = starts[groups[row]]
      starts[groups[row]] += 1
      places.append(place)
      for d in 0..<size {
        let logVariance = Double(logVariances.elements[row * size + d])
        means[d * width + place] = source.elements[row * size + d]
        // Beyond, a float holds neither the precision nor its products: such a posterior is a point all the same.
        precisions[d * width + place] = Float(min(0.5 * exp(-logVariance) * toBits, 1e30))
        peaks[d * width + place] = Float((-0.5 * logVariance - halfLogTwoPi) * toBits)
        greatest[d] = max(greatest[d], peaks[d * width + place])
      }
    }
    dimensions = size
    self.width = width
    self.means = means
    self.precisions = precisions
    self.peaks = peaks
    self.blocks = blocks
    self.places = places
    self.groups = groups
    groupSizes = sizes
    greatestPeaks = greatest
  }

  /// Sums over all references for the samples of `rows`, and takes logarithms.
  ///
  /// Every exponential is taken relative to the density under the sample's own reference, which therefore adds 1 to its
  /// sum: floats suffice. Samples for which another reference is denser by a factor beyond a float's range are summed
  /// again in double precision.
  func sum(
    _ samples: [Float], _ owners: [Int], _ rows: Range<Int>, joint: UnsafeMutableBufferPointer<Double>,
    marginal: UnsafeMutableBufferPointer<Double>, jointOfGroup: UnsafeMutableBufferPointer<Double>,
    marginalOfGroup: UnsafeMutableBufferPointer<Double>
  ) {
    let size = dimensions
    let columns = 2 * size + 2
    var own = [Float](repeating: 0, count: rows.count * size)
    var ownJoint = [Float](repeating: 0, count: rows.count)
    for (index, row) in rows.enumerated() {
      let place = places[owners[row]]
      for d in 0..<size {
        let difference = samples[row * size + d] - means[d * width + place]
        let value = peaks[d * width + place] - difference * difference * precisions[d * width + place]
        own[index * size + d] = value
        ownJoint[index] += value
      }
    }
    let sums = relativeSums(samples, owners, rows, own: own, ownJoint: ownJoint)
    for (index, row) in rows.enumerated() {
      let base = index * columns
      let isInRange = (0..<size).allSatisfy { greatestPeaks[$0] - own[index * size + $0] < 115 }
      guard isInRange, sums[base + 2 * size] < 1e30, sums[base..<base + columns].allSatisfy({ $0.isFinite }) else {
        writeExactly(samples, owners, row, joint, marginal, jointOfGroup, marginalOfGroup)
        continue
      }
      let (logAll, logGroup) = logarithms(owners[row])
      let bit = log(2.0)
      joint[row] = log(sums[base + 2 * size]) + bit * Double(ownJoint[index]) - logAll
      jointOfGroup[row] = log(sums[base + 2 * size + 1]) + bit * Double(ownJoint[index]) - logGroup
      for d in 0..<size {
        marginal[row * size + d] = log(sums[base + d]) + bit * Double(own[index * size + d]) - logAll
        marginalOfGroup[row * size + d] = log(sums[base + size + d]) + bit * Double(own[index * size + d]) - logGroup
      }
    }
  }

  /// For each of `rows` K sums over all references, K over the group of its own, and the two joint sums, `[rows, 2K + 2]`: of
  /// densities over those under its own reference, which `own` `[rows, K]` and `ownJoint` `[rows]` tell in bits.
  private func relativeSums(
    _ samples: [Float], _ owners: [Int], _ rows: Range<Int>, own: [Float], ownJoint: [Float]
  ) -> [Double] {
    let size = dimensions
    let columns = 2 * size + 2
    var sums = [Double](repeating: 0, count: rows.count * columns)
    let kernel = MeasureKernels.chosen.aggregate
    var partial = [Double](repeating: 0, count: rows.count * (size + 1))
    samples[(rows.lowerBound * size)..<(rows.upperBound * size)].withUnsafeBufferPointer { samples in
      own.withUnsafeBufferPointer { own in
        ownJoint.withUnsafeBufferPointer { ownJoint in
          partial.withUnsafeMutableBufferPointer { partial in
            pointers { means, precisions, peaks in
              guard let samples = samples.baseAddress, let own = own.baseAddress, let ownJoint = ownJoint.baseAddress,
                let target = partial.baseAddress
              else { return }
              for block in blocks {
                kernel(
                  AggregatePass(
                    means: means, precisions: precisions, peaks: peaks, stride: width, dimensions: size,
                    references: block.range, samples: samples, shifts: own, jointShifts: ownJoint, rows: rows.count,
                    sums: target))
                for (index, row) in rows.enumerated() {
                  let isOwn = groups[owners[row]] == block.group
                  for d in 0..<size {
                    let total = partial[index * (size + 1) + d]
                    sums[index * columns + d] += total
                    if isOwn { sums[index * columns + size + d] += total }
                  }
                  let all = partial[index * (size + 1) + size]
                  sums[index * columns + 2 * size] += all
                  if isOwn { sums[index * columns + 2 * size + 1] += all }
                }
              }
            }
          }
        }
      }
    }
    return sums
  }

  /// The logarithms of the numbers of all references and of those in the group of `owner`.
  private func logarithms(_ owner: Int) -> (all: Double, group: Double) {
    (log(Double(places.count)), log(Double(groupSizes[groups[owner]])))
  }

  private func writeExactly(
    _ samples: [Float], _ owners: [Int], _ row: Int, _ joint: UnsafeMutableBufferPointer<Double>,
    _ marginal: UnsafeMutableBufferPointer<Double>, _ jointOfGroup: UnsafeMutableBufferPointer<Double>,
    _ marginalOfGroup: UnsafeMutableBufferPointer<Double>
  ) {
    let code = Array(samples[row * dimensions..<(row + 1) * dimensions])
    let (logAll, logGroup) = logarithms(owners[row])
    let all = exact(code, group: nil)
    let own = exact(code, group: groups[owners[row]])
    joint[row] = all.joint - logAll
    jointOfGroup[row] = own.joint - logGroup
    for d in 0..<dimensions {
      marginal[row * dimensions + d] = all.marginal[d] - logAll
      marginalOfGroup[row * dimensions + d] = own.marginal[d] - logGroup
    }
  }

  /// `log Σ exp` over the references of `group` (all where nil) in double precision, for any code.
  func exact(_ code: [Float], group: Int?) -> (joint: Double, marginal: [Double]) {
    let bit = log(2.0)
    var joint = LogSumOfExponentials()
    var marginal = [LogSumOfExponentials](repeating: LogSumOfExponentials(), count: dimensions)
    for (reference, place) in places.enumerated() where group == nil || groups[reference] == group {
      var sum = 0.0
      for d in 0..<dimensions {
        let difference = Double(code[d]) - Double(means[d * width + place])
        let value =
          bit * (Double(peaks[d * width + place]) - difference * difference * Double(precisions[d * width + place]))
        marginal[d].add(value)
        sum += value
      }
      joint.add(sum)
    }
    return (joint.value, marginal.map(\.value))
  }

  /// Calls `body` with the addresses of means, precisions and peaks; not at all where there are none.
  private func pointers(
    _ body: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>) -> Void
  ) {
    means.withUnsafeBufferPointer { means in
      precisions.withUnsafeBufferPointer { precisions in
        peaks.withUnsafeBufferPointer { peaks in
          guard let means = means.baseAddress, let precisions = precisions.baseAddress, let peaks = peaks.baseAddress
          else { return }
          body(means, precisions, peaks)
        }
      }
    }
  }
}
