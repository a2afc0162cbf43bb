import Canvas

/// Turns the bytes a terminal sends into keys, pastes and mouse events. Pure: it reads no clock and no descriptor.
///
/// It understands the sequences of xterm and its many descendants, those of the Linux console and rxvt, the keyboard
/// protocols `CSI u` (kitty's too) and `modifyOtherKeys`, and whatever further sequences the terminal's description names.
/// Every other control function of ECMA-48 (5th edition, 1991) is swallowed whole, in its 7-bit form and in its 8-bit form
/// raw or in UTF-8: control sequences of any length, the strings DCS, OSC, SOS, PM and APC to their ST or BEL, SS2 and SS3
/// with what they shift, escape sequences with intermediate bytes. A stray report never acts as keys, wherever a slow line
/// cuts it: the state is kept from byte to byte, and only an escape byte alone, with nothing after it for a while, is the
/// Escape key. So Alt with one of `[ ] O N P X ^ _ \` or with a character from space to `/` is no key here.
struct InputDecoder {
  /// Sequences the terminal's description gives for keys.
  private let sequences: [[UInt8]: Key]
  private let prefixes: Set<[UInt8]>
  private var state = State.ground
  /// The bytes of the sequence under way, its escape included, as many as could mean something.
  private var pending: [UInt8] = []
  /// Whether one more escape went before the sequence: how some terminals say Alt.
  private var hasAlt = false
  private var events: [TerminalEvent] = []
  private var nextEvent = 0
  private var paste: [UInt8] = []
  /// Whether an escape byte alone has just been taken for the Escape key.
  private var escapeWasForced = false
  /// How often the terminal has said that all is well since `takeAnswers`.
  private var answers = 0
  private var ground: Ground?

  /// Longer pastes lose their end: nothing in this program takes more.
  static let longestPaste = 1 << 20
  /// What is longer means nothing here, and is only counted off.
  private static let longestSequence = 128
  private static let pasteEnd: [UInt8] = Array("\u{1B}[201~".utf8)
  private static let escape: UInt8 = 0x1B

  private enum State: Equatable {
    case ground
    /// In a character of more bytes: how many are missing.
    case character(missing: Int)
    case escape
    /// After escape and bytes of 0x20 to 0x2F.
    case escapeIntermediate
    case controlSequence
    /// After `CSI [`: a function key of the Linux console, unless this was all.
    case consoleKey
    /// After SS3, with the parameter some terminals put there.
    case singleShift3
    case singleShift2
    /// In a mouse report of the oldest form: how many bytes are missing.
    case mouse(missing: Int)
    /// In a string: how many bytes of a character are missing, and whether the last byte was an escape.
    case string(missing: Int, afterEscape: Bool)
    case paste
  }

  /// What is held, and what its absence for a while would mean.
  enum Waiting { case nothing, escape, sequence, paste }

  /// A decoder that also knows the given sequences.
  init(sequences: [[UInt8]: Key] = [:]) {
    self.sequences = sequences
    var prefixes: Set<[UInt8]> = []
    for sequence in sequences.keys {
      for length in 1..<max(1, sequence.count) { prefixes.insert(Array(sequence.prefix(length))) }
    }
    self.prefixes = prefixes
  }

  /// What bytes are held for that only later bytes, or their absence, can explain.
  var waiting: Waiting {
    switch state {
    case .ground: .nothing
    case .escape: .escape
    case .paste: .paste
    default: .sequence
    }
  }

  /// Takes bytes in.
  mutating func feed(_ chunk: some Collection<UInt8>) {
    // An escape byte that a slow line cut off its sequence has acted as Escape already; the rest must not act as well.
    if escapeWasForced, !chunk.isEmpty {
      escapeWasForced = false
      if Self.isTail(Array(chunk)) {
        pending = [Self.escape]
        state = .escape
      }
    }
    for byte in chunk { take(byte) }
  }

  /// Whether bytes that came at once are the rest of a sequence whose escape went before: nobody types so fast.
  private static func isTail(_ bytes: [UInt8]) -> Bool {
    guard bytes.count > 1 else { return false }
    switch bytes[0] {
    case UInt8(ascii: "["):
      let body = bytes.dropFirst().drop { (0x20...0x3F).contains($0) }
      return body.first.map { (0x40...0x7E).contains($0) } ?? false
    case UInt8(ascii: "O"): return bytes.count == 2
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"):
      return bytes.contains(7) || zip(bytes, bytes.dropFirst()).contains { $0 == escape && $1 == UInt8(ascii: "\\") }
    default: return false
    }
  }

  /// The next complete event, or nil when more bytes are needed. With `forcing`, what is incomplete is taken as it
  /// stands, because nothing followed: an escape byte alone is the Escape key, a paste without an end has ended, and of
  /// anything else the rest is not coming.
  mutating func next(forcing: Bool = false) -> TerminalEvent? {
    if forcing, nextEvent == events.count { force() }
    guard nextEvent < events.count else { return nil }
    defer {
      nextEvent += 1
      if nextEvent == events.count {
        events.removeAll(keepingCapacity: true)
        nextEvent = 0
      }
    }
    return events[nextEvent]
  }

  /// How many answers to requests for its status the terminal has sent since this was asked.
  mutating func takeAnswers() -> Int {
    defer { answers = 0 }
    return answers
  }

  /// The ground the terminal has told since this was asked.
  mutating func takeGround() -> Ground? {
    defer { ground = nil }
    return ground
  }

  // MARK: - States

  private mutating func force() {
    switch state {
    case .ground: return
    case .escape:
      if hasAlt { events.append(.key(Key(.escape))) }
      events.append(.key(Key(.escape)))
      escapeWasForced = true
    case .paste: endPaste(complete: false)
    default:
      if let key = sequences[pending] { events.append(.key(key)) }
    }
    finish()
  }

  /// Back to where a byte is a key.
  private mutating func finish() {
    state = .ground
    pending.removeAll(keepingCapacity: true)
    hasAlt = false
  }

  private mutating func emit(_ key: Key) {
    events.append(.key(hasAlt ? Key(key.code, modifiers: key.modifiers.union(.alt)) : key))
    finish()
  }

  private mutating func take(_ byte: UInt8) {
    if state == .paste { return takeInPaste(byte) }
    if state != .ground, case .string = state {} else if state != .ground, takeDescribed(byte) { return }
    switch state {
    case .ground: takeInGround(byte)
    case .character(let missing): takeInCharacter(byte, missing)
    case .escape: takeAfterEscape(byte)
    case .escapeIntermediate:
      if (0x20...0x2F).contains(byte) { return }
      endSequence(with: byte, final: 0x30...0x7E)
    case .controlSequence: takeInControlSequence(byte)
    case .consoleKey:
      if (UInt8(ascii: "A")...UInt8(ascii: "E")).contains(byte) {
        emit(Key(.function(Int(byte) - 64)))
      } else {
        again(byte)
      }
    case .singleShift3: takeAfterSingleShift3(byte)
    case .singleShift2: endSequence(with: byte, final: 0x20...0x7E)
    case .mouse(let missing): takeInMouse(byte, missing)
    case .string(let missing, let afterEscape): takeInString(byte, missing, afterEscape: afterEscape)
    case .paste: break
    }
  }

  /// The sequence has ended without this byte, which stands on its own.
  private mutating func again(_ byte: UInt8) {
    finish()
    takeInGround(byte)
  }

  /// Ends a sequence that means nothing here with its final byte, or without, where the byte cannot be one.
  private mutating func endSequence(with byte: UInt8, final: ClosedRange<UInt8>) {
    if final.contains(byte) { finish() } else { again(byte) }
  }

  /// Looks for the bytes so far among what the terminal's description names; whether they are a key.
  private mutating func takeDescribed(_ byte: UInt8) -> Bool {
    guard !sequences.isEmpty, pending.count < Self.longestSequence, pending.first == Self.escape else { return false }
    let candidate = pending + [byte]
    guard let key = sequences[candidate], !prefixes.contains(candidate) else { return false }
    emit(key)
    return true
  }

  private mutating func takeInGround(_ byte: UInt8) {
    switch byte {
    case Self.escape: begin(.escape, byte)
    case ..<0x20, 0x7F: events.append(.key(InputSequences.controlKey(byte)))
    case ..<0x80: emit(Key(Unicode.Scalar(byte)))
    case 0x80...0x9F: takeControl(byte)
    case 0xC2...0xDF: begin(.character(missing: 1), byte)
    case 0xE0...0xEF: begin(.character(missing: 2), byte)
    case 0xF0...0xF4: begin(.character(missing: 3), byte)
    default: finish()  // no character of UTF-8 begins so
    }
  }

  private mutating func begin(_ next: State, _ byte: UInt8) {
    state = next
    pending.append(byte)
  }

  /// A control function of the C1 set, by its 8-bit code.
  private mutating func takeControl(_ code: UInt8) {
    let alt = hasAlt
    finish()
    hasAlt = alt
    // As its 7-bit form from here on, so that what follows is read alike.
    pending = [Self.escape, code - 0x40]
    switch code {
    case 0x9B: state = .controlSequence
    case 0x8F: state = .singleShift3
    case 0x8E: state = .singleShift2
    case 0x90, 0x98, 0x9D, 0x9E, 0x9F: state = .string(missing: 0, afterEscape: false)
    default: finish()
    }
  }

  private mutating func takeInCharacter(_ byte: UInt8, _ missing: Int) {
    guard byte & 0xC0 == 0x80 else { return again(byte) }
    pending.append(byte)
    guard missing == 1 else {
      state = .character(missing: missing - 1)
      return
    }
    var decoder = UTF8()
    var iterator = pending.drop { $0 == Self.escape }.makeIterator()
    guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return finish() }
    if (0x80..<0xA0).contains(scalar.value) { takeControl(UInt8(scalar.value)) } else { emit(Key(scalar)) }
  }

  private mutating func takeAfterEscape(_ byte: UInt8) {
    switch byte {
    case Self.escape:
      // Two in a row go before a sequence with Alt; of more the first are keys.
      if hasAlt { events.append(.key(Key(.escape))) }
      hasAlt = true
      pending = [byte]
    case UInt8(ascii: "["), UInt8(ascii: "O"), UInt8(ascii: "N"), UInt8(ascii: "P"), UInt8(ascii: "X"),
      UInt8(ascii: "]"), UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "\\"):
      takeControl(byte + 0x40)
    case 0x20...0x2F: begin(.escapeIntermediate, byte)
    case ..<0x20, 0x7F:
      let key = InputSequences.controlKey(byte)
      emit(Key(key.code, modifiers: key.modifiers.union(.alt)))
    case ..<0x80: emit(Key(Unicode.Scalar(byte), modifiers: .alt))
    default:
      // Alt with a character of several bytes.
      hasAlt = true
      takeInGround(byte)
    }
  }

  private mutating func takeInControlSequence(_ byte: UInt8) {
    switch byte {
    case 0x20...0x3F:
      if pending.count < Self.longestSequence { pending.append(byte) }
    case UInt8(ascii: "[") where pending.count == 2: begin(.consoleKey, byte)
    case UInt8(ascii: "M") where pending.count == 2:
      pending = []
      state = .mouse(missing: 3)
    case 0x40...0x7E: endControlSequence(byte)
    default: again(byte)
    }
  }

  private mutating func endControlSequence(_ final: UInt8) {
    let body = pending.dropFirst(2)
    guard pending.count < Self.longestSequence,
      let meaning = InputSequences.meaning(of: body, final: final)
    else { return finish() }
    switch meaning {
    case .key(let key): emit(key)
    case .mouse(let mouse):
      events.append(.mouse(mouse))
      finish()
    case .pasteBegins:
      finish()
      state = .paste
    case .allIsWell:
      answers += 1
      finish()
    case .ground(let told):
      ground = told
      finish()
    }
  }

  /// SS3: arrows and function keys in application mode, and the numeric pad.
  private mutating func takeAfterSingleShift3(_ byte: UInt8) {
    switch byte {
    case 0x30...0x3F:
      if pending.count < Self.longestSequence { pending.append(byte) }
    case 0x21...0x7E:
      guard let key = InputSequences.applicationKey(parameters: pending.dropFirst(2), final: byte) else {
        return finish()
      }
      emit(key)
    default: again(byte)
    }
  }

  /// A mouse report of the oldest form: three bytes, 32 more than button, column and row.
  private mutating func takeInMouse(_ byte: UInt8, _ missing: Int) {
    guard byte >= 0x20 else { return again(byte) }
    pending.append(byte)
    guard missing == 1 else {
      state = .mouse(missing: missing - 1)
      return
    }
    let report = pending.map { Int($0) - 32 }
    let mouse = InputSequences.mouse(
      flags: report[0], column: report[1], row: report[2], released: report[0] & 3 == 3)
    if let mouse { events.append(.mouse(mouse)) }
    finish()
  }

  /// In a string. It ends with ST, of one byte or two, with BEL, or where CAN, SUB or another escape sequence cuts it off.
  private mutating func takeInString(_ byte: UInt8, _ missing: Int, afterEscape: Bool) {
    if afterEscape {
      if byte == UInt8(ascii: "\\") { return endString() }
      finish()
      begin(.escape, Self.escape)
      return take(byte)
    }
    // Within a character 0x9C is a part of it: of Ü, for example.
    if missing > 0, byte & 0xC0 == 0x80 {
      if missing == 1, byte == 0x9C, pending.last == 0xC2 { return endString() }
      state = .string(missing: missing - 1, afterEscape: false)
    } else {
      switch byte {
      case 0x07, 0x9C: return endString()
      case 0x18, 0x1A: return finish()
      case Self.escape:
        state = .string(missing: 0, afterEscape: true)
        return
      case 0xC2...0xDF: state = .string(missing: 1, afterEscape: false)
      case 0xE0...0xEF: state = .string(missing: 2, afterEscape: false)
      case 0xF0...0xF4: state = .string(missing: 3, afterEscape: false)
      default: state = .string(missing: 0, afterEscape: false)
      }
    }
    if pending.count < Self.longestSequence { pending.append(byte) } else { pending[pending.count - 1] = byte }
  }

  private mutating func endString() {
    if pending.count < Self.longestSequence, pending.count > 2, pending[1] == UInt8(ascii: "]"),
      let told = TerminalGround.answer(pending.dropFirst(2))
    {
      ground = told
    }
    finish()
  }

  // MARK: - Paste

  private mutating func takeInPaste(_ byte: UInt8) {
    paste.append(byte)
    if byte == UInt8(ascii: "~"), paste.count >= Self.pasteEnd.count,
      paste.suffix(Self.pasteEnd.count) == Self.pasteEnd[...]
    {
      endPaste(complete: true)
    } else if paste.count > Self.longestPaste + Self.pasteEnd.count {
      // Of what is too long only a possible beginning of the end mark is kept.
      paste.remove(at: Self.longestPaste)
    }
  }

  private mutating func endPaste(complete: Bool) {
    let text = complete ? paste.dropLast(Self.pasteEnd.count) : paste[...]
    events.append(.paste(String(decoding: text.prefix(Self.longestPaste), as: UTF8.self)))
    paste = []
    finish()
  }
}
