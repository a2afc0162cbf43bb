import ArgumentParser
import Datasets
import Glibc
import LatentModels
import Tensors

/// One model a class: runs `FOLDER/class-0`, `FOLDER/class-1` …, each of the images of one class.
struct ByClass {
  let folder: String
  /// The runs in the order of their classes.
  let runs: [(label: Int, path: String)]

  /// What `train --by-class` made in `folder`; nil where it made nothing.
  static func open(_ folder: String) throws -> ByClass? {
    guard isFolder(folder), !isFile("\(folder)/config.json") else { return nil }
    let runs = RunDirectory.classRuns(in: folder)
    return runs.isEmpty ? nil : ByClass(folder: folder, runs: runs)
  }

  /// Trains one model a class, as many at a time as there are threads, one thread each.
  ///
  /// - Parameter resuming: go on with those that were begun; what is finished stays as it is.
  static func train(
    _ configuration: Configuration, heldOut: Int?, folder: String, resuming: Bool, threads: Int
  ) throws {
    let training = configuration.training
    let all = try TrainingData.images(training)
    all.tellNotes()
    guard all.classCount > 1 else {
      throw CommandError(
        "\(all.name) does not tell classes apart", remedy: "use labelled data, or leave out --by-class")
    }
    if !resuming { try checkHeldOut(heldOut, of: all, configuration) }
    let interruption = Interruption()
    let line = ProgressLine()
    defer { line.clear() }
    var waiting = Array(0..<all.classCount)
    var going: [(label: Int, session: TrainingSession)] = []
    var failures: [String] = []
    var done = 0
    while !(waiting.isEmpty && going.isEmpty) {
      if interruption.received != nil {
        waiting = []
        for entry in going { entry.session.stop() }
      }
      while going.count < threads, let label = waiting.first {
        waiting.removeFirst()
        let session = try session(configuration, all, heldOut, label, folder: folder, resuming: resuming)
        try session.start()
        going.append((label, session))
      }
      interruption.wait(for: going.map(\.session.snapshots.fileDescriptor), milliseconds: 500)
      var fraction = Double(done)
      // Which are over is asked once: one that ends meanwhile is reported the next time.
      var still: [(label: Int, session: TrainingSession)] = []
      for (label, session) in going {
        let snapshot = session.snapshots.take() ?? session.snapshots.latest
        if let snapshot { fraction += Double(snapshot.step) / Double(max(1, snapshot.totalSteps)) }
        guard session.state.isOver else {
          still.append((label, session))
          continue
        }
        let outcome = session.wait()
        done += 1
        line.clear()
        if case .failed(let message) = outcome.state { failures.append("class \(label): \(message)") }
        let place = RunDirectory.classPath(in: folder, label).harmlessLine
        let loss = outcome.best.flatMap { $0.terms["loss"] } ?? outcome.metrics.last?.training["loss"]
        try StandardOutput.write(
          "class \(all.className(Int32(label)).harmlessLine): \(Text.counted(outcome.model.epoch, "epoch"))"
            + "\(loss.map { ", loss \(Text.fixed($0, 2))" } ?? ""); \(place)\n")
      }
      going = still
      line.show(fraction / Double(all.classCount), "\(done) of \(all.classCount) classes")
    }
    line.clear()
    if let signal = interruption.received {
      StandardError.complain("stopped; go on with: zscope train --resume --by-class \(folder.harmlessLine)")
      throw ExitCode(Interruption.status(signal))
    }
    guard failures.isEmpty else { throw CommandError("training stopped: \(failures.joined(separator: "; "))") }
  }

  /// Refuses, before any class is trained, what would stop at one of them; a `ValidationError` names it.
  private static func checkHeldOut(_ heldOut: Int?, of all: ImageSet, _ configuration: Configuration) throws {
    guard let labels = all.labels else { return }
    for label in 0..<Int32(all.classCount) {
      let count = labels.filter { $0 == label }.count
      guard count > 0 else { continue }
      try TrainingOptions.checkHeldOut(heldOut, of: count, "class \(all.className(label))", configuration)
    }
  }

  private static func session(
    _ configuration: Configuration, _ images: ImageSet, _ heldOut: Int?, _ label: Int, folder: String, resuming: Bool
  ) throws -> TrainingSession {
    let path = RunDirectory.classPath(in: folder, label)
    if resuming, isFile("\(path)/config.json") {
      let directory = try RunDirectory.open(path)
      var own = try directory.configuration()
      own.training.epochs = max(own.training.epochs, configuration.training.epochs)
      let data = try TrainingData.open(own, images: images)
      return try TrainingSession(
        configuration: own, training: data.training, heldOut: data.heldOut, run: directory, resuming: true, threads: 1)
    }
    var own = configuration
    own.training.onlyClass = label
    try RunDirectory.checkNew(path)
    let data = try TrainingData.prepare(own, heldOut: heldOut, images: images)
    return try TrainingSession(
      configuration: data.configuration, training: data.training, heldOut: data.heldOut,
      run: try RunDirectory.create(path, configuration: data.configuration), threads: 1)
  }

  /// Holds the models against one of all classes, on the test images of the data they learnt.
  func compared(
    with joint: OpenedModel?, data: String?, count: Int?, seed: UInt64, _ options: ImageOptions
  ) throws -> ByClassOutput {
    let models = try runs.map { (label: $0.label, model: try ModelLibrary.open($0.path).model) }
    let name = data ?? models[0].model.configuration.training.data
    let images = try options.open(name, part: .test, count: count, for: models[0].model)
    guard let labels = images.labels else {
      throw CommandError("\(images.name) has no labels", remedy: "name labelled data with --data")
    }
    let line = ProgressLine()
    defer { line.clear() }
    // A bound of every image under every model: the largest tells the class.
    var bounds: [[Double]] = []
    for (place, entry) in models.enumerated() {
      line.show(Double(place) / Double(models.count), "evaluating the model of class \(entry.label)")
      bounds.append(try lowerBounds(entry.model, on: images, seed: seed))
    }
    let own = images.labels.map { labels in
      labels.indices.compactMap { image in
        models.firstIndex { Int32($0.label) == labels[image] }.map { bounds[$0][image] }
      }
    }
    let predictions = labels.indices.map { image in
      let best = bounds.indices.max { bounds[$0][image] < bounds[$1][image] } ?? 0
      return Int32(models[best].label)
    }
    line.show(nil, "evaluating the joint model")
    let jointReport = try joint.map { try Self.report(of: $0, on: images, seed: seed) }
    return ByClassOutput(
      folder: folder, data: images.name, images: images.count, models: models.count,
      parameters: models.reduce(0) { $0 + $1.model.configuration.model.parameterCount },
      bound: Self.mean(own ?? []), accuracy: ClassAccuracy(predictions: predictions, labels: labels),
      joint: jointReport)
  }

  private static func report(of joint: OpenedModel, on images: ImageSet, seed: UInt64) throws -> ByClassOutput.Joint {
    let knows = joint.model.hasClasses && joint.model.variables.contains { $0.name == "y" }
    let bounds = try lowerBounds(joint.model, on: images, knowingClass: knows, seed: seed)
    return ByClassOutput.Joint(
      model: joint.name, knowsClass: knows, bound: mean(bounds),
      accuracy: try images.labels.flatMap { try joint.model.classify(images)?.accuracy(against: $0) },
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
    let bound: Double
    let accuracy: ClassAccuracy?
    let parameters: Int
  }

  let folder: String
  let data: String
  let images: Int
  let models: Int
  /// Of all models together.
  let parameters: Int
  /// The mean bound on log p(x | y), every image under the model of its class.
  let bound: Double
  /// How often the model under which an image has the largest bound is that of its class.
  let accuracy: ClassAccuracy?
  let joint: Joint?

  var text: String {
    func line(_ title: String, _ bound: Double, _ how: String, _ accuracy: ClassAccuracy?, _ parameters: Int) -> String
    {
      let share = accuracy.map { "\(Text.fixed(100 * $0.accuracy, 2)) %" } ?? "–"
      return "  \(Text.padded(title, 26)) \(Text.rightAligned(Text.fixed(bound, 3), 10))   \(Text.padded(how, 22)) "
        + "\(Text.rightAligned(share, 8))   \(Text.rightAligned(Text.grouped(parameters), 11))\n"
    }
    var text = "\(Text.counted(images, "image")) of \(data.harmlessLine), nats an image\n"
    text += "  \(Text.padded("", 26))      bound   \(Text.padded("", 22))    class       weights\n"
    text += line("\(models) models, one a class", bound, "on log p(x | class)", accuracy, parameters)
    if let joint {
      text += line(
        joint.model.harmlessLine, joint.bound, joint.knowsClass ? "on log p(x | class)" : "on log p(x)", joint.accuracy,
        joint.parameters)
    }
    return text
  }
}
