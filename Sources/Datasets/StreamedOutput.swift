import Glibc

/// Writes to a file atomically, or to standard output when `path` is `-`, what `body` hands over piece by piece.
///
/// - Throws: what `body` throws; `DatasetError` of kind `unwritable`.
public func writeOutput(
  to path: String, _ body: (_ write: @escaping (UnsafeRawBufferPointer) throws -> Void) throws -> Void
) throws {
  guard path == "-" else {
    return try writeAtomically(to: path) { descriptor in
      try body { try writeAll($0, to: descriptor, path: path) }
    }
  }
  try body { try writeAll($0, to: STDOUT_FILENO, path: "standard output") }
}
