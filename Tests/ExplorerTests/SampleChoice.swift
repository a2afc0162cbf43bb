import LatentModels
import Tensors

@testable import Explorer

extension Sample {
  /// A model of ten digits and a style of up to four dimensions, the classes before the numbers. Three
  /// images are taken for another class: #11, a 2, for 1; #33, a 4, for 3; #55, a 6, for 5.
  static func choosing(
    _ width: Int = 120, _ height: Int = 40, withImages: Bool = false, names: [String] = (0..<10).map(String.init),
    style: Int = 2
  ) -> State {
    let variables = [
      LatentVariable(name: "y", kind: .categorical(classNames: names), subject: .imageClass),
      LatentVariable(name: "z", kind: .continuous(dimensions: style)),
    ]
    var state = State(width: width, height: height)
    var subject = Subject(
      name: "sample-y", shape: "784-256-10+\(style)", latentSize: 10 + style, imageWidth: 28, imageHeight: 28, epoch: 3,
      step: 9,
      generation: 1)
    subject.variables = variables
    subject.path = "sample-y"
    var means: [Float] = []
    for index in 0..<100 {
      means += (0..<10).map { $0 == index % 10 ? 0.91 : 0.01 }
      means += [7, 5, 3, 9].prefix(style).map { Float(index % $0) / Float($0) }
    }
    let shape = [100, 10 + style]
    let posterior = Posterior(
      mean: Tensor(shape: shape, elements: means), logVariance: Tensor(shape: shape, filledWith: -3))
    let cloud = CodeCloud(
      id: 1, source: "samples", posterior: posterior,
      labels: (0..<100).map { Int32([11, 33, 55].contains($0) ? $0 % 10 + 1 : $0 % 10) },
      images: withImages ? images(100) : nil, columns: CodeColumns(variables))
    _ = state.update(.opened(Opening(subject: subject, cloud: cloud)))
    return state
  }

  /// What the classes of Fashion-MNIST are called.
  static let clothes = [
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
  ]
}
