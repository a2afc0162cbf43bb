/// Turns the bytes a terminal sends into keys, pastes and mouse events. Pure: it reads no clock and no descriptor.
///
/// It understands the sequences of xterm and its many descendants, those of the Linux console and rxvt, the `CSI u` and
/// `modifyOtherKeys` forms, and whatever further sequences the terminal's description names. Anything else is
/// swallowed whole, so that a stray report never acts as keys.
struct InputDecoder {
  /// Sequences the terminal's description gives for keys.
  private let sequences: [[UInt8]: Key]
  private let prefixes: Set<[UInt8]>
  private var bytes: [UInt8] = []
  private var start = 0
  private var paste: [UInt8]?
  /// How often the terminal has said that all is well since `takeAnswers`.
  private var answers = 0

  /// Longer pastes lose their end: nothing in this program takes more.
  static let longestPaste = 1 << 20
  private static let longestSequence = 64
  private static let pasteEnd: [UInt8] = Array("\u{1B}[201~".utf8)

  /// A decoder that also knows the given sequences.
  init(sequences: [[UInt8]: Key] = [:]) {
    self.sequences = sequences
    var prefixes: Set<[UInt8]> = []
    for sequence in sequences.keys {
      for length in 1..<max(1, sequence.count) { prefixes.insert(Array(sequence.prefix(length))) }
    }
    self.prefixes = prefixes
  }

  /// Whether bytes are held that only later bytes, or their absence for a while, can explain.
  var isWaiting: Bool { start < bytes.count || paste != nil }
  /// Whether a paste has begun and not ended.
  var isPasting: Bool { paste != nil }

  /// Takes bytes in.
  mutating func feed(_ chunk: some Collection<UInt8>) {
    if start > 0 {
      bytes.removeFirst(start)
      start = 0
    }
    bytes.append(contentsOf: chunk)
  }

  /// The next complete event, or nil when more bytes are needed. With `forcing`, what is incomplete is taken as it
  /// stands, because nothing followed: an escape byte alone is the Escape key, and a paste without an end has ended.
  mutating func next(forcing: Bool = false) -> TerminalEvent? {
    while true {
      if paste != nil {
        guard let text = takePaste(forcing: forcing) else { return nil }
        return .paste(text)
      }
      switch parse(from: start, forcing: forcing) {
      case .nothing: return nil
      case .event(let event, let length):
        start += length
        return event
      case .ignored(let length): start += length
      case .answer(let length):
        start += length
        answers += 1
      case .pasteBegins(let length):
        start += length
        paste = []
      }
    }
  }

  /// How many answers to requests for its status the terminal has sent since this was asked.
  mutating func takeAnswers() -> Int {
    defer { answers = 0 }
    return answers
  }

  // MARK: - Paste

  private mutating func takePaste(forcing: Bool) -> String? {
    var found: Int?
    if bytes.count - start >= Self.pasteEnd.count {
      for index in start...(bytes.count - Self.pasteEnd.count)
      where bytes[index] == 0x1B && bytes[index..<(index + Self.pasteEnd.count)].elementsEqual(Self.pasteEnd) {
        found = index
        break
      }
    }
    // The end mark may arrive in two pieces: its possible beginning stays.
    let end = found ?? (forcing ? bytes.count : max(start, bytes.count - Self.pasteEnd.count + 1))
    let room = Self.longestPaste - (paste?.count ?? 0)
    paste?.append(contentsOf: bytes[start..<end].prefix(max(0, room)))
    start = end
    guard found != nil || forcing, let collected = paste else { return nil }
    if found != nil { start += Self.pasteEnd.count }
    paste = nil
    return String(decoding: collected, as: UTF8.self)
  }

  // MARK: - Sequences

  private enum Parsed {
    case nothing
    case event(TerminalEvent, length: Int)
    case ignored(length: Int)
    case answer(length: Int)
    case pasteBegins(length: Int)

    static func key(_ code: Key.Code, _ modifiers: Key.Modifiers = [], length: Int) -> Parsed {
      .event(.key(Key(code, modifiers: modifiers)), length: length)
    }
  }

  private func parse(from index: Int, forcing: Bool) -> Parsed {
    guard index < bytes.count else { return .nothing }
    let first = bytes[index]
    if first == 0x1B { return parseEscape(from: index, forcing: forcing) }
    if first < 0x20 || first == 0x7F { return .event(.key(Self.controlKey(first)), length: 1) }
    return parseCharacter(from: index, forcing: forcing)
  }

  private static func controlKey(_ byte: UInt8) -> Key {
    switch byte {
    case 0: Key(" ", modifiers: .control)
    case 8, 127: Key(.backspace)
    case 9: Key(.tab)
    case 10, 13: Key(.enter)
    case 27: Key(.escape)
    default: Key(Unicode.Scalar(byte < 27 ? byte + 96 : byte + 64), modifiers: .control)
    }
  }

  private func parseCharacter(from index: Int, forcing: Bool) -> Parsed {
    let length =
      switch bytes[index] {
      case ..<0x80: 1
      case 0xC2...0xDF: 2
      case 0xE0...0xEF: 3
      case 0xF0...0xF4: 4
      default: 0
      }
    if length == 0 { return .ignored(length: 1) }
    let available = bytes[index..<min(index + length, bytes.count)]
    if available.dropFirst().contains(where: { $0 & 0xC0 != 0x80 }) { return .ignored(length: 1) }
    if available.count < length { return forcing ? .ignored(length: available.count) : .nothing }
    var decoder = UTF8()
    var iterator = available.makeIterator()
    guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return .ignored(length: 1) }
    if (0x80..<0xA0).contains(scalar.value) { return .ignored(length: length) }
    return .event(.key(Key(scalar)), length: length)
  }

  private func parseEscape(from index: Int, forcing: Bool) -> Parsed {
    let incomplete: Parsed = forcing ? .key(.escape, length: 1) : .nothing
    guard index + 1 < bytes.count else { return incomplete }
    if let described = parseDescribed(from: index, forcing: forcing) { return described }
    switch bytes[index + 1] {
    case UInt8(ascii: "["): return parseControlSequence(from: index, forcing: forcing)
    case UInt8(ascii: "O"): return parseApplicationKey(from: index, forcing: forcing)
    default: break
    }
    // Escape before a key is how terminals say Alt.
    switch parse(from: index + 1, forcing: forcing) {
    case .nothing: return .nothing
    case .event(.key(let key), let length) where key.code != .escape:
      return .key(key.code, key.modifiers.union(.alt), length: length + 1)
    default: return .key(.escape, length: 1)
    }
  }

  /// Looks the longest match up in what the terminal's description names.
  private func parseDescribed(from index: Int, forcing: Bool) -> Parsed? {
    var best: (key: Key, length: Int)?
    var length = 2
    while index + length <= bytes.count {
      let candidate = Array(bytes[index..<(index + length)])
      if let key = sequences[candidate] { best = (key, length) }
      guard prefixes.contains(candidate) else { break }
      length += 1
    }
    let couldGrow = index + length > bytes.count && prefixes.contains(Array(bytes[index...]))
    if couldGrow && !forcing { return .nothing }
    return best.map { .event(.key($0.key), length: $0.length) }
  }

  /// SS3: arrows and function keys in application mode, and the numeric pad.
  private func parseApplicationKey(from index: Int, forcing: Bool) -> Parsed {
    guard index + 2 < bytes.count else {
      return forcing ? .key(.character("O"), .alt, length: 2) : .nothing
    }
    let final = bytes[index + 2]
    if let code = InputSequences.code(final: final) { return .key(code, length: 3) }
    switch final {
    case UInt8(ascii: "a")...UInt8(ascii: "d"):  // rxvt
      return .key(InputSequences.code(final: final - 32) ?? .escape, .control, length: 3)
    case UInt8(ascii: "M"): return .key(.enter, length: 3)
    case UInt8(ascii: "j")...UInt8(ascii: "y"):  // the numeric pad: * + , - . / 0 … 9
      return .key(.character(Unicode.Scalar(final - 64)), length: 3)
    case 0x40...0x7E: return .ignored(length: 3)
    default: return .key(.character("O"), .alt, length: 2)
    }
  }

  private func parseControlSequence(from index: Int, forcing: Bool) -> Parsed {
    var position = index + 2
    if position < bytes.count, bytes[position] == UInt8(ascii: "[") { position += 1 }  // the Linux console's F1 to F5
    while position < bytes.count, (0x20...0x3F).contains(bytes[position]), position - index < Self.longestSequence {
      position += 1
    }
    guard position < bytes.count else {
      if !forcing { return .nothing }
      return position == index + 2 ? .key(.character("["), .alt, length: 2) : .ignored(length: position - index)
    }
    guard (0x40...0x7E).contains(bytes[position]) else { return .ignored(length: position - index) }
    let body = bytes[(index + 2)..<position]
    let length = position + 1 - index
    if bytes[position] == UInt8(ascii: "M"), body.isEmpty {
      // A mouse report in the oldest form: three bytes follow.
      if position + 3 >= bytes.count { return forcing ? .ignored(length: bytes.count - index) : .nothing }
      let report = bytes[(position + 1)...(position + 3)].map { Int($0) - 32 }
      let mouse = InputSequences.mouse(
        flags: report[0], column: report[1], row: report[2], released: report[0] & 3 == 3)
      return mouse.map { .event(.mouse($0), length: length + 3) } ?? .ignored(length: length + 3)
    }
    if bytes[position] == UInt8(ascii: "n"), body.elementsEqual([UInt8(ascii: "0")]) { return .answer(length: length) }
    return switch InputSequences.meaning(of: body, final: bytes[position]) {
    case .key(let key): .event(.key(key), length: length)
    case .mouse(let mouse): .event(.mouse(mouse), length: length)
    case .pasteBegins: .pasteBegins(length: length)
    case nil: .ignored(length: length)
    }
  }
}
