import Datasets

/// A number with the standard error of its estimate.
struct Estimate: Sendable, Hashable {
  let value: Double
  let standardError: Double?

  init(value: Double, standardError: Double?) {
    self.value = value
    self.standardError = standardError
  }

  /// The mean of independent numbers, with the standard deviation over √n; without one where all are alike, for no spread
  /// is seen, however few they are.
  init(meanOf values: some Collection<Double>) {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / max(1, count)
    value = mean
    standardError = Self.variance(of: values, about: mean).map { ($0 / count).squareRoot() }
  }

  /// The unbiased variance of `values` about their `mean`; nil where they are alike but for rounding.
  static func variance(of values: some Collection<Double>, about mean: Double) -> Double? {
    guard values.count > 1, let least = values.min(), let greatest = values.max(),
      greatest - least > 1e-13 * max(abs(least), abs(greatest))
    else { return nil }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return squares / (Double(values.count) - 1)
  }

  /// A share of `count` independent trials; without a standard error where all or none succeeded.
  init(share: Double, of count: Int) {
    value = share
    standardError = standardErrorOfShare(share, of: count)
  }
}

extension MeasureResult.Value {
  init(_ name: String, _ estimate: Estimate) {
    self.init(name, estimate.value, standardError: estimate.standardError)
  }
}
