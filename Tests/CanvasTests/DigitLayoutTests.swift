import Testing

@testable import Canvas

@Suite struct DigitLayoutTests {
  private func layout(
    _ width: Int, _ height: Int, columns: Int, rows: Int, scale: Int = 0, fills: Bool = false,
    rendition: Rendition = Rendition()
  ) -> DigitLayout {
    DigitLayout(
      room: Rectangle(column: 3, row: 2, width: width, height: height), image: (28, 28), columns: columns, rows: rows,
      scale: scale, fills: fills, rendition: rendition)
  }

  @Test func noDigitIsSmallerThanOneCanReadAndAllLieInTheRoom() {
    for width in stride(from: 10, through: 200, by: 7) {
      for height in stride(from: 5, through: 60, by: 3) {
        for scale in -3...3 {
          for level in ColorLevel.allCases {
            let rendition = Rendition(colors: level)
            let layout = layout(width, height, columns: 13, rows: 10, scale: scale, rendition: rendition)
            #expect(layout.cell.height >= min(height, DigitLayout.legibleHeight(rendition)))
            let last = layout.rectangle(column: layout.columns - 1, row: layout.rows - 1)
            #expect(layout.origin.column >= 3 && last.endColumn <= max(3 + width, 3 + layout.cell.width))
            #expect(layout.origin.row >= 2 && last.endRow <= 2 + height)
          }
        }
      }
    }
  }

  @Test func digitsGrowWithTheRoom() {
    var previous = 0
    for size in stride(from: 20, through: 60, by: 4) {
      let cell = layout(size * 3, size, columns: 5, rows: 4).cell
      #expect(cell.height >= previous)
      previous = cell.height
    }
    #expect(previous > 10)
    #expect(layout(170, 50, columns: 1, rows: 1).cell.height >= 28)
  }

  @Test func plusAndMinusChangeTheSizeAsFarAsItGoes() {
    let middle = layout(120, 36, columns: 9, rows: 5)
    let larger = layout(120, 36, columns: 9, rows: 5, scale: 1)
    let smaller = layout(120, 36, columns: 9, rows: 5, scale: -1)
    #expect(larger.cell.height > middle.cell.height && larger.columns < 9)
    #expect(smaller.cell.height < middle.cell.height || !middle.canShrink)
    #expect(!layout(120, 36, columns: 9, rows: 5, scale: 99).canGrow)
    #expect(layout(120, 36, columns: 9, rows: 5, scale: -99).cell.height == 5)
  }

  @Test func aGridFillsItsRoom() {
    let grid = layout(120, 36, columns: 9, rows: 5, fills: true)
    #expect(120 - grid.columns * grid.cell.width < grid.cell.width)
    #expect(36 - grid.rows * grid.cell.height < grid.cell.height)
  }
}
