import KernelInterface

/// Memory that a plan uses.
struct Buffer {
  enum Kind: Equatable {
    case temporary
    case input(String)
    case scalar(String)
    case parameter(String)
    case firstMoment(String)
    case secondMoment(String)
    case constant(Tensor)
  }
  var kind: Kind
  /// Floats.
  var count: Int
  var isOutput = false
}

/// How the elements of a value lie in memory.
enum ElementOrder {
  /// The last axis is contiguous.
  case rowMajor
  /// The last axis is outermost, the others row-major and contiguous: one row of memory a feature. Layers then
  /// vectorise over the batch and read weights as they are stored.
  case featureMajor

  func strides(_ shape: [Int]) -> (strides: [Int], count: Int) {
    var strides = [Int](repeating: 1, count: shape.count)
    guard let last = shape.last else { return ([], 1) }
    var step = 1
    switch self {
    case .rowMajor:
      for axis in shape.indices.reversed() {
        strides[axis] = step
        step *= shape[axis]
      }
      return (strides, step)
    case .featureMajor:
      for axis in shape.indices.dropLast().reversed() {
        strides[axis] = step
        step *= shape[axis]
      }
      let row = paddedRow(step)
      strides[shape.count - 1] = row
      return (strides, row * last)
    }
  }
}

/// The distance between feature rows: whole vectors, and not a multiple of 256 bytes, which would map all rows to few
/// sets of the cache.
func paddedRow(_ count: Int) -> Int {
  if count < 16 { return count }
  let whole = pieces(count, of: vectorWidth) * vectorWidth
  return whole % 64 == 0 ? whole + 16 : whole
}

/// A strided view of a buffer; `location.base` is the buffer's number until the schedule resolves it.
struct View {
  var location: Location
  var shape: [Int]
  var strides: [Int]

  /// Whether the strides agree wherever an extent is not 1.
  func hasOrder(_ other: [Int]) -> Bool {
    zip(shape, zip(strides, other)).allSatisfy { $0 == 1 || $1.0 == $1.1 }
  }

  /// The view under another shape, if no copy is needed for it.
  func reshaped(_ target: [Int]) -> View? {
    // Axes that lie one inside the other without a gap count as one.
    var axes: [(extent: Int, stride: Int)] = []
    for (extent, stride) in zip(shape, strides) where extent != 1 {
      if let outer = axes.last, outer.stride == stride * extent {
        axes[axes.count - 1] = (outer.extent * extent, stride)
      } else {
        axes.append((extent, stride))
      }
    }
    var strides = [Int](repeating: 0, count: target.count)
    for position in target.indices.reversed() where target[position] != 1 {
      guard let inner = axes.popLast(), inner.extent % target[position] == 0 else { return nil }
      strides[position] = inner.stride
      let rest = inner.extent / target[position]
      if rest > 1 { axes.append((rest, inner.stride * target[position])) }
    }
    return View(location: location, shape: target, strides: strides)
  }
}

/// An instruction before memory is laid out.
struct PlannedInstruction {
  var payload: Payload
  var units: Int
  var reads: Set<Int>
  var writes: Set<Int>
  /// Whether it writes a part of a value that no other instruction writes: parts need not wait for each other.
  var isPart = false
}

/// The parameters of an instruction while it is planned; locations name buffers.
enum Payload {
  case strips(PlannedStrips)
  case matrixProduct(MatrixProduct)
  case matrixVector(MatrixVector)
  case noise(NoiseFill)
  case images(ImageFill)
  case labels(LabelFill)
  case rows(RowFill)
  case gather(PlannedGather)
  case pairwise(PlannedPairwise)
  case adam(AdamUpdate)
  case transposition(Transposition)
  case liveRows(LiveRowFill)
  case sparseForward(SparseForward)
  case sparseGradient(SparseGradient)
}

/// A gather along `axis` with its table as an array; the views differ in the extent of that axis.
struct PlannedGather {
  var axis: Int
  var indices: [Int32]
  var input: View
  var output: View
}

/// A strip program with its tables as arrays.
struct PlannedStrips {
  var extents: [Int] = []
  var keptOuter = 0
  var stripAxisIsReduced = false
  var chunk = stripLength
  var reduction = StripReduction.none
  var operands: [View] = []
  var constants: [Float] = []
  var steps: [StripStep] = []
  var result: UInt8 = 0
  var output: View
  /// The positions of live rows over the iteration axes, and the buffers in which these rows alone lie.
  var positions: View?
  var packed: Set<Int> = []
  /// Of a packed output: the sums of the units' live rows, or no base (−1).
  var sums = Location(base: -1)

  /// Into how many units it is cut: along the strip axis too where that is kept.
  var units: Int {
    let outer = extents.prefix(keptOuter).reduce(1, *)
    return stripAxisIsReduced ? outer : outer * pieces(extents.last ?? 1, of: chunk)
  }
}
