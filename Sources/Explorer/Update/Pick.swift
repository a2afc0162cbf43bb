import Canvas

extension State {
  /// The cells the scatter's points are drawn on.
  var plotSize: (width: Int, height: Int) {
    let inside = layout?.inside(.scatter) ?? Rectangle(column: 0, row: 0, width: 40, height: 20)
    return (max(1, inside.width), max(1, inside.height))
  }

  /// The part of the plane the scatter shows: chosen, or all of the codes and the third ring.
  var window: PlotWindow {
    let size = plotSize
    if let window = plot.window { return window.withEqualScale(width: size.width, height: size.height) }
    let reach = SIMD2(reach(of: plot.x), reach(of: plot.y))
    return PlotWindow(lower: -reach, upper: reach).withEqualScale(width: size.width, height: size.height)
  }

  /// How far the scatter must show along an axis. Rounded up to steps of a tenth, so that the window stands still
  /// while codes move in training.
  private func reach(of axis: Axis) -> Float {
    var reach: Float = 3.2
    if let cloud {
      switch axis {
      case .dimension(let index): if cloud.reach.indices.contains(index) { reach = max(reach, cloud.reach[index]) }
      case .component: reach = max(reach, 4 * spread(of: axis))
      }
    }
    guard reach.isFinite else { return 3.2 }
    let step = max(0.2, Exponential.of(Exponential.logarithm(reach).rounded(.down)) / 4)
    return min((reach / step).rounded(.up) * step, 1e6)
  }

  mutating func pick(_ action: Action) {
    switch action {
    case .moveCrosshair(let columns, let rows, let stride):
      let size = plotSize
      let cell = window.extent / SIMD2(Float(size.width), Float(size.height))
      let factor: Float = stride == .coarse ? 5 : stride == .fine ? 0.25 : 1
      moveInPlane(to: crosshair + cell * SIMD2(Float(columns), Float(rows)) * factor)
    case .snap:
      guard let cloud, let index = cloud.nearest(to: crosshair, plot.x, plot.y, hiding: plot.hiddenClasses) else {
        message = .error("there is no code to snap to: open a data set with :data strokes, or show classes with *")
        return
      }
      setCode(cloud.code(index), origin: .stored(index))
    case .nextOfClass(let change): turnCode(by: change)
    case .findClass(let label): find(label)
    case .toggleClass(let label):
      guard let label = Int32(exactly: label) else { return }
      if plot.hiddenClasses.remove(label) == nil { plot.hiddenClasses.insert(label) }
    case .showAllClasses: plot.hiddenClasses = []
    case .turnAxis(let horizontal, let change): turnAxis(horizontal: horizontal, by: change)
    case .setAxes(let x, let y):
      guard exists(x), exists(y), x != y else {
        let bad = !exists(x) ? x : y
        message = .error(
          x == y
            ? "the two axes must differ"
            : "there is no \(bad.name): this model has z1 to z\(latentSize)"
              + ((cloud?.components).map { ", pc1 to pc\($0.variances.count)" } ?? ""))
        return
      }
      plot.x = x
      plot.y = y
      plot.window = nil
    case .toggleComponents:
      guard let components = cloud?.components, components.variances.count > 1 else {
        message = .error("principal components need codes of more than two dimensions")
        return
      }
      if case .component = plot.x {
        (plot.x, plot.y) = (.dimension(0), .dimension(1))
      } else {
        (plot.x, plot.y) = (.component(0), .component(1))
      }
      plot.window = nil
    case .zoom(let factor): zoom(by: factor, around: crosshair)
    case .pan(let columns, let rows):
      plot.window = bounded(window.panned(by: SIMD2(Float(columns), Float(rows)) * 0.2))
    case .centreWindow:
      let half = window.extent / 2
      plot.window = bounded(PlotWindow(lower: crosshair - half, upper: crosshair + half))
    case .resetWindow: plot.window = nil
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
    let involved = [plot.x, plot.y].compactMap { axis -> Int? in
      if case .dimension(let index) = axis { index } else { nil }
    }
    if !steering.locked.isEmpty, steering.locked.isSuperset(of: involved), !involved.isEmpty {
      message = .error("\(plot.x.name) and \(plot.y.name) are locked: unlock them with l in the sliders")
    }
    let limit = SIMD2(repeating: Self.farthest)
    let bounded = pointwiseMin(pointwiseMax(point, -limit), limit)
    setCode(moved(code, to: bounded), origin: .steered)
  }

  private mutating func turnCode(by change: Int) {
    guard let cloud, cloud.count > 0 else {
      message = .error("there are no codes: open a data set with :data strokes")
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
    setCode(cloud.code(index), origin: .stored(index))
  }

  private mutating func find(_ label: Int) {
    guard let cloud, !cloud.labels.isEmpty else {
      message = .error("the codes have no classes: open a labelled data set with :data mnist")
      return
    }
    // A negative label is none.
    let others = Set((cloud.classes + [-1]).filter { Int($0) != label })
    guard let index = cloud.nearest(to: crosshair, plot.x, plot.y, hiding: others) else {
      message = .error("no code of class \(label) is here")
      return
    }
    setCode(cloud.code(index), origin: .stored(index))
  }

  private mutating func turnAxis(horizontal: Bool, by change: Int) {
    guard latentSize > 1 else {
      message = .error("this model has one dimension only")
      return
    }
    let other = horizontal ? plot.y : plot.x
    let current = horizontal ? plot.x : plot.y
    func turned(_ index: Int, _ count: Int) -> Int { ((index + change) % count + count) % count }
    var next: Axis
    switch current {
    case .dimension(let index): next = .dimension(turned(index, latentSize))
    case .component(let index): next = .component(turned(index, max(1, cloud?.components?.variances.count ?? 1)))
    }
    if next == other {
      // The axes change places, rather than showing one dimension twice.
      if latentSize == 2 {
        (plot.x, plot.y) = (plot.y, plot.x)
        plot.window = nil
        return
      }
      switch next {
      case .dimension(let index): next = .dimension(turned(index, latentSize))
      case .component(let index): next = .component(turned(index, max(1, cloud?.components?.variances.count ?? 1)))
      }
    }
    if horizontal { plot.x = next } else { plot.y = next }
    plot.window = nil
  }

  private mutating func toggle(_ option: ViewOption) {
    if options.remove(option) == nil { options.insert(option) }
    guard option == .look, options.contains(.look) else { return }
    if sourceIndex == nil {
      message = .note("this code did not come from an image: snap to one with Enter in the scatter")
    } else if cloud?.images == nil {
      message = .note("the stored codes carry no images: open their data set with :data mnist")
    }
  }
}
