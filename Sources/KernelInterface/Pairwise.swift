/// What a pass over all pairs of samples and posteriors computes.
public enum PairwiseRole: UInt8, Sendable, Hashable {
  /// `[subsets + members, samples]`: first the log-densities, then for every member of every subset their derivative by
  /// the sample's coordinate.
  case densities
  /// `[dimensions, samples]`: the gradient of the samples.
  case codeGradient
  /// `[3 · dimensions, references]`: the gradients of the means and of the log-variances, and a third that only the
  /// pass uses.
  case posteriorGradient
  /// `[samples, references]`: the gradient of the log-weights.
  case weightGradient
}

/// Log-densities of samples under a mixture of diagonal normal distributions, for several subsets of the dimensions, and
/// their gradients; the pairs are formed, exponentiated and summed tile by tile.
///
/// Exponents are those of 2: `t_ij = w_ij + Σ_d c_jd − h_jd·(z_id − μ_jd)²` with precisions `h = ½·log₂e·e⁻ˢ`, offsets
/// `c = −½·log₂e·(log 2π + s)` and weights `w` in units of log 2.
public struct PairwisePass {
  /// Which of the results is computed: the shape of `output` follows from it.
  public var role = PairwiseRole.densities
  /// How many samples z_i, posteriors j, dimensions d, and subsets of these there are.
  public var samples = 0
  public var references = 0
  public var dimensions = 0
  public var subsetCount = 0
  /// The members of subset g are `members[subsetStarts[g]..<subsetStarts[g + 1]]`: dimensions.
  public var subsetStarts: UnsafeMutablePointer<Int32>
  public var members: UnsafeMutablePointer<Int32>
  /// The memberships of dimension d are entries `dimensionStarts[d]..<dimensionStarts[d + 1]` of the next two tables:
  /// the subset, and the number in `members`.
  public var dimensionStarts: UnsafeMutablePointer<Int32>
  public var entrySubsets: UnsafeMutablePointer<Int32>
  public var entryMembers: UnsafeMutablePointer<Int32>
  /// Where the gradient pass keeps the responsibilities of a subset; −1 for the first subset that is one dimension
  /// alone, whose are used at once.
  public var buffers: UnsafeMutablePointer<Int32>
  /// How many subsets have such a place.
  public var bufferCount = 0
  /// `z` `[dimensions, samples]`, then `μ`, `h` and `c` `[dimensions, references]`: contiguous over samples or references,
  /// the strides in floats from a dimension to the next.
  public var codes = Location()
  public var codeStride = 0
  public var means = Location()
  public var meanStride = 0
  public var precisions = Location()
  public var precisionStride = 0
  public var offsets = Location()
  public var offsetStride = 0
  /// Log-weights in units of log 2: `lanes · weightLane + steps · weightStep`, where lanes are samples and steps
  /// references for the densities, the other way round for the gradients.
  public var weights = Location()
  public var weightLane = 0
  public var weightStep = 0
  /// What the pass `.densities` wrote; the stride goes from row to row.
  public var densities = Location()
  public var densityStride = 0
  /// `[subsets, samples]`, contiguous over samples.
  public var adjoints = Location()
  public var adjointStride = 0
  /// Of the shape that the role says, contiguous over its last axis.
  public var output = Location()
  public var outputStride = 0
  /// A pass without operands.
  public init(
    subsetStarts: UnsafeMutablePointer<Int32>, members: UnsafeMutablePointer<Int32>,
    dimensionStarts: UnsafeMutablePointer<Int32>, entrySubsets: UnsafeMutablePointer<Int32>,
    entryMembers: UnsafeMutablePointer<Int32>, buffers: UnsafeMutablePointer<Int32>
  ) {
    self.subsetStarts = subsetStarts
    self.members = members
    self.dimensionStarts = dimensionStarts
    self.entrySubsets = entrySubsets
    self.entryMembers = entryMembers
    self.buffers = buffers
  }

  /// References in one tile of the density pass; samples in one of the gradient pass, where few subsets need buffers.
  @inlinable @inline(__always) public static var tile: Int { 128 }
  /// Floats of scratch memory that tiles are cut to: sums, and so results, follow from it.
  @inlinable @inline(__always) public static var scratch: Int { 16_384 }
  /// The most members of one subset, and the most subsets of several: as many as codes have dimensions.
  @inlinable @inline(__always) public static var maximumMembers: Int { 16_384 }
  /// Floats of scratch memory that a worker has for a pass, so that the members of any subset find room beside a tile.
  @inlinable @inline(__always) public static var workerScratch: Int {
    max(scratch, (tile &+ maximumMembers) &* vectorWidth)
  }
}
