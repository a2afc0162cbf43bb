/// What is needed, and which elementwise values get memory of their own instead of being computed inside their reader.
struct Usage {
  private(set) var live: [Bool] = []
  private(set) var materialised: [Bool] = []
  /// Readers of a node among the live ones.
  private(set) var readers: [[Int]] = []
  /// The largest number of elementwise operations in one strip program.
  private let largestGroup = 24

  mutating func findLive(_ nodes: [Node], _ roots: [Int]) {
    live = [Bool](repeating: false, count: nodes.count)
    readers = [[Int]](repeating: [], count: nodes.count)
    for root in roots { live[root] = true }
    for index in nodes.indices.reversed() where live[index] {
      for operand in nodes[index].operands {
        live[operand] = true
        readers[operand].append(index)
      }
    }
  }

  /// How a value is read: by which program, or in a way that needs it in memory.
  private enum Use: Hashable {
    case program(Int)
    case memory
  }

  /// Walks from readers to what they read. A value is computed inside its reader if one program alone reads it and
  /// does not repeat it.
  mutating func decide(
    _ nodes: [Node], roots: [Int], products: [Int: ProductPattern], absorbed: Set<Int>
  ) {
    materialised = [Bool](repeating: false, count: nodes.count)
    var uses = [Set<Use>](repeating: [], count: nodes.count)
    var groupSizes: [Int: Int] = [:]
    for root in roots { uses[root].insert(.memory) }
    for index in nodes.indices.reversed() where live[index] && !absorbed.contains(index) {
      let node = nodes[index]
      if let product = products[index] {
        materialised[index] = true
        for operand in product.operands { uses[operand].insert(.memory) }
        continue
      }
      switch node.operation {
      case .input, .images, .labels, .knownLabels, .rows, .parameter, .scalar, .constant, .noise, .matrixProduct:
        materialised[index] = true
      case .sum, .maximum:
        materialised[index] = true
        groupSizes[index] = 1
        uses[node.operands[0]].insert(.program(index))
      case .concatenate, .pad, .gather, .pairwise:
        materialised[index] = true
        for operand in node.operands { uses[operand].insert(.memory) }
      case .unary, .binary:
        let group = decideElementwise(index, uses[index], &groupSizes)
        for operand in node.operands { uses[operand].insert(.program(group)) }
      case .broadcast:
        let repeats = nodes[node.operands[0]].count > 1 || !isCheap(nodes, node.operands[0])
        let grows = node.count > nodes[node.operands[0]].count
        uses[node.operands[0]].formUnion(repeats && grows ? [.memory] : uses[index])
      case .transpose, .slice, .stopGradient:
        uses[node.operands[0]].formUnion(uses[index])
      case .reshape:
        let same = node.shape.filter { $0 != 1 } == nodes[node.operands[0]].shape.filter { $0 != 1 }
        uses[node.operands[0]].formUnion(same ? uses[index] : [.memory])
      }
    }
  }

  private mutating func decideElementwise(_ index: Int, _ uses: Set<Use>, _ groupSizes: inout [Int: Int]) -> Int {
    if uses.count == 1, case .program(let group)? = uses.first, groupSizes[group, default: 1] < largestGroup {
      groupSizes[group, default: 1] += 1
      return group
    }
    materialised[index] = true
    groupSizes[index] = 1
    return index
  }

  /// Whether a value is a constant number, free to repeat.
  private func isCheap(_ nodes: [Node], _ index: Int) -> Bool {
    switch nodes[index].operation {
    case .constant, .scalar, .input: nodes[index].count == 1
    default: false
    }
  }
}
