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
      let isShown = plot.x.source == source
      plot.x = isShown ? .dimension(0) : Axis(source: source, index: 0)
      plot.y = isShown ? .dimension(isPlane ? 1 : 0) : Axis(source: source, index: 1)
      plot.window = nil
      return []
    }
    guard cloud.dimensions > 2 else {
      message = .error("this latent space is a plane already: t-SNE has nothing to lay out")
      return []
    }
    embedding = (cloud.id, cloud.id, 0)
    message = .note("laying out \(Numbers.grouped(cloud.count)) codes by t-SNE… Esc gives up")
    return [.embed(cloud)]
  }

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
        let source = AxisSource.embedding.name
        (plot.x, plot.y) = (Axis(source: source, index: 0), Axis(source: source, index: 1))
        plot.window = nil
      }
    }
    if let fraction { embedding?.fraction = fraction } else { embedding = nil }
  }
}
