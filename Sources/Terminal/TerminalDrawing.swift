import CTerminal
import Canvas
import Glibc

extension TerminalSession {
  /// While keys keep coming in, a frame is drawn this often (nanoseconds).
  static let busyInterval: Int64 = 30_000_000

  /// Shows a frame: at once if the terminal has taken the one before, otherwise as soon as it has. Of several frames
  /// presented meanwhile only the newest is drawn. A frame of another size than the window is clipped or filled with
  /// blanks.
  public func present(_ frame: Frame) {
    newestFrame = frame
    frameIsDue = true
    drawIfPossible()
  }

  /// Draws the newest frame if it is due and the terminal can take it. Where more input waits, a newer frame is about
  /// to be presented, and this one is left out unless the screen has stood still for a while.
  func drawIfPossible(evenWithInput: Bool = false) {
    guard frameIsDue, let frame = newestFrame, terminal_guard_is_active() else { return }
    let now = steadyNanoseconds()
    if channel.isFull, !flush() { return }
    guard pace.nextFrame(at: now) <= now, acknowledgement.nextFrame(at: now) <= now else { return }
    if !evenWithInput, !wantsFrame { return }
    frameIsDue = false
    lastDraw = now
    terminal_guard_block(true)
    let (bytes, cells) = screen.draw(frame)
    channel.append(bytes)
    // Only of terminals that speak as ECMA-48 has it: others might show the question.
    if screen.description.movesAsMostDo, acknowledgement.asks(at: now) { channel.append(Acknowledgement.question) }
    flush()
    terminal_guard_block(false)
    lastFrameCost = FrameCost(
      cells: cells, bytes: bytes.count, microseconds: Int((steadyNanoseconds() - now) / 1000))
    totalCost.cells += cells
    totalCost.bytes += bytes.count
    totalCost.microseconds += lastFrameCost.microseconds
    frameCount += 1
  }

  /// Hands over what the terminal takes; whether it would take more.
  @discardableResult
  func flush() -> Bool {
    let accepted = channel.flush()
    pace.wrote(accepted, full: channel.isFull, at: steadyNanoseconds())
    return !channel.isFull
  }
}

/// The steady clock in nanoseconds.
func steadyNanoseconds() -> Int64 {
  var now = timespec()
  clock_gettime(CLOCK_MONOTONIC, &now)
  return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
}
