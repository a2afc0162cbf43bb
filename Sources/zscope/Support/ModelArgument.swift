import ArgumentParser
import Datasets
import LatentModels
import Tensors

/// The model a command works on.
struct ModelArgument: ParsableArguments {
  @Argument(help: "A checkpoint, a run directory, or a bundled model's name.", completion: Completions.models)
  var model: String

  /// Opens it; throws an error that names the path and the problem.
  func open() throws -> OpenedModel { try Self.open(model) }

  /// Opens the model called `name`; says on standard error what of another run is in the way.
  static func open(_ name: String) throws -> OpenedModel {
    let opened = try ModelLibrary.open(name)
    for problem in opened.foreign { StandardError.complain(problem) }
    return opened
  }
}

/// Images handed to a model.
struct ImageInput: ParsableArguments {
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "PNG, JPEG, NPY, NPZ or IDX files, folders of them, - for standard input, or a data set's name.",
      valueName: "images"),
    completion: Completions.data)
  var images: [String] = []

  @Option(help: "Which half of a data set (default: test).")
  var part: DataPart?

  @Option(parsing: .unconditional, help: ArgumentHelp("Only the first so many images.", valueName: "n"))
  var count: Int?

  @OptionGroup(title: "Reading images") var options: ImageOptions

  func validate() throws {
    if images.isEmpty { throw ValidationError("--images is missing: name image files or a data set") }
    try Self.checkStandardInput(LongArguments.names(images))
    if let count, count < 1 { throw ValidationError("--count is \(count); allowed: 1 or more") }
  }

  /// Standard input is over after it was read once.
  static func checkStandardInput(_ images: [String]) throws {
    if images.count(where: { $0 == "-" }) > 1 { throw ValidationError("standard input (-) can be named only once") }
  }

  /// Reads them, checked against the size that `model` takes, or made to fit it.
  func read(for model: LatentModel) throws -> ImageSet {
    try options.open(LongArguments.names(images), part: part ?? .test, count: count, for: model).checkingHalf(part)
  }
}
