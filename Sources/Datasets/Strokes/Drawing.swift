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
    let allographs = Alphabet.digits[label]
    let factors = StrokeFactors(&noise, allographs: allographs, ranges: ranges)
    pen.draw(
      allographs[factors.allograph], factors, noise: &noise, ranges: ranges,
      side: Float(InkField.side), box: 20)
    if let base = pixels.baseAddress, pixels.count >= InkField.side * InkField.side {
      field.ink(pen.points, thickness: factors.thickness, fading: ranges.fading, into: base)
    }
    return (UInt8(label), factors)
  }
}
