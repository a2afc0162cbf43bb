/// A planned program: its memory is allocated once, a run allocates nothing. One owner at a time.
public final class Executable {
  /// Fills an input before a run.
  public func withInput(_ name: String, _ body: (UnsafeMutableBufferPointer<Float>) -> Void) {}
  /// Names the stored bytes and the rows of the next runs; the bytes must outlive them.
  public func bindImages(_ name: String, to bytes: UnsafePointer<UInt8>, rows: UnsafeBufferPointer<Int32>) {}
  /// Names the stored bytes and the rows of the next runs; the bytes must outlive them.
  public func bindImages(_ name: String, to bytes: UnsafePointer<UInt8>, rows: [Int32]) {}
  /// Changes a scalar.
  public func setScalar(_ name: String, _ value: Float) {}
  /// One training step, or a forward run on the store's weights.
  public func run(_ store: ParameterStore, seed: UInt64, step: UInt64, pool: WorkerPool) {}
  /// A forward run.
  public func run(_ parameters: Parameters, seed: UInt64, step: UInt64, pool: WorkerPool) {}
  /// Reads an output of the last run, row-major.
  public func withOutput<Result>(_ name: String, _ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows
    -> Result
  {
    try body(UnsafeBufferPointer(start: nil, count: 0))
  }
  /// A copy of an output of the last run.
  public func output(_ name: String) -> Tensor { Tensor(shape: []) }
}

extension Graph {
  /// Plans a forward-only program.
  public func compile(outputs: [String: Expression]) -> Executable { Executable() }
  /// Plans a training step: forward, backward and Adam in one program.
  public func compile(
    outputs: [String: Expression], minimizing loss: Expression, adam: AdamConfiguration
  ) -> Executable { Executable() }
}
