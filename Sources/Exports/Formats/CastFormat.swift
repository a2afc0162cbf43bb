import Canvas
import FoundationEssentials

extension ExportFormat {
  /// What a terminal was sent, and when, as asciinema plays it.
  public static let cast = ExportFormat(name: "cast", summary: "a session for asciinema", forms: [.recording]) {
    try $0.recording.map { Array(try $0().asciicast().utf8) }
  }
}

/// Frames a terminal showed, each with its time.
public struct TerminalRecording: Sendable {
  /// The largest size of a frame, in cells.
  public private(set) var width = 0
  public private(set) var height = 0
  /// What the session was.
  public var title: String
  private let level: ColorLevel
  private var events: [(seconds: Double, text: String)] = []
  private var last: Frame?

  /// An empty recording with colours of `level`.
  public init(title: String, level: ColorLevel) {
    self.title = title
    self.level = level
  }

  /// Adds what is shown from `seconds` after the start on; a frame like the one before is left out.
  public mutating func add(_ frame: Frame, at seconds: Double) {
    guard frame != last else { return }
    let isResized = last.map { $0.width != frame.width || $0.height != frame.height } ?? true
    width = max(width, frame.width)
    height = max(height, frame.height)
    // From the upper left corner, without a scroll at the end; a new size begins on an empty screen.
    var lines = frame.ansi(level: level).split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    let text =
      (isResized ? "\u{1B}[2J" : "") + "\u{1B}[H\u{1B}[?25l" + lines.joined(separator: "\u{1B}[K\r\n") + "\u{1B}[K"
    events.append((max(events.last?.seconds ?? 0, seconds), text))
    last = frame
  }

  /// Lets the last frame stand until `seconds`.
  public mutating func end(at seconds: Double) {
    // Nothing changes by it, but players stop at the last event.
    if let last = events.last, seconds > last.seconds { events.append((seconds, "\u{1B}[?25l")) }
  }

  /// The recording as an asciicast file, version 2: a header, then an event a line.
  ///
  /// Throws an `EncodingError` where a time is not finite.
  public func asciicast() throws -> String {
    struct Header: Encodable {
      let version = 2
      let width: Int
      let height: Int
      let title: String
      let env = ["TERM": "xterm-256color"]
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    func line(_ value: some Encodable) throws -> String { String(decoding: try encoder.encode(value), as: UTF8.self) }
    var text = try line(Header(width: width, height: height, title: title)) + "\n"
    for event in events {
      text += "[\(NumberText.decimal(event.seconds, decimals: 3)), \"o\", \(try line(event.text))]\n"
    }
    return text
  }
}
