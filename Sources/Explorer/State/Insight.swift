import Analysis

/// What measures have told of the codes that are shown, and which are still being computed.
struct Insight: PaneState {
  /// What a measure found.
  struct Finding: Sendable {
    enum Outcome: Sendable {
      case result(MeasureResult)
      /// Why there is none, in words.
      case problem(String)
    }
    var outcome: Outcome
    /// The codes it was found in.
    var codes: Int

    var result: MeasureResult? { if case .result(let result) = outcome { result } else { nil } }
  }

  /// Measures under way.
  struct Work: Sendable {
    /// The codes that are measured.
    var codes: Int
    /// Whether their run goes on, so that only some measures are taken of each snapshot.
    var isFollowing: Bool
    /// The measure that is being computed, and the share of them that is done.
    var measure = ""
    var fraction = 0.0
  }

  /// What was found, by the measures' names.
  private(set) var findings: [String: Finding] = [:]
  private(set) var work: Work?
  /// Whether a person ended it: it begins again when asked to.
  private(set) var isStopped = false
  /// The codes of which everything is known.
  private(set) var knownCodes: Int?
  /// The model and the data that were measured: nothing found of others means anything.
  private var place: Place?
  /// Where the next round of a run that goes on begins among the measures that take turns.
  private var turn = 0

  /// Where panes that are longer than their room begin.
  var offsets: [Pane: Int] = [:]
  /// The dimension that the selected one is compared with.
  var partner = 0

  private struct Place: Hashable {
    var model: String?
    var latentSize: Int
    var source: String
  }

  init() {}

  /// What a measure found in the codes; nil before it has.
  func result(_ measure: String) -> MeasureResult? { findings[measure]?.result }

  /// Whether a finding is of codes that are no longer those shown.
  func isOlder(_ finding: Finding, than cloud: CodeCloud?) -> Bool { finding.codes != cloud?.codesID }

  /// What to do about the codes shown now.
  fileprivate mutating func ask(_ cloud: CodeCloud?, model: String?, latentSize: Int, isTraining: Bool) -> [Effect] {
    let isBusy = work != nil
    let place = cloud.map { Place(model: model, latentSize: latentSize, source: $0.source) }
    if let place, place != self.place {
      self.place = place
      (findings, knownCodes, isStopped, partner, offsets) = ([:], nil, false, 0, [:])
      work = nil
    }
    guard let cloud, cloud.count > 1 else {
      work = nil
      return isBusy ? [.stopExamining] : []
    }
    guard !isStopped, knownCodes != cloud.codesID else { return [] }
    if let work {
      // A round of a run that goes on is brought to its end, or no measure ever would be.
      guard work.codes != cloud.codesID, !(work.isFollowing && isTraining) else { return [] }
    }
    work = Work(codes: cloud.codesID, isFollowing: isTraining)
    return [.examine(Examination(cloud: cloud, isFollowing: isTraining, turn: turn))]
  }

  /// Takes in what an examination tells.
  fileprivate mutating func take(_ news: Examination.News) {
    guard work?.codes == news.codes else { return }
    switch news.event {
    case .begins(let measure, let fraction):
      work?.measure = measure
      work?.fraction = fraction
    case .found(let measure, let outcome): findings[measure] = Finding(outcome: outcome, codes: news.codes)
    case .ended(let turn):
      if work?.isFollowing == false { knownCodes = news.codes }
      self.turn = turn
      work = nil
    }
  }

  fileprivate mutating func stop() {
    work = nil
    isStopped = true
  }

  fileprivate mutating func begin() {
    isStopped = false
    knownCodes = nil
  }
}

extension State {
  var insight: Insight { panes[Insight.self] }

  /// Has the codes measured that are shown now, unless that is done or under way.
  mutating func askForInsight() -> [Effect] {
    panes[Insight.self].ask(
      cloud, model: subject.place, latentSize: latentSize, isTraining: training?.isMoving == true)
  }

  mutating func take(_ news: Examination.News) -> [Effect] {
    panes[Insight.self].take(news)
    return []
  }

  /// Ends what is being measured; nil where nothing is.
  mutating func stopInsight() -> [Effect]? {
    guard insight.work != nil, ScreenKind.named(screen)?.bringsForth == true else { return nil }
    panes[Insight.self].stop()
    message = .note("the measures have stopped: n goes on")
    return [.stopExamining]
  }

  /// Why the codes at hand cannot be measured; nil where they can.
  var reasonNotToMeasure: Message? {
    codesAbsence ?? shortage(ofCodes: 2, "one code tells nothing of how codes are spread")
  }

  /// Whether a measure of the codes at hand is still to be found.
  func awaits(_ measure: String) -> Bool { reasonNotToMeasure == nil && insight.findings[measure] == nil }

  /// Measures anew, or goes on after a stop.
  mutating func measureAgain() -> [Effect] {
    if let reasonNotToMeasure {
      message = reasonNotToMeasure
      return []
    }
    guard insight.work == nil else {
      message = .note("the codes are being measured: Esc stops")
      return []
    }
    panes[Insight.self].begin()
    return []
  }

  /// The place of a column of the code among those that were measured.
  func measuredPlace(of column: Int) -> Int? { subject.columns.dimensions.firstIndex(of: column) }
}
