import Datasets
import Glibc
import HarmlessText
import LatentModels
import Tensors

/// What `bench` found. Times in the units their names say; medians.
struct BenchmarkOutput: Encodable {
  /// One model's training.
  struct Training: Encodable {
    let model: String
    let images: Int
    let batch: Int
    let treatment: String
    let secondsAnEpoch: Double
    let imagesASecond: Double
    /// Dense floating-point operations an image, forward and backward.
    let operationsAnImage: Int
    let gigaflops: Double
    /// Of every epoch `gigaflops` over the peak beside it; their median.
    let fractionOfPeak: Double
    let epochs: [MeasuredEpoch]
  }

  let threads: Int
  let repetitions: Int
  let sgemmPeakGigaflops: Double
  /// The processor whose kernels OpenBLAS runs, by its name for it.
  let sgemmKernels: String?
  let training: [Training]
  let encode10000Milliseconds: Double
  let decodeOneMicroseconds: Double
  let loadCheckpointMilliseconds: Double
  /// The most memory held by the process up to the end of the small model's training, in bytes.
  let peakMemoryTrainingSmallBytes: Int

  var text: String {
    var lines = [
      "medians of \(repetitions), one process, \(Text.counted(threads, "thread"))",
      "  sgemm peak             \(number(sgemmPeakGigaflops, 1)) GFLOP/s"
        + (sgemmKernels.map { " (OpenBLAS with its kernels for \($0.harmlessLine))" } ?? ""),
    ]
    for model in training {
      lines.append(
        "  train \(Text.padded(model.model, 16)) \(number(model.secondsAnEpoch, 3)) s an epoch of \(Text.grouped(model.images)), "
          + "\(Text.grouped(Int(model.imagesASecond))) images/s, \(Text.fixed(model.gigaflops, 1)) GFLOP/s, "
          + "\(Text.fixed(100 * model.fractionOfPeak, 1)) % of the peak beside each epoch")
    }
    lines += [
      "  encode 10,000 images   \(number(encode10000Milliseconds, 2)) ms",
      "  decode one code        \(number(decodeOneMicroseconds, 1)) µs",
      "  load a checkpoint      \(number(loadCheckpointMilliseconds, 2)) ms",
      "  peak memory, training  \(number(Double(peakMemoryTrainingSmallBytes) / 1e6, 1)) MB (\(training.first?.model ?? ""))",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private func number(_ value: Double, _ digits: Int) -> String { Text.rightAligned(Text.fixed(value, digits), 8) }
}

/// Measures what `BenchmarkOutput` holds.
struct Benchmark {
  let threads: Int
  let repetitions: Int
  let progress: (String) -> Void

  private static let imageCount = 60_000

  func run() throws -> BenchmarkOutput {
    progress("drawing \(Text.grouped(Self.imageCount)) strokes")
    let images = try Strokes.generate(count: Self.imageCount, seed: 1)
    progress("matrix products")
    let peak = try SgemmPeak.measure(threads: threads, repetitions: repetitions)
    let small = try train(hidden: [256, 64], latent: 2, on: images)
    let memory = Self.peakMemory
    let model = small.model
    progress("latencies")
    let tenThousand = images.subset(0..<10_000)
    let encode = try median { _ = try model.encode(tenThousand) }
    let decode = try decodeOne(model)
    let load = try loadCheckpoint(model)
    let large = try train(hidden: [400, 400], latent: 50, on: images)
    return BenchmarkOutput(
      threads: threads, repetitions: repetitions, sgemmPeakGigaflops: peak, sgemmKernels: try SgemmPeak.kernels(),
      training: [small.report, large.report],
      encode10000Milliseconds: encode * 1e3, decodeOneMicroseconds: decode * 1e6,
      loadCheckpointMilliseconds: load * 1e3, peakMemoryTrainingSmallBytes: memory)
  }

  /// Trains for one epoch more than is counted: the first one warms caches, pages and the clock up.
  private func train(
    hidden: [Int], latent: Int, on images: ImageSet
  ) throws -> (report: BenchmarkOutput.Training, model: LatentModel) {
    let model = ModelConfiguration(hidden: hidden, latent: latent)
    progress("training \(model)")
    let training = TrainingConfiguration(
      data: "strokes", treatment: .binarised, epochs: repetitions + 1, heldOut: 0, checkpointEvery: 0)
    let meter = try EpochMeter(
      Configuration(model: model, training: training), images: images, threads: threads)
    _ = try meter.next()
    let epochs = try (0..<repetitions).map { _ in try meter.next() }
    let operations = Self.operationsAnImage(model)
    func gigaflops(_ seconds: Double) -> Double { Double(operations) * Double(images.count) / seconds / 1e9 }
    let seconds = Self.median(epochs.map(\.seconds))
    return (
      BenchmarkOutput.Training(
        model: model.description, images: images.count, batch: training.batch, treatment: training.treatment.rawValue,
        secondsAnEpoch: seconds, imagesASecond: Double(images.count) / seconds, operationsAnImage: operations,
        gigaflops: gigaflops(seconds),
        fractionOfPeak: Self.median(epochs.map { gigaflops($0.seconds) / $0.sgemmPeakGigaflops }), epochs: epochs),
      meter.finish()
    )
  }

  /// Two operations for every weight forward, two for its gradient, two for the gradient of its input, which the pixels
  /// do not need. The encoder's last layer gives means and log-variances.
  static func operationsAnImage(_ model: ModelConfiguration) -> Int {
    let widths = [model.pixelCount] + model.hidden
    let encoder = zip(widths, model.hidden + [2 * model.latent]).map { $0 * $1 }
    let decoderWidths = [model.latent] + model.hidden.reversed()
    let decoder = zip(decoderWidths, model.hidden.reversed() + [model.pixelCount]).map { $0 * $1 }
    return 6 * (encoder + decoder).reduce(0, +) - 2 * (encoder.first ?? 0)
  }

  /// One code at a time, as a slider asks for it: the median over many calls.
  private func decodeOne(_ model: LatentModel) throws -> Double {
    let code = [Float](repeating: 0.5, count: model.latentSize)
    let times = try (0..<400 * repetitions).map { _ in try Self.seconds { _ = try model.decode(code) } }
    return Self.median(times)
  }

  private func loadCheckpoint(_ model: LatentModel) throws -> Double {
    let path = "\(environmentVariable("TMPDIR") ?? "/tmp")/zscope-bench-\(getpid()).safetensors"
    try Checkpoint.save(model, to: path)
    defer { unlink(path) }
    return try median { _ = try Checkpoint.load(path) }
  }

  /// The median over the repetitions, after one run that does not count.
  private func median(_ body: () throws -> Void) throws -> Double {
    try body()
    return Self.median(try (0..<repetitions).map { _ in try Self.seconds(body) })
  }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return .nan }
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  private static func seconds(_ body: () throws -> Void) rethrows -> Double {
    let clock = ContinuousClock()
    let elapsed = try clock.measure(body).components
    return Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
  }

  private static var peakMemory: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }
}
