import Datasets
import Foundation
import FoundationXML
import Tensors
import Testing

@testable import Exports

@Suite struct FigureTests {
  private func scatter() -> ScatterFigure {
    var scatter = ScatterFigure(
      points: Tensor(shape: [4, 2], elements: [-2, 0, 2, 0, 0, 2, 0, -2]))
    scatter.title = "a < b & \"c\""
    scatter.labels = [0, 1, 2, -1]
    scatter.classNames = ["zero", "one", "a, b"]
    scatter.axes = ("z1", "z2")
    scatter.rings = [1]
    return scatter
  }

  private func figures() throws -> [Figure] {
    var curves = CurveFigure(series: [
      .init(name: "loss", points: [SIMD2(1, 200), SIMD2(2, 150), SIMD2(3, .nan)], color: 0),
      .init(name: "held out", points: [SIMD2(2, 160)], color: 0, isDashed: true),
    ])
    curves.horizontalName = "epoch"
    let bars = BarFigure(
      entries: ["z1", "z2"], series: [.init(name: "KL", values: [3, 0.1]), .init(name: "I", values: [2, .nan])])
    let heat = HeatFigure(entries: ["z1", "z2"], values: [1, -0.5, -0.5, 1])
    var sheet = SheetFigure(
      images: Tensor(shape: [4, 6], elements: (0..<24).map { Float($0) / 23 }), width: 3, height: 2, columns: 2)
    sheet.rowNames = ["style 1", "style 2"]
    sheet.columnNames = ["0", "1"]
    return [scatter().figure, curves.figure, bars.figure, heat.figure, try sheet.figure()]
  }

  @Test func everyFigureIsWellFormedSVGOfOneSizeWithItsPNG() throws {
    for figure in try figures() {
      let text = try figure.drawing.svg(title: figure.title)
      let parser = XMLParser(data: Data(text.utf8))
      #expect(parser.parse(), "\(figure.name): \(String(describing: parser.parserError))")
      #expect(!text.contains("nan") && !text.contains("inf"))
      let picture = figure.drawing.painted(.light, scale: 2)
      #expect(picture.width == Int((2 * figure.drawing.width).rounded(.up)))
      let read = try PNGFile.decode(try picture.png(), name: figure.name)
      #expect(read.width == picture.width && read.height == picture.height)
      #expect(Set(read.bytes).count > 2, "\(figure.name) is empty")
      #expect(!figure.table.rows.isEmpty)
    }
  }

  @Test func aSheetsTableHasNumbersWhereItsPictureHasLabels() throws {
    var sheet = SheetFigure(images: Tensor(shape: [4, 1], elements: [0, 0.5, 1, 0]), width: 1, height: 1, columns: 2)
    (sheet.rowNames, sheet.columnNames) = (["z1 2.48", "z2 0.10"], ["−3.0", "0.4"])
    (sheet.rowValues, sheet.columnValues) = ([.word("z1"), .word("z2")], [.number(-3), .number(0.4286)])
    sheet.rowNumbers = ("KL", [2.4817, 0.1])
    let lines = try sheet.figure().table.csv.split(separator: "\n")
    #expect(
      lines.first == "row,column,KL,pixel0" && lines[1] == "z1,-3.0,2.4817,0.0" && lines[4] == "z2,0.4286,0.1,0.0")
  }

  @Test func epochsAreMarkedAtWholeNumbersOnly() throws {
    for (points, labels) in [([1.0], ["1"]), ([1, 2], ["1", "2"]), ([1, 2, 3], ["1", "2", "3"])] {
      var curves = CurveFigure(series: [.init(name: "loss", points: points.map { SIMD2($0, 100 - $0) }, color: 0)])
      curves.countsWhole = true
      let text = try curves.figure.drawing.svg(title: "loss")
      for label in labels { #expect(text.contains(">\(label)<")) }
      for label in ["0.9", "0.95", "1.0", "1.5", "1.05"] { #expect(!text.contains(">\(label)<")) }
    }
  }

  @Test(arguments: Theme.allCases) func aScatterShowsEveryClassInItsColour(theme: Theme) {
    let picture = scatter().figure.drawing.painted(theme, scale: 1)
    var found = Set<SIMD3<UInt8>>()
    for y in 0..<picture.height { for x in 0..<picture.width { found.insert(picture[x, y]) } }
    for ink in [Ink.series(0), .series(1), .series(2), .muted, .text, .ground] {
      #expect(found.contains(theme.rgb(ink)))
    }
    #expect(picture[0, 0] == theme.rgb(.ground))
  }

  @Test func theNumbersOfAFigureAreItsTable() throws {
    let tables = try figures().map(\.table.csv)
    #expect(tables[0] == "x,y,class\n-2.0,0.0,zero\n2.0,0.0,one\n0.0,2.0,\"a, b\"\n0.0,-2.0,not known\n")
    #expect(tables[1] == "epoch,loss,held out\n1.0,200.0,\n2.0,150.0,160.0\n3.0,nan,\n")
    #expect(tables[2].hasPrefix("entry,KL,I\nz1,3.0,2.0\n"))
    #expect(tables[3] == ",z1,z2\nz1,1.0,-0.5\nz2,-0.5,1.0\n")
    #expect(tables[4].split(separator: "\n")[3].hasPrefix("style 2,0,"))
  }

  @Test func withoutPointsOrValuesThereIsStillAPicture() throws {
    let empty = [
      ScatterFigure(points: Tensor(shape: [0, 2])).figure, CurveFigure(series: []).figure,
      BarFigure(entries: [], series: []).figure, HeatFigure(entries: [], values: []).figure,
      ScatterFigure(points: Tensor(shape: [2, 2], filledWith: 1)).figure,
    ]
    for figure in empty {
      #expect(!(try figure.drawing.svg(title: "nothing").contains("nan")))
      #expect(figure.drawing.painted().width > 0)
    }
  }

  @Test func classesHaveColoursPeopleCanTellApart() {
    for theme in Theme.allCases {
      let colors = (0..<10).map { theme.rgb(.series($0)) }
      #expect(Set(colors).count == 10)
      #expect(theme.rgb(.series(13)) == colors[3])
    }
  }

  @Test func everyClassOfASheetHasItsNameWhole() throws {
    for (names, pixels) in [(["not rotated", "rotated"], 28), (["T-shirt/top", "Trouser", "Pullover", "Coat"], 14)] {
      var sheet = SheetFigure(
        images: Tensor(shape: [names.count, pixels * pixels], filledWith: 0), width: pixels, height: pixels,
        columns: names.count)
      sheet.columnNames = names
      let drawing = try sheet.figure().drawing
      var told: [String] = []
      for case .text(let text, x: let x, y: _, _, _, bold: _, rotated: _) in drawing.shapes {
        told.append(text)
        let half = Double(text.count) * Drawing.letterWidth / 2
        #expect(x - half >= 0 && x + half <= drawing.width, "\(text)")
      }
      #expect(told == names)
    }
    // Of numbers those that fit are ticks enough.
    var sheet = SheetFigure(images: Tensor(shape: [9, 16], filledWith: 0), width: 4, height: 4, columns: 9)
    sheet.columnNames = (-4...4).map { "\($0).25".replacing("-", with: "−") }
    let ticks = try sheet.figure().drawing.shapes.filter { if case .text = $0 { true } else { false } }
    #expect((2...4).contains(ticks.count))
    #expect(Drawing.fitting(["class one", "class two", "bag"], width: 42) == ["…s one", "…s two", "bag"])
  }

  private func texts(_ drawing: Drawing) -> [String] {
    drawing.shapes.compactMap {
      if case .text(let text, x: _, y: _, _, _, bold: _, rotated: _) = $0 { text } else { nil }
    }
  }

  @Test func classesWhoseNamesAreCutAlikeAreTheirNumbers() {
    var scatter = ScatterFigure(points: Tensor(shape: [3, 2], elements: [0, 0, 1, 0, 0, 1]))
    (scatter.labels, scatter.classNames) = ([0, 1, -1], ["a long name, the first", "a long name, the second"])
    #expect(texts(scatter.figure.drawing) == ["not known", "0", "1"])
    scatter.classNames = ["猫", "犬"]
    #expect(texts(scatter.figure.drawing) == ["not known", "猫", "犬"])
  }

  @Test func linesAndRowsWhoseNamesAreCutAlikeHaveTheirEnds() throws {
    let names = ["the loss of the run of one", "the loss of the run of two"]
    let curves = CurveFigure(series: names.map { .init(name: $0, points: [SIMD2(1, 2)], color: 0) })
    #expect(texts(curves.figure.drawing).filter { $0.contains("…") } == ["…f the run of one", "…f the run of two"])
    let bars = BarFigure(
      entries: ["z1"], series: (0..<8).map { .init(name: "what is told of dimension \($0)", values: [1]) })
    #expect(Set(texts(bars.figure.drawing).filter { $0.contains("…") }).count == 8)
    var sheet = SheetFigure(images: Tensor(shape: [2, 16], filledWith: 0), width: 4, height: 4, columns: 1)
    sheet.rowNames = names
    #expect(Set(texts(try sheet.figure().drawing)).count == 2)
  }
}
