import KernelInterface

/// The gradients of means and log-variances, sixteen references at a time.
///
/// With `r_gij = adjoint_gi · exp(t_gij − L_gi)` and `r_ijd` its sum over the subsets that d is a member of:
/// `∂μ_jd = Σ_i r_ijd·(z_id − μ_jd)·e⁻ˢ` and `∂s_jd = Σ_i r_ijd·(½·(z_id − μ_jd)²·e⁻ˢ − ½)`.
extension PairwiseMachine {
  func runPosteriorGradient(_ column: Int) {
    let buffers = max(1, pass.pointee.bufferCount)
    let tile = max(1, min(PairwisePass.tile, PairwisePass.scratch / (vectorWidth &* buffers)))
    var start = 0
    while start < pass.pointee.samples {
      let count = min(tile, pass.pointee.samples &- start)
      for subset in 0..<pass.pointee.subsetCount where pass.pointee.buffers[subset] >= 0 {
        let buffer = scratch + Int(pass.pointee.buffers[subset]) &* tile &* vectorWidth
        responsibilities(column, subset, start, count, buffer)
      }
      for dimension in 0..<pass.pointee.dimensions { addMoments(column, dimension, start, count, tile) }
      start &+= count
    }
    for dimension in 0..<pass.pointee.dimensions { finishMoments(column, dimension) }
  }

  /// `r` of one subset for samples from `start`, into a buffer.
  private func responsibilities(
    _ column: Int, _ subset: Int, _ start: Int, _ count: Int, _ buffer: UnsafeMutablePointer<Float>
  ) {
    let weights = weightRow(column, start)
    let weightStep = pass.pointee.weightStep
    for i in 0..<count { store(load(weights + i &* weightStep), buffer + i &* vectorWidth) }
    for member in Int(pass.pointee.subsetStarts[subset])..<Int(pass.pointee.subsetStarts[subset &+ 1]) {
      let posterior = posterior(column, Int(pass.pointee.members[member]))
      let codes = codes(Int(pass.pointee.members[member]), start)
      for i in 0..<count {
        let difference = splat(codes[i]) - posterior.mean
        let place = buffer + i &* vectorWidth
        store(multiplyAdd(difference * posterior.precision, difference, load(place) + posterior.offset), place)
      }
    }
    let densities = address(pass.pointee.densities) + (subset &* pass.pointee.densityStride &+ start)
    let adjoints = address(pass.pointee.adjoints) + (subset &* pass.pointee.adjointStride &+ start)
    for i in 0..<count {
      let place = buffer + i &* vectorWidth
      store(
        powerOfTwo(load(place) - splat(densities[i] * binaryLogarithmOfE)) * splat(adjoints[i]), place)
    }
  }

  /// Adds the samples from `start` to the three sums of a dimension: of r, r·(z − μ) and r·(z − μ)².
  private func addMoments(_ column: Int, _ dimension: Int, _ start: Int, _ count: Int, _ tile: Int) {
    var single = -1
    var shared = -1
    var sharedCount = 0
    for entry in Int(pass.pointee.dimensionStarts[dimension])..<Int(pass.pointee.dimensionStarts[dimension &+ 1]) {
      let subset = Int(pass.pointee.entrySubsets[entry])
      if pass.pointee.buffers[subset] < 0 {
        single = subset
      } else {
        shared = Int(pass.pointee.buffers[subset])
        sharedCount &+= 1
      }
    }
    let buffer = scratch + max(0, shared) &* tile &* vectorWidth
    switch (single >= 0, sharedCount) {
    case (false, 0): addMoments(column, dimension, start, count, -1) { _ in splat(0) }
    case (false, 1): addMoments(column, dimension, start, count, -1) { load(buffer + $0 &* vectorWidth) }
    case (true, 0): addMoments(column, dimension, start, count, single) { _ in splat(0) }
    case (true, 1): addMoments(column, dimension, start, count, single) { load(buffer + $0 &* vectorWidth) }
    default:
      addMoments(column, dimension, start, count, single) { i in
        var sum = splat(0)
        for entry in Int(pass.pointee.dimensionStarts[dimension])..<Int(pass.pointee.dimensionStarts[dimension &+ 1]) {
          let number = Int(pass.pointee.buffers[Int(pass.pointee.entrySubsets[entry])])
          if number >= 0 { sum += load(scratch + (number &* tile &+ i) &* vectorWidth) }
        }
        return sum
      }
    }
  }

  @inline(__always)
  private func addMoments(
    _ column: Int, _ dimension: Int, _ start: Int, _ count: Int, _ single: Int, _ shared: (Int) -> Vector
  ) {
    let posterior = posterior(column, dimension)
    let codes = codes(dimension, start)
    var zeroth = splat(0)
    var first = splat(0)
    var second = splat(0)
    if start > 0 {
      zeroth = load(moments(column, dimension, 2))
      first = load(moments(column, dimension, 0))
      second = load(moments(column, dimension, 1))
    }
    if single >= 0 {
      let weights = weightRow(column, start)
      let weightStep = pass.pointee.weightStep
      let densities = address(pass.pointee.densities) + (single &* pass.pointee.densityStride &+ start)
      let adjoints = address(pass.pointee.adjoints) + (single &* pass.pointee.adjointStride &+ start)
      for i in 0..<count {
        let difference = splat(codes[i]) - posterior.mean
        let square = difference * difference
        let t = multiplyAdd(square, posterior.precision, load(weights + i &* weightStep) + posterior.offset)
        let r = multiplyAdd(
          powerOfTwo(t - splat(densities[i] * binaryLogarithmOfE)), splat(adjoints[i]), shared(i))
        zeroth += r
        first = multiplyAdd(r, difference, first)
        second = multiplyAdd(r, square, second)
      }
    } else {
      for i in 0..<count {
        let difference = splat(codes[i]) - posterior.mean
        let r = shared(i)
        zeroth += r
        first = multiplyAdd(r, difference, first)
        second = multiplyAdd(r * difference, difference, second)
      }
    }
    store(first, moments(column, dimension, 0))
    store(second, moments(column, dimension, 1))
    store(zeroth, moments(column, dimension, 2))
  }

  /// From the sums to the gradients, in place.
  private func finishMoments(_ column: Int, _ dimension: Int) {
    let h = -posterior(column, dimension).precision
    let first = load(moments(column, dimension, 0))
    let second = load(moments(column, dimension, 1))
    let zeroth = load(moments(column, dimension, 2))
    store(first * h * splat(2 * logarithmOfTwo), moments(column, dimension, 0))
    store(multiplyAdd(second * h, splat(logarithmOfTwo), zeroth * splat(-0.5)), moments(column, dimension, 1))
  }

  /// Rows of the output have room for whole vectors.
  @inline(__always)
  private func moments(_ column: Int, _ dimension: Int, _ kind: Int) -> UnsafeMutablePointer<Float> {
    address(pass.pointee.output)
      + ((kind &* pass.pointee.dimensions &+ dimension) &* pass.pointee.outputStride &+ column)
  }

  // MARK: Gradient of the log-weights

  /// `Σ_g r_gij` for all samples and sixteen references.
  func runWeightGradient(_ column: Int) {
    let output = address(pass.pointee.output) + column
    for i in 0..<pass.pointee.samples {
      var gradient = splat(0)
      for subset in 0..<pass.pointee.subsetCount {
        var t = load(weightRow(column, i))
        for member in Int(pass.pointee.subsetStarts[subset])..<Int(pass.pointee.subsetStarts[subset &+ 1]) {
          let posterior = posterior(column, Int(pass.pointee.members[member]))
          let difference = splat(codes(Int(pass.pointee.members[member]), i).pointee) - posterior.mean
          t = multiplyAdd(difference * posterior.precision, difference, t + posterior.offset)
        }
        let density = address(pass.pointee.densities)[subset &* pass.pointee.densityStride &+ i]
        let adjoint = address(pass.pointee.adjoints)[subset &* pass.pointee.adjointStride &+ i]
        gradient = multiplyAdd(powerOfTwo(t - splat(density * binaryLogarithmOfE)), splat(adjoint), gradient)
      }
      write(gradient, output + i &* pass.pointee.outputStride, pass.pointee.references &- column)
    }
  }

  // MARK: Operands

  /// Sixteen posteriors in one dimension; the precision with its sign turned.
  @inline(__always)
  private func posterior(_ column: Int, _ dimension: Int) -> (mean: Vector, precision: Vector, offset: Vector) {
    (
      load(address(pass.pointee.means) + (dimension &* pass.pointee.meanStride &+ column)),
      -load(address(pass.pointee.precisions) + (dimension &* pass.pointee.precisionStride &+ column)),
      load(address(pass.pointee.offsets) + (dimension &* pass.pointee.offsetStride &+ column))
    )
  }

  @inline(__always)
  private func codes(_ dimension: Int, _ start: Int) -> UnsafeMutablePointer<Float> {
    address(pass.pointee.codes) + (dimension &* pass.pointee.codeStride &+ start)
  }

  @inline(__always)
  private func weightRow(_ column: Int, _ start: Int) -> UnsafeMutablePointer<Float> {
    address(pass.pointee.weights) + (column &* pass.pointee.weightLane &+ start &* pass.pointee.weightStep)
  }
}
