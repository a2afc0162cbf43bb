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

  /// What is read of a file of images of any kind, told apart by its first bytes.
  ///
  /// - Parameters:
  ///   - head: the first bytes of the file.
  ///   - size: how many it has; nil where that is not known.
  /// - Throws: `DatasetError` where it is nothing that is read, where it is not as long as its header says, or where
  ///   memory does not hold what it says.
  static func ofImages(_ head: [UInt8], _ size: Int?, name: String) throws -> FileExtent {
    if FileReading.isPicture(head) { return .upTo(PictureLimits.fileSize) }
    if head.starts(with: NPY.magic) { return try NPY.extent(head, size, name: name) }
    if NPZ.isArchive(head) { return .upTo(.max) }
    if Inflate.isGzip(head) || IDX.isHeader(head) { return try IDX.extent(head, size, name: name) }
    throw OtherKinds.refusal(of: head, name: name)
  }
}
