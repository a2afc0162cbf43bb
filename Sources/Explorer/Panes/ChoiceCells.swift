/// Where the cells of a choice stand: as wide as its names, and around the likeliest class where not all fit; then a
/// column on each side says whether there are more.
struct ChoiceCells {
  let shown: Range<Int>
  let cellWidth: Int
  /// The columns of a cell that its name can take.
  let nameWidth: Int
  /// What is written in each cell, one a class, whether or not it is shown: the names as they fit, or what tells the classes
  /// in their place.
  var captions: [String] { ClassText.fitting(choice.namedClasses, to: nameWidth) }
  private let choice: CodeColumns.Choice
  private let column: Int
  private let count: Int

  init(_ choice: CodeColumns.Choice, _ code: [Float], column: Int, width: Int) {
    let longest = choice.range.indices.map { choice.className($0 - choice.range.startIndex).count }.max() ?? 1
    count = choice.range.count
    let wanted = max(longest + 1, width >= 4 * count ? 4 : 2)
    // Names give way to their numbers before a class goes out of sight, and the gaps between single digits too.
    let digits = String(max(0, count - 1)).count
    let isTight = digits == 1 && 2 * count - 1 > width && count <= width
    cellWidth = isTight ? 1 : max(digits + 1, min(wanted, count > 0 ? width / count : wanted))
    nameWidth = isTight ? 1 : cellWidth - 1
    self.choice = choice
    // The last cell needs no gap after it.
    let fitsAll = count * cellWidth <= width + cellWidth - nameWidth
    // The mark on the left stands before the first cell, that on the right after the last.
    let fitting = fitsAll ? count : max(1, (width - 2) / cellWidth)
    let first = max(0, min(choice.likeliest(in: code) - fitting / 2, count - fitting))
    shown = first..<first + fitting
    self.column = fitsAll ? column : column + 1
  }

  /// The first column of a cell, in the pane.
  func column(of place: Int) -> Int { column + (place - shown.lowerBound) * cellWidth }

  /// Whether classes lie beyond each side, and the column where that is said.
  func edges(unicode: Bool) -> [(isMore: Bool, column: Int, glyph: String)] {
    [
      (shown.lowerBound > 0, column - 1, unicode ? "‹" : "<"),
      (shown.upperBound < count, column(of: shown.upperBound), unicode ? "›" : ">"),
    ]
  }

  /// The class at a column of the pane; a mark of more stands for the next class beyond.
  func place(atColumn target: Int) -> Int? {
    if let side = edges(unicode: true).first(where: { $0.isMore && $0.column == target }) {
      return side.glyph == "‹" ? shown.lowerBound - 1 : shown.upperBound
    }
    guard target >= column else { return nil }
    let place = shown.lowerBound + (target - column) / cellWidth
    return shown.contains(place) ? place : nil
  }
}
