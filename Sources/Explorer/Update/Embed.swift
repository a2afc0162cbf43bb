extension State {
  /// Lays the codes out by t-SNE beside the loop, or, where that is done to its end, shows the layout or the dimensions
  /// again.
  mutating func embed() -> [Effect] {
    if embedding != nil {
      message = Self.embeddingIsAtWork
      return []
    }
    if let reasonAgainstLayout {
      message =
        reasonAgainstLayout.isError
        ? .error("t-SNE has nothing to lay out (\(reasonAgainstLayout.text))") : reasonAgainstLayout
      return []
    }
    guard let cloud else { return [] }
    guard cloud.embedding == nil || unfinishedShare != nil else {
      show(plot.x.source == AxisSource.embedding.name ? dimensionAxes : Self.layoutAxes)
      return []
    }
    message = .note("\(Self.layingOut)\(Numbers.grouped(cloud.count)) codes by t-SNE… Esc gives up")
    return layOut(cloud)
  }

  /// How far the layout of the codes at hand came that ended before it was whole, in 0…1.
  private var unfinishedShare: Double? {
    unfinishedLayout.flatMap { $0.codes == cloud?.codesID ? $0.fraction : nil }
  }

  /// How far the layout is that is being computed, or that ended before it was whole, in words; nil where it is whole.
  var layoutText: String? {
    if let embedding { return "t-SNE \(Self.percent(embedding.fraction))" }
    return unfinishedShare.map { "t-SNE stopped at \(Self.percent($0))" }
  }

  private static func percent(_ share: Double) -> String { "\(Int(share * 100)) %" }

  private mutating func layOut(_ cloud: CodeCloud) -> [Effect] {
    awaitedAxes = nil
    embedding = (cloud.id, cloud.id, 0)
    return [.embed(cloud)]
  }

  private static let embeddingIsAtWork = Message.note("t-SNE is at work: Esc gives up")
  private static let layingOut = "laying out "

  /// Takes up the axes that were shown when the person left as soon as there are codes for them, having these laid out where
  /// they are a layout's; axes that were chosen since go before those.
  mutating func askForLayout() -> [Effect] {
    guard let awaited = awaitedAxes else { return [] }
    guard plot.axes == awaited.meanwhile, subject.place == awaited.place else {
      awaitedAxes = nil
      return []
    }
    guard embedding == nil, readingData == nil, let cloud, cloud.count > 1 else { return [] }
    awaitedAxes = nil
    let axes = awaited.axes
    if exists(axes.x), exists(axes.y) {
      (plot.x, plot.y) = (axes.x, axes.y)
      return []
    }
    guard canBeEmbedded, [axes.x.source, axes.y.source].contains(AxisSource.embedding.name) else { return [] }
    let effects = layOut(cloud)
    restoredAxes = axes
    return effects
  }

  /// Takes up axes of before: those that need codes, or a layout of them, wait for these.
  mutating func restore(axes: AxisPair) {
    guard exists(axes.x), exists(axes.y) else {
      show(dimensionAxes)
      // What there is of them is shown meanwhile.
      if exists(axes.x) { plot.x = axes.x }
      if exists(axes.y) { plot.y = axes.y }
      partEqualAxes()
      awaitedAxes = (axes, plot.axes, subject.place)
      return
    }
    (plot.x, plot.y) = (axes.x, axes.y)
  }

  /// Whether the plane is a layout by t-SNE: then distances between clusters mean nothing, nor do numbers along its sides.
  var isEmbedding: Bool { plot.x.source == AxisSource.embedding.name || plot.y.source == AxisSource.embedding.name }

  private static let layoutAxes = AxisPair(firstOf: .embedding)

  /// The next kind of axes in the order of the table that span a plane, or can be made to; after the last, dimensions.
  mutating func turnAxisKind() -> [Effect] {
    let sources = AxisSource.planes
    let shown = [plot.x.source, plot.y.source]
    let here = sources.lastIndex { shown.contains($0.name) } ?? 0
    // The manifold shows no map: its axes turn without one.
    let needsStraight = PaneKind.named(focus)?.showsManifold == true
    for source in sources.dropFirst(here + 1) where source.isStraight || !needsStraight {
      if let making = source.making {
        if making.isPossible(self) { return apply(making.action) }
      } else if axisCount(source.name) > 1 {
        show(AxisPair(firstOf: source))
        return []
      }
    }
    if shown.contains(where: { $0 != sources.first?.name }) {
      show(dimensionAxes)
    } else if embedding != nil {
      message = Self.embeddingIsAtWork
    } else if let next = sources.dropFirst().first {
      message = absence(of: AxisPair(firstOf: next).x)
    }
    return []
  }

  /// The layout by t-SNE as axes, made where there is none yet.
  mutating func chooseEmbedding() -> [Effect] { isEmbedding && cloud?.embedding != nil ? [] : embed() }

  /// Takes a layout over, as long as its codes are those shown.
  mutating func take(embedding layout: CodeCloud?, of id: Int, _ fraction: Double?) {
    guard let current = embedding, current.of == id, cloud?.id == current.shown else { return }
    if let layout {
      self.cloud = layout
      embedding?.shown = layout.id
      // The first that comes; one that is computed anew may be shown already.
      if current.shown == current.of {
        if !isEmbedding { show(Self.layoutAxes) }
        if let axes = restoredAxes, exists(axes.x), exists(axes.y) { (plot.x, plot.y) = (axes.x, axes.y) }
        restoredAxes = nil
      }
    }
    if let fraction { embedding?.fraction = fraction } else { endEmbedding() }
  }

  /// Gives up what is being laid out, and says so; nil where nothing is.
  mutating func stopEmbedding() -> [Effect]? {
    guard embedding != nil else { return nil }
    endEmbedding()
    message = .note(
      unfinishedShare.map { "t-SNE has stopped at \(Self.percent($0)): E lays out anew" } ?? "t-SNE has stopped")
    return [.stopEmbedding]
  }

  /// Gives up the layout of codes that are no longer shown.
  mutating func stopOutdatedEmbedding() -> [Effect] {
    guard let current = embedding, cloud?.id != current.shown else { return [] }
    endEmbedding()
    tell(
      .note(
        training?.phase == .running
          ? "t-SNE was of older weights and has stopped: P pauses the run, then E"
          : "t-SNE was of codes that are no longer shown, and has stopped: E lays out those that are"))
    return [.stopEmbedding]
  }

  /// Nothing is being laid out any more, and nothing says so.
  private mutating func endEmbedding() {
    if let current = embedding, let cloud, cloud.id == current.shown, current.shown != current.of {
      unfinishedLayout = current.fraction < 1 ? (codes: cloud.codesID, fraction: current.fraction) : nil
    }
    embedding = nil
    restoredAxes = nil
    if message == Self.embeddingIsAtWork || message?.text.hasPrefix(Self.layingOut) == true { message = nil }
  }
}
