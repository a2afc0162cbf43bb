import Canvas

/// The digits of the strip: one parameter walked from end to end, everything else as it is.
struct StripPlan {
  /// The width and height of a digit in cells.
  let cell: (width: Int, height: Int)
  let values: [Float]
  let batch: Scene.Batch

  init(_ state: State, _ layout: Layout) {
    let inside = layout.inside(.strip)
    let height = max(1, inside.height - 1)
    cell = (DigitCells.width(height: height, of: state.subject), height)
    // An odd number, so that the middle of the range is among them.
    let fitting = max(1, inside.width / max(1, cell.width))
    let count = min(21, fitting % 2 == 0 ? fitting - 1 : fitting)
    let range = state.stripRange
    values = (0..<count).map {
      count == 1
        ? (range.lowerBound + range.upperBound) / 2
        : range.lowerBound + (range.upperBound - range.lowerBound) * Float($0) / Float(count - 1)
    }
    var batch = Scene.Batch()
    for value in values { batch.append(state.code(withSelectionAt: value)) }
    self.batch = batch
  }

  /// The digit nearest to the current value.
  func current(_ value: Float) -> Int? {
    values.indices.min { abs(values[$0] - value) < abs(values[$1] - value) }
  }
}

/// The digits of the manifold: decoded over a grid in the plane of the scatter's axes.
struct GridPlan {
  let cell: (width: Int, height: Int)
  /// The coordinates of the columns, left to right, and of the rows, top to bottom.
  let columns: [Float]
  let rows: [Float]
  let batch: Scene.Batch

  init(_ state: State, _ layout: Layout) {
    let inside = layout.inside(.grid)
    cell = DigitCells.fitting(inside, columns: 9, rows: 6, of: state.subject)
    let columnCount = min(41, max(1, inside.width / cell.width))
    let rowCount = state.latentSize > 1 ? min(41, max(1, inside.height / cell.height)) : 1
    let spread = state.options.contains(.quantileSpacing)
    columns = Self.places(columnCount, scale: state.spread(of: state.plot.x), quantiles: spread)
    rows = Self.places(rowCount, scale: state.spread(of: state.plot.y), quantiles: spread).reversed()
    var batch = Scene.Batch()
    let base = state.baseOfPlane
    for row in rows {
      for column in columns { batch.append(state.moved(base, to: SIMD2(column, row))) }
    }
    self.batch = batch
  }

  /// The column and row nearest to a point of the plane.
  func place(of point: SIMD2<Float>) -> (column: Int, row: Int) {
    func nearest(_ values: [Float], _ value: Float) -> Int {
      values.indices.min { abs(values[$0] - value) < abs(values[$1] - value) } ?? 0
    }
    return (nearest(columns, point.x), nearest(rows, point.y))
  }

  /// Places from −3 to 3 deviations: evenly, or so that each stands for the same share of the prior.
  private static func places(_ count: Int, scale: Float, quantiles: Bool) -> [Float] {
    (0..<count).map { index in
      let share = (Float(index) + 0.5) / Float(count)
      return scale * (quantiles ? NormalQuantile.of(share) : count == 1 ? 0 : 6 * share - 3)
    }
  }
}

/// The digits of the matrix: a traversal of every dimension.
struct MatrixPlan {
  let cell: (width: Int, height: Int)
  /// The dimensions shown, top to bottom.
  let dimensions: [Int]
  let values: [Float]
  let batch: Scene.Batch
  /// The columns before the digits, for names and divergences.
  static let labelWidth = 9

  init(_ state: State, _ layout: Layout) {
    var inside = layout.inside(.matrix)
    inside.width -= Self.labelWidth
    inside.height -= 1
    let order = state.order
    cell = DigitCells.fitting(inside, columns: 5, rows: min(max(1, order.count), 10), of: state.subject)
    let fitting = max(1, inside.width / cell.width)
    let count = min(15, fitting % 2 == 0 ? fitting - 1 : fitting)
    values = (0..<count).map { count == 1 ? 0 : -3 + 6 * Float($0) / Float(count - 1) }
    let rows = max(1, inside.height / cell.height)
    var first = 0
    if case .dimension(let selected) = state.selection, let place = order.firstIndex(of: selected) {
      first = max(0, min(place - rows / 2, order.count - rows))
    }
    dimensions = Array(order.dropFirst(first).prefix(rows))
    var batch = Scene.Batch()
    for dimension in dimensions {
      var code = state.code
      for value in values {
        code[dimension] = value
        batch.append(code)
      }
    }
    self.batch = batch
  }
}

/// Sizes of small digits in cells.
enum DigitCells {
  static func width(height: Int, of subject: Subject) -> Int {
    max(
      2, Int((2 * Double(height) * Double(max(1, subject.imageWidth)) / Double(max(1, subject.imageHeight))).rounded()))
  }

  /// The largest size of which so many fit beside and above each other.
  static func fitting(_ area: Rectangle, columns: Int, rows: Int, of subject: Subject) -> (width: Int, height: Int) {
    for height in [14, 10, 7, 5, 4, 3] {
      let cells = (width: width(height: height, of: subject), height: height)
      if area.width / cells.width >= columns, area.height / height >= rows { return cells }
    }
    return (width(height: 3, of: subject), 3)
  }
}

/// The inverse of the normal distribution function.
enum NormalQuantile {
  /// Acklam's rational approximation (2003), good to 1.2e−9 relative; `share` in 0…1.
  static func of(_ share: Float) -> Float {
    let p = min(max(Double(share), 1e-9), 1 - 1e-9)
    if p > 0.5 { return -of(Float(1 - p)) }
    if p < 0.02425 {
      let q = (-2 * Double(Exponential.logarithm(Float(p)))).squareRoot()
      let c = [-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00, -2.549732539343734e+00]
      let d = [7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00]
      let upper = (((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + 4.374664141464968
      let numerator = upper * q + 2.938163982698783
      return Float(numerator / ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1))
    }
    let q = p - 0.5
    let r = q * q
    let a = [-3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02]
    let b = [-5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01]
    let upper = ((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r - 3.066479806614716e+01) * r + 2.506628277459239
    let lower = ((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r - 1.328068155288572e+01) * r + 1
    return Float(upper * q / lower)
  }
}

extension State {
  /// The range the strip walks: ±3 deviations of the prior, or the track's own.
  var stripRange: ClosedRange<Float> {
    if selection == .track, let track = steering.track { return track.range }
    return -3...3
  }

  /// The parameter the strip walks, as it is now.
  var selectedValue: Float {
    switch selection {
    case .track: steering.track?.position ?? 0
    case .dimension(let index): code.indices.contains(index) ? code[index] : 0
    }
  }

  /// The current code with the selected parameter at `value`.
  func code(withSelectionAt value: Float) -> [Float] {
    switch selection {
    case .track: return steering.track?.code(at: value, from: code) ?? code
    case .dimension(let index):
      guard code.indices.contains(index) else { return code }
      var code = code
      code[index] = value
      return code
    }
  }

  /// How far codes spread along an axis, in units of which the prior has one.
  func spread(of axis: Axis) -> Float {
    if case .component(let index) = axis, let variances = cloud?.components?.variances, index < variances.count {
      return Float(max(variances[index], 1e-6).squareRoot())
    }
    return 1
  }

  /// The current code with its coordinates in the plane of the scatter at zero.
  var baseOfPlane: [Float] {
    var base = code
    if case .dimension(let index) = plot.x, index < base.count { base[index] = 0 }
    if case .dimension(let index) = plot.y, index < base.count { base[index] = 0 }
    return base
  }

  /// `code` moved within the plane of the scatter to where its coordinates are `point`.
  func moved(_ code: [Float], to point: SIMD2<Float>) -> [Float] {
    var code = code
    for (place, axis) in [plot.x, plot.y].enumerated() where place == 0 || plot.y != plot.x {
      if case .dimension(let index) = axis {
        if index < code.count { code[index] = point[place] }
      } else if let cloud, let unit = cloud.direction(of: axis), unit.count == code.count {
        let change = point[place] - cloud.coordinate(of: code, along: axis)
        for index in code.indices { code[index] += change * unit[index] }
      }
    }
    return code
  }
}
