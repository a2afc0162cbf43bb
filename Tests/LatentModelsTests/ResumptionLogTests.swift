import Datasets
import Foundation
import Glibc
import Testing

@testable import LatentModels

/// What becomes of the log of a run that is gone on with, and when a run is first saved.
extension ResumptionTests {
  @Test("A line that is no record is said to be removed; a log of another training is not gone on with")
  func otherLogs() throws {
    let folder = try TemporaryFolder()
    let (run, begun) = try run(in: folder)
    var configuration = begun
    configuration.training.epochs = 4
    let own = try readFile(run.metricsPath)
    let other = try RunDirectory.create(folder.file("other"), configuration: configuration)
    #expect(try train(configuration, other).state == .finished)
    let foreign = String(decoding: try readFile(other.metricsPath), as: UTF8.self)
    // As older versions wrote them, without the run's number; of the same shape and of another one.
    let unnumbered = foreign.replacing(#/,"run":"[0-9a-f]+"/#, with: "")
    #expect(foreign.contains("\"run\"") && !unnumbered.contains("\"run\""))
    let changed = String(decoding: own, as: UTF8.self).replacing("\"images\":200", with: "\"images\":201")
    let slow = unnumbered.replacing(#/"seconds":[-0-9.e]+/#, with: "\"seconds\":1e6")
    for (log, problem) in [
      ("nonsense\n" + foreign, "line 1 is not a record of metrics; remove that line"),
      (foreign, "the record of epoch 1 is of another training: it says run"),
      (changed, "the record of epoch 2 is of another training: 201 images"),
      (slow, "the record of epoch 1 is of another training: it was later"),
    ] {
      try Data(log.utf8).write(to: URL(filePath: run.metricsPath))
      let refused = #expect(throws: RunDirectoryError.self) { try train(configuration, run, resuming: true) }
      #expect(refused?.description.contains(problem) == true, "\(refused?.description ?? "")")
      #expect(try readFile(run.metricsPath) == Array(log.utf8))
    }
    // Moved away, as is advised, it is gone on without.
    #expect(unlink(run.metricsPath) == 0)
    #expect(try train(configuration, run, resuming: true).metrics.map(\.epoch) == [4])
  }

  @Test("A log whose last line is torn is mended; one that is torn elsewhere is named with its line")
  func tornLog() throws {
    let folder = try TemporaryFolder()
    var (run, configuration) = try run(in: folder)
    for tail in ["{\"epoch\":4,\"st", "\0\0\0\n", "{\"epoch\":9,\"step\":-1}\n"] {
      let whole = try readFile(run.metricsPath)
      try Data(whole + Array(tail.utf8)).write(to: URL(filePath: run.metricsPath))
      #expect(try run.metrics().count == configuration.training.epochs)
      #expect(throws: RunDirectoryError.self) { try RunDirectory.metrics(at: run.metricsPath) }
      configuration.training.epochs += 1
      #expect(try train(configuration, run, resuming: true).state == .finished)
      #expect(try RunDirectory.metrics(at: run.metricsPath).map(\.epoch) == Array(1...configuration.training.epochs))
    }
    // A last record whose line was not ended is a record.
    let whole = try readFile(run.metricsPath)
    try Data(whole.dropLast()).write(to: URL(filePath: run.metricsPath))
    configuration.training.epochs += 1
    #expect(try train(configuration, run, resuming: true).state == .finished)
    #expect(try RunDirectory.metrics(at: run.metricsPath).count == configuration.training.epochs)
    try Data(Array("\n\nnonsense\n".utf8) + whole).write(to: URL(filePath: run.metricsPath))
    #expect(throws: RunDirectoryError.damaged(path: run.metricsPath, problem: "line 3 is not a record of metrics")) {
      try run.metrics()
    }
    try Data(Array("nonsense\n".utf8) + whole).write(to: URL(filePath: run.metricsPath))
    #expect(throws: RunDirectoryError.damaged(path: run.metricsPath, problem: "line 1 is not a record of metrics")) {
      try run.metrics()
    }
  }

  @Test("Of a log that has grown only what was added is read; one that was cut meanwhile is read from its beginning")
  func grownLog() throws {
    let folder = try TemporaryFolder()
    let (run, _) = try run(in: folder)
    let first = try run.log(after: nil)
    let whole = try readFile(run.metricsPath)
    var record = try #require(first.records.last)
    (record.epoch, record.step) = (record.epoch + 1, record.step + 1)
    try run.append(record)
    var spoilt = try readFile(run.metricsPath)
    spoilt[0] = UInt8(ascii: "x")
    try Data(spoilt).write(to: URL(filePath: run.metricsPath))
    #expect(throws: RunDirectoryError.self) { try run.log(after: nil) }
    let grown = try run.log(after: first)
    #expect(grown.records == first.records + [record])
    // A line that is still being written is read when it is whole.
    let line = try #require(spoilt.dropLast().split(separator: UInt8(ascii: "\n")).last)
    try Data(spoilt + Array(line.dropLast(9))).write(to: URL(filePath: run.metricsPath))
    let torn = try run.log(after: grown)
    #expect(torn.records == grown.records)
    try Data(spoilt + Array(line)).write(to: URL(filePath: run.metricsPath))
    #expect(try run.log(after: torn).records == grown.records + [record])
    try Data(whole).write(to: URL(filePath: run.metricsPath))
    #expect(try run.log(after: grown).records == first.records)
    // Gone on with from an earlier epoch, it may be longer by now than it was.
    try run.cutLog(try run.log(), after: try #require(first.records.first).step)
    for _ in 0..<first.records.count {
      record.seconds += 1
      try run.append(record)
    }
    #expect(try run.log(after: first).records == run.metrics())
    #expect(try run.metrics().last == record)
  }

  @Test("Of a long log its newest records are read at once, of a short one all; a torn last line is none")
  func newestRecords() throws {
    let folder = try TemporaryFolder()
    let run = try RunDirectory.create(folder.file("run"), configuration: Fixture.configuration())
    let records = (1...3_000).map { epoch in
      MetricsRecord(
        epoch: epoch, step: epoch * 10, images: epoch * 100, seconds: Double(epoch), learningRate: 0.001,
        controls: ["beta": 1], training: [Term(name: "loss", value: 200 - Double(epoch) / 64)], heldOut: nil)
    }
    func write(_ records: some Sequence<MetricsRecord>, then rest: String = "") throws {
      let lines = try records.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) + "\n" }
      try Data((lines.joined() + rest).utf8).write(to: URL(filePath: run.metricsPath))
    }
    try write(records)
    let newest = try RunDirectory.newestMetrics(at: run.metricsPath)
    #expect(newest.unread > 0 && newest.records.count > 100 && newest.records.count < records.count)
    #expect(newest.records == Array(records.suffix(newest.records.count)))
    #expect(try RunDirectory.metrics(at: run.metricsPath) == records)
    // A record that begins where reading does is one of them.
    let tail = try records.suffix(100).reduce(0) { try $0 + JSONEncoder().encode($1).count + 1 }
    try write(records, then: String(repeating: "\n", count: MetricsLog.mostAtOnce - tail))
    #expect(try RunDirectory.newestMetrics(at: run.metricsPath).records == Array(records.suffix(100)))
    try write(records.prefix(50))
    let short = try RunDirectory.newestMetrics(at: run.metricsPath)
    #expect(short.unread == 0 && short.records == Array(records.prefix(50)))
    for (count, unread) in [(3_000, newest.unread), (50, 0)] {
      let tail = "{\"epoch\":3001,\"st"
      try write(records.prefix(count), then: tail)
      let torn = try RunDirectory.newestMetrics(at: run.metricsPath)
      #expect(torn.records.last == records[count - 1] && torn.unread == (unread > 0 ? unread + tail.utf8.count : 0))
    }
  }

  @Test("The first epoch is saved at once")
  func firstSave() throws {
    let folder = try TemporaryFolder()
    var configuration = Fixture.configuration(epochs: 100_000)
    // A numbered checkpoint is saved with the newest.
    configuration.training.checkpointEvery = 0
    let run = try RunDirectory.create(folder.file("run"), configuration: configuration)
    let images = try Fixture.images(120)
    let session = try TrainingSession(
      configuration: configuration, training: images.subset(0..<100), heldOut: nil, run: run, threads: 1)
    try session.start()
    session.wait(forEpoch: 2)
    session.abandon()
    _ = session.wait()
    #expect(try Checkpoint.load(run.latestPath).epoch == 1)
  }
}
