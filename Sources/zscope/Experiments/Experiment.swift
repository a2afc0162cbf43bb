import LatentModels

/// A figure of a paper, of an issue or of the README, with the commands that print it: data, not code.
struct Experiment: Sendable {
  /// A run: `zscope train RUN ARGUMENTS --seed S`, called by its name alone, so that experiments can share it. `{NAME}` among the arguments is the run of an earlier training.
  struct Training: Sendable {
    let name: String
    let arguments: [String]

    init(_ name: String, _ arguments: String) {
      self.name = name
      self.arguments = arguments.split(separator: " ").map(String.init)
    }
  }

  /// What a figure must come to.
  enum Bound: Sendable, Hashable {
    case atLeast(Double)
    case atMost(Double)
    /// Nothing: it stands beside others.
    case none

    func isMet(by value: Double) -> Bool {
      switch self {
      case .atLeast(let least): value >= least
      case .atMost(let most): value <= most
      case .none: true
      }
    }
  }

  /// A number that comes of the runs of one seed.
  struct Figure: Sendable {
    /// What it is, with its unit.
    let name: String
    /// What the source has; nil where it has none.
    let published: Double?
    let bound: Bound
    /// The number; nil where the runs do not tell it.
    let value: @Sendable (ExperimentResults) throws -> Double?

    init(
      _ name: String, published: Double? = nil, _ bound: Bound = .none,
      _ value: @escaping @Sendable (ExperimentResults) throws -> Double?
    ) {
      self.name = name
      self.published = published
      self.bound = bound
      self.value = value
    }
  }

  /// What people type after `zscope reproduce`.
  let name: String
  /// What it shows, in a few words.
  let summary: String
  /// Author year, arXiv id.
  let source: String
  /// Minutes one seed takes on two cores that do nothing else.
  let minutes: Double
  let trainings: [Training]
  let figures: [Figure]

  /// The experiment of this name.
  static func named(_ name: String) -> Experiment? { all.first { $0.name == name } }
}
