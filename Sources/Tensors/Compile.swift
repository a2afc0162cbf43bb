extension Graph {
  /// Plans a forward-only run.
  public func compile(outputs: [String: Expression]) -> Executable { compile(outputs: outputs, minimizing: []) }

  /// Plans a training step: forward, backward and Adam (Kingma & Ba 2014, 1412.6980) together.
  ///
  /// - Parameters:
  ///   - loss: of shape `[]`; all parameters it depends on are updated.
  ///   - adam: constants; the rate is the scalar `learningRate` (initially 1e-3).
  public func compile(
    outputs: [String: Expression], minimizing loss: Expression, adam: AdamConfiguration
  ) -> Executable {
    compile(outputs: outputs, minimizing: [Minimisation(loss: loss, adam: adam)])
  }

  /// Plans a training step that lowers several losses, each over parameters of its own.
  ///
  /// - Precondition: no parameter belongs to two of them.
  public func compile(outputs: [String: Expression], minimizing losses: [Minimisation]) -> Executable {
    let updates = losses.flatMap(updates)
    let taken = Dictionary(grouping: updates, by: \.name).first { $0.value.count > 1 }
    precondition(taken == nil, "the parameter \(taken?.key ?? "") belongs to two losses")
    let named = outputs.sorted { $0.key < $1.key }.map { ($0.key, $0.value.index) }
    return Executable(
      plan: Planner(graph: self, outputs: named, updates: updates).plan(), initialScalars: initialScalars)
  }

  /// The updates that one loss asks for: of those of its parameters that it depends on.
  private func updates(_ minimisation: Minimisation) -> [Planner.Update] {
    let loss = minimisation.loss
    precondition(loss.count == 1, "a loss is one number, not of shape \(loss.shape)")
    let rate = scalar(minimisation.rate, initially: initialScalars[minimisation.rate] ?? 1e-3)
    let named = nodes.indices.compactMap { index -> (name: String, node: Int)? in
      guard case .parameter(let name) = nodes[index].operation, minimisation.parameters(name) else { return nil }
      return (name, index)
    }
    let gradients = gradients(of: loss, withRespectTo: named.map { expression($0.node) })
    var scale: Int?
    if let clipNorm = minimisation.adam.clipNorm {
      let squares = gradients.map { $0.square().sum() }
      if let first = squares.first {
        let norm = squares.dropFirst().reduce(first, +).sqrt()
        scale = (clipNorm / norm.maximum(clipNorm)).index
      }
    }
    return zip(named, gradients).filter { uniformConstant($1.index) != 0 }.map { parameter, gradient in
      Planner.Update(
        name: parameter.name, parameter: parameter.node, gradient: gradient.index, rate: rate.index, scale: scale,
        adam: minimisation.adam)
    }
  }
}
