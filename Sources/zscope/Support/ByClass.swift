import Datasets
import HarmlessText
import LatentModels

/// One model a class: runs `FOLDER/class-0`, `FOLDER/class-1` …, each of the images of one class.
struct ByClass {
  let folder: String
  /// The runs in the order of their classes.
  let runs: [(label: Int, path: String)]

  /// What `train --by-class` made in `folder`; nil where it made nothing. Throws a `RunDirectoryError` where one of its runs
  /// leads out of it.
  static func open(_ folder: String) throws -> ByClass? {
    guard isFolder(folder), !isFile("\(folder)/config.json") else { return nil }
    try RunDirectory.checkClasses(in: folder)
    let runs = RunDirectory.classRuns(in: folder)
    return runs.isEmpty ? nil : ByClass(folder: folder, runs: runs)
  }

  private typealias Sampling = EvaluationOptions.Sampling

  /// Holds the models against one of all classes, on the test images of the data they learnt unless others are named.
  /// Classes are told by their names, and images of classes that have no model are left out. Says on standard error where
  /// names tell nothing.
  ///
  /// - Throws: `CommandError` where there are no labels, or none of a class that has a model, or some of a class that `joint`
  ///   does not know, or autoencoders beside other models; a `ValidationError` where codes are to be drawn of autoencoders; a
  ///   `DatasetError`; a `ModelError`.
  func compared(
    with joint: OpenedModel?, data: String?, part: DataPart?, count: Int?,
    _ sampling: EvaluationOptions.Sampling, _ options: ImageOptions
  ) throws -> ByClassOutput {
    let models = try runs.map { (label: $0.label, model: try ModelArgument.open($0.path).model) }
    let isDeterministic = models[0].model.isDeterministic
    guard
      (models.map(\.model) + [joint?.model].compactMap(\.self)).allSatisfy({ $0.isDeterministic == isDeterministic })
    else {
      throw CommandError(
        "autoencoders have no bound, and stand beside models that have one",
        remedy: "hold autoencoders against autoencoders alone, other models against others")
    }
    try sampling.check(for: models[0].model)
    let name = data ?? models[0].model.configuration.training.data
    let all = Self.numbered(
      try options.open(name, part: part, count: count, for: models[0].model), name,
      models.map { $0.model.configuration.training })
    guard let known = all.labels else {
      throw CommandError("\(all.name) has no labels", remedy: "name labelled data with --data")
    }
    let classes = Set(models.map { Int32($0.label) })
    let images = all.subset(known.indices.filter { classes.contains(known[$0]) })
    guard images.count > 0, let labels = images.labels else {
      throw CommandError(
        "no image of \(all.name) is of a class that has a model in \(folder)", remedy: "name other data with --data")
    }
    let judged = try joint.map { (model: $0, images: try Self.numbered(images, for: $0)) }
    let line = ProgressLine()
    defer { line.clear() }
    // A bound of every image under every model, log p(x | z) of autoencoders: the largest tells the class.
    var bounds: [[Double]] = []
    var weighted: [Double]? = sampling.importanceSamples > 0 ? [] : nil
    for (place, entry) in models.enumerated() {
      line.show(
        Double(place) / Double(models.count),
        "evaluating the model of class \(all.className(Int32(entry.label)).harmlessLine)")
      bounds.append(try lowerBounds(entry.model, on: images, samples: sampling.samples, seed: sampling.seed))
      let own = images.subset(labels.indices.filter { labels[$0] == Int32(entry.label) })
      guard weighted != nil, own.count > 0 else { continue }
      guard let bound = try Self.importanceWeighted(entry.model, on: own, sampling) else {
        weighted = nil
        continue
      }
      weighted?.append(bound * Double(own.count))
    }
    let own = labels.indices.compactMap { image in
      models.firstIndex { Int32($0.label) == labels[image] }.map { bounds[$0][image] }
    }
    let predictions = labels.indices.map { image in
      let best = bounds.indices.max { bounds[$0][image] < bounds[$1][image] } ?? 0
      return Int32(models[best].label)
    }
    line.show(nil, "evaluating the joint model")
    let jointReport = try judged.map { try Self.report(of: $0.model, on: $0.images, sampling) }
    let worth = Self.mean(own)
    return ByClassOutput(
      folder: folder, data: images.name, part: images.part,
      includesTrainingImages: images.includesTraining(of: models[0].model, as: name),
      images: images.count, imagesWithoutModel: all.count - images.count, models: models.count,
      parameters: models.reduce(0) { $0 + $1.model.configuration.model.parameterCount },
      samples: isDeterministic ? nil : sampling.samples, bound: isDeterministic ? nil : worth,
      reconstruction: isDeterministic ? -worth : nil,
      importanceSamples: weighted == nil ? nil : sampling.importanceSamples,
      importanceWeighted: weighted.map { $0.reduce(0, +) / Double(images.count) },
      accuracy: ClassAccuracy(predictions: predictions, labels: labels), joint: jointReport)
  }

  /// The images that a person called `name`, their classes numbered as those of the trainings, one a class.
  private static func numbered(_ images: ImageSet, _ name: String, _ trainings: [TrainingConfiguration]) -> ImageSet {
    var names = trainings.lazy.compactMap(\.division).first?.names ?? []
    // Runs of before did not keep the names: what they learnt from has them, and is numbered as they are.
    if names.isEmpty, DataLibrary.recordedName(name) != trainings[0].data {
      do { names = try TrainingData.images(trainings[0]).everyClassName } catch {
        StandardError.complain(
          "\(images.name): what the models' classes are called cannot be told (\(error)): classes are held to be those of "
            + "the same number")
      }
    }
    let numbered = images.numberingClasses(as: names)
    numbered.tellNotes()
    return numbered
  }

  /// The images, their classes numbered as the model of all classes has them.
  private static func numbered(_ images: ImageSet, for joint: OpenedModel) throws -> ImageSet {
    let numbered = images.numberingClasses(for: joint.model.configuration.model)
    numbered.tellNotes()
    let classes = Int32(joint.model.configuration.model.classNames.count)
    if knowsClass(joint), let stranger = numbered.labels?.first(where: { $0 >= classes }) {
      throw CommandError(
        "\(joint.name) knows no class \(numbered.className(stranger)), of which \(images.name) has images",
        remedy: "name a model of the same classes with --joint")
    }
    return numbered
  }

  /// Whether the bound of a model of all classes is that given the class.
  private static func knowsClass(_ joint: OpenedModel) -> Bool {
    joint.model.hasClasses && joint.model.variables.classColumns != nil
  }

  /// The importance-weighted bound of a model; nil of one that has none.
  private static func importanceWeighted(
    _ model: LatentModel, on images: ImageSet, _ sampling: Sampling
  ) throws -> Double? {
    guard sampling.importanceSamples > 0 else { return nil }
    return try evaluate(
      model, on: images, samples: 1, importanceSamples: sampling.importanceSamples, seed: sampling.seed
    ).importanceWeighted
  }

  private static func report(
    of joint: OpenedModel, on images: ImageSet, _ sampling: Sampling
  ) throws -> ByClassOutput.Joint {
    let knows = knowsClass(joint)
    let worth = mean(
      try lowerBounds(
        joint.model, on: images, knowingClass: knows, samples: sampling.samples, seed: sampling.seed))
    let isDeterministic = joint.model.isDeterministic
    let accuracy = try images.labels.flatMap { try joint.model.classify(images)?.accuracy(against: $0) }
    // Every image has a class here.
    let others = joint.model.hasClasses ? images.count - (accuracy?.images ?? 0) : 0
    return ByClassOutput.Joint(
      model: joint.name, knowsClass: knows, bound: isDeterministic ? nil : worth,
      reconstruction: isDeterministic ? -worth : nil,
      // That of a model that knows the class is on log p(x), and would stand beside bounds on log p(x | y).
      importanceWeighted: knows ? nil : try importanceWeighted(joint.model, on: images, sampling),
      accuracy: accuracy, imagesOfOtherClasses: others > 0 ? others : nil,
      parameters: joint.model.configuration.model.parameterCount)
  }

  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }
}

/// One model a class against one of all.
struct ByClassOutput: Encodable {
  /// The one model of all classes.
  struct Joint: Encodable {
    let model: String
    /// Whether its bound is that given the class.
    let knowsClass: Bool
    /// Nil of an autoencoder.
    let bound: Double?
    /// `−log p(x | z)` with z the mean, of an autoencoder.
    let reconstruction: Double?
    /// `L_K` on log p(x); nil of a model whose bound is that given the class.
    let importanceWeighted: Double?
    let accuracy: ClassAccuracy?
    /// Images that `accuracy` leaves out, for the model does not have their classes; nil where there are none.
    let imagesOfOtherClasses: Int?
    let parameters: Int
  }

  let folder: String
  let data: String
  /// Which half of the data set; nil where it has none.
  let part: DataPart?
  /// Whether the models learnt from some of the images, so that they do better on them than on others.
  let includesTrainingImages: Bool
  let images: Int
  /// Images that were left out: of no known class, or of one that has no model.
  let imagesWithoutModel: Int
  let models: Int
  /// Of all models together.
  let parameters: Int
  /// Codes an image for the bound; nil of autoencoders.
  let samples: Int?
  /// The mean bound on log p(x | y), every image under the model of its class; nil of autoencoders.
  let bound: Double?
  /// The mean `−log p(x | z)` with z the mean, every image under the autoencoder of its class; nil of other models.
  let reconstruction: Double?
  /// K of `importanceWeighted`.
  let importanceSamples: Int?
  /// The mean `L_K` on log p(x | y), every image under the model of its class.
  let importanceWeighted: Double?
  /// How often the model under which an image has the largest bound, or least reconstruction, is that of its class.
  let accuracy: ClassAccuracy?
  let joint: Joint?

  var text: String {
    func line(
      _ title: String, _ worth: Double?, _ weighted: Double?, _ how: String, _ accuracy: ClassAccuracy?,
      _ parameters: Int
    ) -> String {
      let share = accuracy.map { "\(Text.fixed(100 * $0.accuracy, 2)) %" } ?? "–"
      let column = importanceSamples == nil ? "" : Text.rightAligned(weighted.map { Text.fixed($0, 3) } ?? "–", 10)
      return "  \(Text.padded(title, 26)) \(Text.rightAligned(worth.map { Text.fixed($0, 3) } ?? "–", 10))\(column)   "
        + "\(Text.padded(reconstruction == nil ? how : "−log p(x|z), z = mean", 22)) \(Text.rightAligned(share, 8))   \(Text.rightAligned(Text.grouped(parameters), 11))\n"
    }
    var text = "\(Text.counted(images, "image")) of \(data.harmlessLine)\(Text.half(part)), nats an image\n"
    if includesTrainingImages { text += "  the models learnt from some of these images; on others they do worse\n" }
    if imagesWithoutModel > 0 {
      text += "  left out: \(Text.counted(imagesWithoutModel, "image")) of no class that has a model\n"
    }
    let column = importanceSamples.map { Text.rightAligned("L_\($0)", 10) } ?? ""
    let heading = Text.rightAligned(reconstruction == nil ? "bound" : "reconstruction", 37)
    text += "  \(heading)\(column)   \(Text.padded("", 22))    class       weights\n"
    text += line(
      "\(Text.counted(models, "model")), one a class", bound ?? reconstruction, importanceWeighted,
      "on log p(x | class)", accuracy, parameters)
    if let joint {
      text += line(
        joint.model.harmlessLine, joint.bound ?? joint.reconstruction, joint.importanceWeighted,
        joint.knowsClass ? "on log p(x | class)" : "on log p(x)", joint.accuracy, joint.parameters)
      text += notes(on: joint)
    }
    return text
  }

  /// Why numbers of the joint model are missing or of fewer images, a line each.
  private func notes(on joint: Joint) -> String {
    var notes = ""
    let name = joint.model.harmlessLine
    if joint.knowsClass, reconstruction == nil, let importanceSamples {
      notes +=
        "  no L_\(importanceSamples) of \(name): it would be on log p(x), not on log p(x | class) as the other is\n"
    }
    if let others = joint.imagesOfOtherClasses {
      notes += "  class of \(name): left out: \(Text.counted(others, "image")) of no class that it has\n"
    }
    return notes
  }
}
