import Canvas
import FoundationEssentials
import HarmlessText

extension ExportFormat {
  /// What a terminal showed, and when, as asciinema plays it.
  public static let cast = ExportFormat(name: "cast", summary: "a session for asciinema", forms: [.recording]) {
    try $0.recording.map { Array(try $0().asciicast.utf8) }
  }
}

/// Frames a terminal showed, each with its time, as an asciicast (version 2): a header, then an event a line.
///
/// What is recorded are the frames, and not the bytes the terminal was sent: those speak its own dialect and ask it
/// questions, which no player answers. Of a frame the rows are recorded that have changed. No key that was typed is in it.
public struct TerminalRecording: Sendable {
  private let level: ColorLevel
  private var size: (width: Int, height: Int)
  /// Lines that have not been handed over.
  private var lines: String
  private var last: Frame?
  /// The rows that are on the screen.
  private var rows: [Substring]
  private var latest = 0.0

  /// An empty recording of a terminal of that size, in cells, with colours of `level`.
  ///
  /// - Throws: an `EncodingError` where the title cannot be written.
  public init(title: String, width: Int, height: Int, level: ColorLevel) throws {
    struct Header: Encodable {
      let version = 2
      let width: Int
      let height: Int
      let title: String
      let env = ["TERM": "xterm-256color"]
    }
    self.level = level
    size = (width, height)
    rows = Array(repeating: "", count: max(0, height))
    lines = try Self.json(Header(width: width, height: height, title: title.harmlessLine)) + "\n"
  }

  /// Adds what is shown from `seconds` after the start on; a frame like the one before is left out, and time never runs
  /// backwards.
  ///
  /// - Throws: an `EncodingError` where the frame cannot be written.
  public mutating func add(_ frame: Frame, at seconds: Double) throws {
    guard frame != last else { return }
    latest = max(latest, seconds)
    var text = ""
    if size != (frame.width, frame.height) {
      size = (frame.width, frame.height)
      try add("r", "\(frame.width)x\(frame.height)")
      last = nil
    }
    // A screen begins empty, and a new size begins a new one.
    if last == nil {
      text = "\u{1B}[2J"
      rows = Array(repeating: "", count: frame.height)
    }
    let lines = frame.ansi(level: level).split(separator: "\n", omittingEmptySubsequences: false)
    for (row, line) in lines.prefix(frame.height).enumerated() where rows[row] != line {
      // Emptied before it is written: behind the last column there is no place to do so from.
      text += "\u{1B}[\(row + 1);1H\u{1B}[K\(line)"
      rows[row] = line
    }
    text += frame.cursor.map { "\u{1B}[\($0.row + 1);\($0.column + 1)H\u{1B}[?25h" } ?? "\u{1B}[?25l"
    try add("o", text)
    last = frame
  }

  /// Lets the last frame stand until `seconds`.
  ///
  /// - Throws: an `EncodingError`.
  public mutating func end(at seconds: Double) throws {
    guard last != nil, seconds > latest else { return }
    latest = seconds
    // Nothing changes by it, but players stop at the last event.
    try add("o", "\u{1B}[0m")
  }

  /// The lines since this was last called, each ended: to be appended to a file.
  public mutating func takeLines() -> String {
    defer { lines = "" }
    return lines
  }

  /// The recording as a file, where no lines have been taken.
  public var asciicast: String { lines }

  private mutating func add(_ kind: String, _ text: String) throws {
    lines += "[\(NumberText.decimal(latest, decimals: 3)), \"\(kind)\", \(try Self.json(text))]\n"
  }

  private static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
