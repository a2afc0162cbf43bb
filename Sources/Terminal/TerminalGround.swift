import Canvas

/// How a terminal's ground becomes known: a hint in the environment, an answer to a question, a report of a change.
enum TerminalGround {
  /// What is the colour of the ground? (xterm's control sequences, OSC 11.)
  static let question: [UInt8] = Array("\u{1B}]11;?\u{1B}\\".utf8)

  /// What `COLORFGBG` says: `foreground;background`, numbers of the palette, sometimes with `default` between them.
  static func hint(_ variable: String?) -> Ground? {
    guard let variable, variable.contains(";"), let last = variable.split(separator: ";").last,
      let number = UInt8(last), number < 16
    else { return nil }
    // As vim has it: 7 is the white of the eight, whatever a theme makes of it.
    return number < 7 || number == 8 ? .dark : .light
  }

  /// The ground an operating system command tells, `11;rgb:RRRR/GGGG/BBBB`; nil for any other.
  static func answer(_ command: some Collection<UInt8>) -> Ground? {
    let text = String(decoding: command, as: UTF8.self)
    guard text.hasPrefix("11;") else { return nil }
    return color(text.dropFirst(3)).map { Ground(of: $0) }
  }

  /// A colour as X names them: `rgb:` or `rgba:` with one to four hexadecimal digits each, or `#` with all of them.
  static func color(_ text: Substring) -> SIMD3<UInt8>? {
    let parts: [Substring]
    if text.hasPrefix("#") {
      let digits = text.dropFirst()
      guard digits.count % 3 == 0, (3...12).contains(digits.count) else { return nil }
      let count = digits.count / 3
      parts = (0..<3).map { digits.dropFirst($0 * count).prefix(count) }
    } else if let colon = text.firstIndex(of: ":"), text.hasPrefix("rgb") {
      parts = text[text.index(after: colon)...].split(separator: "/", omittingEmptySubsequences: false)
    } else {
      return nil
    }
    guard parts.count >= 3 else { return nil }
    var color = SIMD3<UInt8>()
    for (index, part) in parts.prefix(3).enumerated() {
      guard (1...4).contains(part.count), let value = UInt32(part, radix: 16) else { return nil }
      color[index] = UInt8(
        (value * 255 * 2 + ((1 << (4 * UInt32(part.count))) - 1)) / (2 * ((1 << (4 * UInt32(part.count))) - 1)))
    }
    return color
  }
}
