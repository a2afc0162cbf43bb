import Analysis
import ArgumentParser
import Datasets
import HarmlessText
import Tensors

/// `zscope measure`: the measures of codes that any program made.
struct MeasureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "measure",
    abstract: "Measure codes from a file: of any program's representation.",
    discussion: """
      Codes are a matrix [n, K], factors [n, F] (or [n]), labels [n] (−1: not known), each a .npy, .csv or .json file, or `file.npz:name`. \
      The values of a factor are classes where there are at most 256 of them, all whole or at most one for twenty codes, \
      and in an array of integers where there are at most half as many as codes; any other factor is continuous, and is \
      cut into bins. Without factors the label is the only one. What learns, learns from the codes and is tried on the \
      test codes; without test codes a third, drawn by the seed, is kept back. Labels and factors may be words: they are classes, numbered from 0 \
      in natural order. `zscope measures` tells what each measure is.

      Examples:
        zscope measure --codes codes.npy --factors factors.npy --json
        zscope measure --codes c.npy --labels l.npy --measures knn-accuracy sap
        zscope measure --codes c.npy --factors f.npy --rotate random
        zscope measure --codes encoded.npy --encoded --labels l.npy
      """)

  @Option(help: ArgumentHelp("Codes, or posterior means, [n, K].", valueName: "file"), completion: .file())
  var codes: String

  @Flag(help: "The codes are means, then log-variances, [n, 2K], as `zscope encode` writes them.")
  var encoded = false

  @Option(help: ArgumentHelp("Logarithms of the posterior variances, [n, K].", valueName: "file"), completion: .file())
  var logVariances: String?

  @Option(help: ArgumentHelp("Known causes of variation, [n, F].", valueName: "file"), completion: .file())
  var factors: String?

  @Option(
    parsing: .upToNextOption, help: ArgumentHelp("Names of the factors, one a column.", valueName: "name"))
  var factorNames: [String] = []

  @Option(help: ArgumentHelp("Classes, [n].", valueName: "file"), completion: .file())
  var labels: String?

  @Option(help: ArgumentHelp("Codes that nothing is learnt from, [m, K].", valueName: "file"), completion: .file())
  var testCodes: String?

  @Option(help: ArgumentHelp("Their factors, [m, F].", valueName: "file"), completion: .file())
  var testFactors: String?

  @Option(help: ArgumentHelp("Their classes, [m].", valueName: "file"), completion: .file())
  var testLabels: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Measures by name; all: every one that can be computed.", valueName: "name"))
  var measures: [String] = ["all"]

  @OptionGroup var options: MeasureOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Turn the codes first: random, or degrees in the planes of neighbouring dimensions.", valueName: "turn"))
  var rotate: Turn?

  @Option(parsing: .unconditional, help: "Decides splits, samples, pairs and turns.")
  var seed: UInt64 = 1

  @Option(parsing: .unconditional, help: ArgumentHelp("Threads; results do not depend on them.", valueName: "n"))
  var threads: Int?

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    _ = try MeasureOptions.measures(measures)
    if encoded, logVariances != nil {
      throw ValidationError("--encoded codes hold their log-variances: leave out --log-variances")
    }
    if !factorNames.isEmpty, factors == nil { throw ValidationError("--factor-names without --factors names nothing") }
    if testCodes == nil, testFactors != nil || testLabels != nil {
      throw ValidationError("--test-factors and --test-labels belong to --test-codes")
    }
    if testCodes != nil {
      if (factors == nil) != (testFactors == nil) {
        throw ValidationError("give --factors and --test-factors both, or neither")
      }
      if (labels == nil) != (testLabels == nil) {
        throw ValidationError("give --labels and --test-labels both, or neither")
      }
    }
    try Machine.check(threads: threads)
  }

  func run() throws {
    let names = [codes, logVariances, factors, labels, testCodes, testFactors, testLabels].compactMap { $0 }
    guard names.count(where: { $0 == "-" }) <= 1 else {
      throw ValidationError("standard input (-) can be named only once")
    }
    // What a class is called has one number in both.
    let factorArrays = try Arrays.classes([factors, testFactors].compactMap { $0 })
    let labelArrays = try Arrays.classes([labels, testLabels].compactMap { $0 })
    let factorClasses = Self.classNumbers(of: factorArrays)
    var measured = try representation(
      codes, logVariances, factors.map { ($0, factorArrays[0]) }, factorClasses, labels.map { ($0, labelArrays[0]) })
    var test = try testCodes.map {
      try representation(
        $0, nil, testFactors.map { ($0, factorArrays[1]) }, factorClasses, testLabels.map { ($0, labelArrays[1]) })
    }
    if let rotate {
      let rotation = rotate.rotation(of: measured.dimensions, seed: seed)
      measured = measured.rotated(rotation)
      test = test?.rotated(rotation)
    }
    let settings = try options.settings
    let measurement = try Measurement(
      of: measured, test: test, settings: settings, seed: seed, pool: WorkerPool(threads: threads ?? Machine.threads))
    let line = ProgressLine()
    defer { line.clear() }
    let reports = try MeasureOutput.all(MeasureOptions.measures(measures), of: measurement, settings: settings) {
      line.show(nil, "measuring \($0)")
    }
    line.clear()
    try MeasureOptions.requireNamed(measures, reports, areTurned: rotate != nil)
    if json {
      return try JSONOutput.print(
        Output(
          codes: codes, count: measured.count, dimensions: measured.dimensions, testCount: test?.count, seed: seed,
          rotated: rotate != nil, measures: reports))
    }
    let turned = rotate == nil ? "" : ", turned"
    try StandardOutput.write(
      "\(codes.harmlessLine): \(Text.grouped(measured.count)) codes of \(Text.counted(measured.dimensions, "dimension"))\(turned)\n"
        + reports.flatMap(\.lines).joined(separator: "\n") + "\n")
  }

  private struct Output: Encodable {
    let codes: String
    let count: Int
    let dimensions: Int
    let testCount: Int?
    let seed: UInt64
    let rotated: Bool
    let measures: [MeasureOutput]
  }

  /// An array and what the person called it.
  private typealias Named = (path: String, array: StoredArray)

  private func representation(
    _ codes: String, _ logVariances: String?, _ factors: Named?, _ factorClasses: [Int: [Float: Int32]],
    _ labels: Named?
  ) throws -> Representation {
    let stored = try Arrays.read(codes)
    var means = try matrix((codes, stored))
    var variances = try logVariances.map { try matrix($0) }
    if encoded {
      let width = means.shape[1]
      guard width % 2 == 0 else {
        throw CommandError(
          "\(codes): \(width) values a code are no means and log-variances", remedy: "leave out --encoded")
      }
      let half = width / 2
      variances = means.choosing(columns: Array(half..<width))
      means = means.choosing(columns: Array(0..<half))
    }
    do {
      let labels = try labels.map { try classes($0) }
      let numbers = labels.flatMap(ClassNumbers.init(sparse:))
      return try Representation(
        means: means, logVariances: variances, labels: numbers?.labels ?? labels, classNames: numbers?.names ?? [],
        factors: factors.map { try columns($0, factorClasses) } ?? [],
        precision: stored.type == .float32 ? .single : .double)
    } catch let error as AnalysisError {
      throw CommandError("\(codes): \(error)")
    }
  }

  /// A matrix; one dimension is a column.
  private func matrix(_ path: String) throws -> Tensor { try matrix((path, Arrays.read(path))) }

  private func matrix(_ named: Named) throws -> Tensor {
    let (path, array) = (named.path, named.array.tensor)
    switch array.shape.count {
    case 1: return array.reshaped([array.count, 1])
    case 2: return array
    default:
      throw CommandError("\(path): an array of shape \(array.shape)", remedy: "give a matrix, one row an image")
    }
  }

  /// The class of every value of a column of factors, the same in all arrays, by the column; none of a column whose values
  /// are no classes by their type: those of floats, and those of integers that are more than half as many as the rows.
  private static func classNumbers(of arrays: [StoredArray]) -> [Int: [Float: Int32]] {
    guard let first = arrays.first, let rows = first.shape.first, rows > 0, arrays.allSatisfy(\.type.isInteger) else {
      return [:]
    }
    let width = first.count / rows
    let values = arrays.map(\.floats)
    return (0..<width).reduce(into: [:]) { numbers, column in
      func distinct(_ values: [Float]) -> Set<Float> {
        Set(stride(from: column, to: values.count, by: width).map { values[$0] })
      }
      guard distinct(values[0]).count <= max(2, rows / 2) else { return }
      let all = values.reduce(into: Set<Float>()) { $0.formUnion(distinct($1)) }.sorted()
      numbers[column] = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1, Int32($0)) })
    }
  }

  private func columns(_ factors: Named, _ numbers: [Int: [Float: Int32]]) throws -> [Factor] {
    let (path, values) = (factors.path, try matrix(factors))
    let width = values.shape[1]
    guard factorNames.isEmpty || factorNames.count == width else {
      throw CommandError(
        "\(path): \(Text.counted(width, "factor")), but \(Text.counted(factorNames.count, "name"))",
        remedy: "name each of them with --factor-names")
    }
    return (0..<width).map { column in
      let own = (0..<values.shape[0]).map { values.elements[$0 * width + column] }
      return Factor(
        name: factorNames.isEmpty ? "v\(column + 1)" : factorNames[column], values: own,
        classes: numbers[column].map { numbers in own.map { numbers[$0] ?? 0 } })
    }
  }

  private func classes(_ labels: Named) throws -> [Int32] {
    let (path, array) = labels
    guard array.shape.count == 1 || array.shape.count == 2 && array.shape[1] == 1 else {
      throw CommandError("\(path): labels of shape \(array.shape)", remedy: "give one label a code, [n]")
    }
    return try array.labels(name: path)
  }
}
