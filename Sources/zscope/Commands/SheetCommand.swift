import ArgumentParser
import Datasets
import Exports
import LatentModels
import Tensors

/// `zscope sheet`: styles in rows, the values of one variable in columns.
struct SheetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sheet",
    abstract: "Decode a sheet: styles in rows, the classes or values of one variable in columns.",
    discussion: """
      A style is a code drawn from the prior, or a row of --codes; each column replaces one part of it. Of a model with \
      classes that part is the class; --dimension walks along a latent dimension instead, counted from 0.

      Examples:
        zscope sheet runs/m2 --styles 8 --output sheet.png
        zscope sheet mnist-10d --dimension 3 --styles 6 --steps 9
        zscope sheet mnist-10d --dimension 3 --codes codes.npy --output sheet.svg
      """)

  @OptionGroup var model: ModelArgument

  @Option(parsing: .unconditional, help: ArgumentHelp("How many styles to draw.", valueName: "n"))
  var styles: Int = 8

  @Option(parsing: .unconditional, help: "Decides the styles.")
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp("Styles from a file instead, [n, latent].", valueName: "file"),
    completion: .file(extensions: ["npy", "json"]))
  var codes: String?

  @Option(
    help: ArgumentHelp("Which variable of classes the columns are (default: the model's first).", valueName: "name"))
  var variable: String?

  @Option(parsing: .unconditional, help: "Walk along this latent dimension, from 0, instead.")
  var dimension: Int?

  @Option(parsing: .unconditional, help: "The first value of --dimension.")
  var from: Float = -3

  @Option(parsing: .unconditional, help: "The last value of --dimension.")
  var to: Float = 3

  @Option(parsing: .unconditional, help: "How many values of --dimension.")
  var steps: Int = 11

  @OptionGroup var output: ImageOutputOptions

  func validate() throws {
    let most = 1000
    guard 1...most ~= styles else { throw ValidationError("--styles is \(styles); allowed: 1 to \(most)") }
    guard 1...most ~= steps else { throw ValidationError("--steps is \(steps); allowed: 1 to \(most)") }
    guard from.isFinite, to.isFinite else { throw ValidationError("--from and --to must be finite numbers") }
    if variable != nil, dimension != nil { throw ValidationError("--variable and --dimension exclude each other") }
  }

  func run() throws {
    try output.check()
    let model = try self.model.open().model
    let grid = try grid(of: model)
    let rows =
      try codes.map { try Codes.read($0, latent: model.latentSize) } ?? model.sample(count: styles, seed: seed).codes
    let images = try model.decode(grid.codes(of: rows))
    let size = model.configuration.model
    var sheet = SheetFigure(
      images: images, width: size.imageWidth, height: size.imageHeight, columns: grid.values.count)
    sheet.title = "styles × \(dimension.map { "z\($0 + 1)" } ?? "classes")"
    sheet.columnNames = grid.names
    let labelled = sheet
    let captions = (0..<rows.shape[0]).flatMap { _ in grid.names }
    try output.write(
      images, width: size.imageWidth, height: size.imageHeight, columns: grid.values.count, captions: captions
    ) { try labelled.figure().drawing }
  }

  /// What the columns replace, and by what.
  private func grid(of model: LatentModel) throws -> CodeGrid {
    if let dimension {
      guard 0..<model.latentSize ~= dimension else {
        throw CommandError(
          "--dimension \(dimension): the model has \(model.latentSize) latent dimensions",
          remedy: "use 0 to \(model.latentSize - 1)")
      }
      let values = (0..<steps).map { step -> Float in
        let share = steps == 1 ? 0 : Float(step) / Float(steps - 1)
        return from * (1 - share) + to * share
      }
      return CodeGrid(values: values, names: values.map { Text.signed($0) }, dimension: dimension)
    }
    let classes = model.variables.columns.filter { $0.variable.isCategorical }
    guard let first = classes.first else {
      throw CommandError(
        "the model has no variable with classes", remedy: "walk along a latent dimension with --dimension")
    }
    guard let variable else { return CodeGrid(classNames: first.variable.classNames, at: first.range) }
    guard let found = classes.first(where: { $0.variable.name == variable }) else {
      throw CommandError(
        "the model has no variable of classes called \(variable)",
        remedy: "there is \(classes.map(\.variable.name).joined(separator: ", "))")
    }
    return CodeGrid(classNames: found.variable.classNames, at: found.range)
  }
}
