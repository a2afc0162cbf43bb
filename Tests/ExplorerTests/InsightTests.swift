import Canvas
import LatentModels
import Synchronization
import Terminal
import Testing

@testable import Explorer

@Suite struct InsightTests {
  /// What an examination tells, in order.
  private static func news(of examination: Examination) async -> [Examination.News] {
    let told = Mutex<[Examination.News]>([])
    await examination.run { news in told.withLock { $0.append(news) } }
    return told.withLock { $0 }
  }

  /// The examinations that are asked for.
  private static func examinations(_ effects: [Effect]) -> [Examination] {
    effects.compactMap { if case .examine(let examination) = $0 { examination } else { nil } }
  }

  private static func take(_ news: [Examination.News], _ state: inout State) -> [Effect] {
    news.flatMap { news in state.update(.perform { $0.take(news) }) }
  }

  /// What is told of the sample's codes, by whether they have a posterior: computed once for all tests.
  private static let known = [true, false].map { hasPosterior in
    Task {
      await news(
        of: Examination(cloud: Sample.cloud(dimensions: 4, hasPosterior: hasPosterior), isFollowing: false, turn: 0))
    }
  }

  /// A state on the insight screen whose codes have been measured.
  private static func measured(
    _ width: Int, _ height: Int, hasPosterior: Bool = true
  ) async throws -> State {
    var state = Sample.state(width, height, dimensions: 4, hasPosterior: hasPosterior)
    #expect(examinations(state.update(.key(try Key("I")))).count == 1)
    _ = take(await known[hasPosterior ? 0 : 1].value, &state)
    Sample.render(&state)
    return state
  }

  @Test(arguments: [
    ("insight-60x20", 60, 20, Rendition()), ("insight-80x24", 80, 24, Rendition()),
    ("insight-120x40", 120, 40, Rendition()), ("insight-200x60", 200, 60, Rendition()),
    ("insight-120x40-ascii", 120, 40, Rendition(colors: .mono, unicode: false)),
    ("insight-120x40-light", 120, 40, Rendition(appearance: Appearance(ground: .light))),
  ]) func theInsightScreen(name: String, width: Int, height: Int, rendition: Rendition) async throws {
    var state = try await Self.measured(width, height)
    try Sample.press("down", &state)
    Fixture.expect(state, rendition, name)
  }

  @Test(arguments: [Pane.dimensions, .scatters, .correlations, .measures, .spectrum])
  func enterOpensEveryPaneLargeAndEscClosesIt(pane: Pane) async throws {
    for (width, height) in [(60, 20), (120, 40)] {
      var state = try await Self.measured(width, height)
      for _ in 0..<8 where state.focus != pane { try Sample.press("tab", &state) }
      try #require(state.focus == pane)
      let before = try #require(state.layout?.panes[pane])
      try Sample.press("enter", &state)
      let large = try #require(state.layout?.panes[pane])
      #expect(state.layout?.panes[.digit] != nil && large.height == height - 2 && large.height >= before.height)
      try Sample.press("escape", &state)
      #expect(state.layout?.panes[pane] == before)
    }
  }

  @Test func theMatrixOfScattersFollowsTheSelectionAndItsPartner() throws {
    var state = Sample.state(120, 40, dimensions: 40)
    try Sample.press("I", &state)
    let inside = Rectangle(column: 0, row: 0, width: 50, height: 20)
    let ranking = ScatterMatrix.ranking(state, inside)
    #expect(ScatterMatrix(state, inside).columns.count == 5)
    for place in [0, 7, 20, 39] {
      for other in [0, 3, 38] {
        state.selection = .dimension(ranking[place])
        _ = state.update(.comparePartner(ranking[other]))
        let columns = ScatterMatrix(state, inside).columns
        #expect(columns.count == 5 && columns.contains(ranking[place]) && columns.contains(ranking[other]))
        #expect(columns == ranking.filter(columns.contains))
      }
    }
  }

  @Test func theAccountNamesThePairThatIsCompared() async throws {
    var state = try await Self.measured(120, 40)
    let before = Account.lines(state)
    _ = state.update(.comparePartner(state.order[1]))
    let news = Account.changes(from: before, to: Account.lines(state))
    #expect(news.contains { $0.hasPrefix("Compared: z1 with z2, correlation ") }, "\(news)")
    try Sample.press("enter", &state)
    #expect(Account.of(state).contains("Large: "))
  }

  @Test func tabLeadsToPanesThatAreFoldedAway() async throws {
    var state = try await Self.measured(60, 20)
    var seen: Set<Pane> = []
    for _ in 0..<8 {
      seen.insert(state.focus)
      #expect(state.layout?.panes[state.focus] != nil)
      try Sample.press("tab", &state)
    }
    #expect(seen.isSuperset(of: [.dimensions, .scatters, .correlations, .measures, .spectrum]))
  }

  @Test func codesAreMeasuredOnceAndOtherCodesAnew() async throws {
    var state = Sample.state(120, 40, dimensions: 3)
    let first = Self.examinations(state.update(.key(try Key("I"))))
    #expect(first.count == 1)
    #expect(Self.examinations(state.update(.key(try Key("down")))).isEmpty)
    #expect(Self.examinations(Self.take(await Self.news(of: first[0]), &state)).isEmpty)
    #expect(state.insight.work == nil && state.insight.findings.count > 20)
    #expect(Self.examinations(state.update(.key(try Key("up")))).isEmpty)
    let other = Self.examinations(state.update(.updated(state.subject, Sample.cloud(dimensions: 3, id: 2))))
    #expect(other.map(\.cloud.id) == [2])
    // What comes late of codes that are gone is dropped.
    _ = Self.take([.init(codes: 1, event: .ended(turn: 0))], &state)
    #expect(state.insight.work?.codes == 2)
  }

  @Test func escStopsAndNGoesOn() throws {
    var state = Sample.state(120, 40, dimensions: 3)
    _ = state.update(.key(try Key("I")))
    let effects = state.update(.key(try Key("escape")))
    #expect(effects.contains { if case .stopExamining = $0 { true } else { false } })
    #expect(Self.examinations(effects).isEmpty && state.insight.isStopped)
    #expect(Self.examinations(state.update(.key(try Key("n")))).count == 1)
  }

  @Test func aCancelledExaminationEndsSoonAndTellsNoEnd() async {
    let examination = Examination(cloud: Sample.cloud(count: 3000, dimensions: 6), isFollowing: false, turn: 0)
    let task = Task { await Self.news(of: examination) }
    task.cancel()
    let told = await task.value
    #expect(!told.contains { if case .ended = $0.event { true } else { false } })
  }

  @Test func whileTrainingARoundIsEndedBeforeTheNextTakesTheNewestCodes() throws {
    var state = Sample.training(120, 40)
    let first = Self.examinations(state.update(.key(try Key("I"))))
    #expect(first.first?.isFollowing == true)
    for id in 2...4 {
      let effects = state.update(.updated(state.subject, Sample.cloud(id: id)))
      #expect(Self.examinations(effects).isEmpty)
    }
    let next = Self.take([.init(codes: 1, event: .ended(turn: 2))], &state)
    #expect(Self.examinations(next).map(\.cloud.id) == [4])
    #expect(Self.examinations(next).first?.turn == 2)
  }

  @Test func theNumbersOfBarsAreThoseOfTheirMeasures() async throws {
    let state = try await Self.measured(200, 60)
    let table = try #require(state.insight.result("class-information")?.table("I(y; z_d)"))
    let text = view(state, rendition: Rendition()).plain()
    #expect(text.contains(Numbers.fixed(table.values[0], 2)))
    #expect(text.contains("r(z1, z1)") && text.contains("PCA spectrum") && text.contains("inactive"))
    let words = Account.of(state)
    #expect(words.contains("Dimension z1: divergence") && words.contains("inactive: "))
    #expect(words.contains("Measures: ") && words.contains("PCA spectrum: "))
    #expect(words.contains("Correlations of the means, strongest: "))
  }

  @Test func anAutoencodersBarsAreVariances() async throws {
    let state = try await Self.measured(120, 40, hasPosterior: false)
    #expect(DimensionQuantity.all(state).map(\.title) == ["Var μ_d"])
    let text = view(state, rendition: Rendition()).plain()
    #expect(text.contains("Var μ_d") && text.contains("what each dimension tells ") && !text.contains("tells, nats"))
    let words = Account.lines(state).filter { $0.hasPrefix("Dimension z") }
    #expect(words.count == 4 && words.allSatisfy { $0.contains("variance of the mean ") && !$0.contains("nats") })
  }

  @Test func theKeysOfPanesSaySomethingInEveryWindow() async throws {
    var state = try await Self.measured(80, 24)
    for key in ["down", "right", "enter", "tab", "right", "down", "tab", "down*30", "up*40", "tab", "x", "I", "escape"]
    {
      try Sample.press(key, &state)
      #expect(view(state, rendition: Rendition()).width == 80)
    }
  }

  @Test func withoutCodesEveryPaneSaysWhatBringsSome() throws {
    var state = Sample.state(120, 40, dimensions: 4)
    _ = state.update(.opened(Opening(subject: state.subject, cloud: nil)))
    let effects = state.update(.key(try Key("I")))
    #expect(Self.examinations(effects).isEmpty)
    #expect(view(state, rendition: Rendition()).plain().contains(":data "))
  }

  @Test func ofOneCodeNothingIsMeasuredAndThatIsSaid() throws {
    var state = Sample.state(120, 40, dimensions: 3)
    _ = state.update(.updated(state.subject, Sample.cloud(count: 1, dimensions: 3, id: 2)))
    #expect(Self.examinations(state.update(.key(try Key("I")))).isEmpty)
    let screen = view(state, rendition: Rendition()).plain()
    #expect(screen.contains("one code tells") && !screen.contains("no codes"), "\(screen)")
    #expect(!state.awaits("dimension-information") && !Account.of(state).contains("not measured yet"))
    try Sample.press("n", &state)
    #expect(state.message?.text.contains("one code tells nothing") == true)
  }
}
