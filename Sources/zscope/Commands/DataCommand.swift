import ArgumentParser
import Canvas
import Datasets
import HarmlessText

/// `zscope data`: the data sets on this machine.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "List, fetch, look at and export data sets.",
    discussion: """
      Data sets live in $ZSCOPE_DATA, else in the XDG data directory. \(NamedSet.drawnNames) is built in and needs no download. \
      NAME-rotated is a set with half of its images, drawn by a fixed seed, turned by 15°; its factor rotated says which: \
      what `train --model fair --data mnist-rotated` learns to forget.

      Examples:
        zscope data list
        zscope data get mnist
        zscope data show strokes
        zscope data show strokes-rotated
        zscope data export strokes --count 10000 --output strokes.npz
      """,
    subcommands: [List.self, Get.self, Show.self, Export.self])

  /// - Throws: a `ValidationError` where a seed was given for images that none decides.
  static func check(seed: UInt64?, for name: String) throws {
    let isUseless = seed != nil && !DataLibrary().isDrawn(name)
    try ValidationError.refuse(
      [("--seed", isUseless)], because: "it draws \(NamedSet.drawnNames), and \(name) is no set of them")
  }

  /// `zscope data list`.
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Name the data sets and say which are here.",
      discussion: """
        The last line is the folder that downloads go to.

        Examples:
          zscope data list
          ZSCOPE_DATA=/media/usb zscope data list
        """)

    func run() throws {
      let library = DataLibrary()
      let entries = library.list()
      let width = entries.map(\.name.count).max() ?? 0
      for entry in entries {
        let state = entry.isAvailable ? "here" : "not here: zscope data get \(entry.name)"
        let place = entry.path.map { "  (\($0.harmlessLine))" } ?? ""
        try StandardOutput.write("\(Text.padded(entry.name, width))  \(entry.summary)\n")
        try StandardOutput.write("\(Text.padded("", width))  \(state)\(place)\n")
      }
      let turned = "NAME-\(ImageSet.rotatedFactor)"
      try StandardOutput.write(
        "\(Text.padded(turned, width))  any of these, as mnist-\(ImageSet.rotatedFactor), with half of its images turned by 15°\n"
      )
      let folder = library.directory.map { "\($0.harmlessLine)\(Self.state(of: $0))" }
      try StandardOutput.write("folder: \(folder ?? "none, for \(UserHome.problem)")\n")
    }

    /// What a download into `folder` would meet, where that is not simply a folder that takes files.
    private static func state(of folder: String) -> String {
      do { try checkWritableFolder(folder) } catch { return "  (cannot be written to)" }
      return isFolder(folder) ? "" : "  (made by the first download)"
    }
  }

  /// `zscope data get NAME`.
  struct Get: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Fetch a data set and check its digests.",
      discussion: """
        Examples:
          zscope data get mnist
          zscope data get fashion-mnist --from /media/usb/fashion
          zscope data get mnist --from https://example.org/mirror/mnist
        """)

    @Argument(help: "\(NamedSet.names(fetched: true).joined(separator: ", ")).", completion: Completions.published)
    var name: String

    @Option(
      help: ArgumentHelp(
        "A folder or an address that holds the files, instead of the published place.", valueName: "place"),
      completion: .directory)
    var from: String?

    func run() throws {
      let interruption = Interruption()
      let line = ProgressLine()
      defer { line.clear() }
      do {
        let folder = try DataLibrary().get(name, from: from) { progress in
          let amount = Text.bytes(progress.bytes) + (progress.total.map { " of \(Text.bytes($0))" } ?? "")
          let left = progress.total.map { Double($0 - progress.bytes) / max(progress.rate, 1) }
          line.show(
            progress.total.map { Double(progress.bytes) / Double(max($0, 1)) },
            [
              "\(progress.position.index)/\(progress.position.count) \(progress.file)", amount,
              "\(Text.bytes(Int(progress.rate)))/s",
            ] + (left.map { ["\(NumberText.duration($0)) left"] } ?? []))
        } isCancelled: {
          interruption.received != nil
        }
        line.clear()
        try StandardOutput.write("\(name.harmlessLine) is in \(folder.harmlessLine)\n")
      } catch let error as DatasetError where error.kind == .cancelled {
        line.clear()
        StandardError.complain("\(error)")
        throw ExitCode(Interruption.status(interruption.received ?? 2))
      }
    }
  }

  /// `zscope data show NAME`.
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print what a data set holds, and some of its images.",
      discussion: """
        Examples:
          zscope data show strokes
          zscope data show digits.npy --count 5
          zscope data show strokes --against mnist    how well they stand in for MNIST
        """)

    @Argument(
      help: "A data set's name, a path to IDX, NPY, NPZ, PNG or JPEG files or a folder, or - for standard input.",
      completion: Completions.data)
    var name: String

    @Option(help: "Which half of a data set (default: training).")
    var part: DataPart?

    @Option(parsing: .unconditional, help: "How many images to print (default: 10).")
    var count: Int?

    @Option(parsing: .unconditional, help: "Which samples of \(NamedSet.drawnNames) (default: 1).")
    var seed: UInt64?

    @Option(
      help: ArgumentHelp(
        "Label this data set's test images by the nearest of 20,000 images of NAME.", valueName: "data"),
      completion: Completions.data)
    var against: String?

    @OptionGroup(title: "Reading images") var images: ImageOptions

    @OptionGroup(title: "Printing") var picture: PictureOptions

    func validate() throws {
      if let count, count < 0 { throw ValidationError("--count is \(count); allowed: 0 or more") }
      try DataCommand.check(seed: seed, for: name)
      if against != nil {
        try ValidationError.refuse(
          [("--part", part != nil), ("--count", count != nil)],
          because: "--against compares training images of NAME with all test images of the other")
        try picture.refuse(because: "--against prints no images")
      }
    }

    func run() throws {
      if let against { return try RealismCheck.print(name, against: against, seed: seed ?? 1, images) }
      let set = try images.open([name], part: part ?? .training, seed: seed ?? 1, mayBeEmpty: true).checkingHalf(part)
      try picture.write(
        "\(set.name.harmlessLine): \(Text.counted(set.count, "image")) of \(set.width)×\(set.height) pixels\n")
      try picture.write("sha256 \(set.digest)\n")
      if let labels = set.labels {
        let counts = labels.reduce(into: [Int32: Int]()) { $0[$1, default: 0] += 1 }
        let shares = counts.sorted { $0.key < $1.key }.map { label, count in
          "\(set.className(label).harmlessLine): \(Text.grouped(count))"
        }
        try picture.write("labels  \(shares.joined(separator: "  "))\n")
      }
      for factor in set.factors {
        let (least, greatest) = (factor.values.min() ?? 0, factor.values.max() ?? 0)
        let range = Text.signed([least, greatest]).joined(separator: " … ")
        try picture.write("factor \(Text.padded(factor.name.harmlessLine, 14)) \(range)\n")
      }
      let shown = min(count ?? 10, set.count)
      let printer = ImagePrinter(options: picture, width: set.width, height: set.height)
      let labels = Array((set.labels ?? []).prefix(shown))
      let classes = Set(labels).sorted()
      let names = Dictionary(
        uniqueKeysWithValues: zip(classes, printer.fitting(classes.map(set.className), labels: classes.map(Int.init))))
      try printer.print(set.tensor(0..<shown), captions: labels.map { names[$0] ?? "" })
    }
  }
}
