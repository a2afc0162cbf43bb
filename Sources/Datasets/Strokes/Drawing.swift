/// Draws samples of one stream, one after another, reusing its memory.
struct Drawing {
  private let seed: UInt64
  private let ranges: StrokeRanges
  private var pen = Pen()
  private var field = InkField()

  init(seed: UInt64, part: DataPart, ranges: StrokeRanges = .standard) {
    // The test part is another stream of numbers, far from any seed a person would give.
    self.seed = part == .training ? seed : ~seed
    self.ranges = ranges
  }

  /// Draws sample `index` into `pixels`.
  mutating func draw(
    _ index: Int, into pixels: UnsafeMutableBufferPointer<UInt8>
  ) -> (label: UInt8, factors: StrokeFactors) {
    let label = Int(index.magnitude % 10)
    var noise = StrokeNoise(seed: seed, sample: UInt64(truncatingIfNeeded: index))
    let factors = StrokeFactors(&noise, allographs: Alphabet.digits[label], ranges: ranges)
    ink(label, factors, &noise, into: pixels)
    return (UInt8(label), factors)
  }

  /// Draws a digit with given factors, its points trembling as those of sample `index`.
  mutating func draw(
    _ label: Int, _ factors: StrokeFactors, asSample index: Int, into pixels: UnsafeMutableBufferPointer<UInt8>
  ) {
    var noise = StrokeNoise(seed: seed, sample: UInt64(truncatingIfNeeded: index))
    _ = StrokeFactors(&noise, allographs: Alphabet.digits[label], ranges: ranges)
    ink(label, factors, &noise, into: pixels)
  }

  private mutating func ink(
    _ label: Int, _ factors: StrokeFactors, _ noise: inout StrokeNoise, into pixels: UnsafeMutableBufferPointer<UInt8>
  ) {
    let allographs = Alphabet.digits[label]
    let allograph = allographs[min(max(factors.allograph, 0), allographs.count - 1)]
    pen.draw(allograph, factors, noise: &noise, ranges: ranges, side: Float(InkField.side), box: 20)
    guard let base = pixels.baseAddress, pixels.count >= InkField.side * InkField.side else { return }
    field.ink(pen.points, thickness: factors.thickness, fading: ranges.fading, into: base)
  }
}
