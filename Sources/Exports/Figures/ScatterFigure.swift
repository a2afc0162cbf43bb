import Canvas
import Tensors

/// Points in the plane, coloured by class.
public struct ScatterFigure: Sendable {
  /// A name for files, a title and how to read it.
  public var name = "scatter"
  public var title = ""
  public var caption = ""
  /// Coordinates `[n, 2]`.
  public var points: Tensor
  /// The class of each point, -1 where it is not known; empty where none is.
  public var labels: [Int] = []
  /// Names of the classes; numbers where there are none.
  public var classNames: [String] = []
  /// Names of the axes; without, the picture has no ticks, for then its coordinates mean nothing.
  public var axes: (String, String)?
  /// Radii of circles around the origin, such as standard deviations of a prior.
  public var rings: [Double] = []

  /// A scatter of `points` `[n, 2]`.
  public init(points: Tensor) { self.points = points }

  /// The figure, 760 units wide.
  public var figure: Figure {
    let count = points.shape.first ?? 0
    let classes = Set(labels).sorted()
    let side = 640.0
    let (left, top) = (axes == nil ? 16.0 : 64.0, 16.0)
    let legend = classes.isEmpty ? 0.0 : 110.0
    var drawing = Drawing(width: left + side + 16 + legend, height: top + side + (axes == nil ? 16 : 48))
    let xs = (0..<count).map { Double(points.elements[2 * $0]) }
    let ys = (0..<count).map { Double(points.elements[2 * $0 + 1]) }
    var (horizontal, vertical) = (PlotArea.range(xs), PlotArea.range(ys))
    // One unit is as long in both directions.
    let reach = max(horizontal.upperBound - horizontal.lowerBound, vertical.upperBound - vertical.lowerBound) / 2
    func around(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
      let middle = (range.lowerBound + range.upperBound) / 2
      return (middle - reach)...(middle + reach)
    }
    (horizontal, vertical) = (around(horizontal), around(vertical))
    let area = PlotArea(
      left: left, top: top, width: side, height: side, horizontal: horizontal, vertical: vertical)
    if let axes { area.drawAxes(on: &drawing, horizontalName: axes.0, verticalName: axes.1) }
    drawRings(on: &drawing, area)
    let radius = max(1.1, min(4, 70 / Double(max(1, count)).squareRoot()))
    // Classes take turns in small portions, so that none lies over all others.
    let portion = 64
    for start in stride(from: 0, to: count, by: portion) {
      let rows = start..<min(count, start + portion)
      for label in classes.isEmpty ? [0] : classes {
        let dots = rows.filter { labels.isEmpty || labels[$0] == label }.map { area.place(xs[$0], ys[$0]) }
        drawing.dots(dots, radius: radius, ink(label))
      }
    }
    // The numbers of classes stand in for names that are alike where they fit; a point of none has no number.
    let known = classes.filter { $0 >= 0 }
    let fitting = ClassNames.fitting(known.map(className), labels: known, to: Drawing.letters(in: 70)) { $0 }
    let names = classes.filter { $0 < 0 }.map(className) + fitting
    for (place, label) in classes.enumerated() where place < 32 {
      let y = top + 12 + 20 * Double(place)
      drawing.dots([SIMD2(left + side + 24, y - 4)], radius: 4.5, ink(label))
      drawing.text(names[place], left + side + 36, y)
    }
    var table = Table(["x", "y"] + (labels.isEmpty ? [] : ["class"]))
    for row in 0..<count {
      table.add([.number(xs[row]), .number(ys[row])] + (labels.isEmpty ? [] : [.word(className(labels[row]))]))
    }
    return Figure(name: name, title: title, caption: caption, drawing: drawing, table: table)
  }

  private func className(_ label: Int) -> String {
    label < 0 ? "not known" : classNames.indices.contains(label) ? classNames[label] : "\(label)"
  }

  private func ink(_ label: Int) -> Ink { labels.isEmpty ? .text : label < 0 ? .muted : .series(label) }

  private func drawRings(on drawing: inout Drawing, _ area: PlotArea) {
    for radius in rings {
      let circle = (0...72).map { step -> SIMD2<Double> in
        let turn = UnitCircle.point(Double(step) / 72)
        return area.place(radius * turn.x, radius * turn.y)
      }
      // What leaves the frame is left out.
      var piece: [SIMD2<Double>] = []
      for point in circle {
        let inside =
          point.x >= area.left && point.x <= area.left + area.width && point.y >= area.top
          && point.y <= area.top + area.height
        if inside {
          piece.append(point)
        } else {
          drawing.line(piece, .muted, dashed: true)
          piece = []
        }
      }
      drawing.line(piece, .muted, dashed: true)
    }
  }
}
