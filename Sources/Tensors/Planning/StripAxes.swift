import KernelInterface

extension Planner {
  /// Orders and joins the iteration axes of a strip program and records it.
  ///
  /// The strip axis is the one along which most operands are contiguous; neighbouring axes that every operand crosses
  /// in one stride become one.
  func emit(_ builder: StripBuilder, output: View, reducedAxes: Set<Int>, reduction: StripReduction) {
    var builder = builder
    if case .step(let index) = builder.result, index != builder.steps.count - 1 {
      builder.result = builder.step(.unary(.copy), builder.result, builder.result)
    }
    var views = builder.operands + [output]
    let axes = builder.shape.indices.filter { builder.shape[$0] != 1 }
    let stripAxis = axes.max { score($0, views, builder.shape) < score($1, views, builder.shape) }
    if let stripAxis {
      straightenRepeated(&builder, along: stripAxis)
      views = builder.operands + [output]
    }
    var kept = axes.filter { !reducedAxes.contains($0) && $0 != stripAxis }
    var reduced = axes.filter { reducedAxes.contains($0) && $0 != stripAxis }
    kept.sort { output.strides[$0] > output.strides[$1] }
    reduced.sort { widest($0, views) > widest($1, views) }

    var groups = (kept.map { [$0] }, reduced.map { [$0] }, stripAxis.map { [$0] } ?? [])
    func joins(_ outer: [Int], _ inner: [Int]) -> Bool {
      guard let neighbour = outer.last, let last = inner.last else { return false }
      let extent = inner.reduce(1) { $0 * builder.shape[$1] }
      return views.allSatisfy { $0.strides[neighbour] == $0.strides[last] * extent }
    }
    func join(_ list: [[Int]]) -> [[Int]] {
      list.reduce(into: []) { result, group in
        if let outer = result.last, joins(outer, group) {
          result[result.count - 1] = outer + group
        } else {
          result.append(group)
        }
      }
    }
    groups.0 = join(groups.0)
    groups.1 = join(groups.1)
    let stripIsReduced = stripAxis.map { reducedAxes.contains($0) } ?? false
    if stripIsReduced {
      while let outer = groups.1.last, joins(outer, groups.2) { groups.2 = groups.1.removeLast() + groups.2 }
    } else {
      while let outer = groups.0.last, joins(outer, groups.2) { groups.2 = groups.0.removeLast() + groups.2 }
    }
    let ordered = groups.0 + groups.1 + [groups.2]
    precondition(ordered.count <= maximumAxes, "an operation over \(ordered.count) separate axes is not supported")

    func project(_ view: View) -> View {
      View(
        location: view.location, shape: ordered.map { $0.reduce(1) { $0 * builder.shape[$1] } },
        strides: ordered.map { $0.last.map { view.strides[$0] } ?? 0 })
    }
    var strips = PlannedStrips(output: project(output))
    strips.extents = strips.output.shape
    if stripAxis == nil { strips.output.strides[ordered.count - 1] = 1 }
    strips.keptOuter = groups.0.count
    strips.stripAxisIsReduced = stripIsReduced
    strips.reduction = reduction
    strips.operands = builder.operands.map(project)
    strips.constants = builder.constants
    (strips.steps, strips.result) = builder.registers()
    let outer = strips.extents.prefix(strips.keptOuter).reduce(1, *)
    let extent = strips.extents[ordered.count - 1]
    // Few long reductions are cut along the strip so that there is work for several threads.
    if reduction != .none, !stripIsReduced, outer < 8 { strips.chunk = extent >= 128 ? 32 : 16 }
    emit(
      .strips(strips), units: strips.units, reads: builder.operands.map(\.location), writes: [output.location])
  }

  /// What is not contiguous along the strips is gathered element by element for each of them. Where the same elements are
  /// read many times, they are laid out once for the program.
  private func straightenRepeated(_ builder: inout StripBuilder, along stripAxis: Int) {
    for (index, operand) in builder.operands.enumerated() where operand.strides[stripAxis] > 1 {
      let axes = operand.strides.indices.filter { operand.strides[$0] != 0 && builder.shape[$0] != 1 }
      let repeated = builder.shape.indices.filter { !axes.contains($0) }.reduce(1) { $0 * builder.shape[$1] }
      guard repeated >= 16, let position = axes.firstIndex(of: stripAxis) else { continue }
      let source = View(
        location: operand.location, shape: axes.map { operand.shape[$0] }, strides: axes.map { operand.strides[$0] })
      let copy = copy(source, contiguousAlong: position)
      var straight = View(
        location: copy.location, shape: operand.shape, strides: [Int](repeating: 0, count: operand.shape.count))
      for (position, axis) in axes.enumerated() { straight.strides[axis] = copy.strides[position] }
      builder.replaceOperand(index, by: straight)
    }
  }

  /// How many operands run along `axis` contiguously; a longer axis breaks ties.
  private func score(_ axis: Int, _ views: [View], _ shape: [Int]) -> Int {
    let contiguous = views.filter { $0.strides[axis] == 1 }.count
    return contiguous * 1_000_000_000 + min(shape[axis], 999_999_999)
  }

  private func widest(_ axis: Int, _ views: [View]) -> Int { views.map { $0.strides[axis] }.max() ?? 0 }
}
