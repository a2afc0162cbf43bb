extension State {
  /// Where codes lie along an axis and how far they spread, in units in which the prior lies at 0 and spreads by 1.
  func spread(of axis: Axis) -> (center: Float, deviation: Float) {
    guard let cloud, let source = AxisSource.named(axis.source) else { return (0, 1) }
    return source.spread(cloud, axis.index)
  }

  /// The same along a column of the code.
  func spread(ofColumn column: Int) -> (center: Float, deviation: Float) {
    cloud?.spread(ofColumn: column) ?? (0, 1)
  }

  /// What that spread is of, in words.
  func spreadWords(of axis: Axis) -> String {
    if axis.dimension != nil, subject.hasDivergence { return "the prior" }
    return cloud.map { $0.count > 1 } == true ? "the codes" : "a normal"
  }

  /// What codes are drawn from where no image is given, in words.
  var sampledWords: String {
    if subject.hasDivergence { return "the prior" }
    return cloud.map { $0.count > 1 } == true ? "a normal fitted to the codes" : "a standard normal"
  }

  /// Where the prior has its mean in the plane of the scatter. Nil where circles around it would not be at its deviations: of
  /// a model without a standard prior, and on axes that are not at right angles to each other.
  var priorCenter: SIMD2<Float>? {
    guard subject.hasDivergence, isPlaneStraight, plot.x.source == plot.y.source else { return nil }
    return project(subject.columns.rest)
  }

  /// How many coordinates a source of axes has with this model and these codes.
  func axisCount(_ source: String) -> Int {
    AxisSource.named(source)?.count(subject.columns.dimensions.count, cloud) ?? 0
  }

  /// Whether an axis is to be had.
  func exists(_ axis: Axis) -> Bool {
    let count = axis.dimension == nil ? axisCount(axis.source) : max(1, subject.columns.dimensions.count)
    return (0..<count).contains(axis.index)
  }

  /// Whether the scatter shows a plane; else a line.
  var isPlane: Bool { plot.axes.isPlane }

  /// The first two dimensions, or the only one twice.
  var dimensionAxes: AxisPair { AxisPair(x: .dimension(0), y: .dimension(exists(.dimension(1)) ? 1 : 0)) }

  /// The plane of the scatter in words: `z1 × z2`, or `z1` where there is no other dimension.
  var axisNames: String { names(of: plot.axes) }

  /// Two axes in words, likewise.
  func names(of axes: AxisPair) -> String {
    axes.isPlane ? "\(name(ofAxis: axes.x)) × \(name(ofAxis: axes.y))" : name(ofAxis: axes.x)
  }

  /// What an axis is called, a dimension as its slider is.
  func name(ofAxis axis: Axis) -> String { subject.columns.name(ofAxis: axis) }

  /// The axes of the manifold: those of the scatter, or where these are a map, which has no inverse, the last that were
  /// none.
  var manifoldAxes: AxisPair {
    if isPlaneStraight { return plot.axes }
    let last = plot.straightAxes
    return exists(last.x) && exists(last.y) ? last : dimensionAxes
  }

  /// The axes that keys turn: the manifold's where it is seen, though the scatter shows a map.
  var turnedAxes: AxisPair { PaneKind.named(focus)?.showsManifold == true ? manifoldAxes : plot.axes }

  /// The current code in the plane of the scatter.
  var crosshair: SIMD2<Float> { project(code) }

  /// A code in the plane of the scatter.
  func project(_ code: [Float]) -> SIMD2<Float> { project(code, on: plot.axes) }

  /// A code in the plane of two axes.
  func project(_ code: [Float], on axes: AxisPair) -> SIMD2<Float> {
    SIMD2(coordinate(of: code, along: axes.x), axes.isPlane ? coordinate(of: code, along: axes.y) : 0)
  }

  /// The coordinate of any code along an axis; where the axis is no straight projection, that of the stored code which
  /// it is, or else which is nearest.
  private func coordinate(of code: [Float], along axis: Axis) -> Float {
    if axis.dimension != nil {
      return subject.columns.column(of: axis).flatMap { code.indices.contains($0) ? code[$0] : nil } ?? 0
    }
    guard let cloud else { return 0 }
    if cloud.direction(of: axis) != nil { return cloud.coordinate(of: code, along: axis) }
    let values = cloud.coordinates(along: axis)
    guard let index = storedIndex(of: code, in: cloud), values.indices.contains(index) else { return 0 }
    return values[index]
  }

  /// Which stored code a code is, or else is nearest to.
  private func storedIndex(of code: [Float], in cloud: CodeCloud) -> Int? {
    if let index = sourceIndex, code == self.code, steering.element == 0 { return index }
    if let nearest = cloud.density?.region(around: code)?.neighbours.first { return nearest.index }
    return cloud.nearest(to: code)
  }

  /// The current code with its coordinates in the plane of two axes at zero.
  func base(of axes: AxisPair) -> [Float] {
    var base = code
    for axis in [axes.x, axes.y] {
      if let column = subject.columns.column(of: axis), column < base.count { base[column] = 0 }
    }
    return base
  }

  /// `code` moved within the plane of two axes to where its coordinates are `point`; an axis that is no straight
  /// projection moves nothing, and what is locked stays on the way along a component.
  func moved(_ code: [Float], to point: SIMD2<Float>, in axes: AxisPair) -> [Float] {
    var code = code
    for (place, axis) in [axes.x, axes.y].enumerated() where place == 0 || axes.y != axes.x {
      if axis.dimension != nil {
        if let column = subject.columns.column(of: axis), column < code.count { code[column] = point[place] }
      } else if let cloud, let unit = cloud.direction(of: axis), unit.count == code.count {
        let change = point[place] - cloud.coordinate(of: code, along: axis)
        for index in code.indices where !steering.locked.contains(index) { code[index] += change * unit[index] }
      }
    }
    return code
  }

  /// Whether the code can be moved anywhere in the plane; else steering goes from stored code to stored code.
  var isPlaneStraight: Bool {
    [plot.x, plot.y].allSatisfy { axis in axis.dimension != nil || cloud?.direction(of: axis) != nil }
  }
}
