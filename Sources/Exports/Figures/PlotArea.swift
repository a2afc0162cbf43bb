import Canvas

/// Where data lie on a drawing: two ranges on a rectangle, with ticks.
struct PlotArea {
  let left: Double
  let top: Double
  let width: Double
  let height: Double
  let horizontal: ClosedRange<Double>
  let vertical: ClosedRange<Double>

  /// The place of a value pair.
  func place(_ x: Double, _ y: Double) -> SIMD2<Double> {
    SIMD2(
      left + width * (x - horizontal.lowerBound) / (horizontal.upperBound - horizontal.lowerBound),
      top + height * (1 - (y - vertical.lowerBound) / (vertical.upperBound - vertical.lowerBound)))
  }

  /// Draws the grid, ticks and names of the axes.
  func drawAxes(
    on drawing: inout Drawing, horizontalName: String = "", verticalName: String = "", countsWhole: Bool = false
  ) {
    let across = AxisScale(range: horizontal, maximumCount: max(2, Int(width / 70)), isWhole: countsWhole)
    for tick in across.ticks {
      let x = place(tick.value, vertical.lowerBound).x
      drawing.line([SIMD2(x, top), SIMD2(x, top + height)], .rule)
      drawing.text(tick.label, x, top + height + 16, .middle, .muted)
    }
    let up = AxisScale(range: vertical, maximumCount: max(2, Int(height / 36)))
    for tick in up.ticks {
      let y = place(horizontal.lowerBound, tick.value).y
      drawing.line([SIMD2(left, y), SIMD2(left + width, y)], .rule)
      drawing.text(tick.label, left - 6, y + 4, .end, .muted)
    }
    drawing.text(horizontalName, left + width / 2, top + height + 34, .middle, .muted)
    drawing.text(verticalName, left - 50, top + height / 2, .middle, .muted, rotated: true)
  }

  /// The range of finite values with a little room, never empty; 0…1 where there are none.
  static func range(_ values: some Sequence<Double>, room: Double = 0.04) -> ClosedRange<Double> {
    var (least, greatest) = (Double.infinity, -Double.infinity)
    for value in values where value.isFinite {
      least = min(least, value)
      greatest = max(greatest, value)
    }
    guard least <= greatest else { return 0...1 }
    let extent = greatest - least
    let margin = extent > 0 ? extent * room : max(1e-3, abs(least) * 0.1)
    return (least - margin)...(greatest + margin)
  }
}
