import CIntrinsics
import KernelInterface

/// Units: groups of sixteen images, for one block of 128 outputs after the other, so that a thread keeps to the same
/// columns of the weights in every step.
///
/// A dense product would add `x·w` in the same order with x = 0 or 1: the results are bitwise equal.
func runSparseForward(
  _ layer: UnsafePointer<SparseForward>, _ context: UnsafePointer<RunContext>, _ scratch: UnsafeMutablePointer<Float>,
  _ first: Int, _ last: Int
) {
  let l = layer.pointee
  let groups = (l.batch &+ 15) / 16
  let weights = context.pointee.address(l.weights)
  let counts = context.pointee.wholeNumbers(l.setCounts)
  let lists = context.pointee.wholeNumbers(l.setPixels)
  for unit in first..<last {
    let block = unit / groups &* UnitSize.sparseOutputs
    let width = min(UnitSize.sparseOutputs, l.outputs &- block)
    let start = unit % groups &* 16
    let images = min(16, l.batch &- start)
    for image in 0..<images {
      let list = lists + (start &+ image) &* l.pixels
      let count = Int(counts[start &+ image])
      let sums = scratch + image &* UnitSize.sparseOutputs
      if width == UnitSize.sparseOutputs {
        addRows(list, count, weights + block, l.outputs, sums, InlineArray<8, Vector>.self)
      } else {
        var column = 0
        while column < width {
          addRows(list, count, weights + (block &+ column), l.outputs, sums + column, InlineArray<1, Vector>.self)
          column &+= 16
        }
      }
    }
    finishGroup(l, context, scratch, block, width, start, images)
  }
}

/// Sums rows of the weights in the order of the list.
@inline(__always)
private func addRows<let vectors: Int>(
  _ list: UnsafeMutablePointer<Int32>, _ count: Int, _ weights: UnsafeMutablePointer<Float>, _ stride: Int,
  _ result: UnsafeMutablePointer<Float>, _: InlineArray<vectors, Vector>.Type
) {
  var sums = InlineArray<vectors, Vector>(repeating: splat(0))
  for index in 0..<count {
    let row = weights + Int(list[index]) &* stride
    for j in 0..<vectors { sums[unchecked: j] += load(row + j &* 16) }
  }
  for j in 0..<vectors { store(sums[unchecked: j], result + j &* 16) }
}

/// Bias and activation, from sixteen rows of sums to columns of sixteen images.
private func finishGroup(
  _ l: SparseForward, _ context: UnsafePointer<RunContext>, _ scratch: UnsafeMutablePointer<Float>, _ block: Int,
  _ width: Int, _ start: Int, _ images: Int
) {
  let result = context.pointee.address(l.result)
  let block16 = scratch + 16 &* UnitSize.sparseOutputs
  var column = 0
  while column < width {
    zscope_transpose16(scratch + column, UnitSize.sparseOutputs, block16, 16)
    for place in 0..<min(16, width &- column) {
      let output = block &+ column &+ place
      var value = load(block16 + place &* 16)
      if l.hasBias { value += splat(context.pointee.address(l.bias)[output]) }
      if l.activation != .copy { value = activated(value, l.activation) }
      let target = result + output &* l.resultStride + start
      if images == 16 { store(value, target) } else { for lane in 0..<images { target[lane] = value[lane] } }
    }
    column &+= 16
  }
}

/// Units: groups of sixteen pixels, for one block of 128 outputs after the other.
func runSparseGradient(
  _ gradient: UnsafePointer<SparseGradient>, _ context: UnsafePointer<RunContext>, _ first: Int, _ last: Int
) {
  let g = gradient.pointee
  let groups = (g.pixels &+ UnitSize.sparsePixels &- 1) / UnitSize.sparsePixels
  let adam = AdamMachine(state: g.state, context: context)
  for unit in first..<last {
    let block = unit / groups &* UnitSize.sparseOutputs
    let start = unit % groups &* UnitSize.sparsePixels
    for pixel in start..<min(g.pixels, start &+ UnitSize.sparsePixels) {
      if g.outputs &- block >= UnitSize.sparseOutputs {
        updateRow(g, context, adam, pixel, block, InlineArray<8, Vector>.self)
      } else {
        var column = block
        while column < g.outputs {
          updateRow(g, context, adam, pixel, column, InlineArray<1, Vector>.self)
          column &+= 16
        }
      }
    }
  }
}

/// Sums the adjoints of the images whose bit is set, in ascending order, and updates the weights with the sum.
@inline(__always)
private func updateRow<let vectors: Int>(
  _ g: SparseGradient, _ context: UnsafePointer<RunContext>, _ adam: AdamMachine, _ pixel: Int, _ column: Int,
  _: InlineArray<vectors, Vector>.Type
) {
  var sums = InlineArray<vectors, Vector>(repeating: splat(0))
  let adjoints = context.pointee.address(g.adjoints) + column
  let words = UnsafeMutableRawPointer(context.pointee.address(g.masks)).assumingMemoryBound(to: UInt64.self)
  let wordCount = g.maskStride / 4
  for index in 0..<wordCount {
    var word = words[pixel &* wordCount &+ index]
    while word != 0 {
      let row = adjoints + (index &* 64 &+ word.trailingZeroBitCount) &* g.adjointStride
      for j in 0..<vectors { sums[unchecked: j] += load(row + j &* 16) }
      word &= word &- 1
    }
  }
  let place = pixel &* g.outputs &+ column
  if g.outputs &- column >= vectors &* 16 {
    for j in 0..<vectors { adam.update(sums[unchecked: j], place &+ j &* 16) }
  } else {
    for j in 0..<vectors {
      adam.update(sums[unchecked: j], place &+ j &* 16, max(0, min(16, g.outputs &- column &- j &* 16)))
    }
  }
}
