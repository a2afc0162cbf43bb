/// How much of a file is read, decided by its first bytes.
public enum FileExtent: Sendable, Hashable {
  /// Nothing beyond the first bytes: they are enough to tell what it is.
  case head
  /// All of it, which must be so many bytes.
  case exactly(Int)
  /// All of it, if it is no more than so many bytes.
  case upTo(Int)

  /// How many bytes are looked at before it is decided whether the rest is read: room for numpy's longest header.
  static let headLength = 1 << 14

  /// The most bytes that are read of what does not say by its header how long it is, from a pipe or a terminal.
  static let largestStream = 1 << 30
}
