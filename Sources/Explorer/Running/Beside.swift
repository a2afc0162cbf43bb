import Dispatch

/// Runs work beside the loop, after a while if one is given. It may wait for disks and other processes, and scripts wait for
/// it in turn: so it takes a thread of Dispatch's, which makes as many as are needed, and none of the few on which tasks run.
func beside(after pause: Duration = .zero, _ work: @escaping @Sendable () -> Void) {
  guard pause > .zero else {
    DispatchQueue.global().async(execute: work)
    return
  }
  DispatchQueue.global().asyncAfter(deadline: .now() + pause / .seconds(1), execute: work)
}
