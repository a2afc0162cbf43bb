/// The squared distance of every pixel of a small square image from the nearest piece of a stroke, and the ink it makes.
struct InkField {
  /// Pixels in a row and rows, as MNIST has them.
  static let side = 28
  private static let blocks = 4
  /// Pixels over which the edge of the ink fades, as the reduction of MNIST's scans made it.
  static let fading: Float = 1.3

  private var squares = [SIMD8<Float>](repeating: .zero, count: side * blocks)
  private static let columns: [SIMD8<Float>] = (0..<blocks).map { block in
    SIMD8<Float>(0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5) + Float(8 * block)
  }

  /// Inks `points`, pieces of pen strokes separated by NaN, into `pixels` of `side * side` bytes.
  mutating func ink(
    _ points: [SIMD2<Float>], thickness: Float, into pixels: UnsafeMutableBufferPointer<UInt8>
  ) {
    guard pixels.count >= Self.side * Self.side, let pixels = pixels.baseAddress else { return }
    let fading = Self.fading
    let radius = thickness * 0.5
    let reach = radius + fading * 0.5
    let far = reach * reach
    squares.withUnsafeMutableBufferPointer { squares in
      squares.update(repeating: SIMD8(repeating: far))
      Self.columns.withUnsafeBufferPointer { columns in
        for index in 0..<max(points.count - 1, 0) {
          let (a, b) = (points[index], points[index + 1])
          guard a.x == a.x, b.x == b.x else { continue }
          Self.measure(a, b, reach: reach, columns: columns, into: squares)
        }
      }
      let scale = 255 / fading
      for y in 0..<Self.side {
        for block in 0..<Self.blocks {
          let square = squares[y * Self.blocks + block]
          for lane in 0..<min(8, Self.side - 8 * block) {
            let ink = (reach - square[lane].squareRoot()) * scale
            pixels[y * Self.side + 8 * block + lane] = UInt8(max(0, min(255, ink + 0.5)))
          }
        }
      }
    }
  }

  /// Lowers the squares near the piece from `a` to `b` to its distance.
  @inline(__always)
  private static func measure(
    _ a: SIMD2<Float>, _ b: SIMD2<Float>, reach: Float, columns: UnsafeBufferPointer<SIMD8<Float>>,
    into squares: UnsafeMutableBufferPointer<SIMD8<Float>>
  ) {
    let direction = b - a
    let inverse = 1 / max((direction * direction).sum(), 1e-12)
    let top = max(0, Int(min(a.y, b.y) - reach))
    let bottom = min(side - 1, Int(max(a.y, b.y) + reach))
    let left = max(0, Int(min(a.x, b.x) - reach)) >> 3
    let right = min(side - 1, Int(max(a.x, b.x) + reach)) >> 3
    guard top <= bottom, left <= right else { return }
    let zero = SIMD8<Float>.zero
    let one = SIMD8<Float>(repeating: 1)
    for block in left...right {
      let x = columns[block] - a.x
      let along = x * (direction.x * inverse)
      for row in top...bottom {
        let y = Float(row) + 0.5 - a.y
        var t = along + y * direction.y * inverse
        t.replace(with: zero, where: t .< zero)
        t.replace(with: one, where: t .> one)
        let dx = x - t * direction.x
        let dy = SIMD8(repeating: y) - t * direction.y
        let square = dx * dx + dy * dy
        let old = squares[row * blocks + block]
        squares[row * blocks + block] = old.replacing(with: square, where: square .< old)
      }
    }
  }
}
