import ArgumentParser

/// `zscope bench`: how fast this machine runs it.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure training and latencies beside the machine's matrix-product peak.",
    discussion: """
      Figures are medians, all in one process: of 5, or of as many as --repetitions says. The peak is the best of several \
      products, with OpenBLAS's kernels for this processor; memory is the most that was held. Training counts dense \
      floating-point operations: 6 for every weight and image, less the 2 that would carry the gradient to the pixels \
      (2.2 million an image for 784-256-64-2). It uses 60,000 images of the built-in strokes, so that nothing has to be \
      fetched. Leave the machine alone meanwhile.

      The peak is measured beside every epoch: a machine that runs at half speed for a while shows in both, and their \
      ratio stays.

      With --objectives every objective is trained in turn with the plain evidence lower bound of the same network, \
      epoch by epoch, and the ratio of their times is reported; bounds of importance weights take 50 samples.

      Examples:
        zscope bench
        zscope bench --objectives --repetitions 3
        zscope bench --json > bench.json
      """)

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(help: "Measure every objective beside the plain evidence lower bound instead.")
  var objectives = false

  @Option(parsing: .unconditional, help: ArgumentHelp("Threads for training and the peak.", valueName: "n"))
  var threads: Int = 2

  @Option(parsing: .unconditional, help: ArgumentHelp("Measure this often and take the median.", valueName: "n"))
  var repetitions: Int = 5

  func validate() throws {
    try Machine.check(threads: threads)
    guard 1...100 ~= repetitions else { throw ValidationError("--repetitions is \(repetitions); allowed: 1 to 100") }
  }

  func run() throws {
    if threads > Machine.processors {
      StandardError.complain(
        "\(Text.counted(threads, "thread")) on \(Text.counted(Machine.processors, "processor")): they wait for one another, "
          + "and the figures say little of this machine")
    }
    let line = ProgressLine()
    defer { line.clear() }
    if objectives {
      let report = try ObjectiveBenchmark(threads: threads, repetitions: repetitions) { line.show(nil, $0) }.run()
      line.clear()
      if json { try JSONOutput.print(report) } else { try StandardOutput.write(report.text) }
      return
    }
    let report = try Benchmark(threads: threads, repetitions: repetitions) { line.show(nil, $0) }.run()
    line.clear()
    if json { try JSONOutput.print(report) } else { try StandardOutput.write(report.text) }
  }
}
