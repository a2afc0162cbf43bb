import Canvas
import LatentModels

extension Control {
  /// The values that its slider spans on a linear scale: a hundred steps up from zero, where values may be negative too;
  /// they are allowed far further than anyone moves them.
  private var span: ClosedRange<Double> {
    let begin = min(max(0, range.lowerBound), range.upperBound)
    return begin...max(begin, min(range.upperBound, begin + 100 * step))
  }

  /// Where a value stands on its slider, in 0…1, below and above for what lies off its ends: over a hundred steps on a
  /// linear scale, over two decades on both sides of the default on a logarithmic one.
  func fraction(of value: Double) -> Double {
    switch scale {
    case .linear:
      return (value - span.lowerBound) / max(span.upperBound - span.lowerBound, .leastNormalMagnitude)
    case .logarithmic:
      guard value > 0, defaultValue > 0 else { return 0 }
      let decades = Double(Exponential.logarithm(Float(value / defaultValue)) / Exponential.logarithm(10))
      return (decades + 2) / 4
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
      // With the digits that are computed with: a run's record tells no others.
      next = Setting.single(direction > 0 ? value * ratio : value / ratio)
    }
    return min(range.upperBound, max(range.lowerBound, next))
  }
}

extension Configuration {
  /// The rows of all controls, of whatever objective and model.
  private static var controlRows: [Control] {
    ObjectiveKind.all.flatMap(\.controls) + ObjectiveKind.commonSettings.compactMap(\.control)
      + ModelKind.all.flatMap { $0.settings.compactMap(\.control) } + [.rate]
  }

  /// Every control there is, once a name: what the palette knows by name.
  static var allControls: [Control] {
    var names: Set<String> = []
    return controlRows.filter { names.insert($0.name).inserted }
  }

  /// What the controls of a name do, where all of them do the same; one name is not one thing in all objectives.
  static func summary(ofControls name: String) -> String {
    let summaries = Set(controlRows.lazy.filter { $0.name == name }.map(\.summary))
    guard summaries.count == 1, let only = summaries.first else {
      return "set \(name): what it weighs, each objective says (zscope objectives)"
    }
    return "set the \(only)"
  }
}
