import Tensors

/// t-distributed stochastic neighbour embedding (van der Maaten & Hinton 2008; trees: van der Maaten 2014,
/// arXiv:1301.3342): a plane in which points that are neighbours in many dimensions are neighbours too.
///
/// Distances between clusters, and their sizes, mean nothing. The same points, options and seed give the same layout bit
/// for bit, on any number of threads and any x86-64 processor: rows are computed each by itself, sums are taken in a
/// fixed order, and no instruction is used that only some processors have.
public enum TSNE {
  /// What decides a layout.
  public struct Options: Sendable, Hashable {
    /// The effective number of neighbours of a point: 2 to the entropy, in bits, of its affinities.
    public var perplexity: Double = 30
    /// Steps of gradient descent, the exaggerated ones among them.
    public var iterations: Int = 1000
    /// The factor on all affinities in the first steps, so that clusters form before they have room.
    public var exaggeration: Double = 12
    /// How many steps are exaggerated.
    public var exaggeratedIterations: Int = 250
    /// The step's length times the gradient dC/dy; nil is n / (4 · exaggeration), at least 50 (Belkina 2019; the
    /// gradient's factor 4 counted in, as scikit-learn does).
    public var learningRate: Double?
    /// Barnes and Hut's θ: a cell counts as one body where its side is less than θ times its distance. 0 is exact.
    public var angle: Double = 0.5
    /// Points of more dimensions are first projected on so many principal components.
    public var components: Int = 50
    /// Decides the jitter that tells equal points apart at the start.
    public var seed: UInt64 = 1
    /// Threads to compute with; the layout does not depend on it.
    public var threads: Int = WorkerPool.machineThreads
    /// A layout `[n, 2]` to go on from instead of the first two principal components.
    public var start: Tensor?

    /// The usual settings.
    public init() {}
  }

  /// What is being done.
  public enum Stage: String, Sendable, Hashable {
    /// Every point's neighbours are searched.
    case neighbours
    /// Gradient descent with exaggerated affinities.
    case exaggerated
    /// Gradient descent.
    case settling
    /// The layout is final.
    case done
  }

  /// Where a computation is. It is good only during the call it is handed to; `layout` is made when asked for.
  public struct Progress {
    /// What is being done.
    public let stage: Stage
    /// Steps of gradient descent that are done.
    public let iteration: Int
    /// Steps there will be.
    public let iterations: Int
    /// The share of all work that is done, in 0…1.
    public let fraction: Double
    let descent: Descent?

    /// The present layout `[n, 2]`, centred; nil while neighbours are searched.
    public var layout: Tensor? { descent?.layout }
    /// The present Kullback–Leibler divergence in nats, without exaggeration; nil while neighbours are searched. Takes
    /// about as long as a step.
    public var divergence: Double? { descent?.divergence }
  }

  /// A finished layout.
  public struct Result: Sendable {
    /// Coordinates `[n, 2]`, centred.
    public let layout: Tensor
    /// KL(P ‖ Q) in nats, summed over the pairs of neighbours, as scikit-learn's `kl_divergence_`.
    public let divergence: Double
    /// KL(P ‖ Q) of the layout that the descent began with.
    public let initialDivergence: Double
    /// Steps taken.
    public let iterations: Int
  }

  /// The fewest points that `perplexity` can be asked of: one, and three times as many neighbours.
  public static func fewestPoints(perplexity: Double) -> Int {
    let neighbours = (3 * max(1, perplexity)).rounded(.up)
    return neighbours < 1e15 ? Int(neighbours) + 1 : .max
  }

  /// The largest perplexity that so many points allow.
  public static func largestPerplexity(points: Int) -> Double { max(1, (Double(points - 1) / 3).rounded(.down)) }

  /// Lays out `points` `[n, dimensions]`, on the calling thread and the workers it starts.
  ///
  /// - Parameter progress: called after every part of the search for neighbours and every step; returning false stops.
  /// - Throws: `EmbeddingError` or `AnalysisError` for what cannot be laid out, and for a layout that diverges;
  ///   `CancellationError` when stopped.
  public static func run(
    points: Tensor, options: Options = Options(), progress: (Progress) -> Bool = { _ in true }
  ) throws -> Result {
    let descent = try Descent(points: points, options: options) { fraction in
      progress(
        Progress(
          stage: .neighbours, iteration: 0, iterations: options.iterations, fraction: fraction * neighbourShare,
          descent: nil))
    }
    let initialDivergence = descent.divergence
    while descent.iteration < options.iterations {
      try descent.step()
      let fraction = Double(descent.iteration) / Double(options.iterations)
      let stage: Stage =
        descent.iteration == options.iterations ? .done : descent.isExaggerated ? .exaggerated : .settling
      let goesOn = progress(
        Progress(
          stage: stage, iteration: descent.iteration, iterations: options.iterations,
          fraction: neighbourShare + (1 - neighbourShare) * fraction, descent: descent))
      guard goesOn else { throw CancellationError() }
    }
    let divergence = descent.divergence
    // Points that are finite, but so far from each other that no distance between them is.
    guard divergence.isFinite else { throw descent.divergedError }
    return Result(
      layout: descent.layout, divergence: divergence, initialDivergence: initialDivergence,
      iterations: descent.iteration)
  }

  /// About the part of a usual run that goes into neighbours.
  private static let neighbourShare = 0.08

  /// Throws where a setting is outside its range or the points are too few for it.
  static func check(_ options: Options, points: Int) throws {
    func require(_ holds: Bool, _ name: String, _ value: Any, _ allowed: String) throws {
      guard holds else { throw EmbeddingError.setting(name: name, value: "\(value)", allowed: allowed) }
    }
    try require(
      options.perplexity >= 1 && options.perplexity.isFinite, "the perplexity", options.perplexity, "1 or more")
    try require(1...1_000_000 ~= options.iterations, "the number of iterations", options.iterations, "1 to 1000000")
    try require(
      options.exaggeration >= 1 && options.exaggeration <= 1000, "the exaggeration", options.exaggeration, "1 to 1000")
    try require(
      options.exaggeratedIterations >= 0, "the number of exaggerated iterations", options.exaggeratedIterations,
      "0 or more")
    let rate = options.learningRate ?? 1
    try require(rate > 0 && rate <= 1e9, "the learning rate", rate, "above 0, up to 1e9")
    try require(options.angle >= 0 && options.angle <= 1, "the angle", options.angle, "0 to 1")
    try require(options.components >= 2, "the number of components", options.components, "2 or more")
    try require(points <= Quadtree.mostPoints, "the number of points", points, "up to \(Quadtree.mostPoints)")
    guard points >= fewestPoints(perplexity: options.perplexity) else {
      throw EmbeddingError.perplexityTooLarge(perplexity: options.perplexity, points: points)
    }
    if let start = options.start {
      guard start.shape == [points, 2], start.elements.allSatisfy(\.isFinite) else {
        throw EmbeddingError.start(shape: start.shape, points: points)
      }
    }
  }
}
