/// Trainable state: parameters, their Adam moments and numbers of updates. One session owns it; it is not Sendable.
///
/// A plan may ask for the weights of a matrix in transposed order; the store then keeps them so and translates in
/// `subscript`, `moments` and `snapshot`, which always speak the declared shape.
public final class ParameterStore {
  /// The names in the order given.
  public let names: [String]
  let shapes: [[Int]]
  let indices: [String: Int]
  private(set) var values: [AlignedBuffer]
  private(set) var firstMoments: [AlignedBuffer]
  private(set) var secondMoments: [AlignedBuffer]
  private(set) var transposed: [Bool]
  /// How often each parameter was updated, in the order of `names`.
  private(set) var updateCounts: [Int]

  /// A store of zeros.
  public init(shapes: [(name: String, shape: [Int])]) {
    names = shapes.map(\.name)
    self.shapes = shapes.map(\.shape)
    indices = Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
    let buffers = { shapes.map { AlignedBuffer(count: $0.shape.reduce(1, *)) } }
    values = buffers()
    firstMoments = buffers()
    secondMoments = buffers()
    transposed = shapes.map { _ in false }
    updateCounts = shapes.map { _ in 0 }
  }

  /// How many Adam updates a parameter had: it determines the bias correction of its next. Parameters that are
  /// minimised together have equal counts; 0 for an unknown name, which cannot be set.
  public subscript(updatesOf name: String) -> Int {
    get { indices[name].map { updateCounts[$0] } ?? 0 }
    set { if let index = indices[name] { updateCounts[index] = newValue } }
  }

  /// The number of updates of the parameter that had most; setting it sets it for every parameter.
  public var updateCount: Int {
    get { updateCounts.max() ?? 0 }
    set { for index in updateCounts.indices { updateCounts[index] = newValue } }
  }

  func countUpdate(_ index: Int) { updateCounts[index] += 1 }

  /// The parameter of this name; reading an unknown name gives an empty tensor, writing it does nothing.
  public subscript(name: String) -> Tensor {
    get { indices[name].map { tensor(values[$0], $0) } ?? Tensor(shape: [0]) }
    set { if let index = indices[name] { fill(values[index], index, newValue) } }
  }

  /// Adam's moments by parameter name.
  public var moments: [String: (first: Tensor, second: Tensor)] {
    get {
      Dictionary(
        zip(names, names.indices.map { (tensor(firstMoments[$0], $0), tensor(secondMoments[$0], $0)) }),
        uniquingKeysWith: { first, _ in first })
    }
    set {
      for (name, moment) in newValue {
        guard let index = indices[name] else { continue }
        fill(firstMoments[index], index, moment.first)
        fill(secondMoments[index], index, moment.second)
      }
    }
  }

  /// A copy of the weights, or of those whose names fulfil a predicate, that other threads may read while training goes on.
  public func snapshot(where isIncluded: (String) -> Bool = { _ in true }) -> Parameters {
    let included = names.indices.filter { isIncluded(names[$0]) }
    return Parameters(
      storage: .init(
        names: included.map { names[$0] }, shapes: included.map { shapes[$0] },
        buffers: included.map { index in
          let buffer = AlignedBuffer(count: values[index].count)
          let (rows, columns) = matrix(index)
          if transposed[index] {
            transpose(values[index].pointer, rows: columns, columns: rows, into: buffer.pointer)
          } else {
            buffer.pointer.update(from: values[index].pointer, count: buffer.count)
          }
          return buffer
        }))
  }

  /// Keeps parameter `index` in the order a plan wants, converting it if it is kept otherwise.
  func arrange(_ index: Int, transposed wanted: Bool) {
    guard transposed[index] != wanted else { return }
    let (rows, columns) = matrix(index)
    for keyPath in [\ParameterStore.values, \.firstMoments, \.secondMoments] {
      let source = self[keyPath: keyPath][index]
      let target = AlignedBuffer(count: source.count)
      if wanted {
        transpose(source.pointer, rows: rows, columns: columns, into: target.pointer)
      } else {
        transpose(source.pointer, rows: columns, columns: rows, into: target.pointer)
      }
      self[keyPath: keyPath][index] = target
    }
    transposed[index] = wanted
  }

  private func matrix(_ index: Int) -> (rows: Int, columns: Int) {
    let shape = shapes[index]
    return shape.count == 2 ? (shape[0], shape[1]) : (1, shape.reduce(1, *))
  }

  private func tensor(_ buffer: AlignedBuffer, _ index: Int) -> Tensor {
    let (rows, columns) = matrix(index)
    return Tensor(
      shape: shapes[index],
      elements: buffer.elements(rows: rows, columns: columns, transposed: transposed[index]))
  }

  private func fill(_ buffer: AlignedBuffer, _ index: Int, _ tensor: Tensor) {
    precondition(
      tensor.shape == shapes[index],
      "the parameter \(names[index]) has the shape \(shapes[index]), not \(tensor.shape)")
    let (rows, columns) = matrix(index)
    buffer.fill(tensor.elements, rows: rows, columns: columns, transposed: transposed[index])
  }
}

/// Writes the transpose of a `[rows, columns]` matrix.
func transpose(
  _ source: UnsafePointer<Float>, rows: Int, columns: Int, into target: UnsafeMutablePointer<Float>
) {
  // Blocks of 16 keep both sides in the first-level cache.
  for rowStart in stride(from: 0, to: rows, by: 16) {
    for columnStart in stride(from: 0, to: columns, by: 16) {
      for column in columnStart..<min(columnStart + 16, columns) {
        for row in rowStart..<min(rowStart + 16, rows) {
          target[column * rows + row] = source[row * columns + column]
        }
      }
    }
  }
}
