import Datasets
import Glibc
import Tensors

/// A row of the table of distributions of pixels. To add one, write its row and name it in `all`.
public struct LikelihoodKind: Sendable {
  /// A positive number that it is told.
  public struct Parameter: Sendable {
    /// What files and people call it.
    public let name: String
    /// What it is where nothing is said.
    public let defaultValue: Float
  }

  /// What files and people call it.
  public let name: String
  /// What an image is made of under it, as in "Bernoulli pixels".
  public let pixels: String
  /// The number that it is told; nil: none.
  public let parameter: Parameter?
  /// What a bound of grey pixels is not; nil: it is what it says.
  public let remarkOnGrey: String?
  /// Whether the squared error of a reconstruction tells its cost, up to a factor and a constant.
  public let isToldBySquares: Bool
  /// What a pixel costs a model that knows nothing yet, beyond one that is told exactly, in nats.
  let unlearntCost: Double
  /// The distribution of the pixels given the decoder's output `[…, pixels]` and the parameter.
  let distribution: @Sendable (_ output: Expression, _ parameter: Float) -> any Distribution
  /// The expected pixels given the decoder's output.
  let expectation: @Sendable (_ output: Expression) -> Expression
  /// `−log p(x)` in nats of one pixel as a function of its value x, given its expected value and the parameter.
  let cost: @Sendable (_ mean: Double, _ parameter: Double) -> (_ value: Double) -> Double

  /// Every likelihood.
  public static let all: [LikelihoodKind] = [.bernoulli, .gaussian]

  /// The likelihood that files and people call `name`.
  public static func named(_ name: String) -> LikelihoodKind? { all.first { $0.name == name } }

  /// How people write those there are: `bernoulli`, `gaussian`, `gaussian:DEVIATION`.
  public static var patterns: [String] {
    all.flatMap { row in [row.name] + (row.parameter.map { ["\(row.name):\($0.name.uppercased())"] } ?? []) }
  }
}

extension LikelihoodKind {
  /// Every pixel is a coin whose logit the decoder gives (Kingma & Welling 2013, arXiv:1312.6114, app. C.1).
  static let bernoulli = LikelihoodKind(
    name: "bernoulli", pixels: "Bernoulli pixels", parameter: nil,
    remarkOnGrey: "grey pixels under Bernoulli distributions: these bounds order models, but are of no density",
    isToldBySquares: false, unlearntCost: log(2),
    distribution: { output, _ in Bernoulli(logits: output) }, expectation: { $0.sigmoid() },
    cost: { mean, _ in
      // A probability that a float rounds to 0 or 1 is none that a finite logit gives.
      let least = 1e-7
      let share = min(max(mean, least), 1 - least)
      let (white, black) = (-log(share), -log(1 - share))
      return { $0 * white + (1 - $0) * black }
    })

  /// Every pixel is normal around the decoder's output with one fixed standard deviation, a tenth of the range of grey
  /// values unless said.
  static let gaussian = LikelihoodKind(
    name: "gaussian", pixels: "Gaussian pixels", parameter: Parameter(name: "deviation", defaultValue: 0.1),
    remarkOnGrey: nil, isToldBySquares: true, unlearntCost: 0,
    distribution: { output, deviation in
      let logVariance = output.graph.constant(2 * Glibc.log(deviation)).broadcast(to: output.shape)
      return Normal(mean: output, logVariance: logVariance)
    }, expectation: { $0 },
    cost: { mean, deviation in
      let variance = deviation * deviation
      let constant = log(2 * .pi * variance)
      return { 0.5 * (($0 - mean) * ($0 - mean) / variance + constant) }
    })
}

extension Likelihood {
  /// A row with its number, its default where nothing is said.
  private init(_ row: LikelihoodKind, _ parameter: Float? = nil) {
    self.init(kind: row.name, parameter: row.parameter.map { parameter ?? $0.defaultValue } ?? 0)
  }

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

extension Likelihood {
  /// The distribution of the pixels given the decoder's output `[…, pixels]`.
  func distribution(_ output: Expression) -> any Distribution { row.distribution(output, parameter) }

  /// The expected pixels given the decoder's output.
  func expectation(_ output: Expression) -> Expression { row.expectation(output) }

  /// `−log p` in nats of one pixel as a function of its grey value in 0…1, given its expected value; of a pixel that is
  /// drawn in training, on average.
  public func cost(mean: Double, treatment: PixelTreatment) -> (_ grey: Double) -> Double {
    let cost = row.cost(mean, Double(parameter))
    switch treatment {
    case .grey: return cost
    case .binarised: return { cost($0 >= 0.5 ? 1 : 0) }
    case .sampled:
      let (white, black) = (cost(1), cost(0))
      return { $0 * white + (1 - $0) * black }
    }
  }

  /// What a pixel costs that is told exactly, in nats.
  var constantCost: Double { row.cost(0, Double(parameter))(0) }
}
