import ArgumentParser
import LatentModels
import Tensors

/// `zscope reconstruct`: images through the code and back.
struct ReconstructCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reconstruct",
    abstract: "Encode images and decode their means.",
    discussion: """
      With --pairs every original comes before its reconstruction. Pixels are taken as they are given, as by `encode`.

      Examples:
        zscope reconstruct mnist-2d --images mnist --count 5 --pairs
        zscope reconstruct runs/a --images digits.npy --output reconstructions.npy
      """)

  @OptionGroup var model: ModelArgument
  @OptionGroup var input: ImageInput

  @Flag(help: "Put every original before its reconstruction.")
  var pairs = false

  @OptionGroup var output: ImageOutputOptions

  func validate() throws {
    try Outputs.check(
      [("--output", output.path)],
      reading: [("", model.model)] + LongArguments.names(input.images).map { ("--images", $0) })
  }

  func run() throws {
    try output.check()
    let model = try self.model.open().model
    let set = try input.read(for: model)
    // As `encode` reads them, so that the two commands one after the other give the same.
    let codes = try model.encode(set).mean
    guard pairs else { return try output.write(codes, of: model) }
    let square = max(1, Int(Double(set.count).squareRoot().rounded(.up) / 2)) * 2
    let interleaved = ImageStream(of: model, count: 2 * set.count) { range in
      // Whole pairs, and of them the part that is asked for.
      let images = range.lowerBound / 2..<(range.upperBound + 1) / 2
      let (originals, reconstructions) = (set.tensor(images), try model.decode(codes.rows(images)))
      let pairs = Tensor(
        shape: [2 * images.count, originals.rowCount],
        elements: (0..<images.count).flatMap { Array(originals.row($0)) + Array(reconstructions.row($0)) })
      let first = range.lowerBound - 2 * images.lowerBound
      return pairs.rows(first..<first + range.count)
    }
    try output.write(interleaved, columns: square, lines: .filled(multipleOf: 2))
  }
}
