import Canvas
import Terminal

/// The loop a person sits at: sleeps until a key, a signal or news from beside, and draws what has changed.
enum TerminalLoop {
  /// What ended the loop.
  enum End { case quit, signal(Int32) }

  /// Runs until a person or a signal ends it; what is shown goes to `recorder` too.
  static func run(_ program: Program, _ terminal: TerminalSession, recorder: Recorder? = nil) -> End {
    let start = ContinuousClock.now
    defer { recorder?.end(at: (ContinuousClock.now - start) / .seconds(1)) }
    program.setMouse = { terminal.setMouse($0) }
    if program.state.isMouseOn { terminal.setMouse(true) }
    program.send(.resize(width: terminal.size.width, height: terminal.size.height))
    var nextTick: ContinuousClock.Instant?
    while program.state.ending == nil {
      if program.isStale, terminal.wantsFrame {
        let frame = program.frame(terminal.rendition.themed(program.state.theme, on: terminal.ground))
        terminal.present(frame)
        program.effects.presented()
        if let recorder, !recorder.add(frame, at: (ContinuousClock.now - start) / .seconds(1)) {
          program.send(.say(.error(recorder.problem ?? "")))
        }
      }
      let now = ContinuousClock.now
      if program.state.animation == nil {
        nextTick = nil
      } else if nextTick == nil {
        nextTick = now + .seconds(1) / program.state.speed
      }
      let waiting = program.effects.waiting(now: now)
      var timeout = waiting.timeout
      if let nextTick { timeout = min(timeout ?? .seconds(3600), max(.zero, nextTick - now)) }
      // What kept the frame back may have been the terminal's answer to the last one, which is no event: the frame is due
      // once it is read.
      if program.isStale { timeout = .zero }
      switch terminal.nextEvent(watching: waiting.descriptors, timeout: timeout) {
      case .key(let key): program.send(.key(key))
      case .paste(let text): program.send(.paste(text))
      case .mouse(let event): if event.action != .move { program.send(.mouse(event)) }
      case .resized(let width, let height): program.send(.resize(width: width, height: height))
      case .descriptor: program.collect()
      case .timeout: program.collect()
      case .terminated(let signal): return .signal(signal)
      case .groundFound: program.send(.groundFound)
      case .resumed: program.send(.resize(width: terminal.size.width, height: terminal.size.height))
      }
      if let due = nextTick, ContinuousClock.now >= due {
        program.send(.tick)
        nextTick = max(due, ContinuousClock.now - .milliseconds(200)) + .seconds(1) / program.state.speed
      }
    }
    return .quit
  }
}
