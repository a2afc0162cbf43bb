import Datasets
import Foundation
import Tensors
import Testing

@testable import LatentModels

/// The folder of a bundled model in this package.
private func asset(_ name: String) -> String { packageFolder.appending(path: "assets/models/\(name)").path }

@Suite("Models of digits")
struct MNISTTests {
  @Test("One epoch on real digits is better than knowing the mean image", .enabled(if: isMNISTThere))
  func sanityLadder() throws {
    let images = try DataLibrary.open("mnist", part: .training, count: 20_000)
    let test = try DataLibrary.open("mnist", part: .test, count: 2_000)
    var configuration = Configuration()
    configuration.training.treatment = .binarised
    configuration.training.epochs = 1
    let (training, heldOut) = try images.split(heldOut: 1_000, seed: 1)
    let session = try TrainingSession(configuration: configuration, training: training, heldOut: heldOut)
    try session.start()
    let outcome = session.wait()
    // 205.85 nats is what the mean training image costs (reference card, section 7).
    #expect(try #require(outcome.metrics.first?.heldOut?["loss"]) < 205.85)
    let evaluation = try evaluate(outcome.model, on: test, samples: 2)
    let elbo = try #require(evaluation.elbo)
    #expect(elbo > -205.85)
    #expect(abs(elbo + (outcome.metrics.first?.heldOut?["loss"] ?? 0)) < 10)
  }

  @Test(
    "The bundled models are as good as they are said to be", .enabled(if: isMNISTThere),
    arguments: [("mnist-2d", 137.0), ("mnist-10d", 106.0)])
  func bundledBounds(name: String, most: Double) throws {
    let images = try DataLibrary.open("mnist", part: .test)
    let opened = try ModelLibrary.open(asset(name))
    let evaluation = try evaluate(opened.model, on: images, samples: 2)
    #expect(try -#require(evaluation.elbo) <= most)
    #expect(evaluation.activeUnits.count == opened.model.latentSize)
    let codes = try #require(opened.codes)
    let posterior = try opened.model.encode(images)
    #expect(codes.labels == images.labels)
    let largest = zip(codes.posterior.mean.elements, posterior.mean.elements).map { abs($0 - $1) }.max() ?? 1
    #expect(largest < 1e-3)
  }

  @Test("mnist-y tells the class of test images from 3,000 labels, and is small", .enabled(if: isMNISTThere))
  func bundledClass() throws {
    let opened = try ModelLibrary.open(asset("mnist-y"))
    let images = try DataLibrary.open("mnist", part: .test)
    let accuracy = try #require(try opened.model.classify(images)?.accuracy(against: images.labels ?? []))
    // 96.05 % where it was trained; another processor rounds otherwise.
    #expect(accuracy.accuracy >= 0.959)
    #expect(opened.model.configuration.training.labels == .count(3000))
    #expect(opened.model.variables.map(\.width) == [10, 8])
    let folder = asset("mnist-y")
    let bytes = try FileManager.default.contentsOfDirectory(atPath: folder).reduce(0) { sum, file in
      sum + (try FileManager.default.attributesOfItem(atPath: "\(folder)/\(file)")[.size] as? Int ?? 0)
    }
    #expect(bytes <= 1_500_000)
  }

  @Test(
    "Every bundled model opens with its codes, its log and its command",
    arguments: [("mnist-2d", 10_000), ("mnist-10d", 10_000), ("strokes-10d", 10_000), ("mnist-y", 1_000)])
  func bundled(name: String, images: Int) throws {
    let opened = try ModelLibrary.open(asset(name))
    let codes = try #require(opened.codes)
    #expect(codes.posterior.count == images)
    #expect(codes.labels.map { Set($0).count } == 10)
    #expect(opened.metrics.count == opened.model.configuration.training.epochs)
    let best = try #require(
      opened.metrics.min { ($0.heldOut?["loss"] ?? .infinity) < ($1.heldOut?["loss"] ?? .infinity) })
    #expect(best.epoch == opened.model.epoch)
    let run = RunDirectory(path: asset(name))
    #expect(try run.configuration() == opened.model.configuration)
    let command = try String(contentsOfFile: "\(run.path)/command.txt", encoding: .utf8)
    #expect(command.contains("zscope train runs/\(name) --data \(opened.model.configuration.training.data)"))
    let labels = try #require(codes.labels)
    if let columns = opened.model.variables.columns(of: "y") {
      // The class that a code tells is mostly the image's own.
      let right = labels.indices.count { image in
        let probabilities = codes.posterior.mean.row(image).dropFirst(columns.lowerBound).prefix(columns.count)
        return probabilities.max() == probabilities[probabilities.startIndex + Int(labels[image])]
      }
      #expect(right > 920)
      return
    }
    // Codes of one class lie together: the nearest of a few hundred others mostly shares the class.
    let agreeing = (0..<200).filter { index in
      let own = codes.posterior.mean.row(index)
      let nearest = (200..<2_000).min { first, second in
        distance(own, codes.posterior.mean.row(first)) < distance(own, codes.posterior.mean.row(second))
      }
      return nearest.map { labels[$0] == labels[index] } ?? false
    }
    #expect(agreeing.count > 110)
  }
}

private func distance(_ first: ArraySlice<Float>, _ second: ArraySlice<Float>) -> Float {
  zip(first, second).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
}
