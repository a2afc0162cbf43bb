import CTerminal
import Glibc

extension TerminalSession {
  /// How long the rest of a sequence may take before it is given up, so that no lost byte makes the program deaf.
  private static let sequencePatience: Int64 = 5_000_000_000
  /// The same for the end of a paste.
  private static let pastePatience: Int64 = 2_000_000_000
  /// How long an escape byte waits for a sequence before it is the Escape key: `ESCDELAY` in milliseconds, as ncurses has
  /// it, or 50.
  static func escapePatience(_ variable: String?) -> Int64 {
    guard let variable, let milliseconds = Int64(variable), milliseconds >= 0 else { return 50_000_000 }
    return min(milliseconds, 30_000) * 1_000_000
  }
  /// A window being dragged to another size is followed this often.
  private static let resizeInterval: Int64 = 20_000_000
  /// After so many input events in a row the watched descriptors get a turn.
  private static let inputBurst = 64

  /// Whether a key, paste or mouse event is there already.
  public var hasPendingInput: Bool { !queue.isEmpty || isReadable(STDIN_FILENO) }

  /// Whether a frame presented now would be drawn rather than left out for a newer one: nothing waits to be read, or
  /// the screen has stood still for a while. A loop that asks this first saves itself making the others.
  public var wantsFrame: Bool { steadyNanoseconds() - lastDraw >= Self.busyInterval || !hasPendingInput }

  /// Waits until something happens. Signals come first, then input, then descriptors. Without a timeout it waits for
  /// ever, and the processor sleeps.
  ///
  /// - Parameters:
  ///   - descriptors: file descriptors to report when readable; each gets its turn.
  ///   - timeout: how long to wait; nil waits for ever, zero only looks.
  public func nextEvent(watching descriptors: [Int32] = [], timeout: Duration? = nil) -> TerminalEvent {
    let deadline = timeout.map { steadyNanoseconds() + max(0, $0.nanoseconds) }
    while true {
      if let event = signalEvent() ?? resizeEvent() { return event }
      if eventsSinceDescriptors < Self.inputBurst, let event = inputEvent() {
        eventsSinceDescriptors += 1
        return event
      }
      drawIfPossible(evenWithInput: false)
      if let event = wait(for: descriptors, until: deadline) { return event }
    }
  }

  // MARK: - Waiting

  private func wait(for descriptors: [Int32], until deadline: Int64?) -> TerminalEvent? {
    let isActive = terminal_guard_is_active()
    var waiting = [
      pollfd(fd: wake, events: Int16(POLLIN), revents: 0),
      pollfd(fd: isActive ? STDIN_FILENO : -1, events: Int16(POLLIN), revents: 0),
      pollfd(fd: channel.isFull ? channel.descriptor : -1, events: Int16(POLLOUT), revents: 0),
    ]
    for descriptor in descriptors { waiting.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)) }
    let now = steadyNanoseconds()
    let burst = eventsSinceDescriptors >= Self.inputBurst
    let wakeUp = burst || !queue.isEmpty ? now : [deadline, ownDeadline(now)].compactMap { $0 }.min()
    // Rounded up: waking a little early would only mean waiting again.
    let milliseconds = wakeUp.map { Int32(min(max(0, $0 - now + 999_999) / 1_000_000, 1 << 30)) } ?? -1
    let ready = poll(&waiting, nfds_t(waiting.count), milliseconds)
    eventsSinceDescriptors = 0
    if ready > 0 {
      if waiting[0].revents != 0 {
        // Signals noted from here on wake again; those noted before are taken next.
        var counter: UInt64 = 0
        _ = read(wake, &counter, 8)
      }
      if waiting[1].revents != 0 { readInput() }
      if waiting[2].revents != 0 { flush() }
      if waiting[0].revents == 0, queue.isEmpty || burst, let descriptor = turn(of: waiting.dropFirst(3)) {
        return .descriptor(descriptor)
      }
    }
    forceDecoder()
    if let deadline, steadyNanoseconds() >= deadline, queue.isEmpty, waiting[0].revents == 0 { return .timeout }
    return nil
  }

  /// The next moment at which something of the terminal's own falls due.
  private func ownDeadline(_ now: Int64) -> Int64? {
    var due: [Int64] = []
    if let patience { due.append(lastInput + patience) }
    if let resizeIsDue { due.append(resizeIsDue) }
    if frameIsDue, !channel.isFull {
      // Either the terminal is slow, or input is waiting and poll will return for it.
      due.append(max(pace.nextFrame(at: now), acknowledgement.nextFrame(at: now), now + 1_000_000))
    }
    return due.min()
  }

  private func turn(of descriptors: ArraySlice<pollfd>) -> Int32? {
    let count = descriptors.count
    for offset in 0..<count {
      let index = (nextDescriptor + offset) % count
      let candidate = descriptors[descriptors.startIndex + index]
      if candidate.revents != 0, candidate.fd >= 0 {
        nextDescriptor = (index + 1) % count
        return candidate.fd
      }
    }
    return nil
  }

  private func isReadable(_ descriptor: Int32) -> Bool {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&waiting, 1, 0) > 0
  }

  // MARK: - Signals

  private func signalEvent() -> TerminalEvent? {
    let signals = terminal_guard_take_signals()
    if signals == 0 { return nil }
    func noted(_ signal: Int32) -> Bool { signals & (1 << UInt64(signal - 1)) != 0 }
    for signal in EndingSignals.all where noted(signal) {
      restore()
      return .terminated(signal)
    }
    let before = size
    if noted(SIGTSTP) {
      suspend()
    } else if noted(SIGCONT) {
      takeOverAgain()
    }
    if noted(SIGWINCH) || size != before {
      resizeIsDue = max(steadyNanoseconds(), lastResize + Self.resizeInterval)
    }
    return noted(SIGTSTP) || noted(SIGCONT) ? .resumed : nil
  }

  private func resizeEvent() -> TerminalEvent? {
    guard let due = resizeIsDue, due <= steadyNanoseconds(), terminal_guard_is_active() else { return nil }
    resizeIsDue = nil
    lastResize = steadyNanoseconds()
    // Even at the same size the terminal may have reflowed or cut what it showed.
    if !takeSize() { screen.repaint() }
    frameIsDue = false
    return .resized(width: size.width, height: size.height)
  }

  // MARK: - Input

  /// How long what the decoder holds may still take; nil where it holds nothing.
  private var patience: Int64? {
    switch decoder.waiting {
    case .nothing: nil
    case .escape: escapePatience
    case .sequence: Self.sequencePatience
    case .paste: Self.pastePatience
    }
  }

  private func inputEvent() -> TerminalEvent? { queue.pop() }

  private func readInput() {
    var result = 0
    let chunk = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
      result = read(STDIN_FILENO, buffer.baseAddress, buffer.count)
      count = max(0, result)
    }
    if result < 0, errno == EINTR || errno == EAGAIN { return }
    if result <= 0 {
      // The terminal is gone, and with it whoever would type: as if it had hung up.
      restore()
      queue.push(.terminated(SIGHUP))
      return
    }
    lastInput = steadyNanoseconds()
    decoder.feed(chunk)
    while let event = decoder.next() { queue.push(event) }
    for _ in 0..<decoder.takeAnswers() { acknowledgement.answered(at: lastInput) }
    takeGround()
  }

  private func takeGround() {
    guard let told = decoder.takeGround(), told != ground else { return }
    ground = told
    queue.push(.groundFound(told))
  }

  /// Waits a moment for an answer that is under way: after the terminal is given back the shell would take it for
  /// typing.
  func awaitAnswer() {
    // What the terminal has not taken, the question after it too, is about to be forgotten.
    if !channel.isEmpty { acknowledgement.withdraw() }
    let begin = steadyNanoseconds()
    guard let patience = acknowledgement.farewell(at: begin) else { return }
    var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    var bytes = [UInt8](repeating: 0, count: 256)
    var now = begin
    while acknowledgement.farewell(at: now) != nil, now < begin + patience {
      guard poll(&input, 1, Int32((begin + patience - now) / 1_000_000 + 1)) > 0 else { return }
      let count = read(STDIN_FILENO, &bytes, bytes.count)
      guard count > 0 else { return }
      decoder.feed(bytes[..<count])
      while decoder.next() != nil {}
      now = steadyNanoseconds()
      for _ in 0..<decoder.takeAnswers() { acknowledgement.answered(at: now) }
    }
  }

  private func forceDecoder() {
    guard let patience, steadyNanoseconds() - lastInput >= patience else { return }
    while let event = decoder.next(forcing: true) { queue.push(event) }
  }
}

/// Events decoded and not yet asked for, oldest first.
struct EventQueue {
  private var events: [TerminalEvent] = []
  private var start = 0

  var isEmpty: Bool { start == events.count }

  /// Adds an event. Of a mouse movement only where it has come to matters.
  mutating func push(_ event: TerminalEvent) {
    if !isEmpty, case .mouse(let new) = event, case .mouse(let last) = events[events.count - 1],
      new.action == .drag || new.action == .move, new.action == last.action, new.button == last.button,
      new.modifiers == last.modifiers
    {
      events[events.count - 1] = event
    } else {
      events.append(event)
    }
  }

  /// Takes the oldest event out.
  mutating func pop() -> TerminalEvent? {
    guard !isEmpty else { return nil }
    defer {
      start += 1
      if isEmpty {
        events.removeAll(keepingCapacity: true)
        start = 0
      }
    }
    return events[start]
  }
}

extension Duration {
  /// Whole nanoseconds, as many as fit.
  var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds > 1_000_000_000 ? .max / 4 : seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }
}
