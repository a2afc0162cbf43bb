/// A recorder of tensor operations with static shapes.
///
/// Recording computes nothing: it builds a program that `compile` plans once and an `Executable` replays. Equal
/// operations on equal operands are recorded once. A graph is used by one thread while it is built.
public final class Graph {
  private(set) var nodes: [Node] = []
  private var known: [Node: Int] = [:]
  /// What `gradients` has recorded.
  var adjoints: [Range<Int>] = []
  private(set) var initialScalars: [String: Float] = [:]

  /// An empty graph.
  public init() {}

  /// Floats that the caller fills before each run.
  public func input(_ name: String, shape: [Int]) -> Expression { record(.input(name), [], shape) }

  /// Images `[batch, pixels]` read from stored bytes by row index, converted by `treatment` inside the plan.
  public func images(_ name: String, shape: [Int], treatment: PixelTreatment) -> Expression {
    precondition(shape.count == 2, "images have the shape [batch, pixels], not \(shape)")
    return record(.images(name, treatment), [], shape)
  }

  /// One-hot labels `[batch, classes]` of the bound rows (`Executable.bindLabels`); rows without a label are zeros.
  public func labels(_ name: String, batch: Int, classes: Int) -> Expression {
    record(.labels(name), [], [batch, classes])
  }

  /// Which of the bound rows have a label that is one of `classes`: 1 or 0, `[batch]`.
  public func knownLabels(_ name: String, batch: Int, classes: Int) -> Expression {
    record(.knownLabels(name, classes: classes), [], [batch])
  }

  /// Floats `[batch, width]` of the bound rows (`Executable.bindRows`), as images are read.
  public func rows(_ name: String, batch: Int, width: Int) -> Expression { record(.rows(name), [], [batch, width]) }

  /// A trainable parameter. The same name twice is the same node.
  public func parameter(_ name: String, shape: [Int]) -> Expression { record(.parameter(name), [], shape) }

  /// A number of shape `[]` that may be changed between runs (a rate, β, a temperature).
  public func scalar(_ name: String, initially value: Float) -> Expression {
    initialScalars[name] = value
    return record(.scalar(name), [], [])
  }

  /// A tensor that never changes.
  public func constant(_ tensor: Tensor) -> Expression { record(.constant(tensor), [], tensor.shape) }

  /// A number that never changes, of shape `[]`.
  public func constant(_ value: Float) -> Expression { constant(Tensor(shape: [], elements: [value])) }

  /// Noise whose every element is a function of (seed, step, name, element index) alone.
  public func noise(_ kind: NoiseKind, name: String, shape: [Int]) -> Expression {
    record(.noise(kind, name), [], shape)
  }

  /// Records one operation, or returns the equal one that is there already.
  func record(_ operation: Operation, _ operands: [Int], _ shape: [Int]) -> Expression {
    let node = Node(operation: operation, operands: operands, shape: shape)
    if let index = known[node] { return Expression(graph: self, index: index, shape: shape) }
    nodes.append(node)
    known[node] = nodes.count - 1
    return Expression(graph: self, index: nodes.count - 1, shape: shape)
  }

  func expression(_ index: Int) -> Expression {
    Expression(graph: self, index: index, shape: nodes[index].shape)
  }

  /// The value of a node that is one constant number, however it is broadcast; used to simplify while recording.
  func uniformConstant(_ index: Int) -> Float? {
    let node = nodes[index]
    switch node.operation {
    case .constant(let tensor): return tensor.count == 1 ? tensor.elements[0] : nil
    case .broadcast, .reshape: return uniformConstant(node.operands[0])
    default: return nil
    }
  }

  /// Whether a value holds every one of so many rows against every other: its shape has their number twice.
  public func hasPairs(of rows: Int) -> Bool { nodes.contains { node in node.shape.count { $0 == rows } > 1 } }

  /// The parameters in the order of their first mention, with their shapes.
  public var parameters: [(name: String, shape: [Int])] {
    nodes.compactMap { node in
      if case .parameter(let name) = node.operation { return (name, node.shape) }
      return nil
    }
  }
}

/// A value in a graph: what an operation will compute, with its static shape.
public struct Expression {
  /// The graph that recorded it.
  public let graph: Graph
  let index: Int
  /// Extents, outermost first; `[]` for a scalar.
  public let shape: [Int]

  /// The number of axes.
  public var rank: Int { shape.count }
  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }
}
