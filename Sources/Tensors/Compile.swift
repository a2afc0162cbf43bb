extension Graph {
  /// Plans a forward-only program.
  public func compile(outputs: [String: Expression]) -> Executable {
    let named = outputs.sorted { $0.key < $1.key }.map { ($0.key, $0.value.index) }
    let plan = Planner(graph: self, outputs: named, training: nil).plan()
    return Executable(plan: plan, initialScalars: initialScalars, adam: nil)
  }

  /// Plans a training step: forward, backward and Adam (Kingma & Ba 2014, 1412.6980) in one program.
  ///
  /// - Parameters:
  ///   - loss: of shape `[]`; all parameters it depends on are updated.
  ///   - adam: constants; the rate is the scalar `learningRate` (initially 1e-3).
  public func compile(
    outputs: [String: Expression], minimizing loss: Expression, adam: AdamConfiguration
  ) -> Executable {
    precondition(loss.count == 1, "a loss is one number, not of shape \(loss.shape)")
    let rate = scalar("learningRate", initially: initialScalars["learningRate"] ?? 1e-3)
    let variables = nodes.indices.filter { index in
      if case .parameter = nodes[index].operation { return true }
      return false
    }
    let gradients = gradients(of: loss, withRespectTo: variables.map(expression))
    var scale: Int?
    if let clipNorm = adam.clipNorm {
      let squares = gradients.map { $0.square().sum() }
      if let first = squares.first {
        let norm = squares.dropFirst().reduce(first, +).sqrt()
        scale = (clipNorm / norm.maximum(clipNorm)).index
      }
    }
    let parameters = zip(variables, gradients).compactMap {
      variable, gradient -> (name: String, node: Int, gradient: Int)? in
      guard case .parameter(let name) = nodes[variable].operation,
        uniformConstant(gradient.index) != 0
      else { return nil }
      return (name, variable, gradient.index)
    }
    let named = outputs.sorted { $0.key < $1.key }.map { ($0.key, $0.value.index) }
    let plan = Planner(
      graph: self, outputs: named,
      training: .init(adam: adam, parameters: parameters, rate: rate.index, scale: scale)
    ).plan()
    return Executable(plan: plan, initialScalars: initialScalars, adam: adam)
  }
}
