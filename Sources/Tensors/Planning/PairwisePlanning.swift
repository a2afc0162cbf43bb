import KernelInterface

/// A pass over pairs with its tables as arrays.
struct PlannedPairwise {
  var layout: PairwiseLayout
  /// Everything but the tables.
  var fields: PairwiseFields
}

/// The operands of a pass while it is planned; see `PairwisePass`.
struct PairwiseFields {
  var role: PairwiseRole
  var samples = 0
  var references = 0
  var codes: View?
  var means: View?
  var precisions: View?
  var offsets: View?
  var weights: View?
  var densities: View?
  var adjoints: View?
  var output: View
}

extension PairwiseLayout {
  /// The tables of a pass.
  struct Tables {
    var subsetStarts: [Int32] = [0]
    var members: [Int32] = []
    var dimensionStarts: [Int32] = [0]
    var entrySubsets: [Int32] = []
    var entryMembers: [Int32] = []
    var buffers: [Int32] = []
    var bufferCount = 0
  }

  var tables: Tables {
    var tables = Tables()
    var direct: Set<Int> = []
    for subset in subsets {
      tables.members += subset.map(Int32.init)
      tables.subsetStarts.append(Int32(tables.members.count))
      if subset.count == 1, direct.insert(subset[0]).inserted {
        tables.buffers.append(-1)
      } else {
        tables.buffers.append(Int32(tables.bufferCount))
        tables.bufferCount += 1
      }
    }
    for dimension in 0..<dimensions {
      for (number, subset) in subsets.enumerated() {
        guard let place = subset.firstIndex(of: dimension) else { continue }
        tables.entrySubsets.append(Int32(number))
        tables.entryMembers.append(tables.subsetStarts[number] + Int32(place))
      }
      tables.dimensionStarts.append(Int32(tables.entrySubsets.count))
    }
    return tables
  }
}

extension Planner {
  /// Gives a pairwise operation a buffer and the pass that fills it.
  func emitPairwise(_ index: Int, _ layout: PairwiseLayout, _ role: PairwiseRole) {
    let node = nodes[index]
    // Whole vectors, and room for the lanes beyond the last reference, which the gradient pass writes.
    let row = pieces(node.shape[1], of: vectorWidth) * vectorWidth
    buffers.append(Buffer(kind: .temporary, count: node.shape[0] * row))
    let output = View(location: Location(base: buffers.count - 1), shape: node.shape, strides: [row, 1])
    var fields = PairwiseFields(role: role, output: output)
    if role == .codeGradient {
      fields.samples = node.shape[1]
      fields.densities = memoryView(of: node.operands[0])
      fields.adjoints = contiguousView(of: node.operands[1], axis: 1)
    } else {
      fields.samples = nodes[node.operands[0]].shape[0]
      fields.references = nodes[node.operands[1]].shape[0]
      fields.codes = contiguousView(of: node.operands[0], axis: 0)
      fields.means = contiguousView(of: node.operands[1], axis: 0)
      fields.precisions = contiguousView(of: node.operands[3], axis: 0)
      fields.offsets = contiguousView(of: node.operands[4], axis: 0)
      let hasWeights = node.operands.count == (role == .densities ? 6 : 8)
      fields.weights = hasWeights ? weightView(node.operands[5], lanes: role == .densities ? 0 : 1) : zeros()
      if role != .densities {
        fields.densities = memoryView(of: node.operands[node.operands.count - 2])
        fields.adjoints = contiguousView(of: node.operands[node.operands.count - 1], axis: 1)
      }
    }
    let units =
      switch role {
      case .densities: pieces(fields.samples, of: vectorWidth)
      case .codeGradient: layout.dimensions
      case .posteriorGradient, .weightGradient: pieces(fields.references, of: vectorWidth)
      }
    let operands = [
      fields.codes, fields.means, fields.precisions, fields.offsets, fields.weights, fields.densities, fields.adjoints,
    ]
    emit(
      .pairwise(PlannedPairwise(layout: layout, fields: fields)), units: units,
      reads: operands.compactMap { $0?.location }, writes: [output.location])
    values[index] = output
  }

  /// Weights `[samples, references]` with the axis of the lanes contiguous; constants are turned while planning.
  private func weightView(_ index: Int, lanes: Int) -> View {
    guard lanes == 0, case .constant(let tensor) = nodes[index].operation else {
      return contiguousView(of: index, axis: lanes)
    }
    let key = CopyKey(node: index, axis: lanes)
    if let copy = copies[key] { return copy }
    let (rows, columns) = (tensor.shape[0], tensor.shape[1])
    var turned = Tensor(shape: [columns, rows])
    turned.withUnsafeMutableBufferPointer { target in
      for row in 0..<rows {
        for column in 0..<columns { target[column * rows + row] = tensor.elements[row * columns + column] }
      }
    }
    var view = newValue([columns, rows], .rowMajor, kind: .constant(turned))
    view.shape = [rows, columns]
    view.strides = [1, rows]
    copies[key] = view
    return view
  }

  /// One vector of zeros that stands for any number of pairs.
  private func zeros() -> View {
    var view = newValue([vectorWidth], .rowMajor, kind: .constant(Tensor(shape: [vectorWidth])))
    (view.shape, view.strides) = ([1, 1], [0, 0])
    return view
  }
}

extension ProgramImage {
  /// The pass as the kernels read it.
  func build(_ planned: PlannedPairwise, _ resolve: (inout Location) -> Void) -> UnsafeRawPointer {
    let tables = planned.layout.tables
    let fields = planned.fields
    var pass = PairwisePass(
      subsetStarts: own(tables.subsetStarts), members: own(tables.members),
      dimensionStarts: own(tables.dimensionStarts),
      entrySubsets: own(tables.entrySubsets), entryMembers: own(tables.entryMembers), buffers: own(tables.buffers))
    pass.role = fields.role
    pass.samples = fields.samples
    pass.references = fields.references
    pass.dimensions = planned.layout.dimensions
    pass.subsetCount = planned.layout.subsets.count
    pass.bufferCount = tables.bufferCount
    func place(
      _ view: View?, _ location: WritableKeyPath<PairwisePass, Location>, _ stride: WritableKeyPath<PairwisePass, Int>,
      _ axis: Int
    ) {
      guard let view else { return }
      pass[keyPath: location] = view.location
      resolve(&pass[keyPath: location])
      pass[keyPath: stride] = view.strides[axis]
    }
    place(fields.codes, \.codes, \.codeStride, 1)
    place(fields.means, \.means, \.meanStride, 1)
    place(fields.precisions, \.precisions, \.precisionStride, 1)
    place(fields.offsets, \.offsets, \.offsetStride, 1)
    place(fields.weights, \.weights, \.weightStep, fields.role == .densities ? 1 : 0)
    place(fields.weights, \.weights, \.weightLane, fields.role == .densities ? 0 : 1)
    place(fields.densities, \.densities, \.densityStride, 0)
    place(fields.adjoints, \.adjoints, \.adjointStride, 0)
    place(fields.output, \.output, \.outputStride, 0)
    return own(pass)
  }
}
