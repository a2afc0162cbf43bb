import KernelInterface

/// Collects the operands and steps of one strip program over the iteration axes of `shape`.
struct StripBuilder {
  let shape: [Int]
  private(set) var operands: [View] = []
  private(set) var constants: [Float] = []
  /// Steps on symbolic values; register numbers are given at the end.
  private(set) var steps: [Step] = []
  var result = Value.operand(0)

  enum Value: Hashable {
    case operand(Int)
    case constant(Int)
    case step(Int)
  }

  struct Step: Hashable {
    var function: ElementwiseFunction
    var left: Value
    var right: Value
  }

  init(shape: [Int]) { self.shape = shape }

  /// A value in memory, with one stride for each iteration axis.
  mutating func operand(_ view: View) -> Value {
    if let index = operands.firstIndex(where: { $0.location == view.location && $0.hasOrder(view.strides) }) {
      return .operand(index)
    }
    operands.append(view)
    return .operand(operands.count - 1)
  }

  /// The same numbers elsewhere.
  mutating func replaceOperand(_ index: Int, by view: View) { operands[index] = view }

  mutating func constant(_ value: Float) -> Value {
    if let index = constants.firstIndex(where: { $0.bitPattern == value.bitPattern }) { return .constant(index) }
    constants.append(value)
    return .constant(constants.count - 1)
  }

  mutating func step(_ function: ElementwiseFunction, _ left: Value, _ right: Value) -> Value {
    let step = Step(function: function, left: left, right: right)
    if let index = steps.firstIndex(of: step) { return .step(index) }
    steps.append(step)
    return .step(steps.count - 1)
  }

  /// Steps with registers: operands first, then constants, then temporaries that are reused after their last reader.
  func registers() -> (steps: [StripStep], result: UInt8) {
    var lastUse = [Int](repeating: -1, count: steps.count)
    for (index, step) in steps.enumerated() {
      for case .step(let used) in [step.left, step.right] { lastUse[used] = index }
    }
    if case .step(let used) = result { lastUse[used] = steps.count }
    var free: [UInt8] = []
    var next = operands.count + constants.count
    var assigned = [UInt8](repeating: 0, count: steps.count)
    func register(_ value: Value) -> UInt8 {
      switch value {
      case .operand(let index): UInt8(index)
      case .constant(let index): UInt8(operands.count + index)
      case .step(let index): assigned[index]
      }
    }
    var numbered: [StripStep] = []
    for (index, step) in steps.enumerated() {
      let left = register(step.left)
      let right = register(step.right)
      for used in Set([step.left, step.right]) {
        if case .step(let source) = used, lastUse[source] == index { free.append(assigned[source]) }
      }
      if let reused = free.popLast() {
        assigned[index] = reused
      } else {
        assigned[index] = UInt8(next)
        next += 1
      }
      numbered.append(StripStep(function: step.function, destination: assigned[index], left: left, right: right))
    }
    precondition(next <= maximumRegisters, "a fused program needs \(next) registers")
    return (numbered, register(result))
  }
}

extension Planner {
  /// How an iteration axis reaches an axis of a node while views are looked through.
  struct AxisUse: Hashable {
    /// The iteration axis, or nil where the node is read at `start` only.
    var axis: Int?
    var start = 0
  }

  /// Gives an elementwise node or view a buffer and the program that fills it.
  func emitElementwise(_ index: Int) {
    let target = newValue(nodes[index].shape, elementOrder(index))
    emitStrips(of: index, to: target)
    values[index] = target
  }

  func emitStrips(of index: Int, to target: View) {
    var builder = StripBuilder(shape: nodes[index].shape)
    let uses = nodes[index].shape.indices.map { AxisUse(axis: $0) }
    builder.result = value(index, uses, &builder, root: true)
    emit(builder, output: target, reducedAxes: [], reduction: .none)
  }

  func emitReduction(_ index: Int, _ axes: [Int], _ reduction: StripReduction) {
    let operand = nodes[index].operands[0]
    var builder = StripBuilder(shape: nodes[operand].shape)
    builder.result = value(operand, nodes[operand].shape.indices.map { AxisUse(axis: $0) }, &builder)
    let target = newValue(nodes[index].shape, elementOrder(index))
    var output = target
    output.shape = builder.shape
    for axis in axes { output.strides[axis] = 0 }
    emit(builder, output: output, reducedAxes: Set(axes), reduction: reduction)
    values[index] = target
  }

  func emitConcatenation(_ index: Int, _ axis: Int) {
    let target = newValue(nodes[index].shape, elementOrder(index))
    let first = instructions.count
    defer { markParts(of: target, from: first) }
    var start = 0
    for operand in nodes[index].operands {
      var part = target
      part.location.offset += start * target.strides[axis]
      part.shape = nodes[operand].shape
      copy(from: operand, to: part)
      start += nodes[operand].shape[axis]
    }
    values[index] = target
  }

  func emitPadding(_ index: Int, _ axis: Int, _ before: Int) {
    let operand = nodes[index].operands[0]
    let target = newValue(nodes[index].shape, elementOrder(index))
    let first = instructions.count
    defer { markParts(of: target, from: first) }
    func part(_ start: Int, _ extent: Int) -> View {
      var part = target
      part.location.offset += start * target.strides[axis]
      part.shape[axis] = extent
      return part
    }
    let extent = nodes[operand].shape[axis]
    for (start, size) in [(0, before), (before + extent, nodes[index].shape[axis] - before - extent)] where size > 0 {
      let zeros = part(start, size)
      var builder = StripBuilder(shape: zeros.shape)
      builder.result = builder.constant(0)
      emit(builder, output: zeros, reducedAxes: [], reduction: .none)
    }
    copy(from: operand, to: part(before, extent))
    values[index] = target
  }

  /// What has been emitted since `first` and writes to `target` writes a part of it each.
  private func markParts(of target: View, from first: Int) {
    for position in first..<instructions.count where instructions[position].writes.contains(target.location.base) {
      instructions[position].isPart = true
    }
  }

  /// The strip value of a node read through `uses`, one entry an axis of the node.
  private func value(
    _ index: Int, _ uses: [AxisUse], _ builder: inout StripBuilder, root: Bool = false
  ) -> StripBuilder.Value {
    if let constant = graph.uniformConstant(index) { return builder.constant(constant) }
    if !root, let view = view(of: index) { return builder.operand(strided(view, uses, builder.shape)) }
    let node = nodes[index]
    switch node.operation {
    case .unary(let operation):
      let operand = value(node.operands[0], uses, &builder)
      return builder.step(.unary(operation), operand, operand)
    case .binary(let operation):
      let left = value(node.operands[0], uses, &builder)
      let right = value(node.operands[1], uses, &builder)
      return builder.step(.binary(operation), left, right)
    case .stopGradient: return value(node.operands[0], uses, &builder)
    case .transpose(let axes):
      var inner = uses
      for (position, axis) in axes.enumerated() { inner[axis] = uses[position] }
      return value(node.operands[0], inner, &builder)
    case .slice(let axis, let start):
      var inner = uses
      inner[axis].start += start
      return value(node.operands[0], inner, &builder)
    case .broadcast:
      let shape = nodes[node.operands[0]].shape
      let missing = node.shape.count - shape.count
      let inner = shape.indices.map { axis in
        shape[axis] == 1 && node.shape[axis + missing] != 1 ? AxisUse(axis: nil) : uses[axis + missing]
      }
      return value(node.operands[0], inner, &builder)
    case .reshape:
      let shape = nodes[node.operands[0]].shape
      if shape.filter({ $0 != 1 }) == node.shape.filter({ $0 != 1 }) {
        var remaining = node.shape.indices.filter { node.shape[$0] != 1 }[...]
        let inner = shape.map { extent in
          if extent == 1 { return AxisUse(axis: nil) }
          return remaining.popFirst().map { uses[$0] } ?? AxisUse(axis: nil)
        }
        return value(node.operands[0], inner, &builder)
      }
      return builder.operand(strided(rowMajorReshape(index), uses, builder.shape))
    default: return builder.operand(strided(memoryView(of: index), uses, builder.shape))
    }
  }

  /// A reshape that strides cannot express: the operand is copied to row-major order first.
  private func rowMajorReshape(_ index: Int) -> View {
    let operand = nodes[index].operands[0]
    let key = CopyKey(node: operand, axis: -1)
    let flat =
      copies[key]
      ?? {
        let target = newValue(nodes[operand].shape, .rowMajor)
        copy(from: operand, to: target)
        copies[key] = target
        return target
      }()
    if let view = flat.reshaped(nodes[index].shape) { return view }
    preconditionFailure("a row-major value can be reshaped")
  }

  /// Strides of a view along the iteration axes.
  private func strided(_ view: View, _ uses: [AxisUse], _ shape: [Int]) -> View {
    var result = View(location: view.location, shape: shape, strides: [Int](repeating: 0, count: shape.count))
    for (position, use) in uses.enumerated() {
      result.location.offset += use.start * view.strides[position]
      if let axis = use.axis, view.shape[position] != 1 { result.strides[axis] += view.strides[position] }
    }
    return result
  }

  /// Values follow their operands: row-major where all large operands are, feature-major otherwise.
  func elementOrder(_ index: Int) -> ElementOrder {
    let node = nodes[index]
    guard node.shape.count >= 2 else { return .rowMajor }
    var visited = Set<Int>()
    var found: [ElementOrder] = []
    func visit(_ current: Int) {
      guard visited.insert(current).inserted, visited.count < 64 else { return }
      if let view = values[current] {
        guard view.shape.count >= 2, view.shape.reduce(1, *) > 1, case let axis = view.shape.count - 1 else { return }
        if graph.uniformConstant(current) != nil { return }
        found.append(view.strides[axis] == 1 && view.shape[axis] > 1 ? .rowMajor : .featureMajor)
        return
      }
      for operand in nodes[current].operands { visit(operand) }
    }
    for operand in node.operands { visit(operand) }
    return !found.isEmpty && found.allSatisfy { $0 == .rowMajor } ? .rowMajor : .featureMajor
  }
}
