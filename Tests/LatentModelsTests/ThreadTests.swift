import Datasets
import Testing

@testable import LatentModels
@testable import Tensors

@Suite("The number of threads never shows")
struct ThreadTests {
  @Test("in the weights, the moments' effect, the log and the best of a training on real pictures")
  func training() throws {
    let images = try Strokes.generate(count: 900, seed: 2)
    for kind in [ObjectiveKind.evidenceLowerBound.identifier, ObjectiveKind.importanceWeightedBound.identifier] {
      var configuration = Configuration()
      configuration.model.hidden = [100, 30]
      configuration.objective = ObjectiveConfiguration(kind: kind, samples: kind == ObjectiveConfiguration.defaultKind ? 1 : 3)
      configuration.training.treatment = kind == ObjectiveConfiguration.defaultKind ? .binarised : .sampled
      configuration.training.epochs = 2
      func train(_ threads: Int) throws -> (weights: [String: Tensor], terms: [[Term]?], best: [Term]?) {
        let session = try TrainingSession(
          configuration: configuration, training: images.subset(0..<700), heldOut: images.subset(700..<900),
          threads: threads)
        try session.start()
        let outcome = session.wait()
        return (
          Fixture.tensors(outcome.model.parameters), outcome.metrics.flatMap { [$0.training, $0.heldOut] },
          outcome.best?.terms
        )
      }
      let one = try train(1)
      for threads in 2...4 {
        let more = try train(threads)
        #expect(more.weights == one.weights, "\(threads) threads, \(kind)")
        #expect(more.terms == one.terms && more.best == one.best, "\(threads) threads, \(kind)")
      }
    }
  }

  @Test("in codes, pictures and evaluations, whether the shared workers help or are busy")
  func encodingAndEvaluation() throws {
    let images = try Strokes.generate(count: 600, seed: 4)
    var configuration = Configuration()
    configuration.training.treatment = .binarised
    let model = LatentModel(
      trusting: Initialization.parameters(configuration.model.parameters, seed: 5), configuration: configuration, step: 0,
      epoch: 0, dataDigest: nil)
    func results() throws -> (Posterior, Tensor, Evaluation) {
      let posterior = try model.encode(images)
      return (
        posterior, try model.decode(posterior.mean),
        try evaluate(model, on: images, samples: 3, importanceSamples: 10)
      )
    }
    let helped = try results()
    // Whoever finds the workers taken computes alone, on one thread.
    let alone = try SharedWorkers.withPool { _ in try results() }
    #expect(helped.0 == alone.0 && helped.1 == alone.1 && helped.2 == alone.2)
  }

  @Test("in an encoding, a decoding and a bound on one, two, three and four threads")
  func programs() throws {
    let model = ModelConfiguration(hidden: [100, 30], latent: 3)
    let graph = Graph()
    let input = graph.images("x", shape: [90, 784], treatment: .grey)
    let programs = VariationalAutoencoder(model)
    let traces = Recording.traces(
      Configuration(model: model), programs, Batch(images: input, total: 90), samples: 4)
    let posterior = programs.posterior(input)
    var outputs = ["mean": posterior.mean, "image": programs.expectedImage(posterior.mean)]
    outputs["weights"] = traces.logWeights
    let program = graph.compile(outputs: outputs)
    let images = try Strokes.generate(count: 90, seed: 4)
    let parameters = Initialization.parameters(model.parameters, seed: 5)
    program.bindImages("x", to: images.storage.base, rows: images.rows)
    let results = (1...4).map { threads in
      program.run(parameters, seed: 3, step: 9, pool: WorkerPool(threads: threads))
      return outputs.keys.sorted().map { program.output($0) }
    }
    #expect(results.allSatisfy { $0 == results[0] })
    #expect(results[0].allSatisfy { $0.elements.allSatisfy(\.isFinite) })
    withExtendedLifetime(images) {}
  }
}
