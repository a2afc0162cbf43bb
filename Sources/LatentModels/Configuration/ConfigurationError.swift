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
    case .typeMismatch(let type, let context):
      return Self.allowed(type).map { "\(place(context)) is of another kind; allowed: \($0)" }
        ?? "\(place(context)): \(context.debugDescription)"
    case .valueNotFound(_, let context): return "\(place(context)) has no value"
    case .dataCorrupted(let context): return "\(place(context)): \(context.debugDescription)"
    @unknown default: return "malformed JSON"
    }
  }

  /// What values of a type can be, in words; nil of one that has none here.
  fileprivate static func allowed(_ type: any Any.Type) -> String? {
    switch type {
    case is Int.Type: "a whole number"
    case is UInt64.Type: "a whole number, 0 or more"
    case is Float.Type, is Double.Type: "a number"
    case is String.Type: "a text"
    case is Bool.Type: "true or false"
    case is [Int].Type: "a list of whole numbers"
    case is [Any].Type: "a list"
    case is [String: Any].Type: "names with their values"
    case let words as any CaseIterable.Type: names(words).joined(separator: ", ")
    default: nil
    }
  }

  private static func names<Words: CaseIterable>(_ words: Words.Type) -> [String] { words.allCases.map { "\($0)" } }
}

extension KeyedDecodingContainer {
  /// Decodes what is there, nil where nothing is. A number that its type cannot hold, of which a decoder says neither key nor
  /// value, and a word that is none of those there are throw a `ConfigurationError` that says what is allowed.
  func read<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
    do { return try decodeIfPresent(type, forKey: key) } catch {
      // What a decoder says of a number's digits is no error of decoding.
      guard type is any CaseIterable.Type || !(error is DecodingError || error is ConfigurationError) else {
        throw error
      }
      let told =
        (try? decode(Double.self, forKey: key)).map(Setting.brief) ?? (try? decode(String.self, forKey: key))
        ?? (try? decode([Double].self, forKey: key)).map { "[\($0.map(Setting.brief).joined(separator: ", "))]" }
      throw ConfigurationError.outOfRange(
        setting: (codingPath + [key]).map(\.stringValue).joined(separator: "."),
        value: told ?? "no value that can be held",
        allowed: DecodingError.allowed(type) ?? "numbers that can be held")
    }
  }

  /// The same where something must be.
  func require<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    if let value = try read(type, forKey: key) { return value }
    throw contains(key)
      ? DecodingError.valueNotFound(type, .init(codingPath: codingPath + [key], debugDescription: "it is null"))
      : DecodingError.keyNotFound(key, .init(codingPath: codingPath, debugDescription: "it is not there"))
  }
}
