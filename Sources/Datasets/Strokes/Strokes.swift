import Tensors

/// The built-in data set: digits drawn by a pen, every cause of their variation known.
///
/// Sample `i` of a seed is a pure function of the two: nothing is stored, and any number can be drawn.
public struct Strokes {
  /// The name to open it by.
  public static let name = "strokes"
  static let summary = "digits drawn by a pen, their factors known: built in, any number"
  /// Pixels in a row and rows.
  public static let side = InkField.side

  /// One drawn digit.
  public struct Sample: Sendable, Hashable {
    /// The digit.
    public let label: UInt8
    /// What distinguishes it from others of its class.
    public let factors: StrokeFactors
    /// `side * side` pixels, row by row.
    public let bytes: [UInt8]
  }

  /// Sample `index` of `seed`. Classes follow one another, so that every ten neighbours are the ten digits.
  public static func sample(_ index: Int, seed: UInt64 = 1, part: DataPart = .training) -> Sample {
    var drawing = Drawing(seed: seed, part: part)
    let (label, factors) = drawing.plan(index)
    var bytes = [UInt8](repeating: 0, count: side * side)
    bytes.withUnsafeMutableBufferPointer { drawing.draw(label, factors, asSample: index, into: $0) }
    return Sample(label: UInt8(label), factors: factors, bytes: bytes)
  }

  /// The picture of `digit` with chosen factors, its points trembling as those of sample `index`: what would change if
  /// one cause alone did.
  ///
  /// - Returns: `side * side` bytes, row by row.
  /// - Throws: `DatasetError` of kind `unknown` where `digit` is none, of kind `mismatch` where a factor is no number
  ///   that can be drawn.
  public static func image(
    of digit: Int, factors: StrokeFactors, asSample index: Int = 0, seed: UInt64 = 1
  ) throws -> [UInt8] {
    guard Alphabet.digits.indices.contains(digit) else {
      throw DatasetError(.unknown, name, "\(digit) is no digit", remedy: "give one of 0…9")
    }
    for (name, value) in zip(StrokeFactors.names, factors.values) where !(abs(value) <= 100) {
      throw DatasetError(.mismatch, Self.name, "\(name) is \(value)", remedy: "give a number within ±100")
    }
    var drawing = Drawing(seed: seed, part: .training)
    var bytes = [UInt8](repeating: 0, count: side * side)
    bytes.withUnsafeMutableBufferPointer { drawing.draw(digit, factors, asSample: index, into: $0) }
    return bytes
  }

  /// Images of samples 0 ..< `count` of `seed`, 28×28, with labels and factors. Today's are called `strokes`, those of an
  /// older version by its name.
  ///
  /// - Parameters:
  ///   - part: the training samples, or those of another stream of numbers to test with.
  ///   - version: which rules they are drawn by.
  /// - Throws: `DatasetError` of kind `mismatch` where `count` is negative or beyond memory.
  public static func generate(
    count: Int, seed: UInt64 = 1, part: DataPart = .training, version: StrokesVersion = .current
  ) throws -> ImageSet {
    guard (0...10_000_000).contains(count) else {
      throw DatasetError(
        .mismatch, name, "\(count) samples cannot be drawn at once", remedy: "ask for 10 million at most")
    }
    let name = version == .current ? Self.name : version.name
    return switch version {
    case .first: try generate(count, by: FirstDrawing(seed: seed, part: part), name: name, part: part)
    case .second: try generate(count, by: Drawing(seed: seed, part: part), name: name, part: part)
    }
  }

  private static func generate<Rules: StrokeDrawing>(
    _ count: Int, by rules: Rules, name: String, part: DataPart
  ) throws -> ImageSet {
    // Pixels, a row, a label, and factors.
    try MemoryBudget.require(count, of: side * side + 4 * (2 + Rules.factorNames.count), for: name)
    var labels = [Int32](repeating: 0, count: count)
    var values = [[Float]](repeating: [Float](repeating: 0, count: count), count: Rules.factorNames.count)
    let pixels = side * side
    let storage = PixelStorage(count: count * pixels) { bytes in
      var rules = rules
      for index in 0..<count {
        let (label, factors) = rules.draw(
          index, into: UnsafeMutableBufferPointer(rebasing: bytes[index * pixels..<(index + 1) * pixels]))
        labels[index] = Int32(label)
        for (factor, value) in factors.enumerated() { values[factor][index] = value }
      }
    }
    return try ImageSet(
      name: name, width: side, height: side, storage: storage, part: part, labels: labels,
      factors: zip(Rules.factorNames, values).map { Factor(name: $0, values: $1) })
  }
}
