import ArgumentParser
import Canvas
import Datasets

/// `zscope show`: image files as glyphs.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print image files as glyphs.",
    discussion: """
      Every image takes exactly the rows of --size, one below the other, with nothing between them. PNG and JPEG \
      files of any size are read; of an NPY, NPZ or IDX file, or a folder, all images are printed.

      Examples:
        zscope show digit.png --size 28x14 --color 256
        zscope show *.png --size 14x7 --ascii
        zscope decode mnist-2d --codes 0.5,-1 --output - --format png | zscope show -
      """)

  @Argument(
    help: ArgumentHelp("PNG, JPEG, NPY, NPZ or IDX files, or folders; - is standard input.", valueName: "image"),
    completion: .file())
  var images: [String]

  @OptionGroup(title: "Reading images") var options: ImageOptions

  @OptionGroup(title: "Printing") var picture: PictureOptions

  func validate() throws {
    if images.isEmpty { throw ValidationError("name at least one image file, or - for standard input") }
    try ImageInput.checkStandardInput(LongArguments.names(images))
  }

  func run() throws {
    let fitter = GlyphFitter(rendition: picture.rendition)
    for path in LongArguments.names(images) {
      let set = try ImageSet.read(path, reading: options.reading)
      set.tellNotes()
      try set.requireImages()
      let size = ImagePrinter(options: picture, width: set.width, height: set.height).size
      for index in 0..<set.count {
        let image = GreyImage(width: set.width, height: set.height, bytes: set.bytes(at: index))
        let frame = fitter.fit(image, width: size.width, height: size.height)
        try StandardOutput.write(drawing: picture.text(frame))
      }
    }
  }
}
