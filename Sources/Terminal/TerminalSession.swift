import CNcurses
import Canvas
import Glibc

/// The terminal while a full-screen program owns it. One at a time, used by one thread.
public final class TerminalSession {
  /// What the terminal can show.
  public let rendition: Rendition
  /// The window's size in cells, as last reported by an event.
  public private(set) var size: (width: Int, height: Int)
  /// What the newest frame that reached the terminal cost.
  public private(set) var lastFrameCost = FrameCost()
  /// What all frames together cost.
  public private(set) var totalCost = FrameCost()
  /// How many frames reached the terminal.
  public private(set) var frameCount = 0

  private init(rendition: Rendition, size: (width: Int, height: Int)) {
    self.rendition = rendition
    self.size = size
  }

  /// Takes the terminal over: alternate screen, keys unbuffered, signals watched.
  ///
  /// - Throws: `TerminalError` before any byte is written, when standard input or output is no terminal or the
  ///   terminal's description lacks what is needed.
  public static func start(_ options: TerminalOptions = TerminalOptions()) throws(TerminalError) -> TerminalSession {
    throw TerminalError(description: "the terminal is not ready yet in this build")
  }

  /// Shows a frame: the newest one wins when the terminal is slower than the frames. A frame of another size than the
  /// window is clipped or filled with blanks.
  public func present(_ frame: Frame) {}

  /// Whether a call of `nextEvent` would return at once with a key, paste or mouse event. A loop that draws only when
  /// this is false never falls behind a held key.
  public var hasPendingInput: Bool { false }

  /// Waits until something happens. Signals come first, then input, then descriptors; without a timeout it waits for
  /// ever and never wakes for nothing.
  ///
  /// - Parameters:
  ///   - descriptors: file descriptors to report when readable.
  ///   - timeout: how long to wait; nil waits for ever, zero only looks.
  public func nextEvent(watching descriptors: [Int32] = [], timeout: Duration? = nil) -> TerminalEvent { .timeout }

  /// Turns mouse reporting on or off.
  public func setMouse(_ on: Bool) {}

  /// Stops the program as ^Z does, with nothing left on; returns when it is continued, repainted.
  public func suspend() {}

  /// Gives the terminal back as it was, with whatever was written to standard error meanwhile. Can be called twice.
  public func restore() {}

  /// Ends the process by a signal, so that its parent sees why it ended.
  public static func end(bySignal signal: Int32) -> Never { exit(128 + signal) }
}
