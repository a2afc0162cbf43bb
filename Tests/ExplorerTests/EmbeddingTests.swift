import Canvas
import Tensors
import Terminal
import Testing

@testable import Explorer

/// A layout by t-SNE that ends before it is whole.
extension EmbeddingTests {
  /// A state after keys of which the last asks for a layout, with the codes to be laid out.
  private func asked(_ keys: String) throws -> (state: State, cloud: CodeCloud) {
    var state = Sample.state(120, 40, dimensions: 4)
    state.training = Sample.training().training
    try Sample.press("tab \(keys)", &state)
    let effects = state.update(.key(try Key("E")))
    let cloud = try #require(embedded(by: effects))
    return (state, cloud)
  }

  private func embedded(by effects: [Effect]) -> CodeCloud? {
    effects.lazy.compactMap { effect -> CodeCloud? in if case .embed(let cloud) = effect { cloud } else { nil } }.first
  }

  private func report(_ fraction: Double, of cloud: CodeCloud, id: Int) -> Action {
    let places = (0..<2 * cloud.count).map { Float($0 % 25) }
    let layout = Tensor(shape: [cloud.count, 2], elements: places)
    return .embedded(CodeCloud(cloud, id: id, embedding: layout), of: cloud.id, fraction: fraction)
  }

  @Test func aLayoutThatWasGivenUpSaysHowFarItCameAndCanBeMadeWhole() throws {
    var (state, cloud) = try asked("")
    _ = state.update(report(0.56, of: cloud, id: 9))
    let effects = state.update(.key(try Key("escape")))
    #expect(effects.contains { if case .stopEmbedding = $0 { true } else { false } })
    #expect(state.message?.text == "t-SNE has stopped at 56 %: E lays out anew")
    state.message = nil
    #expect(view(state, rendition: Rendition()).plain().contains("t-SNE stopped at 56 %"))
    #expect(Account.of(state).contains("a layout by t-SNE, t-SNE stopped at 56 %"))
    let again = state.update(.key(try Key("E")))
    cloud = try #require(embedded(by: again))
    #expect(state.axisNames == "tsne1 × tsne2")
    _ = state.update(report(1, of: cloud, id: 10))
    _ = state.update(.embedded(nil, of: cloud.id, fraction: nil))
    #expect(state.layoutText == nil && state.isEmbedding)
    // What is whole is shown, or not.
    for names in ["z1 × z2", "tsne1 × tsne2"] {
      let none = state.update(.key(try Key("E")))
      #expect(embedded(by: none) == nil && state.axisNames == names)
    }
  }

  @Test(arguments: [true, false]) func aLayoutOfOlderWeightsStopsAloudAndTheAxesOfBeforeComeBack(hasReport: Bool) throws
  {
    var (state, cloud) = try asked("p")
    #expect(state.axisNames == "pc1 × pc2")
    if hasReport { _ = state.update(report(0.2, of: cloud, id: 9)) }
    let effects = state.update(.updated(state.subject, Sample.cloud(dimensions: 4, id: 20)))
    #expect(effects.contains { if case .stopEmbedding = $0 { true } else { false } })
    #expect(state.axisNames == "pc1 × pc2" && state.embedding == nil)
    #expect(state.message?.text == "t-SNE was of older weights and has stopped: P pauses the run, then E")
    // What comes late changes nothing.
    cloud = Sample.cloud(dimensions: 4)
    _ = state.update(report(0.4, of: cloud, id: 11))
    #expect(state.cloud?.id == 20 && state.layoutText == nil)
  }

  @Test func whatASessionReportsThatWasStoppedEndsNoOther() {
    let effects = Effects()
    let cloud = Sample.cloud(count: 20, dimensions: 4)
    let layout = Tensor(shape: [20, 2], filledWith: 1)
    let former = effects.embedder.number
    _ = effects.perform(.stopEmbedding)
    effects.mailbox.post(.layout(cloud, layout, fraction: 0.5, session: former))
    effects.mailbox.post(.laidOut(of: cloud, nil, problem: nil, session: former))
    #expect(effects.collect().isEmpty)
    effects.mailbox.post(.laidOut(of: cloud, nil, problem: nil, session: effects.embedder.number))
    #expect(effects.collect().count == 1)
  }
}
