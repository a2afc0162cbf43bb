import ArgumentParser
import Datasets
import Tensors

/// The forms in which arrays are written.
enum ArrayFormat: String, CaseIterable, ExpressibleByArgument {
  case npy
  case json
  case png

  /// The format a path asks for by its ending, or nil.
  init?(path: String) {
    guard let dot = path.lastIndex(of: ".") else { return nil }
    self.init(rawValue: path[path.index(after: dot)...].lowercased())
  }

  /// The format of `path`: what is asked for, else its ending, else NPY on standard output.
  static func of(_ path: String, asked: ArrayFormat?, allowed: [ArrayFormat]) throws -> ArrayFormat {
    let names = allowed.map { "." + $0.rawValue }.joined(separator: ", ")
    let found = asked ?? ArrayFormat(path: path) ?? (path == "-" ? .npy : nil)
    guard let found, allowed.contains(found) else {
      throw CommandError(
        "\(path): the ending does not say a format that can be written here", remedy: "use one of \(names), or --format"
      )
    }
    return found
  }
}

/// Where images go: a file by its ending, standard output, or the terminal as glyphs.
struct ImageOutputOptions: ParsableArguments {
  /// The most images one command makes: their pixels are held in memory all at once, 3 GB of 28×28 floats.
  static let mostImages = 1_000_000

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Where to write: .npy holds [n, height, width] float32, .png a sheet, .json nested lists; - is standard output. Without it images are printed.",
      valueName: "file"), completion: .file())
  var output: String?

  @Option(help: "The format, where the file's ending does not say it.")
  var format: ArrayFormat?

  @OptionGroup(title: "Printing") var picture: PictureOptions

  /// Writes or prints `images` `[n, pixels]` in 0…1 of the given size; a sheet has `columns` images in a row.
  func write(_ images: Tensor, width: Int, height: Int, columns: Int? = nil, captions: [String] = []) throws {
    guard let output else {
      return try ImagePrinter(options: picture, width: width, height: height).print(images, captions: captions)
    }
    let count = images.shape.first ?? 0
    let shaped = images.reshaped([count, height, width])
    switch try ArrayFormat.of(output, asked: format, allowed: [.npy, .png, .json]) {
    case .npy: try NPY.write(shaped, to: output)
    case .json: try writeOutput(Array((JSONArrays.text(shaped) + "\n").utf8), to: output)
    case .png:
      try PNGFile.write(try ImageSheet.compose(images, width: width, height: height, columns: columns), to: output)
    }
  }

  /// Whether arrays go to standard output, where nothing else can go then.
  var usesStandardOutput: Bool { output == nil || output == "-" }

  /// Says before a long computation what would be wrong with the output after it.
  func check() throws {
    guard let output else { return }
    _ = try ArrayFormat.of(output, asked: format, allowed: [.npy, .png, .json])
    try checkWritable(output)
  }
}
