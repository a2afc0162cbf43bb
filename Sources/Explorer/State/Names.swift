/// Sizes of images in words.
enum ImageText {
  /// `28×28` as it is read aloud: `28 by 28`, or where the sides differ, which is which.
  static func spoken(width: Int, height: Int) -> String {
    width == height ? "\(height) by \(width)" : "\(height) high by \(width) wide"
  }
}

/// A part of the window, by name: its row in `PaneKind.all` says what it is.
struct Pane: RawRepresentable, Sendable, Hashable, Codable {
  let rawValue: String
  init(rawValue: String) { self.rawValue = rawValue }
}

/// An arrangement of panes, by name: its row in `ScreenKind.all` says which.
struct Screen: RawRepresentable, Sendable, Hashable, Codable {
  let rawValue: String
  init(rawValue: String) { self.rawValue = rawValue }
}

/// What a pane can show or leave out, by name. Settings of another version may name some that are not known here: they
/// are kept as they are.
struct ViewOption: RawRepresentable, Sendable, Hashable, Codable {
  let rawValue: String
  init(rawValue: String) { self.rawValue = rawValue }
}

/// A line for the person, at the foot of the window until the next key.
struct Message: Sendable, Hashable {
  var text: String
  var isError: Bool
  /// Whether it is said dimly: good to know, and nothing that has happened.
  var isHint = false
  /// Whether it is of a training that goes badly: it goes away when that no longer holds.
  var isWarning = false

  static func note(_ text: String) -> Message { Message(text: text, isError: false) }
  static func error(_ text: String) -> Message { Message(text: text, isError: true) }
  static func warning(_ text: String) -> Message { Message(text: text, isError: false, isWarning: true) }
  static func hint(_ text: String) -> Message { Message(text: text, isError: false, isHint: true) }
}
