import Datasets
import FoundationEssentials
import HarmlessText

/// What is known of a training that ended because a term was no longer finite: kept beside its checkpoints, so that going
/// on in the same way, which ends in the same way, is not what is advised.
public struct Divergence: Codable, Sendable, Hashable {
  static let fileName = "diverged.json"

  /// The term that was not finite.
  public var term: String
  /// The step at which it was not.
  public var step: Int
  /// The learning rate, before its schedule.
  public var rate: Double

  /// A rate that can work: a tenth of the one that did not, and no more than is usual. The rate is a `Float`'s, and its
  /// tenth is that of the number a person wrote.
  public var proposedRate: Double { min(Setting.single(rate) / 10, Control.rate.defaultValue) }

  /// How to go on: the same training at another rate, which is the proposed one unless said.
  public func advice(_ run: String) -> String {
    "zscope train --resume \(run.shellWord) --rate \(Setting.brief(Setting.single(proposedRate)))"
  }
}

extension Divergence {
  /// Reads the bytes of its file; nil where they are no divergence.
  init?(_ bytes: [UInt8]) {
    guard let found = try? JSONDecoder().decode(Divergence.self, from: Data(bytes)), found.rate.isFinite,
      found.rate > 0, Limits.steps.contains(found.step)
    else { return nil }
    self = found
  }
}

extension RunDirectory {
  /// What the run's last session ended by, if it diverged. What was not finite before the first step is none: no rate
  /// helps there.
  public var divergence: Divergence? {
    let found = (try? folder().read(Divergence.fileName, limit: 1 << 16)).flatMap { Divergence($0) }
    return found.flatMap { $0.step > 0 ? $0 : nil }
  }

  func write(_ divergence: Divergence) throws {
    try checkIdentity()
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let text = String(decoding: try encoder.encode(divergence), as: UTF8.self).harmlessJSON + "\n"
    try folder().write(Array(text.utf8), as: Divergence.fileName)
  }

  /// Forgets a divergence that was left behind.
  func forgetDivergence() { (try? folder())?.remove(Divergence.fileName) }
}
