import ArgumentParser
import Canvas
import Datasets
import Glibc
import HarmlessText
import LatentModels

/// Follows a training session to its end: a progress bar on a terminal, one line an epoch everywhere.
struct TrainingConsole {
  let session: TrainingSession
  let run: RunDirectory

  private var configuration: Configuration { session.configuration }

  /// Starts the session and returns when it is over; what asks the program to end makes it save and stop, and so does a
  /// standard output that takes no more of its report.
  ///
  /// Throws an `ExitCode` after an interruption, and a `CommandError` where training failed or could not be reported.
  func follow() throws {
    let interruption = Interruption()
    let line = ProgressLine()
    defer { line.clear() }
    let training = configuration.training
    var beginning = "\(header) → \(run.path.harmlessLine)\n"
    if let labels = session.labelUse { beginning += "labels: \(Self.text(labels))\n" }
    if session.wait().metrics.count < training.epochs, training.heldOut > 0 {
      // Where labels add terms to the loss, that of images without them is another one.
      let (what, how) = session.holdsOutWithoutClasses ? ("", ", without the terms of labels") : ("the same ", "")
      beginning +=
        "in nats an image (held out: \(what)on \(Text.counted(training.heldOut, "image")) that training does not see\(how))\n"
    }
    // At once, so that a reader of one line leaves no training that was never begun.
    do { try StandardOutput.write(beginning) } catch {
      session.discard()
      throw error
    }
    // Epochs of an earlier session have been reported by it.
    var reported = session.wait().metrics.count
    try session.start()
    var pace = Pace()
    var isStopping = false
    var isOver = false
    var refusal: (any Error)?
    func report(_ metrics: MetricsHistory) {
      guard refusal == nil else { return }
      do { try self.report(metrics, &reported) } catch {
        refusal = error
        session.stop()
      }
    }
    while !isOver && !session.state.isOver {
      interruption.wait(for: [session.snapshots.fileDescriptor], milliseconds: 500)
      if interruption.received != nil, !isStopping {
        isStopping = true
        session.stop()
      }
      guard let snapshot = session.snapshots.take() else { continue }
      isOver = snapshot.state.isOver
      if snapshot.metrics.count > reported { line.clear() }
      report(snapshot.metrics)
      pace.add(step: snapshot.step, images: snapshot.images, seconds: snapshot.seconds)
      show(snapshot, pace, line)
    }
    let outcome = session.wait()
    line.clear()
    report(MetricsHistory(outcome.metrics))
    try conclude(TrainingEnding(of: session, in: run), signal: interruption.received, refusal: refusal)
  }

  /// What is trained and how, with the numbers that are in force where it begins or goes on.
  private var header: String {
    let training = configuration.training
    let values = session.controlsAtBeginning
    let objective = [configuration.formula(at: values)] + configuration.objectiveDetails(at: values)
    let annealing = session.annealingAtBeginning
    let rate = session.controls[Control.rate.name].map { Float($0) } ?? training.rate
    // Nobody may have said which property it is.
    let attribute = configuration.model.attribute.map { " that forgets \($0.name.harmlessLine)" } ?? ""
    return "\(configuration.model)\(attribute) on \(training.data.harmlessLine) (\(training.treatment.rawValue)), "
      + "\(objective.joined(separator: ", ").harmlessLine)\(annealing.isEmpty ? "" : " (\(annealing.joined(separator: "; ")))"), "
      + "batch \(training.batch), rate \(rate.brief), seed \(training.seed)"
  }

  /// How many labels are used, and which share of a batch has them.
  private static func text(_ labels: LabelUse) -> String {
    labels.text(Text.grouped) + (labels.share.map { "; \(Text.percent($0)) of every batch" } ?? "")
  }

  /// Prints the epochs that have been completed since the first `reported`.
  private func report(_ metrics: MetricsHistory, _ reported: inout Int) throws {
    while reported < metrics.count {
      let previous = reported > 0 ? metrics[reported - 1] : nil
      let record = metrics[reported]
      try StandardOutput.write(line(record, after: previous) + "\n")
      // What was said of the epoch before need not be said again, with other numbers either.
      let told = Set(previous?.warnings.map(Self.words) ?? [])
      for warning in record.warnings where !told.contains(Self.words(warning)) {
        StandardError.complain(warning.harmlessLine)
      }
      reported += 1
    }
  }

  /// What a warning says but for its numbers.
  private static func words(_ warning: String) -> String { warning.filter { !$0.isNumber } }

  private func show(_ snapshot: Snapshot, _ pace: Pace, _ line: ProgressLine) {
    let total = max(1, snapshot.totalSteps)
    let epochs = configuration.training.epochs
    let rate = pace.imagesASecond.map { "\(Text.grouped(Int($0)))/s" }
    let left = pace.stepsASecond.map { "\(NumberText.duration(Double(total - snapshot.step) / $0)) left" }
    // What is minimised comes first: a narrow terminal leaves out others.
    let terms = ordered(snapshot.terms)
    line.show(
      Double(snapshot.step) / Double(total),
      ["epoch \(min(snapshot.epoch + 1, epochs))/\(epochs)", rate, left].compactMap(\.self)
        + terms.map { "\($0.name) \(Text.fixed($0.value, 2))" })
  }

  /// One line of at most `longestLine` columns about a finished epoch: what is minimised first, then as many terms as fit, each
  /// with its value on held-out images in brackets; `metrics.jsonl` has them all.
  private func line(_ record: MetricsRecord, after previous: MetricsRecord?) -> String {
    let epochs = configuration.training.epochs
    func text(_ term: Term) -> String {
      let heldOut = record.heldOut?[term.name].map { " (\(Text.fixed($0, 2)))" } ?? ""
      return "\(term.name) \(Text.fixed(term.value, 2))\(heldOut)"
    }
    let seconds = record.seconds - (previous?.seconds ?? 0)
    let images = record.images - (previous?.images ?? 0)
    let width = "\(epochs)".count
    let rate = seconds > 0 ? ", \(Text.grouped(Int(Double(images) / seconds)))/s" : ""
    let end = "   \(Text.fixed(seconds, 2)) s\(rate)"
    var line = "epoch \(Text.rightAligned("\(record.epoch)", width))/\(epochs)"
    for (place, term) in ordered(record.training).enumerated() {
      let next = "  " + text(term)
      guard place == 0 || line.count + next.count + end.count <= Self.longestLine else { break }
      line += next
    }
    return line + end
  }

  /// What is minimised, then how often something is told rightly, then the rest in their order.
  private func ordered(_ terms: [Term]) -> [Term] {
    func rank(_ term: Term) -> Int {
      term.name == "loss" ? 0 : configuration.unit(of: term.name) == .share ? 1 : 2
    }
    return (0...2).flatMap { place in terms.filter { rank($0) == place } }
  }

  /// What fits a terminal that is not narrow; in a log the terms of the plain objective have room at any number of epochs.
  private static let longestLine = StandardOutput.isTerminal ? max(100, StandardOutput.columns) : 120

  private func conclude(_ ending: TrainingEnding, signal: Int32?, refusal: (any Error)?) throws {
    let outcome = ending.outcome
    if let move = ending.move { StandardError.complain(move) }
    if let failure = ending.failure { throw CommandError("training stopped: \(failure)") }
    guard outcome.state == .finished, refusal == nil else {
      // One that a refusal found finished was saved all the same.
      let place = ending.stop ?? "finished at epoch \(outcome.model.epoch); \(ending.checkpoint)"
      StandardError.complain(place)
      if outcome.state != .finished {
        StandardError.write("go on with: zscope train --resume \(ending.folder.shellWord)\n")
      }
      if let refusal { throw refusal }
      throw ExitCode(Interruption.status(signal ?? SIGINT))
    }
    let folder = RunDirectory(path: ending.folder)
    let best = outcome.best.map { best in
      let loss = best.terms["loss"].map { ", held-out loss \(Text.fixed($0, 2))" } ?? ""
      return "best: epoch \(best.epoch)\(loss), \(folder.bestPath.harmlessLine)\n"
    }
    try StandardOutput.write(
      "done: \(Text.counted(outcome.model.epoch, "epoch")), \(Text.counted(outcome.model.step, "step")); "
        + "\(folder.latestPath.harmlessLine)\n\(best ?? "")")
  }

}

/// How fast training goes, over the last few seconds: a mean over the whole run would hide what is happening now.
private struct Pace {
  private var marks: [(step: Int, images: Int, seconds: Double)] = []
  private static let window = 10.0

  mutating func add(step: Int, images: Int, seconds: Double) {
    marks.append((step, images, seconds))
    while marks.count > 2, seconds - marks[0].seconds > Self.window { marks.removeFirst() }
  }

  var stepsASecond: Double? { rate { Double($0.step) } }
  var imagesASecond: Double? { rate { Double($0.images) } }

  private func rate(_ quantity: ((step: Int, images: Int, seconds: Double)) -> Double) -> Double? {
    guard let first = marks.first, let last = marks.last, last.seconds > first.seconds else { return nil }
    let rate = (quantity(last) - quantity(first)) / (last.seconds - first.seconds)
    return rate > 0 ? rate : nil
  }
}
