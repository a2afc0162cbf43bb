import Datasets
import Tensors

/// A row of the table of distributions of pixels. To add one, write its row in a file of its own and name it in `all`.
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
  /// What a pixel costs a model that knows nothing yet, in nats above `Likelihood.constantCost`.
  let unlearntCost: Double
  /// Numbers that the decoder says of a pixel, as a mean and a log-variance: its output is so many times as wide as the pixels.
  var outputsPerPixel = 1
  /// The distribution of the pixels, of events `[…, pixels]`, given the decoder's output `[…, outputsPerPixel·pixels]` and the
  /// parameter.
  let distribution: @Sendable (_ output: Expression, _ parameter: Float) -> any Distribution
  /// The expected pixels `[…, pixels]` given that output.
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

extension Likelihood {
  /// The row of the table.
  public var row: LikelihoodKind { LikelihoodKind.named(kind) ?? .bernoulli }

  /// The distribution of the pixels, of events `[…, pixels]`, given the decoder's output `[…, decoderWidth]`.
  func distribution(_ output: Expression) -> any Distribution { row.distribution(output, parameter) }

  /// The expected pixels `[…, pixels]` given that output.
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

extension ModelConfiguration {
  /// Numbers that a decoder says of an image.
  var decoderWidth: Int { pixelCount * likelihood.row.outputsPerPixel }
}
