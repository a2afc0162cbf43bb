import Terminal

/// A line of text being typed.
struct TextField: Sendable, Hashable {
  var text: String

  init(_ text: String = "") { self.text = text }

  /// Takes a key; false where it means nothing to a text field.
  mutating func take(_ key: Key) -> Bool {
    switch key.code {
    case .character(let scalar) where key.modifiers.isEmpty:
      // As many as a line can show and no more: a pasted book must not slow the frame down.
      if text.unicodeScalars.count < 500 { text.unicodeScalars.append(scalar) }
      return true
    case .backspace:
      if !text.isEmpty { text.removeLast() }
      return true
    case .character("u") where key.modifiers == .control:
      text = ""
      return true
    default: return false
    }
  }
}
