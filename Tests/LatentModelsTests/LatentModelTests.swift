import Datasets
import Foundation
import Tensors
import Testing

@testable import LatentModels

/// `decode` in plain Double arithmetic, straight from the tensors of a file.
private func referenceDecode(_ file: Safetensors, code: [Float], layers: Int) throws -> [Double] {
  var value = code.map(Double.init)
  for layer in 0..<layers {
    let weight = try file.tensor("decoder.\(2 * layer).weight")
    let bias = try file.tensor("decoder.\(2 * layer).bias")
    value = (0..<weight.shape[0]).map { row in
      let sum = zip(weight.row(row), value).reduce(Double(bias.elements[row])) { $0 + Double($1.0) * $1.1 }
      return layer == layers - 1 ? 1 / (1 + exp(-sum)) : max(0, sum)
    }
  }
  return value
}

@Suite("Latent models")
struct LatentModelTests {
  private let codes = Tensor(shape: [3, 2], elements: [0, 0, 1.5, -2, -0.25, 3])

  @Test("decode is what a reader of the file computes in double precision, to 1e-5")
  func decodeAgainstDouble() throws {
    let model = Fixture.model(Fixture.configuration(hidden: [64, 32]))
    let file = try Safetensors(bytes: Checkpoint.encode(model, state: nil, optimiserFile: nil))
    let images = try model.decode(codes)
    #expect(images.shape == [3, 12])
    for row in 0..<3 {
      let reference = try referenceDecode(file, code: Array(codes.row(row)), layers: 3)
      #expect(agree(Array(images.row(row)), reference, within: 1e-5))
    }
  }

  @Test("numpy reproduces decode to 1e-5 from the checkpoint alone")
  func decodeInPython() throws {
    guard pythonHas("numpy", "safetensors") else {
      print("SKIPPED: python3 with numpy and safetensors is not installed; the comparison in Swift's Double stands in")
      return
    }
    let folder = try TemporaryFolder()
    let model = Fixture.model(Fixture.configuration(hidden: [64, 32]))
    try Checkpoint.save(model, to: folder.file("m.safetensors"))
    let output = try python(
      """
      import sys, numpy
      from safetensors.numpy import load_file
      w = load_file(sys.argv[1])
      x = numpy.array([[0, 0], [1.5, -2], [-.25, 3]], numpy.float32)
      for i in (0, 2, 4):
          x = x @ w[f"decoder.{i}.weight"].T + w[f"decoder.{i}.bias"]
          x = numpy.maximum(x, 0) if i < 4 else 1 / (1 + numpy.exp(-x))
      print(" ".join(repr(float(v)) for v in x.ravel()))
      """, [folder.file("m.safetensors")])
    let expected = output.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    #expect(agree(try model.decode(codes).elements, expected, within: 1e-5))
  }

  @Test("The Python of the README reproduces decode of the bundled model to 1e-5")
  func decodeAsInTheREADME() throws {
    guard pythonHas("numpy", "safetensors") else {
      print("SKIPPED: python3 with numpy and safetensors is not installed; the README's Python was not run")
      return
    }
    let readme = try String(contentsOf: packageFolder.appending(path: "README.md"), encoding: .utf8)
    let program = try #require(readme.split(separator: "```python\n").dropFirst().first?.split(separator: "```").first)
    let output = try python(
      program + "print(' '.join(repr(float(v)) for v in x.ravel()))", [], in: packageFolder)
    let expected = output.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    #expect(expected.count == 784)
    let model = try ModelLibrary.open(packageFolder.appending(path: "assets/models/mnist-2d").path).model
    #expect(agree(try model.decode([0.5, -1.2]), expected, within: 1e-5))
  }

  @Test("A batch gives what its rows give one by one, whatever their number")
  func batches() throws {
    let model = Fixture.model()
    let images = try Fixture.images(300)
    let all = try model.encode(images)
    #expect(all.mean.shape == [300, 2])
    for count in [1, 2, 3, 7, 33, 70, 257] {
      let some = try model.encode(images.subset(0..<count))
      #expect(agree(some.mean.elements, all.mean.elements[..<(2 * count)].map(Double.init), within: 1e-5))
      let floats = try model.encode(images.tensor(0..<count))
      #expect(
        agree(floats.logVariance.elements, all.logVariance.elements[..<(2 * count)].map(Double.init), within: 1e-5))
      let pictures = try model.decode(some.mean)
      #expect(
        agree(try model.decode(Array(some.mean.row(count - 1))), pictures.row(count - 1).map(Double.init), within: 1e-6)
      )
    }
    #expect(try model.encode(images.subset([])).count == 0)
    #expect(try model.decode(Tensor(shape: [0, 2])).shape == [0, 12])
  }

  @Test("A model trained on binarised images binarises what it encodes, from bytes and from floats alike")
  func binarised() throws {
    let images = try ImageSet(name: "edge", width: 3, height: 4, pixels: (0..<12).map { $0 % 2 == 0 ? 127 : 128 })
    let model = Fixture.model(Fixture.configuration(treatment: .binarised))
    let expected = try Fixture.model().encode(
      Tensor(shape: [1, 12], elements: (0..<12).map { $0 % 2 == 0 ? 0 : 1 }))
    #expect(agree(try model.encode(images).mean.elements, expected.mean.elements.map(Double.init), within: 1e-6))
    #expect(try model.encode(images.tensor()).mean == expected.mean)
  }

  @Test("A traversal moves one dimension and leaves the others")
  func traverse() throws {
    let model = Fixture.model()
    let strip = try model.traverse(from: [0.5, -1], dimension: 1, values: [-2, 0, 2])
    #expect(strip.shape == [3, 12])
    #expect(agree(Array(strip.row(2)), try model.decode([0.5, 2]).map(Double.init), within: 1e-6))
    var configuration = Fixture.configuration()
    (configuration.model.kind, configuration.model.classNames) = ("semiSupervised", ["a", "b", "c"])
    let classes = Fixture.model(configuration)
    let walked = try classes.traverse(from: [1, 0, 0, 0.5, -1], dimension: 1, values: [2])
    #expect(try walked.row(0).elementsEqual(classes.decode([1, 0, 0, 0.5, 2])))
    #expect(throws: ModelError.dimension(2, latent: 2)) {
      try classes.traverse(from: [1, 0, 0, 0.5, -1], dimension: 2, values: [1])
    }
  }

  @Test("Samples follow the seed, and their codes the prior")
  func sample() throws {
    let model = Fixture.model()
    let (codes, images) = try model.sample(count: 2000, seed: 5)
    #expect(images.shape == [2000, 12])
    #expect(try model.sample(count: 2000, seed: 5).codes == codes)
    #expect(try model.sample(count: 2000, seed: 6).codes != codes)
    let mean = codes.elements.reduce(0, +) / 4000
    let square = codes.elements.reduce(0) { $0 + $1 * $1 } / 4000
    #expect(abs(mean) < 0.06)
    #expect(abs(square - 1) < 0.1)
  }

  @Test("Shapes that do not fit are refused with both shapes named")
  func errors() throws {
    let model = Fixture.model()
    #expect(throws: ModelError.shape(what: "codes", found: [1, 3], expected: "[n, 2]")) {
      try model.decode(Tensor(shape: [1, 3]))
    }
    #expect(throws: ModelError.shape(what: "a code", found: [1], expected: "[2]")) { try model.decode([1]) }
    #expect(throws: ModelError.shape(what: "images", found: [2, 11], expected: "[n, 12]")) {
      try model.encode(Tensor(shape: [2, 11]))
    }
    #expect(throws: ModelError.dimension(2, latent: 2)) {
      try model.traverse(from: [0, 0], dimension: 2, values: [1])
    }
    var tensors = Fixture.tensors(model.parameters)
    tensors["encoder.2.bias"] = nil
    #expect(throws: ModelError.weights("there is no encoder.2.bias")) {
      try LatentModel(configuration: model.configuration, parameters: Parameters(tensors))
    }
  }

  @Test("Many threads may use one model at once")
  func threads() async throws {
    let model = Fixture.model()
    let images = try Fixture.images(500)
    let expected = try model.encode(images)
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for worker in 0..<8 {
        group.addTask {
          for _ in 0..<20 {
            guard try model.encode(images) == expected else { return false }
            guard try model.decode([Float(worker), 1]).allSatisfy({ (0...1).contains($0) }) else { return false }
          }
          return true
        }
      }
      for try await agrees in group { #expect(agrees) }
    }
  }

  @Test("Posteriors join to [n, 2K] and split again")
  func joined() throws {
    let posterior = try Fixture.model().encode(Fixture.images(5))
    #expect(posterior.joined.shape == [5, 4])
    #expect(try Posterior(joined: posterior.joined) == posterior)
    #expect(throws: ModelError.self) { try Posterior(joined: Tensor(shape: [2, 3])) }
  }

  @Test("An evaluation's terms add up, more samples change little, and L_K lies above the ELBO")
  func evaluation() throws {
    let model = Fixture.model()
    let images = try Fixture.images(300)
    let few = try evaluate(model, on: images, samples: 4, importanceSamples: 20)
    let (elbo, kl) = (try #require(few.elbo), try #require(few.kl))
    #expect(abs(elbo + few.reconstruction + kl) < 1e-9)
    #expect(abs(try #require(few.klByDimension).reduce(0, +) - kl) < 1e-9)
    // The parts of the divergence are as sure as one number an image lets them be.
    let posterior = try model.encode(images)
    for column in 0..<2 {
      let parts = (0..<300).map { row in
        let (mean, logVariance) = (Double(posterior.mean[row, column]), Double(posterior.logVariance[row, column]))
        return 0.5 * (mean * mean + exp(logVariance) - 1 - logVariance)
      }
      let mean = parts.reduce(0, +) / 300
      let variance = parts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 299
      let error = try #require(few.klByDimensionStandardErrors?[column])
      #expect(abs(error - (variance / 300).squareRoot()) < 1e-9)
    }
    #expect(few.klOfClasses == nil)
    let more = try evaluate(model, on: images, samples: 19)
    #expect(abs(try #require(more.elbo) - elbo) < 0.1)
    #expect(more.importanceWeighted == nil)
    #expect(try #require(few.importanceWeighted) > elbo)
    #expect(few.activeUnits == few.varianceOfMeans.indices.filter { few.varianceOfMeans[$0] > 0.01 })
    #expect(try evaluate(model, on: images, samples: 4, importanceSamples: 20) == few)
    #expect(throws: CancellationError.self) { try evaluate(model, on: images, progress: { _ in false }) }
  }

  @Test(
    "The divergence of a code that depends on the class is that of the evaluation, not of the posterior between classes"
  )
  func divergenceOfMixtures() throws {
    var configuration = Fixture.configuration()
    (configuration.model.kind, configuration.model.classNames) = ("semiSupervised", ["a", "b", "c"])
    let (model, images) = (Fixture.model(configuration), try Fixture.images(200))
    let posterior = try model.encode(images)
    let found = try #require(try model.mixtureDivergenceByColumn(of: posterior, on: images))
    let evaluated = try #require(try evaluate(model, on: images).klByDimension)
    #expect(found.count == 5 && zip(found, evaluated).allSatisfy { abs($0 - $1) < 1e-4 })
    #expect(zip(found, posterior.divergenceByColumn(model.variables)).contains { abs($0 - $1) > 1e-3 })
    let plain = Fixture.model()
    #expect(try plain.mixtureDivergenceByColumn(of: plain.encode(images), on: images) == nil)
  }

  @Test("What is called ELBO has the whole divergence, whatever β the model was trained with")
  func evaluationIgnoresBeta() throws {
    let images = try Fixture.images(100)
    let weighted = Fixture.configuration(objective: ObjectiveConfiguration(beta: 4))
    #expect(try evaluate(Fixture.model(weighted), on: images) == evaluate(Fixture.model(), on: images))
  }

  @Test("An autoencoder is evaluated at its means, without what its untrained variances would say")
  func evaluationOfAutoencoder() throws {
    var configuration = Fixture.configuration(objective: ObjectiveConfiguration(kind: "autoencoder"))
    configuration.settleNames()
    let model = Fixture.model(configuration)
    let images = try Fixture.images(300)
    let evaluation = try evaluate(model, on: images, samples: 4, importanceSamples: 20)
    #expect(evaluation.elbo == nil && evaluation.kl == nil && evaluation.klByDimension == nil)
    #expect(evaluation.importanceWeighted == nil && evaluation.importanceSamples == nil && evaluation.samples == nil)
    #expect(evaluation.varianceOfMeans.count == 2)
    let pixels = images.tensor()
    let decoded = try model.decode(model.encode(images).mean)
    let crossEntropy = zip(pixels.elements, decoded.elements).reduce(0.0) { sum, pair in
      let (pixel, probability) = (Double(pair.0), Double(pair.1))
      return sum - pixel * log(probability) - (1 - pixel) * log(1 - probability)
    }
    #expect(abs(evaluation.reconstruction - crossEntropy / 300) < 1e-4)
  }

  @Test("A model is opened by its file, its run directory or its bundled name, with the codes beside it")
  func library() throws {
    let folder = try TemporaryFolder()
    let model = Fixture.model()
    let run = try RunDirectory.create(folder.file("run"), configuration: model.configuration)
    #expect(throws: ModelLibraryError.noCheckpoint(run.path)) { try ModelLibrary.open(run.path) }
    try Checkpoint.save(model, to: run.bestPath)
    let images = try Fixture.images(9)
    let codes = StoredCodes(posterior: try model.encode(images), labels: images.labels, dataset: "blobs")
    try ModelLibrary.write(codes, to: run.path)
    for name in [run.path, run.bestPath] {
      let opened = try ModelLibrary.open(name)
      #expect(opened.name == name)
      #expect(opened.path == run.bestPath)
      #expect(opened.codes?.posterior == codes.posterior)
      #expect(opened.codes?.labels == images.labels)
    }
    #expect(throws: ModelLibraryError.self) { try ModelLibrary.open(folder.file("nowhere")) }
    try NPY.write(Tensor(shape: [9, 3]), to: "\(run.path)/codes.npy")
    let log = "\(run.path)/metrics.jsonl"
    try writeAtomically(Array("no record\n".utf8), to: log)
    // What lies beside it does not keep a model from being opened, and is not passed over either.
    let opened = try ModelLibrary.open(run.path)
    #expect(opened.model.step == model.step && opened.codes == nil && opened.metrics.isEmpty)
    #expect(
      opened.problems == [
        "\(run.path)/codes.npy: the shape is [9, 3], not [n, 4]", "\(log): line 1 is not a record of metrics",
      ])
  }
}
