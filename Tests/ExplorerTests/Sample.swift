import Canvas
import Datasets
import Tensors
import TestRandom

@testable import Explorer
@testable import LatentModels

/// A small world without a trained model: ten classes of codes around a circle, and "digits" that are rings whose
/// radius and place follow the code by plain arithmetic, so that screens are the same on every processor.
enum Sample {
  /// Codes of ten classes, `count` in all, with images when asked for.
  static func cloud(
    count: Int = 600, dimensions: Int = 2, withImages: Bool = false, hasPosterior: Bool = true,
    hasStandardPrior: Bool = true, id: Int = 1, classes: Int = 10
  ) -> CodeCloud {
    var random = SeededGenerator(seed: 7)
    var means: [Float] = []
    var logVariances: [Float] = []
    var labels: [Int32] = []
    for index in 0..<count {
      let label = index % classes
      // A square spiral of class centres, in steps that floats hold exactly.
      let center = SIMD2<Float>(Float(label % 4) - 1.5, Float(label / 4) - 1)
      for dimension in 0..<dimensions {
        let noise = Float(Int(random.next() % 1024)) / 1024 - 0.5
        let scale: Float = dimension < 2 ? 1 : dimension == 2 ? 0.5 : 0.02
        means.append((dimension < 2 ? center[dimension] * 1.25 : 0) + noise * scale)
        logVariances.append(dimension < 3 ? -3 : 0)
      }
      labels.append(Int32(label))
    }
    let shape = [count, dimensions]
    let posterior = Posterior(
      mean: Tensor(shape: shape, elements: means), logVariance: Tensor(shape: shape, elements: logVariances))
    return CodeCloud(
      id: id, source: "samples", posterior: posterior, labels: labels, images: withImages ? images(count) : nil,
      hasPosterior: hasPosterior, hasStandardPrior: hasStandardPrior)
  }

  /// As many images, all different.
  static func images(_ count: Int) -> ImageSet? {
    var pixels: [UInt8] = []
    for index in 0..<count {
      pixels += ring([Float(index % 10) / 4 - 1, Float(index % 7) / 4 - 0.75]).values.map { UInt8($0 * 255) }
    }
    return try? ImageSet(name: "samples", width: 28, height: 28, storage: PixelStorage(pixels))
  }

  /// The picture of a code.
  static func ring(_ code: [Float]) -> GreyImage {
    let x = 14 + (code.first ?? 0) * 2
    let y = 14 - (code.count > 1 ? code[1] : 0) * 2
    let radius = 7 + (code.count > 2 ? code[2] : 0)
    var values: [Float] = []
    for row in 0..<28 {
      for column in 0..<28 {
        let dx = Float(column) + 0.5 - x
        let dy = Float(row) + 0.5 - y
        let distance = abs((dx * dx + dy * dy).squareRoot() - radius)
        values.append(max(0, min(1, 2 - distance)))
      }
    }
    return GreyImage(width: 28, height: 28, values: values)
  }

  /// A state with a model and codes, in a window of a size.
  static func state(
    _ width: Int = 80, _ height: Int = 24, dimensions: Int = 2, withImages: Bool = false, hasPosterior: Bool = true,
    hasStandardPrior: Bool = true
  ) -> State {
    var state = State(width: width, height: height)
    var subject = Subject(
      name: "sample", shape: "784-256-64-\(dimensions)", latentSize: dimensions, imageWidth: 28, imageHeight: 28,
      epoch: 30, step: 1000, generation: 1)
    subject.bound = -141.2
    subject.path = "sample"
    (subject.hasPosterior, subject.hasStandardPrior) = (hasPosterior, hasStandardPrior)
    _ = state.update(
      .opened(
        Opening(
          subject: subject,
          cloud: cloud(
            dimensions: dimensions, withImages: withImages, hasPosterior: hasPosterior,
            hasStandardPrior: hasStandardPrior))))
    return state
  }

  /// What effects would answer to a state's request, by the arithmetic of `ring`.
  static func render(_ state: inout State) {
    guard let request = state.sceneRequest, !request.isSatisfied(by: state.scene) else { return }
    var scene = Scene()
    scene.generation = request.generation
    let size = state.latentSize
    for (part, batch) in request.batches {
      // What is encoded first has no code that is known here.
      let images = (0..<batch.count).map { place in
        ring(batch.codes.isEmpty ? [] : Array(batch.codes[place * size..<(place + 1) * size]))
      }
      scene.parts[part] = Scene.Pictures(batch: batch, images: images)
    }
    if let index = request.original, let cloud = request.cloud, let images = state.cloud?.images {
      scene.original = Scene.Original(
        index: index, image: GreyImage(width: 28, height: 28, bytes: images.bytes(at: index)), cloud: cloud)
    }
    _ = state.update(.rendered(scene))
  }

  /// The state after a script of keys.
  static func press(_ keys: String, _ state: inout State) throws {
    for step in try Script(keys).steps {
      switch step {
      case .key(let key): _ = state.update(.key(key))
      case .resize(let width, let height): _ = state.update(.resize(width: width, height: height))
      case .wait, .untilTrained: break
      }
    }
    render(&state)
  }

  /// A report of a training run under way.
  static func report(_ phase: TrainingView.Phase = .running, epoch: Int = 2) -> TrainingProgress {
    var report = TrainingProgress(phase: phase)
    report.path = "runs/strokes-2d"
    report.epoch = epoch
    report.step = epoch * 400
    report.totalSteps = 30 * 400
    report.images = epoch * 55_000
    report.imagesPerEpoch = 55_000
    report.imagesPerSecond = 50_000
    func terms(_ epoch: Int) -> [Term] {
      let loss = 140 + 60 / Double(epoch + 1)
      return [
        Term(name: "loss", value: loss), Term(name: "reconstruction", value: loss - 6), Term(name: "KL", value: 6),
      ]
    }
    report.terms = terms(epoch)
    report.heldOut = terms(epoch)
    let records = (1...max(1, epoch)).map {
      MetricsRecord(
        epoch: $0, step: $0 * 400, images: $0 * 55_000, seconds: Double($0), learningRate: 0.001,
        controls: ["beta": 1, "rate": 0.001],
        training: terms($0), heldOut: terms($0))
    }
    report.history = MetricsHistory(records)
    return report
  }

  /// A state beside which a run is training.
  static func training(_ width: Int = 80, _ height: Int = 24) -> State {
    var state = state(width, height)
    let configuration = Configuration(
      model: ModelConfiguration(), objective: ObjectiveConfiguration(), training: TrainingConfiguration(data: "strokes")
    )
    _ = state.update(.startTraining(configuration, run: nil))
    for epoch in 1...6 { _ = state.update(.trainingChanged(report(epoch: epoch))) }
    state.message = nil
    return state
  }
}

extension TrainingForm.Field {
  /// The weight of the divergence, which most objectives have.
  static let beta = Self.setting("beta")
}

extension RunDirectory {
  /// The numbered checkpoint of an epoch.
  func checkpointPath(epoch: Int) -> String { "\(path)/\(Self.checkpointName(epoch: epoch))" }
}
