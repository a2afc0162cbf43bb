/// How the pixels of an image are distributed given the decoder's output: a row of `LikelihoodKind.all` and its number.
public struct Likelihood: Sendable, Hashable, Codable {
  /// The name of the row.
  public let kind: String
  /// The number that the row is told; 0 where it takes none.
  public let parameter: Float

  /// A row with its number, its default where nothing is said.
  private init(_ row: LikelihoodKind, _ parameter: Float? = nil) {
    kind = row.name
    self.parameter = row.parameter.map { parameter ?? $0.defaultValue } ?? 0
  }

  /// Every pixel is a coin.
  public static let bernoulli = Likelihood(.bernoulli)

  /// Every pixel is normal with this standard deviation.
  public static func gaussian(deviation: Float) -> Likelihood { Likelihood(.gaussian, deviation) }

  /// Reads what people write, a name or `NAME:NUMBER` (`LikelihoodKind.patterns`); nil for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2, let row = LikelihoodKind.named(parts[0]) else { return nil }
    self.init(row)
    guard parts.count == 2 else { return }
    guard row.parameter != nil, let number = Float(parts[1]), Self.allows(number) else { return nil }
    self.init(row, number)
  }

  /// The row of the table.
  public var row: LikelihoodKind { LikelihoodKind.named(kind) ?? .bernoulli }

  /// In words, as "Gaussian pixels of deviation 0.1".
  public var words: String { row.pixels + (row.parameter.map { " of \($0.name) \(parameter.brief)" } ?? "") }

  /// Throws a `ConfigurationError` for a number that is none of this.
  func checkRange() throws {
    guard let name = row.parameter?.name, !Self.allows(parameter) else { return }
    throw ConfigurationError.outOfRange(
      setting: Self.settingName(name), value: "\(parameter)", allowed: "a positive number")
  }

  /// What errors call the number of a row.
  public static func settingName(_ parameter: String) -> String { "model.likelihood.\(parameter)" }

  private static func allows(_ number: Float) -> Bool { number.isFinite && number > 0 }

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
    let name = try container.decode(String.self, forKey: .kind)
    guard let row = LikelihoodKind.named(name) else {
      throw DecodingError.dataCorruptedError(
        forKey: .kind, in: container,
        debugDescription: "there is no likelihood called \(name.visibleName); there are "
          + LikelihoodKind.all.map(\.name).joined(separator: ", "))
    }
    self.init(row, try row.parameter.map { try container.decode(Float.self, forKey: Key($0.name)) })
  }

  /// Writes what `init(from:)` reads.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(kind, forKey: .kind)
    if let name = row.parameter?.name { try container.encode(parameter, forKey: Key(name)) }
  }
}
