import KernelInterface

extension Graph {
  /// Derivatives of the sum of `target`'s elements, recorded in this graph by reverse-mode differentiation.
  ///
  /// The result is part of the same program, so it is planned and fused with the rest.
  /// - Returns: one expression for each of `variables`, of the same shape; zeros where nothing depends on it.
  public func gradients(of target: Expression, withRespectTo variables: [Expression]) -> [Expression] {
    let first = nodes.count
    defer { adjoints.append(first..<nodes.count) }
    var needed = [Bool](repeating: false, count: target.index + 1)
    for variable in variables where variable.index <= target.index { needed[variable.index] = true }
    for index in 0...target.index where !needed[index] {
      if case .stopGradient = nodes[index].operation { continue }
      needed[index] = nodes[index].operands.contains { needed[$0] }
    }
    var adjoints = [Expression?](repeating: nil, count: target.index + 1)
    adjoints[target.index] = constant(1).broadcast(to: target.shape)
    var slices: [Int: SliceAdjoints] = [:]
    for index in stride(from: target.index, through: 0, by: -1) where needed[index] {
      if let sum = slices[index]?.sum(shape: nodes[index].shape) {
        adjoints[index] = adjoints[index].map { $0 + sum } ?? sum
      }
      guard let adjoint = adjoints[index] else { continue }
      if case .slice(let axis, let start) = nodes[index].operation {
        slices[nodes[index].operands[0], default: SliceAdjoints()].add(adjoint, axis: axis, start: start)
        continue
      }
      for (operand, contribution) in zip(nodes[index].operands, contributions(index, adjoint, needed)) {
        guard let contribution, needed[operand] else { continue }
        adjoints[operand] = adjoints[operand].map { $0 + contribution } ?? contribution
      }
    }
    return variables.map { variable in
      let adjoint = variable.index <= target.index ? adjoints[variable.index] : nil
      return adjoint ?? constant(0).broadcast(to: variable.shape)
    }
  }

  /// What the adjoint of node `index` adds to the adjoint of each of its operands.
  private func contributions(_ index: Int, _ adjoint: Expression, _ needed: [Bool]) -> [Expression?] {
    let node = nodes[index]
    let value = expression(index)
    let operands = node.operands.map(expression)
    switch node.operation {
    // What slices add is joined by `SliceAdjoints`.
    case .input, .images, .labels, .knownLabels, .rows, .parameter, .scalar, .constant, .noise, .stopGradient, .slice:
      return operands.map { _ in nil }
    case .unary(let operation):
      return [derivative(operation, operands[0], value).map { adjoint * $0 }]
    case .binary(let operation):
      return contributions(operation, operands[0], operands[1], value, adjoint, needed, node.operands)
    case .sum: return [adjoint.broadcast(to: operands[0].shape)]
    case .maximum(let axes):
      let isLargest = operands[0].greaterOrEqual(value.broadcast(to: operands[0].shape))
      return [adjoint / isLargest.sum(axes: axes, keepingDimensions: true) * isLargest]
    case .reshape: return [adjoint.reshaped(operands[0].shape)]
    case .broadcast: return [adjoint.summed(to: operands[0].shape)]
    case .transpose(let axes):
      return [adjoint.transposed(axes.indices.sorted { axes[$0] < axes[$1] })]
    case .pad(let axis, let before):
      return [adjoint.sliced(axis: axis, range: before..<before + operands[0].shape[axis])]
    case .concatenate(let axis):
      var start = 0
      return operands.map { operand in
        defer { start += operand.shape[axis] }
        return adjoint.sliced(axis: axis, range: start..<start + operand.shape[axis])
      }
    case .gather(let axis, let indices):
      return [adjoint.scattered(axis: axis, indices: indices, extent: operands[0].shape[axis])]
    case .pairwise(let layout, let role):
      precondition(role == .densities, "the gradient of a pairwise log-density cannot be differentiated")
      return pairwiseContributions(layout, index, adjoint, needed)
    case .matrixProduct(let left, let right):
      return matrixProductContributions(left, right, operands[0], operands[1], adjoint, needed, node.operands)
    }
  }

  /// The derivative of an elementwise function; written in its value where that spares keeping the operand.
  private func derivative(_ operation: UnaryOperation, _ x: Expression, _ y: Expression) -> Expression? {
    switch operation {
    case .copy: constant(1)
    case .negate: constant(-1)
    case .exp: y
    case .log: x.reciprocal()
    case .squareRoot: 0.5 / y
    case .square: 2 * x
    case .reciprocal: -y.square()
    case .absolute: x.unary(.sign)
    case .sign, .step, .leakyStep: nil
    case .tanh: 1 - y.square()
    case .sigmoid: y * (1 - y)
    case .softplus: y.unary(.softplusSlope)
    case .relu: y.step()
    case .leakyRelu: y.unary(.leakyStep)
    case .sine: x.cosine()
    case .cosine: -x.sine()
    case .elu: y.minimum(0) + 1
    case .softplusSlope: 1 - y
    }
  }

  private func contributions(
    _ operation: BinaryOperation, _ left: Expression, _ right: Expression, _ value: Expression,
    _ adjoint: Expression, _ needed: [Bool], _ indices: [Int]
  ) -> [Expression?] {
    let forLeft = needed[indices[0]]
    let forRight = needed[indices[1]]
    switch operation {
    case .add: return [adjoint, adjoint]
    case .subtract: return [adjoint, forRight ? -adjoint : nil]
    case .multiply: return [forLeft ? adjoint * right : nil, forRight ? adjoint * left : nil]
    case .divide: return [forLeft ? adjoint / right : nil, forRight ? -(adjoint * value / right) : nil]
    case .maximum, .minimum:
      let mask = operation == .maximum ? left.greaterOrEqual(right) : right.greaterOrEqual(left)
      return [forLeft ? adjoint * mask : nil, forRight ? adjoint * (1 - mask) : nil]
    case .greaterOrEqual: return [nil, nil]
    case .bernoulliLogLikelihood:
      return [forLeft ? adjoint * (right - left.sigmoid()) : nil, forRight ? adjoint * left : nil]
    }
  }

  private func matrixProductContributions(
    _ transposingLeft: Bool, _ transposingRight: Bool, _ left: Expression, _ right: Expression,
    _ adjoint: Expression, _ needed: [Bool], _ indices: [Int]
  ) -> [Expression?] {
    let forLeft: Expression? =
      !needed[indices[0]]
      ? nil
      : transposingLeft
        ? right.matrixProduct(adjoint, transposingLeft: transposingRight, transposingRight: true)
        : adjoint.matrixProduct(right, transposingRight: !transposingRight)
    let forRight: Expression? =
      !needed[indices[1]]
      ? nil
      : transposingRight
        ? adjoint.matrixProduct(left, transposingLeft: true, transposingRight: transposingLeft)
        : left.matrixProduct(adjoint, transposingLeft: !transposingLeft)
    return [forLeft, forRight]
  }
}

extension Expression {
  /// The gradient of a broadcast: sums over what was repeated.
  func summed(to target: [Int]) -> Expression {
    if target == shape { return self }
    let missing = rank - target.count
    let axes = shape.indices.filter { $0 < missing || (target[$0 - missing] == 1 && shape[$0] != 1) }
    return sum(axes: axes, keepingDimensions: true).reshaped(target)
  }
}
