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
      A style is a code drawn from the prior, that of an image, or a row of --codes; each column replaces one part of it. \
      Of a model with classes that part is the class; --dimension walks along a latent dimension instead, counted from 0. \
      Of images the first column is the original. --class makes a sheet of one class in as many styles.

      Examples:
        zscope sheet runs/m2 --styles 8 --output sheet.png
        zscope sheet runs/m2 --images mnist --styles 10 --output transfer.png
        zscope sheet runs/m2 --class 7 --styles 64 --output sevens.png
        zscope sheet mnist-10d --dimension 3 --styles 6 --steps 9
        zscope sheet mnist-10d --dimension 3 --codes codes.npy --output sheet.svg
      """)

  @OptionGroup var model: ModelArgument

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many styles to draw, or images to take (default: 8).", valueName: "n"))
  var styles: Int?

  @Option(parsing: .unconditional, help: "Decides the styles that are drawn (default: 1).")
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "Styles from a file instead, [n, latent]; of a model with classes the dimensions alone will do, [n, dimensions].",
      valueName: "file"),
    completion: .file(extensions: ["npy", "json", "csv"]))
  var codes: String?

  @Option(
    help: ArgumentHelp(
      "Styles of the first test images of a data set, or of image files; the first column is the original.",
      valueName: "images"), completion: Completions.data)
  var images: [String] = []

  @OptionGroup(title: "Reading images") var reading: ImageOptions

  @Option(
    name: .customLong("class"), parsing: .unconditional,
    help: ArgumentHelp("All styles of this class alone, by its name or its number from 0.", valueName: "class"))
  var onlyClass: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Which variable of classes the columns are (default: the model's first).", valueName: "name"))
  var variable: String?

  @Option(parsing: .unconditional, help: "Walk along this latent dimension, from 0, instead.")
  var dimension: Int?

  @Option(parsing: .unconditional, help: "The first value of --dimension (default: -3).")
  var from: TypedNumber?

  @Option(parsing: .unconditional, help: "The last value of --dimension (default: 3).")
  var to: TypedNumber?

  @Option(parsing: .unconditional, help: "How many values of --dimension (default: 11).")
  var steps: Int?

  @OptionGroup var output: ImageOutputOptions

  func validate() throws {
    let most = 1000
    for (name, value) in [("--styles", styles), ("--steps", steps)] {
      guard let value, !(1...most ~= value) else { continue }
      throw ValidationError("\(name) is \(value); allowed: 1 to \(most)")
    }
    for (option, number) in [("--from", from), ("--to", to)] { try number?.check(option) }
    if codes != nil, !images.isEmpty { throw ValidationError("--codes and --images exclude each other") }
    if codes != nil {
      try ValidationError.refuse(
        [("--styles", styles != nil), ("--seed", seed != nil)], because: "every row of --codes is a style")
    }
    if !images.isEmpty {
      try ValidationError.refuse([("--seed", seed != nil)], because: "the styles are those of --images")
    }
    if dimension == nil {
      try ValidationError.refuse(
        [("--from", from != nil), ("--to", to != nil), ("--steps", steps != nil)],
        because: "these are the values of --dimension, and the columns are classes")
    }
    if onlyClass != nil, dimension != nil { throw ValidationError("--class and --dimension exclude each other") }
    if images.isEmpty, !reading.given.isEmpty {
      throw ValidationError("\(reading.given.joined(separator: ", ")) is for reading images: add --images")
    }
    if variable != nil, dimension != nil { throw ValidationError("--variable and --dimension exclude each other") }
    try Outputs.check(
      [("--output", output.path)],
      reading: [("", model.model), ("--codes", codes)] + LongArguments.names(images).map { ("--images", $0) })
  }

  func run() throws {
    try output.check()
    let model = try self.model.open().model
    let styles = self.styles ?? 8
    let grid = try grid(of: model)
    let originals = try images.isEmpty ? nil : reading.open(images, part: .test, count: styles, for: model)
    let rows =
      try codes.map { try Codes.read($0, of: model, mayLackClasses: true) }
      ?? originals.map { try model.encode($0).mean } ?? model.priorCodes(count: styles, seed: seed ?? 1)
    let size = model.configuration.model
    let cells = rows.shape[0] * (grid.values.count + (originals == nil ? 0 : 1))
    try ImageOutputOptions.checkCodes(cells, latent: model.latentSize, option: "styles × columns,")
    // Images of all, and once more beside their originals.
    try MemoryBudget.require(8 * cells * size.imageWidth * size.imageHeight, for: "\(cells) images")
    var pictures = try model.decode(grid.codes(of: rows))
    var columns = grid.values.count
    var first: [String] = []
    if let originals, onlyClass == nil {
      pictures = Self.joined(originals.tensor(0..<originals.count), pictures)
      first = ["original"]
      columns += 1
    }
    // What stands above the columns of the terminal: as much as there is room for.
    func captions(_ printer: ImagePrinter) -> [String] {
      first
        + (dimension == nil
          ? printer.fitting(grid.names, labels: grid.values.map { $0.firstIndex(of: 1) ?? 0 })
          : Text.signed(grid.values.flatMap { $0 }, within: printer.size.width))
    }
    let count = rows.shape[0]
    // Of one class there is nothing to stand in columns: the sheet is as square as it can be.
    if onlyClass != nil { columns = max(1, Int(Double(count).squareRoot().rounded(.up))) }
    var sheet = SheetFigure(images: pictures, width: size.imageWidth, height: size.imageHeight, columns: columns)
    let values = dimension.map { model.variables.dimensionNames[$0] } ?? "classes"
    sheet.title = onlyClass.map { "styles of \($0)" } ?? "styles × \(values)"
    sheet.columnNames = onlyClass == nil ? first + grid.names : []
    let (labelled, images) = (sheet, pictures)
    let stream = ImageStream(count: images.shape[0], width: size.imageWidth, height: size.imageHeight) {
      images.rows($0)
    }
    try output.write(
      stream, columns: columns, lines: onlyClass == nil ? .rows(of: columns) : .filled(multipleOf: 1),
      captions: { printer in Array(repeating: captions(printer), count: count).flatMap(\.self) }
    ) { try labelled.figure().drawing }
  }

  /// Every row's original before the pictures of its row.
  private static func joined(_ originals: Tensor, _ pictures: Tensor) -> Tensor {
    let rows = originals.shape[0]
    let columns = pictures.shape[0] / max(1, rows)
    var elements: [Float] = []
    for row in 0..<rows {
      elements += originals.row(row)
      for column in 0..<columns { elements += pictures.row(row * columns + column) }
    }
    return Tensor(shape: [rows * (columns + 1), originals.rowCount], elements: elements)
  }

  /// What the columns replace, and by what.
  private func grid(of model: LatentModel) throws -> CodeGrid {
    if let dimension {
      let column = try Codes.column(dimension, of: model)
      let values = Codes.values(from: from?.value ?? -3, to: to?.value ?? 3, steps: steps ?? 11)
      return CodeGrid(values: values, names: Text.signed(values), dimension: column)
    }
    let classes = model.variables.columns.filter { $0.variable.isCategorical }
    guard let first = classes.first else {
      throw CommandError(
        "the model has no variable with classes", remedy: "walk along a latent dimension with --dimension")
    }
    guard let found = classes.first(where: { $0.variable.name == variable ?? first.variable.name }) else {
      throw CommandError(
        "the model has no variable of classes called \(variable ?? "")",
        remedy: "there is \(classes.map(\.variable.name).joined(separator: ", "))")
    }
    let names = found.variable.classNames
    guard let onlyClass else { return CodeGrid(classNames: names, at: found.range) }
    return CodeGrid(class: try ClassWeights.place(of: onlyClass, in: found.variable), of: names, at: found.range)
  }
}
