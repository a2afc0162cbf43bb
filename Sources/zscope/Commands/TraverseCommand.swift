import ArgumentParser
import LatentModels
import Tensors

/// `zscope traverse`: a strip along one latent dimension.
struct TraverseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "traverse",
    abstract: "Decode a strip along one latent dimension.",
    discussion: """
      Dimensions count from 0 here: --dimension 0 is the slider z1 of the explorer. The other dimensions stay where \
      --at puts them, 0 unless said. Classes of a model that has them are no dimensions: --at takes the dimensions alone, \
      and the strip is of --class, the first one unless said; or the whole code as `zscope decode` reads it (as first the \
      weights of the classes of y, then z), which says the class itself, or a blend of several.

      Examples:
        zscope traverse mnist-2d --dimension 0
        zscope traverse strokes-10d --dimension 3 --steps 9 --output strip.png
        zscope traverse mnist-2d --dimension 0 --output walk.gif --delay 0.05
        zscope traverse mnist-2d --dimension 1 --at 0.5,-1.2 --output - > strip.npy
        zscope traverse mnist-y --dimension 0 --class 7
      """)

  @OptionGroup var model: ModelArgument

  @Option(parsing: .unconditional, help: "The latent dimension, from 0: 0 is the explorer's z1.")
  var dimension: Int

  @Option(parsing: .unconditional, help: "The first value.")
  var from = TypedNumber(-3)

  @Option(parsing: .unconditional, help: "The last value.")
  var to = TypedNumber(3)

  @Option(parsing: .unconditional, help: "How many values, evenly spaced.")
  var steps: Int = 11

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The code to start from: its values, or a file that holds one.", valueName: "code"),
    completion: .file(extensions: ["npy", "json", "csv"]))
  var at: String?

  @Option(
    name: .customLong("class"), parsing: .unconditional,
    help: ArgumentHelp(
      "The class of the strip, by its name or its number from 0 (default: the first).", valueName: "class"))
  var chosenClass: String?

  @OptionGroup var output: ImageOutputOptions

  func validate() throws {
    guard 1...ImageOutputOptions.mostImages ~= steps else {
      throw ValidationError("--steps is \(steps); allowed: 1 to \(ImageOutputOptions.mostImages)")
    }
    for (option, number) in [("--from", from), ("--to", to)] { try number.check(option) }
    try Outputs.check([("--output", output.path)], reading: [("", model.model), ("--at", at)])
  }

  func run() throws {
    try output.check()
    let model = try self.model.open().model
    let latent = model.latentSize
    let column = try Codes.column(dimension, of: model)
    let start = try Codes.readOne(at, of: model, class: chosenClass)
    let values = Codes.values(from: from.value, to: to.value, steps: steps)
    try ImageOutputOptions.checkCodes(steps, latent: latent, option: "--steps")
    var elements = [Float](repeating: 0, count: steps * latent)
    for index in elements.indices { elements[index] = start[index % latent] }
    for (step, value) in values.enumerated() { elements[step * latent + column] = value }
    let codes = Tensor(shape: [steps, latent], elements: elements)
    if output.path == nil {
      let classes = ClassWeights.words(start, of: model.variables).map { ", \($0)" }.joined()
      // A single image is at the first value, and does not come to the last.
      let ends = steps == 1 ? values : [from.value, to.value]
      try output.picture.write(
        "dimension \(dimension) (\(model.variables.dimensionNames[dimension]) in the explorer), "
          + "\(Text.signed(ends).joined(separator: " to "))\(classes)\n")
    }
    try output.write(codes, of: model, columns: steps) { Text.signed(values, within: $0.size.width) }
  }
}
