import KernelInterface

/// The stream number of a name: FNV-1a, so that it is the same in every process.
func streamNumber(_ name: String) -> UInt64 {
  name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
}

extension Planner {
  func emitNoise(_ index: Int, _ kind: NoiseKind, _ name: String) {
    let shape = nodes[index].shape
    let order: ElementOrder = shape.count >= 2 ? .featureMajor : .rowMajor
    let target = newValue(shape, order)
    var fill = NoiseFill()
    fill.columns = shape.count >= 2 ? shape[shape.count - 1] : 1
    fill.rows = shape.reduce(1, *) / max(fill.columns, 1)
    fill.output = target.location
    fill.rowStride = 1
    fill.columnStride = shape.count >= 2 ? target.strides[shape.count - 1] : 1
    fill.stream = streamNumber(name)
    fill.isNormal = kind == .standardNormal
    emit(
      .noise(fill), units: fill.columns * pieces(fill.rows, of: UnitSize.noiseRows), reads: [],
      writes: [target.location])
    values[index] = target
  }

  func emitImages(_ index: Int, _ name: String, _ treatment: PixelTreatment) {
    let shape = nodes[index].shape
    let target = newValue(shape, .featureMajor)
    var fill = ImageFill()
    fill.binding = binding(name, .images, batch: shape[0])
    fill.batch = shape[0]
    fill.pixels = shape[1]
    fill.conversion =
      switch treatment {
      case .grey: .grey
      case .binarised: .binarised
      case .sampled: .sampled
      }
    fill.stream = streamNumber(name)
    fill.pixelMajor = target.location
    fill.pixelStride = target.strides[1]
    emit(.images(fill), units: pieces(shape[0], of: vectorWidth), reads: [], writes: [target.location])
    values[index] = target
  }

  /// The number of the rows of a name: every node that reads them reads the same.
  private func binding(_ name: String, _ kind: Binding.Kind, batch: Int) -> Int {
    let binding = Binding(name: name, kind: kind, batch: batch)
    if let number = bindings.firstIndex(where: { $0.name == name }) {
      precondition(bindings[number] == binding, "the rows \(name) are recorded in two ways")
      return number
    }
    bindings.append(binding)
    return bindings.count - 1
  }

  func emitLabels(_ index: Int, _ name: String) {
    let shape = nodes[index].shape
    let target = newValue(shape, .featureMajor)
    var fill = LabelFill()
    fill.binding = binding(name, .labels, batch: shape[0])
    (fill.batch, fill.classes) = (shape[0], shape[1])
    fill.oneHot = target.location
    (fill.rowStride, fill.classStride) = (target.strides[0], target.strides[1])
    emit(.labels(fill), units: pieces(shape[0], of: vectorWidth), reads: [], writes: [target.location])
    values[index] = target
  }

  func emitKnownLabels(_ index: Int, _ name: String, classes: Int) {
    let shape = nodes[index].shape
    let target = newValue(shape, .rowMajor)
    var fill = LabelFill()
    fill.binding = binding(name, .labels, batch: shape[0])
    (fill.batch, fill.classes) = (shape[0], classes)
    fill.known = target.location
    emit(.labels(fill), units: pieces(shape[0], of: vectorWidth), reads: [], writes: [target.location])
    values[index] = target
  }

  func emitRows(_ index: Int, _ name: String) {
    let shape = nodes[index].shape
    let target = newValue(shape, .featureMajor)
    var fill = RowFill()
    fill.binding = binding(name, .values, batch: shape[0])
    (fill.batch, fill.width) = (shape[0], shape[1])
    fill.output = target.location
    (fill.rowStride, fill.columnStride) = (target.strides[0], target.strides[1])
    emit(.rows(fill), units: pieces(shape[0], of: vectorWidth), reads: [], writes: [target.location])
    values[index] = target
  }

  func emitGather(_ index: Int, _ axis: Int, _ indices: [Int32]) {
    let input = memoryView(of: nodes[index].operands[0])
    let output = newValue(nodes[index].shape, elementOrder(index))
    emit(
      .gather(PlannedGather(axis: axis, indices: indices, input: input, output: output)),
      units: pieces(indices.count, of: vectorWidth), reads: [input.location], writes: [output.location])
    values[index] = output
  }

  /// Images row-major are written by the same instruction that writes them pixel by pixel.
  func imagesRowMajor(_ index: Int, axis: Int) -> View? {
    guard case .images = nodes[index].operation, axis == 1, let source = values[index] else { return nil }
    let shape = nodes[index].shape
    buffers.append(Buffer(kind: .temporary, count: shape[0] * paddedRow(shape[1])))
    let target = View(
      location: Location(base: buffers.count - 1), shape: shape, strides: [paddedRow(shape[1]), 1])
    for position in instructions.indices {
      guard case .images(var fill) = instructions[position].payload, fill.pixelMajor == source.location else {
        continue
      }
      fill.rowMajor = target.location
      fill.rowStride = target.strides[0]
      instructions[position].payload = .images(fill)
      instructions[position].writes.insert(target.location.base)
    }
    copies[CopyKey(node: index, axis: axis)] = target
    return target
  }

  /// Image orders that nobody reads are not written.
  func dropUnreadImages() {
    let read = instructions.reduce(into: Set<Int>()) { $0.formUnion($1.reads) }
    for position in instructions.indices {
      guard case .images(var fill) = instructions[position].payload, !read.contains(fill.pixelMajor.base),
        !buffers[fill.pixelMajor.base].isOutput
      else { continue }
      instructions[position].writes.remove(fill.pixelMajor.base)
      fill.pixelMajor = Location(base: -1)
      instructions[position].payload = .images(fill)
    }
  }

  /// Adam, at the end of the program; inside the product that computes the gradient where nothing else reads it.
  func emitUpdates() {
    // All gradients are those of the weights before the step: a gradient that is itself a weight is copied first.
    let weightCopies = Dictionary(
      updates.compactMap { update in copyOfWeight(update.gradient).map { (update.gradient, $0) } },
      uniquingKeysWith: { first, _ in first })
    for (number, update) in updates.enumerated() {
      guard let parameter = values[update.parameter] else { continue }
      let rate = memoryView(of: update.rate).location
      let scale = update.scale.map { memoryView(of: $0).location }
      let gradient = update.gradient
      var state = AdamState()
      state.correction = number
      state.value = parameter.location
      state.first = newValue(parameter.shape, .rowMajor, kind: .firstMoment(update.name)).location
      state.second = newValue(parameter.shape, .rowMajor, kind: .secondMoment(update.name)).location
      state.rate = rate
      if let scale { state.scale = scale }
      state.beta1 = update.adam.beta1
      state.beta2 = update.adam.beta2
      state.epsilon = update.adam.epsilon
      let touched = [state.value, state.first, state.second]
      let reads = [rate] + (scale.map { [$0] } ?? [])
      if sparseGradients.contains(gradient) {
        emitSparseGradient(gradient, state, reads, touched)
        continue
      }
      if scale == nil, fuseUpdate(gradient, state, reads, touched) { continue }
      var stored = AdamUpdate()
      stored.count = parameter.shape.reduce(1, *)
      stored.gradient = weightCopies[gradient] ?? rowMajorLocation(gradient)
      stored.state = state
      emit(
        .adam(stored), units: pieces(stored.count, of: UnitSize.adamElements),
        reads: reads + [stored.gradient] + touched,
        writes: touched)
    }
  }

  /// A copy of a value that lies in the memory of a parameter; nil for every other.
  private func copyOfWeight(_ index: Int) -> Location? {
    guard let view = view(of: index), isParameter(view.location) else { return nil }
    let target = newValue(nodes[index].shape, .rowMajor)
    copy(view, to: target)
    return target.location
  }

  private func isParameter(_ location: Location) -> Bool {
    if case .parameter = buffers[location.base].kind { return true }
    return false
  }

  private func rowMajorLocation(_ index: Int) -> Location {
    let shape = nodes[index].shape
    let strides = ElementOrder.rowMajor.strides(shape).strides
    if let view = view(of: index), view.hasOrder(strides) { return view.location }
    let target = newValue(shape, .rowMajor)
    copy(from: index, to: target)
    return target.location
  }

  /// Moves the product that computes a gradient to the end of the program and lets it update the parameter.
  private func fuseUpdate(_ gradient: Int, _ state: AdamState, _ reads: [Location], _ touched: [Location]) -> Bool {
    guard products[gradient]?.product == gradient, usage.readers[gradient].isEmpty, let view = values[gradient],
      !buffers[view.location.base].isOutput,
      let position = instructions.firstIndex(where: {
        if case .matrixProduct(let product) = $0.payload { return product.c == view.location }
        return false
      }), case .matrixProduct(var product) = instructions[position].payload, product.batch == 1,
      product.activation == .copy, product.biasAxis == 0, product.cRow == view.shape[1], view.strides[1] == 1,
      !isParameter(product.a), !isParameter(product.b)
    else { return false }
    product.epilogue = .adam
    product.adam = state
    let instruction = instructions.remove(at: position)
    emit(
      .matrixProduct(product), units: instruction.units, reads: [product.a, product.b] + reads + touched,
      writes: touched)
    return true
  }
}
