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
      test codes; without test codes a third, drawn by the seed, is kept back. Labels and factors may be words: they are \
      classes, numbered from 0 in natural order. The first line of a .csv file is a header where all its fields are words, \
      or where there is one line more than codes; of codes a column headed class, label or nothing is no dimension. With --encoded all columns count: of a model with classes also the \
      weights of these, which `zscope encode` writes in the columns of their variable. No numbers are merged: codes that 32 \
      bits hold only about their middle, or divided by a power of two, are held so, and what depends on how large 1 is, and \
      cannot be given it back, refuses the latter. `zscope measures` tells what each measure is.

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
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Names of the factors, one a column (default: those beside them in their .npz, latents_names or factor_names).",
      valueName: "name"))
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
    help: ArgumentHelp(
      """
      Measures by name; all, or no name: every one that can be computed; usual: all but those that take long.
      """,
      valueName: "name"),
    completion: Completions.measures)
  var measures: [String] = [Measure.everyName]

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
    let arrays = MeasuredArrays(
      codes: codes, isEncoded: encoded, logVariances: logVariances, factors: factors, factorNames: factorNames,
      labels: labels, testCodes: testCodes, testFactors: testFactors, testLabels: testLabels)
    var (measured, test) = try arrays.representations()
    if let rotate {
      let rotation = rotate.rotation(of: measured.dimensions, seed: seed)
      measured = measured.rotated(rotation)
      test = test?.rotated(rotation)
    }
    let note = Self.note(on: measured)
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
          rotated: rotate != nil, note: note, measures: reports))
    }
    let turned = rotate == nil ? "" : ", turned"
    let noted = note.map { "\($0)\n" } ?? ""
    try StandardOutput.write(
      "\(codes.harmlessLine): \(Text.grouped(measured.count)) codes of \(Text.counted(measured.dimensions, "dimension"))\(turned)\n\(noted)"
        + reports.flatMap(\.lines).joined(separator: "\n") + "\n")
  }

  /// What to say where columns look like the weights of classes, as `encode` writes them beside dimensions.
  private static func note(on representation: Representation) -> String? {
    guard let logVariances = representation.logVariances?.elements else { return nil }
    let (means, width) = (representation.means.elements, representation.dimensions)
    let columns = (0..<width).filter { column in
      stride(from: column, to: means.count, by: width).allSatisfy { logVariances[$0] == 0 && 0...1 ~= means[$0] }
    }
    guard columns.count > 1 else { return nil }
    return "columns \(columns.map { "\($0 + 1)" }.joined(separator: ", ")) look like weights of classes (0 to 1, with "
      + "log-variance 0 throughout) and are measured as dimensions: leave them out of the file to measure the others alone"
  }

  private struct Output: Encodable {
    let codes: String
    let count: Int
    let dimensions: Int
    let testCount: Int?
    let seed: UInt64
    let rotated: Bool
    let note: String?
    let measures: [MeasureOutput]
  }
}
