extension State {
  /// Lays the codes out by t-SNE beside the loop, or, where that is done, shows the layout or the dimensions again.
  mutating func embed() -> [Effect] {
    if embedding != nil {
      message = .note("t-SNE is at work: Esc gives up")
      return []
    }
    guard let cloud, cloud.count > 1 else {
      message = .error("t-SNE needs codes: open a data set with :data \(suggestedData)")
      return []
    }
    let source = AxisSource.embedding.name
    guard cloud.embedding == nil else {
      if plot.x.source == source { showDimensions() } else { showEmbedding() }
      return []
    }
    guard canBeEmbedded else {
      message = .error("this latent space is a plane already: t-SNE has nothing to lay out")
      return []
    }
    embedding = (cloud.id, cloud.id, 0)
    message = .note("laying out \(Numbers.grouped(cloud.count)) codes by t-SNE… Esc gives up")
    return [.embed(cloud)]
  }

  /// Whether t-SNE would tell anything that the plane of two dimensions does not.
  private var canBeEmbedded: Bool { (cloud?.dimensions ?? 0) > 2 }

  /// Whether the plane is a layout by t-SNE: then distances between clusters mean nothing, nor do numbers along its sides.
  var isEmbedding: Bool { plot.x.source == AxisSource.embedding.name || plot.y.source == AxisSource.embedding.name }

  private mutating func showEmbedding() {
    let source = AxisSource.embedding.name
    (plot.x, plot.y) = (Axis(source: source, index: 0), Axis(source: source, index: 1))
    plot.window = nil
  }

  private mutating func showDimensions() {
    (plot.x, plot.y) = (.dimension(0), .dimension(isPlane ? 1 : 0))
    plot.window = nil
  }

  /// The next kind of axes: dimensions, principal components, t-SNE.
  mutating func turnAxisKind() -> [Effect] {
    if isEmbedding {
      showDimensions()
    } else if plot.x.source == AxisSource.component.name {
      guard canBeEmbedded, embedding == nil else {
        showDimensions()
        return []
      }
      return embed()
    } else {
      guard let components = cloud?.components, components.variances.count > 1 else {
        message = .error("principal components need codes of more than two dimensions")
        return []
      }
      (plot.x, plot.y) = (.component(0), .component(1))
      plot.window = nil
    }
    return []
  }

  /// The layout by t-SNE as axes, made where there is none yet.
  mutating func chooseEmbedding() -> [Effect] { isEmbedding && cloud?.embedding != nil ? [] : embed() }

  /// Takes a layout over, as long as its codes are those shown.
  mutating func take(embedding layout: CodeCloud?, of id: Int, _ fraction: Double?) {
    guard let current = embedding, current.of == id else { return }
    guard let cloud, cloud.id == current.shown else {
      embedding = nil
      return
    }
    if let layout {
      let isFirst = cloud.embedding == nil
      self.cloud = layout
      embedding?.shown = layout.id
      if isFirst {
        showEmbedding()
      }
    }
    if let fraction { embedding?.fraction = fraction } else { embedding = nil }
  }
}
