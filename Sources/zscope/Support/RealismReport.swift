import Datasets

/// How well a generated data set stands in for a real one.
enum RealismReport {
  static func print(_ name: String, against other: String, seed: UInt64) throws {
    throw CommandError("--against is not there yet")
  }
}
