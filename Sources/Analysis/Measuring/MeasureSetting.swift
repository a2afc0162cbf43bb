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
