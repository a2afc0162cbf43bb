import ArgumentParser
import Datasets
import HarmlessText

extension DataCommand {
  /// `zscope data export NAME --output FILE`.
  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write a data set as one NPZ file, with its labels and the factors it was made from.",
      discussion: """
        The arrays are named as those of dSprites: imgs [n, height, width], bytes, 0 background to 255 ink, or, of images \
        that no bytes tell, float32, 0 to 1; labels [n] and, \
        where classes have names, label_names; where factors are known latents_names [k], latents_values [n, k] and \
        latents_classes [n, k], which is -1 where a factor is continuous. numpy.load opens the file, and so does zscope.

        Examples:
          zscope data export strokes --count 10000 --output strokes.npz
          zscope data export strokes --part test --seed 7 --output test.npz
          zscope data export mnist --count 1000 --output - | python3 look.py
        """)

    @Argument(
      help: "A data set's name, a path to IDX, NPY, NPZ, PNG or JPEG files or a folder, or - for standard input.",
      completion: Completions.data)
    var name: String

    @Option(help: "Which half of a data set (default: training).")
    var part: DataPart?

    @Option(
      parsing: .unconditional,
      help: ArgumentHelp(
        "Only the first so many images; \(NamedSet.howManyToDraw(ofEitherHalf: true)).",
        valueName: "n"))
    var count: Int?

    @Option(parsing: .unconditional, help: "Which samples of \(NamedSet.drawnNames) (default: 1).")
    var seed: UInt64?

    @OptionGroup(title: "Reading images") var images: ImageOptions

    @Option(
      name: [.short, .long], help: ArgumentHelp("The NPZ file to write; - is standard output.", valueName: "file"),
      completion: .file(extensions: ["npz"]))
    var output: String

    func validate() throws {
      try DataCommand.check(seed: seed, for: self.name)
      if let count, count < 1 { throw ValidationError("--count is \(count); allowed: 1 or more") }
      // A name without an ending promises nothing.
      let name = output.split(separator: "/").last ?? ""
      if let dot = name.lastIndex(of: "."), dot != name.startIndex, name[dot...].lowercased() != ".npz" {
        throw ValidationError("--output \(output): data are written as .npz, not \(name[dot...])")
      }
      try Outputs.check([("--output", output)], reading: [("", self.name)])
    }

    func run() throws {
      // What cannot be written is not drawn first.
      try checkWritable(output)
      let set = try images.open([name], part: part ?? .training, count: count, seed: seed ?? 1).checkingHalf(part)
      try set.export(to: output)
      guard output != "-" else { return }
      let factors = set.factors.isEmpty ? "" : ", \(Text.counted(set.factors.count, "factor"))"
      let labels = set.labels == nil ? "" : ", labels"
      try StandardOutput.write(
        "\(output.harmlessLine): \(Text.counted(set.count, "image")) of \(set.width)×\(set.height) pixels of \(set.name.harmlessLine)\(labels)\(factors)\n"
      )
    }
  }
}
