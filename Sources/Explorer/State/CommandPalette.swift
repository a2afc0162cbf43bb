/// The command palette: a line of text, and which of the commands it may become is selected.
struct CommandPalette: Sendable {
  var field = TextField()
  /// Which match is selected.
  var selected = 0
  /// Whether it was selected by arrows: then it is meant, whatever was typed.
  var isChosen = false

  init() {}
}
