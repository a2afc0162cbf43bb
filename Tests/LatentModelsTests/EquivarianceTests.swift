import Datasets
import Foundation
import Glibc
import Testing

@testable import LatentModels
@testable import Tensors

@Suite("Codes that follow a group")
struct EquivarianceTests {
  /// Square images, a code of two blocks for quarter turns and one invariant dimension.
  private func configuration(_ group: String = "C4", latent: Int = 9, _ settings: [String: SettingValue] = [:])
    -> Configuration
  {
    var configuration = Fixture.configuration(hidden: [6], latent: latent)
    (configuration.model.imageHeight, configuration.model.imageWidth) = (4, 4)
    configuration.objective.settings["group"] = .text(group)
    configuration.objective.settings.merge(settings) { $1 }
    return configuration
  }

  @Test("Every group has blocks of its order and what is left invariant, and the formula says what it weighs")
  func structures() throws {
    for (group, order) in [("C4", 4), ("D4", 8), ("flips", 4), ("horizontal-flip", 2), ("vertical-flip", 2)] {
      let configuration = configuration(group)
      try configuration.validate()
      let structure = try #require(try configuration.groupStructure())
      #expect(structure.action.order == order && structure.invariantColumns == Array(0..<9 % order))
      for permutation in structure.codePermutations { #expect(permutation.sorted() == Array(0..<9)) }
      #expect(configuration.formula.hasSuffix(" + 2·E_g"))
      for (kind, settings, expected) in [
        ("dipI", [:], "R + KL + 10·Σ C_ij² + 100·Σ (C_ii − 1)² + 2·E_g, C = cov μ"),
        ("importanceWeightedBound", [:], "−L_K + 2·E_g, L_K = log mean_k p(x,z_k)/q(z_k|x)"),
        ("renyi", ["alpha": .number(1)], "−mean_k log w_k + 2·E_g, the ELBO (α = 1)"),
      ] as [(String, [String: SettingValue], String)] {
        var other = configuration
        other.objective.kind = kind
        other.objective.settings.merge(settings) { $1 }
        #expect(other.formula == expected)
      }
      #expect(configuration.controls.contains { $0.name == "groupWeight" })
    }
    for group in ["cyclic-rows", "cyclic-columns"] {
      let configuration = configuration(group, ["groupStep": .number(2), "groupDecoder": .number(0.5)])
      #expect(try configuration.groupStructure()?.action.order == 2)
      #expect(configuration.formula.hasSuffix(" + 2·E_g + 0.5·D_g"))
    }
    let plain = Fixture.configuration()
    #expect(try plain.groupStructure() == nil && !plain.controls.contains { $0.name == "groupWeight" })
  }

  @Test("What no group can act on is refused with what would fit")
  func refusals() {
    func complaint(_ change: (inout Configuration) -> Void) -> String {
      var changed = configuration()
      change(&changed)
      do {
        try changed.validate()
        return ""
      } catch { return "\(error)" }
    }
    #expect(complaint { _ in }.isEmpty)
    #expect(complaint { $0.model.imageWidth = 3 }.contains("square"))
    #expect(complaint { $0.model.latent = 3 }.contains("no block"))
    #expect(complaint { $0.objective.settings["invariant"] = .text("2") }.contains("whole blocks"))
    #expect(complaint { $0.objective.settings["invariant"] = .text("many") }.contains("whole number"))
    #expect(
      complaint {
        $0.objective.settings["group"] = .text("cyclic-rows")
        $0.objective.settings["groupStep"] = .number(3)
      }.contains("divisors"))
  }

  @Test("A cyclic shift is held against the size of the images, once it is known, and moves something")
  func shifts() throws {
    var shifted = configuration("cyclic-columns", ["groupStep": .number(5)])
    (shifted.model.imageHeight, shifted.model.imageWidth) = (28, 28)
    #expect(throws: ConfigurationError.self) { try shifted.validate() }
    // What a set is that goes by its name is known before it is read.
    for data in ["mnist", "strokes-rotated"] {
      shifted.training.data = data
      #expect(throws: ConfigurationError.self) { try shifted.standingIn(for: nil).validate() }
    }
    shifted.training.data = "images.npy"
    try shifted.standingIn(for: nil).validate()
    try shifted.standingIn(for: ImageShape(height: 28, width: 20)).validate()
    #expect(throws: ConfigurationError.self) {
      try shifted.standingIn(for: ImageShape(height: 20, width: 28)).validate()
    }
    let error = #expect(throws: GroupActionError.self) {
      try GroupAction(.columnShifts(step: 28), height: 28, width: 28)
    }
    #expect(error?.description.contains("one element") == true)
  }

  @Test("The penalty is the squared distance of the turned image's posterior from the permuted one, and nothing else")
  func penalty() throws {
    for decoder in [0, 0.5] {
      let configuration = configuration("C4", ["groupDecoder": .number(decoder)])
      let recording = Recording(configuration, BatchComposition(unlabelled: 6), total: 6)
      let structure = try #require(try configuration.groupStructure())
      let term = try #require(recording.terms.terms.first { $0.symbol == "E_g" })
      let inputs = randomInputs(recording.graph)
      let reference = Reference(recording.graph, inputs)
      let found = reference.evaluate(term.value)
      #expect(recording.terms.terms.contains { $0.symbol == "D_g" } == (decoder > 0))
      // Two images for each of three elements, in their order.
      for image in 0..<6 {
        let element = image / 2 + 1
        let pixels = Array((inputs["x"]?.elements ?? [])[image * 16..<(image + 1) * 16])
        func posterior(_ pixels: [Float]) -> (mean: [Double], logVariance: [Double]) {
          var changed = reference
          changed.inputs["x"] = (0..<6).flatMap { _ in pixels.map(Double.init) }
          let posterior = recording.programs.posterior(recording.parts[0].batch.images)
          return (
            Array(changed.evaluate(posterior.mean).prefix(9)), Array(changed.evaluate(posterior.logVariance).prefix(9))
          )
        }
        let (own, turned) = (posterior(pixels), posterior(structure.apply(element, toImage: pixels)))
        let moved = structure.codePermutations[element]
        let expected = moved.indices.reduce(0.0) { sum, column in
          let mean = own.mean[moved[column]] - turned.mean[column]
          let logVariance = own.logVariance[moved[column]] - turned.logVariance[column]
          return sum + mean * mean + logVariance * logVariance
        }
        #expect(abs(found[image] - expected) < 1e-9, "image \(image)")
      }
    }
  }

  @Test("Its gradient is that of finite differences beside any objective, and any objective takes it along")
  func gradients() throws {
    for row in ObjectiveKind.all {
      var configuration = smallConfiguration(row, samples: 2)
      configuration.model.imageWidth = 4
      configuration.objective.settings["group"] = .text("C4")
      configuration.objective.settings["groupDecoder"] = .number(0.5)
      if row.requirements.usesAttribute {
        // Its code is not of the image alone.
        #expect(throws: ConfigurationError.self) { try configuration.validate() }
        continue
      }
      try configuration.validate()
      let composition =
        configuration.model.row.usesLabels
        ? BatchComposition(labelled: 4, unlabelled: 0) : BatchComposition(unlabelled: 4)
      let recording = Recording(configuration, composition, total: 50, labelledTotal: composition.labelled)
      let (graph, loss) = (recording.graph, recording.terms.loss.mean())
      let parameters = configuration.model.parameters
      let gradients = graph.gradients(
        of: loss, withRespectTo: parameters.map { graph.parameter($0.name, shape: $0.shape) })
      let inputs = randomInputs(graph)
      let directions = parameters.enumerated().map { testTensor($1.shape, stream: UInt64($0 + 50), -1...1) }
      let slope = zip(gradients, directions).map { ($0 * graph.constant($1)).sum() }
      let expected = Reference(graph, inputs).evaluate(slope.dropFirst().reduce(slope[0], +))[0]
      func value(_ distance: Double) -> Double {
        var reference = Reference(graph, inputs)
        for (parameter, tensor) in zip(parameters, directions) {
          guard let values = reference.inputs[parameter.name] else { continue }
          reference.inputs[parameter.name] = zip(values, tensor.elements).map { $0 + distance * Double($1) }
        }
        return reference.evaluate(loss)[0]
      }
      // A PIWAE's gradient is of two losses.
      guard row.identifier != ObjectiveKind.partialImportanceWeighting.identifier else { continue }
      let found = (value(1e-5) - value(-1e-5)) / 2e-5
      #expect(abs(found - expected) < 3e-5 * max(1, abs(expected)), "\(row.name): \(found) and \(expected)")
    }
  }

  @Test func theDecodersSideIsAControlWhereItHasAWeightOrIsAnnealed() throws {
    var configuration = configuration()
    #expect(!configuration.controls.contains { $0.name == "groupDecoder" })
    #expect(configuration.reasonWithoutControl(of: "groupDecoder")?.contains("0 at the beginning") == true)
    configuration.objective.annealing["groupDecoder"] = .linear(steps: 4)
    try configuration.validate()
    #expect(configuration.controls.contains { $0.name == "groupDecoder" })
    #expect(configuration.terms.contains { $0.symbol == "D_g" })
    #expect(configuration.reasonWithoutControl(of: "groupDecoder") == nil)
  }

  @Test("With the penalty a training's codes follow the group, which is measured every epoch")
  func training() throws {
    let random = CounterRandom(seed: 4)
    let pixels = (0..<120 * 16).map { index -> UInt8 in
      let (image, pixel) = index.quotientAndRemainder(dividingBy: 16)
      return pixel % 4 + pixel / 4 < 2 + image % 2 ? UInt8(180 + random.integer(below: 60, UInt64(index))) : 10
    }
    let images = try ImageSet(name: "corners", width: 4, height: 4, pixels: pixels, labels: nil)
    func errors(_ weight: Double) throws -> (code: Double, relative: Double) {
      var configuration = configuration("C4", ["groupWeight": .number(weight)])
      configuration.training.epochs = 40
      let session = try TrainingSession(
        configuration: configuration, training: images.subset(0..<100), heldOut: images.subset(100..<120), threads: 1)
      try session.start()
      let measured = try #require(session.wait().metrics.last?.measured)
      #expect(measured[MeasuredTerm.probe] != nil && measured[MeasuredTerm.activeUnits] != nil)
      return (
        try #require(measured[MeasuredTerm.equivariance]), try #require(measured[MeasuredTerm.relativeEquivariance])
      )
    }
    let (without, with) = (try errors(0), try errors(10))
    #expect(with.code * 3 < without.code, "\(with) with, \(without) without")
  }
}
