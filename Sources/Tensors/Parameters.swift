/// Immutable weights by name, cheap to copy and to share between threads.
public struct Parameters: Sendable {
  /// The storage is written only while it is built, hence safe to share.
  final class Storage: @unchecked Sendable {
    let names: [String]
    let shapes: [[Int]]
    let buffers: [AlignedBuffer]
    let indices: [String: Int]

    init(names: [String], shapes: [[Int]], buffers: [AlignedBuffer]) {
      self.names = names
      self.shapes = shapes
      self.buffers = buffers
      indices = Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
    }
  }
  let storage: Storage

  /// Copies tensors; their order is that of their sorted names.
  public init(_ tensors: [String: Tensor]) {
    let names = tensors.keys.sorted()
    let values = names.compactMap { tensors[$0] }
    storage = Storage(
      names: names, shapes: values.map(\.shape),
      buffers: values.map { tensor in
        let buffer = AlignedBuffer(count: tensor.count)
        buffer.fill(tensor.elements, rows: 1, columns: tensor.count, transposed: false)
        return buffer
      })
  }

  init(storage: Storage) { self.storage = storage }

  /// The names, in the order of the store or sorted.
  public var names: [String] { storage.names }

  /// A copy of the tensor of this name, or nil.
  public subscript(name: String) -> Tensor? {
    guard let index = storage.indices[name] else { return nil }
    let shape = storage.shapes[index]
    let count = shape.reduce(1, *)
    return Tensor(
      shape: shape, elements: storage.buffers[index].elements(rows: 1, columns: count, transposed: false))
  }

  /// The shape of the tensor of this name, or nil.
  public func shape(of name: String) -> [Int]? { storage.indices[name].map { storage.shapes[$0] } }
}
