import Tensors
import Testing

@testable import Datasets
@testable import LatentModels

/// The evidence lower bound with a weight that is learnt: a parameter of an objective's own, and no adversary.
private struct LearntWeight: Objective {
  func terms(_ traces: Traces) -> ObjectiveTerms {
    let weight = traces.batch.graph.parameter("own.weight", shape: [1, 1]).reshaped([1])
    return ObjectiveTerms([
      .init("reconstruction", symbol: "R", traces.reconstruction * (-weight).exp() + weight),
      .init("KL", symbol: "KL", traces.divergence),
    ])
  }
}

/// Keeps a number of the batches without labels alone, or 5 of those with and 1 of those without.
private struct Remembering: Objective {
  var keepsOfBoth = false

  func terms(_ traces: Traces) -> ObjectiveTerms {
    let isLabelled = traces.batch.labels != nil
    let number = traces.batch.graph.scalar("number", initially: 1) * (isLabelled ? 5 : 1)
    let next = keepsOfBoth ? number : traces.reconstruction.mean()
    return ObjectiveTerms(
      [.init("reconstruction", symbol: "R", traces.reconstruction)],
      memories: isLabelled && !keepsOfBoth ? [] : [.init(name: "kept", next: next)])
  }
}

/// A code above a code, `p(z2) p(z1 | z2) p(x | z1)`, and where the class is known a network for it that nothing else mentions.
private struct TwoLevel: GenerativeModel {
  let configuration: ModelConfiguration

  var variables: [LatentVariable] {
    ["z1", "z2"].map { LatentVariable(name: $0, kind: .continuous(dimensions: configuration.latent)) }
  }

  func posterior(_ images: Expression) -> (mean: Expression, logVariance: Expression) {
    let lower = encoderHeads(configuration, images, latent: configuration.latent)
    return (Expression.joined([lower.mean, lower.mean]), Expression.joined([lower.logVariance, lower.logVariance]))
  }

  func expectedImage(_ code: Expression) -> Expression { decoderOutput(configuration, code) }

  func infer(_ batch: Batch, samples: Int) -> Trace {
    var trace = Trace(batch: batch.count, axis: .samples(samples))
    let lower = trace.sample("z1", encoderHeads(configuration, batch.images, latent: configuration.latent))
    trace.sample("z2", encoderHeads(configuration, lower, latent: configuration.latent, name: "upper"))
    return trace
  }

  func generate(_ batch: Batch, given inference: Trace) -> Trace {
    var trace = Trace(batch: batch.count, axis: inference.axis)
    let standard = Normal.standard(in: batch.graph, shape: [batch.count, configuration.latent])
    let upper = trace.sample("z2", standard, value: inference["z2"]?.value)
    let prior = encoderHeads(configuration, upper, latent: configuration.latent, name: "prior")
    let lower = trace.sample("z1", prior, value: inference["z1"]?.value)
    if let labels = batch.labels {
      let logits = Perceptron(
        name: "told", widths: [configuration.latent, labels.shape[1]], activation: configuration.activation
      ).apply(to: lower)
      trace.observe("y", as: .imageClass, Categorical(logits: logits), value: labels)
    }
    trace.observe("x", as: .image, Bernoulli(logits: decoderOutput(configuration, lower)), value: batch.images)
    return trace
  }
}

@Suite("What a row could bring that none has yet")
struct OpenTableTests {
  @Test("A weight of an objective's own is learnt beside the model's, without an adversary")
  func ownWeight() throws {
    let configuration = Fixture.configuration()
    let recording = Recording(
      configuration, BatchComposition(unlabelled: 4), total: 4, objective: LearntWeight())
    #expect(recording.ownParameters.map(\.name) == ["own.weight"])
    let store = ParameterStore(shapes: configuration.model.parameters + recording.ownParameters)
    let images = try Fixture.images(4)
    let program = recording.compileStep(clipNorm: nil)
    program.bindImages(Recording.Input.images, to: images.storage.base, rows: Array(images.rows))
    program.setScalar("learningRate", 0.1)
    program.run(store, seed: 1, step: 0, pool: .inline)
    #expect(store["own.weight"].elements.allSatisfy { $0 != 0 })
    for row in ObjectiveKind.all where !row.settings.contains(where: { $0.name == "adversaryRate" }) {
      #expect(smallConfiguration(row).objectiveParameters.isEmpty)
    }
  }

  @Test("What an objective keeps of one part of a batch is kept, whichever part it is")
  func memoryOfOnePart() {
    var configuration = Fixture.configuration()
    (configuration.model.kind, configuration.model.classNames) = ("splitCode", ["a", "b", "c"])
    let recording = Recording(
      configuration, BatchComposition(labelled: 2, unlabelled: 2), total: 4, labelledTotal: 2, objective: Remembering())
    #expect(recording.terms.memories.map(\.name) == ["kept"])
  }

  @Test("What an objective keeps of every part is weighed by the images to learn from that the part stands for")
  func memoryOfEveryPart() {
    var configuration = Fixture.configuration()
    (configuration.model.kind, configuration.model.classNames) = ("splitCode", ["a", "b", "c"])
    for (labelled, expected) in [(2, Float(2)), (4, 3), (6, 4)] {
      let recording = Recording(
        configuration, BatchComposition(labelled: 2, unlabelled: 3), total: 8, labelledTotal: labelled,
        objective: Remembering(keepsOfBoth: true))
      let memories = recording.terms.memories
      #expect(memories.count == 1)
      let program = recording.graph.compile(outputs: memories.reduce(into: [:]) { $0[$1.name] = $1.next })
      program.run(ParameterStore(shapes: configuration.model.parameters), seed: 1, step: 0, pool: .inline)
      #expect(abs(program.scalarOutput("kept") - expected) < 1e-5)
    }
  }

  @Test("A network that only images with a class mention has weights too, after all others")
  func labelledNetwork() {
    var model = Fixture.configuration().model
    (model.kind, model.classNames) = ("splitCode", ["a", "b", "c"])
    let names = RecordedModel(model, TwoLevel(configuration: model)).parameters.map(\.name)
    #expect(names.suffix(2) == ["told.0.weight", "told.0.bias"])
    #expect(names.first == "encoder.0.weight" && Set(names).count == names.count)
  }

  @Test("A model of a prior of its own is known as such, and every model of the table has a standard one")
  func priorOfItsOwn() throws {
    let model = Fixture.configuration().model
    #expect(!RecordedModel(model, TwoLevel(configuration: model)).hasStandardPrior)
    for row in ModelKind.all {
      for drawing in [[:], row.drawing] {
        var configuration = Fixture.configuration()
        (configuration.model.kind, configuration.model.settings) = (row.identifier, drawing)
        #expect(configuration.completed.model.hasStandardPrior, "\(row.name)")
      }
    }
  }
}
