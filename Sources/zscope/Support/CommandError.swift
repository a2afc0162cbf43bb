/// What was wrong with a file, a value or their combination: where, and what to do.
struct CommandError: Error, CustomStringConvertible {
  let description: String

  /// `problem; remedy`, on one line.
  init(_ problem: String, remedy: String? = nil) {
    description = problem + (remedy.map { "; \($0)" } ?? "")
  }
}
