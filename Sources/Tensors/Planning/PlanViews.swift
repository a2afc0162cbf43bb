import KernelInterface

extension Planner {
  /// Where a node's value lies, looking through views; nil if it is not in memory in a way a view can express.
  func view(of index: Int) -> View? {
    if let value = values[index] { return value }
    let node = nodes[index]
    switch node.operation {
    case .stopGradient: return view(of: node.operands[0])
    case .reshape: return view(of: node.operands[0])?.reshaped(node.shape)
    case .transpose(let axes):
      guard let view = view(of: node.operands[0]) else { return nil }
      return View(location: view.location, shape: node.shape, strides: axes.map { view.strides[$0] })
    case .slice(let axis, let start):
      guard var view = view(of: node.operands[0]) else { return nil }
      view.location.offset += start * view.strides[axis]
      view.shape = node.shape
      return view
    case .broadcast:
      guard let view = view(of: node.operands[0]) else { return nil }
      let missing = node.shape.count - view.shape.count
      let strides = node.shape.indices.map { axis in
        axis < missing || (view.shape[axis - missing] == 1 && node.shape[axis] != 1) ? 0 : view.strides[axis - missing]
      }
      return View(location: view.location, shape: node.shape, strides: strides)
    default: return nil
    }
  }

  /// The value in memory, computed or copied there now if it is not.
  func memoryView(of index: Int) -> View {
    if let view = view(of: index) { return view }
    emitElementwise(index)
    if let view = values[index] { return view }
    preconditionFailure("a value was emitted without a place")
  }

  /// The value with `axis` contiguous: as it lies, or a copy shared by all who ask.
  func contiguousView(of index: Int, axis: Int) -> View {
    let view = memoryView(of: index)
    if view.strides[axis] == 1 || view.shape[axis] == 1 { return view }
    let key = CopyKey(node: rootOfCopy(index), axis: axis)
    if let copy = copies[key] { return copy }
    if let images = imagesRowMajor(index, axis: axis) { return images }
    let target = copy(view, contiguousAlong: axis)
    copies[key] = target
    return target
  }

  /// A copy in a buffer of its own: the axis becomes contiguous, the others keep their order around it.
  func copy(_ view: View, contiguousAlong axis: Int) -> View {
    var order = view.shape.indices.filter { $0 != axis }
    order.append(axis)
    var strides = [Int](repeating: 1, count: view.shape.count)
    var step = 1
    for position in order.reversed() {
      strides[position] = step
      step *= view.shape[position]
      if position == axis, order.count > 1 { step = paddedRow(step) }
    }
    buffers.append(Buffer(kind: .temporary, count: step))
    let target = View(location: Location(base: buffers.count - 1), shape: view.shape, strides: strides)
    copy(view, to: target)
    return target
  }

  /// Copies of a view of equal shape are shared.
  private func rootOfCopy(_ index: Int) -> Int {
    if case .stopGradient = nodes[index].operation { return rootOfCopy(nodes[index].operands[0]) }
    return index
  }

  func copy(from index: Int, to target: View) {
    if let view = view(of: index) {
      copy(view, to: target)
    } else {
      emitStrips(of: index, to: target)
    }
  }

  /// Copies between two orders; the tiled kernel where it is a plain transposition.
  func copy(_ source: View, to target: View) {
    if source.shape.count == 2, source.strides[0] == 1, target.strides[1] == 1, source.shape[0] > 1, source.shape[1] > 1
    {
      emitTransposition(
        source, rows: source.shape[1], columns: source.shape[0], inputStride: source.strides[1], target,
        outputStride: target.strides[0])
      return
    }
    if source.shape.count == 2, source.strides[1] == 1, target.strides[0] == 1, source.shape[0] > 1, source.shape[1] > 1
    {
      emitTransposition(
        source, rows: source.shape[0], columns: source.shape[1], inputStride: source.strides[0], target,
        outputStride: target.strides[1])
      return
    }
    var builder = StripBuilder(shape: target.shape)
    builder.result = builder.operand(source)
    emit(builder, output: target, reducedAxes: [], reduction: .none)
  }

  private func emitTransposition(
    _ source: View, rows: Int, columns: Int, inputStride: Int, _ target: View, outputStride: Int
  ) {
    var transposition = Transposition()
    transposition.rows = rows
    transposition.columns = columns
    transposition.input = source.location
    transposition.inputStride = inputStride
    transposition.output = target.location
    transposition.outputStride = outputStride
    emit(
      .transposition(transposition), units: pieces(rows, of: vectorWidth), reads: [source.location],
      writes: [target.location])
  }
}
