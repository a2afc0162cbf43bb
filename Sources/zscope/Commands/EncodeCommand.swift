import ArgumentParser
import Datasets
import Exports
import LatentModels

/// `zscope encode`: images to codes.
struct EncodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "encode",
    abstract: "Turn images into codes.",
    discussion: """
      Writes one row an image: the posterior's means, then its log-variances, [n, 2 · latent] float32. Of a model with \
      classes the weights of these are among the means, in the order of its variables, and their log-variances \
      are 0; `zscope measure` takes them for dimensions. Pixels are taken as \
      they are given, also by a model whose training drew them (`evaluate` draws them once an image).

      Examples:
        zscope encode mnist-2d --images mnist --output codes.npy
        zscope encode runs/a --images seven.png nine.png --mean-only
        zscope encode runs/a --images - --output - < digits.npy > codes.npy
      """)

  @OptionGroup var model: ModelArgument
  @OptionGroup var input: ImageInput

  @Flag(help: "Write the means only, [n, latent].")
  var meanOnly = false

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Where to write: .npy, .json or .csv; - is standard output. Without it JSON is printed.", valueName: "file"),
    completion: .file(extensions: ["npy", "json", "csv"]))
  var output: String?

  @Option(help: "The format, where the file's ending does not say it; without --output, of standard output.")
  var format: FormatChoice<ArrayForms>?

  @Option(
    help: ArgumentHelp(
      "Write the images' classes too, [n] uint8 (int32 beyond 255, and −1 for one that is not known), to .npy, .csv or .json.",
      valueName: "file"),
    completion: .file(extensions: ["npy", "csv", "json"]))
  var labels: String?

  func validate() throws {
    try format?.check(beside: output)
    if labels != nil, input.options.noLabels { throw ValidationError("--labels and --no-labels exclude each other") }
    if labels == "-", (output ?? "-") == "-" {
      throw ValidationError("--labels - and the codes cannot both go to standard output: give one of them a file")
    }
    try Outputs.check(
      [("--output", output), ("--labels", labels)],
      reading: [("", model.model)] + LongArguments.names(input.images).map { ("--images", $0) })
  }

  func run() throws {
    let format = try ExportFormat.of(
      output ?? "-", asked: self.format?.format ?? (output == nil ? .json : nil), forms: ArrayForms.forms)
    if let output { try checkWritable(output) }
    let side = try labels.map(SideOutput.init)
    let model = try self.model.open().model
    let images = try input.read(for: model)
    if labels != nil, images.labels == nil {
      let names = LongArguments.names(input.images)
      throw CommandError(
        names.count == 1
          ? "\(images.name) has no labels to write"
          : "not all of \(names.prefix(3).joined(separator: ", "))\(names.count > 3 ? " …" : "") have labels, so that "
            + "there are none to write",
        remedy: "leave out --labels\(names.count == 1 ? "" : ", or name those that have")")
    }
    let posterior = try model.encode(images)
    if let side, let classes = images.labels { try side.write(labels: classes) }
    let codes = meanOnly ? posterior.mean : posterior.joined
    try format.write(Exhibit(name: fileName(output ?? "-"), array: { codes }), to: output ?? "-")
  }
}
