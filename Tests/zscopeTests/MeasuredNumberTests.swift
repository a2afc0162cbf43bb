import Datasets
import Foundation
import Tensors
import Testing

/// Numbers that 32-bit floats do not tell apart are measured as the numbers they are.
@Suite struct MeasuredNumberTests {
  private static let count = 240
  private static let measures = "mig modularity dci explicitness knn-accuracy linear-probe factor-vae binned-dependence"

  /// An array of 8-byte numbers as numpy keeps them.
  private func array<Number>(_ numbers: [Number], _ type: String, columns: Int) -> Data {
    let shape = columns == 1 ? "(\(numbers.count),)" : "(\(numbers.count / columns), \(columns))"
    let dictionary = "{'descr': '<\(type)', 'fortran_order': False, 'shape': \(shape), }\n"
    let head: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(dictionary.utf8.count), 0]
    return Data(head + Array(dictionary.utf8)) + numbers.withUnsafeBytes { Data($0) }
  }

  /// Codes on a grid of 2⁻⁷, so that much can be added without rounding: the first tells the first factor, the second most
  /// of the second.
  private var codes: [Double] {
    (0..<Self.count).flatMap { (row: Int) -> [Double] in
      let (first, second): (Int, Int) = (row % 3, row / 3 % 4 / 2)
      let (noise, other): (Int, Int) = (row % 7, row * 5 % 11)
      return [Double(128 * first + noise) / 128, Double(128 * second + other) / 128]
    }
  }
  private var factors: [Int64] {
    (0..<Self.count).flatMap { (row: Int) -> [Int64] in [Int64(row % 3), Int64(row / 3 % 4)] }
  }
  private var labels: [Int64] { (0..<Self.count).map { (row: Int) -> Int64 in Int64(row % 3) } }

  private func values(
    _ runner: CommandRunner, _ arguments: String, measures: String = Self.measures
  ) throws -> [String: Double] {
    let result = try runner.type(
      "measure --set training-groups=200 test-groups=100 trees=5 resamples=0 --json --measures \(measures) \(arguments)"
    )
    #expect(result.status == 0, "\(result.errors)")
    let object = try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
    return Dictionary(
      uniqueKeysWithValues: try #require(object["measures"] as? [[String: Any]]).compactMap { measure in
        (measure["name"] as? String).flatMap { name in (measure["value"] as? Double).map { (name, $0) } }
      })
  }

  /// Codes `c.npy`, labels and factors `f.npy`.
  private func writeArrays(for runner: CommandRunner) throws {
    try runner.write("labels.npy", array(labels, "i8", columns: 1))
    try runner.write("f.npy", array(factors, "i8", columns: 2))
    try runner.write("c.npy", array(codes, "f8", columns: 2))
  }

  @Test func aFactorIsTheSameWhereverItsNumbersLie() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try writeArrays(for: runner)
    let arguments = "--codes c.npy --labels labels.npy --factors"
    let plain = try values(runner, "\(arguments) f.npy")
    #expect(try #require(plain["mig"]) > 0.3)
    let large: [UInt64] = factors.map { (1 << 63) + UInt64($0) }
    let dates: [Int64] = factors.map { $0 + 20_240_101 }
    let wide: [Int64] = factors.map { $0 + (1 << 53) }
    let far: [Double] = factors.map { Double($0) + 1e8 }
    let tiny: [Double] = factors.map { Double($0) * 1e-50 }
    let huge: [Double] = factors.map { Double($0) * 1e50 }
    for (name, data) in [
      ("dates", array(dates, "i8", columns: 2)), ("wide", array(wide, "i8", columns: 2)),
      ("large", array(large, "u8", columns: 2)), ("far", array(far, "f8", columns: 2)),
      ("tiny", array(tiny, "f8", columns: 2)), ("huge", array(huge, "f8", columns: 2)),
    ] {
      try runner.write("g.npy", data)
      #expect(try values(runner, "\(arguments) g.npy") == plain, "\(name)")
    }
  }

  @Test func codesAreTheSameWhereverTheyLieToWhatOnlyComparesThem() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try writeArrays(for: runner)
    let arguments = "--labels labels.npy --factors f.npy --codes"
    let measures = "mig modularity dci knn-accuracy linear-probe binned-dependence gaussian-total-correlation"
    let plain = try values(runner, "\(arguments) c.npy", measures: measures)
    let exponents = [(-166, "tiny"), (166, "huge")]
    let moved: [Double] = codes.map { $0 + 1e8 }
    var files = [("far", array(moved, "f8", columns: 2))]
    for (exponent, name) in exponents {
      let scaled: [Double] = codes.map { $0 * Double(sign: .plus, exponent: exponent, significand: 1) }
      files.append((name, array(scaled, "f8", columns: 2)))
    }
    for (name, data) in files {
      try runner.write("\(name).npy", data)
      let found = try values(runner, "\(arguments) \(name).npy", measures: measures)
      for (measure, value) in plain {
        #expect(try abs(#require(found[measure]) - value) < 1e-6, "\(name): \(measure)")
      }
    }
    // Where 0 and 1 are is given back to what is about them.
    let scale = try values(runner, "--codes far.npy", measures: "code-scale active-units")
    #expect(try abs(#require(scale["code-scale"]) - 1e8) < 2)
    #expect(scale["active-units"] == 2)
    #expect(try values(runner, "--codes tiny.npy", measures: "active-units") == ["active-units": 0])
    let spread = try values(runner, "--codes c.npy", measures: "gaussian-wasserstein code-scale")
    let larger = try values(runner, "--codes huge.npy", measures: "gaussian-wasserstein code-scale")
    #expect(try abs(#require(larger["code-scale"]) / #require(spread["code-scale"]) / 0x1p166 - 1) < 1e-6)
    #expect(try #require(larger["gaussian-wasserstein"]) > 0)
    // What depends on them otherwise is refused.
    for (file, measure) in [("tiny", "beta-vae"), ("huge", "sap")] {
      let result = try runner.type("measure \(arguments) \(file).npy --measures \(measure)")
      #expect(result.status == 1 && result.errors.contains("\(measure) depends on"), "\(result.errors)")
    }
    let mixed: [Double] = (0..<Self.count).flatMap { (row: Int) -> [Double] in
      [Double(row % 5) * 1e40, Double(row % 3) * 1e-40]
    }
    try runner.write("mixed.npy", array(mixed, "f8", columns: 2))
    let result = try runner.type("measure --codes mixed.npy")
    #expect(result.status == 1 && result.errors.contains("column 2 reaches"), "\(result.errors)")
  }

  /// numpy's counts in bins of the same numbers: their 32-bit neighbours fall on the other side of edges.
  @Test func numbersOfADecimalGridAreBinnedAsTheDoublesTheyAre() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try writeArrays(for: runner)
    let grid: [Double] = (0..<Self.count).flatMap { (row: Int) -> [Double] in
      let (first, second): (Int, Int) = (row % 3 * 8 + row * 7 % 25, row / 3 % 4 * 7 + row * 11 % 40)
      return [Double(first) / 10, Double(second) / 10]
    }
    let causes: [Double] = (0..<Self.count).flatMap { (row: Int) -> [Double] in
      [Double(row * 13 % 41) / 10, Double(row % 3 * 20 + row * 17 % 41) / 20]
    }
    try runner.write("grid.npy", array(grid, "f8", columns: 2))
    try runner.write("single.npy", array(grid.map { Float($0) }, "f4", columns: 2))
    try runner.write("causes.npy", array(causes, "f8", columns: 2))
    let lines = (0..<Self.count).map { "\(grid[2 * $0]),\(grid[2 * $0 + 1])" }
    try runner.write("grid.csv", Data(lines.joined(separator: "\n").utf8))
    for (arguments, dependence, gap) in [
      ("grid.npy --factors f.npy", 0.577_982_287_231_680_7, 0.154_206_494_521_591_63),
      ("grid.csv --factors f.npy", 0.577_982_287_231_680_7, 0.154_206_494_521_591_63),
      ("single.npy --factors f.npy", 0.604_943_586_239_098_6, 0.164_492_201_458_439_74),
      ("grid.npy --factors causes.npy", 0.577_982_287_231_680_7, 0.128_085_587_889_347_1),
    ] as [(String, Double, Double)] {
      let found = try values(runner, "--codes \(arguments)", measures: "binned-dependence mig")
      #expect(try abs(#require(found["binned-dependence"]) - dependence) < 1e-9, "\(arguments)")
      #expect(try abs(#require(found["mig"]) - gap) < 1e-9, "\(arguments)")
    }
  }

  /// A layout of codes that 32-bit floats, as they lie, merge or do not hold.
  @Test func codesAreLaidOutTheSameWhereverTheyLie() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let random = CounterRandom(seed: 4)
    let grid: [Double] = (0..<Self.count * 2).map { (place: Int) -> Double in
      Double(random.integer(below: 512, UInt64(place)) + place / 2 % 3 * 1024) / 128
    }
    func divergence(_ numbers: [Double]) throws -> Double {
      try runner.write("points.npy", array(numbers, "f8", columns: 2))
      let result = try runner.type("tsne points.npy --perplexity 10 --iterations 400 --json --output layout.npy")
      #expect(result.status == 0, "\(result.errors)")
      let object = try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
      return try #require(object["divergence"] as? Double)
    }
    let plain = try divergence(grid)
    for moved in [grid.map { $0 + 1e7 }, grid.map { $0 + 1e9 }, grid.map { $0 * 1e200 }, grid.map { $0 * 1e-200 }] {
      #expect(try abs(divergence(moved) - plain) < 0.1 * plain)
    }
  }

  @Test func aDeadColumnThatFloatsDoNotHoldIsMeasuredAsAnyOther() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try writeArrays(for: runner)
    let measures = "sap mig"
    func measured(_ dead: Double) throws -> [String: Double] {
      let wide: [Double] = (0..<Self.count).flatMap { [codes[2 * $0], codes[2 * $0 + 1], dead] }
      try runner.write("wide.npy", array(wide, "f8", columns: 3))
      return try values(runner, "--codes wide.npy --factors f.npy", measures: measures)
    }
    let (exact, rounded) = (try measured(Double(Float(0.1))), try measured(0.1))
    #expect(exact.count == 2)
    for (measure, value) in exact { #expect(try abs(#require(rounded[measure]) - value) < 1e-6, "\(measure)") }
    // Where 0 is matters to a machine, and it is where it was.
    try runner.write("far.npy", array(codes.map { $0 + 1e8 }, "f8", columns: 2))
    #expect(try values(runner, "--codes far.npy --factors f.npy", measures: "sap").count == 1)
  }

  @Test func classesAreNumberedAlikeInWhatIsLearntFromAndWhatIsTried() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try runner.write("c.npy", array(codes, "f8", columns: 2))
    try runner.write("f.npy", array(labels, "i8", columns: 1))
    let learnt = "--codes c.npy --test-codes t.npy --labels"
    // The tried part lacks the first class.
    let tried = (0..<Self.count).filter { $0 % 3 > 0 }
    let few: [Double] = tried.flatMap { [codes[2 * $0], codes[2 * $0 + 1]] }
    try runner.write("t.npy", array(few, "f8", columns: 2))
    for offset in [0, 1 << 24, 1 << 60] as [Int64] {
      let classes: [Int64] = labels.map { $0 * 100 + offset }
      let rest: [Int64] = tried.map { classes[$0] }
      try runner.write("l.npy", array(classes, "i8", columns: 1))
      try runner.write("r.npy", array(rest, "i8", columns: 1))
      let found = try values(
        runner, "\(learnt) l.npy --test-labels r.npy", measures: "knn-accuracy linear-probe")
      #expect(found == ["knn-accuracy": 1, "linear-probe": 1], "\(offset)")
    }
  }

  @Test func logVariancesBeyondWhatIsExactAreRefusedAndNoNumberIsInfinite() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try runner.write("c.npy", array(codes, "f8", columns: 2))
    for value in [800.0, -800, 90, -90] {
      var logVariances = [Double](repeating: 0, count: codes.count)
      logVariances[7] = value
      try runner.write("v.npy", array(logVariances, "f8", columns: 2))
      let one = try runner.type("measure --codes c.npy --log-variances v.npy --measures mutual-information")
      #expect(one.status == 1 && one.errors.contains("row 4, column 2 of the log-variances is"), "\(one.errors)")
      let all = try runner.type("measure --codes c.npy --log-variances v.npy --json")
      #expect(all.status == 0, "\(all.errors)")
      let text = all.text.lowercased()
      #expect(!text.contains("nan\"") && !text.contains("inf\"") && !text.contains("infinity\""))
      #expect(all.text.contains("unavailable"))
    }
  }

  @Test func everyValueHasItsUnitAndEveryTextItsSettings() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let four: [Double] = codes.enumerated().map { $1 + Double($0 % 13) / 64 }
    try runner.write("c.npy", array(four, "f8", columns: 4))
    try runner.write("l.npy", array(Array(labels.prefix(Self.count / 2)), "i8", columns: 1))
    let result = try runner.type(
      "measure --codes c.npy --labels l.npy --measures block-entanglement active-units knn-accuracy --json "
        + "--set active-variance=0.9 neighbours=3")
    let object = try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
    let measures = try #require(object["measures"] as? [[String: Any]], "\(result.errors)")
    func measure(_ name: String) throws -> [String: Any] {
      try #require(measures.first { $0["name"] as? String == name })
    }
    let entanglement = try #require(measure("block-entanglement")["values"] as? [[String: Any]])
    #expect(entanglement.map { $0["unit"] as? String } == ["nats", "nats", "nats", ""])
    #expect(try (measure("active-units")["definition"] as? String)?.hasSuffix("> 0.9") == true)
    #expect(try (measure("knn-accuracy")["definition"] as? String)?.contains("the 3 nearest") == true)
  }

  @Test func smallNumbersAreToldByFourDigits() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let small: [Double] = codes.map { $0 * 0x1p-13 }
    try runner.write("c.npy", array(small, "f8", columns: 2))
    let text = try runner.type("measure --codes c.npy --measures gaussian-wasserstein active-units pca-spectrum").text
    #expect(!text.contains(" 0.0000\n") || text.contains("e-"), "\(text)")
    #expect(text.contains("e-0"), "\(text)")
  }
}
