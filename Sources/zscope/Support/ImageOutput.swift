import ArgumentParser
import Datasets
import Exports
import Tensors

/// Where images go: a file by its ending, standard output, or the terminal as glyphs.
struct ImageOutputOptions: ParsableArguments {
  /// The most images one command makes: their pixels are held in memory all at once, 3 GB of 28×28 floats.
  static let mostImages = 1_000_000

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Where to write: .npy holds [n, height, width] float32, .png or .svg a sheet, .gif the images one after another, .json nested lists, .csv a row an image; - is standard output. Without it images are printed.",
      valueName: "file"), completion: .file())
  var output: String?

  @Option(help: "The format, where the file's ending does not say it; without --output, of standard output.")
  var format: FormatChoice<ImageForms>?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Seconds that .gif shows each image (default: 0.1).", valueName: "seconds"))
  var delay: Double?

  @OptionGroup(title: "Printing") var picture: PictureOptions

  /// Where images are written; nil where they are printed. A format without a file is for standard output.
  var path: String? { output ?? (format == nil ? nil : "-") }

  func validate() throws {
    try format?.check(beside: output)
    try picture.check(beside: path)
    guard let delay else { return }
    let allowed = GIF.allowedSeconds
    guard allowed.contains(delay) else {
      throw ValidationError("--delay is \(delay); allowed: \(allowed.lowerBound) to \(allowed.upperBound) seconds")
    }
    guard path.map({ (format?.format ?? ExportFormat.named(by: $0)) == .gif }) ?? false else {
      throw ValidationError("--delay is for images that follow one another: add --output FILE.gif")
    }
  }

  /// Writes or prints images in 0…1, so many at a time that memory holds a few megabytes of them.
  ///
  /// - Parameters:
  ///   - columns: images in a row of a picture.
  ///   - lines: how they are printed.
  ///   - captions: what is printed above each, in the columns of the terminal that the printer gives an image.
  func write(
    _ images: ImageStream, columns: Int? = nil, lines: ImagePrinter.Lines = .filled(multipleOf: 1),
    captions: (ImagePrinter) -> [String] = { _ in [] }, drawing: (() throws -> Drawing)? = nil
  ) throws {
    guard let output = path else {
      let printer = ImagePrinter(options: picture, width: images.width, height: images.height, lines: lines)
      let texts = captions(printer)
      return try images.forEach(multipleOf: printer.unit) { range, chunk in
        try printer.print(chunk, captions: texts.isEmpty ? [] : Array(texts[range]))
      }
    }
    let format = try ExportFormat.of(output, asked: format?.format, forms: ImageForms.forms)
    let shape = [images.count, images.height, images.width]
    switch format {
    // What can be long is written as it is made.
    case .npy: try NPY.write(shape: shape, to: output) { write in try images.forEach { try write($1) } }
    case .json: try writeJSON(images, to: output)
    default:
      let exhibit = Exhibit(
        name: output == "-" ? "images" : fileName(output), array: { try images.whole().reshaped(shape) },
        table: { Table(try images.whole()) },
        picture: {
          try ImageSheet.compose(
            count: images.count, width: images.width, height: images.height, columns: columns
          ) { place in
            try images.forEach { range, chunk in
              for row in 0..<range.count { place(range.lowerBound + row, chunk.row(row)) }
            }
          }
        },
        drawing: drawing,
        animation: {
          Animation(count: images.count, width: images.width, height: images.height, seconds: delay ?? 0.1) { body in
            try images.forEach { try body($1) }
          }
        })
      try format.write(exhibit, to: output)
    }
  }

  /// Nested lists, one image after the other.
  private func writeJSON(_ images: ImageStream, to path: String) throws {
    try writeOutput(to: path) { bytes in
      func write(_ text: String) throws {
        var text = text
        try text.withUTF8 { try bytes(UnsafeRawBufferPointer($0)) }
      }
      try write("[")
      try images.forEach { range, chunk in
        for row in 0..<range.count {
          let image = Tensor(shape: [images.height, images.width], elements: Array(chunk.row(row)))
          let text = JSONLists.text(image, isOutermost: false)
          try write(range.lowerBound + row > 0 ? ",\n \(text)" : text)
        }
      }
      try write("]\n")
    }
  }

  /// Throws where so many codes are more than a gigabyte, or more than the images that one command makes.
  static func checkCodes(_ count: Int, latent: Int, option: String) throws {
    let most = min(mostImages, (1 << 28) / max(1, latent))
    guard count <= most else {
      throw CommandError(
        "\(option) \(count): so many codes of \(latent) numbers do not fit into memory",
        remedy: "ask for \(most) at most")
    }
  }

  /// Whether arrays go to standard output, where nothing else can go then.
  var usesStandardOutput: Bool { path == nil || path == "-" }

  /// Says before a long computation what would be wrong with the output after it.
  func check() throws {
    guard let output = path else { return }
    _ = try ExportFormat.of(output, asked: format?.format, forms: ImageForms.forms)
    try checkWritable(output)
  }
}

/// Images that are made as they are needed, some rows of `[count, pixels]` at a time.
struct ImageStream {
  let count: Int
  let width: Int
  let height: Int
  /// The images of a range as `[n, pixels]` in 0…1.
  let images: (Range<Int>) throws -> Tensor

  /// All images at once, `[count, pixels]`, for formats that cannot be written piece by piece.
  ///
  /// - Throws: a `CommandError` where they are more than a gigabyte; a `DatasetError` where memory does not hold what such
  ///   formats make of them.
  func whole() throws -> Tensor {
    let most = (1 << 28) / max(1, width * height)
    guard count <= most else {
      throw CommandError(
        "\(count) images of \(width)×\(height) pixels are too many for this format",
        remedy: "take \(most) at most, or write .npy or .json")
    }
    // Of every pixel a float, a value of a table, and its digits.
    try MemoryBudget.require(64 * count * width * height, for: "\(count) images")
    return try images(0..<count)
  }

  /// Hands over all images in order, in pieces of a multiple of `unit` images, each of some megabytes.
  func forEach(multipleOf unit: Int = 1, _ body: (Range<Int>, Tensor) throws -> Void) throws {
    let atOnce = max(1, (1 << 20) / max(1, width * height) / unit) * unit
    for start in stride(from: 0, to: count, by: atOnce) {
      let range = start..<min(count, start + atOnce)
      try body(range, try images(range))
    }
  }
}
