import KernelInterface

/// Units are groups of sixteen rows. A row past the bound ones, or whose label is no class, is blank and not known.
func runLabels(_ fill: UnsafePointer<LabelFill>, _ context: UnsafePointer<RunContext>, _ first: Int, _ last: Int) {
  let f = fill.pointee
  let binding = context.pointee.bindings[f.binding]
  for row in first &* vectorWidth..<min(f.batch, last &* vectorWidth) {
    var label: Int32 = -1
    if row < binding.count, let data = binding.data {
      label = data.assumingMemoryBound(to: Int32.self)[Int(binding.rows[row])]
    }
    let isKnown = label >= 0 && Int(label) < f.classes
    if f.known.base >= 0 { context.pointee.address(f.known)[row] = isKnown ? 1 : 0 }
    if f.oneHot.base >= 0 {
      let target = context.pointee.address(f.oneHot) + row &* f.rowStride
      for number in 0..<f.classes { target[number &* f.classStride] = 0 }
      if isKnown { target[Int(label) &* f.classStride] = 1 }
    }
  }
}

/// Units are groups of sixteen rows; those past the bound ones are zero.
func runRows(_ fill: UnsafePointer<RowFill>, _ context: UnsafePointer<RunContext>, _ first: Int, _ last: Int) {
  let f = fill.pointee
  let binding = context.pointee.bindings[f.binding]
  for row in first &* vectorWidth..<min(f.batch, last &* vectorWidth) {
    let target = context.pointee.address(f.output) + row &* f.rowStride
    if row < binding.count, let data = binding.data {
      let source = data.assumingMemoryBound(to: Float.self) + Int(binding.rows[row]) &* f.width
      for column in 0..<f.width { target[column &* f.columnStride] = source[column] }
    } else {
      for column in 0..<f.width { target[column &* f.columnStride] = 0 }
    }
  }
}
