import Canvas
import Datasets
import Exports
import Glibc

/// Records a session into a file as it goes: every line is appended at once, so that of a session that is killed there is a
/// recording up to then. Each is some kilobytes into the system's memory, which no key feels.
final class Recorder {
  private var recording: TerminalRecording
  private let file: AppendedFile
  /// Why nothing more is recorded.
  private(set) var problem: String?

  /// Begins a recording of a terminal of that size at `path`.
  ///
  /// - Throws: `DatasetError` of kind `unwritable`.
  init(_ path: String, model: String?, width: Int, height: Int, level: ColorLevel) throws {
    recording = try TerminalRecording(
      title: ["zscope", model].compactMap { $0 }.joined(separator: " "), width: width, height: height, level: level)
    file = try AppendedFile(path, beginning: Array(recording.takeLines().utf8))
  }

  /// Finds out before the screen is taken whether `path` can be recorded to: a file that is there is never replaced.
  ///
  /// - Throws: `ExportError`, `DatasetError`.
  static func check(_ path: String) throws {
    _ = try ExportFormat.of(path, forms: [.recording])
    guard fileType(path) != S_IFREG else {
      throw DatasetError(
        .unwritable, path, "this file is there already", remedy: "remove it, or record to another name")
    }
    try checkWritable(path)
  }

  /// Records what is shown from `seconds` after the start on; false where recording has just stopped, see `problem`.
  func add(_ frame: Frame, at seconds: Double) -> Bool { write { try $0.add(frame, at: seconds) } }

  /// Lets the last frame stand until `seconds`.
  func end(at seconds: Double) { _ = write { try $0.end(at: seconds) } }

  private func write(_ add: (inout TerminalRecording) throws -> Void) -> Bool {
    guard problem == nil else { return true }
    do {
      try add(&recording)
      try file.append(Array(recording.takeLines().utf8))
      return true
    } catch {
      problem = "the recording ends here: \(error)"
      return false
    }
  }
}
