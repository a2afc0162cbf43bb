import Glibc

/// Draws samples as the first generator did, to the last bit: the images of runs that name it.
struct FirstDrawing: StrokeDrawing {
  static let factorNames = FirstFactors.names
  /// Of every control point, in heights.
  private static let pointDeviation: Float = 0.018
  /// Of the coefficients of a smooth bending of the whole paper, in heights at its edge.
  private static let warpDeviation: Float = 0.065

  private let seed: UInt64
  private let part: DataPart
  private var pen = Pen()
  private var field = InkField()

  init(seed: UInt64, part: DataPart) {
    self.seed = seed
    self.part = part
  }

  mutating func draw(
    _ index: Int, into pixels: UnsafeMutableBufferPointer<UInt8>
  ) -> (label: UInt8, factors: [Float]) {
    let label = Int(index.magnitude % 10)
    var noise = StrokeNoise(seed: seed, part: part, sample: index)
    let factors = FirstFactors(&noise, allographs: FirstAlphabet.digits[label])
    shape(FirstAlphabet.digits[label][factors.allograph], factors, &noise)
    pen.place(box: 20 * factors.size, thickness: factors.thickness)
    field.ink(pen.points, thickness: factors.thickness, into: pixels)
    return (UInt8(label), factors.values)
  }

  private mutating func shape(_ allograph: Allograph, _ factors: FirstFactors, _ noise: inout StrokeNoise) {
    pen.begin()
    let (sine, cosine) = (sin(factors.rotation), cos(factors.rotation))
    let bends = (noise.pair(), noise.pair(), noise.pair())
    let deviation = Self.pointDeviation * allograph.looseness
    let warp = Self.warpDeviation * allograph.looseness
    for stroke in allograph.strokes {
      pen.take(stroke)
      pen.moveNodes { $0 + noise.pair() * deviation }
      pen.curlEnds(factors.curl)
      pen.moveNodes { node in
        var point = node
        let (u, v) = (point.x * 2, point.y * 2 - 1)
        point += (bends.0 * (u * u - 0.25) + bends.1 * (u * v) + bends.2 * (v * v - 0.5)) * warp
        point.x *= factors.width * (1 + factors.topHeaviness * (0.5 - point.y))
        point.y += factors.topHeaviness * 0.4 * point.y * (1 - point.y)
        point.x += factors.slant * (0.5 - point.y)
        point.y -= 0.5
        return SIMD2(point.x * cosine + point.y * sine, point.y * cosine - point.x * sine)
      }
      let phases = noise.pair()
      pen.trace { point, travelled in
        point + SIMD2(sin(travelled * 23 + phases.x * 3), sin(travelled * 19 + phases.y * 3)) * factors.tremor
      }
    }
  }
}
