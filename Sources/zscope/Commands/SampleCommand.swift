import ArgumentParser
import Datasets
import LatentModels

/// `zscope sample`: images from the prior.
struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Draw codes from the prior and decode them.",
    discussion: """
      The same seed draws the same codes.

      Examples:
        zscope sample mnist-10d --count 20
        zscope sample runs/a --count 100 --seed 7 --output sheet.png --codes codes.npy
      """)

  @OptionGroup var model: ModelArgument

  @Option(parsing: .unconditional, help: "How many images.")
  var count: Int = 10

  @Option(parsing: .unconditional, help: "Decides the codes.")
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp("Also write the codes, [n, latent], to this .npy, .csv or .json file.", valueName: "file"),
    completion: .file(extensions: ["npy", "csv", "json"]))
  var codes: String?

  @OptionGroup var output: ImageOutputOptions

  func validate() throws {
    guard 1...ImageOutputOptions.mostImages ~= count else {
      throw ValidationError("--count is \(count); allowed: 1 to \(ImageOutputOptions.mostImages)")
    }
    if codes == "-", output.usesStandardOutput {
      throw ValidationError("--codes - and the images cannot both go to standard output: give one of them a file")
    }
    try Outputs.check([("--output", output.path), ("--codes", codes)], reading: [("", model.model)])
  }

  func run() throws {
    try output.check()
    let side = try codes.map(SideOutput.init)
    let model = try self.model.open().model
    try ImageOutputOptions.checkCodes(count, latent: model.latentSize, option: "--count")
    let drawn = try model.priorCodes(count: count, seed: seed)
    try side?.write(drawn)
    try output.write(drawn, of: model)
  }
}
