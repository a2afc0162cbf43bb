import Testing
import TestRandom

@testable import Terminal

@Suite struct InputDecoderTests {
  private func events(_ text: String, decoder: InputDecoder = InputDecoder()) -> [TerminalEvent] {
    var decoder = decoder
    decoder.feed(Array(text.utf8))
    var events: [TerminalEvent] = []
    while let event = decoder.next() { events.append(event) }
    while let event = decoder.next(forcing: true) { events.append(event) }
    #expect(decoder.waiting == .nothing)
    return events
  }

  private func keys(_ text: String) -> [String] {
    events(text).map { if case .key(let key) = $0 { "\(key)" } else { "\($0)" } }
  }

  @Test(arguments: [
    ("j", "j"), ("é", "é"), ("漢", "漢"), (" ", "space"), ("\u{12}", "ctrl-r"), ("\u{0}", "ctrl-space"),
    ("\t", "tab"), ("\r", "enter"), ("\n", "enter"), ("\u{7F}", "backspace"), ("\u{8}", "backspace"),
    ("\u{1B}", "escape"), ("\u{1B}x", "alt-x"), ("\u{1B}\u{12}", "ctrl-alt-r"), ("\u{1B}\r", "alt-enter"),
    ("\u{1B}[A", "up"), ("\u{1B}OA", "up"), ("\u{1B}[1;2D", "shift-left"), ("\u{1B}[1;5C", "ctrl-right"),
    ("\u{1B}[1;3B", "alt-down"), ("\u{1B}[1;8H", "ctrl-alt-shift-home"), ("\u{1B}[3~", "delete"),
    ("\u{1B}[5;5~", "ctrl-page-up"), ("\u{1B}[Z", "shift-tab"), ("\u{1B}OP", "F1"), ("\u{1B}[15~", "F5"),
    ("\u{1B}[24;2~", "shift-F12"), ("\u{1B}[[A", "F1"), ("\u{1B}[1~", "home"), ("\u{1B}[7~", "home"),
    ("\u{1B}[a", "shift-up"), ("\u{1B}Oa", "ctrl-up"), ("\u{1B}[97;5u", "ctrl-a"), ("\u{1B}[27;5;9~", "ctrl-tab"),
    ("\u{1B}Or", "2"), ("\u{1B}OM", "enter"), ("\u{1B}\u{1B}[A", "alt-up"),
    ("\u{1B}O5A", "ctrl-up"), ("\u{1B}O1;5A", "ctrl-up"), ("\u{1B}[97;5:1u", "ctrl-a"), ("\u{1B}[97:65;2u", "A"),
    ("\u{1B}[113;65u", "Q"), ("\u{1B}[57417u", "left"), ("\u{1B}[57399;1u", "0"), ("\u{1B}[27;6;65~", "ctrl-a"),
    ("\u{1B}é", "alt-é"), ("\u{9B}A", "up"), ("\u{8F}P", "F1"), ("\u{1B}[1;129A", "up"),
  ])
  func bytesOfAKeyAreThatKey(_ bytes: String, _ name: String) {
    #expect(keys(bytes) == [name])
    #expect(keys("a" + bytes) == ["a", name])
  }

  @Test func aSequenceInPiecesIsTheSameKey() {
    var decoder = InputDecoder()
    for byte in Array("\u{1B}[1;2".utf8) {
      decoder.feed([byte])
      #expect(decoder.next() == nil)
      #expect(decoder.waiting != .nothing)
    }
    decoder.feed(Array("D".utf8))
    #expect(decoder.next() == .key(Key(.left, modifiers: .shift)))
    #expect(decoder.waiting == .nothing)
  }

  @Test func whatTheDescriptionNamesGoesFirst() {
    let decoder = InputDecoder(sequences: [Array("\u{1B}[11~".utf8): Key(.end), Array("\u{1B}q".utf8): Key(.insert)])
    #expect(events("\u{1B}[11~", decoder: decoder) == [.key(Key(.end))])
    #expect(events("\u{1B}q", decoder: decoder) == [.key(Key(.insert))])
    #expect(events("\u{1B}[11", decoder: decoder) == [])
  }

  @Test func reportsNobodyAskedForAreSwallowedWhole() {
    #expect(keys("\u{1B}[?62;22cj\u{1B}[0n\u{1B}[Ik") == ["j", "k"])
  }

  @Test func invalidUnicodeIsSwallowed() {
    var decoder = InputDecoder()
    decoder.feed([0xFF, 0xC3, 0x28, 0xE2, 0x82, 0x61, 0xC0, 0x80, 0xF5, 0xED, 0xA0, 0x80, 0x7A])
    var keys: [String] = []
    while case .key(let key)? = decoder.next() { keys.append("\(key)") }
    #expect(keys == ["(", "a", "z"])
  }

  @Test func mouseReportsOfBothFormsAreUnderstood() {
    #expect(events("\u{1B}[<0;10;5M") == [.mouse(MouseEvent(.press, button: .left, column: 9, row: 4))])
    #expect(events("\u{1B}[<2;300;90m") == [.mouse(MouseEvent(.release, button: .right, column: 299, row: 89))])
    #expect(
      events("\u{1B}[<48;1;1M").first
        == .mouse(MouseEvent(.drag, button: .left, column: 0, row: 0, modifiers: .control)))
    #expect(events("\u{1B}[<35;4;4M") == [.mouse(MouseEvent(.move, column: 3, row: 3))])
    #expect(events("\u{1B}[<65;4;4M") == [.mouse(MouseEvent(.wheelDown, column: 3, row: 3))])
    #expect(events("\u{1B}[M !\"") == [.mouse(MouseEvent(.press, button: .left, column: 0, row: 1))])
    #expect(events("\u{1B}[<0;0;5M\u{1B}[<0;5Mj") == [.key(Key("j" as Unicode.Scalar))])
  }

  @Test func aPasteIsOneEventHoweverItArrives() {
    let text = "\u{1B}[200~qqq\u{3}\u{1B}[A\u{1B}\n\u{1B}[201~j"
    let expected: [TerminalEvent] = [.paste("qqq\u{3}\u{1B}[A\u{1B}\n"), .key(Key("j" as Unicode.Scalar))]
    #expect(events(text) == expected)
    var decoder = InputDecoder()
    var got: [TerminalEvent] = []
    for byte in text.utf8 {
      decoder.feed([byte])
      while let event = decoder.next() { got.append(event) }
    }
    #expect(got == expected)
  }

  @Test func aPasteWithoutAnEndEndsWhenForced() {
    #expect(events("\u{1B}[200~abc") == [.paste("abc")])
  }

  @Test func aPasteIsCutAtTheLimit() {
    let long = String(repeating: "x", count: InputDecoder.longestPaste + 10)
    guard case .paste(let text)? = events("\u{1B}[200~\(long)\u{1B}[201~").first else {
      Issue.record("no paste")
      return
    }
    #expect(text.count == InputDecoder.longestPaste)
  }

  @Test func randomBytesInRandomPiecesLeaveNothingBehind() {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<50 {
      var decoder = InputDecoder(sequences: [Array("\u{1B}[11~".utf8): Key(.end)])
      var count = 0
      for _ in 0..<200 {
        let alphabet: [UInt8] = [27, 91, 59, 63, 60, 77, 109, 126, 65, 79, 50, 48, 49, 255, 195, 226, 40, 0, 117]
        decoder.feed(
          (0..<Int.random(in: 0...9, using: &generator)).map { _ in alphabet.randomElement(using: &generator) ?? 0 })
        while decoder.next() != nil { count += 1 }
      }
      while decoder.next(forcing: true) != nil { count += 1 }
      #expect(decoder.waiting == .nothing)
      #expect(count > 0)
    }
  }

  @Test func ofAMovementOnlyItsEndStaysInTheQueue() {
    var queue = EventQueue()
    let button = MouseEvent.Button.left
    queue.push(.mouse(MouseEvent(.press, button: button, column: 0, row: 0)))
    for column in 1...5 { queue.push(.mouse(MouseEvent(.drag, button: button, column: column, row: 0))) }
    queue.push(.mouse(MouseEvent(.release, button: button, column: 5, row: 0)))
    #expect(queue.pop() == .mouse(MouseEvent(.press, button: button, column: 0, row: 0)))
    #expect(queue.pop() == .mouse(MouseEvent(.drag, button: button, column: 5, row: 0)))
    #expect(queue.pop() == .mouse(MouseEvent(.release, button: button, column: 5, row: 0)))
    #expect(queue.pop() == nil)
  }
}
