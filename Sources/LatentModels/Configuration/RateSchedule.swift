import Glibc

/// How the learning rate changes from step to step: a linear rise over the first steps, then constant or a half cosine.
public struct RateSchedule: Codable, Sendable, Hashable, CustomStringConvertible {
  /// What follows the warm-up.
  public enum Decay: String, Codable, Sendable, CaseIterable {
    /// The rate stays.
    case constant
    /// The rate falls to 0 along half a cosine (Loshchilov & Hutter 2016, arXiv:1608.03983, without restarts).
    case cosine
  }

  /// What follows the warm-up.
  public var decay: Decay
  /// Steps over which the rate rises linearly from 0; 0: none.
  public var warmUpSteps: Int

  /// Joins a decay and a warm-up.
  public init(decay: Decay = .constant, warmUpSteps: Int = 0) {
    self.decay = decay
    self.warmUpSteps = warmUpSteps
  }

  private enum CodingKeys: CodingKey { case decay, warmUpSteps }

  /// Reads both.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    decay = try container.require(Decay.self, forKey: .decay)
    warmUpSteps = try container.require(Int.self, forKey: .warmUpSteps)
  }

  /// The same rate at every step.
  public static let constant = RateSchedule()
  /// Half a cosine down to 0 over the whole training.
  public static let cosine = RateSchedule(decay: .cosine)
  /// A linear rise over `steps` steps, then constant.
  public static func warmUp(steps: Int) -> RateSchedule { RateSchedule(warmUpSteps: steps) }

  /// The factor on the learning rate at `step` (counted from 0) of `totalSteps`.
  public func factor(step: Int, totalSteps: Int) -> Float {
    if step < warmUpSteps { return Float(step + 1) / Float(warmUpSteps) }
    switch decay {
    case .constant: return 1
    case .cosine:
      let span = max(1, totalSteps - warmUpSteps)
      let progress = min(1, Double(step - warmUpSteps) / Double(span))
      return Float(0.5 * (1 + cos(Double.pi * progress)))
    }
  }

  /// As in "cosine after 500 warm-up steps".
  public var description: String {
    warmUpSteps > 0 ? "\(decay.rawValue) after \(warmUpSteps) warm-up steps" : decay.rawValue
  }
}
