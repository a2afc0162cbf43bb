import KernelInterface

/// Turns a recorded graph into instructions over buffers. The passes, in order: what is needed and who uses it
/// (`Usage`), which products take their bias and activation along, instructions node by node (strips, products, sources),
/// which rows of gradients can be left out (`LiveRowLowering`), then order and memory (`Arrangement`). Lowerings to special
/// kernels replace instructions where a pattern is met; no model or objective knows of them.
final class Planner {
  let graph: Graph
  var nodes: [Node] { graph.nodes }
  let outputs: [(name: String, node: Int)]
  /// What the program updates, in this order; empty for one that only runs forward.
  let updates: [Update]

  /// The Adam update of one parameter.
  struct Update {
    var name: String
    /// Nodes: the parameter, its gradient, the rate and a factor on the gradient (clipping).
    var parameter: Int
    var gradient: Int
    var rate: Int
    var scale: Int?
    var adam: AdamConfiguration
  }

  var buffers: [Buffer] = []
  var instructions: [PlannedInstruction] = []
  /// Where a node's value lies, once its instructions are emitted.
  var values: [Int: View] = [:]
  /// Copies of values in another element order, by node and contiguous axis.
  var copies: [CopyKey: View] = [:]
  var usage = Usage()
  /// Matrix products by the node whose value they produce: the product itself, its bias sum or its activation.
  var products: [Int: ProductPattern] = [:]
  var absorbed: Set<Int> = []
  var sparseForwards: [Int: SparseLayer] = [:]
  var sparseGradients: Set<Int> = []
  var bindings: [Binding] = []
  var transposedParameters: Set<String> = []
  var floatingPointOperations = 0
  /// Elements of the smallest gradient of which rows are left out.
  private let leastPackedElements: Int

  /// Stored rows under one name.
  struct Binding: Hashable {
    enum Kind { case images, labels, values }
    var name: String
    var kind: Kind
    var batch: Int
  }

  struct CopyKey: Hashable {
    var node: Int
    var axis: Int
  }

  init(
    graph: Graph, outputs: [(name: String, node: Int)], updates: [Update] = [],
    leastPackedElements: Int = LiveRowLowering.leastElements
  ) {
    self.leastPackedElements = leastPackedElements
    self.graph = graph
    self.outputs = outputs
    self.updates = updates
  }

  /// Runs all passes.
  func plan() -> Plan {
    let roots = outputs.map(\.node) + updates.map(\.gradient) + updates.map(\.rate) + updates.compactMap(\.scale)
    usage.findLive(nodes, roots)
    findProducts(roots: Set(roots))
    findSparseLayers(roots: Set(outputs.map(\.node)))
    usage.decide(nodes, roots: roots, products: products, absorbed: absorbed)
    for index in nodes.indices where usage.live[index] { emit(index) }
    let outputViews = outputs.map { ($0.name, emitOutput($0.node)) }
    emitUpdates()
    leaveOutDeadRows()
    return Arrangement(planner: self).build(outputViews: outputViews)
  }

  private func leaveOutDeadRows() {
    let roots = graph.adjoints.joined().compactMap { values[$0]?.location.base }
    var lowering = LiveRowLowering(
      instructions: instructions, buffers: buffers, leastElements: leastPackedElements)
    instructions = lowering.lower(roots: Set(roots))
    buffers = lowering.buffers
  }

  private func emit(_ index: Int) {
    let node = nodes[index]
    if absorbed.contains(index) { return }
    if let product = products[index] {
      emitProduct(index, product)
      return
    }
    switch node.operation {
    case .input(let name): values[index] = newValue(node.shape, .rowMajor, kind: .input(name))
    case .scalar(let name): values[index] = newValue(node.shape, .rowMajor, kind: .scalar(name))
    case .parameter(let name): values[index] = newValue(node.shape, .rowMajor, kind: .parameter(name))
    case .constant(let tensor): values[index] = newValue(node.shape, .rowMajor, kind: .constant(tensor))
    case .noise(let kind, let name): emitNoise(index, kind, name)
    case .images(let name, let treatment): emitImages(index, name, treatment)
    case .labels(let name): emitLabels(index, name)
    case .knownLabels(let name, let classes): emitKnownLabels(index, name, classes: classes)
    case .rows(let name): emitRows(index, name)
    case .gather(let axis, let indices): emitGather(index, axis, indices)
    case .pairwise(let layout, let role): emitPairwise(index, layout, role)
    case .unary, .binary:
      if usage.materialised[index] { emitElementwise(index) }
    case .sum(let axes): emitReduction(index, axes, .sum)
    case .maximum(let axes): emitReduction(index, axes, .maximum)
    case .concatenate(let axis): emitConcatenation(index, axis)
    case .pad(let axis, let before): emitPadding(index, axis, before)
    case .reshape, .broadcast, .transpose, .slice, .stopGradient:
      if usage.materialised[index] { emitElementwise(index) }
    case .matrixProduct: break
    }
  }

  /// A new buffer for a value of this shape.
  func newValue(_ shape: [Int], _ order: ElementOrder, kind: Buffer.Kind = .temporary) -> View {
    let (strides, count) = order.strides(shape)
    buffers.append(Buffer(kind: kind, count: count))
    return View(location: Location(base: buffers.count - 1), shape: shape, strides: strides)
  }

  func emit(_ payload: Payload, units: Int, reads: [Location], writes: [Location]) {
    instructions.append(
      PlannedInstruction(
        payload: payload, units: units, reads: Set(reads.map(\.base)), writes: Set(writes.map(\.base))))
  }

  /// Outputs are read row-major after the run.
  private func emitOutput(_ index: Int) -> View {
    let shape = nodes[index].shape
    let (strides, count) = ElementOrder.rowMajor.strides(shape)
    if let view = view(of: index), view.hasOrder(strides), view.location.offset == 0,
      buffers[view.location.base].count == count
    {
      // A parameter may be updated in the same run, and its buffer is not ours: it is copied below.
      if case .parameter = buffers[view.location.base].kind {
      } else {
        buffers[view.location.base].isOutput = true
        return view
      }
    }
    let target = newValue(shape, .rowMajor)
    buffers[target.location.base].isOutput = true
    copy(from: index, to: target)
    return target
  }
}
