import Canvas
import Datasets
import Tensors

/// Prints images as glyphs, side by side as far as the terminal is wide.
struct ImagePrinter {
  /// Which images stand side by side.
  enum Lines {
    /// As many as there is room for: a multiple of so many, where these have room.
    case filled(multipleOf: Int)
    /// The images of a row, so many, and none of the next. What has no room goes on below.
    case rows(of: Int)
  }

  let options: PictureOptions
  /// The size of an image in pixels.
  let width: Int
  let height: Int
  var lines = Lines.filled(multipleOf: 1)

  private var rendition: Rendition { options.rendition }

  /// The cells of one image: as asked, or half the pixels across with the proportions kept (a cell is twice as high as wide);
  /// fewer where a row has room then, as long as a digit can be told.
  var size: CellSize {
    if let size = options.size { return size }
    var columns = max(4, min(width / 2, StandardOutput.columns))
    if case .rows(of: let count) = lines {
      let narrow = (StandardOutput.columns + Self.gap) / max(1, count) - Self.gap
      if narrow >= Self.narrowest { columns = min(columns, narrow) }
    }
    return CellSize(width: columns, height: max(2, (columns * height + width) / (2 * width)))
  }

  /// How many images have room side by side.
  private var room: Int { max(1, (StandardOutput.columns + Self.gap) / (size.width + Self.gap)) }

  /// How many images `print` is to be given at a time, or a multiple: those of a line, or of a row.
  var unit: Int {
    switch lines {
    case .filled(multipleOf: let number): room < number ? room : room / max(1, number) * max(1, number)
    case .rows(of: let count): max(1, count)
    }
  }

  private static let gap = 1
  /// The fewest columns in which a digit can still be told.
  private static let narrowest = 6

  /// What classes are called in the width of an image: all of them differ.
  func fitting(_ names: [String], labels: [Int]) -> [String] {
    ClassNames.fitting(names, labels: labels, to: size.width, unicode: rendition.unicode)
  }

  /// Prints `images` `[n, pixels]` in 0…1, each under its caption where there are captions.
  func print(_ images: Tensor, captions: [String] = []) throws {
    let (unit, room, count) = (unit, room, images.shape.first ?? 0)
    let fitter = GlyphFitter(rendition: rendition)
    for row in stride(from: 0, to: count, by: unit) {
      let end = min(row + unit, count)
      for start in stride(from: row, to: end, by: room) {
        try print(images, start..<min(start + room, end), captions, fitter)
      }
    }
  }

  /// Prints one line of images.
  private func print(
    _ images: Tensor, _ range: Range<Int>, _ captions: [String], _ fitter: GlyphFitter
  ) throws {
    let (cells, gap) = (size, Self.gap)
    let head = captions.isEmpty ? 0 : 1
    var frame = Frame(width: range.count * (cells.width + gap) - gap, height: cells.height + head)
    for index in range {
      let column = (index - range.lowerBound) * (cells.width + gap)
      if index < captions.count {
        let caption = rendition.unicode ? captions[index] : captions[index].inASCII
        // The beginning of a word tells something of it, that of a number another number.
        if caption.count <= cells.width || Double(caption) == nil {
          frame.write(shortened(caption, to: cells.width), column: column, row: 0)
        }
      }
      let image = GreyImage(width: width, height: height, values: Array(images.row(index)))
      frame.draw(fitter.fit(image, width: cells.width, height: cells.height), column: column, row: head)
    }
    try StandardOutput.write(drawing: options.text(frame))
  }
}
