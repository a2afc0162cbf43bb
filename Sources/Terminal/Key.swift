/// A key as a person thinks of it, whatever bytes the terminal sent for it. A pure value: it parses from and prints as
/// text ("j", "ctrl-r", "shift-left", "F1"), and needs no terminal.
///
/// Keys that terminals cannot tell apart are one value: ctrl-i is Tab, ctrl-m and ctrl-j are Enter, ctrl-h is
/// Backspace, ctrl-[ is Escape, and shift with a letter is the capital letter.
public struct Key: Hashable, Sendable {
  /// What was pressed, apart from the modifiers.
  public enum Code: Hashable, Sendable {
    /// A character, as the keyboard layout and shift made it.
    case character(Unicode.Scalar)
    /// An arrow key.
    case up, down, left, right
    /// A key of the navigation block.
    case home, end, pageUp, pageDown, insert, delete
    /// Tab, and shift with Tab.
    case tab, backTab
    /// Enter (also called Return).
    case enter
    /// Escape.
    case escape
    /// Backspace.
    case backspace
    /// A function key, from 1.
    case function(Int)
  }

  /// The modifier keys held down.
  public struct Modifiers: OptionSet, Hashable, Sendable {
    /// One bit for each modifier.
    public let rawValue: UInt8
    /// The modifiers with these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// Shift; never set beside a character or backTab, which already say so.
    public static let shift = Modifiers(rawValue: 1)
    /// Alt (Meta, Option).
    public static let alt = Modifiers(rawValue: 2)
    /// Control.
    public static let control = Modifiers(rawValue: 4)
  }

  /// What was pressed.
  public var code: Code
  /// What was held down with it.
  public var modifiers: Modifiers

  /// A key in its canonical form: keys that arrive as the same bytes compare equal.
  public init(_ code: Code, modifiers: Modifiers = []) {
    self.code = code
    self.modifiers = modifiers
    normalise()
  }

  /// The key for a character.
  public init(_ character: Unicode.Scalar, modifiers: Modifiers = []) {
    self.init(.character(character), modifiers: modifiers)
  }

  private mutating func normalise() {
    if case .character(let scalar) = code {
      if modifiers.contains(.control) { normaliseControl(scalar) } else { normaliseShift(scalar) }
    } else if code == .tab, modifiers.contains(.shift) {
      code = .backTab
    }
    if case .character = code { modifiers.remove(.shift) }
    if code == .backTab { modifiers.remove(.shift) }
  }

  private mutating func normaliseControl(_ scalar: Unicode.Scalar) {
    let lower = scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar
    let alias: Code? =
      switch lower {
      case "i": modifiers.contains(.shift) ? .backTab : .tab
      case "m", "j": .enter
      case "h": .backspace
      case "[": .escape
      default: nil
      }
    if let alias {
      code = alias
      modifiers.remove(.control)
    } else {
      code = .character(lower == "@" ? " " : lower == "/" ? "_" : lower)
    }
  }

  private mutating func normaliseShift(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\t": code = modifiers.contains(.shift) ? .backTab : .tab
    case "\r", "\n": code = .enter
    case "\u{1B}": code = .escape
    case "\u{7F}", "\u{8}": code = .backspace
    case "a"..."z" where modifiers.contains(.shift):
      code = .character(Unicode.Scalar(UInt8(scalar.value) - 32))
    default: break
    }
  }
}
