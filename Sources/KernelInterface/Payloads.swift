// Every stride is the distance of neighbours in floats unless it is said to be another. What is called `row` or `Row` goes from
// one row to the next, and so for columns and matrices of a batch; what is not given a stride is contiguous.

/// The largest number of iteration axes of a strip program.
public let maximumAxes = 6
/// Floats in one strip: what a step of a program computes at a time.
public let stripLength = 128
/// Registers of a strip program; each holds one strip.
public let maximumRegisters = 96

/// A strided view of memory over the iteration axes of a strip program.
public struct StripOperand {
  /// The first element.
  public var location: Location
  /// Floats between neighbours along each iteration axis; 0 repeats.
  public var strides: InlineArray<6, Int>
  /// Whether the live rows alone lie there, one after the other (see `LiveRowFill`); no stride along the axes of rows.
  public var isPacked = false
  /// A view.
  public init(location: Location, strides: InlineArray<6, Int>) {
    self.location = location
    self.strides = strides
  }
}

/// One elementwise step: `destination = function(left, right)` on whole strips.
public struct StripStep {
  /// A `UnaryOperation` or `BinaryOperation` by raw value.
  public var function: ElementwiseFunction
  /// The register that the step writes.
  public var destination: UInt8
  /// The registers that it reads; of a function of one value only the left.
  public var left: UInt8
  public var right: UInt8
  /// A step.
  public init(function: ElementwiseFunction, destination: UInt8, left: UInt8, right: UInt8) {
    self.function = function
    self.destination = destination
    self.left = left
    self.right = right
  }
}

/// How a strip program folds its reduced axes.
public enum StripReduction: UInt8, Sendable {
  case none, sum, maximum
}

/// A fused elementwise computation over a strided iteration space, with an optional reduction at its end.
///
/// Axes are ordered: kept axes, reduced axes, and last the axis along which strips run (kept or reduced).
/// Registers are numbered: operands, constants, temporaries.
public struct StripProgram {
  /// The number of iteration axes.
  public var rank = 0
  /// Elements along each of them.
  public var extents = InlineArray<6, Int>(repeating: 1)
  /// Leading axes that are kept, the strip axis not counted.
  public var keptOuter = 0
  /// Whether the reduction folds the axis along which strips run.
  public var stripAxisIsReduced = false
  /// Elements of the strip axis in one unit, at most `stripLength`.
  public var chunk = stripLength
  /// What is done to the result over the reduced axes.
  public var reduction = StripReduction.none
  /// What is read: the first registers, in this order.
  public var operandCount = 0
  public var operands: UnsafeMutablePointer<StripOperand>
  /// Numbers that fill the registers behind those of the operands.
  public var constantCount = 0
  public var constants: UnsafeMutablePointer<Float>
  /// The computation, in the order in which it is done.
  public var stepCount = 0
  public var steps: UnsafeMutablePointer<StripStep>
  /// The register that is reduced or written.
  public var result: UInt8 = 0
  /// Where it is written: no stride along a reduced axis.
  public var output: StripOperand
  /// The positions of live rows over the iteration axes, where operands or the output are packed; otherwise no base (−1).
  public var positions = StripOperand(location: Location(base: -1), strides: InlineArray(repeating: 0))
  /// Of a packed output: the sum of every unit's live rows, where it is asked for; otherwise no base (−1).
  public var sums = Location(base: -1)
  /// Floats of scratch memory: a strip for each register and one for sums, and where gathered operands are read.
  @inlinable @inline(__always) public static var scratch: Int {
    (maximumRegisters + 1) * stripLength
      + maximumRegisters * MemoryLayout<UnsafeMutablePointer<Float>>.stride / MemoryLayout<Float>.stride
  }
  /// An empty program on the given tables.
  public init(
    operands: UnsafeMutablePointer<StripOperand>, constants: UnsafeMutablePointer<Float>,
    steps: UnsafeMutablePointer<StripStep>, output: StripOperand
  ) {
    self.operands = operands
    self.constants = constants
    self.steps = steps
    self.output = output
  }
}

/// What Adam's moments of one parameter are multiplied with at its present update.
public struct AdamCorrection {
  /// `1 / (1 − β₁ᵗ)`.
  public var first: Float = 1
  /// `1 / √(1 − β₂ᵗ)`.
  public var second: Float = 1
  /// No correction.
  public init() {}
}

/// Adam's state of one parameter and its constants.
public struct AdamState {
  /// Number of the parameter's `AdamCorrection` in the context.
  public var correction = 0
  /// The parameter, and its first and second moments: as many floats each, laid out as its gradient.
  public var value = Location()
  public var first = Location()
  public var second = Location()
  /// The learning rate: one float.
  public var rate = Location()
  /// A factor on the gradient (clipping), or no base (−1).
  public var scale = Location(base: -1)
  public var beta1: Float = 0.9
  public var beta2: Float = 0.999
  public var epsilon: Float = 1e-8
  /// Adam's usual start.
  public init() {}
}

/// Which axis of a matrix product are rows that were packed: its columns n, or what is summed over, k.
public enum LiveAxis: UInt8, Sendable {
  case none, columns, sum
}

/// What happens to a finished element of a matrix product.
public enum Epilogue: UInt8, Sendable {
  case store
  /// The element is a gradient: the parameter at its place is updated and nothing is stored.
  case adam
}

/// `C[m, n] = activation(Σ_k A[m, k]·B[k, n] + bias)`; every element is one chain of multiply-adds over ascending k.
/// `B` and `C` are contiguous along n.
public struct MatrixProduct {
  /// Rows of C, columns of C, and what is summed over; `batch` such products.
  public var m = 0
  public var n = 0
  public var k = 0
  public var batch = 1
  /// A `[batch, m, k]`, B `[batch, k, n]` and C `[batch, m, n]` with their strides.
  public var a = Location()
  public var aRow = 0
  public var aColumn = 0
  public var aBatch = 0
  public var b = Location()
  public var bRow = 0
  public var bBatch = 0
  public var c = Location()
  public var cRow = 0
  public var cBatch = 0
  /// Bias along m (1), along n (2) or none (0).
  public var biasAxis: UInt8 = 0
  /// `[m]` or `[n]`.
  public var bias = Location()
  public var activation = UnaryOperation.copy
  public var epilogue = Epilogue.store
  /// Of the epilogue `.adam`: the parameter in the layout of C.
  public var adam = AdamState()
  /// Which axis holds live rows alone, and where their number lies (32-bit).
  public var liveAxis = LiveAxis.none
  public var liveCount = Location(base: -1)
  /// An empty product.
  public init() {}

  /// Into how many units it is cut: blocks of rows by vectors of columns.
  @inlinable @inline(__always) public var units: Int {
    batch &* pieces(m, of: UnitSize.productRows(m, n)) &* pieces(n, of: vectorWidth)
  }
}

/// `c[m] = activation(Σ_k A[m, k]·x[k] + bias[m])`, sixteen interleaved chains an element.
public struct MatrixVector {
  /// Elements of c, and what is summed over.
  public var m = 0
  public var k = 0
  /// A `[m, k]`, contiguous along k; x `[k]`; c `[m]`.
  public var a = Location()
  public var aRow = 0
  public var x = Location()
  public var c = Location()
  public var cStride = 1
  /// Whether there is a bias `[m]`.
  public var hasBias = false
  public var bias = Location()
  public var activation = UnaryOperation.copy
  /// An empty product.
  public init() {}
}

/// Noise into a strided matrix: element `(row, column)` has the index `row·columns + column`.
public struct NoiseFill {
  /// `[rows, columns]` with these strides.
  public var rows = 0
  public var columns = 0
  public var output = Location()
  public var rowStride = 0
  public var columnStride = 0
  /// Key word pair of the node's name.
  public var stream: UInt64 = 0
  /// Standard normal numbers, or uniform ones.
  public var isNormal = true
  /// An empty fill.
  public init() {}
}

/// How bytes become pixels.
public enum PixelConversion: UInt8, Sendable {
  case grey, binarised, sampled
}

/// Stored bytes to pixels.
public struct ImageFill {
  /// Number of the rows in `RunContext.bindings`: a byte a pixel, `pixels` bytes an image.
  public var binding = 0
  public var batch = 0
  public var pixels = 0
  public var conversion = PixelConversion.grey
  /// Key word pair of the node's name, for sampled pixels.
  public var stream: UInt64 = 0
  /// `[batch, pixels]` row-major, with this row stride; no base (−1) where nobody reads it.
  public var rowMajor = Location(base: -1)
  public var rowStride = 0
  /// `[pixels, batch]`, with this stride between pixels; no base (−1) where nobody reads it.
  public var pixelMajor = Location(base: -1)
  public var pixelStride = 0
  /// Of binary images: the ascending numbers of the set pixels of each image (32-bit, `pixels` an image); no base (−1)
  /// where nobody reads them.
  public var setPixels = Location(base: -1)
  /// How many pixels of each image are set (32-bit).
  public var setCounts = Location(base: -1)
  /// Sixteen images a 16-bit word: which of them have a pixel set; `maskStride` words a pixel.
  public var masks = Location(base: -1)
  public var maskStride = 0
  /// An empty fill.
  public init() {}
}

/// Labels of the bound rows (32-bit whole numbers) to one-hot rows, and which of them are known.
public struct LabelFill {
  /// Number of the rows in `RunContext.bindings`: a whole number each.
  public var binding = 0
  public var batch = 0
  public var classes = 0
  /// `[batch, classes]` with these strides; no base (−1) where only the known rows are asked for.
  public var oneHot = Location(base: -1)
  public var rowStride = 0
  public var classStride = 0
  /// `[batch]`: 1 where the label is one of the classes, otherwise 0; no base (−1) where it is not asked for.
  public var known = Location(base: -1)
  /// An empty fill.
  public init() {}
}

/// Floats of the bound rows into a strided matrix.
public struct RowFill {
  /// Number of the rows in `RunContext.bindings`: `width` floats each.
  public var binding = 0
  /// `[batch, width]` with these strides.
  public var batch = 0
  public var width = 0
  public var output = Location()
  public var rowStride = 0
  public var columnStride = 0
  /// An empty fill.
  public init() {}
}

/// Entries of one axis by number: `output[i, …] = input[indices[i], …]`, zeros where the number is −1.
public struct Gather {
  /// Entries of the output.
  public var count = 0
  /// The entry of the input for each of them.
  public var indices: UnsafeMutablePointer<Int32>
  /// Strides of the axis that is gathered along.
  public var input = Location()
  public var inputStride = 0
  public var output = Location()
  public var outputStride = 0
  /// The other axes, that of the smallest stride in the output last.
  public var rank = 0
  public var extents = InlineArray<6, Int>(repeating: 1)
  public var inputStrides = InlineArray<6, Int>(repeating: 0)
  public var outputStrides = InlineArray<6, Int>(repeating: 0)
  /// A gather of nothing.
  public init(indices: UnsafeMutablePointer<Int32>) { self.indices = indices }
}

/// An Adam update from a stored gradient of `count` contiguous elements.
public struct AdamUpdate {
  public var count = 0
  public var gradient = Location()
  public var state = AdamState()
  /// An empty update.
  public init() {}
}

/// Which rows of a batch carry any weight in the gradient, and the place of each among them.
///
/// A row whose factor is no more than `smallest` of the largest is dead. In a sum that rows of the largest factor go into too
/// its share is lost in rounding, and all dead rows together change such a sum by no more than their number times
/// `smallest`. What dead rows alone go into becomes zero, as what is not finite in them does.
public struct LiveRowFill {
  /// The factors of the rows over their axes, the last varying fastest.
  public var rank = 0
  public var extents = InlineArray<6, Int>(repeating: 1)
  public var factors = Location()
  public var strides = InlineArray<6, Int>(repeating: 0)
  /// 32-bit whole numbers, a vector more than is written: how many live rows there are before each row, and in all.
  public var positions = Location()
  /// A fill of nothing.
  public init() {}

  /// Half the distance between 1 and the next float.
  @inlinable @inline(__always) public static var smallest: Float { 0x1p-24 }
}

/// `output[column·outputStride + row] = input[row·inputStride + column]`.
public struct Transposition {
  /// Of the input.
  public var rows = 0
  public var columns = 0
  public var input = Location()
  public var inputStride = 0
  public var output = Location()
  public var outputStride = 0
  /// The positions of live columns, of which alone the output has rows; no base (−1) where all are written.
  public var positions = Location(base: -1)
  /// An empty transposition.
  public init() {}
}

/// A layer on binary images: sums of the weight rows of set pixels, with the weights stored `[in, out]`.
public struct SparseForward {
  public var batch = 0
  public var pixels = 0
  public var outputs = 0
  /// As `ImageFill` writes them.
  public var setPixels = Location()
  public var setCounts = Location()
  /// `[pixels, outputs]`, contiguous.
  public var weights = Location()
  /// Whether there is a bias `[outputs]`.
  public var hasBias = false
  public var bias = Location()
  public var activation = UnaryOperation.copy
  /// `[outputs, batch]`, with this row stride.
  public var result = Location()
  public var resultStride = 0
  /// An empty layer.
  public init() {}
}

/// The weight gradient of a layer on binary images, with Adam: row `i` is the sum of the adjoints of the images in
/// which pixel `i` is set.
public struct SparseGradient {
  public var batch = 0
  public var pixels = 0
  public var outputs = 0
  /// As `ImageFill` writes them.
  public var masks = Location()
  public var maskStride = 0
  /// `[batch, outputs]`, with this row stride.
  public var adjoints = Location()
  public var adjointStride = 0
  /// The weights `[pixels, outputs]`.
  public var state = AdamState()
  /// An empty gradient.
  public init() {}
}
