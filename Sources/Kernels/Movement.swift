import CIntrinsics
import KernelInterface

/// `target[column][row] = source[row][column]` for a block of at most 16 × 16, writing `written` rows of each column.
@inline(__always)
func transpose16(
  _ source: UnsafeMutablePointer<Float>, _ sourceStride: Int, _ target: UnsafeMutablePointer<Float>,
  _ targetStride: Int, rows: Int, columns: Int, written: Int
) {
  if rows == 16, columns == 16, written == 16 {
    zscope_transpose16(source, sourceStride, target, targetStride)
    return
  }
  for column in 0..<columns {
    var value = splat(0)
    for row in 0..<16 where row < rows { value[row] = source[row &* sourceStride &+ column] }
    if written == 16 {
      store(value, target + column &* targetStride)
    } else {
      for row in 0..<written { target[column &* targetStride &+ row] = value[row] }
    }
  }
}

/// Units are groups of sixteen input rows.
func runTransposition(
  _ transposition: UnsafePointer<Transposition>, _ context: UnsafePointer<RunContext>, _ first: Int, _ last: Int
) {
  let t = transposition.pointee
  let input = context.pointee.address(t.input)
  let output = context.pointee.address(t.output)
  if t.positions.base >= 0 {
    transposeLive(t, input, output, context.pointee.wholeNumbers(t.positions), first, last)
    return
  }
  for group in first..<last {
    let row = group &* 16
    let rows = min(16, t.rows &- row)
    var column = 0
    while column < t.columns {
      transpose16(
        input + row &* t.inputStride + column, t.inputStride, output + column &* t.outputStride + row, t.outputStride,
        rows: rows, columns: min(16, t.columns &- column), written: rows)
      column &+= 16
    }
  }
}

/// Columns are written to their places among the live ones in ascending order: a dead one to the place of the live one
/// that follows it, which is written next.
private func transposeLive(
  _ t: Transposition, _ input: UnsafeMutablePointer<Float>, _ output: UnsafeMutablePointer<Float>,
  _ positions: UnsafePointer<Int32>, _ first: Int, _ last: Int
) {
  withUnsafeTemporaryAllocation(of: Float.self, capacity: vectorWidth &* vectorWidth) { memory in
    guard let block = memory.baseAddress else { return }
    for group in first..<last {
      let row = group &* 16
      let rows = min(16, t.rows &- row)
      var column = 0
      while column < t.columns {
        let columns = min(16, t.columns &- column)
        transpose16(
          input + row &* t.inputStride + column, t.inputStride, block, 16, rows: rows, columns: columns, written: 16)
        for index in 0..<columns where positions[column &+ index] < positions[t.columns] {
          let target = output + Int(positions[column &+ index]) &* t.outputStride + row
          if rows == 16 {
            store(load(block + index &* 16), target)
          } else {
            target.update(from: block + index &* 16, count: rows)
          }
        }
        column &+= 16
      }
    }
  }
}

/// Units are groups of sixteen entries of the output.
func runGather(
  _ gather: UnsafePointer<Gather>, _ context: UnsafePointer<RunContext>, _ first: Int, _ last: Int
) {
  let input = context.pointee.address(gather.pointee.input)
  let output = context.pointee.address(gather.pointee.output)
  let inner = gather.pointee.rank &- 1
  let length = gather.pointee.extents[inner]
  let from = gather.pointee.inputStrides[inner]
  let to = gather.pointee.outputStrides[inner]
  var outer = 1
  for axis in 0..<inner { outer &*= gather.pointee.extents[axis] }
  for index in 0..<outer {
    var rest = index
    var source = input
    var target = output
    for axis in stride(from: inner &- 1, through: 0, by: -1) {
      let place = rest % gather.pointee.extents[axis]
      rest /= gather.pointee.extents[axis]
      source += place &* gather.pointee.inputStrides[axis]
      target += place &* gather.pointee.outputStrides[axis]
    }
    for entry in first &* vectorWidth..<min(gather.pointee.count, last &* vectorWidth) {
      let number = Int(gather.pointee.indices[entry])
      let line = target + entry &* gather.pointee.outputStride
      if number < 0 {
        for element in 0..<length { line[element &* to] = 0 }
      } else {
        let values = source + number &* gather.pointee.inputStride
        if from == 1, to == 1 {
          line.update(from: values, count: length)
        } else {
          for element in 0..<length { line[element &* to] = values[element &* from] }
        }
      }
    }
  }
}
