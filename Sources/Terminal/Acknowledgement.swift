/// What a terminal says of itself about how far it has come: a question goes after a frame, and its answer comes when
/// the frame has been shown.
///
/// Between the program and a terminal at the other end of a slow line lie buffers that nothing here can see into; by ssh
/// they hold seconds of frames nobody wants any more. Terminals since the VT100 answer a request for their status
/// (ECMA-48, DSR 5) in the order in which they read. Of one that has answered before, so few frames are under way that
/// the newest is never far behind; one that never answers is not waited for.
///
/// Times are nanoseconds of a steady clock.
struct Acknowledgement {
  /// The question: is all well?
  static let question: [UInt8] = Array("\u{1B}[5n".utf8)
  /// An answer that takes longer never comes.
  private static let patience: Int64 = 5_000_000_000
  /// When the questions were asked that have not been answered yet.
  private var open: [Int64] = []
  /// Whether the terminal has answered, and not failed to since.
  private(set) var isAnswering = false
  /// The shortest time an answer took: that of the way alone.
  private var shortest: Int64 = .max

  /// When the next frame may be drawn.
  func nextFrame(at now: Int64) -> Int64 {
    guard isAnswering, let oldest = open.first else { return now }
    // Before an answer can be here at all, a second frame may follow: a distant terminal would be left idle otherwise.
    if open.count == 1, now - oldest < shortest { return now }
    return max(now, oldest + Self.patience)
  }

  /// Notes that a frame is being drawn; whether the question goes after it. A terminal that has not answered the first
  /// one is not asked again.
  mutating func asks(at now: Int64) -> Bool {
    if isAnswering, let oldest = open.first, now - oldest >= Self.patience { self = Acknowledgement() }
    guard isAnswering || open.isEmpty else { return false }
    open.append(now)
    return true
  }

  /// Notes an answer.
  mutating func answered(at now: Int64) {
    guard !open.isEmpty else { return }
    isAnswering = true
    shortest = min(shortest, now - open.removeFirst())
  }

  /// Notes that the newest question never left.
  mutating func withdraw() { _ = open.popLast() }

  /// How long an answer that is still under way may be waited for before the terminal is given back, so that it does not
  /// end up as typing in the shell: nil where none is to be expected.
  func farewell(at now: Int64) -> Int64? {
    guard let last = open.last, isAnswering || now - last < 1_000_000_000 else { return nil }
    return isAnswering ? 300_000_000 : 150_000_000
  }
}
