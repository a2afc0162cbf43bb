extension BinaryFloatingPoint where Self: CustomStringConvertible {
  /// The number with no more digits than it needs: a whole one has no point.
  public var brief: String {
    // Beyond, digits are told that the number does not have.
    self == rounded() && magnitude < 1e15 ? "\(Int(self))" : "\(self)"
  }
}
