import Canvas
import LatentModels
import Tensors
import Terminal
import Testing

@testable import Explorer

/// What the classifier says, seen in the scatter and in the confusion matrix.
@Suite struct ClassifierTests {
  private func scatter(_ keys: String = "") throws -> State {
    var state = Sample.choosing(120, 40, withImages: true)
    try Sample.press("tab " + keys, &state)
    return state
  }

  @Test func theModelsOwnProbabilitiesAreItsPredictions() throws {
    let classification = try #require(try scatter().classification)
    #expect(classification.source == .model)
    #expect(classification.labels == (0..<100).map { Int32($0 % 10) })
    #expect(classification.confidences.allSatisfy { abs($0 - 0.91) < 1e-6 })
    #expect(classification.mistakes == [11, 33, 55])
    #expect(classification.accuracy == 0.97)
    #expect(classification.confusion?.counts[2][1] == 1)
    #expect(classification.confusion?.worst.map(\.count) == [1, 1, 1])
  }

  @Test func codesOfClassesThatTheModelDoesNotHaveAreLeftOutAsEvaluateLeavesThem() throws {
    var state = try scatter()
    let cloud = try #require(state.cloud)
    func relabelled(_ label: (Int) -> Int32) -> CodeCloud {
      CodeCloud(
        id: 7, source: "samples", posterior: Posterior(mean: cloud.means, logVariance: cloud.logVariances),
        labels: (0..<100).map(label), columns: cloud.columns)
    }
    // Every tenth image is of an eleventh class.
    state.cloud = relabelled { $0 % 10 == 0 ? 10 : cloud.labels[$0] }
    let classification = try #require(state.classification)
    #expect(classification.otherClassCount == 10 && classification.mistakes == [11, 33, 55])
    #expect(classification.accuracy == 87.0 / 90)
    try Sample.press("C", &state)
    #expect(state.message?.text == "left out: 10 codes of no class that the model has")
    #expect(view(state, rendition: .init()).plain().contains("by predicted class, 96.7 % right"))
    state.training = Sample.training(200, 60).training
    try Sample.press("t size:200x60", &state)
    #expect(view(state, rendition: .init()).plain().contains("96.7 % of 90 right, 10 of other classes left out"))
    #expect(Account.of(state).contains("96.7 % of 90 codes right by q(y|x), left out: 10 codes of no class"))
    // Where all are of other classes nothing can be right, or wrong.
    state.cloud = relabelled { _ in 12 }
    #expect(state.classification?.accuracy == nil && state.classification?.mistakes == [])
    try Sample.press("e tab n", &state)
    #expect(state.message?.text == "nothing is a mistake; left out: 100 codes of no class that the model has")
  }

  @Test func nVisitsTheMistakesOneAfterTheOther() throws {
    var state = try scatter("n")
    for index in [11, 33, 55, 11] {
      #expect(state.sourceIndex == index)
      try Sample.press("n", &state)
    }
    try Sample.press("N", &state)
    #expect(state.sourceIndex == 11)
    #expect(state.message?.text.contains("2 taken for 1, 91 % sure") == true)
    #expect(Account.of(state).contains("taken for"))
    // A hidden class is not visited.
    try Sample.press("4 n", &state)
    #expect(state.sourceIndex == 55)
  }

  @Test func coloursGoThroughClassPredictionConfidenceAndMistakes() throws {
    var state = try scatter()
    var titles: [String] = []
    for _ in 0..<4 {
      titles.append(view(state, rendition: .init()).plain())
      try Sample.press("C", &state)
    }
    #expect(!titles[0].contains("predicted"))
    #expect(titles[1].contains("by predicted class, 97.0 % right"))
    #expect(titles[2].contains("by confidence") && titles[2].contains("≥99"))
    #expect(titles[3].contains("mistakes alone"))
    #expect(state.plot.coloring == .classes)
    try Sample.press(": type:colours space type:confidence enter", &state)
    #expect(state.plot.coloring == .confidence)
    try Sample.press(": type:colours space type:hue enter", &state)
    #expect(state.message?.text.contains("classes, predictions, confidence, mistakes") == true)
  }

  @Test func onlyMistakesAreLeftWhereTheyAloneAreAskedFor() throws {
    let state = try scatter("C C C")
    var plot = ScatterPlot(points: [], window: state.window)
    let cloud = try #require(state.cloud)
    plot.points = cloud.points(state.plot.x, state.plot.y)
    ScatterPicture.color(&plot, cloud, state)
    #expect(plot.points.indices.filter { plot.points[$0].x.isFinite } == [11, 33, 55])
  }

  @Test("A property that the code is to forget is no class: what the model says of the class itself counts")
  func property() throws {
    let variables = [
      LatentVariable(name: "s", kind: .categorical(classNames: ["thin", "thick"])),
      LatentVariable(name: "z", kind: .continuous(dimensions: 2)),
    ]
    let shape = [20, 4]
    let posterior = Posterior(
      mean: Tensor(shape: shape, filledWith: 0.5), logVariance: Tensor(shape: shape, filledWith: -3))
    func cloud(_ said: LatentModels.Classification?) -> CodeCloud {
      CodeCloud(
        id: 3, source: "samples", posterior: posterior, labels: (0..<20).map { Int32($0 % 3) },
        columns: CodeColumns(variables), said: said)
    }
    // Nobody says of which class codes are: a probe can.
    #expect(cloud(nil).classification == nil)
    var probabilities = [Float](repeating: 0.1, count: 60)
    for index in 0..<20 where index != 5 { probabilities[3 * index + index % 3] = 0.8 }
    var state = Sample.choosing()
    state.subject.variables = variables
    state.subject.configuration = Configuration(
      model: ModelConfiguration(kind: "fair", classNames: ["zero", "one", "two"]),
      objective: ObjectiveConfiguration(), training: TrainingConfiguration())
    state.cloud = cloud(
      LatentModels.Classification(
        probabilities: Tensor(shape: [20, 3], elements: probabilities), classNames: ["zero", "one", "two"]))
    let classification = try #require(state.classification)
    #expect(classification.source == .classifier && classification.source.name == "p(y|z)")
    #expect(classification.mistakes == [5] && classification.accuracy == 0.95)
    #expect(state.name(ofPrediction: 2) == "two" && state.name(ofClass: 0) == "zero" && state.name(ofClass: 7) == "7")
    #expect(state.mistakeText(5)?.hasPrefix("two taken for") == true)
  }

  @Test func aModelWithoutClassesIsProbedBesideTheLoop() throws {
    var state = Sample.state(120, 40)
    try Sample.press("tab", &state)
    let effects = state.update(.key(try Key("n")))
    guard case .classify(let cloud) = effects.first else {
      Issue.record("\(effects)")
      return
    }
    #expect(state.message?.text.contains("fitting a linear probe") == true)
    let classification = try Classification(probing: cloud.means, truth: cloud.labels)
    #expect(classification.source == .probe)
    let accuracy = try #require(classification.accuracy)
    #expect(accuracy > 0.9)
    _ = state.update(.classified(classification, of: cloud.codesID))
    #expect(state.classification?.labels == classification.labels)
    // The mistake that was asked for is visited once it is known.
    if let first = classification.mistakes.first { #expect(state.sourceIndex == first) }
    // Other codes are another matter.
    state.cloud = Sample.cloud(id: 9)
    #expect(state.classification == nil)
  }

  @Test func whereNothingTellsClassesItIsSaidWhatWould() throws {
    var state = Sample.state(120, 40)
    state.cloud = nil
    try Sample.press("tab n", &state)
    #expect(state.message?.text.contains(":data") == true)
    let cloud = Sample.cloud()
    state.cloud = CodeCloud(
      id: 3, source: "bare", posterior: Posterior(mean: cloud.means, logVariance: cloud.logVariances), labels: nil)
    try Sample.press("C", &state)
    #expect(state.message?.text.contains("bare has no labels to fit a probe to") == true)
    #expect(state.plot.coloring == .classes)
  }

  @Test func theProbeOfAHalfNeverSeesItsOwnLabels() throws {
    // Labels that nothing tells apart: a probe that saw them would do better than chance.
    var random = RandomSource(seed: 3)
    let count = 400
    let means = Tensor(shape: [count, 40], elements: (0..<count * 40).map { _ in random.normal() })
    let truth = (0..<count).map { _ in Int32(random.next() % 2) }
    let accuracy = try #require(try Classification(probing: means, truth: truth).accuracy)
    #expect(abs(accuracy - 0.5) < 0.1)
  }

  @Test func theConfusionMatrixStandsOnTheTrainScreen() throws {
    var state = Sample.choosing(120, 40, withImages: true)
    state.training = Sample.training(120, 40).training
    try Sample.press("t", &state)
    let text = view(state, rendition: .init()).plain()
    #expect(text.contains("taken for, % of each class") && text.contains("97.0 % of 100 right"))
    #expect(Account.of(state).contains("Confusion: 97.0 % of 100 codes right by q(y|x)"))
    // A press on a cell takes a code of that pair.
    let inside = try #require(state.layout?.inside(.confusion))
    let plan = ConfusionPlan(try #require(state.classification?.confusion), inside, state)
    _ = state.update(
      .mouse(
        MouseEvent(
          .press, button: .left, column: inside.column + plan.labelWidth + 3 * plan.cellWidth,
          row: inside.row + 5)))
    #expect(state.sourceIndex == 33)
  }

  @Test func aMatrixOfManyClassesShowsThoseWithMostMistakes() throws {
    let truth = (0..<300).map { Int32($0 % 100) }
    let predicted = truth.enumerated().map { $1 >= 90 && $0 >= 200 ? $1 - 1 : $1 }
    let confusion = try #require(Confusion(truth: truth, predicted: predicted))
    let plan = ConfusionPlan(confusion, Rectangle(column: 0, row: 0, width: 60, height: 12), Sample.state())
    #expect(plan.shown.count == 11)
    #expect(plan.shown.allSatisfy { $0 >= 89 })
  }

  @Test(
    "In a matrix of many classes each has a name of its own, in its row as in its column", arguments: [18, 37, 60, 90])
  func names(width: Int) throws {
    for count in [30, 62, 100, 300] {
      let truth = (0..<600).map { Int32($0 % count) }
      let predicted = truth.map { ($0 + 1) % Int32(count) }
      let confusion = try #require(Confusion(truth: truth, predicted: predicted))
      let plan = ConfusionPlan(confusion, Rectangle(column: 0, row: 0, width: width, height: 12), Sample.state())
      let numbers = plan.shown.map { "\(confusion.classes[$0])" }
      #expect(plan.rowNames == numbers && plan.columnNames == numbers, "\(count) classes")
      #expect(plan.labelWidth + plan.cellWidth * plan.shown.count <= width)
      #expect(numbers.allSatisfy { $0.count < plan.cellWidth && $0.count < plan.labelWidth })
    }
    // Of names too long for columns the number tells which row is whose.
    let state = Sample.choosing(names: (0..<10).map { "class \($0)" })
    let labels = (0..<100).map { Int32($0 % 10) }
    let confusion = try #require(Confusion(truth: labels, predicted: labels))
    let plan = ConfusionPlan(confusion, Rectangle(column: 0, row: 0, width: width, height: 12), state)
    #expect(plan.columnNames == plan.shown.map { "\($0)" })
    #expect(zip(plan.rowNames, plan.columnNames).allSatisfy { $0.hasPrefix($1) })
  }
}
