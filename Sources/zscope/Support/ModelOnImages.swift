import ArgumentParser
import Datasets

/// A model, and the images of a data set that it is judged by.
struct ModelOnImages: ParsableArguments {
  @OptionGroup var model: ModelArgument

  @Option(
    help: ArgumentHelp("A data set's name or a path (default: what the model was trained on).", valueName: "data"),
    completion: Completions.data)
  var data: String?

  @Option(help: "Which half of a data set.")
  var part: DataPart = .test

  @Option(parsing: .unconditional, help: ArgumentHelp("Only the first so many images.", valueName: "n"))
  var count: Int?

  func validate() throws {
    if let count, count < 1 { throw ValidationError("--count is \(count); allowed: 1 or more") }
  }
}
