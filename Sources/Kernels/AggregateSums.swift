import KernelInterface

/// Sums the densities of samples under a block of posteriors, by dimension and jointly.
public func sumAggregate(_ pass: AggregatePass) {
  let vectors = pass.references.count / AggregatePass.lanes
  let columns = pass.dimensions + 1
  withUnsafeTemporaryAllocation(of: Vector.self, capacity: AggregatePass.blockSize / AggregatePass.lanes) { buffer in
    guard let joint = buffer.baseAddress, vectors <= buffer.count else { return }
    for row in 0..<pass.rows {
      let start = splat(-pass.jointShifts[row])
      for vector in 0..<vectors { joint[vector] = start }
      let sums = pass.sums + row * columns
      for d in 0..<pass.dimensions {
        let offset = d * pass.stride + pass.references.lowerBound
        let sample = splat(pass.samples[row * pass.dimensions + d])
        let shift = splat(pass.shifts[row * pass.dimensions + d])
        let (means, precisions, peaks) = (pass.means + offset, pass.precisions + offset, pass.peaks + offset)
        var total = splat(0)
        for vector in 0..<vectors {
          let place = vector * AggregatePass.lanes
          let difference = sample - load(means + place)
          let value = multiplyAdd(-(difference * difference), load(precisions + place), load(peaks + place))
          joint[vector] += value
          total += powerOfTwo(value - shift)
        }
        sums[d] = Double(sumOfLanes(total))
      }
      var total = splat(0)
      for vector in 0..<vectors {
        // A float holds no more; such a sum is taken again in double precision.
        total += powerOfTwo(choose(splat(120), less: joint[vector], splat(120), joint[vector]))
      }
      sums[pass.dimensions] = Double(sumOfLanes(total))
    }
  }
}
