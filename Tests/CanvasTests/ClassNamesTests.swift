import Canvas
import Testing

@Suite struct ClassNamesTests {
  @Test(arguments: [("bag", true), ("?", true), ("猫a", true), ("猫", false), ("", false), ("  ", false)])
  func aNameIsSeenWhereOneOfItsLettersIs(name: String, isSeen: Bool) {
    #expect(ClassNames.isSeen(name) == isSeen)
  }

  @Test func classesOfNamesThatTellNothingAreTheirNumbers() {
    #expect(ClassNames.fitting(["", "bag"], labels: [3, 4], to: 8) == ["3", "4"])
    #expect(ClassNames.fitting(["猫", "bag"], labels: [3, 4], to: 8) == ["3", "4"])
    // Where every letter is drawn, every name tells something.
    #expect(ClassNames.fitting(["猫", "bag"], labels: [3, 4], to: 8) { $0 } == ["猫", "bag"])
  }
}
