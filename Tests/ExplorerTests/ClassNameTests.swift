import Canvas
import LatentModels
import Tensors
import Terminal
import Testing

@testable import Explorer

/// Classes are shown and typed by name where a data set names them.
@Suite struct ClassNameTests {
  private func state(_ width: Int = 200, _ height: Int = 60) -> State {
    Sample.choosing(width, height, names: Sample.clothes)
  }

  private func plain(_ state: State) -> String { view(state, rendition: .init()).plain() }

  private func type(_ text: String, _ state: inout State) {
    for scalar in text.unicodeScalars { _ = state.update(.key(Key(scalar))) }
  }

  @Test func namesAreCutShortAsLongAsTheyDifferAndThenAreNumbers() {
    let classes = Sample.clothes.enumerated().map { NamedClass(label: $0.offset, name: $0.element) }
    #expect(ClassText.fitting(classes, to: 20) == Sample.clothes)
    #expect(ClassText.fitting(classes, to: 6)[9] == "Ankle…")
    // "Shirt" and "Sneaker" differ at three letters, in two columns nothing tells anything.
    #expect(ClassText.fitting(classes, to: 2) == (0..<10).map(String.init))
    let alike = ["class 1", "class 2"].enumerated().map { NamedClass(label: $0.offset, name: $0.element) }
    #expect(ClassText.fitting(alike, to: 5) == ["0", "1"])
    #expect(ClassText.fitting(alike, to: 7) == ["class 1", "class 2"])
  }

  @Test func aClassThatIsNotThereIsCalledAsItIsNamed() {
    var state = state()
    state.cloud = state.cloud.map { cloud in
      CodeCloud(
        id: 5, source: cloud.source, posterior: Posterior(mean: cloud.means, logVariance: cloud.logVariances),
        labels: cloud.labels.map { $0 == 7 ? 8 : $0 }, images: cloud.images)
    }
    _ = state.update(.toggleClass(7))
    #expect(state.message?.text.contains("there is no class \(Sample.clothes[7]) here") == true)
    _ = state.update(.toggleClass(8))
    #expect(Account.of(state).contains(", without class \(state.words(ofClass: 8))."))
    _ = state.update(.toggleClass(9))
    #expect(Account.of(state).contains(", without classes \(state.words(ofClass: 8)) "))
  }

  @Test func theLegendShowsNamesWhereTheyFitAndNumbersWhereNot() {
    #expect(plain(state(250, 60)).contains("●T-shirt/top ●Trouser"))
    for (width, height) in [(60, 20), (80, 24)] {
      #expect(!plain(state(width, height)).contains("T-shirt/top ●"))
      let text = plain(state(width, height))
      #expect(text.contains("0123456789") || text.contains("0 1 2 3 4"))
    }
  }

  @Test func questionsListTheClassesAndTakeNamesOrNumbers() throws {
    var state = state(80, 24)
    _ = state.update(.ask(.foundClass))
    #expect(plain(state).contains("0 T-shirt/top, 1 Trouser"))
    #expect(Account.of(state).contains("Classes: 0 T-shirt/top, 1 Trouser"))
    type("snea", &state)
    // A letter more is still the answer's, however clear it is which class is meant.
    #expect(state.context == .question)
    try Sample.press("enter", &state)
    #expect(state.context != .question)
    #expect(state.sourceIndex.flatMap { state.cloud?.label($0) } == 7)
    try Sample.press("D 9", &state)
    #expect(plain(state).contains("Ankle boot"))
    type("T-Shirt/top", &state)
    try Sample.press("enter", &state)
    #expect(state.steering.track?.name == "Ankle boot→T-shirt/top")
    try Sample.press("R x", &state)
    #expect(state.message?.isError == true && state.context == .question)
    try Sample.press("s enter", &state)
    #expect(state.message?.text.contains("“s” is no class") == true)
  }

  @Test func aWayBetweenClassesLeavesRoomForItsBar() throws {
    var state = state(60, 20)
    try Sample.press("D 9 0", &state)
    #expect(state.steering.track?.name(to: 7) == "An…→T-…")
    #expect(state.steering.track?.name(to: 5) == "9→0")
    let rows = SliderRows(state, try #require(state.layout?.inside(.sliders)))
    #expect(rows.labelWidth <= 7)
  }

  @Test func commandsTakeNamesWithBlanksAndCompleteThemInAnyCase() throws {
    let state = state()
    #expect(try ClassText.two("ankle boot t-shirt/top", state, .directionClasses, "direction 3 8") == (9, 0))
    #expect(try ClassText.two("3 8", state, .directionClasses, "direction 3 8") == (3, 8))
    #expect(try ClassText.two("38", state, .directionClasses, "direction 3 8") == (3, 8))
    #expect(throws: CommandError.self) {
      try ClassText.two("bag shoe", state, .directionClasses, "direction 3 8")
    }
    do {
      _ = try ClassText.label("sneakr", state, "find class 7")
      Issue.record("“sneakr” is no class")
    } catch {
      #expect(error.description.contains("did you mean Sneaker?"))
    }
    #expect(ClassText.pairs(.blendedClasses)(state, "").contains("Ankle boot"))
    #expect(ClassText.pairs(.blendedClasses)(state, "ankle boot b").contains("Ankle boot Bag"))
    var palette = CommandPalette()
    palette.field.text = "find class ank"
    palette.complete(state)
    #expect(palette.field.text == "find class Ankle boot")
  }

  @Test func theSheetNamesItsColumnsAndItsOriginals() throws {
    var state = state(250, 60)
    try Sample.press("F", &state)
    let text = plain(state)
    #expect(text.contains("Sneaker") && text.contains("#1"))
    let plan = SheetPlan(state, try #require(state.layout))
    #expect(plan.styles.first?.label == 0)
  }

  @Test func theConfusionMatrixNamesItsRows() throws {
    var state = state(200, 60)
    state.training = Sample.training(200, 60).training
    try Sample.press("t", &state)
    #expect(plain(state).contains("Trouser"))
  }

  @Test func classesBeyondTheEdgeAreShownAsMoreAndCanBePressed() throws {
    let choice = CodeColumns.Choice(name: "y", classNames: (0..<30).map(String.init), range: 0..<30)
    func cells(_ place: Int) -> ChoiceCells {
      ChoiceCells(choice, choice.code([Float](repeating: 0, count: 30), at: Float(place)), column: 4, width: 16)
    }
    for place in 0..<30 {
      let cells = cells(place)
      #expect(cells.shown.contains(place))
      let edges = cells.edges(unicode: true)
      #expect(edges[0].isMore == (cells.shown.lowerBound > 0) && edges[1].isMore == (cells.shown.upperBound < 30))
      for edge in edges where edge.isMore {
        #expect((4..<20).contains(edge.column))
        #expect(cells.place(atColumn: edge.column).map { !cells.shown.contains($0) } == true)
      }
    }
    var state = Sample.choosing(60, 20)
    try Sample.press("up*9", &state)
    #expect(plain(state).contains("0123456789") && !plain(state).contains("›"))
  }

  @Test func namesThatCannotBeDrawnAreNumbers() {
    let classes = ["犬", "お"].enumerated().map { NamedClass(label: $0.offset, name: $0.element) }
    #expect(ClassText.fitting(classes, to: 10) == ["0", "1"] && classes[1].spoken == "お (1)")
    let alike = ["a 犬", "a お"].enumerated().map { NamedClass(label: $0.offset, name: $0.element) }
    #expect(ClassText.fitting(alike, to: 10) == ["0", "1"] && alike.map(\.spoken) == ["a 犬 (0)", "a お (1)"])
    let animals = Sample.clothes.indices.map { String(UnicodeScalar(UInt8(97 + $0))) + "犬" }
    let named = animals.enumerated().map { NamedClass(label: $0.offset, name: $0.element) }
    #expect(ClassText.fitting(named, to: 10).first == "a?")
    let legend = plain(
      Sample.choosing(250, 60, names: Sample.clothes.indices.map { "犬" + String(repeating: "お", count: $0) }))
    #expect(legend.contains("●0 ●1") && !legend.contains("●?"))
  }

  @Test func aClassWithoutANameIsSpokenOf() throws {
    var names = Sample.clothes
    names[0] = ""
    var state = Sample.choosing(names: names)
    state.selection = .choice(0)
    _ = state.update(.setSelected(0))
    let told = Account.of(state)
    #expect(told.contains("y unnamed (0), 100 %"), "\(told)")
    #expect(told.contains("from unnamed (0) to "), "\(told)")
    for (position, caption) in [(0, "▸unnamed (0)◂"), (0.4, "▸unnamed (0)→Trouser 40 %◂")] as [(Float, String)] {
      _ = state.update(.setSelected(position))
      Sample.render(&state)
      #expect(plain(state).contains(caption))
    }
    _ = state.update(.classDirection(0, 1))
    #expect(state.steering.track?.name == "unnamed (0)→Trouser")
    _ = state.update(.blendClasses(0, 1))
    #expect(state.steering.track?.name == "unnamed (0)→Trouser")
    #expect(state.message?.text.contains("from unnamed (0) to Trouser") == true)
  }

  @Test func refusalsNameTheClassesThatThereAre() throws {
    var state = Sample.choosing(names: (0..<10).map { "\($0 - 2)" })
    _ = state.update(.findClass(12))
    #expect(state.message?.text.hasSuffix("is here: classes are -2, -1, 0, 1, 2, 3, 4, 5, 6, 7") == true)
    do {
      _ = try ClassText.label("q", state, "find class 7")
      Issue.record("“q” is no class")
    } catch { #expect(error.description == "“q” is no class: classes are -2, -1, 0, 1, 2, 3, 4, 5, 6, 7") }
    #expect(ClassText.range(state, .foundClass).isEmpty)
    #expect(ClassText.sentence(Sample.choosing()) == "classes go from 0 to 9")
    for (labels, sentence) in [([0, 3, 8], "classes are 0, 3, 8"), ([3], "the only class is 3")] as [([Int32], String)]
    {
      var state = Sample.state(120, 40)
      let zeros = Tensor(shape: [6, 2], elements: [Float](repeating: 0, count: 12))
      let cloud = CodeCloud(
        id: 7, source: "samples", posterior: Posterior(mean: zeros, logVariance: zeros),
        labels: (0..<6).map { labels[$0 % labels.count] })
      _ = state.update(.updated(state.subject, cloud))
      _ = state.update(.toggleClass(5))
      #expect(state.message == .error("there is no class 5 here: \(sentence)"))
      #expect(ClassText.range(state, .foundClass).isEmpty)
      #expect(ClassText.list(state, .foundClass) == labels.map(String.init).joined(separator: ", "))
    }
  }
}
