import Testing

@testable import Terminal

@Suite struct OutputPaceTests {
  /// A terminal behind a kernel buffer, and a program that has a frame ready every 33 ms. Returns how much lay in the
  /// buffer whenever a frame was written after `settled` seconds, and how many frames were written.
  private func run(speed: Double, seconds: Double, frame: Double = 2300, settled: Double) -> (
    worst: Double, frames: Int
  ) {
    var pace = OutputPace()
    var (held, worst, frames, nextFrame) = (0.0, 0.0, 0, 0.0)
    var time = 0.0
    while time < seconds {
      held = max(0, held - speed * 0.001)
      let now = Int64(time * 1e9)
      if time >= nextFrame, held < 15_000, pace.nextFrame(at: now) <= now {
        nextFrame = time + 0.033
        if time > settled { worst = max(worst, held) }
        held += frame
        frames += 1
        pace.wrote(Int(frame), full: held > 15_000, at: now)
      }
      time += 0.001
    }
    return (worst, frames)
  }

  @Test func aSlowTerminalIsNeverMoreThanAFrameBehindOnceItsSpeedIsKnown() {
    let (worst, frames) = run(speed: 10_000, seconds: 9, settled: 3.5)
    #expect(worst <= 2300)
    // Nor is it left waiting: what it can take, it gets.
    #expect(Double(frames) * 2300 > 10_000 * 9 * 0.7)
  }

  @Test func aFastTerminalIsNeverSlowed() {
    #expect(run(speed: 1_000_000, seconds: 5, settled: 0).frames >= 145)
    #expect(run(speed: 1_000_000, seconds: 5, frame: 15_000, settled: 0).frames >= 140)
  }

  @Test func aTerminalThatStoodStillForAMomentIsNotTakenForSlow() {
    var pace = OutputPace()
    pace.wrote(15_000, full: true, at: 0)
    // Half a second later it reads everything at once, and goes on as before.
    for step in 0..<100 {
      let now = Int64(500_000_000 + step * 33_000_000)
      #expect(pace.nextFrame(at: now) == now)
      pace.wrote(2300, full: false, at: now)
    }
    #expect(pace.speed == nil)
  }

  @Test func aPauseForgetsTheSpeed() {
    var pace = OutputPace()
    for step in 0..<10 { pace.wrote(1000, full: true, at: Int64(step) * 100_000_000) }
    #expect(pace.speed != nil)
    let later: Int64 = 60_000_000_000
    #expect(pace.nextFrame(at: later) == later)
    #expect(pace.speed == nil)
  }
}
