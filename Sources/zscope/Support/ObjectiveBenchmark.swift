import Datasets
import LatentModels

/// How long every objective takes beside the plain evidence lower bound of the same network in the same process.
struct ObjectiveBenchmark {
  /// One objective on one network.
  struct Row: Encodable {
    let objective: String
    let model: String
    let batch: Int
    let samples: Int
    /// Medians over the epochs.
    let secondsAnEpoch: Double
    let plainSecondsAnEpoch: Double
    /// The median of the ratios of neighbouring epochs.
    let relativeToPlain: Double
  }

  /// What `bench --objectives` found.
  struct Output: Encodable {
    let threads: Int
    let repetitions: Int
    let images: Int
    let objectives: [Row]

    var text: String {
      var lines = [
        "an epoch of \(Text.grouped(images)) images beside the plain evidence lower bound, "
          + "medians of \(repetitions), \(Text.counted(threads, "thread"))"
      ]
      let width = objectives.map { $0.objective.count }.max() ?? 0
      for row in objectives {
        lines.append(
          "  \(Text.padded(row.objective, width))  \(Text.padded(row.model, 11)) batch \(Text.rightAligned("\(row.batch)", 3))"
            + "  \(Text.rightAligned("\(row.samples)", 2)) samples  \(Text.rightAligned(Text.fixed(row.secondsAnEpoch, 3), 8)) s"
            + "  \(Text.rightAligned(Text.fixed(row.relativeToPlain, 2), 6)) ×")
      }
      return lines.joined(separator: "\n") + "\n"
    }
  }

  let threads: Int
  let repetitions: Int
  let progress: (String) -> Void

  /// Divisible by every batch below, so that objectives that take whole batches see as many images as the others.
  private static let imageCount = 12_800

  /// The objectives by name: every row of the table with what it is set to where nothing is said.
  private static var objectives: [(name: String, row: ObjectiveKind, configuration: ObjectiveConfiguration)] {
    ObjectiveKind.all.map { row in
      // A bound of importance weights says something about many samples only.
      let isWeighted =
        !row.requirements.isAdditive && !row.requirements.usesLabels && row.requirements.samples.contains(50)
      let samples = isWeighted ? 50 : max(1, row.requirements.samples.lowerBound)
      return (row.name, row, ObjectiveConfiguration(kind: row.identifier, samples: samples))
    }
  }

  func run() throws -> Output {
    let images = try Strokes.generate(count: Self.imageCount, seed: 1)
    var rows: [Row] = []
    for (name, row, objective) in Self.objectives {
      // What couples the images of a batch grows with its square: it is measured where that shows, too.
      let networks =
        row.requirements.couplesBatch ? [(10, 128), (50, 128), (10, 512)] : [(10, 128)]
      // A class that is known costs little, one that is gone through ten decodings.
      let labellings: [(name: String, labels: LabelPolicy)] =
        row.requirements.usesLabels
        ? [("\(name), all labels", .all), ("\(name), no labels", .none)] : [(name, .all)]
      for (name, labels) in labellings {
        for (latent, batch) in networks {
          progress("\(name), \(latent) dimensions, batch \(batch)")
          rows.append(try measure(name, objective, labels, latent: latent, batch: batch, on: images))
        }
      }
    }
    return Output(threads: threads, repetitions: repetitions, images: images.count, objectives: rows)
  }

  /// Trains both in turn, epoch by epoch.
  private func measure(
    _ name: String, _ objective: ObjectiveConfiguration, _ labels: LabelPolicy, latent: Int, batch: Int,
    on images: ImageSet
  ) throws -> Row {
    let plain = configuration(
      ObjectiveConfiguration(), latent: latent, batch: batch, model: ModelConfiguration.defaultKind)
    let candidates = [ModelConfiguration.defaultKind] + ModelKind.all.map(\.identifier)
    let all = try candidates.map { kind in
      var all = configuration(objective, latent: latent, batch: batch, model: kind)
      all.training.labels = labels
      if all.model.row.usesLabels { all.model.classNames = images.everyClassName }
      if all.model.row.usesAttribute {
        all.model.attribute = try SensitiveAttribute.standard(of: images).map { try SensitiveAttribute($0, of: images) }
      }
      return all
    }
    guard let configuration = all.first(where: { (try? $0.validate()) != nil }) else {
      try all[0].validate()
      throw CommandError("no model takes the objective \(name)")
    }
    let meters = try [plain, configuration].map { try EpochMeter($0, images: images, threads: threads) }
    for meter in meters { _ = try meter.next(measuringPeak: false) }
    let pairs = try (0..<repetitions).map { _ in
      try meters.map { try $0.next(measuringPeak: false).seconds }
    }
    for meter in meters { _ = meter.finish() }
    return Row(
      objective: name, model: configuration.model.description, batch: batch, samples: objective.samples,
      secondsAnEpoch: Benchmark.median(pairs.map { $0[1] }), plainSecondsAnEpoch: Benchmark.median(pairs.map { $0[0] }),
      relativeToPlain: Benchmark.median(pairs.map { $0[1] / $0[0] }))
  }

  private func configuration(
    _ objective: ObjectiveConfiguration, latent: Int, batch: Int, model: String
  ) -> Configuration {
    Configuration(
      model: ModelConfiguration(kind: model, hidden: [256], latent: latent), objective: objective,
      training: TrainingConfiguration(
        data: "strokes", treatment: .binarised, epochs: repetitions + 1, batch: batch, heldOut: 0, checkpointEvery: 0))
  }
}
