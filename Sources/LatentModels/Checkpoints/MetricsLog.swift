import Datasets
import FoundationEssentials
import Glibc
import HarmlessText

/// `metrics.jsonl`: one record a line, appended epoch by epoch.
struct MetricsLog {
  static let fileName = "metrics.jsonl"

  /// What a log holds.
  struct Contents: Sendable {
    var records: [MetricsRecord] = []
    /// Where each record's line ends in the file.
    var ends: [Int] = []
    /// The number of each record's line in the file, from 1.
    var lines: [Int] = []
    /// The number of the run that each record says it is of; older ones say none.
    var runs: [String?] = []
    /// What is wrong with the last line, where that is not a record: a program that is killed while it writes leaves it
    /// torn, and one that is writing just now has not ended it.
    var tornLine: String?

    /// The same without the last record: one may have been read of it before it was ended.
    var withoutLast: Contents {
      Contents(
        records: Array(records.dropLast()), ends: Array(ends.dropLast()), lines: Array(lines.dropLast()),
        runs: Array(runs.dropLast()))
    }
  }

  /// The most bytes of a log that are read, and of a line: a record is some hundred bytes, and there are a million at most.
  private static let (largest, longestLine) = (1 << 30, 1 << 20)

  /// As much of a log as is read while somebody waits: hundred records and more, within milliseconds.
  static let mostAtOnce = 1 << 17

  let folder: OwnedFolder
  let path: String

  init(in folder: OwnedFolder) {
    self.folder = folder
    path = "\(folder.path)/\(Self.fileName)"
  }

  /// All records; none where there is no log.
  ///
  /// - Parameter known: what was read before. Where its last record is still in its place, what follows is all that is read.
  /// - Throws: `RunDirectoryError.damaged` naming the line, or a `DatasetError`.
  func read(after known: Contents? = nil) throws -> Contents {
    guard folder.holds(Self.fileName) else { return Contents() }
    if let known, let last = known.records.last, let grown = try? read(on: known.withoutLast),
      grown.records.count >= known.records.count, grown.records[known.records.count - 1] == last
    {
      return grown
    }
    return try read(on: Contents())
  }

  /// The records at the end of a long log, and how many bytes before that end were not read: the record that these cut is told
  /// by neither. A torn last line is none. Nil where the log is short, and where its end is not of sound records: what is to be
  /// done then, all of it tells.
  func end() -> (records: [MetricsRecord], unread: Int)? {
    // From the byte before on: where a line begins at `unread`, the one to leave out ends there.
    let unread = folder.size(Self.fileName) - Self.mostAtOnce
    guard unread > 0, let newest = try? read(on: Contents(), from: unread - 1), !newest.records.isEmpty else {
      return nil
    }
    return (newest.records, unread)
  }

  /// Reads what follows the last record of `known`; or, from the byte `start` within some line, what follows that line.
  private func read(on known: Contents, from start: Int? = nil) throws -> Contents {
    let decoder = JSONDecoder()
    var contents = known
    var (place, number) = (start ?? known.ends.last ?? 0, known.lines.last ?? 0)
    var isWithinLine = start != nil
    var problem: (line: Int, text: String)?
    try folder.readLines(Self.fileName, limit: Self.largest, longest: Self.longestLine, from: place) { line, isEnded in
      place += line.count + (isEnded ? 1 : 0)
      number += 1
      if isWithinLine {
        isWithinLine = false
        return
      }
      if line.isEmpty { return }
      // Only the last line may be torn: something follows this one.
      if let problem { throw RunDirectoryError.damaged(path: path, problem: problem.text) }
      guard let (record, run) = try? decoder.decode(Line.self, from: Data(line)).contents else {
        problem = (number, "line \(number) is not a record of metrics")
        return
      }
      if let wrong = record.problem {
        problem = (number, "line \(number) is not a record of metrics: \(wrong)")
        return
      }
      contents.records.append(record)
      contents.ends.append(place)
      contents.lines.append(number)
      contents.runs.append(run)
    }
    contents.tornLine = problem?.text
    return contents
  }

  /// Cuts the log behind the last record of at most `step` steps, and mends what a kill tore; makes it where there is
  /// none.
  ///
  /// - Throws: a `DatasetError`.
  func cut(_ contents: Contents, after step: Int) throws {
    let kept = contents.records.lastIndex { $0.step <= step }.map { $0 + 1 } ?? 0
    let length = kept > 0 ? contents.ends[kept - 1] : 0
    let file = try folder.openToChange(Self.fileName)
    defer { close(file) }
    guard ftruncate(file, off_t(length)) == 0 else { throw refused() }
    guard length > 0 else { return }
    // The last record may be whole, and only its line not ended.
    var last: UInt8 = 0
    if pread(file, &last, 1, off_t(length - 1)) == 1, last != UInt8(ascii: "\n") {
      guard pwrite(file, "\n", 1, off_t(length)) == 1 else { throw refused() }
    }
  }

  /// A record and, beside its parts, the number of the run that it is of.
  private struct Line: Codable {
    var record: MetricsRecord
    var run: String?

    var contents: (MetricsRecord, String?) { (record, run) }

    private enum CodingKeys: CodingKey { case run }

    init(record: MetricsRecord, run: String?) {
      self.record = record
      self.run = run
    }

    init(from decoder: any Decoder) throws {
      record = try MetricsRecord(from: decoder)
      run = try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(String.self, forKey: .run)
    }

    func encode(to encoder: any Encoder) throws {
      try record.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encodeIfPresent(run, forKey: .run)
    }
  }

  /// Adds a line that says which run it is of.
  ///
  /// - Throws: a `DatasetError`; the log is as it was then.
  func append(_ record: MetricsRecord, run: String? = nil) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let line = String(decoding: try encoder.encode(Line(record: record, run: run)), as: UTF8.self).harmlessJSON + "\n"
    let file = try folder.openToChange(Self.fileName, appending: true)
    defer { close(file) }
    try appendAll(Array(line.utf8), to: file, path: path)
  }

  /// Has what was appended outlive a loss of power.
  func sync() {
    guard folder.holds(Self.fileName), let file = try? folder.openToChange(Self.fileName) else { return }
    fsync(file)
    close(file)
  }

  private func refused() -> RunDirectoryError {
    .damaged(path: path, problem: "cannot be written: \(String(cString: strerror(errno)))")
  }
}

extension MetricsRecord {
  /// What makes this no record of a training, or nil: its numbers are computed with.
  var problem: String? {
    func check<Value: Comparable>(_ name: String, _ value: Value, _ allowed: ClosedRange<Value>) -> String? {
      allowed.contains(value) ? nil : "\(name) is \(value)"
    }
    if let wrong = check("epoch", epoch, Limits.epochs) ?? check("step", step, Limits.steps) { return wrong }
    if let wrong = check("images", images, Limits.images) ?? check("seconds", seconds, Limits.seconds) { return wrong }
    let terms = training + (heldOut ?? []) + (measured ?? [])
    return terms.first { !$0.value.isFinite }.map { "\($0.name) is \($0.value)" }
  }
}
