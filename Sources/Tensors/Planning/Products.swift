import KernelInterface

/// A matrix product together with the bias and activation that are computed while its elements are in registers.
struct ProductPattern {
  var product: Int
  var bias: Int?
  var activation: UnaryOperation = .copy
  /// Everything the instruction reads.
  var operands: [Int]
}

extension Planner {
  /// Finds products followed by a bias along the last axis and by an activation that nobody else reads.
  func findProducts(roots: Set<Int>) {
    let activations: Set<UnaryOperation> = [.tanh, .sigmoid, .softplus, .relu, .elu, .leakyRelu]
    for index in nodes.indices where usage.live[index] {
      guard case .matrixProduct = nodes[index].operation else { continue }
      var pattern = ProductPattern(product: index, operands: nodes[index].operands)
      var top = index
      if nodes[index].shape.count == 2, let sum = soleReader(top, roots), let bias = biasOperand(sum, of: top) {
        pattern.bias = bias
        pattern.operands.append(bias)
        absorbed.insert(top)
        top = sum
      }
      if let reader = soleReader(top, roots), case .unary(let operation) = nodes[reader].operation,
        activations.contains(operation)
      {
        pattern.activation = operation
        absorbed.insert(top)
        top = reader
      }
      products[top] = pattern
      let node = nodes[index]
      let left = nodes[node.operands[0]]
      guard case .matrixProduct(let transposed, _) = node.operation else { continue }
      floatingPointOperations += 2 * node.count * left.shape[left.shape.count - (transposed ? 2 : 1)]
    }
  }

  private func soleReader(_ index: Int, _ roots: Set<Int>) -> Int? {
    guard !roots.contains(index), usage.readers[index].count == 1 else { return nil }
    return usage.readers[index].first
  }

  /// The vector that `sum` adds to each row of `product`, if that is all it does.
  private func biasOperand(_ sum: Int, of product: Int) -> Int? {
    guard case .binary(.add) = nodes[sum].operation, nodes[sum].operands[0] == product,
      case let other = nodes[sum].operands[1], case .broadcast = nodes[other].operation,
      case let vector = nodes[other].operands[0],
      nodes[vector].shape == [nodes[product].shape[1]]
    else { return nil }
    return vector
  }

  func emitProduct(_ index: Int, _ pattern: ProductPattern) {
    let node = nodes[pattern.product]
    guard case .matrixProduct(let transposingLeft, let transposingRight) = node.operation else { return }
    if sparseGradients.contains(pattern.product) { return }
    if let layer = sparseForwards[pattern.product] {
      let target = newValue(node.shape, .featureMajor)
      values[index] = target
      emitSparseForward(pattern, layer, target)
      return
    }
    let rank = node.shape.count
    // Summed over the rows of both: the gradient of a weight, stored as the weight is.
    let order: ElementOrder = transposingLeft && !transposingRight && rank == 2 ? .rowMajor : .featureMajor
    var target = newValue(node.shape, order)
    if rank > 2, order == .featureMajor {
      buffers.removeLast()
      target = newValue(node.shape, .rowMajor)
    }
    values[index] = target
    let bias = pattern.bias.map { contiguousView(of: $0, axis: 0) }
    if emitMatrixVector(pattern, target, bias) { return }
    emitMatrixProduct(pattern, transposingLeft, transposingRight, order, target, bias)
  }

  /// A product of matrices into `target`, along whose contiguous axis its vectors lie.
  private func emitMatrixProduct(
    _ pattern: ProductPattern, _ transposingLeft: Bool, _ transposingRight: Bool, _ order: ElementOrder, _ target: View,
    _ bias: View?
  ) {
    let node = nodes[pattern.product]
    let rank = node.shape.count
    var product = MatrixProduct()
    product.activation = pattern.activation
    let m = node.shape[rank - 2]
    let n = node.shape[rank - 1]
    let leftRow = rank - (transposingLeft ? 1 : 2)
    let leftSum = rank - (transposingLeft ? 2 : 1)
    let rightSum = rank - (transposingRight ? 1 : 2)
    let rightColumn = rank - (transposingRight ? 2 : 1)
    let alongColumns = target.strides[rank - 1] == 1
    let leading = Array(node.shape.dropLast(2))
    product.k = nodes[node.operands[0]].shape[leftSum]
    let vectorView: View
    let scalarView: View
    if alongColumns {
      (product.m, product.n) = (m, n)
      vectorView = contiguousView(of: node.operands[1], axis: rightColumn)
      scalarView = memoryView(of: node.operands[0])
      product.aRow = scalarView.strides[leftRow]
      product.aColumn = scalarView.strides[leftSum]
      product.bRow = vectorView.strides[rightSum]
      product.cRow = target.strides[rank - 2]
      product.biasAxis = bias == nil ? 0 : 2
    } else {
      (product.m, product.n) = (n, m)
      vectorView = contiguousView(of: node.operands[0], axis: leftRow)
      scalarView = memoryView(of: node.operands[1])
      product.aRow = scalarView.strides[rightColumn]
      product.aColumn = scalarView.strides[rightSum]
      product.bRow = vectorView.strides[leftSum]
      product.cRow = target.strides[rank - 1]
      product.biasAxis = bias == nil ? 0 : 1
    }
    product.a = scalarView.location
    product.b = vectorView.location
    product.c = target.location
    product.bias = bias?.location ?? Location(base: -1)
    // Whole vectors, where the rows of the result have room for them.
    let whole = pieces(product.n, of: vectorWidth) * vectorWidth
    if product.biasAxis != 2, leading.isEmpty, product.cRow >= whole, product.m > 0,
      buffers[target.location.base].count >= (product.m - 1) * product.cRow + whole, order == .featureMajor
    {
      product.n = whole
    }
    emitAll(product, leading, scalarView, vectorView, target)
  }

  private func emitOne(_ product: MatrixProduct) {
    var reads = [product.a, product.b]
    if product.biasAxis != 0 { reads.append(product.bias) }
    emit(.matrixProduct(product), units: product.units, reads: reads, writes: [product.c])
  }

  /// One instruction for at most one leading axis, otherwise one for each entry of them.
  private func emitAll(
    _ product: MatrixProduct, _ leading: [Int], _ scalar: View, _ vector: View, _ target: View
  ) {
    if leading.count == 1 {
      var batched = product
      batched.batch = leading[0]
      (batched.aBatch, batched.bBatch, batched.cBatch) = (scalar.strides[0], vector.strides[0], target.strides[0])
      return emitOne(batched)
    }
    var positions: [[Int]] = [[]]
    for extent in leading { positions = positions.flatMap { prefix in (0..<extent).map { prefix + [$0] } } }
    for position in positions {
      var single = product
      for (axis, place) in position.enumerated() {
        single.a.offset += place * scalar.strides[axis]
        single.b.offset += place * vector.strides[axis]
        single.c.offset += place * target.strides[axis]
      }
      emitOne(single)
    }
  }

  /// One row times a matrix whose rows are contiguous along the sum: interleaved dot products.
  private func emitMatrixVector(_ pattern: ProductPattern, _ target: View, _ bias: View?) -> Bool {
    let node = nodes[pattern.product]
    guard case .matrixProduct(false, true) = node.operation, node.shape.count == 2, node.shape[0] == 1 else {
      return false
    }
    let matrix = memoryView(of: node.operands[1])
    guard matrix.strides[1] == 1 else { return false }
    let vector = contiguousView(of: node.operands[0], axis: 1)
    var product = MatrixVector()
    product.m = node.shape[1]
    product.k = nodes[node.operands[1]].shape[1]
    product.a = matrix.location
    product.aRow = matrix.strides[0]
    product.x = vector.location
    product.c = target.location
    product.cStride = target.strides[1]
    product.hasBias = bias != nil
    product.bias = bias?.location ?? Location(base: -1)
    product.activation = pattern.activation
    emit(
      .matrixVector(product), units: pieces(product.m, of: UnitSize.vectorProductRows),
      reads: [product.a, product.x] + (bias.map { [$0.location] } ?? []), writes: [product.c])
    return true
  }
}
