import ArgumentParser
import Datasets
import Exports
import Tensors

/// Where images go: a file by its ending, standard output, or the terminal as glyphs.
struct ImageOutputOptions: ParsableArguments {
  /// The most images one command makes: their pixels are held in memory all at once, 3 GB of 28×28 floats.
  static let mostImages = 1_000_000

  /// What images can be written as.
  private static let forms: Set<Exhibit.Form> = [.array, .picture, .animation]

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Where to write: .npy holds [n, height, width] float32, .png or .svg a sheet, .gif the images one after another, .json nested lists, .csv a row an image; - is standard output. Without it images are printed.",
      valueName: "file"), completion: .file())
  var output: String?

  @Option(help: "The format, where the file's ending does not say it.")
  var format: ExportFormat?

  @OptionGroup(title: "Printing") var picture: PictureOptions

  /// Writes or prints `images` `[n, pixels]` in 0…1 of the given size; a sheet has `columns` images in a row.
  func write(
    _ images: Tensor, width: Int, height: Int, columns: Int? = nil, captions: [String] = [],
    drawing: (() throws -> Drawing)? = nil
  ) throws {
    guard let output else {
      return try ImagePrinter(options: picture, width: width, height: height).print(images, captions: captions)
    }
    let count = images.shape.first ?? 0
    let shaped = images.reshaped([count, height, width])
    let exhibit = Exhibit(
      name: fileName(output), array: { shaped }, table: { Table(images) },
      picture: { try ImageSheet.compose(images, width: width, height: height, columns: columns) },
      drawing: drawing, animation: { try Animation(images, width: width, height: height) })
    try ExportFormat.of(output, asked: format, forms: Self.forms).write(exhibit, to: output)
  }

  /// Whether arrays go to standard output, where nothing else can go then.
  var usesStandardOutput: Bool { output == nil || output == "-" }

  /// Says before a long computation what would be wrong with the output after it.
  func check() throws {
    guard let output else { return }
    _ = try ExportFormat.of(output, asked: format, forms: Self.forms)
    try checkWritable(output)
  }
}
