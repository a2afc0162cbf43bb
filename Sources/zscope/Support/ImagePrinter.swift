import Canvas
import Datasets
import Tensors

/// Prints images as glyphs, side by side as far as the terminal is wide.
struct ImagePrinter {
  let options: PictureOptions
  /// The size of an image in pixels.
  let width: Int
  let height: Int

  private var rendition: Rendition { options.rendition }

  /// The cells of one image: as asked, or half the pixels across with the proportions kept (a cell is twice as high as wide).
  var size: CellSize {
    if let size = options.size { return size }
    let columns = max(4, min(width / 2, StandardOutput.columns))
    return CellSize(width: columns, height: max(2, (columns * height + width) / (2 * width)))
  }

  /// How many images stand side by side.
  var across: Int { max(1, (StandardOutput.columns + Self.gap) / (size.width + Self.gap)) }

  private static let gap = 1

  /// Prints `images` `[n, pixels]` in 0…1, each under its caption where there are captions.
  func print(_ images: Tensor, captions: [String] = []) throws {
    let cells = size
    let (gap, across) = (Self.gap, across)
    let fitter = GlyphFitter(rendition: rendition)
    let rows = images.shape.first ?? 0
    for start in stride(from: 0, to: rows, by: across) {
      let end = min(start + across, rows)
      let head = captions.isEmpty ? 0 : 1
      var frame = Frame(width: (end - start) * (cells.width + gap) - gap, height: cells.height + head)
      for index in start..<end {
        let column = (index - start) * (cells.width + gap)
        if index < captions.count {
          let caption = rendition.unicode ? captions[index] : captions[index].inASCII
          frame.write(caption, column: column, row: 0, maximumWidth: cells.width)
        }
        let image = GreyImage(width: width, height: height, values: Array(images.row(index)))
        frame.draw(fitter.fit(image, width: cells.width, height: cells.height), column: column, row: head)
      }
      try StandardOutput.write(drawing: options.text(frame))
    }
  }
}
