/// The rules by which samples of strokes are drawn, one after another, reusing memory: one version of the generator.
protocol StrokeDrawing {
  /// The names of the factors, in the order in which `draw` returns them.
  static var factorNames: [String] { get }

  init(seed: UInt64, part: DataPart)

  /// Draws sample `index` into `pixels`, `InkField.side` squared of them.
  mutating func draw(
    _ index: Int, into pixels: UnsafeMutableBufferPointer<UInt8>
  ) -> (label: UInt8, factors: [Float])
}

/// Draws samples of today's generator.
struct Drawing: StrokeDrawing {
  static let factorNames = StrokeFactors.names

  private let seed: UInt64
  private let part: DataPart
  private var pen = Pen()
  private var field = InkField()

  init(seed: UInt64, part: DataPart) {
    self.seed = seed
    self.part = part
  }

  /// The digit and the factors of sample `index`.
  func plan(_ index: Int) -> (label: Int, factors: StrokeFactors) {
    let label = Int(index.magnitude % 10)
    var noise = StrokeNoise(seed: seed, part: part, sample: index)
    return (label, StrokeFactors(&noise, allographs: Alphabet.digits[label]))
  }

  mutating func draw(
    _ index: Int, into pixels: UnsafeMutableBufferPointer<UInt8>
  ) -> (label: UInt8, factors: [Float]) {
    let (label, factors) = plan(index)
    draw(label, factors, asSample: index, into: pixels)
    return (UInt8(label), factors.values)
  }

  /// Draws a digit with given factors, its points trembling as those of sample `index`.
  mutating func draw(
    _ label: Int, _ factors: StrokeFactors, asSample index: Int, into pixels: UnsafeMutableBufferPointer<UInt8>
  ) {
    var noise = StrokeNoise(seed: seed, part: part, sample: index)
    noise.skip(StrokeFactors.draws)
    let allographs = Alphabet.digits[label]
    pen.begin()
    for stroke in allographs[min(max(factors.allograph, 0), allographs.count - 1)].strokes {
      pen.take(stroke)
      pen.curlEnds(factors.curl)
      pen.moveNodes { $0 + noise.pair() * StrokeFactors.trembling }
      pen.trace { point, _ in point }
    }
    pen.bend(factors)
    pen.lean(factors.slant)
    pen.place(box: 20 * factors.size, thickness: factors.thickness)
    field.ink(pen.points, thickness: factors.thickness, into: pixels)
  }
}
