import Datasets
import Foundation
import Tensors
import Testing

@testable import zscope

@Suite struct MeasureCommandTests {
  /// 120 codes of two dimensions: the first tells the first factor of three values, the second the second of two.
  private func write(_ runner: CommandRunner) throws {
    var codes: [Float] = []
    var factors: [Float] = []
    for row in 0..<120 {
      let (a, b) = (row % 3, row / 3 % 2)
      codes += [Float(a) + 0.01 * Float(row % 7), Float(b) + 0.01 * Float(row % 5)]
      factors += [Float(a), Float(b)]
    }
    try runner.write("codes.npy", Data(NPY.encode(Tensor(shape: [120, 2], elements: codes))))
    try runner.write("factors.npy", Data(NPY.encode(Tensor(shape: [120, 2], elements: factors))))
    try runner.write("labels.npy", Data(NPY.encode((0..<120).map { UInt8($0 % 3) }, shape: [120])))
  }

  @Test func codesFromAnywhereAreMeasuredWithWhatTheNumbersRestOn() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try write(runner)
    let result = try runner.type("measure --codes codes.npy --factors factors.npy --measures mig sap --json")
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    let object = try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
    let measures = try #require(object["measures"] as? [[String: Any]])
    #expect(measures.map { $0["name"] as? String } == ["mig", "sap"])
    for measure in measures {
      for key in ["definition", "estimator", "source", "sampleSizes", "value", "settings"] {
        #expect(measure[key] != nil, "\(key)")
      }
    }
    #expect(try #require(measures[0]["value"] as? Double) > 0.8)
    let text = try runner.type("measure --codes codes.npy --labels labels.npy --set neighbours=3")
    #expect(text.status == 0 && text.text.contains("k-NN accuracy"), "\(text.errors)")
  }

  /// An array of `words` as numpy keeps them: of four bytes a character, or of one.
  private func array(_ words: [String], shape: String, isWide: Bool = true) -> Data {
    let width = words.map(\.count).max() ?? 1
    let dictionary = "{'descr': '\(isWide ? "<U" : "|S")\(width)', 'fortran_order': False, 'shape': \(shape), }\n"
    let characters = words.flatMap { word -> [UInt8] in
      let bytes = Array(word.utf8) + [UInt8](repeating: 0, count: width - word.utf8.count)
      return isWide ? bytes.flatMap { [$0, 0, 0, 0] } : bytes
    }
    let head: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(dictionary.utf8.count), 0]
    return Data(head + Array(dictionary.utf8) + characters)
  }

  @Test func wordsAreClasses() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try write(runner)
    // In natural order 2 comes before 10: the same numbers as in the other files.
    let names = ["class2", "class10", "class30"]
    let classes: [String] = (0..<120).map { row in names[row % 3] }
    let causes: [String] = (0..<120).flatMap { row -> [String] in [names[row % 3], ["a", "b"][row / 3 % 2]] }
    try runner.write("words.npy", array(classes, shape: "(120,)", isWide: false))
    try runner.write("causes.npy", array(causes, shape: "(120, 2)"))
    func values(_ arguments: String) throws -> [Double] {
      let result = try runner.type("measure --codes codes.npy \(arguments) --json")
      #expect(result.status == 0, "\(result.errors)")
      let object = try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
      return try #require(object["measures"] as? [[String: Any]]).compactMap { $0["value"] as? Double }
    }
    let measures = "--measures knn-accuracy"
    #expect(try values("--labels words.npy \(measures)") == values("--labels labels.npy \(measures)"))
    let others = "--measures mig sap"
    #expect(try values("--factors causes.npy \(others)") == values("--factors factors.npy \(others)"))
    // A word has one number in the file that is learnt from and in the one that is tried, which lacks the first.
    try runner.write("rest.npy", Data(NPY.encode(Tensor(shape: [2, 2], elements: [1, 0, 2, 0]))))
    try runner.write("rest-words.npy", array(["class10", "class30"], shape: "(2,)"))
    #expect(
      try values("--labels words.npy --test-codes rest.npy --test-labels rest-words.npy \(measures)") == [1])
    let mixed = try runner.type(
      "measure --codes codes.npy --labels labels.npy --test-codes rest.npy --test-labels rest-words.npy")
    #expect(mixed.status == 1 && mixed.errors.contains("numpy.unique"), "\(mixed.errors)")
  }

  @Test func wordsInTextsAreClassesAndNoFirstRowIsLost() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try write(runner)
    func values(_ arguments: String, _ measures: String) throws -> [Double] {
      let result = try runner.type("measure --codes codes.npy \(arguments) --measures \(measures) --json")
      #expect(result.status == 0, "\(result.errors)")
      let object = try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
      return try #require(object["measures"] as? [[String: Any]]).compactMap { $0["value"] as? Double }
    }
    let names = ["cat", "\"dog, old\"", "emu"]
    let rows: [String] = (0..<120).map { names[$0 % 3] }
    let list = "[" + rows.map { $0.hasPrefix("\"") ? $0 : "\"\($0)\"" }.joined(separator: ",") + "]"
    let numbers: [String] = (0..<120).map { "\($0 % 3)" }
    let expected = try values("--labels labels.npy", "knn-accuracy")
    for (name, text) in [
      ("l.json", list), ("l.csv", rows.joined(separator: "\n")), ("l.csv", "animal\n" + rows.joined(separator: "\n")),
      ("l.csv", numbers.joined(separator: "\n")), ("l.csv", "0\n" + numbers.joined(separator: "\n")),
    ] {
      try runner.write(name, Data(text.utf8))
      #expect(try values("--labels \(name)", "knn-accuracy") == expected, "\(text.prefix(20))")
    }
    // A column of numbers beside one of words tells a header from a row.
    let causes = (0..<120).map { "\(names[$0 % 3]),\($0 / 3 % 2)" }
    for text in [causes, ["animal,size"] + causes] {
      try runner.write("f.csv", Data(text.joined(separator: "\n").utf8))
      #expect(try values("--factors f.csv", "mig") == values("--factors factors.npy", "mig"))
    }
    var gap = rows
    gap[7] = ""
    var mistake: [String] = (0..<120).map { "\($0 % 3).5" }
    mistake[7] = "x"
    for (text, says) in [
      (gap, "line 8 is empty"), (mistake, "line 8: 'x' is no number"), (Array(rows.dropFirst(2)), "118 labels for 120"),
    ] {
      try runner.write("l.csv", Data(text.joined(separator: "\n").utf8))
      let result = try runner.type("measure --codes codes.npy --labels l.csv --measures knn-accuracy")
      #expect(result.status == 1 && result.errors.contains("l.csv: \(says)"), "\(result.errors)")
    }
    try runner.write("l.json", Data("{}".utf8))
    let result = try runner.type("measure --codes codes.npy --labels l.json")
    #expect(result.status == 1 && result.errors.contains("write labels as"), "\(result.errors)")
  }

  @Test func whatIsWrongIsSaidOfTheFileThatItIsIn() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try write(runner)
    let wrong: [Float] = (0..<240).map { $0 == 7 ? .nan : 0 }
    try runner.write("wrong.npy", Data(NPY.encode(Tensor(shape: [120, 2], elements: wrong))))
    try runner.write("few.npy", Data(NPY.encode([0, 1, 1], shape: [3])))
    #expect(try runner.type("data export strokes --count 2 --output z.npz").status == 0)
    for (arguments, says) in [
      ("codes.npy --factors wrong.npy", "wrong.npy: row 4 of the factor v2"),
      ("codes.npy --log-variances wrong.npy", "wrong.npy: row 4 of the log-variances"),
      ("codes.npy --labels few.npy", "few.npy: 3 labels for 120 points"),
      ("codes.npy --factors few.npy", "few.npy: values of the factor v1"),
      ("wrong.npy --labels labels.npy", "wrong.npy: row 4 holds"),
      ("codes.npy --labels labels.npy --test-codes codes.npy --test-labels few.npy", "few.npy: 3 labels"),
      ("z.npz", "z.npz: is an archive, not an array; name one of its arrays: z.npz:imgs"),
    ] {
      let result = try runner.type("measure --codes \(arguments)")
      #expect(result.status == 1 && result.errors.hasPrefix("zscope: \(says)"), "\(arguments): \(result.errors)")
    }
  }

  @Test func factorsInAnArchiveAreCalledAsTheArchiveCallsThem() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try write(runner)
    #expect(try runner.type("data export strokes --count 120 --output set.npz").status == 0)
    let measuring = "measure --codes codes.npy --measures mig --factors"
    let named = try runner.type("\(measuring) set.npz:latents_values")
    #expect(named.status == 0 && named.errors.isEmpty, "\(named.errors)")
    #expect(named.text.contains("slant") && named.text.contains("topHeaviness"), "\(named.text)")
    #expect(!named.text.contains("v1"), "\(named.text)")
    // A person's own names come first, and names of other columns are left out with a word.
    let names = (1...10).map { "own\($0)" }.joined(separator: " ")
    let own = try runner.type("\(measuring) set.npz:latents_values --factor-names \(names)")
    #expect(own.text.contains("own1") && !own.text.contains("slant"), "\(own.text)\(own.errors)")
    let others = try runner.type("\(measuring) set.npz:labels")
    #expect(others.status == 0 && others.text.contains("v1") && !others.text.contains("slant"), "\(others.text)")
    #expect(
      others.errors == "zscope: set.npz: the names in latents_names are left out: they are 10 for 1 factor\n",
      "\(others.errors)")
  }

  @Test func columnsThatLookLikeWeightsOfClassesAreSaid() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let codes: [Float] = (0..<40).flatMap { (row: Int) -> [Float] in
      [row % 2 == 0 ? 1 : 0, row % 2 == 0 ? 0 : 1, Float(row % 7) - 3, 0, 0, -1]
    }
    try runner.write("e.npy", Data(NPY.encode(Tensor(shape: [40, 6], elements: codes))))
    let result = try runner.type("measure --codes e.npy --encoded --measures active-units")
    #expect(result.text.contains("columns 1, 2 look like weights of classes"), "\(result.text) \(result.errors)")
  }

  @Test func integersAreClassesUpToHalfAsManyAsTheCodes() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let codes = (0..<2400).map { (place: Int) -> Float in
      let jitter = Float(place % 11)
      return Float(place * 31 % 97) + 0.01 * jitter
    }
    try runner.write("codes.npy", Data(NPY.encode(Tensor(shape: [1200, 2], elements: codes))))
    func integers(_ distinct: Int32) -> Data {
      let dictionary = "{'descr': '<i4', 'fortran_order': False, 'shape': (1200,), }\n"
      var values: [UInt8] = []
      for row in 0..<1200 {
        let value: Int32 = Int32(row) % distinct - 5
        withUnsafeBytes(of: value.littleEndian) { values += [UInt8]($0) }
      }
      let head: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(dictionary.utf8.count), 0]
      return Data(head + Array(dictionary.utf8) + values)
    }
    for (distinct, isContinuous) in [(300, false), (600, false), (601, true)] as [(Int32, Bool)] {
      try runner.write("factors.npy", integers(distinct))
      let result = try runner.type("measure --codes codes.npy --factors factors.npy --measures mig")
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.text.contains("v1 is continuous") == isContinuous, "\(distinct): \(result.text)")
    }
    // The same numbers as floats are as many quantities.
    let floats = (0..<1200).map { Float($0 % 300) }
    try runner.write("factors.npy", Data(NPY.encode(Tensor(shape: [1200], elements: floats))))
    let result = try runner.type("measure --codes codes.npy --factors factors.npy --measures mig")
    #expect(result.text.contains("v1 is continuous"), "\(result.text)")
  }

  @Test func whatCannotBeMeasuredIsSaidInOneLine() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try write(runner)
    for (arguments, status, words) in [
      ("measure --codes codes.npy --measures mig", 1, "zscope: mig needs factors or labels"),
      ("measure --codes codes.npy --measures mgi", 2, "there is no measure mgi"),
      ("measure --codes codes.npy --set bins=1", 2, "bins is 1"),
      ("measure --codes none.npy", 1, "none.npy"),
      ("measure --codes codes.npy --test-labels labels.npy", 2, "belong to --test-codes"),
      ("compare run", 2, "at least two models"),
    ] {
      let result = try runner.type(arguments)
      #expect(result.status == Int32(status), "\(arguments): \(result.errors)")
      #expect(result.errors.contains(words), "\(arguments): \(result.errors)")
    }
  }

  @Test func modelsAreEvaluatedAndComparedByMeasures() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    let result = try runner.type(
      "evaluate run --count 60 --importance-samples 0 --measures mutual-information mig --rotate 45")
    #expect(result.status == 1 && result.errors.contains("mutual-information needs log-variances"), "\(result.errors)")
    #expect(result.errors.contains("leave out --rotate, or this measure"), "\(result.errors)")
    let turned = try runner.type("evaluate run --count 60 --importance-samples 0 --measures mig --rotate 45").text
    let difference = turned.split(separator: "no pixel differs by more than ").last?.prefix { $0 != "\n" } ?? ""
    #expect(Double(difference) != nil && difference.count <= 9, "a number of few digits: \(turned)")
    let text = try runner.type("evaluate run --count 60 --importance-samples 0 --measures mutual-information mig").text
    #expect(text.contains("I(x; z)") && text.contains("MIG") && text.contains(" ± ") && text.contains("at β = 1"))
    let table = try runner.type("compare run run --count 60 --measures active-units mutual-information").text
    #expect(table.contains("active units") && table.contains("I(x; z)"))
    let units = table.split(separator: "\n").first { $0.hasPrefix("active units") }
    #expect(
      units?.split(separator: "±").first?.contains(".") == false, "a count has nothing behind the point: \(table)")
    // Models may stand behind the measures, and no measure stands for the usual ones.
    #expect(try runner.type("compare --measures active-units mutual-information run run --count 60").text == table)
    #expect(try runner.type("compare --count 60 run --measures=active-units mutual-information run").text == table)
    let bare = try runner.type("compare run run --measures --count 60").text
    #expect(bare == (try runner.type("compare run run --count 60").text) && bare.contains("MIG"), "\(bare)")
    #expect(try runner.type("measures mig").text.contains("Chen 2018"))
    #expect(try runner.type("measures mutual-information").text.contains("over images drawn anew"))
  }

  @Test func comparedModelsAreToldWithTheHalfAndWithThoseThatLearntFromIt() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    let comparing = "compare run mnist-2d --data strokes --count 60 --measures active-units"
    for (part, isTrainedOn) in [("test", false), ("training", true)] {
      let result = try runner.type("\(comparing) --part \(part) --json")
      let object = try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
      #expect(object["part"] as? String == part && object["images"] as? Int == 60)
      let models = try #require(object["models"] as? [[String: Any]])
      #expect(models.map { $0["includesTrainingImages"] as? Bool } == [isTrainedOn, false], "\(part)")
      let text = try runner.type("\(comparing) --part \(part)").text
      #expect(text.contains("run learnt from some of these images: on others it does worse") == isTrainedOn, "\(text)")
    }
  }

  @Test func modelsAreTakenInTheOrderInWhichTheyWereWritten() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    for name in ["a", "b", "all/class-0"] {
      try FileManager.default.createDirectory(atPath: runner.path(name), withIntermediateDirectories: true)
      try runner.write("\(name)/config.json", Data())
    }
    let (a, b, all) = (runner.path("a"), runner.path("b"), runner.path("all"))
    for (written, parsed) in [
      ("compare --count 30 \(b) --measures mig \(a)", "compare --count 30 \(b) \(a) --measures mig"),
      ("compare --json \(b) --measures mig \(a) --seed 3", "compare --json \(b) \(a) --seed 3 --measures mig"),
      ("compare \(a) --measures mig \(b) --measures sap \(a)", "compare \(a) \(b) \(a) --measures mig --measures sap"),
      ("compare --measures=mig \(a) sap \(b)", "compare \(a) \(b) --measures mig sap"),
      ("compare --measures mig,sap \(a) \(b)", "compare \(a) \(b) --measures mig sap"),
      ("evaluate \(a) --measures=mig, sap", "evaluate \(a) --measures mig sap"),
      ("compare \(a) --measures \(b) -- c", "compare \(a) \(b) --measures usual -- c"),
      ("compare --set bins=9 \(a) \(b) --measures mig", "compare \(a) \(b) --set bins=9 --measures mig"),
      ("evaluate --rotate -45 --measures mig \(all)", "evaluate \(all) --rotate -45 --measures mig"),
      ("evaluate --count --measures mig \(a)", "evaluate \(a) --count --measures mig"),
    ] {
      let words = MeasureOptions.expanding(written.split(separator: " ").map(String.init))
      #expect(words.joined(separator: " ") == parsed)
    }
  }

  @Test func whereTheLabelIsTheOnlyFactorAComparisonSaysWhatThatMakesOfANumber() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    let count = 40
    try FileManager.default.createDirectory(atPath: runner.path("digits"), withIntermediateDirectories: true)
    for part in ["train", "t10k"] {
      let pixels = (0..<count * 784).map { UInt8(truncatingIfNeeded: $0 * $0 / 7 + $0 / 784 % 2 * 90) }
      try runner.write(
        "digits/\(part)-images-idx3-ubyte",
        Data([0, 0, 8, 3, 0, 0, 0, UInt8(count), 0, 0, 0, 28, 0, 0, 0, 28] + pixels))
      try runner.write(
        "digits/\(part)-labels-idx1-ubyte",
        Data([0, 0, 8, 1, 0, 0, 0, UInt8(count)] + (0..<count).map { UInt8($0 % 2) }))
    }
    let result = try runner.type("compare run run --data digits --measures dci")
    #expect(result.text.contains("dci: one factor alone: disentanglement is 1"), "\(result.text)\(result.errors)")
  }
}
