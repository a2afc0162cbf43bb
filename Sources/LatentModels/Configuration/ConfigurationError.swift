import Datasets

/// What can be wrong with a configuration.
public enum ConfigurationError: Error, Equatable, CustomStringConvertible {
  /// The configuration is of a version this program does not read.
  case version(found: Int)
  /// The text is not a configuration.
  case unreadable(String)
  /// A setting lies outside its range.
  case outOfRange(setting: String, value: String, allowed: String)
  /// Nothing in a table has this name.
  case unknown(what: String, name: String, known: [String])
  /// Two settings that do not go together.
  case refused(String)

  public var description: String {
    switch self {
    case .version(let found):
      "configuration version \(found) is not one this program reads (it reads \(Configuration.currentVersion)): "
        + "use the version of zscope that wrote it"
    case .unreadable(let why): "the configuration cannot be read: \(why)"
    case .outOfRange(let setting, let value, let allowed): "\(setting) is \(value.visibleName); allowed: \(allowed)"
    case .unknown(let what, let name, let known):
      "there is no \(what) called \(name.visibleName)\(Nearest.suggestion(for: name, among: known)); there "
        + (known.isEmpty ? "is none" : "\(known.count == 1 ? "is" : "are") \(known.joined(separator: ", "))")
    case .refused(let why): why
    }
  }
}

extension DecodingError {
  /// One line a person can act on: which key, and what was wrong with it.
  var explanation: String {
    func place(_ context: Context, _ last: String? = nil) -> String {
      let path = context.codingPath.map(\.stringValue) + (last.map { [$0] } ?? [])
      return path.isEmpty ? "the top level" : path.joined(separator: ".")
    }
    switch self {
    case .keyNotFound(let key, let context): return "\(place(context, key.stringValue)) is missing"
    case .typeMismatch(_, let context): return "\(place(context)): \(context.debugDescription)"
    case .valueNotFound(_, let context): return "\(place(context)) has no value"
    case .dataCorrupted(let context): return "\(place(context)): \(context.debugDescription)"
    @unknown default: return "malformed JSON"
    }
  }
}
