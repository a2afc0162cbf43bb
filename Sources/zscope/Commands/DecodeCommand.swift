import ArgumentParser
import LatentModels
import Tensors

/// `zscope decode`: codes to images.
struct DecodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decode",
    abstract: "Turn codes into images.",
    discussion: """
      Codes are [n, latent], or [n, 2 · latent] as `zscope encode` writes them, whose means are taken.

      Examples:
        zscope decode mnist-2d --codes 0.5,-1.2                       print the digit
        zscope decode mnist-2d --codes codes.npy --output images.npy
        zscope decode mnist-2d --codes codes.json --output sheet.png
      """)

  @OptionGroup var model: ModelArgument

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "An .npy or .json file, - for standard input, or the values of one code, as in 0.5,-1.2.", valueName: "codes"),
    completion: .file(extensions: ["npy", "json"]))
  var codes: String

  @OptionGroup var output: ImageOutputOptions

  func run() throws {
    try output.check()
    let model = try self.model.open().model
    let images = try model.decode(try Codes.read(codes, latent: model.latentSize))
    try output.write(images, of: model)
  }
}

extension ImageOutputOptions {
  /// Writes or prints what `model` decoded.
  func write(_ images: Tensor, of model: LatentModel, columns: Int? = nil, captions: [String] = []) throws {
    let shape = model.configuration.model
    try write(images, width: shape.imageWidth, height: shape.imageHeight, columns: columns, captions: captions)
  }
}
