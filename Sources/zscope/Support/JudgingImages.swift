import ArgumentParser
import Datasets

/// The images of a data set that models are judged by.
struct JudgingImages: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A data set's name, such as mnist or mnist-rotated, or a path (default: what the model, of several the first, was trained on).",
      valueName: "data"),
    completion: Completions.data)
  var data: String?

  @Option(help: "Which half of a data set (default: test).")
  var part: DataPart?

  @Option(parsing: .unconditional, help: ArgumentHelp("Only the first so many images.", valueName: "n"))
  var count: Int?

  func validate() throws {
    if let count, count < 1 { throw ValidationError("--count is \(count); allowed: 1 or more") }
  }
}
