import Canvas
import LatentModels

/// A number that can be changed while a model trains.
struct Control: Sendable, Hashable {
  enum Scale: Sendable, Hashable { case linear, logarithmic }

  /// What logs and commands call it.
  var name: String
  /// How it is written beside its slider.
  var symbol: String
  var summary: String
  var defaultValue: Double
  /// What can be set; a slider shows `shown` of it.
  var range: ClosedRange<Double>
  var scale: Scale
  /// How far one key moves it: an amount, or on a logarithmic scale a ratio.
  var step: Double
}

extension Control {
  /// Where a value stands on its slider, in 0…1: over a hundred steps on a linear scale, over two decades on both sides of
  /// the default on a logarithmic one.
  func fraction(of value: Double) -> Double {
    switch scale {
    case .linear:
      let end = min(range.upperBound, range.lowerBound + 100 * step)
      return min(1, max(0, (value - range.lowerBound) / max(end - range.lowerBound, .leastNormalMagnitude)))
    case .logarithmic:
      guard value > 0, defaultValue > 0 else { return 0 }
      let decades = Double(Exponential.logarithm(Float(value / defaultValue)) / Exponential.logarithm(10))
      return min(1, max(0, (decades + 2) / 4))
    }
  }

  /// The value a key away: a step, on a logarithmic scale a ratio; ten steps or a factor of two where it is coarse.
  func value(after value: Double, by direction: Int, _ stride: Stride) -> Double {
    let next: Double
    switch scale {
    case .linear:
      let amount = stride == .coarse ? 10 * step : stride == .fine ? step / 10 : step
      let grain = stride == .fine ? step / 10 : step
      // On round values controls stay on round values, however often they move.
      let perUnit = (1 / grain).rounded()
      let count = ((value + Double(direction) * amount) / grain).rounded()
      next = perUnit >= 1 ? count / perUnit : count * grain
    case .logarithmic:
      let ratio = stride == .coarse ? 2 : step
      next = direction > 0 ? value * ratio : value / ratio
    }
    return min(range.upperBound, max(range.lowerBound, next))
  }
}

extension Configuration {
  /// What can be changed while it trains: the objective's own, then the learning rate.
  var controls: [Control] {
    let rate = Control(
      name: "rate", symbol: "rate", summary: "learning rate before its schedule",
      defaultValue: Double(training.rate), range: 1e-7...1, scale: .logarithmic, step: 1.1)
    let beta = Control(
      name: "beta", symbol: "β", summary: "weight of the KL term; 1 is the evidence lower bound",
      defaultValue: Double(objective.beta), range: 0...1000, scale: .linear, step: 0.1)
    return objective.kind == .evidenceLowerBound ? [beta, rate] : [rate]
  }

  /// Every control there is, of whatever objective: what the palette knows by name.
  static var allControls: [Control] {
    Configuration(
      model: ModelConfiguration(), objective: ObjectiveConfiguration(), training: TrainingConfiguration()
    ).controls
  }

  /// The values they begin with, by name.
  var controlValues: [String: Double] {
    Dictionary(uniqueKeysWithValues: controls.map { ($0.name, $0.defaultValue) })
  }
}

extension TrainingSession {
  /// Changes a control from the next step on; false where this session has none of that name.
  @discardableResult
  func set(_ name: String, to value: Double) -> Bool {
    switch name {
    case "beta": setBeta(Float(value))
    case "rate": setLearningRate(Float(value))
    default: return false
    }
    return true
  }

  /// The controls as they are now, by name.
  var controlValues: [String: Double] { ["beta": Double(beta), "rate": Double(learningRate)] }
}
