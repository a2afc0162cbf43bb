/// One way to say in numbers what a representation has learnt: a row of `Measure.all`.
///
/// `zscope evaluate`, `zscope measure`, the insight screen and the report loop over the table; a measure is one file and
/// one row.
public struct Measure: Sendable {
  /// What a measure is computed from.
  public enum Need: String, Sendable, Hashable, CaseIterable {
    /// Posterior means, or codes of any other program.
    case means
    /// Logarithms of the posterior variances.
    case logVariances = "log-variances"
    /// The classes of the images.
    case labels
    /// Known causes of variation; where there are none, the label counts as the only factor.
    case factors = "factors or labels"
    /// A standard normal prior, against which divergences are taken.
    case standardNormalPrior = "a standard normal prior"
  }

  /// The name on the command line, for example `mutual-information`.
  public let name: String
  /// The heading, as short as a formula: `I(x; z)`.
  public let title: String
  /// What it tells, in one line.
  public let summary: String
  /// What it is, as a formula or a rule.
  public let definition: String
  /// Where it comes from: author year, arXiv id.
  public let source: String
  /// How it is computed here, and how that differs from the source.
  public let estimator: String
  /// The unit of its value: `nats`, `bits`, or empty of a pure number.
  public let unit: String
  /// What it is computed from.
  public let needs: [Need]
  /// The settings that it reads.
  public let settings: [MeasureSetting]
  /// Whether it takes seconds rather than milliseconds on ten thousand codes: not for a screen that follows a training.
  public let isSlow: Bool
  private let compute: @Sendable (Measurement) throws -> MeasureResult

  init(
    _ name: String, title: String, summary: String, definition: String, source: String, estimator: String,
    unit: String = "", needs: [Need], settings: [MeasureSetting] = [], isSlow: Bool = false,
    compute: @escaping @Sendable (Measurement) throws -> MeasureResult
  ) {
    self.name = name
    self.title = title
    self.summary = summary
    self.definition = definition
    self.source = source
    self.estimator = estimator
    self.unit = unit
    self.needs = needs
    self.settings = settings
    self.isSlow = isSlow
    self.compute = compute
  }

  /// What `representation` lacks for this measure; empty where it can be computed.
  public func missing(in representation: Representation, hasStandardNormalPrior: Bool = true) -> [Need] {
    needs.filter { need in
      switch need {
      case .means: false
      case .logVariances: representation.logVariances == nil
      case .labels: representation.labels == nil
      case .factors: representation.factors.isEmpty && representation.labels == nil
      case .standardNormalPrior: !hasStandardNormalPrior
      }
    }
  }

  /// Computes it. What several measures need is computed once a measurement.
  ///
  /// - Throws: `AnalysisError` where something is missing or the measure is not defined for these arrays;
  ///   `CancellationError`.
  public func evaluate(_ measurement: Measurement) throws -> MeasureResult {
    let missing = missing(
      in: measurement.representation, hasStandardNormalPrior: measurement.hasStandardNormalPrior)
    guard missing.isEmpty else {
      throw AnalysisError.missing(measure: name, what: missing.map(\.rawValue).joined(separator: " and "))
    }
    try measurement.checkCancellation()
    return try compute(measurement)
  }

  /// The measures called `names`, in the order of the table; `all` names every one.
  ///
  /// - Throws: `AnalysisError.unknown`.
  public static func named(_ names: [String]) throws -> [Measure] {
    if names.contains("all") { return all }
    for name in names where !all.contains(where: { $0.name == name }) {
      throw AnalysisError.unknown(what: "measure", name: name, known: all.map(\.name))
    }
    return all.filter { names.contains($0.name) }
  }
}

/// A number that a measure can be asked to use instead of its default. One name means the same in every measure.
public struct MeasureSetting: Sendable, Hashable {
  /// The name, for example `bins`.
  public let name: String
  /// What it decides.
  public let summary: String
  /// What it is unless asked otherwise.
  public let defaultValue: Double
  /// The values that are allowed.
  public let range: ClosedRange<Double>
  /// Whether only whole numbers are.
  public let isWhole: Bool

  init(_ name: String, _ summary: String, default value: Int, _ range: ClosedRange<Int>) {
    self.name = name
    self.summary = summary
    defaultValue = Double(value)
    self.range = Double(range.lowerBound)...Double(range.upperBound)
    isWhole = true
  }

  init(_ name: String, _ summary: String, default value: Double, _ range: ClosedRange<Double>) {
    self.name = name
    self.summary = summary
    defaultValue = value
    self.range = range
    isWhole = false
  }

  /// Throws `AnalysisError.setting` for a value that is not allowed.
  public func check(_ value: Double) throws {
    guard range.contains(value), !isWhole || value == value.rounded() else {
      let bounds =
        isWhole ? "\(Int(range.lowerBound)) to \(Int(range.upperBound))" : "\(range.lowerBound) to \(range.upperBound)"
      throw AnalysisError.setting(name: name, value: value, allowed: isWhole ? "whole numbers, \(bounds)" : bounds)
    }
  }
}
