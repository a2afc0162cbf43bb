import ArgumentParser
import Datasets
import Glibc
import HarmlessText
import LatentModels

/// Trains one model a class into `FOLDER/class-0`, `FOLDER/class-1` …, as many at a time as there are threads, one thread
/// each.
///
/// Whatever ends it, those that are being trained are stopped, saved and told of. What is wrong with one class keeps none
/// of the others from being trained.
final class ByClassTraining {
  /// A class that is being trained.
  private struct Entry {
    var label: Int
    var session: TrainingSession
    var run: RunDirectory
    /// That it becomes another training by its length; nil where it does not.
    var note: String?
    /// Epochs whose warnings were told, or were by those who trained it before.
    var reported: Int

    init(_ label: Int, _ session: TrainingSession, _ run: RunDirectory, note: String? = nil) {
      (self.label, self.session, self.run, self.note) = (label, session, run, note)
      reported = session.wait().metrics.count
    }
  }

  /// What those classes are begun with that were not yet.
  private let configuration: Configuration
  private let images: ImageSet
  /// How many images of every class are to be held out; nil: a share of them.
  private let heldOut: Int?
  private let folder: String
  private let resuming: Bool
  private let rate: Double?
  private let epochs: Int?
  private let line = ProgressLine()
  /// Classes that are still to be begun.
  private var waiting: [Int]
  private var going: [Entry] = []
  /// How many are over.
  private var done = 0
  /// Whether classes were stopped or never begun.
  private var isUnfinished = false
  private var failures: [String] = []
  /// What was said of one class and is not of another.
  private var told: Set<String> = []
  /// The classes of which each warning holds.
  private var warned: [String: [Int]] = [:]
  /// Why the report could not be written.
  private var refusal: (any Error)?

  /// Reads the images and finds out what would be wrong with any class, before any is trained. Of a class without images
  /// no model is trained, which is said.
  ///
  /// - Parameters:
  ///   - configuration: what is asked for; of those that are gone on with, what one of them was begun with.
  ///   - resuming: go on with those that were begun; what is finished stays as it is.
  ///   - rate: the learning rate with which those go on that diverged.
  ///   - epochs: where those that were begun end; nil: as they were to, or as the first of them if that is later.
  /// - Throws: `CommandError`, a `ValidationError`, a `RunDirectoryError` where another training is in the way, or a
  ///   `DatasetError`.
  init(
    _ configuration: Configuration, heldOut: Int?, folder: String, resuming: Bool, rate: Double?, epochs: Int?
  ) throws {
    if resuming { try RunDirectory.checkClasses(in: folder) } else { try RunDirectory.checkNewClasses(in: folder) }
    (self.folder, self.resuming, self.rate, self.epochs) = (folder, resuming, rate, epochs)
    images = try TrainingData.images(configuration.training)
    images.tellNotes()
    guard images.classCount > 1, let labels = images.labels else {
      throw CommandError(
        "\(images.name) does not tell classes apart", remedy: "use labelled data, or leave out --by-class")
    }
    var counts = [Int](repeating: 0, count: images.classCount)
    for label in labels where counts.indices.contains(Int(label)) { counts[Int(label)] += 1 }
    waiting = counts.indices.filter { counts[$0] > 0 }
    var asked = configuration
    if resuming {
      self.heldOut = Self.heldOutAsked(configuration.training, counts)
      asked.training.heldOut = TrainingConfiguration().heldOut
    } else {
      self.heldOut = heldOut
    }
    self.configuration = asked
    guard !waiting.isEmpty else {
      throw CommandError("\(images.name) does not tell the class of any image", remedy: "leave out --by-class")
    }
    for label in waiting where !resuming {
      try TrainingOptions.checkHeldOut(heldOut, of: counts[label], "class \(name(label))", configuration)
    }
    if resuming, let epochs { try checkReached(epochs) }
    for label in counts.indices where counts[label] == 0 {
      StandardError.complain("\(images.name) has no images of class \(name(label)): no model is trained for it")
    }
  }

  /// How many images of every class were asked to be held out when one of them was begun; nil: a share of them.
  ///
  /// - Parameter counts: the images of every class.
  private static func heldOutAsked(_ begun: TrainingConfiguration, _ counts: [Int]) -> Int? {
    if let division = begun.division { return division.heldOut }
    // Runs of before did not keep what was asked: what no share of their images comes to was.
    guard let label = begun.onlyClass, counts.indices.contains(label) else { return begun.heldOut }
    return begun.heldOut == min(TrainingConfiguration().heldOut, counts[label] / 10) ? nil : begun.heldOut
  }

  /// Throws a `CommandError` where the run of a class has come further than all are to end: none is gone on with then.
  private func checkReached(_ epochs: Int) throws {
    let reached = waiting.map { label in
      (label: label, epoch: RunDirectory(path: RunDirectory.classPath(in: folder, label)).reachedEpoch ?? 0)
    }
    guard let last = reached.max(by: { $0.epoch < $1.epoch }), last.epoch > epochs else { return }
    throw CommandError(
      "class \(name(last.label)) has come to epoch \(last.epoch) and cannot end after epoch \(epochs)",
      remedy: "ask for \(last.epoch) epochs or more")
  }

  /// Trains them to the end, or until something asks the program to end or its report cannot be written.
  ///
  /// - Throws: an `ExitCode` after an interruption, what refused the report, or a `CommandError` that names the classes
  ///   of which training failed.
  func follow(threads: Int) throws {
    let interruption = Interruption()
    defer { line.clear() }
    let count = waiting.count
    while !(waiting.isEmpty && going.isEmpty) {
      if interruption.received != nil { stop() }
      while going.count < threads, !waiting.isEmpty { begin(waiting.removeFirst()) }
      interruption.wait(for: going.map(\.session.snapshots.fileDescriptor), milliseconds: 500)
      var fraction = Double(done)
      // Which are over is asked once: one that ends meanwhile is reported the next time.
      var still: [Entry] = []
      for var entry in going {
        let snapshot = entry.session.snapshots.take() ?? entry.session.snapshots.latest
        if let snapshot {
          fraction += Double(snapshot.step) / Double(max(1, snapshot.totalSteps))
          tellWarnings(of: &entry, snapshot.metrics)
        }
        if entry.session.state.isOver { report(entry) } else { still.append(entry) }
      }
      going = still
      line.show(fraction / Double(count), "\(done) of \(count) classes")
    }
    line.clear()
    try conclude(signal: interruption.received)
  }

  private func name(_ label: Int) -> String { images.className(Int32(label)).harmlessLine }

  /// Begins no more, and has those that are trained save and end.
  private func stop() {
    isUnfinished = isUnfinished || !waiting.isEmpty
    waiting = []
    for entry in going { entry.session.stop() }
  }

  private func begin(_ label: Int) {
    do {
      let entry = try entry(label)
      if let note = entry.session.note { complain("class \(name(label)): \(note)") }
      // What holds for one class mostly holds for all.
      for note in [entry.note].compactMap(\.self) + entry.session.notesOnSettings where told.insert(note).inserted {
        complain("class \(name(label)): \(note)")
      }
      try entry.session.start()
      going.append(entry)
    } catch {
      done += 1
      failures.append("class \(name(label)): \(error)")
    }
  }

  private func entry(_ label: Int) throws -> Entry {
    // Where a link leads may have changed since.
    try RunDirectory.checkClasses(in: folder)
    let path = RunDirectory.classPath(in: folder, label)
    if resuming, isFile(RunDirectory(path: path).configurationPath) {
      let run = try RunDirectory.open(path)
      var own = try run.configuration()
      let planned = own.training.epochs
      own.training.epochs = epochs ?? max(own.training.epochs, configuration.training.epochs)
      let data = try TrainingData.open(own, images: images)
      let session = try TrainingSession(
        configuration: own, training: data.training, heldOut: data.heldOut, run: run, resuming: true,
        rate: run.divergence == nil ? nil : rate, threads: 1)
      return Entry(label, session, run, note: session.noteOnLength(planned: planned))
    }
    var own = configuration
    own.training.onlyClass = label
    let data = try TrainingData.prepare(own, heldOut: heldOut, images: images)
    let run = try RunDirectory.create(path, configuration: data.configuration)
    let session = try TrainingSession(
      configuration: data.configuration, training: data.training, heldOut: data.heldOut, run: run, threads: 1)
    return Entry(label, session, run)
  }

  /// Tells the warnings of epochs that are over, each of the first class of which it holds.
  private func tellWarnings(of entry: inout Entry, _ metrics: some RandomAccessCollection<MetricsRecord>) {
    for warning in metrics.dropFirst(entry.reported).flatMap(\.warnings) {
      let labels = warned[warning, default: []]
      guard !labels.contains(entry.label) else { continue }
      warned[warning] = labels + [entry.label]
      if labels.isEmpty { complain("class \(name(entry.label)): \(warning)") }
    }
    entry.reported = max(entry.reported, metrics.count)
  }

  /// Tells of which other classes a warning holds that was told of one.
  private func tellOthersWarned() {
    for (warning, labels) in warned.sorted(by: { $0.key < $1.key }) where labels.count > 1 {
      let others = labels.dropFirst().sorted().map(name).joined(separator: ", ")
      complain("class\(labels.count > 2 ? "es" : "") \(others) as well: \(warning)")
    }
  }

  /// Tells how a class ended. What standard output refuses ends the others.
  private func report(_ entry: Entry) {
    let ending = TrainingEnding(of: entry.session, in: entry.run)
    let outcome = ending.outcome
    var entry = entry
    tellWarnings(of: &entry, outcome.metrics)
    done += 1
    if let move = ending.move { complain(move) }
    if let failure = ending.failure { return failures.append("class \(name(entry.label)): \(failure)") }
    if let stop = ending.stop {
      isUnfinished = true
      return complain("class \(name(entry.label)): \(stop)")
    }
    let loss = outcome.best.flatMap { $0.terms["loss"] } ?? outcome.metrics.last?.training["loss"]
    let text =
      "class \(name(entry.label)): \(Text.counted(outcome.model.epoch, "epoch"))"
      + "\(loss.map { ", loss \(Text.fixed($0, 2))" } ?? ""); \(ending.folder.harmlessLine)"
    guard refusal == nil else { return complain(text) }
    line.clear()
    do { try StandardOutput.write(text + "\n") } catch {
      refusal = error
      complain(text)
      stop()
    }
  }

  private func complain(_ text: String) {
    line.clear()
    StandardError.complain(text)
  }

  private func conclude(signal: Int32?) throws {
    tellOthersWarned()
    guard signal != nil || refusal != nil else {
      guard failures.isEmpty else { throw CommandError("training stopped: \(failures.joined(separator: "; "))") }
      return
    }
    for failure in failures { complain(failure) }
    if isUnfinished {
      complain("stopped; go on with: zscope train --resume --by-class \(folder.shellWord)")
    }
    if let refusal { throw refusal }
    throw ExitCode(Interruption.status(signal ?? SIGINT))
  }
}
