import Datasets
import Tensors

/// Images in rows and columns, each row and column with a name: samples, traversals, or styles × classes. Rows are codes
/// and columns are values of one variable.
public struct SheetFigure: Sendable {
  /// A name for files, a title and how to read it.
  public var name = "sheet"
  public var title = ""
  public var caption = ""
  /// Images `[rows · columns, height · width]` in 0…1, row by row.
  public var images: Tensor
  /// The size of an image in pixels.
  public var width: Int
  public var height: Int
  /// Images in a row.
  public var columns: Int
  /// What stands beside each row and above each column; none where empty.
  public var rowNames: [String] = []
  public var columnNames: [String] = []
  /// What rows and columns are in the table where that is not what stands beside them: numbers as they are.
  public var rowValues: [Table.Value] = []
  public var columnValues: [Table.Value] = []
  /// One number more of each row, which the table has a column for: its name and the numbers.
  public var rowNumbers: (name: String, values: [Double])?
  /// Units a pixel.
  public var magnification = 2.0

  /// A sheet of images.
  public init(images: Tensor, width: Int, height: Int, columns: Int) {
    self.images = images
    self.width = width
    self.height = height
    self.columns = max(1, columns)
  }

  /// The images as one grey picture, without names.
  ///
  /// - Throws: `DatasetError` of kind `mismatch` where the images have another size.
  public func picture() throws -> GreyPicture {
    try ImageSheet.compose(images, width: width, height: height, columns: columns)
  }

  /// The figure.
  ///
  /// - Throws: `DatasetError` of kind `mismatch` where the images have another size.
  public func figure() throws -> Figure {
    let picture = try picture()
    let rows = ((images.shape.first ?? 0) + columns - 1) / columns
    let gap = Double(ImageSheet.usualGap(count: images.shape.first ?? 0))
    let left =
      rowNames.isEmpty ? 0 : Double(min(12, rowNames.map(\.count).max() ?? 0)) * 1.15 * Drawing.letterWidth + 12
    let top = columnNames.isEmpty ? 0 : 20.0
    let (across, down) = (Double(picture.width) * magnification, Double(picture.height) * magnification)
    var drawing = Drawing(width: left + across, height: top + down)
    drawing.image(picture, left, top, across, down)
    for (row, name) in rowNames.prefix(rows).enumerated() {
      let middle = (gap + (Double(row) + 0.5) * (Double(height) + gap) - gap / 2) * magnification
      drawing.text(Drawing.fitting(name, width: left - 8), left - 8, top + middle + 4, .end, .muted)
    }
    let pitch = (Double(width) + gap) * magnification
    let widest = Double(columnNames.map(\.count).max() ?? 1) * Drawing.letterWidth + 4
    let every = max(1, Int((widest / pitch).rounded(.up)))
    for (column, name) in columnNames.prefix(columns).enumerated() where column % every == 0 {
      drawing.text(name, left + pitch * (Double(column) + 0.5) + gap * magnification / 2, 14, .middle, .muted)
    }
    return Figure(name: name, title: title, caption: caption, drawing: drawing, table: table)
  }

  /// A row an image: what its row and its column are, the row's number if there is one, and its pixels.
  private var table: Table {
    func value(_ place: Int, _ values: [Table.Value], _ names: [String]) -> Table.Value {
      if values.indices.contains(place) { return values[place] }
      return names.indices.contains(place) ? .word(names[place]) : .whole(place)
    }
    var table = Table(
      ["row", "column"] + (rowNumbers.map { [$0.name] } ?? []) + (0..<width * height).map { "pixel\($0)" })
    for index in 0..<(images.shape.first ?? 0) {
      let (row, column) = (index / columns, index % columns)
      let number = rowNumbers.map { [$0.values.indices.contains(row) ? Table.Value.number($0.values[row]) : .missing] }
      let pixels = images.row(index).map { Table.Value.number(Double($0)) }
      table.add(
        [value(row, rowValues, rowNames), value(column, columnValues, columnNames)] + (number ?? []) + pixels)
    }
    return table
  }
}
