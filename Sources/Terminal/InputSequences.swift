/// What control sequences mean: the tables behind `InputDecoder`.
enum InputSequences {
  /// The meaning of a control sequence that means something here.
  enum Meaning: Hashable {
    case key(Key)
    case mouse(MouseEvent)
    case pasteBegins
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

  /// The modifiers behind the number xterm sends: one more than a set of bits.
  static func modifiers(_ number: Int) -> Key.Modifiers {
    guard (2...16).contains(number) else { return [] }
    var modifiers = Key.Modifiers(rawValue: UInt8(number - 1) & 7)
    if (number - 1) & 8 != 0 { modifiers.insert(.alt) }  // Meta, where it is another key than Alt
    return modifiers
  }

  /// What `CSI body final` means; nil if nothing.
  static func meaning(of body: ArraySlice<UInt8>, final: UInt8) -> Meaning? {
    if body.first == UInt8(ascii: "["), body.count == 1 {
      return (UInt8(ascii: "A")...UInt8(ascii: "E")).contains(final)
        ? .key(Key(.function(Int(final) - 64))) : nil
    }
    if body.first == UInt8(ascii: "<") {
      guard let values = numbers(body.dropFirst()), values.count == 3 else { return nil }
      let released = final == UInt8(ascii: "m")
      guard released || final == UInt8(ascii: "M") else { return nil }
      return mouse(flags: values[0], column: values[1], row: values[2], released: released).map(Meaning.mouse)
    }
    guard let values = numbers(body) else { return nil }
    return key(values, final: Unicode.Scalar(final))
  }

  private static func key(_ values: [Int], final: Unicode.Scalar) -> Meaning? {
    let modified = modifiers(values.count > 1 ? values[1] : 1)
    switch final {
    case "Z": return .key(Key(.backTab, modifiers: modified))
    case "a", "b", "c", "d":  // rxvt
      guard let code = code(final: UInt8(ascii: final) - 32) else { return nil }
      return .key(Key(code, modifiers: .shift))
    case "u": return values.first.flatMap { character($0, modified) }
    case "~":
      if values.first == 200 { return .pasteBegins }
      if values.first == 27, values.count == 3 { return character(values[2], modified) }
      guard let number = values.first, let code = code(number: number) else { return nil }
      return .key(Key(code, modifiers: modified))
    default:
      guard let ascii = UInt8(exactly: final.value), let code = code(final: ascii) else { return nil }
      return .key(Key(code, modifiers: modified))
    }
  }

  private static func character(_ value: Int, _ modifiers: Key.Modifiers) -> Meaning? {
    guard let scalar = UInt32(exactly: value).flatMap(Unicode.Scalar.init) else { return nil }
    switch value {
    case 9: return .key(Key(.tab, modifiers: modifiers))
    case 13: return .key(Key(.enter, modifiers: modifiers))
    case 27: return .key(Key(.escape, modifiers: modifiers))
    case 8, 127: return .key(Key(.backspace, modifiers: modifiers))
    case 0..<32, 128..<160, 57344...63743: return nil  // controls; the private area names keys not used here
    default: return .key(Key(scalar, modifiers: modifiers))
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
