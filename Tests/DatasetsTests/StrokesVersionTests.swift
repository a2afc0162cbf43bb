import Testing

@testable import Datasets

@Suite("Versions of the strokes")
struct StrokesVersionTests {
  @Test("Version 1 draws what runs that name it learnt from, to the last bit")
  func first() throws {
    let set = try DataLibrary.open("strokes-1", count: 500, seed: 5)
    #expect(set.digest == "a0f124e14ba9e9a1339c564f7f473c96d498d670f164c3ee21f795d473b5c834")
    #expect(set.name == "strokes-1" && set.factors.map(\.name).contains("tremor"))
    #expect(set.labels?.prefix(11) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0])
  }

  @Test("`strokes` is today's version, which has a number too")
  func current() throws {
    let set = try DataLibrary.open("strokes", count: 20, seed: 3)
    #expect(set.name == "strokes" && set.factors.map(\.name) == StrokeFactors.names)
    #expect(try DataLibrary.open("strokes-2", count: 20, seed: 3).digest == set.digest)
    #expect(try DataLibrary.open("strokes-1", count: 20, seed: 3).digest != set.digest)
    #expect(StrokesVersion.allCases.map(\.factorNames) == [FirstFactors.names, StrokeFactors.names])
  }

  @Test("A run records the version; where a file names none it was the first")
  func recorded() {
    #expect(DataLibrary.recordedName("strokes") == "strokes-2")
    #expect(DataLibrary.name(recordedAs: "strokes") == "strokes-1")
    #expect(DataLibrary.spokenName("strokes-2") == "strokes" && DataLibrary.spokenName("strokes-1") == "strokes-1")
    for name in ["strokes-1", "strokes-2", "mnist", "./strokes", ""] {
      #expect(DataLibrary.recordedName(name) == name && DataLibrary.name(recordedAs: name) == name)
    }
  }

  @Test("A version of another program is named as such, and no version is fetched")
  func unknown() throws {
    let error = try #require(failure { _ = try DataLibrary.open("strokes-3") })
    #expect(error.kind == .unknown && error.problem.contains("version 3"))
    #expect(error.remedy?.contains("strokes-1 or strokes-2") == true)
    #expect(failure { _ = try DataLibrary.open("strokes-x") }?.kind == .unknown)
    #expect(failure { _ = try DataLibrary().get("strokes-1") }?.problem.contains("built in") == true)
  }
}
