import Canvas
import Terminal

/// The loop a person sits at: sleeps until a key, a signal or news from beside, and draws what has changed.
enum TerminalLoop {
  /// What ended the loop.
  enum End { case quit, signal(Int32) }

  /// Runs until a person or a signal ends it; what is shown goes to `recorder` too.
  static func run(_ exploration: Exploration, _ terminal: TerminalSession, recorder: Recorder? = nil) -> End {
    let start = ContinuousClock.now
    defer { recorder?.end(at: (ContinuousClock.now - start) / .seconds(1)) }
    exploration.setMouse = { terminal.setMouse($0) }
    if exploration.state.isMouseOn { terminal.setMouse(true) }
    exploration.send(.resize(width: terminal.size.width, height: terminal.size.height))
    var nextTick: ContinuousClock.Instant?
    while exploration.state.ending == nil {
      if exploration.isStale, terminal.wantsFrame {
        let frame = exploration.frame(terminal.rendition.themed(exploration.state.theme, on: terminal.ground))
        terminal.present(frame)
        exploration.effects.presented()
        if let recorder, !recorder.add(frame, at: (ContinuousClock.now - start) / .seconds(1)) {
          exploration.send(.say(.error(recorder.problem ?? "")))
        }
      }
      let now = ContinuousClock.now
      if exploration.state.animation == nil {
        nextTick = nil
      } else if nextTick == nil {
        nextTick = now + .seconds(1) / exploration.state.speed
      }
      let waiting = exploration.effects.waiting(now: now)
      var timeout = waiting.timeout
      if let nextTick { timeout = min(timeout ?? .seconds(3600), max(.zero, nextTick - now)) }
      // What kept the frame back may have been the terminal's answer to the last one, which is no event: the frame is due
      // once it is read.
      if exploration.isStale { timeout = .zero }
      switch terminal.nextEvent(watching: waiting.descriptors, timeout: timeout) {
      case .key(let key): exploration.send(.key(key))
      case .paste(let text): exploration.send(.paste(text))
      case .mouse(let event): if event.action != .move { exploration.send(.mouse(event)) }
      case .resized(let width, let height): exploration.send(.resize(width: width, height: height))
      case .descriptor: exploration.collect()
      case .timeout: exploration.collect()
      case .terminated(let signal): return .signal(signal)
      case .groundFound: exploration.send(.groundFound)
      case .resumed: exploration.send(.resize(width: terminal.size.width, height: terminal.size.height))
      }
      if let due = nextTick, ContinuousClock.now >= due {
        exploration.send(.tick)
        nextTick = max(due, ContinuousClock.now - .milliseconds(200)) + .seconds(1) / exploration.state.speed
      }
    }
    return .quit
  }
}
