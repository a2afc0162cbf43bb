import CTerminal
import Canvas
import Glibc

/// The terminal while a full-screen program owns it: the only place that writes to it or reads from it. One at a time,
/// used by one thread.
///
/// It waits on file descriptors and never on a clock, except while something is half-way: an escape byte that may be a
/// key or a beginning, a window still being resized, a terminal slower than the frames.
public final class TerminalSession {
  /// What the terminal can show.
  public let rendition: Rendition
  /// The ground of the terminal: what it has answered, or what `COLORFGBG` hints at; nil as long as neither tells.
  public internal(set) var ground: Ground?
  /// The window's size in cells, as last reported by an event.
  public internal(set) var size: (width: Int, height: Int)
  /// What the newest frame that was written cost.
  public internal(set) var lastFrameCost = FrameCost()
  /// What all frames together cost.
  public internal(set) var totalCost = FrameCost()
  /// How many frames were written.
  public internal(set) var frameCount = 0

  let screen: CursesScreen
  var channel: OutputChannel
  let wake: Int32
  var decoder: InputDecoder
  var pace = OutputPace()
  var acknowledgement = Acknowledgement()
  /// The newest frame presented, drawn again after a stop.
  var newestFrame: Frame?
  /// Whether the newest frame is still to be drawn.
  var frameIsDue = false
  var lastDraw: Int64 = 0
  var mouseIsOn: Bool
  var queue = EventQueue()
  var lastInput: Int64 = 0
  let escapePatience = TerminalSession.escapePatience(TerminalStart.variable("ESCDELAY"))
  var resizeIsDue: Int64?
  var lastResize: Int64 = .min / 2
  var eventsSinceDescriptors = 0
  var nextDescriptor = 0

  private init(
    screen: CursesScreen, channel: OutputChannel, wake: Int32, rendition: Rendition, size: (width: Int, height: Int),
    mouse: Bool
  ) {
    self.screen = screen
    self.channel = channel
    self.wake = wake
    self.rendition = rendition
    self.size = size
    mouseIsOn = mouse
    ground = TerminalGround.hint(TerminalStart.variable("COLORFGBG"))
    decoder = InputDecoder(sequences: screen.description.keySequences)
  }

  /// Whether what is printed without a screen may go beyond ASCII: as on a terminal the locale decides, and a dumb terminal
  /// has ASCII alone. Decided once, for every line asks.
  public static let printsUnicode = TerminalStart.variable("TERM") != "dumb" && TerminalStart.hasUnicode()

  /// Takes the terminal over: alternate screen, keys unbuffered, signals watched.
  ///
  /// - Throws: `TerminalError` before any byte is written, when standard input or output is no terminal or the
  ///   terminal's description lacks what is needed.
  public static func start(_ options: TerminalOptions = TerminalOptions()) throws(TerminalError) -> TerminalSession {
    let own = try TerminalStart.type()
    let unicode = TerminalStart.hasUnicode()
    let size = TerminalStart.windowSize()
    let screen = CursesScreen(
      type: TerminalStart.type(own, offering: options.colors),
      colors: { TerminalStart.colors(forced: options.colors, description: $0) }, unicode: unicode, size: size)
    guard let screen else {
      // ncurses also refuses terminals it knows to be too simple.
      throw TerminalDescription(reading: own) == nil ? TerminalStart.unknown(own) : TerminalStart.tooSimple(own)
    }
    guard screen.description.placesCursor else { throw TerminalStart.tooSimple(own) }
    guard let channel = OutputChannel(duplicating: STDOUT_FILENO) else {
      throw TerminalError(description: "the terminal cannot be opened: \(TerminalStart.lastSystemError())")
    }
    var rendition = Rendition(
      colors: screen.colors, unicode: unicode,
      sextants: unicode && (options.sextants ?? TerminalStart.drawsSextants(own)))
    rendition.avoidsSeams = TerminalStart.drawsBlocksWithSeams(own)
    let wake = terminal_event_counter()
    let session = TerminalSession(
      screen: screen, channel: channel, wake: wake, rendition: rendition, size: size, mouse: options.mouse)
    session.setReset()
    try session.guardTerminal()
    session.enter()
    return session
  }

  deinit {
    restore()
    channel.close()
  }

  private func guardTerminal() throws(TerminalError) {
    var guarding = terminal_guard()
    guard wake >= 0, tcgetattr(STDIN_FILENO, &guarding.before) == 0 else {
      throw TerminalError(description: "the terminal's settings cannot be read: \(TerminalStart.lastSystemError())")
    }
    guarding.input = STDIN_FILENO
    guarding.output = channel.descriptor
    guarding.wake = wake
    guarding.sink = open("/dev/null", O_WRONLY | O_CLOEXEC)
    guarding.during = Self.settings(from: guarding.before)
    // What other code writes to standard error would land on the screen: it waits until the terminal is given back.
    guarding.held_errors = isatty(STDERR_FILENO) != 0 ? terminal_memory_file("zscope-errors") : -1
    guarding.errors = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 10)
    guard terminal_guard_install(&guarding) == 0 else {
      throw TerminalError(description: "signals cannot be watched: \(TerminalStart.lastSystemError())")
    }
  }

  /// Keys one by one, unechoed and untranslated. ^C, ^\ and ^Z stay signals, so that they work while the loop does not.
  private static func settings(from before: termios) -> termios {
    var settings = before
    settings.c_iflag &= ~tcflag_t(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON)
    settings.c_oflag &= ~tcflag_t(OPOST)
    settings.c_lflag &= ~tcflag_t(ECHO | ECHONL | ICANON | IEXTEN)
    // A signal from the keyboard must not throw away half a frame.
    settings.c_lflag |= tcflag_t(ISIG | NOFLSH)
    withUnsafeMutableBytes(of: &settings.c_cc) {
      $0[Int(VMIN)] = 1
      $0[Int(VTIME)] = 0
    }
    return settings
  }

  // MARK: - Taking over and giving back

  func enter() {
    terminal_guard_enter()
    channel.append(screen.description.entering(mouse: mouseIsOn))
    // Asked, and not waited for: the answer, if there is one, is an event.
    if screen.description.asksGround { channel.append(TerminalGround.question) }
  }

  func setReset() {
    let bytes = screen.description.leaving(height: size.height)
    bytes.withUnsafeBytes { terminal_guard_set_reset($0.baseAddress, $0.count) }
  }

  /// Gives the terminal back as it was, with whatever was written to standard error meanwhile. Can be called twice.
  public func restore() {
    guard terminal_guard_is_active() else { return }
    awaitAnswer()
    screen.leave()
    channel.discard()
    // Reports of a mouse still on their way must not reach the shell; keys typed ahead may.
    terminal_guard_leave(mouseIsOn)
  }

  /// Stops the program as ^Z does, with nothing left on; returns when it is continued, repainted.
  public func suspend() {
    restore()
    terminal_guard_stop()
    takeOverAgain()
  }

  func takeOverAgain() {
    // Also after a stop that could not be noticed (SIGSTOP): the shell has changed the settings meanwhile.
    screen.leave()
    channel.discard()
    // Whoever had the terminal meanwhile has read what was written; how fast it was before says nothing.
    pace = OutputPace()
    acknowledgement = Acknowledgement()
    enter()
    takeSize()
    if newestFrame != nil {
      frameIsDue = true
      drawIfPossible(evenWithInput: true)
    }
  }

  /// Adopts the window's size; whether it changed.
  @discardableResult
  func takeSize() -> Bool {
    let current = TerminalStart.windowSize()
    let changed = current != size
    if changed {
      size = current
      screen.resize(to: size)
      setReset()
    }
    return changed
  }

  /// Turns mouse reporting on or off; without effect on terminals that have none.
  public func setMouse(_ on: Bool) {
    guard on != mouseIsOn else { return }
    mouseIsOn = on
    guard terminal_guard_is_active() else { return }
    channel.append(screen.description.settingMouse(on))
    flush()
  }

  /// Makes a line follow the message a crash leaves on the normal screen, such as how a run under way is continued; an
  /// empty one takes it back. A crash, on any thread that does not block its signal, gives the terminal back first.
  public static func setCrashNote(_ note: String) {
    note.withCString { terminal_guard_set_crash_note($0) }
  }

  /// Ends the process by a signal with its default action, so that its parent sees why it ended. Gives the terminal
  /// back if that has not been done.
  public static func end(bySignal signal: Int32) -> Never { terminal_guard_die(signal) }
}
