import Glibc
import Synchronization
import Tensors

/// Splits n rows into chunks of few sizes, so that few programs are ever compiled.
struct Chunks: Sequence, IteratorProtocol {
  // Larger batches are slower: their activations no longer stay in a core's cache.
  private static let sizes = [1, 4, 16, 64, 256]
  private var start = 0
  private let count: Int

  init(_ count: Int) { self.count = count }

  /// The rows of the next chunk, and the batch of the program that takes it (at most twice as many).
  mutating func next() -> (range: Range<Int>, batch: Int)? {
    let left = count - start
    guard left > 0 else { return nil }
    let fitting = Self.sizes.last { $0 <= left } ?? 1
    let covering = Self.sizes.first { $0 >= left } ?? fitting
    let batch = 2 * left >= covering ? covering : fitting
    let range = start..<start + Swift.min(batch, left)
    start = range.upperBound
    return (range, batch)
  }
}

/// A compiled program and its batch. One owner at a time: the pool hands it out and takes it back.
struct PooledProgram: @unchecked Sendable {
  // Unchecked: an executable has one owner at a time, and the pool's lock passes it from one to the next.
  private let executable: Executable
  let batch: Int

  init(_ executable: Executable, batch: Int) {
    self.executable = executable
    self.batch = batch
  }

  func withInput(_ name: String, _ body: (UnsafeMutableBufferPointer<Float>) -> Void) {
    executable.withInput(name, body)
  }

  func bindImages(_ name: String, to bytes: UnsafePointer<UInt8>, rows: UnsafeBufferPointer<Int32>) {
    executable.bindImages(name, to: bytes, rows: rows)
  }

  /// Fills the first rows of an input `[batch, values]` with one-hot rows of these values, zeros where one is −1.
  func mark(_ name: String, _ values: ArraySlice<Int32>) { executable.mark(name, values, rows: batch) }

  /// A forward run; small ones stay on the calling thread, where waking others would cost more than it gains.
  func run(_ parameters: Parameters, seed: UInt64 = 0, step: UInt64 = 0) {
    guard batch >= 32 else { return executable.run(parameters, seed: seed, step: step, pool: .inline) }
    SharedWorkers.withPool { executable.run(parameters, seed: seed, step: step, pool: $0) }
  }

  /// Copies the rows of an output into the rows `range` of `tensor`; surplus rows of the program are dropped.
  func copy(_ name: String, to tensor: inout Tensor, _ range: Range<Int>) {
    let columns = tensor.rowCount
    executable.withOutput(name) { output in
      tensor.withUnsafeMutableBufferPointer { target in
        guard let source = output.baseAddress, let start = target.baseAddress else { return }
        start.advanced(by: range.lowerBound * columns).update(from: source, count: range.count * columns)
      }
    }
  }
}

/// The process's worker threads for models: whoever finds them busy computes alone instead of waiting.
enum SharedWorkers {
  private static let pool = WorkerPool(threads: max(1, min(8, sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
  private static let isBusy = Atomic(false)

  static func withPool<Result>(_ body: (WorkerPool) throws -> Result) rethrows -> Result {
    guard !isBusy.exchange(true, ordering: .acquiring) else { return try body(.inline) }
    defer { isBusy.store(false, ordering: .releasing) }
    return try body(pool)
  }
}

/// Compiled programs of every architecture in use, shared by all models of it.
final class ProgramPool: Sendable {
  /// What a program computes.
  enum Kind: Hashable {
    case encodeFloats
    /// The same of images whose property is known.
    case encodeFloatsBeside
    case encodeBytes(PixelTreatment)
    /// Images whose property is known.
    case encodeBytesBeside(PixelTreatment)
    case decode
  }

  private struct Key: Hashable {
    let model: ModelConfiguration
    let kind: Kind
    let batch: Int
  }

  static let shared = ProgramPool()
  /// So many idle programs are kept in all: beyond, an explorer of many models would hold memory for none.
  private static let largestIdle = 64

  private let idle = Mutex<[Key: [PooledProgram]]>([:])

  /// Lends a program, compiling it if none is idle.
  func withProgram<Result>(
    _ model: ModelConfiguration, _ kind: Kind, batch: Int, _ body: (PooledProgram) throws -> Result
  ) rethrows -> Result {
    let key = Key(model: model, kind: kind, batch: batch)
    let program = idle.withLock { $0[key]?.popLast() } ?? Self.compile(key)
    defer {
      idle.withLock { idle in
        if idle.values.reduce(0, { $0 + $1.count }) >= Self.largestIdle { idle.removeAll() }
        idle[key, default: []].append(program)
      }
    }
    return try body(program)
  }

  private static func compile(_ key: Key) -> PooledProgram {
    let graph = Graph()
    let programs = key.model.programs()
    func encoder(_ images: Expression, sensitive: Expression? = nil) -> [String: Expression] {
      let posterior = sensitive.map { programs.posterior(images, sensitive: $0) } ?? programs.posterior(images)
      var outputs = ["mean": posterior.mean, "logVariance": posterior.logVariance]
      if let logits = programs.classLogits(images) { outputs["classes"] = logits.softmax(axis: -1) }
      return outputs
    }
    let floats = { graph.input("x", shape: [key.batch, key.model.pixelCount]) }
    let sensitive = {
      key.model.attribute.map { graph.input(Recording.Input.sensitive, shape: [key.batch, $0.valueNames.count]) }
    }
    let outputs: [String: Expression] =
      switch key.kind {
      case .encodeFloats: encoder(floats())
      case .encodeFloatsBeside: encoder(floats(), sensitive: sensitive())
      case .encodeBytes(let treatment):
        encoder(graph.images("x", shape: [key.batch, key.model.pixelCount], treatment: treatment))
      case .encodeBytesBeside(let treatment):
        encoder(
          graph.images("x", shape: [key.batch, key.model.pixelCount], treatment: treatment), sensitive: sensitive())
      case .decode: ["image": programs.expectedImage(graph.input("z", shape: [key.batch, programs.variables.width]))]
      }
    return PooledProgram(graph.compile(outputs: outputs), batch: key.batch)
  }
}
