import Canvas

/// What control sequences mean: the tables behind `InputDecoder`.
enum InputSequences {
  /// The meaning of a control sequence that means something here.
  enum Meaning: Hashable {
    case key(Key)
    case mouse(MouseEvent)
    case pasteBegins
    /// The answer to a request for the terminal's status.
    case allIsWell
    /// The ground has become another.
    case ground(Ground)
  }

  /// The key a final byte stands for, in `CSI` and `SS3` sequences alike.
  static func code(final: UInt8) -> Key.Code? {
    switch Unicode.Scalar(final) {
    case "A": .up
    case "B": .down
    case "C": .right
    case "D": .left
    case "H": .home
    case "F": .end
    case "P": .function(1)
    case "Q": .function(2)
    case "R": .function(3)
    case "S": .function(4)
    default: nil
    }
  }

  /// The key a number stands for in `CSI number ~`.
  static func code(number: Int) -> Key.Code? {
    switch number {
    case 1, 7: .home
    case 2: .insert
    case 3: .delete
    case 4, 8: .end
    case 5: .pageUp
    case 6: .pageDown
    case 11...15: .function(number - 10)
    case 17...21: .function(number - 11)
    case 23...26: .function(number - 12)
    case 28, 29: .function(number - 13)
    case 31...34: .function(number - 14)
    default: nil
    }
  }

  /// The key of a control character.
  static func controlKey(_ byte: UInt8) -> Key {
    switch byte {
    case 0: Key(" ", modifiers: .control)
    case 8, 127: Key(.backspace)
    case 9: Key(.tab)
    case 10, 13: Key(.enter)
    case 27: Key(.escape)
    default: Key(Unicode.Scalar(byte < 27 ? byte + 96 : byte + 64), modifiers: .control)
    }
  }

  /// The modifiers behind the number terminals send: one more than a set of bits. Of xterm's and kitty's bits beyond the
  /// first three one is Meta or Super, as the terminal has it, and counts as Alt; the locks count as nothing.
  static func modifiers(_ number: Int) -> Key.Modifiers {
    guard (2...256).contains(number) else { return [] }
    var modifiers = Key.Modifiers(rawValue: UInt8(number - 1) & 7)
    if (number - 1) & 0b111000 != 0 { modifiers.insert(.alt) }
    return modifiers
  }

  /// What `CSI body final` means; nil if nothing.
  static func meaning(of body: ArraySlice<UInt8>, final: UInt8) -> Meaning? {
    if body.first == UInt8(ascii: "<") {
      guard let values = numbers(body.dropFirst()), values.count == 3 else { return nil }
      let released = final == UInt8(ascii: "m")
      guard released || final == UInt8(ascii: "M") else { return nil }
      return mouse(flags: values[0], column: values[1], row: values[2], released: released).map(Meaning.mouse)
    }
    if body.first == UInt8(ascii: "?") {
      guard final == UInt8(ascii: "n"), let values = numbers(body.dropFirst()), values.count == 2, values[0] == 997
      else { return nil }
      return values[1] == 1 ? .ground(.dark) : values[1] == 2 ? .ground(.light) : nil
    }
    guard let values = numbers(body) else { return nil }
    switch Unicode.Scalar(final) {
    case "n": return values == [0] ? .allIsWell : nil
    case "M":  // urxvt's mouse
      guard values.count == 3 else { return nil }
      let flags = values[0] - 32
      return mouse(flags: flags, column: values[1], row: values[2], released: flags & 3 == 3).map(Meaning.mouse)
    default: return key(values, events: eventTypes(body), final: Unicode.Scalar(final))
    }
  }

  private static func key(_ values: [Int], events: [Int], final: Unicode.Scalar) -> Meaning? {
    // kitty's third kind of event is the key let go.
    guard events.count < 2 || events[1] != 3 else { return nil }
    let number = values.count > 1 ? values[1] : 1
    guard (1...256).contains(number) else { return nil }
    let modified = modifiers(number)
    switch final {
    case "u":
      guard values.count <= 3 else { return nil }
      return values.first.flatMap { character($0, modified, capsLock: (number - 1) & 64 != 0) }
    case "~":
      if values == [200] { return .pasteBegins }
      if values.first == 27, values.count == 3 { return character(values[2], modified, capsLock: false) }
      guard values.count <= 2, let number = values.first, let code = code(number: number) else { return nil }
      return .key(Key(code, modifiers: modified))
    default: break
    }
    // A key's number is 1 where a letter names the key: with any other this is a report, such as one of the cursor.
    guard values.count <= 2, values.first ?? 1 == 1 else { return nil }
    switch final {
    case "Z": return .key(Key(.backTab, modifiers: modified))
    case "a", "b", "c", "d":  // rxvt
      guard values.isEmpty, let code = code(final: UInt8(ascii: final) - 32) else { return nil }
      return .key(Key(code, modifiers: .shift))
    default:
      guard let ascii = UInt8(exactly: final.value), let code = code(final: ascii) else { return nil }
      return .key(Key(code, modifiers: modified))
    }
  }

  /// The key `SS3 parameters final` means; nil if none.
  static func applicationKey(parameters: ArraySlice<UInt8>, final: UInt8) -> Key? {
    guard let values = numbers(parameters), values.count <= 2 else { return nil }
    // `SS3 5 A` and `SS3 1 ; 5 A` are both to be met.
    let modified = modifiers(values.last ?? 1)
    if let code = code(final: final) { return Key(code, modifiers: modified) }
    switch final {
    case UInt8(ascii: "a")...UInt8(ascii: "d"):  // rxvt
      return code(final: final - 32).map { Key($0, modifiers: .control) }
    case UInt8(ascii: "M"): return Key(.enter, modifiers: modified)
    case UInt8(ascii: "I"): return Key(.tab, modifiers: modified)
    case UInt8(ascii: "X"): return Key("=", modifiers: modified)
    case UInt8(ascii: "j")...UInt8(ascii: "y"):  // the numeric pad: * + , - . / 0 … 9
      return Key(.character(Unicode.Scalar(final - 64)), modifiers: modified)
    default: return nil
    }
  }

  private static func character(_ value: Int, _ modifiers: Key.Modifiers, capsLock: Bool) -> Meaning? {
    guard let scalar = UInt32(exactly: value).flatMap(Unicode.Scalar.init) else { return nil }
    switch value {
    case 9: return .key(Key(.tab, modifiers: modifiers))
    case 13: return .key(Key(.enter, modifiers: modifiers))
    case 27: return .key(Key(.escape, modifiers: modifiers))
    case 8, 127: return .key(Key(.backspace, modifiers: modifiers))
    case 57399...57426: return numericPad[value - 57399].map { .key(Key($0, modifiers: modifiers)) }
    case 57376...57387: return .key(Key(.function(value - 57363), modifiers: modifiers))
    case 0..<32, 128..<160, 57344...63743: return nil  // controls; kitty's other names for keys not used here
    case 97...122 where capsLock: return .key(Key(scalar, modifiers: modifiers.symmetricDifference(.shift)))
    default: return .key(Key(scalar, modifiers: modifiers))
    }
  }

  /// kitty's numeric pad, in the order of its numbers from 57399.
  private static let numericPad: [Key.Code?] =
    "0123456789./*-+".unicodeScalars.map { .character($0) } + [
      .enter, .character("="), .character(","), .left, .right, .up, .down, .pageUp, .pageDown, .home, .end, .insert,
      .delete,
    ]

  /// What follows the first colon of each parameter: kitty's kind of event; 1 where nothing does.
  private static func eventTypes(_ body: ArraySlice<UInt8>) -> [Int] {
    guard body.contains(UInt8(ascii: ":")) else { return [] }
    return body.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map { field in
      let parts = field.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
      return parts.count > 1 ? Int(String(decoding: parts[1], as: UTF8.self)) ?? 1 : 1
    }
  }

  /// The numbers of a parameter list; nil where it holds anything else. An empty number is 1, as most are by default.
  private static func numbers(_ body: ArraySlice<UInt8>) -> [Int]? {
    if body.isEmpty { return [] }
    var values: [Int] = []
    for field in body.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false) {
      // Sub-parameters (after a colon) refine what is not asked for here.
      let digits = field.prefix { $0 != UInt8(ascii: ":") }
      guard digits.count <= 7, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
      values.append(digits.isEmpty ? 1 : digits.reduce(0) { $0 * 10 + Int($1 - 0x30) })
    }
    return values
  }

  /// A mouse report: button and modifiers in `flags`, the position counted from 1.
  static func mouse(flags: Int, column: Int, row: Int, released: Bool) -> MouseEvent? {
    guard flags >= 0, column >= 1, row >= 1 else { return nil }
    var modifiers: Key.Modifiers = []
    if flags & 4 != 0 { modifiers.insert(.shift) }
    if flags & 8 != 0 { modifiers.insert(.alt) }
    if flags & 16 != 0 { modifiers.insert(.control) }
    var button: MouseEvent.Button = [.left, .middle, .right, .none][flags & 3]
    let action: MouseEvent.Action
    switch (flags & 64 != 0, flags & 32 != 0) {
    case (true, _):
      action = [.wheelUp, .wheelDown, .wheelLeft, .wheelRight][flags & 3]
      button = .none
    case (_, true): action = flags & 3 == 3 ? .move : .drag
    default: action = released ? .release : .press
    }
    return MouseEvent(action, button: button, column: column - 1, row: row - 1, modifiers: modifiers)
  }
}
