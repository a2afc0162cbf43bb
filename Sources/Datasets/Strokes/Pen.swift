import Glibc

/// Moves over the paper: turns an allograph and factors into short straight pieces, sized and placed in the image.
///
/// It keeps its memory between digits, so that drawing one allocates nothing.
struct Pen {
  /// Straight pieces a Bézier curve is drawn with.
  static let piecesPerCurve = 6

  /// Ends of the pieces in pixels of the image; NaN lifts the pen.
  var points: [SIMD2<Float>] = []
  private var nodes: [SIMD2<Float>] = []
  private var corners: [Bool] = []

  init() {
    points.reserveCapacity(256)
    nodes.reserveCapacity(32)
    corners.reserveCapacity(32)
  }

  /// Takes a new sheet of paper.
  mutating func begin() { points.removeAll(keepingCapacity: true) }

  /// Takes the points of a stroke for `nodes`.
  mutating func take(_ stroke: [Allograph.Node]) {
    nodes.removeAll(keepingCapacity: true)
    corners.removeAll(keepingCapacity: true)
    for node in stroke {
      nodes.append(SIMD2(node.x, node.y))
      corners.append(node.isCorner)
    }
  }

  /// Moves every node of the stroke.
  mutating func moveNodes(_ place: (SIMD2<Float>) -> SIMD2<Float>) {
    for index in nodes.indices { nodes[index] = place(nodes[index]) }
  }

  /// Turns the first and the last point about their neighbours, to where the stroke bends anyway.
  mutating func curlEnds(_ curl: Float) {
    func turned(_ end: SIMD2<Float>, _ neighbour: SIMD2<Float>, _ next: SIMD2<Float>) -> SIMD2<Float> {
      let (inner, outer) = (neighbour - next, end - neighbour)
      let bend = inner.x * outer.y - inner.y * outer.x
      // A straight end has no side to curl to; it turns the less, the straighter it is.
      let angle = curl * max(-1, min(1, bend * 30))
      let (sine, cosine) = (sin(angle), cos(angle))
      return neighbour + SIMD2(outer.x * cosine - outer.y * sine, outer.x * sine + outer.y * cosine)
    }
    let count = nodes.count
    guard count > 2 else { return }
    if !corners[1] { nodes[0] = turned(nodes[0], nodes[1], nodes[2]) }
    if !corners[count - 2] { nodes[count - 1] = turned(nodes[count - 1], nodes[count - 2], nodes[count - 3]) }
  }

  /// Adds one stroke through `nodes`.
  ///
  /// - Parameter shaken: where a point of the curve comes to lie, given how far the pen has travelled to it.
  @inline(__always)
  mutating func trace(_ shaken: (_ point: SIMD2<Float>, _ travelled: Float) -> SIMD2<Float>) {
    func tangent(_ index: Int, leaving: Bool) -> SIMD2<Float> {
      let isEnd = index == 0 || index == nodes.count - 1
      guard isEnd || corners[index] else { return (nodes[index + 1] - nodes[index - 1]) * 0.5 }
      return leaving ? nodes[index + 1] - nodes[index] : nodes[index] - nodes[index - 1]
    }
    var travelled: Float = 0
    for index in 0..<nodes.count - 1 {
      let (start, end) = (nodes[index], nodes[index + 1])
      var (leaving, arriving) = (tangent(index, leaving: true), tangent(index + 1, leaving: false))
      // Towards an end or a corner the curve relaxes: the tangent there follows from the other.
      if index == 0 || corners[index] { leaving = (end - start) * 1.5 - arriving * 0.5 }
      if index == nodes.count - 2 || corners[index + 1] { arriving = (end - start) * 1.5 - leaving * 0.5 }
      let (control1, control2) = (start + leaving * (1 / 3), end - arriving * (1 / 3))
      for piece in (index == 0 ? 0 : 1)...Self.piecesPerCurve {
        let t = Float(piece) / Float(Self.piecesPerCurve)
        let u = 1 - t
        let point = start * (u * u * u) + control1 * (3 * u * u * t) + control2 * (3 * u * t * t) + end * (t * t * t)
        if let last = points.last, last.x == last.x {
          let step = point - last
          travelled += (step * step).sum().squareRoot()
        }
        points.append(shaken(point, travelled))
      }
    }
    points.append(SIMD2(.nan, .nan))
  }

  /// Scales the figure so that the ink just fits a square of `box` pixels, and puts its centre of mass in the middle
  /// of the image, as MNIST does (LeCun 1998).
  mutating func place(box: Float, thickness: Float) {
    let (side, fading) = (Float(InkField.side), InkField.fading)
    var (low, high) = (SIMD2<Float>(repeating: .infinity), SIMD2<Float>(repeating: -.infinity))
    var (mass, moment): (Float, SIMD2<Float>) = (1e-6, .zero)
    for index in points.indices where points[index].x == points[index].x {
      let point = points[index]
      low.replace(with: point, where: point .< low)
      high.replace(with: point, where: point .> high)
    }
    forEachPiece { middle, _, length in
      mass += length
      moment += middle * length
    }
    let extent = high - low
    let scale = (box - thickness) / max(extent.x, extent.y, 1e-3)
    let centre = moment / mass
    // Ink must stay on the paper, wherever its centre of mass is: its fading edge ends before the middle of the
    // outermost pixels.
    let margin = (thickness + fading) * 0.5 + 0.5
    // MNIST's centres of mass lie on the pixel right below the exact middle.
    var shift = SIMD2<Float>(repeating: side * 0.5 + 0.5) - centre * scale
    let (least, most) = (low * scale + shift - margin, high * scale + shift + margin - side)
    shift -= least.replacing(with: 0, where: least .> 0)
    shift -= most.replacing(with: 0, where: most .< 0)
    for index in points.indices { points[index] = points[index] * scale + shift }
  }

  /// Hands over the middle, the step and the length of every straight piece that was written, in their order.
  @inline(__always)
  func forEachPiece(_ body: (_ middle: SIMD2<Float>, _ step: SIMD2<Float>, _ length: Float) -> Void) {
    for index in points.indices.dropFirst() {
      let (start, end) = (points[index - 1], points[index])
      guard start.x == start.x, end.x == end.x else { continue }
      let step = end - start
      body((start + end) * 0.5, step, (step * step).sum().squareRoot())
    }
  }
}
