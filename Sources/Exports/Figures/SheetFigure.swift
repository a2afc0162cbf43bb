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
    let beside =
      rowNames.isEmpty ? 0 : Double(min(12, rowNames.map(\.count).max() ?? 0)) * 1.15 * Drawing.letterWidth + 12
    let (across, down) = (Double(picture.width) * magnification, Double(picture.height) * magnification)
    let captions = captions(pitch: (Double(width) + gap) * magnification, first: gap * magnification / 2)
    // The first and the last caption may be wider than what they stand above.
    let left = max(beside, -(captions.map(\.start).min() ?? 0).rounded(.down))
    let right = max(0, (captions.map(\.end).max() ?? 0) - across).rounded(.up)
    let top = captions.map(\.line).max().map { 20 + 14 * Double($0) } ?? 0
    var drawing = Drawing(width: left + across + right, height: top + down)
    drawing.image(picture, left, top, across, down)
    for (row, name) in Drawing.fitting(Array(rowNames.prefix(rows)), width: beside - 8).enumerated() {
      let middle = (gap + (Double(row) + 0.5) * (Double(height) + gap) - gap / 2) * magnification
      drawing.text(name, left - 8, top + middle + 4, .end, .muted)
    }
    for caption in captions {
      drawing.text(caption.text, left + caption.middle, 14 + 14 * Double(caption.line), .middle, .muted)
    }
    return Figure(name: name, title: title, caption: caption, drawing: drawing, table: table)
  }

  /// What stands above a column.
  private struct Caption {
    let text: String
    /// Its middle from the left edge of the images, and which line it is in.
    let middle: Double
    let line: Int

    private var halfWidth: Double { Double(text.count) * Drawing.letterWidth / 2 + 2 }
    var start: Double { middle - halfWidth }
    var end: Double { middle + halfWidth }
  }

  /// The columns' names where they stand. Of numbers as many as fit in one line, as ticks of an axis; of names every one,
  /// in turn in as many lines as it takes.
  ///
  /// - Parameters:
  ///   - pitch: units from column to column.
  ///   - first: where the first column begins.
  private func captions(pitch: Double, first: Double) -> [Caption] {
    var names = Array(columnNames.prefix(columns))
    func caption(_ column: Int, line: Int) -> Caption {
      Caption(text: names[column], middle: first + pitch * (Double(column) + 0.5), line: line)
    }
    func fits(_ step: Int, from starts: [Int]) -> Bool {
      starts.allSatisfy { start in
        stride(from: start, to: names.count - step, by: step).allSatisfy {
          caption($0, line: 0).end <= caption($0 + step, line: 0).start
        }
      }
    }
    func isNumber(_ name: String) -> Bool { Double(name.replacing("−", with: "-")) != nil }
    // Before the numbers the originals may stand, for whose name alone none of them is left out.
    let isAxis = names.dropFirst().allSatisfy(isNumber) && (names.first.map(isNumber) ?? true || !fits(1, from: [1]))
    if isAxis {
      let step = (1...max(1, names.count)).first { fits($0, from: [0]) } ?? 1
      return stride(from: 0, to: names.count, by: step).map { caption($0, line: 0) }
    }
    let most = 4
    let lines = (1...most).first { fits($0, from: Array(0..<min($0, names.count))) } ?? most
    if !fits(lines, from: Array(0..<min(lines, names.count))) {
      names = Drawing.fitting(names, width: Double(lines) * pitch - 4)
    }
    return names.indices.map { caption($0, line: $0 % lines) }
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
