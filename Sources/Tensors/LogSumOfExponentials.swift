import Glibc

/// `log Σ e^x` of numbers that come one by one, in double precision.
public struct LogSumOfExponentials: Sendable {
  private var largest = -Double.infinity
  private var sum = 0.0

  /// The sum of nothing, whose logarithm is −∞.
  public init() {}

  /// Takes in one more number; −∞ adds nothing.
  public mutating func add(_ value: Double) {
    if value > largest {
      sum = sum * exp(largest - value) + 1
      largest = value
    } else if value > -.infinity {
      sum += exp(value - largest)
    }
  }

  /// The logarithm so far.
  public var value: Double { largest + log(sum) }
}
