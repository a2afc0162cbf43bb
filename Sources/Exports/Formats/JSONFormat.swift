import Tensors

extension ExportFormat {
  /// Nested lists; what is not finite becomes null, for JSON has no such numbers.
  public static let json = ExportFormat(name: "json", summary: "nested lists of numbers", forms: [.array]) {
    try $0.array.map { Array((JSONLists.text(try $0()) + "\n").utf8) }
  }
}

/// Arrays as nested JSON lists.
public enum JSONLists {
  /// The elements of `tensor` as lists within lists.
  ///
  /// - Parameter isOutermost: whether the lists of the first axis stand on lines of their own.
  public static func text(_ tensor: Tensor, isOutermost: Bool = true) -> String {
    func nested(_ axis: Int, _ offset: Int) -> String {
      guard axis < tensor.shape.count else { return number(tensor.elements[offset]) }
      let stride = tensor.shape[(axis + 1)...].reduce(1, *)
      let parts = (0..<tensor.shape[axis]).map { nested(axis + 1, offset + $0 * stride) }
      return "[" + parts.joined(separator: axis == 0 && isOutermost && tensor.shape.count > 1 ? ",\n " : ", ") + "]"
    }
    return nested(0, 0)
  }

  /// Swift prints the shortest digits that give the same float back; JSON has no NaN.
  private static func number(_ value: Float) -> String { value.isFinite ? "\(value)" : "null" }
}
