import Glibc
import Tensors

/// A moment from which the time that a training takes counts.
///
/// While a process is stopped (^Z, SIGSTOP) every clock of the system goes on but that of its processor time, and no signal
/// tells of all stops. So a long stretch in which it had next to no processor counts as what it worked.
struct RunningTime {
  private let began = monotonicSeconds()
  private let workedBefore = processorSeconds()
  /// Shorter stretches count whole.
  private static let shortestStop = 0.5
  /// Of a processor's time; a training that runs has more of it even beside many others.
  private static let leastShare = 0.03

  /// The seconds since, without those in which the process was stopped.
  var elapsed: Double {
    let passed = monotonicSeconds() - began
    guard passed >= Self.shortestStop else { return passed }
    let worked = processorSeconds() - workedBefore
    return worked < Self.leastShare * passed ? worked : passed
  }
}

/// The processor time of all threads of this process.
private func processorSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
