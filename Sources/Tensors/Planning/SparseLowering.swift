import KernelInterface

/// A first layer on binary images, trained without clipping, is lowered to sums over set pixels: forward it adds the
/// weight rows of the set pixels, backward the adjoints of the images in which a pixel is set. Both are bitwise equal
/// to the dense products. The weights are then stored `[in, out]`.
struct SparseLayer {
  var images: Int
  var parameter: Int
  var parameterName: String
  /// The product that computes the weight's gradient.
  var gradient: Int
}

extension Planner {
  /// Finds weights that are read by one product with binary images alone and whose gradient is read by Adam alone.
  func findSparseLayers(roots: Set<Int>) {
    if updates.isEmpty {
      findForwardSparseLayers(roots: roots)
      return
    }
    for update in updates where update.scale == nil {
      let (name, node, gradient) = (update.name, update.parameter, update.gradient)
      guard usage.readers[node].count == 1, let forward = usage.readers[node].first, !roots.contains(node),
        case .matrixProduct(false, true) = nodes[forward].operation, nodes[forward].operands[1] == node,
        nodes[forward].shape.count == 2,
        case let images = nodes[forward].operands[0], case .images(_, let treatment) = nodes[images].operation,
        treatment.isBinary,
        case .matrixProduct(true, false) = nodes[gradient].operation, nodes[gradient].operands[1] == images,
        usage.readers[gradient].isEmpty, !outputs.contains(where: { $0.node == gradient })
      else { continue }
      sparseForwards[forward] = SparseLayer(images: images, parameter: node, parameterName: name, gradient: gradient)
      sparseGradients.insert(gradient)
      transposedParameters.insert(name)
    }
  }

  /// Without training the weights are only read; the executable keeps a transposed copy of those it is given.
  private func findForwardSparseLayers(roots: Set<Int>) {
    for node in nodes.indices where usage.live[node] && !roots.contains(node) {
      guard case .parameter(let name) = nodes[node].operation, usage.readers[node].count == 1,
        let forward = usage.readers[node].first,
        case .matrixProduct(false, true) = nodes[forward].operation, nodes[forward].operands[1] == node,
        nodes[forward].shape.count == 2, nodes[forward].shape[0] >= 16,
        case let images = nodes[forward].operands[0], case .images(_, let treatment) = nodes[images].operation,
        treatment.isBinary
      else { continue }
      sparseForwards[forward] = SparseLayer(images: images, parameter: node, parameterName: name, gradient: -1)
      transposedParameters.insert(name)
    }
  }

  /// The forward layer; its bias and activation come along.
  func emitSparseForward(_ pattern: ProductPattern, _ layer: SparseLayer, _ target: View) {
    let shape = nodes[layer.images].shape
    let lists = setPixels(layer.images)
    guard let weights = values[layer.parameter] else { return }
    var forward = SparseForward()
    forward.batch = shape[0]
    forward.pixels = shape[1]
    forward.outputs = target.shape[1]
    forward.setPixels = lists.setPixels
    forward.setCounts = lists.setCounts
    forward.weights = weights.location
    let bias = pattern.bias.map { contiguousView(of: $0, axis: 0) }
    forward.hasBias = bias != nil
    forward.bias = bias?.location ?? Location(base: -1)
    forward.activation = pattern.activation
    forward.result = target.location
    forward.resultStride = target.strides[1]
    let blocks = pieces(forward.outputs, of: UnitSize.sparseOutputs)
    emit(
      .sparseForward(forward), units: blocks * pieces(shape[0], of: vectorWidth),
      reads: [forward.setPixels, forward.setCounts, forward.weights] + (bias.map { [$0.location] } ?? []),
      writes: [target.location])
  }

  /// The weight gradient with Adam.
  func emitSparseGradient(_ gradient: Int, _ state: AdamState, _ reads: [Location], _ touched: [Location]) {
    let images = nodes[gradient].operands[1]
    let shape = nodes[images].shape
    let adjoints = contiguousView(of: nodes[gradient].operands[0], axis: 1)
    let lists = setPixels(images)
    var sparse = SparseGradient()
    sparse.batch = shape[0]
    sparse.pixels = shape[1]
    sparse.outputs = nodes[gradient].shape[0]
    sparse.masks = lists.masks
    sparse.maskStride = lists.maskStride
    sparse.adjoints = adjoints.location
    sparse.adjointStride = adjoints.strides[0]
    sparse.state = state
    let blocks = pieces(sparse.outputs, of: UnitSize.sparseOutputs)
    emit(
      .sparseGradient(sparse), units: blocks * pieces(shape[1], of: UnitSize.sparsePixels),
      reads: [sparse.masks, sparse.adjoints] + reads + touched, writes: touched)
  }

  /// Lists and masks of set pixels, written by the instruction that reads the images.
  private func setPixels(_ index: Int) -> ImageFill {
    guard let source = values[index],
      let position = instructions.firstIndex(where: {
        if case .images(let fill) = $0.payload { return fill.pixelMajor == source.location }
        return false
      }), case .images(var fill) = instructions[position].payload
    else { preconditionFailure("images are emitted before what reads them") }
    if fill.masks.base >= 0 { return fill }
    let groups = pieces(fill.batch, of: vectorWidth)
    fill.maskStride = (groups + 3) / 4 * 4
    fill.setPixels = newBuffer(fill.batch * fill.pixels)
    fill.setCounts = newBuffer(fill.batch)
    fill.masks = newBuffer(fill.pixels * fill.maskStride / 2)
    instructions[position].payload = .images(fill)
    instructions[position].writes.formUnion([fill.setPixels.base, fill.setCounts.base, fill.masks.base])
    return fill
  }

  private func newBuffer(_ count: Int) -> Location {
    buffers.append(Buffer(kind: .temporary, count: count))
    return Location(base: buffers.count - 1)
  }
}
