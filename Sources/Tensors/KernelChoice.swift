import CIntrinsics
import Glibc

/// Which build of the kernels runs, and what cannot be had of what the environment asks for.
public struct KernelChoice: Sendable {
  /// That of this process, by `ZSCOPE_KERNELS`.
  public static let made = KernelChoice(
    asked: getenv("ZSCOPE_KERNELS").map { String(cString: $0) }, available: Int(zscope_instruction_level()))

  /// The builds there are.
  static let levels = [0, 3, 4]

  let level: Int
  /// Why it is not what was asked for; nil where it is.
  public let problem: String?

  /// The widest instruction set that the processor has (`available`), or the lower one that is `asked` for.
  init(asked: String?, available: Int) {
    guard let asked, !asked.isEmpty else {
      (level, problem) = (available, nil)
      return
    }
    guard let wanted = Int(asked), Self.levels.contains(wanted) else {
      let known = Self.levels.map(String.init).joined(separator: ", ")
      (level, problem) = (
        available, "ZSCOPE_KERNELS is \(asked), and there are kernels \(known): \(available) are taken"
      )
      return
    }
    level = min(wanted, available)
    problem =
      wanted > available
      ? "ZSCOPE_KERNELS is \(wanted), which this processor does not have: \(available) are taken" : nil
  }
}
