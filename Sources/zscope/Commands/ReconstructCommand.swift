import ArgumentParser
import LatentModels
import Tensors

/// `zscope reconstruct`: images through the code and back.
struct ReconstructCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reconstruct",
    abstract: "Encode images and decode their means.",
    discussion: """
      With --pairs every original comes before its reconstruction.

      Examples:
        zscope reconstruct mnist-2d --images mnist --count 5 --pairs
        zscope reconstruct runs/a --images digits.npy --output reconstructions.npy
      """)

  @OptionGroup var model: ModelArgument
  @OptionGroup var input: ImageInput

  @Flag(help: "Put every original before its reconstruction.")
  var pairs = false

  @OptionGroup var output: ImageOutputOptions

  func run() throws {
    try output.check()
    let model = try self.model.open().model
    let set = try input.read(for: model)
    // From the bytes, as `encode` reads them, so that the two commands one after the other give the same.
    let images = try model.decode(try model.encode(set).mean)
    guard pairs else { return try output.write(images, of: model) }
    let originals = set.tensor()
    let count = originals.shape[0]
    let interleaved = Tensor(
      shape: [2 * count, originals.shape[1]],
      elements: (0..<count).flatMap { Array(originals.row($0)) + Array(images.row($0)) })
    let square = max(1, Int(Double(count).squareRoot().rounded(.up) / 2)) * 2
    try output.write(interleaved, of: model, columns: square)
  }
}
