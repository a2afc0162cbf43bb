/// Newton's method with a trust region for functions of two numbers (Lin & Moré 1999; Lin, Weng & Keerthi 2008), with the
/// constants of liblinear: the steps are conjugate gradients that end at a tenth of the slope, or at the region's edge.
struct TrustRegion: Sendable {
  typealias Point = SIMD2<Double>

  /// A symmetric matrix of second derivatives.
  struct Curvature: Sendable {
    let xx: Double
    let xy: Double
    let yy: Double

    func times(_ point: Point) -> Point {
      Point(xx * point.x + xy * point.y, xy * point.x + yy * point.y)
    }
  }

  /// How far a step may go.
  private(set) var radius: Double
  private var isFirst = true

  init(radius: Double) { self.radius = radius }

  static func dot(_ first: Point, _ second: Point) -> Double { first.x * second.x + first.y * second.y }
  static func norm(_ point: Point) -> Double { dot(point, point).squareRoot() }

  /// A step that lowers the quadratic of `slope` and `curvature`, and what is left of the slope, turned round.
  func step(_ slope: Point, _ curvature: Curvature) -> (step: Point, rest: Point) {
    var (step, rest) = (Point.zero, -slope)
    var direction = rest
    var square = Self.dot(rest, rest)
    let enough = 0.1 * Self.norm(slope)
    // Two steps reach the optimum but for rounding, which may ask for some more.
    for _ in 0..<100 where Self.norm(rest) > enough {
      let turned = curvature.times(direction)
      let length = square / Self.dot(direction, turned)
      guard length.isFinite else { break }
      let next = step + length * direction
      if Self.norm(next) > radius {
        let edge = lengthToEdge(from: step, along: direction)
        return (step + edge * direction, rest - edge * turned)
      }
      step = next
      rest -= length * turned
      let nextSquare = Self.dot(rest, rest)
      direction = rest + nextSquare / square * direction
      square = nextSquare
    }
    return (step, rest)
  }

  private func lengthToEdge(from step: Point, along direction: Point) -> Double {
    let (along, inside, whole) = (Self.dot(step, direction), Self.dot(step, step), Self.dot(direction, direction))
    let left = radius * radius - inside
    let root = (along * along + whole * left).squareRoot()
    return along >= 0 ? left / (along + root) : (root - along) / whole
  }

  /// Whether to take a step that lowered the function by `actual` where `predicted` was expected; the region grows or
  /// shrinks by how far the two agree.
  mutating func adapt(actual: Double, predicted: Double, slope: Double, step: Point) -> Bool {
    let length = Self.norm(step)
    if isFirst { radius = min(radius, length) }
    isFirst = false
    let bend = -actual - slope
    let reach = (bend <= 0 ? 4 : max(0.25, -0.5 * slope / bend)) * length
    if actual < 1e-4 * predicted {
      radius = min(max(reach, 0.25 * length), 0.5 * radius)
    } else if actual < 0.25 * predicted {
      radius = max(0.25 * radius, min(reach, 0.5 * radius))
    } else if actual < 0.75 * predicted {
      radius = max(0.25 * radius, min(reach, 4 * radius))
    } else {
      radius = max(radius, min(reach, 4 * radius))
    }
    return actual > 1e-4 * predicted
  }
}
