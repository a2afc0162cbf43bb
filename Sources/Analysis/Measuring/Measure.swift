import Datasets

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
  /// What it is, as a formula or a rule, by the defaults of its settings.
  public var definition: String { definition([:]) }
  /// Where it comes from: author year, arXiv id.
  public let source: String
  /// How it is computed here, and how that differs from the source, by the defaults of its settings.
  public var estimator: String { estimator([:]) }
  /// The unit of its value: `nats`, `bits`, or empty of a pure number.
  public let unit: String
  /// What it is computed from.
  public let needs: [Need]
  /// The settings that it reads.
  public let settings: [MeasureSetting]
  /// Whether it takes seconds rather than milliseconds on ten thousand codes: not for a screen that follows a training.
  public let isSlow: Bool
  /// Whether its value is a count.
  private let isCount: Bool
  /// Whether it depends on the scale of codes, and cannot be given it back where they are held divided by another.
  private let dependsOnScale: Bool
  /// The definition and the estimator, with a setting's name in braces in the place of its value.
  private let templates: (definition: String, estimator: String)
  private let compute: @Sendable (Measurement) throws -> MeasureResult

  init(
    _ name: String, title: String, summary: String, definition: String, source: String, estimator: String,
    unit: String = "", needs: [Need], settings: [MeasureSetting] = [], isSlow: Bool = false,
    isCount: Bool = false, dependsOnScale: Bool = false,
    compute: @escaping @Sendable (Measurement) throws -> MeasureResult
  ) {
    self.name = name
    self.title = title
    self.summary = summary
    self.source = source
    templates = (definition, estimator)
    self.unit = unit
    self.needs = needs
    self.settings = settings
    self.isSlow = isSlow
    self.isCount = isCount
    // Variances beside the means are in the unit of the file.
    self.dependsOnScale = dependsOnScale || needs.contains(.logVariances)
    self.compute = compute
  }

  /// What it is where its settings have `values`; the others have their defaults.
  public func definition(_ values: [String: Double]) -> String { filled(templates.definition, values) }

  /// How it is computed where its settings have `values`; the others have their defaults.
  public func estimator(_ values: [String: Double]) -> String { filled(templates.estimator, values) }

  private func filled(_ template: String, _ values: [String: Double]) -> String {
    settings.reduce(template) { text, setting in
      text.replacing("{\(setting.name)}", with: (values[setting.name] ?? setting.defaultValue).brief)
    }
  }

  /// How many decimals its value has where others have `most`: a count has nothing behind the point.
  public func decimals(_ most: Int) -> Int { isCount ? 0 : most }

  /// What `representation` lacks for this measure; empty where it can be computed.
  public func missing(in representation: Representation) -> [Need] {
    needs.filter { need in
      switch need {
      case .means: false
      case .logVariances: representation.logVariances == nil
      case .labels: representation.labels == nil
      case .factors: representation.factors.isEmpty && representation.labels == nil
      case .standardNormalPrior: !representation.hasStandardNormalPrior
      }
    }
  }

  /// Computes it. What several measures need is computed once a measurement.
  ///
  /// - Throws: `AnalysisError` where something is missing or the measure is not defined for these arrays;
  ///   `CancellationError`.
  public func evaluate(_ measurement: Measurement) throws -> MeasureResult {
    let missing = missing(in: measurement.representation)
    guard missing.isEmpty else {
      throw AnalysisError.missing(measure: name, what: missing.map(\.rawValue).joined(separator: " and "))
    }
    try check(measurement.representation)
    try measurement.checkCancellation()
    let result = try compute(measurement)
    try Self.checkFinite(result)
    return result
  }

  /// Refuses codes that this measure cannot be computed of as they are held, and log-variances beyond `logVarianceRange`.
  private func check(_ representation: Representation) throws {
    if dependsOnScale, representation.units.scale != 1 {
      throw AnalysisError.undefined(
        "\(name) depends on the scale of the codes, and 32-bit floats hold these only divided by "
          + "\(representation.units.scale): bring them to the order of 1")
    }
    guard needs.contains(.logVariances), let logVariances = representation.logVariances else { return }
    guard let bad = logVariances.elements.firstIndex(where: { !Self.logVarianceRange.contains($0) }) else { return }
    let (row, column) = bad.quotientAndRemainder(dividingBy: representation.dimensions)
    throw AnalysisError.logVariance(
      logVariances.elements[bad], row: row, column: column, allowed: Self.logVarianceRange)
  }

  /// The log-variances whose densities are exact: beyond, a precision or a square is no 32-bit float any more.
  static let logVarianceRange: ClosedRange<Float> = -68...80

  /// Refuses a result with a number that is none.
  private static func checkFinite(_ result: MeasureResult) throws {
    let numbers =
      result.values.map { ($0.name, [$0.value] + [$0.standardError].compactMap(\.self)) }
      + result.tables.map { ($0.name, $0.values + ($0.standardErrors ?? []).compactMap(\.self)) }
    for (name, values) in numbers {
      guard let bad = values.first(where: { !$0.isFinite }) else { continue }
      throw AnalysisError.undefined(
        "its \(name) comes out as \(bad.isNaN ? "no number" : "infinite"): codes or variances are too large or too small "
          + "to compute with; bring them to the order of 1")
    }
  }
}
