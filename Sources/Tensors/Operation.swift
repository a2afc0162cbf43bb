import KernelInterface

/// What a node of a `Graph` computes. Everything a user records is expressed in these few operations, so gradients,
/// fusion and lowering have few cases to know.
enum Operation: Hashable, Sendable {
  case input(String)
  case images(String, PixelTreatment)
  /// One-hot labels of the bound rows, `[batch, classes]`.
  case labels(String)
  /// Which of the bound rows have a label, `[batch]`.
  case knownLabels(String, classes: Int)
  /// Floats of the bound rows, `[batch, width]`.
  case rows(String)
  case parameter(String)
  case scalar(String)
  case constant(Tensor)
  case noise(NoiseKind, String)
  case unary(UnaryOperation)
  case binary(BinaryOperation)
  /// Sum over the axes, which stay with extent 1.
  case sum(axes: [Int])
  /// Maximum over the axes, which stay with extent 1.
  case maximum(axes: [Int])
  case reshape
  case broadcast
  case transpose([Int])
  case slice(axis: Int, start: Int)
  /// Zeros around the operand along one axis: the gradient of a slice.
  case pad(axis: Int, before: Int)
  case concatenate(axis: Int)
  /// Entries of one axis in another order, some perhaps several times; zeros where the index is −1.
  case gather(axis: Int, indices: [Int32])
  /// Matrix product of the last two axes; leading axes agree.
  case matrixProduct(transposingLeft: Bool, transposingRight: Bool)
  case pairwise(PairwiseLayout, PairwiseRole)
  case stopGradient
}

/// One recorded operation.
struct Node: Hashable, Sendable {
  let operation: Operation
  let operands: [Int]
  let shape: [Int]
  var count: Int { shape.reduce(1, *) }
}
