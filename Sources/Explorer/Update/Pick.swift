import Canvas

extension State {
  mutating func pick(_ action: Action) {
    switch action {
    case .moveCrosshair(let columns, let rows, let stride):
      let size = plotSize
      let cell = ScatterPicture.plot(self, size: size).shownWindow(width: size.width, height: size.height).cell
      let factor: Float = stride == .coarse ? 5 : stride == .fine ? 0.25 : 1
      let step = cell * SIMD2(Float(columns), Float(rows)) * factor
      if isPlaneStraight { moveInPlane(to: crosshair + step) } else { walk(towards: step) }
    case .moveInPlane(let point): moveInPlane(to: point)
    case .zoomAround(let point, let factor): zoom(by: factor, around: point)
    case .snap:
      guard let cloud, let index = cloud.nearest(to: crosshair, plot.x, plot.y, hiding: plot.hiddenClasses) else {
        message = shortage("there is no code to snap to") ?? .error("no code to snap to is shown: * shows every class")
        return
      }
      take(stored: index)
    case .nextOfClass(let change): turnCode(by: change)
    case .findClass(let label): find(label)
    case .toggleClass(let label):
      guard let classes = cloud?.classes, !classes.isEmpty else {
        message = .error("the codes have no classes: \(labelAdvice)")
        return
      }
      guard let label = Int32(exactly: label), classes.contains(label) else {
        message = .error("there is no class \(name(ofClass: label)) here: \(ClassText.sentence(self))")
        return
      }
      let isShown = plot.hiddenClasses.remove(label) != nil
      if !isShown { plot.hiddenClasses.insert(label) }
      message = .note("class \(words(ofClass: Int(label))) is \(isShown ? "shown" : "hidden: * shows every class")")
    case .showAllClasses: plot.hiddenClasses = []
    case .turnAxis(let horizontal, let change): turnAxis(horizontal: horizontal, by: change)
    case .setAxes(let x, let y):
      let axes = AxisPair(x: x, y: y)
      if let missing = [x, y].first(where: { !exists($0) }) {
        message = absence(of: missing)
      } else if axes.isPlane || axes == dimensionAxes {
        show(axes)
      } else {
        message = .error("the two axes must differ")
      }
    case .zoom(let factor): zoom(by: factor, around: crosshair)
    case .pan(let columns, let rows):
      plot.window = bounded(window.panned(by: SIMD2(Float(columns), Float(rows)) * 0.2))
    case .centreWindow:
      let half = window.extent / 2
      plot.window = bounded(PlotWindow(lower: crosshair - half, upper: crosshair + half))
    case .resetWindow: plot.window = nil
    case .toggle(.classDigits): toggleClassDigits()
    case .toggle(let option): toggle(option)
    default: break
    }
  }

  mutating func zoom(by factor: Float, around point: SIMD2<Float>) {
    let next = window.zoomed(by: factor, around: point)
    // Beyond these, floats no longer tell neighbouring cells apart.
    guard next.extent.min() > 0.01, next.extent.max() < 10_000 else {
      message = .note(factor < 1 ? "this is as near as it gets: w shows all" : "this is as far as it gets: w shows all")
      return
    }
    plot.window = bounded(next)
  }

  private func bounded(_ window: PlotWindow) -> PlotWindow? {
    let center = window.center
    return center.x.isFinite && center.y.isFinite && abs(center.x) < 10_000 && abs(center.y) < 10_000 ? window : nil
  }

  /// Moves the code within the plane of the scatter.
  mutating func moveInPlane(to point: SIMD2<Float>) {
    guard latentSize > 0, point.x.isFinite, point.y.isFinite else { return }
    guard isPlaneStraight else {
      // Only stored codes have a place in such a plane.
      if let cloud, let index = cloud.nearest(to: point, plot.x, plot.y, hiding: plot.hiddenClasses) {
        take(stored: index)
      }
      return
    }
    moveInPlane(to: point, of: plot.axes)
  }

  /// Moves the code, or another one, within the plane of two axes that can be taken back into latent space.
  mutating func moveInPlane(to point: SIMD2<Float>, of axes: AxisPair, from base: [Float]? = nil) {
    guard latentSize > 0, point.x.isFinite, point.y.isFinite else { return }
    let here = project(code, on: axes)
    let moved = (axes.isPlane ? [axes.x, axes.y] : [axes.x]).enumerated().filter { point[$0.offset] != here[$0.offset] }
    guard !refusesLocked(along: moved.map { $0.element }) else { return }
    let limit = SIMD2(repeating: Self.farthest)
    let bounded = pointwiseMin(pointwiseMax(point, -limit), limit)
    setCode(self.moved(base ?? code, to: bounded, in: axes), origin: .steered)
  }

  /// That there is no such axis, with the reason in brackets, where more than a smaller number is missing; or what is to be
  /// waited for.
  func absence(of axis: Axis) -> Message {
    let reason = axisCount(axis.source) == 0 ? AxisSource.named(axis.source)?.needs?(self) : nil
    if let reason, !reason.isError { return reason }
    let inBrackets = reason.map { " (\($0.text))" } ?? ""
    return .error("there is no \(name(ofAxis: axis)) here\(inBrackets): \(axesThereAre)")
  }

  /// Shows all of the plane of two axes.
  mutating func show(_ axes: AxisPair) {
    (plot.x, plot.y) = (axes.x, axes.y)
    plot.window = nil
  }

  /// How both axes are chosen, with axes that there are here: `axes z1 z2 or axes pc1 pc2`; nil where there is one alone.
  var axesExample: String? {
    let sources = AxisSource.all.filter { axisCount($0.name) > 0 }
    func name(_ source: AxisSource, _ index: Int) -> String {
      self.name(ofAxis: Axis(source: source.name, index: index))
    }
    let pairs = sources.filter { axisCount($0.name) > 1 }.prefix(2).map { "axes \(name($0, 0)) \(name($0, 1))" }
    guard pairs.isEmpty else { return pairs.joined(separator: " or ") }
    return sources.count > 1 ? "axes \(name(sources[0], 0)) \(name(sources[1], 0))" : nil
  }

  /// The axes there are, in words: `there are z1 to z10, pc1 to pc10`, `there is z1 alone`.
  private var axesThereAre: String {
    let known = AxisSource.all.flatMap { source -> [String] in
      let count = axisCount(source.name)
      guard count > 0 else { return [] }
      if source.name == AxisSource.dimension.name { return subject.columns.dimensionRanges }
      let first = Axis(source: source.name, index: 0).name
      return [count > 1 ? "\(first) to \(Axis(source: source.name, index: count - 1).name)" : first]
    }
    let count = AxisSource.all.reduce(0) { $0 + axisCount($1.name) }
    return count == 1 ? "there is \(known[0]) alone" : "there are \(known.joined(separator: ", "))"
  }

  /// Takes the nearest code in a direction of the plane: how one walks where only stored codes have a place.
  private mutating func walk(towards step: SIMD2<Float>) {
    guard let cloud else { return }
    let here = crosshair
    var best: (index: Int, distance: Float)?
    for (index, point) in cloud.points(plot.x, plot.y).enumerated() {
      if !cloud.labels.isEmpty, plot.hiddenClasses.contains(cloud.labels[index]) { continue }
      let way = point - here
      let along = (way * step).sum()
      let length = (way * way).sum()
      // Within half a right angle of the direction.
      guard along > 0, along * along >= 0.5 * length * (step * step).sum() else { continue }
      let distance = ((way - step) * (way - step)).sum()
      if distance < best?.distance ?? .infinity { best = (index, distance) }
    }
    guard let best else {
      message = .note("no code lies further that way")
      return
    }
    take(stored: best.index)
  }

  private mutating func turnCode(by change: Int) {
    guard let cloud, cloud.count > 0 else {
      message = shortage("there are no codes")
      return
    }
    guard let current = sourceIndex else {
      pick(.snap)
      return
    }
    let label = cloud.label(current)
    var index = current
    for _ in 0..<cloud.count {
      index = (index + change + cloud.count) % cloud.count
      if cloud.label(index) == label { break }
    }
    take(stored: index)
  }

  private mutating func find(_ label: Int) {
    guard let cloud, !cloud.labels.isEmpty else {
      message = .error("the codes have no classes: \(labelAdvice)")
      return
    }
    // A negative label is none.
    let others = Set((cloud.classes + [-1]).filter { Int($0) != label })
    guard let index = cloud.nearest(to: crosshair, plot.x, plot.y, hiding: others) else {
      message = .error("no code of class \(name(ofClass: label)) is here: \(ClassText.sentence(self))")
      return
    }
    take(stored: index)
  }

  private mutating func turnAxis(horizontal: Bool, by change: Int) {
    var axes = turnedAxes
    let other = horizontal ? axes.y : axes.x
    let current = horizontal ? axes.x : axes.y
    let count = axisCount(current.source)
    guard count > 1 else {
      message = .error(
        current.dimension != nil
          ? "this model has one dimension only" : "there is one \(current.name) only: p turns to other axes")
      return
    }
    func turned(_ axis: Axis) -> Axis {
      Axis(source: axis.source, index: ((axis.index + change) % count + count) % count)
    }
    var next = turned(current)
    if next == other {
      // The axes change places, rather than showing one dimension twice.
      guard count > 2 else { return show(AxisPair(x: axes.y, y: axes.x)) }
      next = turned(next)
    }
    if horizontal { axes.x = next } else { axes.y = next }
    show(axes)
  }

  /// Points as digits or as dots, where there is a choice: what would change nothing that is seen leaves the setting as it
  /// is.
  private mutating func toggleClassDigits() {
    guard let cloud, !cloud.labels.isEmpty else {
      message = .error("the codes have no classes: \(labelAdvice)")
      return
    }
    var plot = ScatterPlot(points: [], labels: cloud.labels, window: window)
    if self.plot.coloring == .confidence, let classification {
      (plot.labels, plot.labelKind) = (classification.levels, .levels)
    }
    if let rendition, plot.drawsMarks(rendition) {
      let why =
        !rendition.unicode
        ? "this terminal has no dots" : rendition.colors == .mono ? "there are no colours" : "colours are too few"
      message = .note("\(why) to tell the classes by: points stay their digits or letters")
      return
    }
    toggle(.classDigits)
  }

  private mutating func toggle(_ option: ViewOption) {
    if options.remove(option) == nil { options.insert(option) }
    if option == .rings, priorCenter == nil {
      message = .note(
        subject.hasDivergence
          ? "the prior has no rings on these axes: p turns to others"
          : "rings are of a \(subject.lackOfPrior), and this model has none")
    }
    guard option == .look, options.contains(.look), drawnSource == nil else { return }
    if case .stored(_, let collection) = steering.origin, sourceIndex == nil {
      message = .note("the image of this code is of \(collection.name), which is not shown: :data NAME reads others")
    } else if sourceIndex == nil {
      message = .note("this code did not come from an image: snap to one with Enter in the scatter")
    } else if cloud?.images == nil {
      message = .note("the stored codes carry no images: open their data set with :data \(suggestedData)")
    }
  }
}
