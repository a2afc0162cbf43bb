import Datasets

/// What people and files write of a likelihood.
extension Likelihood {
  /// A row with its number, its default where nothing is said.
  init(_ row: LikelihoodKind, _ parameter: Float? = nil) {
    self.init(kind: row.name, parameter: row.parameter.map { parameter ?? $0.defaultValue } ?? 0)
  }

  /// Reads what people write, a name or `NAME:NUMBER` (`LikelihoodKind.patterns`); nil for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2, let row = LikelihoodKind.named(parts[0]) else { return nil }
    self.init(row)
    guard parts.count == 2 else { return }
    guard row.parameter != nil, let number = Float(parts[1]), Self.allows(number) else { return nil }
    self.init(row, number)
  }

  /// In words, as "Gaussian pixels of deviation 0.1".
  public var words: String { row.pixels + (row.parameter.map { " of \($0.name) \(parameter.brief)" } ?? "") }

  /// Throws a `ConfigurationError` for a number that is none of this.
  func checkRange() throws {
    guard let name = row.parameter?.name, !Self.allows(parameter) else { return }
    throw ConfigurationError.outOfRange(
      setting: Self.settingName(name), value: parameter.brief, allowed: Setting.anyPositive)
  }

  /// What errors call the number of a row.
  public static func settingName(_ parameter: String) -> String { "model.likelihood.\(parameter)" }

  private static func allows(_ number: Float) -> Bool { number.isFinite && number > 0 }
}

extension Likelihood: Codable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }

    static let kind = Key("kind")
  }

  /// Reads an object of `kind` and, where it is told a number, that by its name.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let name = try container.require(String.self, forKey: .kind)
    guard let row = LikelihoodKind.named(name) else {
      throw DecodingError.dataCorruptedError(
        forKey: .kind, in: container,
        debugDescription: "there is no likelihood called \(name.visibleName); there are "
          + LikelihoodKind.all.map(\.name).joined(separator: ", "))
    }
    self.init(row, try row.parameter.map { try container.require(Float.self, forKey: Key($0.name)) })
  }

  /// Writes what `init(from:)` reads.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(kind, forKey: .kind)
    if let name = row.parameter?.name { try container.encode(parameter, forKey: Key(name)) }
  }
}
