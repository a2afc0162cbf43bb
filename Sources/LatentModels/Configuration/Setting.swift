import Datasets
import Glibc

/// What a model or an objective can be told: a name, a default and what is allowed. Rows of `ModelKind.all` and
/// `ObjectiveKind.all` list theirs; options, help, `info`, charts, the metrics log and the live controls follow from it.
public struct Setting: Sendable, Hashable {
  /// What a setting's value can be.
  public enum Form: Sendable, Hashable {
    /// A number; a live one is a `Control` and can be changed while training.
    case number(default: Double, range: ClosedRange<Double>, scale: Control.Scale, step: Double, isLive: Bool)
    /// A whole number.
    case count(default: Int, range: ClosedRange<Int>)
    /// One of a few words.
    case choice(default: String, of: [String])
    /// Free text that its owner reads; `pattern` says how it is written.
    case text(default: String, pattern: String)
  }

  /// The name typed after `--set` and kept in files.
  public let name: String
  /// The field's symbol for it, such as β.
  public let symbol: String
  /// What it does, in a few words.
  public let summary: String
  /// What it can be.
  public let form: Form
  /// Whether a training can also begin with −∞ or ∞, which have a meaning as limits.
  public let takesInfinity: Bool
  /// Whether the value of a held-out loss depends on it: that of a rate, or of a weight of gradients, does not.
  public let changesLoss: Bool

  /// A setting of any form.
  public init(
    _ name: String, symbol: String? = nil, _ summary: String, _ form: Form, takesInfinity: Bool = false,
    changesLoss: Bool = true
  ) {
    self.name = name
    self.symbol = symbol ?? name
    self.summary = summary
    self.form = form
    self.takesInfinity = takesInfinity
    self.changesLoss = changesLoss
  }

  /// A weight that is a live control.
  public static func control(
    _ name: String, symbol: String, _ summary: String, default value: Double = 1, range: ClosedRange<Double> = 0...1000,
    scale: Control.Scale = .linear, step: Double = 0.1, changesLoss: Bool = true
  ) -> Setting {
    Setting(
      name, symbol: symbol, summary,
      .number(default: value, range: range, scale: scale, step: step, isLive: true), changesLoss: changesLoss)
  }

  /// The live control that this setting is, if it is one.
  public var control: Control? {
    guard case .number(let value, let range, let scale, let step, true) = form else { return nil }
    return Control(
      name: name, symbol: symbol, summary: summary, defaultValue: value, range: range, scale: scale, step: step,
      changesLoss: changesLoss)
  }

  /// The value where nothing is said.
  public var defaultValue: SettingValue {
    switch form {
    case .number(let value, _, _, _, _): .number(value)
    case .count(let value, _): .number(Double(value))
    case .choice(let value, _): .text(value)
    case .text(let value, _): .text(value)
    }
  }

  /// What is allowed, in words.
  public var allowed: String {
    switch form {
    case .number(_, let range, _, _, _):
      "\(Self.brief(range.lowerBound)) to \(Self.brief(range.upperBound))" + (takesInfinity ? ", -inf or inf" : "")
    case .count(_, let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .choice(_, let words): words.joined(separator: ", ")
    case .text(_, let pattern): pattern
    }
  }

  /// Whether `value` is allowed.
  public func allows(_ value: SettingValue) -> Bool {
    switch (form, value) {
    case (.number(_, let range, _, _, _), .number(let number)):
      range.contains(number) || (takesInfinity && number.isInfinite)
    case (.count(_, let range), .number(let number)):
      number == number.rounded() && Double(range.lowerBound) <= number && number <= Double(range.upperBound)
    case (.choice(_, let words), .text(let word)): words.contains(word)
    case (.text, .text): true
    default: false
    }
  }

  /// Reads what a person typed. Throws a `ConfigurationError` that says what is allowed.
  public func parse(_ text: String) throws -> SettingValue {
    let value: SettingValue
    switch form {
    case .number, .count:
      let number = Self.number(text)
      guard let number else {
        throw ConfigurationError.outOfRange(setting: name, value: text, allowed: allowed)
      }
      value = .number(number)
    case .choice, .text: value = .text(text)
    }
    guard allows(value) else { throw ConfigurationError.outOfRange(setting: name, value: text, allowed: allowed) }
    return value
  }

  /// A number as people write it; infinities by name, for Rényi's α.
  private static func number(_ text: String) -> Double? {
    switch text.lowercased() {
    case "inf", "∞", "+inf": .infinity
    case "-inf", "−inf", "-∞", "−∞": -.infinity
    default: Double(text).flatMap { $0.isFinite ? $0 : nil }
    }
  }

  /// What is allowed of a number that only has to be positive, in words: what is computed with is a `Float`.
  static let anyPositive = "\(Float.leastNonzeroMagnitude) to \(Float.greatestFiniteMagnitude)"

  /// A number without a superfluous ".0".
  static func brief(_ value: Double) -> String { value.brief }

  /// A number with no more digits than what is computed with, which is a `Float`.
  public static func single(_ value: Double) -> Double { Double("\(Float(value))") ?? value }

  /// The same to four digits, of a number that goes from one value to another.
  static func rounded(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return brief(value) }
    let scale = pow(10, 3 - log10(abs(value)).rounded(.down))
    guard scale.isNormal else { return brief(value) }
    return brief((value * scale).rounded() / scale)
  }
}

/// A number that can be changed while training: a weight of an objective, a temperature, the learning rate.
public struct Control: Sendable, Hashable {
  /// How steps are taken.
  public enum Scale: String, Sendable, Hashable, Codable {
    /// By sums.
    case linear
    /// By ratios.
    case logarithmic
  }

  /// The name typed and kept in files.
  public let name: String
  /// The field's symbol, such as β.
  public let symbol: String
  /// What it does, in a few words.
  public let summary: String
  /// The value where nothing is said.
  public let defaultValue: Double
  /// Values allowed where it is changed live.
  public let range: ClosedRange<Double>
  /// How a key moves it.
  public let scale: Scale
  /// What a key adds (linear), or the ratio it multiplies by (logarithmic).
  public let step: Double
  /// Whether a training can begin with any positive number, also one outside `range`, where no key leads.
  public let canBeginAnywhere: Bool
  /// Whether the value of a held-out loss depends on it, as of `Setting`.
  public let changesLoss: Bool

  /// A control of all fields.
  public init(
    name: String, symbol: String, summary: String, defaultValue: Double, range: ClosedRange<Double>,
    scale: Scale = .linear, step: Double = 0.1, canBeginAnywhere: Bool = false, changesLoss: Bool = true
  ) {
    self.name = name
    self.symbol = symbol
    self.summary = summary
    self.defaultValue = defaultValue
    self.range = range
    self.scale = scale
    self.step = step
    self.canBeginAnywhere = canBeginAnywhere
    self.changesLoss = changesLoss
  }

  /// Whether a training may begin with `value` or have come to it, as files tell it.
  public func canHold(_ value: Double) -> Bool {
    guard canBeginAnywhere else { return range.contains(value) }
    return value > 0 && Float(value) > 0 && Float(value).isFinite
  }

  /// What that is, in words.
  public var allowed: String {
    canBeginAnywhere
      ? Setting.anyPositive : "\(Setting.brief(range.lowerBound)) to \(Setting.brief(range.upperBound))"
  }

  /// Throws a `ConfigurationError` that says `setting` where a training may not begin with `value`: the one check of what is
  /// typed, read from a file, or annealed from.
  func check(_ value: Double, as setting: String) throws {
    guard !canHold(value) else { return }
    throw ConfigurationError.outOfRange(setting: setting, value: Setting.brief(value), allowed: allowed)
  }

  /// Adam's rate before the schedule: every training has it.
  public static let rate = Control(
    name: "rate", symbol: "rate", summary: "learning rate of Adam", defaultValue: 1e-3, range: 1e-9...10,
    scale: .logarithmic, step: 1.1, canBeginAnywhere: true, changesLoss: false)
}

/// The value of a setting: a number or a word.
public enum SettingValue: Codable, Sendable, Hashable, CustomStringConvertible {
  /// A number.
  case number(Double)
  /// A word or a text.
  case text(String)

  /// Reads a number or a string; infinities, which JSON lacks, are strings.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Double.self) {
      self = .number(number)
      return
    }
    guard let text = try? container.decode(String.self) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "neither a number that can be held nor a word")
    }
    switch text {
    case "inf": self = .number(.infinity)
    case "-inf": self = .number(-.infinity)
    default: self = .text(text)
    }
  }

  /// Writes what `init(from:)` reads.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let number) where number.isFinite: try container.encode(number)
    case .number(let number): try container.encode(number > 0 ? "inf" : "-inf")
    case .text(let text): try container.encode(text)
    }
  }

  /// A number as a whole one; nil for a word. It may be read before its range is looked at: what no whole number of a setting
  /// can be is cut off.
  var count: Int? {
    guard case .number(let number) = self else { return nil }
    return Int(max(-1e9, min(1e9, number)))
  }

  public var description: String {
    switch self {
    case .number(let number): Setting.brief(number)
    case .text(let text): text
    }
  }
}
