/// A terminal that keeps what a program writes: enough of xterm to know what a person would see.
public struct ScreenEmulator: CustomStringConvertible {
  /// The size in cells.
  public let width: Int
  public let height: Int
  /// The cursor's position, from 0.
  public private(set) var column = 0
  public private(set) var row = 0
  /// Private modes switched on and off (`CSI ? number h`), by number.
  public private(set) var modes: [Int: Bool] = [:]
  /// How often the whole screen was cleared.
  public private(set) var clearCount = 0
  /// Sequences this emulator does not know: a test that sees any cannot trust the screen.
  public private(set) var unknown: [String] = []
  /// Code points written to the screen that are not one column wide, or are controls.
  public private(set) var suspicious: Set<Unicode.Scalar> = []

  private struct Cell: Equatable {
    var glyph: Unicode.Scalar = " "
    var style = ""
  }
  private var cells: [Cell]
  private var style = ""
  private var wrapIsPending = false
  private var top = 0
  private var bottom: Int
  private var held: [UInt8] = []
  private var lastGlyph: Unicode.Scalar = " "

  /// A blank screen.
  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
    bottom = height - 1
    cells = Array(repeating: Cell(), count: width * height)
  }

  /// The text of the rows, without spaces at their ends.
  public var lines: [String] {
    (0..<height).map { row in
      var text = String.UnicodeScalarView(cells[(row * width)..<((row + 1) * width)].map(\.glyph))
      while text.last == " " { text.removeLast() }
      return String(text)
    }
  }

  public var description: String { lines.joined(separator: "\n") }

  /// Whether text and styles are those of another screen.
  public func hasPicture(of other: ScreenEmulator) -> Bool { picture == other.picture }

  /// Text and styles of everything, for comparison.
  private var picture: [String] {
    cells.map { "\($0.glyph)\($0.glyph == " " ? $0.style.replacingForegrounds : $0.style)" }
  }

  /// Whether a row holds the text.
  public func shows(_ text: String) -> Bool { lines.contains { $0.contains(text) } }

  /// Takes bytes in; incomplete sequences wait for their rest.
  public mutating func feed(_ bytes: some Collection<UInt8>) {
    held.append(contentsOf: bytes)
    var index = 0
    while index < held.count, let next = step(at: index) { index = next }
    held.removeFirst(index)
  }

  /// Handles what begins at an index; the index behind it, or nil if it is not complete.
  private mutating func step(at start: Int) -> Int? {
    switch held[start] {
    case 0x1B: return escape(at: start)
    case 0x0D:
      column = 0
      wrapIsPending = false
    case 0x0A: lineFeed()
    case 0x08: column = max(0, column - 1)
    case 0x09: column = min(width - 1, (column / 8 + 1) * 8)
    case 0x07, 0x00, 0x0E, 0x0F: break
    case 0x20..<0x7F: put(Unicode.Scalar(held[start]))
    case 0xC2...:
      let length = held[start] < 0xE0 ? 2 : held[start] < 0xF0 ? 3 : 4
      guard start + length <= held.count else { return nil }
      put(String(decoding: held[start..<(start + length)], as: UTF8.self).unicodeScalars.first ?? "?")
      return start + length
    default: suspicious.insert(Unicode.Scalar(held[start]))
    }
    return start + 1
  }

  private mutating func put(_ glyph: Unicode.Scalar) {
    if glyph.value >= 0x80, !Self.isOneColumn(glyph) { suspicious.insert(glyph) }
    if wrapIsPending, modes[7] ?? true {
      column = 0
      lineFeed()
    }
    cells[row * width + column] = Cell(glyph: glyph, style: style)
    lastGlyph = glyph
    wrapIsPending = column == width - 1
    column = min(width - 1, column + 1)
  }

  /// Blocks the program may draw with; a second opinion to the one in Canvas.
  private static func isOneColumn(_ glyph: Unicode.Scalar) -> Bool {
    switch glyph.value {
    case 0xA0..<0x300, 0x370..<0x530, 0x2010..<0x2060, 0x2070..<0x20A0, 0x2190..<0x2300, 0x2500..<0x2606,
      0x2800..<0x2900,
      0x1FB00..<0x1FB3C:
      glyph.value != 0xAD
    default: false
    }
  }

  private mutating func lineFeed() {
    wrapIsPending = false
    if row == bottom {
      cells.removeSubrange((top * width)..<((top + 1) * width))
      cells.insert(contentsOf: Array(repeating: Cell(), count: width), at: bottom * width)
    } else {
      row = min(height - 1, row + 1)
    }
  }

  // MARK: - Sequences

  private mutating func escape(at start: Int) -> Int? {
    guard start + 1 < held.count else { return nil }
    switch held[start + 1] {
    case UInt8(ascii: "["): break
    case UInt8(ascii: "("), UInt8(ascii: ")"): return start + 2 < held.count ? start + 3 : nil
    case UInt8(ascii: "]"):
      // A command ends with BEL, or with ST: escape and backslash.
      guard let end = held[(start + 2)...].firstIndex(where: { $0 == 7 || $0 == 0x1B }) else { return nil }
      if held[end] == 7 { return end + 1 }
      return end + 1 < held.count ? end + 2 : nil
    case UInt8(ascii: "="): modes[-1] = true
    case UInt8(ascii: ">"): modes[-1] = false
    case UInt8(ascii: "7"), UInt8(ascii: "8"): break
    case UInt8(ascii: "M"): row = max(0, row - 1)
    default: unknown.append("ESC \(Unicode.Scalar(held[start + 1]))")
    }
    if held[start + 1] != UInt8(ascii: "[") { return start + 2 }
    var end = start + 2
    while end < held.count, (0x20...0x3F).contains(held[end]) { end += 1 }
    guard end < held.count else { return nil }
    control(String(decoding: held[(start + 2)..<end], as: UTF8.self), final: Unicode.Scalar(held[end]))
    return end + 1
  }

  private mutating func control(_ body: String, final: Unicode.Scalar) {
    if body.hasPrefix("?") || body.hasPrefix(">") || body.hasPrefix("!") {
      if body.hasPrefix("?"), final == "h" || final == "l" {
        for number in body.dropFirst().split(separator: ";").compactMap({ Int($0) }) { modes[number] = final == "h" }
        if body == "?1049", final == "h" { erase(0..<cells.count) }
      }
      return
    }
    let numbers = body.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    let first = numbers.first ?? 0
    let count = max(1, first)
    if !"mK".contains(Character(final)) { wrapIsPending = false }
    switch final {
    case "m": select(body)
    case "H", "f": moveTo(column: (numbers.count > 1 ? max(1, numbers[1]) : 1) - 1, row: count - 1)
    case "A": moveTo(column: column, row: row - count)
    case "B": moveTo(column: column, row: row + count)
    case "C": moveTo(column: column + count, row: row)
    case "D": moveTo(column: column - count, row: row)
    case "G": moveTo(column: count - 1, row: row)
    case "d": moveTo(column: column, row: count - 1)
    case "J": eraseScreen(first)
    case "K": eraseLine(first)
    case "X": erase((row * width + column)..<(row * width + min(width, column + count)))
    case "P": shift(by: -count)
    case "@": shift(by: count)
    case "b": for _ in 0..<count { put(lastGlyph) }
    case "r":
      top = max(1, first) - 1
      bottom = (numbers.count > 1 && numbers[1] > 0 ? min(height, numbers[1]) : height) - 1
      moveTo(column: 0, row: 0)
    case "t", "h", "l": break
    case "n" where body == "5": break  // a question, which changes nothing
    default: unknown.append("CSI \(body)\(final)")
    }
  }

  private mutating func moveTo(column: Int, row: Int) {
    self.column = min(max(0, column), width - 1)
    self.row = min(max(0, row), height - 1)
  }

  private mutating func erase(_ range: Range<Int>) {
    let background = style.replacingForegrounds
    for index in range { cells[index] = Cell(glyph: " ", style: background) }
  }

  private mutating func eraseScreen(_ part: Int) {
    let here = row * width + column
    switch part {
    case 0: erase(here..<cells.count)
    case 1: erase(0..<min(cells.count, here + 1))
    default:
      clearCount += 1
      erase(0..<cells.count)
    }
  }

  private mutating func eraseLine(_ part: Int) {
    let start = row * width
    switch part {
    case 0: erase((start + column)..<(start + width))
    case 1: erase(start..<(start + column + 1))
    default: erase(start..<(start + width))
    }
  }

  private mutating func shift(by count: Int) {
    let (start, end) = (row * width + column, (row + 1) * width)
    let blank = Array(repeating: Cell(), count: min(abs(count), end - start))
    let old = Array(cells[start..<end])
    cells.replaceSubrange(
      start..<end,
      with: count > 0 ? blank + old.dropLast(blank.count) : Array(old.dropFirst(blank.count)) + blank)
  }

  /// Keeps the style in one canonical text: attributes, foreground, background.
  private mutating func select(_ body: String) {
    var parts = style.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    if parts.count != 3 { parts = ["", "", ""] }
    var numbers = body.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }[...]
    if numbers.isEmpty { numbers = [0] }
    while let number = numbers.popFirst() {
      switch number {
      case 0: parts = ["", "", ""]
      case 1, 2, 4, 7:
        if !parts[0].contains("\(number)") { parts[0] = String((parts[0] + "\(number)").sorted()) }
      case 22...27: parts[0] = parts[0].filter { $0 != Character("\(number - 20)") && !(number == 22 && $0 == "1") }
      case 30...37, 90...97: parts[1] = "\(number)"
      case 40...47, 100...107: parts[2] = "\(number)"
      case 38, 48:
        let length = numbers.first == 5 ? 2 : 4
        parts[number == 38 ? 1 : 2] = numbers.prefix(length).map(String.init).joined(separator: ";")
        numbers = numbers.dropFirst(length)
      case 39: parts[1] = ""
      case 49: parts[2] = ""
      default: unknown.append("SGR \(body)")
      }
    }
    style = parts == ["", "", ""] ? "" : parts.joined(separator: "|")
  }
}

extension String {
  /// A style without its foreground, which a space does not show unless reversed or underlined.
  fileprivate var replacingForegrounds: String {
    let parts = split(separator: "|", omittingEmptySubsequences: false)
    guard parts.count == 3, !parts[0].contains("4"), !parts[0].contains("7") else { return self }
    return parts[2].isEmpty ? "" : "||\(parts[2])"
  }
}
