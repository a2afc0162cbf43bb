import TerminalHarness
import Testing

@testable import Terminal

@Suite struct AcknowledgementTests {
  private static let millisecond: Int64 = 1_000_000

  @Test func aTerminalThatNeverAnswersIsAskedOnceAndNeverWaitedFor() {
    var acknowledgement = Acknowledgement()
    let asks = acknowledgement.asks(at: 0)
    #expect(asks)
    for step in 1...1000 {
      let now = Int64(step) * 33 * Self.millisecond
      #expect(acknowledgement.nextFrame(at: now) == now)
      let asks = acknowledgement.asks(at: now)
      #expect(!asks)
    }
  }

  /// A program that has a frame of 2,300 bytes ready every 33 ms, and a terminal that answers when it has read it: so
  /// long after the frame has come, and so many bytes a second. Returns how many frames were under way at most.
  private func run(delay: Double, speed: Double) -> (most: Int, frames: Int) {
    var acknowledgement = Acknowledgement()
    _ = acknowledgement.asks(at: 0)
    acknowledgement.answered(at: Int64(delay * 1e9) + 1)
    var (answers, most, frames, free): ([Double], Int, Int, Double) = ([], 0, 0, 0)
    for step in 0..<600 {
      let time = delay + 0.033 * Double(step + 1)
      while let first = answers.first, first <= time {
        acknowledgement.answered(at: Int64(first * 1e9))
        answers.removeFirst()
      }
      let now = Int64(time * 1e9)
      guard acknowledgement.nextFrame(at: now) <= now else { continue }
      _ = acknowledgement.asks(at: now)
      free = max(free, time) + 2300 / speed
      answers.append(free + delay)
      frames += 1
      most = max(most, answers.count)
    }
    return (most, frames)
  }

  @Test func ofASlowTerminalThatAnswersOneFrameIsUnderWayAtMost() {
    let (most, frames) = run(delay: 0.001, speed: 10_000)
    #expect(most == 1)
    // As soon as one has been shown, the next one goes: what it can take, it gets.
    #expect(Double(frames) * 2300 > 10_000 * 0.033 * 600 * 0.8)
  }

  @Test func aDistantTerminalHasTwoFramesUnderWay() {
    let (most, frames) = run(delay: 0.3, speed: 1e9)
    #expect(most == 2)
    #expect(frames >= 600 * 33 / 300)
  }

  @Test func aTerminalThatStopsAnsweringIsNotWaitedForLongerThanFiveSeconds() {
    var acknowledgement = Acknowledgement()
    _ = acknowledgement.asks(at: 0)
    acknowledgement.answered(at: 50 * Self.millisecond)
    let sent = 500 * Self.millisecond
    let asksThen = acknowledgement.asks(at: sent)
    #expect(asksThen)
    let next = acknowledgement.nextFrame(at: 600 * Self.millisecond)
    #expect(next == sent + 5000 * Self.millisecond)
    let asks = acknowledgement.asks(at: next)
    #expect(asks)
    #expect(!acknowledgement.isAnswering)
    #expect(acknowledgement.nextFrame(at: next + 1) == next + 1)
  }

  @Test func anAnswerIsNoKey() {
    var decoder = InputDecoder()
    decoder.feed(Array("a\u{1B}[0nb".utf8))
    let events = (0..<3).map { _ in decoder.next() }
    #expect(events == [.key(Key(.character("a"))), .key(Key(.character("b"))), nil])
    let answers = (0..<2).map { _ in decoder.takeAnswers() }
    #expect(answers == [1, 0])
  }

  /// A reader that takes 10 kB a second and answers what it has read, as a terminal behind a slow line does.
  @Test(arguments: Program.all)
  func aSlowTerminalThatAnswersIsAFrameBehindAtMostHoweverShortlyAKeyIsHeld(_ program: Program) throws {
    // How large a frame of a step is, where nothing is slow.
    let fast = try PseudoTerminal(program)
    fast.read(quiet: 0.3)
    var frame = 2500
    for _ in 0..<5 {
      let before = fast.output.count
      fast.type(program.step)
      fast.read(quiet: 0.3)
      frame = max(frame, fast.output.count - before)
    }
    for count in [5, 10, 20, 40] {
      let terminal = try PseudoTerminal(program)
      terminal.answersStatus = true
      terminal.read(quiet: 0.3)
      terminal.readingSpeed = 10_000
      terminal.hold(count, program.step)
      let released = terminal.output.count
      terminal.read(quiet: 1, limit: 5)
      // What is under way and the last frame. Where the machine has much to do answers take long, and two are under way.
      #expect(terminal.output.count - released <= 3 * frame, "after \(count) keys")
    }
  }

  @Test(arguments: Program.all, [false, true])
  func anAnswerUnderWayAtTheEndDoesNotReachTheShell(_ program: Program, isAtOnce: Bool) throws {
    let terminal = try PseudoTerminal(program)
    terminal.answersStatus = true
    if isAtOnce { _ = terminal.read { !$0.output.isEmpty } } else { terminal.read(quiet: 0.3) }
    terminal.type(program.step(0))
    terminal.type("q")
    #expect(terminal.read(limit: 5) { $0.ending != nil })
    #expect(terminal.typedAhead.isEmpty)
  }
}
