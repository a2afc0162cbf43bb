import ArgumentParser
import LatentModels
import Tensors

/// `zscope decode`: codes to images.
struct DecodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decode",
    abstract: "Turn codes into images.",
    discussion: """
      Codes are [n, latent], or [n, 2 · latent] as `zscope encode` writes them, whose means are taken. Of a model with \
      classes a code holds its variables in their order, as first y and then z: of y a weight for every class, none below 0, \
      all adding up to 1 (1 for one class and 0 for the others, or a blend), of z the dimensions.

      Examples:
        zscope decode mnist-2d --codes 0.5,-1.2                       print the digit
        zscope decode mnist-2d --codes codes.npy --output images.npy
        zscope decode mnist-2d --codes codes.json --output sheet.png
      """)

  @OptionGroup var model: ModelArgument

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "An .npy, .json or .csv file, - for standard input, or the values of one code, as in 0.5,-1.2.",
      valueName: "codes"),
    completion: .file(extensions: ["npy", "json", "csv"]))
  var codes: String

  @OptionGroup var output: ImageOutputOptions

  func validate() throws {
    try Outputs.check([("--output", output.path)], reading: [("", model.model), ("--codes", codes)])
  }

  func run() throws {
    try output.check()
    let model = try self.model.open().model
    try output.write(try Codes.read(codes, of: model), of: model)
  }
}

extension ImageOutputOptions {
  /// Writes or prints what `model` makes of `codes` `[n, latent]`, a few at a time.
  func write(
    _ codes: Tensor, of model: LatentModel, columns: Int? = nil, captions: (ImagePrinter) -> [String] = { _ in [] }
  ) throws {
    try write(
      ImageStream(of: model, count: codes.shape[0]) { range in try model.decode(codes.rows(range)) },
      columns: columns, captions: captions)
  }
}

extension ImageStream {
  /// `count` images of the size of `model`'s; see the other initializer.
  init(of model: LatentModel, count: Int, _ images: @escaping (Range<Int>) throws -> Tensor) {
    let shape = model.configuration.model
    self.init(count: count, width: shape.imageWidth, height: shape.imageHeight, images: images)
  }
}
