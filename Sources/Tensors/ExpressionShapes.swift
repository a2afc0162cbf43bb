/// The common shape of two operands by numpy's rule.
func broadcastShape(_ left: [Int], _ right: [Int]) -> [Int] {
  let rank = max(left.count, right.count)
  return (0..<rank).map { axis in
    let a = axis - (rank - left.count) >= 0 ? left[axis - (rank - left.count)] : 1
    let b = axis - (rank - right.count) >= 0 ? right[axis - (rank - right.count)] : 1
    precondition(a == b || a == 1 || b == 1, "shapes \(left) and \(right) do not broadcast together")
    return a == 1 ? b : a
  }
}

/// Movement of elements: none of these computes, and most cost nothing at run time.
extension Expression {
  /// The same elements in row-major order under another shape of equal count.
  public func reshaped(_ shape: [Int]) -> Expression {
    precondition(shape.reduce(1, *) == count, "\(self.shape) cannot be reshaped to \(shape)")
    if shape == self.shape { return self }
    if case .reshape = graph.nodes[index].operation {
      return graph.expression(graph.nodes[index].operands[0]).reshaped(shape)
    }
    return graph.record(.reshape, [index], shape)
  }

  /// Repeats axes of extent 1, and adds leading axes, until the shape is `shape`.
  public func broadcast(to shape: [Int]) -> Expression {
    if shape == self.shape { return self }
    precondition(broadcasts(to: shape), "\(self.shape) does not broadcast to \(shape)")
    return graph.record(.broadcast, [index], shape)
  }

  func broadcasts(to shape: [Int]) -> Bool {
    guard shape.count >= rank else { return false }
    return zip(self.shape, shape.dropFirst(shape.count - rank)).allSatisfy { $0 == $1 || $0 == 1 }
  }

  /// Axes in another order: axis `i` of the result is axis `axes[i]` of the operand.
  public func transposed(_ axes: [Int]) -> Expression {
    precondition(axes.sorted() == Array(0..<rank), "\(axes) is no order of the axes of \(shape)")
    if axes == Array(0..<rank) { return self }
    return graph.record(.transpose(axes), [index], axes.map { shape[$0] })
  }

  /// The entries `range` of one axis.
  public func sliced(axis: Int, range: Range<Int>) -> Expression {
    let axis = normalised(axis)
    precondition(
      range.lowerBound >= 0 && range.upperBound <= shape[axis] && !range.isEmpty,
      "the slice \(range) does not fit axis \(axis) of \(shape)")
    if range == 0..<shape[axis] { return self }
    // What padding put around is cut off again.
    if case .pad(axis, let before) = graph.nodes[index].operation,
      case let inner = graph.expression(graph.nodes[index].operands[0]), range.lowerBound >= before,
      range.upperBound <= before + inner.shape[axis]
    {
      return inner.sliced(axis: axis, range: range.lowerBound - before..<range.upperBound - before)
    }
    var result = shape
    result[axis] = range.count
    return graph.record(.slice(axis: axis, start: range.lowerBound), [index], result)
  }

  /// Zeros added before and after along one axis.
  public func padded(axis: Int, before: Int, after: Int) -> Expression {
    let axis = normalised(axis)
    precondition(before >= 0 && after >= 0, "padding cannot be negative")
    if before + after == 0 { return self }
    var result = shape
    result[axis] += before + after
    return graph.record(.pad(axis: axis, before: before), [index], result)
  }

  /// Joins expressions along one axis; their other extents agree.
  public static func concatenated(_ parts: [Expression], axis: Int) -> Expression {
    precondition(!parts.isEmpty, "nothing to concatenate")
    let first = parts[0]
    let axis = first.normalised(axis)
    var shape = first.shape
    shape[axis] = 0
    for part in parts {
      var other = part.shape
      shape[axis] += other[axis]
      other[axis] = first.shape[axis]
      precondition(other == first.shape, "\(part.shape) cannot be joined to \(first.shape) along axis \(axis)")
    }
    if parts.count == 1 { return first }
    return first.graph.record(.concatenate(axis: axis), parts.map(\.index), shape)
  }

  /// Joins expressions along one axis; their other extents agree.
  public func concatenated(_ others: [Expression], axis: Int) -> Expression {
    Self.concatenated([self] + others, axis: axis)
  }

  /// Entries of one axis in another order.
  ///
  /// - Parameter order: entry `i` of the result is entry `order[i]`; every number of the axis occurs once.
  public func permuted(axis: Int, by order: [Int]) -> Expression {
    precondition(
      order.sorted() == Array(0..<shape[normalised(axis)]), "\(order) is no order of axis \(axis) of \(shape)")
    return gathered(axis: axis, indices: order)
  }

  /// Entries of one axis by number, some perhaps several times or not at all.
  ///
  /// - Parameter indices: entry `i` of the result is entry `indices[i]`, or zeros where that is −1.
  public func gathered(axis: Int, indices: [Int]) -> Expression {
    let axis = normalised(axis)
    precondition(
      !indices.isEmpty && indices.allSatisfy { $0 >= -1 && $0 < shape[axis] },
      "an index in \(indices) does not exist on axis \(axis) of \(shape)")
    if indices == Array(0..<shape[axis]) { return self }
    var result = shape
    result[axis] = indices.count
    return graph.record(.gather(axis: axis, indices: indices.map(Int32.init)), [index], result)
  }

  /// The gradient of a gather: what was taken from an entry is added up there, over its first, second, … occurrence.
  func scattered(axis: Int, indices: [Int32], extent: Int) -> Expression {
    var places = [[Int]](repeating: [], count: extent)
    for (place, index) in indices.enumerated() where index >= 0 { places[Int(index)].append(place) }
    let rounds = places.map(\.count).max() ?? 0
    var target = shape
    target[axis] = extent
    guard rounds > 0 else { return graph.constant(0).broadcast(to: target) }
    return (1..<rounds).reduce(gathered(axis: axis, indices: places.map { $0.first ?? -1 })) { sum, round in
      sum + gathered(axis: axis, indices: places.map { $0.count > round ? $0[round] : -1 })
    }
  }

  /// An axis counted from the end when negative.
  func normalised(_ axis: Int) -> Int {
    let result = axis < 0 ? axis + rank : axis
    precondition(result >= 0 && result < rank, "axis \(axis) does not exist in \(shape)")
    return result
  }
}
