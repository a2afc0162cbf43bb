import Testing

@testable import Terminal

@Suite struct KeyTests {
  @Test(arguments: [
    "j", "Z", "7", "é", "-", "+", ":", "space", "ctrl-r", "ctrl-space", "alt-x", "ctrl-alt-x", "shift-left",
    "ctrl-left",
    "ctrl-alt-shift-page-down", "F1", "F12", "shift-F5", "tab", "shift-tab", "enter", "escape", "backspace", "delete",
    "alt--", "ctrl-_",
  ])
  func whatAKeyPrintsItParsesFrom(_ text: String) throws {
    #expect(try Key(text).description == text)
  }

  @Test func keysTheTerminalCannotTellApartAreOneKey() throws {
    #expect(try Key("ctrl-i") == Key("tab"))
    #expect(try Key("ctrl-m") == Key("enter"))
    #expect(try Key("ctrl-j") == Key("enter"))
    #expect(try Key("ctrl-h") == Key("backspace"))
    #expect(try Key("ctrl-[") == Key("escape"))
    #expect(try Key("ctrl-R") == Key("ctrl-r"))
    #expect(try Key("shift-r") == Key("R"))
    #expect(try Key("ctrl-/") == Key("ctrl-_"))
  }

  @Test func namesAreReadInAnyCaseAndWithTheirUsualShortForms() throws {
    #expect(try Key("ESC") == Key(.escape))
    #expect(try Key("PgDn") == Key(.pageDown))
    #expect(try Key("Ctrl-Left") == Key(.left, modifiers: .control))
    #expect(try Key("f5") == Key(.function(5)))
    #expect(try Key("f") == Key("f" as Unicode.Scalar))
  }

  @Test func aSequenceIsSplitAtSpaces() throws {
    #expect(try Key.sequence(" j shift-left\t3 enter ").map(\.description) == ["j", "shift-left", "3", "enter"])
  }

  @Test(arguments: ["", "jj", "ctrl-", "F0", "F25", "hyper-x", "\u{1}"])
  func whatNamesNoKeyIsRefusedWithAListOfWhatDoes(_ text: String) {
    #expect { try Key(text) } throws: { "\($0)".contains("names no key") && "\($0)".contains("page-up") }
  }
}
