import Glibc
import Testing

@testable import LatentModels
@testable import Tensors

/// Random tensors for every leaf of a graph: images and labels as such, noise by its kind, small weights.
func randomInputs(_ graph: Graph, stream: UInt64 = 1) -> [String: Tensor] {
  var inputs: [String: Tensor] = [:]
  for (place, node) in graph.nodes.enumerated() {
    let random = CounterRandom(seed: 11, stream: stream &* 1000 &+ UInt64(place))
    func uniform(_ range: ClosedRange<Float>) -> Tensor {
      Tensor(
        shape: node.shape,
        elements: (0..<node.count).map {
          range.lowerBound + (range.upperBound - range.lowerBound) * random.uniform(UInt64($0))
        })
    }
    switch node.operation {
    case .parameter(let name): inputs[name] = uniform(-0.8...0.8)
    case .images(let name, _): inputs[name] = uniform(0...1)
    case .noise(.standardNormal, let name): inputs[name] = uniform(-1.7...1.7)
    case .noise(_, let name): inputs[name] = uniform(0.05...0.95)
    case .input(let name):
      let classes = node.shape.last ?? 1
      inputs[name] = Tensor(
        shape: node.shape, elements: (0..<node.count).map { $0 % classes == ($0 / classes) % classes ? 1 : 0 })
    default: break
    }
  }
  return inputs
}

/// Configurations of small networks for every row of the table, with a model that takes it.
func smallConfiguration(_ row: ObjectiveKind, samples: Int = 3) -> Configuration {
  var configuration = Fixture.configuration(hidden: [5], latent: 4)
  if row.requirements.usesLabels {
    let model = ModelKind.all.first { $0.usesLabels && $0.usesAttribute == row.requirements.usesAttribute }
    configuration.model.kind = model?.identifier ?? configuration.model.kind
    if row.requirements.usesAttribute {
      configuration.model.attribute = SensitiveAttribute(name: "mark", valueNames: ["no", "yes"])
    }
    configuration.model.classNames = ["a", "b", "c"]
  }
  configuration.objective = ObjectiveConfiguration(
    kind: row.identifier,
    samples: row.requirements.couplesBatch || row.requirements.usesLabels
      ? 1 : min(samples, row.requirements.samples.upperBound))
  configuration.objective.shrinkAdversary()
  return configuration
}

extension ObjectiveConfiguration {
  /// An adversary of two layers of eight units, where there is one: the default is larger than all the rest.
  mutating func shrinkAdversary() {
    guard row.settings.contains(where: { $0.name == "adversaryWidth" }) else { return }
    settings["adversaryWidth"] = .number(8)
    settings["adversaryLayers"] = .number(2)
  }
}

@Suite("Gradients of objectives")
struct ObjectiveGradientTests {
  @Test(
    "The gradient of every objective is that of finite differences, in double precision",
    arguments: ObjectiveKind.all.map(\.identifier))
  func finiteDifferences(kind: String) throws {
    try expectFiniteDifferences(smallConfiguration(try #require(ObjectiveKind.named(kind))))
  }

  @Test("So it is of several samples whose codes depend on a class that is drawn", arguments: ["dipI", "dipII"])
  func drawnClass(kind: String) throws {
    var configuration = Fixture.configuration(hidden: [5], latent: 4)
    (configuration.model.kind, configuration.model.classNames) = ("semiSupervised", ["a", "b", "c"])
    configuration.model.settings = ["inference": .text("concrete")]
    configuration.objective = ObjectiveConfiguration(kind: kind, samples: 2)
    configuration.training.labels = .count(20)
    try expectFiniteDifferences(configuration)
  }

  private func expectFiniteDifferences(_ configuration: Configuration) throws {
    let kind = configuration.objective.kind
    try configuration.validate()
    let recording = Recording(
      configuration,
      configuration.model.row.usesLabels
        ? BatchComposition(labelled: 2, unlabelled: 2) : BatchComposition(unlabelled: 4), total: 50, labelledTotal: 20)
    let graph = recording.graph
    let own = Set(recording.ownParameters.map(\.name))
    var players = [(loss: recording.terms.loss.mean(), names: graph.parameters.filter { !own.contains($0.name) })]
    if let adversary = recording.terms.adversary {
      players.append((adversary.loss, graph.parameters.filter { own.contains($0.name) }))
    }
    for (player, (loss, parameters)) in players.enumerated() {
      #expect(!parameters.isEmpty)
      let leaves = parameters.map { graph.parameter($0.name, shape: $0.shape) }
      let gradients = graph.gradients(of: loss, withRespectTo: leaves)
      var reference = Reference(graph, randomInputs(graph))
      let point = reference.inputs
      for direction in UInt64(1)...3 {
        let directions = parameters.enumerated().map { place, parameter in
          testTensor(parameter.shape, stream: 100 * direction + UInt64(place), -1...1)
        }
        let slope = zip(gradients, directions).map { ($0 * graph.constant($1)).sum() }
        reference.inputs = point
        let expected = reference.evaluate(slope.dropFirst().reduce(slope[0], +))[0]
        func value(_ distance: Double) -> Double {
          for (parameter, tensor) in zip(parameters, directions) {
            guard let values = point[parameter.name] else { continue }
            reference.inputs[parameter.name] = zip(values, tensor.elements).map { $0 + distance * Double($1) }
          }
          return reference.evaluate(loss)[0]
        }
        let step = 1e-5
        let found = (value(step) - value(-step)) / (2 * step)
        #expect(
          abs(found - expected) < 2e-5 * max(1, abs(expected)), "\(kind), player \(player): \(found) and \(expected)")
      }
    }
  }
}
