/// What today's generator does to the whole figure after its strokes are traced.
extension Pen {
  /// Widens, bends and tilts the figure as `factors` say.
  mutating func bend(_ factors: StrokeFactors) {
    var (left, right) = (Float.infinity, -Float.infinity)
    for point in points where point.x == point.x {
      left = min(left, point.x)
      right = max(right, point.x)
    }
    let middle = (left + right) * 0.5
    // What is nearly a line has no sides to bend down.
    let halfWidth = max((right - left) * 0.5, 0.15)
    for index in points.indices {
      let point = points[index]
      let (u, v) = ((point.x - middle) / halfWidth, point.y * 2 - 1)
      // A larger top is both wider and taller, at the cost of the bottom.
      let x = point.x * factors.width * (1 + factors.topHeaviness * (0.5 - point.y)) + factors.bow * (v * v - 0.5)
      let y = point.y + factors.topHeaviness * 0.4 * point.y * (1 - point.y) + factors.arch * (u * u - 0.5)
      points[index] = SIMD2(x, y - factors.tilt * x)
    }
  }

  /// Shears the figure so that its ink leans by `slant`, however it leant before.
  mutating func lean(_ slant: Float) {
    var (mass, moment): (Float, SIMD2<Float>) = (1e-6, .zero)
    var (across, down): (Float, Float) = (0, 1e-6)
    forEachPiece { middle, step, length in
      mass += length
      moment += middle * length
      // The products of a straight piece about its own middle are those of its ends over twelve.
      across += length * (middle.x * middle.y + step.x * step.y * (1 / 12))
      down += length * (middle.y * middle.y + step.y * step.y * (1 / 12))
    }
    let centre = moment / mass
    across -= mass * centre.x * centre.y
    down -= mass * centre.y * centre.y
    let shear = across / down + slant
    for index in points.indices { points[index].x -= shear * (points[index].y - centre.y) }
  }
}
