import KernelInterface

/// Leaves out of the gradient the rows whose factor makes nothing of them (`LiveRowFill`): samples of no weight in an
/// importance-weighted bound, classes of no probability in a sum over classes.
///
/// It looks among what was recorded by `Graph.gradients` for an elementwise value `[rows, features]` that is linear in one
/// factor of each row, and follows it through the products, sums and further elementwise values that it goes into. What
/// lies between is packed: the live rows alone, one after the other, so that each product is as long as there are live
/// rows. Where an elementwise value joins a packed one with others, dead rows are zeros again.
struct LiveRowLowering {
  private(set) var instructions: [PlannedInstruction]
  private(set) var buffers: [Buffer]
  private var readers: [Int: [Int]] = [:]
  private var writers: [Int: [Int]] = [:]
  /// The positions of the rows in every buffer that is packed, and in every copy that has a row of memory for each of them.
  private var packed: [Int: Int] = [:]
  private var copies: [Int: Int] = [:]
  /// What is put before an instruction, and what has gone there.
  private var insertions: [Int: [PlannedInstruction]] = [:]
  private var moved: Set<Int> = []
  /// Where the sums of the live rows go that the writer of a packed buffer computes on the way, a sum for each of its units.
  private var sums: [Int: Int] = [:]

  /// Values of fewer elements do not pay for it: of 640 rows by 784 pixels nothing was gained, of 1,280 a tenth.
  static let leastElements = 1 << 19
  private let leastElements: Int

  /// A packed value: `rows` neighbours in memory for each feature, and so many floats from one feature to the next.
  private struct Layout {
    var buffer: Int
    var features: Int
    var stride: Int
    var rows: Int
    /// The buffer of the rows' positions.
    var positions: Int
  }

  /// Of a program whose instructions are in an order in which they may run.
  init(instructions: [PlannedInstruction], buffers: [Buffer], leastElements: Int) {
    self.leastElements = leastElements
    self.instructions = instructions
    self.buffers = buffers
    for (position, instruction) in instructions.enumerated() {
      for buffer in instruction.reads { readers[buffer, default: []].append(position) }
      for buffer in instruction.writes { writers[buffer, default: []].append(position) }
    }
  }

  /// The instructions with every such value packed that lies in one of `roots`.
  mutating func lower(roots: Set<Int>) -> [PlannedInstruction] {
    for position in instructions.indices where !instructions[position].writes.isDisjoint(with: roots) {
      lower(position)
    }
    return instructions.indices.flatMap { position in
      (insertions[position] ?? []) + (moved.contains(position) ? [] : [instructions[position]])
    }
  }

  /// Packs what the instruction writes, if it is such a value and all who read it can.
  private mutating func lower(_ position: Int) {
    guard case .strips(let strips) = instructions[position].payload, strips.reduction == .none,
      strips.positions == nil, let factor = factor(of: strips),
      let layout = layout(of: strips.output, strips.extents, positions: buffers.count),
      layout.rows * layout.features >= leastElements
    else { return }
    var attempt = self
    // A number more than there are rows, and a vector that is read with the last.
    attempt.buffers.append(Buffer(kind: .temporary, count: layout.rows + 1 + vectorWidth))
    guard attempt.pack(layout), attempt.copiesAreReadPacked(layout) else { return }
    var fill = LiveRowFill()
    fill.rank = strips.extents.count - 1
    fill.factors = factor.location
    fill.positions = Location(base: layout.positions)
    for axis in 0..<fill.rank {
      fill.extents[axis] = strips.extents[axis + 1]
      fill.strides[axis] = factor.strides[axis + 1]
    }
    attempt.write(strips, position, packed: layout)
    let table = PlannedInstruction(
      payload: .liveRows(fill), units: 1, reads: [factor.location.base], writes: [layout.positions])
    attempt.insertions[position] = [table] + attempt.earlierCopies(layout, before: position)
    self = attempt
  }

  /// Copies of which rows are left out wait for the positions.
  private mutating func earlierCopies(_ layout: Layout, before position: Int) -> [PlannedInstruction] {
    let early = copies.keys.sorted().filter { copies[$0] == layout.positions }.compactMap { writers[$0]?.first }
      .filter { $0 < position }
    moved.formUnion(early)
    return early.map { instructions[$0] }
  }

  /// Whether nobody reads a copy of some rows who needs all.
  private func copiesAreReadPacked(_ layout: Layout) -> Bool {
    copies.filter { $0.value == layout.positions }.keys.allSatisfy { copy in
      (readers[copy] ?? []).allSatisfy { reader in
        guard case .matrixProduct(let product) = instructions[reader].payload else { return false }
        return product.liveAxis == .sum && product.liveCount.base == layout.positions
      }
    }
  }

  /// Packs a value, with all who read it; false where one of them cannot.
  private mutating func pack(_ layout: Layout) -> Bool {
    if let positions = packed[layout.buffer] { return positions == layout.positions }
    guard buffers[layout.buffer].kind == .temporary, !buffers[layout.buffer].isOutput,
      writers[layout.buffer]?.count == 1
    else { return false }
    packed[layout.buffer] = layout.positions
    for reader in readers[layout.buffer] ?? [] {
      switch instructions[reader].payload {
      case .matrixProduct(let product):
        guard take(product, reader, layout) else { return false }
      case .strips(let strips):
        guard take(strips, reader, layout) else { return false }
      default: return false
      }
    }
    return true
  }

  private mutating func edit(_ position: Int, _ payload: Payload, _ layout: Layout) {
    instructions[position].payload = payload
    instructions[position].reads.insert(layout.positions)
  }

  private func liveCount(_ layout: Layout) -> Location { Location(base: layout.positions, offset: layout.rows) }

  // MARK: Products

  private mutating func take(_ product: MatrixProduct, _ reader: Int, _ layout: Layout) -> Bool {
    guard product.batch == 1, product.liveAxis == .none,
      product.biasAxis == 0 || product.bias.base != layout.buffer
    else { return false }
    var product = product
    product.liveCount = liveCount(layout)
    if product.b == Location(base: layout.buffer), product.a.base != layout.buffer {
      // Of each row another row: what it writes is packed likewise.
      let whole = pieces(layout.rows, of: vectorWidth) * vectorWidth
      guard product.bRow == layout.stride, product.n == layout.rows || product.n == whole, product.k == layout.features,
        product.biasAxis == 0, product.activation == .copy, product.epilogue == .store, product.c.offset == 0
      else { return false }
      product.liveAxis = .columns
      edit(reader, .matrixProduct(product), layout)
      return pack(
        Layout(
          buffer: product.c.base, features: product.m, stride: product.cRow, rows: layout.rows,
          positions: layout.positions))
    }
    // A sum over rows.
    guard product.a == Location(base: layout.buffer), product.b.base != layout.buffer, product.aColumn == 1,
      product.aRow == layout.stride, product.k == layout.rows, packCopy(product.b, product.bRow, layout)
    else { return false }
    product.liveAxis = .sum
    edit(reader, .matrixProduct(product), layout)
    return true
  }

  /// Leaves the same rows out of a transposed copy.
  private mutating func packCopy(_ copy: Location, _ stride: Int, _ layout: Layout) -> Bool {
    if let positions = copies[copy.base] { return positions == layout.positions }
    guard copy.offset == 0, buffers[copy.base].kind == .temporary, !buffers[copy.base].isOutput,
      let writers = writers[copy.base], writers.count == 1, let writer = writers.first,
      case .transposition(var transposition) = instructions[writer].payload, transposition.columns == layout.rows,
      transposition.outputStride == stride, transposition.output.offset == 0
    else { return false }
    transposition.positions = Location(base: layout.positions)
    edit(writer, .transposition(transposition), layout)
    copies[copy.base] = layout.positions
    return true
  }

  // MARK: Strips

  private mutating func take(_ planned: PlannedStrips, _ reader: Int, _ layout: Layout) -> Bool {
    var strips = planned
    if let positions = strips.positions, positions.location.base != layout.positions { return false }
    let reads = strips.operands.indices.filter { strips.operands[$0].location.base == layout.buffer }
    if strips.reduction != .none { return takeSum(strips, reader, layout) }
    // A copy is of all rows.
    if strips.steps.isEmpty { return false }
    strips.separateFeatures(layout.features)
    for index in reads {
      guard let read = self.layout(of: strips.operands[index], strips.extents, positions: layout.positions),
        read.stride == layout.stride, read.rows == layout.rows
      else { return false }
      strips.operands[index].strides = Self.featureStrides(layout, strips.extents.count)
    }
    setPositions(&strips, layout)
    strips.packed.insert(layout.buffer)
    edit(reader, .strips(strips), layout)
    instructions[reader].units = strips.units
    packResult(of: reader, layout)
    return true
  }

  /// A sum over rows of the value itself: its writer has summed the live rows of every unit, of which a feature has several.
  private mutating func takeSum(_ planned: PlannedStrips, _ reader: Int, _ layout: Layout) -> Bool {
    guard planned.reduction == .sum, planned.steps.isEmpty, planned.operands.count == 1, planned.extents.count == 2,
      planned.operands[0].location.offset == 0,
      // Strips may run along either axis.
      let features = [0, 1].first(where: {
        planned.extents[$0] == layout.features && planned.extents[1 - $0] == layout.rows
          && planned.operands[0].strides[$0] == layout.stride && planned.operands[0].strides[1 - $0] == 1
          && planned.output.strides[1 - $0] == 0
      }), let writer = writers[layout.buffer]?.first, case .strips(let source) = instructions[writer].payload
    else { return false }
    let parts = source.units / layout.features
    let target = sums[layout.buffer] ?? buffers.count
    if target == buffers.count { buffers.append(Buffer(kind: .temporary, count: layout.features * parts)) }
    sums[layout.buffer] = target
    let extents = [layout.features, parts]
    var strips = PlannedStrips(
      output: View(
        location: planned.output.location, shape: extents, strides: [planned.output.strides[features], 0]))
    strips.extents = extents
    strips.keptOuter = 1
    strips.stripAxisIsReduced = true
    strips.reduction = .sum
    strips.operands = [View(location: Location(base: target), shape: extents, strides: [parts, 1])]
    instructions[reader].payload = .strips(strips)
    instructions[reader].units = strips.units
    instructions[reader].reads = [target]
    return true
  }

  /// Where the value is zero in dead rows, and all who read it can, it is packed too.
  private mutating func packResult(of position: Int, _ layout: Layout) {
    guard case .strips(let strips) = instructions[position].payload,
      !strips.packed.contains(strips.output.location.base),
      strips.linearOperands.contains(where: { packed[strips.operands[$0].location.base] == layout.positions }),
      let result = self.layout(of: strips.output, strips.extents, positions: layout.positions)
    else { return }
    var attempt = self
    guard attempt.pack(result), attempt.copiesAreReadPacked(result) else { return }
    attempt.write(strips, position, packed: result)
    self = attempt
  }

  /// Lets a program write live rows alone.
  private mutating func write(_ planned: PlannedStrips, _ position: Int, packed layout: Layout) {
    var strips = planned
    setPositions(&strips, layout)
    strips.output.strides = Self.featureStrides(layout, strips.extents.count)
    strips.packed.insert(layout.buffer)
    if let target = sums[layout.buffer] {
      strips.sums = Location(base: target)
      instructions[position].writes.insert(target)
    }
    edit(position, .strips(strips), layout)
  }

  /// Rows lie in their order over all axes but the first.
  private func setPositions(_ strips: inout PlannedStrips, _ layout: Layout) {
    strips.positions = View(
      location: Location(base: layout.positions), shape: strips.extents,
      strides: [0] + ElementOrder.rowMajor.strides(Array(strips.extents.dropFirst())).strides)
  }

  private static func featureStrides(_ layout: Layout, _ rank: Int) -> [Int] {
    [layout.stride] + [Int](repeating: 0, count: rank - 1)
  }

  /// The layout of a view of which the first axis are features and the others, in their order, rows.
  private func layout(of view: View, _ extents: [Int], positions: Int) -> Layout? {
    guard extents.count >= 2, extents[0] > 1, view.location.offset == 0 else { return nil }
    let rows = View(
      location: view.location, shape: Array(extents.dropFirst()), strides: Array(view.strides.dropFirst()))
    let (strides, count) = ElementOrder.rowMajor.strides(rows.shape)
    guard rows.hasOrder(strides), view.strides.last == 1, view.strides[0] >= count,
      buffers[view.location.base].count == view.strides[0] * extents[0]
    else { return nil }
    return Layout(
      buffer: view.location.base, features: extents[0], stride: view.strides[0], rows: count, positions: positions)
  }

  /// The operand that is a factor of each row, if there is one alone.
  private func factor(of strips: PlannedStrips) -> View? {
    let factors = strips.linearOperands.map { strips.operands[$0] }.filter {
      $0.strides.first == 0 && $0.strides.last == 1
    }
    return factors.count == 1 && !isUniform(factors[0].location.base) ? factors[0] : nil
  }

  /// Whether a value is made of constants and scalars alone: it leaves no row out.
  private func isUniform(_ buffer: Int) -> Bool {
    switch buffers[buffer].kind {
    case .constant, .scalar: return true
    case .temporary: break
    default: return false
    }
    return (writers[buffer] ?? []).allSatisfy { writer in
      switch instructions[writer].payload {
      case .strips, .transposition: instructions[writer].reads.allSatisfy(isUniform)
      default: false
      }
    }
  }
}

extension PlannedStrips {
  /// The operands that the result is linear in, without a constant: as small as they are, and zero where one is.
  var linearOperands: [Int] {
    var linear: [UInt8: Set<Int>] = [:]
    var read: [UInt8: Set<Int>] = [:]
    for index in operands.indices { (linear[UInt8(index)], read[UInt8(index)]) = ([index], [index]) }
    for step in steps {
      let (left, right) = (linear[step.left] ?? [], linear[step.right] ?? [])
      let (leftRead, rightRead) = (read[step.left] ?? [], read[step.right] ?? [])
      linear[step.destination] =
        switch step.function {
        case .binary(.multiply): left.subtracting(rightRead).union(right.subtracting(leftRead))
        case .binary(.divide): left.subtracting(rightRead)
        case .binary(.add), .binary(.subtract): left.intersection(right)
        case .unary(.copy), .unary(.negate): left
        default: []
        }
      read[step.destination] = leftRead.union(rightRead)
    }
    return (linear[result] ?? []).sorted()
  }

  /// Undoes that the axis of features was joined with the next.
  mutating func separateFeatures(_ features: Int) {
    guard let joined = extents.first, joined > features, joined % features == 0, extents.count < maximumAxes else {
      return
    }
    let inner = joined / features
    func separate(_ view: inout View) {
      view.shape.replaceSubrange(0..<1, with: [features, inner])
      view.strides.replaceSubrange(0..<1, with: [view.strides[0] * inner, view.strides[0]])
    }
    extents.replaceSubrange(0..<1, with: [features, inner])
    for index in operands.indices { separate(&operands[index]) }
    separate(&output)
    keptOuter += 1
  }
}
