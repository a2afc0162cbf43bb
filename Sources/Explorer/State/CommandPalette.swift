/// The command palette: a line of text, and which of the commands it may become is selected.
struct CommandPalette: Sendable {
  var field = TextField() {
    didSet {
      guard field != oldValue || turnedFrom != nil else { return }
      (selected, isChosen, turnedFrom) = (0, false, nil)
    }
  }
  /// Which match is selected.
  var selected = 0
  /// Whether it was selected by arrows: then it is meant, whatever was typed.
  var isChosen = false
  /// What had been typed before Tab began to go through its matches, the selected of which is the text now.
  private(set) var turnedFrom: String?

  /// The text whose matches are listed.
  var listed: String { turnedFrom ?? field.text }

  init() {}

  /// Puts the match at a place of the list, as a line, into the text; the list stays.
  mutating func turn(to line: String, at place: Int) {
    let from = listed
    field.text = line
    (selected, isChosen, turnedFrom) = (place, false, from)
  }
}
