import Canvas

/// Something that happened at the mouse, in cells from the top left corner.
public struct MouseEvent: Hashable, Sendable {
  /// What the mouse did.
  public enum Action: Hashable, Sendable { case press, release, drag, move, wheelUp, wheelDown, wheelLeft, wheelRight }
  /// The button concerned; none for a move or the wheel.
  public enum Button: Hashable, Sendable { case left, middle, right, none }
  /// What the mouse did.
  public var action: Action
  /// The button concerned.
  public var button: Button
  /// From 0 at the left; may lie outside the frame if the window is being resized.
  public var column: Int
  /// From 0 at the top.
  public var row: Int
  /// The modifier keys held down.
  public var modifiers: Key.Modifiers

  /// A mouse event.
  public init(
    _ action: Action, button: Button = .none, column: Int, row: Int, modifiers: Key.Modifiers = []
  ) {
    self.action = action
    self.button = button
    self.column = column
    self.row = row
    self.modifiers = modifiers
  }
}

/// What `TerminalSession.nextEvent` reports.
public enum TerminalEvent: Hashable, Sendable {
  /// A key was pressed.
  case key(Key)
  /// A text was pasted; its line ends are as the terminal sent them.
  case paste(String)
  /// The mouse did something (only while `setMouse(true)`).
  case mouse(MouseEvent)
  /// The window has another size, or must be drawn anew at the same size.
  case resized(width: Int, height: Int)
  /// A watched file descriptor is readable.
  case descriptor(Int32)
  /// The time asked for has passed.
  case timeout
  /// A signal asks the program to end (^C is SIGINT, ^\ is SIGQUIT, a lost terminal is SIGHUP; see `EndingSignals`). The terminal has been
  /// restored already; clean up and end with `TerminalSession.end(bySignal:)`.
  case terminated(Int32)
  /// The terminal has said what ground it has, and it is another than was known (`TerminalSession.ground`): frames are to
  /// be drawn for it from now on. It may come at any time, or never.
  case groundFound(Ground)
  /// The program was stopped (^Z) and continued; every mode is on again and the last frame repainted.
  case resumed
}
