import Canvas

/// What a person asked of the terminal.
public struct TerminalOptions: Hashable, Sendable {
  /// Colours to use whatever the terminal description and `NO_COLOR` say; nil chooses from them.
  public var colors: ColorLevel?
  /// Whether the font has the sextants of Unicode 13; nil guesses from the terminal's name.
  public var sextants: Bool?
  /// Whether the terminal reports the mouse from the start.
  public var mouse: Bool

  /// Options; the defaults choose from the terminal's description and leave the mouse to the terminal.
  public init(colors: ColorLevel? = nil, sextants: Bool? = nil, mouse: Bool = false) {
    self.colors = colors
    self.sextants = sextants
    self.mouse = mouse
  }
}

/// Why the terminal cannot show the explorer. Nothing has been written when this is thrown.
public struct TerminalError: Error, Hashable, Sendable, CustomStringConvertible {
  /// One line: what is wrong and what to do.
  public let description: String
  /// The exit status for this kind of failure: that of a wrong use of the program.
  public let exitStatus: Int32 = 2
}

/// What showing one frame cost.
public struct FrameCost: Hashable, Sendable {
  /// Cells that differ from the frame before.
  public var cells = 0
  /// Bytes sent to the terminal.
  public var bytes = 0
  /// Time spent comparing, encoding and writing, in microseconds.
  public var microseconds = 0
}
