/// How fast a slow terminal takes what is written, and from that when the next frame may follow.
///
/// The kernel keeps some 15 kB between program and terminal, and does not say how full that is: at 10 kB a second it
/// hides more than a second of frames nobody wants any more. All that shows is when it is full. Between two such moments
/// the terminal took exactly what was written between them: that is its speed. From then on a frame is written only when
/// the one before must have been taken. Terminals that are fast never fill it for long, and are never slowed.
///
/// Times are nanoseconds of a steady clock.
struct OutputPace {
  /// What the kernel may hold at most, in bytes.
  static let capacity = 18_500.0
  /// Terminals faster than this empty the kernel's buffer before a person notices.
  static let fastEnough = 64_000.0
  /// Speeds below are taken for this one.
  private static let slowest = 500.0
  private static let caution = 0.85
  /// Seconds after which a frame is tried in any case.
  private static let longestWait = 3.0
  private static let second = 1_000_000_000.0

  /// The measured speed in bytes a second, while it matters.
  private(set) var speed: Double?
  /// When everything written will have been taken, by that speed.
  private var takenAt: Int64 = 0
  private var fullSince: Int64?
  private var acceptedSince = 0
  /// Since when the kernel's buffer has had room.
  private var roomSince: Int64?
  private var distrustedAt: Int64 = .max
  private var trust: Int64 = 10_000_000_000

  /// When the next frame may be written.
  mutating func nextFrame(at now: Int64) -> Int64 {
    guard speed != nil else { return now }
    // The terminal may have become fast. A pause long enough to be sure costs nothing; without one, look now and
    // then, ever more rarely, since looking means filling the buffer.
    if now > takenAt + 2_000_000_000 {
      self = OutputPace()
    } else if now > distrustedAt {
      let trust = min(trust * 2, 160_000_000_000)
      self = OutputPace()
      self.trust = trust
    }
    return speed == nil ? now : max(now, takenAt)
  }

  /// Notes a write: how many bytes were accepted, and whether that left the kernel's buffer full.
  mutating func wrote(_ bytes: Int, full: Bool, at now: Int64) {
    if let speed { takenAt = max(takenAt, now) + Int64(Double(bytes) / speed * Self.second) }
    // After a pause in writing, the buffer may have run empty: what was measured before no longer counts.
    if speed == nil, let roomSince, now - roomSince > 200_000_000 { fullSince = nil }
    roomSince = full ? nil : roomSince ?? now
    acceptedSince += bytes
    guard full else { return }
    guard let since = fullSince else {
      (fullSince, acceptedSince) = (now, 0)
      return
    }
    guard now - since >= 400_000_000 else { return }
    if let speed {
      // It filled nevertheless: the terminal is slower than thought.
      wait(atSpeed: max(Self.slowest, speed * 0.7), since: now)
    } else {
      let measured = Double(acceptedSince) * Self.second / Double(now - since)
      if measured < Self.fastEnough {
        // "Full" is known to within a few kilobytes. Rather somewhat too slow than a queue that grows unseen.
        wait(atSpeed: max(Self.slowest, measured * Self.caution), since: now)
        distrustedAt = now + trust
      }
    }
    (fullSince, acceptedSince) = (now, 0)
  }

  /// Adopts a speed, and lets the full buffer run empty; but never for so long that the screen seems dead.
  private mutating func wait(atSpeed speed: Double, since now: Int64) {
    self.speed = speed
    takenAt = now + Int64(min(Self.capacity / speed, Self.longestWait) * Self.second)
  }
}
