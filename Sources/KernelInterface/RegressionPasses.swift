/// Some rows of a multinomial logistic regression: its negative log-likelihood and the gradient of that.
public struct SoftmaxPass {
  /// `[n, dimensions]`.
  public var features: UnsafePointer<Double>
  /// The class of every row, in 0..<`classCount`.
  public var targets: UnsafePointer<Int32>
  /// `[dimensions + 1, width]`: weights, and biases last.
  public var weights: UnsafePointer<Double>
  /// As `weights`; the gradient of the summed loss is added to it.
  public var gradient: UnsafeMutablePointer<Double>
  public var dimensions: Int
  public var classCount: Int
  /// Classes rounded up to whole vectors of `lanes`.
  public var width: Int
  /// Which rows.
  public var rows: Range<Int>

  /// Classes that are reckoned at once.
  public static var lanes: Int { 4 }

  /// A pass of all fields.
  public init(
    features: UnsafePointer<Double>, targets: UnsafePointer<Int32>, weights: UnsafePointer<Double>,
    gradient: UnsafeMutablePointer<Double>, dimensions: Int, classCount: Int, width: Int, rows: Range<Int>
  ) {
    self.features = features
    self.targets = targets
    self.weights = weights
    self.gradient = gradient
    self.dimensions = dimensions
    self.classCount = classCount
    self.width = width
    self.rows = rows
  }
}

/// The densities of some samples under a block of diagonal normal posteriors, summed; in units of log 2.
public struct AggregatePass {
  /// `[dimensions, stride]`: means, half precisions, and log-densities at the mean; padding has no density.
  public var means: UnsafePointer<Float>
  public var precisions: UnsafePointer<Float>
  public var peaks: UnsafePointer<Float>
  public var stride: Int
  public var dimensions: Int
  /// The references, a multiple of `lanes` and at most `blockSize`.
  public var references: Range<Int>
  /// `[rows, dimensions]`: samples, and what is taken off each log-density before its exponential is summed.
  public var samples: UnsafePointer<Float>
  public var shifts: UnsafePointer<Float>
  /// `[rows]`: the same for the joint density.
  public var jointShifts: UnsafePointer<Float>
  public var rows: Int
  /// `[rows, dimensions + 1]`: sums by dimension, and the joint one last; overwritten.
  public var sums: UnsafeMutablePointer<Double>

  /// References that are reckoned at once.
  public static var lanes: Int { 16 }
  /// References whose means, precisions and constants stay in the first-level cache for all rows of a pass.
  public static var blockSize: Int { 256 }

  /// A pass of all fields.
  public init(
    means: UnsafePointer<Float>, precisions: UnsafePointer<Float>, peaks: UnsafePointer<Float>, stride: Int,
    dimensions: Int, references: Range<Int>, samples: UnsafePointer<Float>, shifts: UnsafePointer<Float>,
    jointShifts: UnsafePointer<Float>, rows: Int, sums: UnsafeMutablePointer<Double>
  ) {
    self.means = means
    self.precisions = precisions
    self.peaks = peaks
    self.stride = stride
    self.dimensions = dimensions
    self.references = references
    self.samples = samples
    self.shifts = shifts
    self.jointShifts = jointShifts
    self.rows = rows
    self.sums = sums
  }
}

/// The functions that measures call: what `Tensors` chooses for this processor.
public struct MeasureKernels: Sendable {
  /// Adds the gradient of the rows, and returns their summed negative log-likelihood.
  public let softmax: @Sendable (SoftmaxPass) -> Double
  /// Writes the sums of a pass.
  public let aggregate: @Sendable (AggregatePass) -> Void

  /// Both functions of one build.
  public init(
    softmax: @escaping @Sendable (SoftmaxPass) -> Double, aggregate: @escaping @Sendable (AggregatePass) -> Void
  ) {
    self.softmax = softmax
    self.aggregate = aggregate
  }
}
