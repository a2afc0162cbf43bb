import KernelInterface

/// `1 / log 2` and `log 2`: the passes count exponents in powers of two.
let binaryLogarithmOfE: Float = 1.442_695_04
let logarithmOfTwo: Float = 0.693_147_18

/// Runs units of a pass over pairs. Sixteen samples (of the densities) or references (of the gradients) are computed at
/// once, so every sum is made in one lane, in ascending order.
struct PairwiseMachine {
  let pass: UnsafePointer<PairwisePass>
  let context: UnsafePointer<RunContext>
  let scratch: UnsafeMutablePointer<Float>

  func run(_ first: Int, _ last: Int) {
    switch pass.pointee.role {
    case .densities: for unit in first..<last { runDensities(unit &* vectorWidth) }
    case .codeGradient: for dimension in first..<last { runCodeGradient(dimension) }
    case .posteriorGradient: for unit in first..<last { runPosteriorGradient(unit &* vectorWidth) }
    case .weightGradient: for unit in first..<last { runWeightGradient(unit &* vectorWidth) }
    }
  }

  @inline(__always) func address(_ location: Location) -> UnsafeMutablePointer<Float> {
    context.pointee.address(location)
  }

  /// Writes the lanes that exist.
  @inline(__always)
  func write(_ value: Vector, _ target: UnsafeMutablePointer<Float>, _ count: Int) {
    if count >= vectorWidth { store(value, target) } else { for lane in 0..<count { target[lane] = value[lane] } }
  }

  // MARK: Densities

  /// `log Σ_j exp(t_ij)` of sixteen samples from `row`, and its derivatives by their coordinates, which need the same
  /// exponentials: `∂/∂z_id = −Σ_j p_ij·(z_id − μ_jd)·e⁻ˢ` with `p` the softmax of t over j.
  private func runDensities(_ row: Int) {
    let largestWeight = largestWeight(row)
    for subset in 0..<pass.pointee.subsetCount {
      let start = Int(pass.pointee.subsetStarts[subset])
      let end = Int(pass.pointee.subsetStarts[subset &+ 1])
      if end &- start > 1 {
        densityOfSeveral(row, subset, start, end)
      } else if !writeDensityInOnePass(row, subset, start, largestWeight) {
        densityOfOne(row, subset, start)
      }
    }
  }

  /// Of sixteen samples and all references.
  private func largestWeight(_ row: Int) -> Float {
    let weights = address(pass.pointee.weights) + row &* pass.pointee.weightLane
    var largest = splat(-.greatestFiniteMagnitude)
    for j in 0..<pass.pointee.references {
      let weight = load(weights + j &* pass.pointee.weightStep)
      largest = choose(largest, less: weight, weight, largest)
    }
    return largestLane(largest, of: lanes(row))
  }

  /// The lanes that hold samples: what lies in the others is of no run, and must decide nothing.
  private func lanes(_ row: Int) -> Int { min(vectorWidth, pass.pointee.samples &- row) }

  private func largestLane(_ vector: Vector, of lanes: Int) -> Float {
    var largest = vector[0]
    for lane in 1..<lanes where vector[lane] > largest { largest = vector[lane] }
    return largest
  }

  /// A subset of one dimension in one pass: no exponent is greater than the largest weight and the largest offset
  /// together, so nobody has to look for the greatest first.
  ///
  /// - Returns: false, and nothing is written, where a sample lies so far from all references that its sum would lose
  ///   digits under that bound.
  private func writeDensityInOnePass(_ row: Int, _ subset: Int, _ member: Int, _ largestWeight: Float) -> Bool {
    let operands = oneDimension(member, row)
    let references = pass.pointee.references
    let weights = address(pass.pointee.weights) + row &* pass.pointee.weightLane
    let weightStep = pass.pointee.weightStep
    var offsetTops = splat(-.greatestFiniteMagnitude)
    var j = 0
    while j &+ vectorWidth <= references {
      let offset = load(operands.offsets + j)
      offsetTops = choose(offsetTops, less: offset, offset, offsetTops)
      j &+= vectorWidth
    }
    var bound = largestLane(offsetTops, of: vectorWidth)
    while j < references {
      if operands.offsets[j] > bound { bound = operands.offsets[j] }
      j &+= 1
    }
    bound += largestWeight
    var sum = splat(0)
    var slope = splat(0)
    for j in 0..<references {
      let difference = operands.z - splat(operands.means[j])
      let scaled = difference * splat(-operands.precisions[j])
      let power = powerOfTwo(
        multiplyAdd(scaled, difference, load(weights + j &* weightStep) + splat(operands.offsets[j] - bound)))
      sum += power
      slope = multiplyAdd(scaled, power, slope)
    }
    // Far above the least power of two, 2⁻¹²⁵; false for what is not a number.
    for lane in 0..<lanes(row) where !(sum[lane] > 1e-18) { return false }
    writeDensity(row, subset, splat(bound), sum)
    writeSlope(row, member, -slope, sum)
    return true
  }

  /// Sixteen samples and all references in the dimension of a member.
  private func oneDimension(_ member: Int, _ row: Int) -> (
    z: Vector, means: UnsafeMutablePointer<Float>, precisions: UnsafeMutablePointer<Float>,
    offsets: UnsafeMutablePointer<Float>
  ) {
    let dimension = Int(pass.pointee.members[member])
    return (
      load(address(pass.pointee.codes) + (dimension &* pass.pointee.codeStride &+ row)),
      address(pass.pointee.means) + dimension &* pass.pointee.meanStride,
      address(pass.pointee.precisions) + dimension &* pass.pointee.precisionStride,
      address(pass.pointee.offsets) + dimension &* pass.pointee.offsetStride
    )
  }

  @inline(__always)
  private func writeDensity(_ row: Int, _ subset: Int, _ top: Vector, _ sum: Vector) {
    let output = address(pass.pointee.output) + row
    write(
      multiplyAdd(top, splat(logarithmOfTwo), logarithm(sum)), output + subset &* pass.pointee.outputStride,
      pass.pointee.samples &- row)
  }

  @inline(__always)
  private func writeSlope(_ row: Int, _ member: Int, _ slope: Vector, _ sum: Vector) {
    let output = address(pass.pointee.output) + row
    write(
      slope * splat(-2 * logarithmOfTwo) / sum,
      output + (pass.pointee.subsetCount &+ member) &* pass.pointee.outputStride, pass.pointee.samples &- row)
  }

  /// A subset of one dimension: nothing but the exponents of a tile goes through memory.
  private func densityOfOne(_ row: Int, _ subset: Int, _ member: Int) {
    let (z, means, precisions, offsets) = oneDimension(member, row)
    let weights = address(pass.pointee.weights) + row &* pass.pointee.weightLane
    let weightStep = pass.pointee.weightStep
    var top = splat(-.greatestFiniteMagnitude)
    var sum = splat(0)
    var slope = splat(0)
    var start = 0
    while start < pass.pointee.references {
      let end = min(pass.pointee.references, start &+ PairwisePass.tile)
      var newTop = top
      var exponents = scratch
      for j in start..<end {
        let difference = z - splat(means[j])
        let t = multiplyAdd(
          difference * splat(-precisions[j]), difference, load(weights + j &* weightStep) + splat(offsets[j]))
        store(t, exponents)
        newTop = choose(newTop, less: t, t, newTop)
        exponents += vectorWidth
      }
      let factor = powerOfTwo(top - newTop)
      sum *= factor
      slope *= factor
      top = newTop
      exponents = scratch
      for j in start..<end {
        let power = powerOfTwo(load(exponents) - top)
        sum += power
        slope = multiplyAdd((z - splat(means[j])) * splat(precisions[j]), power, slope)
        exponents += vectorWidth
      }
      start = end
    }
    writeDensity(row, subset, top, sum)
    writeSlope(row, member, slope, sum)
  }

  /// A subset of several dimensions: exponents are summed over them in memory, then exponentiated once.
  private func densityOfSeveral(_ row: Int, _ subset: Int, _ first: Int, _ last: Int) {
    let slopes = scratch + PairwisePass.tile &* vectorWidth
    for place in 0..<last &- first { store(splat(0), slopes + place &* vectorWidth) }
    let weights = address(pass.pointee.weights) + row &* pass.pointee.weightLane
    let weightStep = pass.pointee.weightStep
    var top = splat(-.greatestFiniteMagnitude)
    var sum = splat(0)
    var start = 0
    while start < pass.pointee.references {
      let count = min(pass.pointee.references &- start, PairwisePass.tile)
      for j in 0..<count { store(load(weights + (start &+ j) &* weightStep), scratch + j &* vectorWidth) }
      for member in first..<last { addExponents(row, Int(pass.pointee.members[member]), start, count) }
      var newTop = top
      for j in 0..<count {
        let t = load(scratch + j &* vectorWidth)
        newTop = choose(newTop, less: t, t, newTop)
      }
      let factor = powerOfTwo(top - newTop)
      sum *= factor
      top = newTop
      for j in 0..<count {
        let power = powerOfTwo(load(scratch + j &* vectorWidth) - top)
        sum += power
        store(power, scratch + j &* vectorWidth)
      }
      for member in first..<last {
        let place = slopes + (member &- first) &* vectorWidth
        let slope = load(place) * factor
        store(addSlopes(row, Int(pass.pointee.members[member]), start, count, slope), place)
      }
      start &+= count
    }
    writeDensity(row, subset, top, sum)
    for member in first..<last { writeSlope(row, member, load(slopes + (member &- first) &* vectorWidth), sum) }
  }

  @inline(__always)
  private func addExponents(_ row: Int, _ dimension: Int, _ start: Int, _ count: Int) {
    let z = load(address(pass.pointee.codes) + (dimension &* pass.pointee.codeStride &+ row))
    let means = address(pass.pointee.means) + (dimension &* pass.pointee.meanStride &+ start)
    let precisions = address(pass.pointee.precisions) + (dimension &* pass.pointee.precisionStride &+ start)
    let offsets = address(pass.pointee.offsets) + (dimension &* pass.pointee.offsetStride &+ start)
    for j in 0..<count {
      let difference = z - splat(means[j])
      let place = scratch + j &* vectorWidth
      store(multiplyAdd(difference * splat(-precisions[j]), difference, load(place) + splat(offsets[j])), place)
    }
  }

  @inline(__always)
  private func addSlopes(_ row: Int, _ dimension: Int, _ start: Int, _ count: Int, _ initial: Vector) -> Vector {
    let z = load(address(pass.pointee.codes) + (dimension &* pass.pointee.codeStride &+ row))
    let means = address(pass.pointee.means) + (dimension &* pass.pointee.meanStride &+ start)
    let precisions = address(pass.pointee.precisions) + (dimension &* pass.pointee.precisionStride &+ start)
    var slope = initial
    for j in 0..<count {
      slope = multiplyAdd(
        (z - splat(means[j])) * splat(precisions[j]), load(scratch + j &* vectorWidth), slope)
    }
    return slope
  }

  // MARK: Gradient of the samples

  /// The derivatives of the density pass, weighted with the adjoints.
  private func runCodeGradient(_ dimension: Int) {
    let derivatives =
      address(pass.pointee.densities) + pass.pointee.subsetCount &* pass.pointee.densityStride
    let adjoints = address(pass.pointee.adjoints)
    let output = address(pass.pointee.output) + dimension &* pass.pointee.outputStride
    var row = 0
    while row < pass.pointee.samples {
      var sum = splat(0)
      for entry in Int(pass.pointee.dimensionStarts[dimension])..<Int(pass.pointee.dimensionStarts[dimension &+ 1]) {
        let adjoint = adjoints + (Int(pass.pointee.entrySubsets[entry]) &* pass.pointee.adjointStride &+ row)
        let derivative = derivatives + (Int(pass.pointee.entryMembers[entry]) &* pass.pointee.densityStride &+ row)
        sum = multiplyAdd(load(adjoint), load(derivative), sum)
      }
      write(sum, output + row, pass.pointee.samples &- row)
      row &+= vectorWidth
    }
  }
}
