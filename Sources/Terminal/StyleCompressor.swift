/// Shortens what ncurses writes without changing what it shows.
///
/// For every change of a colour pair ncurses sends both colours in a sequence each, also where only one of them differs
/// or none. This keeps the style the terminal has beside the style wanted, and sends the difference just before the
/// next character that shows it. For a picture in half blocks that is about a third of the bytes.
///
/// It reads what terminfo's strings for common terminals produce. At the first parameter it does not know it steps
/// aside for good: longer, but never wrong.
struct StyleCompressor {
  /// A colour in the form the terminal's description writes it: that form is also sent.
  private struct Color: Equatable {
    enum Form: UInt8 { case standard, basic, indexed, indexedByColon, direct, directByColon, directByColonWithSpace }
    var form = Form.standard
    /// The parameter itself for basic colours; the index; or red, green and blue.
    var value: UInt32 = 0
  }
  private struct Style: Equatable {
    var foreground = Color()
    var background = Color()
    /// One bit for each attribute, by its parameter.
    var attributes: UInt16 = 0
  }
  /// What the terminal has; nil when unknown.
  private var actual: Style?
  private var wanted = Style()
  private var charset: UInt8?
  private var shift: UInt8?
  /// Whether something was met that is not understood.
  private(set) var stepsAside = false
  private static let escape: UInt8 = 0x1B
  /// Bold, dim, underlined, reversed.
  private static let attributeParameters = [1, 2, 4, 7]
  /// Those that make a space show its foreground: underlined, reversed.
  private static let attributesOfSpaces: UInt16 = 1 << 4 | 1 << 7

  /// Forgets what the terminal has, after somebody else may have changed it.
  mutating func forget() {
    actual = nil
    charset = nil
    shift = nil
  }

  /// The same effect in fewer bytes. Sequences must be whole: a frame is never split.
  mutating func compress(_ bytes: [UInt8]) -> [UInt8] {
    if stepsAside { return bytes }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    bytes.withUnsafeBufferPointer { bytes in
      var index = 0
      while index < bytes.count {
        if stepsAside {
          result.append(contentsOf: bytes[index...])
          return
        }
        if bytes[index] == Self.escape, index + 1 < bytes.count {
          index = sequence(in: bytes, at: index, into: &result)
        } else if bytes[index] == 0x0E || bytes[index] == 0x0F {
          // Shifting to the same character set again changes nothing.
          if shift != bytes[index] { result.append(bytes[index]) }
          shift = bytes[index]
          index += 1
        } else {
          settle(for: bytes[index], into: &result)
          result.append(bytes[index])
          index += 1
        }
      }
      settle(into: &result)
    }
    return result
  }

  /// Handles the sequence that begins at `start`; the index behind it.
  private mutating func sequence(
    in bytes: UnsafeBufferPointer<UInt8>, at start: Int, into result: inout [UInt8]
  ) -> Int {
    if bytes[start + 1] == UInt8(ascii: "("), start + 2 < bytes.count {
      // Selecting the character set again changes nothing.
      if charset != bytes[start + 2] { result.append(contentsOf: bytes[start...(start + 2)]) }
      charset = bytes[start + 2]
      return start + 3
    }
    guard bytes[start + 1] == UInt8(ascii: "[") else {
      settle(into: &result)
      if bytes[start + 1] == UInt8(ascii: "c") { forget() }
      result.append(contentsOf: bytes[start...(start + 1)])
      return start + 2
    }
    var end = start + 2
    while end < bytes.count, (0x20...0x3F).contains(bytes[end]) { end += 1 }
    guard end < bytes.count else {
      stepsAside = true
      return start
    }
    switch bytes[end] {
    case UInt8(ascii: "m"):
      if select(bytes[(start + 2)..<end]) { return end + 1 }
      settle(into: &result)
      stepsAside = true
      return start
    // Moving the cursor shows no style.
    case UInt8(ascii: "A")...UInt8(ascii: "H"), UInt8(ascii: "d"), UInt8(ascii: "f"): break
    // What is erased is filled with spaces.
    case UInt8(ascii: "J"), UInt8(ascii: "K"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "@"):
      settle(for: 0x20, into: &result)
    // What is repeated is the character directly before it, as it was shown: some terminals forget it over a change of style.
    case UInt8(ascii: "b"): break
    default: settle(into: &result)
    }
    result.append(contentsOf: bytes[start...end])
    return end + 1
  }

  // MARK: - Reading

  /// Takes parameters over into the wanted style; false if one is not understood.
  private mutating func select(_ body: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    var style = wanted
    var rest = body
    repeat {
      guard let (code, colon) = Self.number(&rest) else { return false }
      switch code {
      case 0: style = Style()
      case 1, 2, 4, 7: style.attributes |= 1 << UInt16(code)
      case 22: style.attributes &= ~0b110
      case 24: style.attributes &= ~(1 << 4)
      case 27: style.attributes &= ~(1 << 7)
      case 30...37, 90...97: style.foreground = Color(form: .basic, value: code)
      case 40...47, 100...107: style.background = Color(form: .basic, value: code)
      case 38, 48:
        guard let color = Self.extended(&rest, byColon: colon) else { return false }
        if code == 38 { style.foreground = color } else { style.background = color }
        continue
      case 39: style.foreground = Color()
      case 49: style.background = Color()
      default: return false
      }
      if colon { return false }
    } while !rest.isEmpty
    wanted = style
    return true
  }

  /// What follows 38 or 48.
  private static func extended(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>, byColon: Bool) -> Color? {
    // In registers: a frame has hundreds of these.
    var values = SIMD8<UInt32>()
    var count = 0
    var more = true
    while more, count < 5, !rest.isEmpty {
      guard let (value, colon) = number(&rest) else { return nil }
      values[count] = value
      count += 1
      more = byColon ? colon : count < (values[0] == 5 ? 2 : 4)
    }
    func packed(from first: Int) -> UInt32? {
      let (red, green, blue) = (values[first], values[first + 1], values[first + 2])
      return max(red, green, blue) < 256 ? red << 16 | green << 8 | blue : nil
    }
    switch (values[0], count) {
    case (5, 2) where values[1] < 256: return Color(form: byColon ? .indexedByColon : .indexed, value: values[1])
    case (2, 4): return packed(from: 1).map { Color(form: byColon ? .directByColon : .direct, value: $0) }
    case (2, 5) where byColon && values[1] == 0:
      return packed(from: 2).map { Color(form: .directByColonWithSpace, value: $0) }
    default: return nil
    }
  }

  /// Takes a number (0 if empty) and the separator behind it; tells whether that was a colon.
  private static func number(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> (value: UInt32, colon: Bool)? {
    var value: UInt32 = 0
    while let byte = rest.popFirst() {
      switch byte {
      case 0x30...0x39 where value < 1000: value = value * 10 + UInt32(byte - 0x30)
      case UInt8(ascii: ":"): return (value, true)
      case UInt8(ascii: ";"): return (value, false)
      default: return nil
      }
    }
    return (value, false)
  }

  // MARK: - Writing

  /// Sends what turns the terminal's style into one that shows a character as wanted.
  private mutating func settle(for character: UInt8, into result: inout [UInt8]) {
    switch character {
    // Moving the cursor back shows nothing.
    case 0x08, 0x0D: return
    // A space has no use for a foreground.
    case 0x20:
      guard let actual, actual.attributes == wanted.attributes, wanted.attributes & Self.attributesOfSpaces == 0 else {
        return settle(into: &result)
      }
      let (kept, desired) = (actual.foreground, wanted.foreground)
      wanted.foreground = kept
      settle(into: &result)
      wanted.foreground = desired
    default: settle(into: &result)
    }
  }

  /// Sends what turns the terminal's style into the one wanted.
  private mutating func settle(into result: inout [UInt8]) {
    if actual == wanted { return }
    result.append(Self.escape)
    result.append(UInt8(ascii: "["))
    let beginning = result.count
    var from = actual ?? Style()
    let isPlain = wanted == Style()
    if actual == nil || isPlain || from.attributes & ~wanted.attributes != 0 {
      // Bold and dim share their switch-off: a reset is the sure way to be rid of either.
      if !isPlain { result.append(UInt8(ascii: "0")) }
      from = Style()
    }
    func separate() { if result.count > beginning { result.append(UInt8(ascii: ";")) } }
    for parameter in Self.attributeParameters where wanted.attributes & ~from.attributes & 1 << UInt16(parameter) != 0 {
      separate()
      result.append(UInt8(parameter) + 0x30)
    }
    for (color, old, base) in [
      (wanted.foreground, from.foreground, UInt32(30)), (wanted.background, from.background, 40),
    ] where color != old {
      separate()
      Self.append(color, base: base, to: &result)
    }
    result.append(UInt8(ascii: "m"))
    actual = wanted
  }

  private static func append(_ color: Color, base: UInt32, to result: inout [UInt8]) {
    func number(_ value: UInt32) {
      if value >= 100 { result.append(UInt8(value / 100) + 0x30) }
      if value >= 10 { result.append(UInt8(value / 10 % 10) + 0x30) }
      result.append(UInt8(value % 10) + 0x30)
    }
    func list(_ kind: UInt32, _ separator: UInt8, empty: Bool = false) {
      number(base + 8)
      result.append(separator)
      number(kind)
      if empty { result.append(separator) }
      for shift in stride(from: kind == 5 ? 0 : 16, through: 0, by: -8) {
        result.append(separator)
        number(color.value >> UInt32(shift) & 255)
      }
    }
    let (semicolon, colon) = (UInt8(ascii: ";"), UInt8(ascii: ":"))
    switch color.form {
    case .standard: number(base + 9)
    case .basic: number(color.value)
    case .indexed: list(5, semicolon)
    case .indexedByColon: list(5, colon)
    case .direct: list(2, semicolon)
    case .directByColon: list(2, colon)
    case .directByColonWithSpace: list(2, colon, empty: true)
    }
  }
}
