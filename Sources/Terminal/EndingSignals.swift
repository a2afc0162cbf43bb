import CTerminal

/// The signals that ask a program to end.
public enum EndingSignals {
  /// All that ends a program unless it says otherwise, and that is neither its own crash nor beyond its reach: ^C and
  /// SIGTERM, a lost terminal, a limit on its time, what a batch system sends, and those without a meaning of their own.
  public static let all: [Int32] = {
    var signals = [Int32](repeating: 0, count: Int(terminal_signal_count))
    let count = terminal_ending_signals(&signals)
    return Array(signals.prefix(Int(count)))
  }()
}
