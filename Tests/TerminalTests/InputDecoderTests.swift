import Canvas
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

  /// Control functions of ECMA-48 and of terminals people use, none of which is a key here.
  private struct Grammar {
    var generator: SeededGenerator
    mutating func bytes(_ range: ClosedRange<UInt8>, _ count: ClosedRange<Int>) -> [UInt8] {
      (0..<Int.random(in: count, using: &generator)).map { _ in UInt8.random(in: range, using: &generator) }
    }
    /// A control function, in its 7-bit form, raw in 8 bits, or with these in UTF-8.
    mutating func introducer(_ seven: Character) -> [UInt8] {
      let code = (seven.asciiValue ?? 0) + 0x40
      return switch Int.random(in: 0..<3, using: &generator) {
      case 0: [0x1B, code - 0x40]
      case 1: [code]
      default: [0xC2, code]
      }
    }
    mutating func function() -> [UInt8] {
      switch Int.random(in: 0..<8, using: &generator) {
      case 0, 1:
        // Private parameters and intermediate bytes are reports; of any length.
        let marked = bytes(0x3D...0x3F, 1...1) + bytes(0x30...0x3B, 0...(Bool.random(using: &generator) ? 9 : 300))
        return introducer("[") + marked + bytes(0x20...0x2F, 0...2) + bytes(0x40...0x7E, 1...1)
      case 2:
        // Reports without: of the cursor, of the window, of states.
        let numbers = (0..<Int.random(in: 2...5, using: &generator)).map { _ in
          String(Int.random(in: 2...300, using: &generator))
        }
        let finals = Array("RtynchqrIO".utf8)
        return introducer("[") + Array(numbers.joined(separator: ";").utf8) + bytes(0x21...0x2F, 1...1)
          + [finals.randomElement(using: &generator) ?? 0x74]
      case 3, 4, 5:
        let begin = introducer(["]", "P", "X", "^", "_"].randomElement(using: &generator) ?? "]")
        var body = bytes(0x20...0x7E, 0...200)
        for _ in 0..<Int.random(in: 0...3, using: &generator) {
          let word = Array((["Ü", "œ", "漢", "🙂", "\r\n"].randomElement(using: &generator) ?? "").utf8)
          body.insert(contentsOf: word, at: 0)
        }
        let ends: [[UInt8]] = [[0x1B, 0x5C], [0x9C], [0xC2, 0x9C], [0x07]]
        return begin + body + (ends.randomElement(using: &generator) ?? [7])
      case 6: return introducer("N") + bytes(0x20...0x7E, 1...1)
      default: return [0x1B] + bytes(0x20...0x2F, 1...3) + bytes(0x30...0x7E, 1...1)
      }
    }
  }

  @Test func noControlFunctionIsAKeyWhereverItIsCutAndKeysBetweenThemAreRead() {
    var grammar = Grammar(generator: SeededGenerator(seed: 48))
    for round in 0..<3000 {
      var decoder = InputDecoder(sequences: [Array("\u{1B}[11~".utf8): Key(.end)])
      var typed: [String] = []
      var stream: [UInt8] = []
      for _ in 0..<4 {
        let function = grammar.function()
        stream += function
        let key = ["j", "q", "5", "é"].randomElement(using: &grammar.generator) ?? "j"
        stream += Array(key.utf8)
        typed.append(key)
      }
      var seen: [String] = []
      var rest = stream[...]
      while !rest.isEmpty {
        let count = Int.random(in: 1...(round % 2 == 0 ? 1 : 40), using: &grammar.generator)
        decoder.feed(rest.prefix(count))
        rest = rest.dropFirst(count)
        while let event = decoder.next() { if case .key(let key) = event { seen.append("\(key)") } }
      }
      #expect(seen == typed, "\(stream)")
      #expect(decoder.waiting == .nothing)
    }
  }

  @Test func whatIsLostOnTheWayDoesNotMakeTheProgramDeaf() {
    for beginning in ["\u{1B}]0;title", "\u{1B}P1", "\u{1B}[1;", "\u{1B}(", "\u{1B}O", "\u{1B}[M", "\u{1B}[["] {
      var decoder = InputDecoder()
      decoder.feed(Array(beginning.utf8))
      #expect(decoder.next() == nil && decoder.waiting == .sequence)
      while decoder.next(forcing: true) != nil {}
      decoder.feed(Array("q".utf8))
      #expect(decoder.next() == .key(Key("q" as Unicode.Scalar)))
    }
    // A person helps with Escape, or ^X, at once.
    #expect(keys("\u{1B}]0;title\u{1B}[Aq") == ["up", "q"])
    #expect(keys("\u{1B}]0;title\u{18}q") == ["q"])
    #expect(keys("\u{1B}[1;\rq") == ["enter", "q"])
  }

  @Test func anEscapeCutOffItsSequenceIsAKeyAndTheRestIsNone() {
    for rest in ["[1;5A", "]0;q q\u{7}", "]l my title q\u{1B}\\", "P1q\u{1B}\\"] {
      var decoder = InputDecoder()
      decoder.feed([0x1B])
      #expect(decoder.waiting == .escape)
      #expect(decoder.next(forcing: true) == .key(Key(.escape)))
      decoder.feed(Array(rest.utf8))
      let event = decoder.next()
      #expect(event == nil || event == .key(Key(.up, modifiers: .control)))
      #expect(decoder.next() == nil && decoder.waiting == .nothing)
    }
    // What a person types comes byte by byte.
    var decoder = InputDecoder()
    decoder.feed([0x1B])
    _ = decoder.next(forcing: true)
    decoder.feed(Array("[".utf8))
    #expect(decoder.next() == .key(Key("[" as Unicode.Scalar)))
  }

  @Test func theGroundIsToldByColourOrByReport() {
    func ground(_ text: String) -> Ground? {
      var decoder = InputDecoder()
      decoder.feed(Array(text.utf8))
      #expect(decoder.next() == nil)
      return decoder.takeGround()
    }
    #expect(ground("\u{1B}]11;rgb:0000/2b2b/3636\u{1B}\\") == .dark)
    #expect(ground("\u{1B}]11;rgb:fd/f6/e3\u{7}") == .light)
    #expect(ground("\u{9D}11;rgba:f/f/f/f\u{9C}") == .light)
    #expect(ground("\u{1B}]11;#1e1e1e\u{7}") == .dark)
    #expect(ground("\u{1B}[?997;2n") == .light)
    for nothing in [
      "\u{1B}]10;rgb:ff/ff/ff\u{7}", "\u{1B}]11;rgb:gg/ff/ff\u{7}", "\u{1B}]11;?\u{7}", "\u{1B}]11;rgb:/ff/ff\u{7}",
    ] {
      #expect(ground(nothing) == nil)
    }
  }

  @Test func theEnvironmentHintsAtTheGround() {
    for (text, ground) in [
      ("15;0", Ground.dark), ("0;15", .light), ("0;default;15", .light), ("7;8", .dark), ("12;7", .light),
    ] {
      #expect(TerminalGround.hint(text) == ground)
    }
    for text in [nil, "", "15", "0;default", "0;99", "0;-1"] { #expect(TerminalGround.hint(text) == nil) }
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
    #expect(keys("\u{1B}[?62;22cj\u{1B}[0n\u{1B}[Ik\u{1B}[10;20R\u{1B}[97;1:3u\u{1B}[1;1:3A\u{1B}[7;3H") == ["j", "k"])
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
    #expect(events("\u{1B}[32;10;5M") == [.mouse(MouseEvent(.press, button: .left, column: 9, row: 4))])
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
