/// A dense, row-major array of 32-bit floats: the value that crosses every module boundary.
///
/// Computation happens in a `Graph`; a `Tensor` only holds and hands over numbers.
public struct Tensor: Sendable, Hashable {
  /// Extents, outermost first. A scalar has the empty shape.
  public let shape: [Int]
  /// All elements in row-major order; `elements.count` is the product of `shape`.
  public private(set) var elements: [Float]

  /// Wraps `elements` (row-major) in `shape`. The caller answers for the counts to agree.
  public init(shape: [Int], elements: [Float]) {
    precondition(
      shape.reduce(1, *) == elements.count,
      "a tensor of shape \(shape) needs \(shape.reduce(1, *)) elements, not \(elements.count)")
    self.shape = shape
    self.elements = elements
  }

  /// A tensor of `shape` filled with `value`.
  public init(shape: [Int], filledWith value: Float = 0) {
    self.shape = shape
    self.elements = [Float](repeating: value, count: shape.reduce(1, *))
  }

  /// The number of elements.
  public var count: Int { elements.count }

  /// The number of elements in one entry of the leading axis; 1 for a scalar.
  public var rowCount: Int { shape.dropFirst().reduce(1, *) }

  /// Entry `index` of the leading axis, flattened.
  public func row(_ index: Int) -> ArraySlice<Float> {
    elements[index * rowCount..<(index + 1) * rowCount]
  }

  /// Entries `range` of the leading axis, copied.
  public func rows(_ range: Range<Int>) -> Tensor {
    Tensor(
      shape: [range.count] + shape.dropFirst(),
      elements: Array(elements[range.lowerBound * rowCount..<range.upperBound * rowCount]))
  }

  /// The columns of a matrix `[n, width]` that are named, in that order: `[n, columns]`.
  public func choosing(columns: [Int]) -> Tensor {
    let width = rowCount
    guard columns != Array(0..<width) else { return self }
    return Tensor(
      shape: [shape[0], columns.count],
      elements: (0..<shape[0]).flatMap { row in columns.map { elements[row * width + $0] } })
  }

  /// The same elements under another shape of equal count.
  public func reshaped(_ shape: [Int]) -> Tensor { Tensor(shape: shape, elements: elements) }

  /// The element at `indices`, one an axis.
  public subscript(indices: Int...) -> Float {
    get { elements[offset(indices)] }
    set { elements[offset(indices)] = newValue }
  }

  /// Direct access for filling; the pointer must not escape `body`.
  public mutating func withUnsafeMutableBufferPointer<Result>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    try elements.withUnsafeMutableBufferPointer { try body($0) }
  }

  private func offset(_ indices: [Int]) -> Int {
    precondition(indices.count == shape.count, "\(indices.count) indices for the shape \(shape)")
    return zip(shape, indices).reduce(0) { partial, axis in
      precondition(axis.1 >= 0 && axis.1 < axis.0, "index \(indices) outside the shape \(shape)")
      return partial * axis.0 + axis.1
    }
  }
}
