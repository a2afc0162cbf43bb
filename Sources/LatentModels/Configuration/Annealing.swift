import Datasets
import Glibc

/// How a control changes by itself from step to step: a factor on the value it is set to.
///
/// Written `linear:STEPS`, `warm-up:DELAY:STEPS`, `cyclical:CYCLES` or `from:START:STEPS`.
public enum Annealing: Codable, Sendable, Hashable, CustomStringConvertible {
  /// From 0 to the value over the first steps.
  case linear(steps: Int)
  /// 0 for the first steps, then linearly to the value.
  case warmUp(delay: Int, steps: Int)
  /// In each of so many cycles of the training: from 0 to the value in the first half, then constant (Fu 2019,
  /// arXiv:1903.10145).
  case cyclical(cycles: Int)
  /// From another value to the value over the first steps, by equal ratios where both are positive, as a temperature
  /// falls (Jang 2016, arXiv:1611.01144).
  case from(start: Double, steps: Int)

  /// Reads what `description` writes; nil for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    if parts.count == 3, parts[0] == "from", let start = Double(parts[1]), start.isFinite, let steps = Int(parts[2]),
      (1...1_000_000_000).contains(steps)
    {
      self = .from(start: start, steps: steps)
      return
    }
    let numbers = parts.dropFirst().compactMap { Int($0) }
    guard numbers.count == parts.count - 1, numbers.allSatisfy({ (1...1_000_000_000).contains($0) }) else {
      return nil
    }
    switch (parts[0], numbers.count) {
    case ("linear", 1): self = .linear(steps: numbers[0])
    case ("warm-up", 2): self = .warmUp(delay: numbers[0], steps: numbers[1])
    case ("cyclical", 1): self = .cyclical(cycles: numbers[0])
    default: return nil
    }
  }

  /// How it is written, for messages.
  public static let pattern =
    "linear:STEPS, warm-up:DELAY:STEPS, cyclical:CYCLES or from:START:STEPS, START a number and all others whole numbers "
    + "from 1 to 1000000000"

  /// Reads a string.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let annealing = Annealing(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\(text) is no annealing: \(Self.pattern)")
    }
    self = annealing
  }

  /// Writes a string.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  /// What a control that is set to `value` is at `step` (counted from 0) of `totalSteps`.
  public func applied(to value: Double, step: Int, totalSteps: Int) -> Double {
    guard case .from(let start, let steps) = self else { return value * factor(step: step, totalSteps: totalSteps) }
    let share = min(1, Double(step) / Double(steps))
    if share == 1 { return value }
    return start > 0 && value > 0 ? start * pow(value / start, share) : start + (value - start) * share
  }

  /// The factor at `step` (counted from 0) of `totalSteps`, in 0…1; of a start of its own, the share of the way.
  public func factor(step: Int, totalSteps: Int) -> Double {
    switch self {
    case .from(_, let steps): return min(1, Double(step) / Double(steps))
    case .linear(let steps): return min(1, Double(step) / Double(steps))
    case .warmUp(let delay, let steps): return min(1, max(0, Double(step - delay) / Double(steps)))
    case .cyclical(let cycles):
      // The end of the training is that of its last cycle, and no other begins.
      if step >= totalSteps { return 1 }
      let period = max(1, Double(totalSteps) / Double(cycles))
      let place = Double(step).truncatingRemainder(dividingBy: period) / period
      // What rounding leaves of a whole number of cycles is none of it.
      return place < 1e-9 ? 0 : min(1, 2 * place)
    }
  }

  /// How it leads to `value`, in words: `linear to 4 over 2000 steps`.
  func words(to value: Double) -> String {
    let end = Setting.brief(value)
    return switch self {
    case .linear(let steps): "linear to \(end) over \(counted(steps, "step"))"
    case .warmUp(let delay, let steps): "0 for \(counted(delay, "step")), then linear to \(end) over \(steps)"
    case .cyclical(let cycles): "from 0 to \(end) in each of \(counted(cycles, "cycle"))"
    case .from(let start, let steps):
      "from \(Setting.brief(start)) to \(end) over \(counted(steps, "step"))\(start > 0 && value > 0 ? " by equal ratios" : "")"
    }
  }

  public var description: String {
    switch self {
    case .linear(let steps): "linear:\(steps)"
    case .warmUp(let delay, let steps): "warm-up:\(delay):\(steps)"
    case .cyclical(let cycles): "cyclical:\(cycles)"
    case .from(let start, let steps): "from:\(Setting.brief(start)):\(steps)"
    }
  }
}
