import Datasets
import Foundation
import Tensors
import Testing

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
    let text = try runner.type("evaluate run --count 60 --importance-samples 0 --measures mutual-information mig").text
    #expect(text.contains("I(x; z)") && text.contains("MIG") && text.contains(" ± ") && text.contains("at β = 1"))
    let table = try runner.type("compare run run --count 60 --measures active-units mutual-information").text
    #expect(table.contains("active units") && table.contains("I(x; z)"))
    #expect(try runner.type("measures mig").text.contains("Chen 2018"))
  }
}
