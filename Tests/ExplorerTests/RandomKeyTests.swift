import Canvas
import Terminal
import Testing

@testable import Explorer

@Suite struct RandomKeyTests {
  /// Keys of the table most of the time, any character else.
  private static let keys: [Key] = Array(Set(KeyTable.commands.flatMap(\.keys))).sorted { "\($0)" < "\($1)" }
  private static let renditions = [
    Rendition(), Rendition(colors: .mono, unicode: false), Rendition(colors: .ansi8), Rendition(colors: .direct),
  ]
  private static let sizes = [
    (1, 1), (59, 20), (60, 19), (60, 20), (80, 24), (100, 30), (120, 40), (171, 45), (250, 70), (300, 100), (0, 0),
  ]

  @Test(arguments: 1...20)
  func tenThousandKeysNeverCrashNeverLeaveAnUndrawableStateAndUndoLeadsBack(seed: Int) throws {
    var random = RandomSource(seed: UInt64(seed))
    var state =
      seed % 5 == 0
      ? Sample.training(120, 40)
      : Sample.state(120, 40, dimensions: [1, 2, 4, 12][seed % 4], withImages: seed % 2 == 0)
    let first = state.steering
    var caches = [ViewCache](repeating: ViewCache(), count: Self.renditions.count)
    for step in 0..<10_000 {
      let draw = Int(random.next() % 100)
      if draw < 84, let key = Self.keys.randomElement(using: &random) {
        _ = state.update(.key(key))
      } else if draw < 92 {
        _ = state.update(.key(Key(Unicode.Scalar(UInt8(32 + random.next() % 95)))))
      } else if draw < 94 {
        let size = Self.sizes[Int(random.next() % UInt64(Self.sizes.count))]
        _ = state.update(.resize(width: size.0, height: size.1))
      } else if draw < 96 {
        let actions: [MouseEvent.Action] = [.press, .drag, .release, .wheelUp, .wheelDown]
        _ = state.update(
          .mouse(
            MouseEvent(
              actions[Int(random.next() % 5)], button: .left, column: Int(random.next() % 260) - 5,
              row: Int(random.next() % 80) - 5)))
      } else if draw < 97, step % 3 == 0 {
        // News of the run beside, with codes or without.
        var subject = state.subject
        subject.generation += 1
        let cloud = step % 2 == 0 ? Sample.cloud(count: 40 + step % 60, dimensions: state.latentSize, id: step) : nil
        _ = state.update(.updated(subject, cloud))
        _ = state.update(.trainingChanged(Sample.report(step % 7 == 0 ? .paused : .running, epoch: 1 + step / 2_000)))
      } else if draw < 97 {
        _ = state.update(.paste("axes z1 q\u{1B}\n"))
      } else {
        _ = state.update(.tick)
      }
      state.ending = nil
      if step % 250 == 0 {
        Sample.render(&state)
        let choice = step / 250 % Self.renditions.count
        let rendition = Self.renditions[choice]
        let frame = view(state, rendition: rendition)
        // What is kept from frame to frame is never older than the state.
        #expect(view(state, rendition: rendition, cache: &caches[choice]) == frame)
        #expect(frame.width == state.size.width && frame.height == state.size.height)
        if !rendition.unicode { #expect(frame.cells.allSatisfy { $0.glyph.isASCII }) }
        if let cursor = frame.cursor {
          #expect(cursor.column >= 0 && cursor.column < max(1, frame.width) && cursor.row >= 0)
        }
      }
      #expect(state.code.allSatisfy { $0.isFinite })
    }
    while !state.past.isEmpty { _ = state.update(.undo) }
    #expect(state.steering == first)
  }
}
