import Tensors

/// Initial weights.
public enum Initialization {
  /// PyTorch's default for `Linear`: weights and biases uniform in ±1/√fan-in. Every number is a function of the seed,
  /// the parameter's place and its own index. What is `given` is taken as it is, where its shape fits.
  public static func parameters(
    _ shapes: [(name: String, shape: [Int])], seed: UInt64, given: Parameters? = nil
  ) -> Parameters {
    let random = CounterRandom(seed: seed, stream: 0x696e_6974)
    var tensors: [String: Tensor] = [:]
    var fanIn = 1
    for (position, (name, shape)) in shapes.enumerated() {
      // A bias follows its weight, whose second extent is the fan-in of both.
      if shape.count == 2 { fanIn = shape[1] }
      if let known = given?[name], known.shape == shape {
        tensors[name] = known
        continue
      }
      let bound = 1 / Float(fanIn).squareRoot()
      let stream = random.stream(UInt64(position))
      tensors[name] = Tensor(
        shape: shape,
        elements: (0..<shape.reduce(1, *)).map { (2 * stream.uniform(UInt64($0)) - 1) * bound })
    }
    return Parameters(tensors)
  }
}
