import Analysis
import Datasets
import Tensors

/// Measures of some codes, computed beside the loop one after the other; each is told as soon as it is there. The codes are
/// those of the cloud, which are of images as the model sees them: the numbers are those of `zscope evaluate` on them.
struct Examination: Sendable {
  let cloud: CodeCloud
  /// Whether a run goes on beside it: then it takes few of the measures, and little of the time.
  let isFollowing: Bool
  /// Which of the measures that take turns come first.
  let turn: Int

  /// What is told, of which codes.
  struct News: Sendable {
    enum Event: Sendable {
      /// A measure is begun; so much is done.
      case begins(String, fraction: Double)
      case found(String, Insight.Finding.Outcome)
      /// All is done; the next round begins at this turn.
      case ended(turn: Int)
    }
    var codes: Int
    var event: Event
  }

  /// What panes are drawn from, and what they only list.
  private static let (first, others) = {
    let drawn = Set(PaneKind.all.flatMap(\.measures).map(\.name))
    return (Measure.all.filter { drawn.contains($0.name) }, Measure.all.filter { !drawn.contains($0.name) })
  }()

  /// While a run goes on: how many of the others are taken of a snapshot, how many codes are sampled, and the share of
  /// time that measuring may take, since the trainers wait for each other.
  private static let othersOfRound = 2
  private static let samplesOfRound = 500.0
  /// How many codes are sampled at rest: of ten thousand, a fifth tells as much as an eye can see, in a fifth of the time.
  private static let samplesAtRest = 2_000.0
  private static let share = 0.02

  private var measures: [Measure] {
    guard isFollowing else {
      return Self.first + Self.others.filter { !$0.isSlow } + Self.others.filter(\.isSlow)
    }
    let quick = Self.others.filter { !$0.isSlow }
    return Self.first + (0..<Self.othersOfRound).map { quick[(turn + $0) % quick.count] }
  }

  /// Computes the measures, until the task is cancelled.
  func run(_ tell: @Sendable (News) -> Void) async {
    func say(_ event: News.Event) { tell(News(codes: cloud.codesID, event: event)) }
    let measurement: Measurement
    do {
      measurement = try Self.measurement(of: cloud, samples: isFollowing ? Self.samplesOfRound : Self.samplesAtRest)
    } catch {
      for measure in measures { say(.found(measure.name, .problem("\(error)"))) }
      return say(.ended(turn: turn))
    }
    for (place, measure) in measures.enumerated() {
      guard !Task.isCancelled else { return }
      say(.begins(measure.name, fraction: Double(place) / Double(measures.count)))
      let begin = ContinuousClock.now
      do {
        say(.found(measure.name, .result(try measure.evaluate(measurement))))
      } catch is CancellationError {
        return
      } catch {
        say(.found(measure.name, .problem("\(error)")))
      }
      if isFollowing {
        try? await Task.sleep(for: (ContinuousClock.now - begin) / Self.share)
      } else {
        await Task.yield()
      }
    }
    guard !Task.isCancelled else { return }
    say(.ended(turn: turn + Self.othersOfRound))
  }

  /// One round of measures of codes, until the task is cancelled.
  static func measurement(of cloud: CodeCloud, samples: Double = samplesAtRest) throws -> Measurement {
    try Measurement(
      of: representation(cloud), settings: ["samples": samples], isCancelled: { Task.isCancelled })
  }

  /// The codes as measures take them: the columns that are numbers of their own (all where there is none), without
  /// variances where they were not trained.
  static func representation(_ cloud: CodeCloud) throws -> Representation {
    let chosen = cloud.columns.dimensions
    func columns(_ tensor: Tensor) -> Tensor { chosen.isEmpty ? tensor : tensor.choosing(columns: chosen) }
    let factors = cloud.images?.factors ?? []
    return try Representation(
      means: columns(cloud.means),
      logVariances: cloud.hasPosterior && !chosen.isEmpty ? columns(cloud.logVariances) : nil,
      labels: cloud.labels.isEmpty ? nil : cloud.labels, classNames: cloud.images?.classNames ?? [],
      factors: factors.filter { $0.values.count == cloud.count }, hasStandardNormalPrior: cloud.hasStandardPrior,
      dimensionNames: chosen.map(cloud.columns.name(ofColumn:)))
  }
}
