import Glibc
import Synchronization
import Tensors

extension TSNE {
  /// What a layout that is being computed has come to.
  public struct Status: Sendable {
    /// What is being done; `done` comes once, last.
    public let stage: Stage
    /// Steps taken, of `iterations`.
    public let iteration: Int
    /// Steps there will be.
    public let iterations: Int
    /// The share of all work that is done, in 0…1.
    public let fraction: Double
    /// The layout `[n, 2]`; nil while neighbours are searched.
    public let layout: Tensor?
    /// KL(P ‖ Q) in nats; only of the final layout.
    public let divergence: Double?
  }

  /// How a computation ended without a layout, or that it goes on.
  public enum Ending: Sendable {
    /// It is finished; the last report holds the layout.
    case finished(Result)
    /// It was cancelled.
    case cancelled
    /// What was asked cannot be done; in words.
    case failed(String)
  }

  /// Starts a layout on a thread of its own and returns at once.
  ///
  /// - Parameters:
  ///   - interval: seconds between two reports, at least, so that whoever draws them keeps up.
  ///   - report: called on that thread with the newest layout, from the start on.
  ///   - ended: called once on that thread, after the last report.
  public static func start(
    points: Tensor, options: Options = Options(), interval: Double = 0.03,
    report: @escaping @Sendable (Status) -> Void, ended: @escaping @Sendable (Ending) -> Void = { _ in }
  ) -> Session {
    let session = Session()
    session.start {
      var last = -Double.infinity
      do {
        let result = try run(points: points, options: options) { progress in
          let now = monotonicSeconds()
          if now - last >= interval, progress.stage != .done {
            last = now
            report(
              Status(
                stage: progress.stage, iteration: progress.iteration, iterations: progress.iterations,
                fraction: progress.fraction, layout: progress.layout, divergence: nil))
          }
          return !session.isCancelled
        }
        report(
          Status(
            stage: .done, iteration: result.iterations, iterations: options.iterations, fraction: 1,
            layout: result.layout, divergence: result.divergence))
        ended(.finished(result))
      } catch is CancellationError {
        ended(.cancelled)
      } catch {
        ended(.failed("\(error)"))
      }
    }
    return session
  }

  /// A layout that is being computed. It goes on whether or not anybody holds this.
  public final class Session: Sendable {
    private let cancelled = Atomic(false)
    private let over = Mutex(false)

    fileprivate init() {}

    /// Stops it before its next step.
    public func cancel() { cancelled.store(true, ordering: .relaxed) }
    /// Whether it was asked to stop.
    public var isCancelled: Bool { cancelled.load(ordering: .relaxed) }
    /// Whether its thread has nothing left to do.
    public var isOver: Bool { over.withLock { $0 } }

    fileprivate func start(_ body: @escaping @Sendable () -> Void) {
      let work = Work { [self] in
        body()
        over.withLock { $0 = true }
      }
      var attributes = pthread_attr_t()
      pthread_attr_init(&attributes)
      pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
      defer { pthread_attr_destroy(&attributes) }
      var handle = pthread_t()
      let reference = Unmanaged.passRetained(work)
      let code = pthread_create(
        &handle, &attributes,
        { raw in
          guard let raw else { return nil }
          Unmanaged<Work>.fromOpaque(raw).takeRetainedValue().body()
          return nil
        }, reference.toOpaque())
      // Without a thread the caller's own has to do.
      if code != 0 { reference.takeRetainedValue().body() }
    }

    private final class Work: Sendable {
      let body: @Sendable () -> Void
      init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
  }
}
