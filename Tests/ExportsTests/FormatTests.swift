import Canvas
import Datasets
import Foundation
import Tensors
import Testing

@testable import Exports

@Suite struct FormatTests {
  private func exhibit() -> Exhibit {
    var drawing = Drawing(width: 30, height: 20)
    drawing.rectangle(2, 3, 4, 5, .series(1))
    var table = Table(["a"])
    table.add([1])
    let (picture, made) = (GreyPicture(width: 2, height: 1, bytes: [0, 255]), drawing)
    let rows = table
    return Exhibit(
      name: "all", array: { Tensor(shape: [1, 2], elements: [1, .nan]) }, table: { rows }, picture: { picture },
      drawing: { made }, animation: { Animation(frames: [picture]) },
      recording: { try TerminalRecording(title: "t", width: 2, height: 1, level: .mono) },
      document: { "<!doctype html>" },
      screen: {
        var frame = Frame(width: 3, height: 1)
        frame.write("7", column: 1, row: 0)
        return ShownFrame(frame, on: .dark)
      })
  }

  @Test func everyFormatIsFoundByItsEndingAndWritesWhatItIsMadeOf() throws {
    #expect(Set(ExportFormat.all.map(\.name)).count == ExportFormat.all.count)
    let beginnings = [
      "npy": "\u{FFFD}NUMPY", "csv": "a\n1\n", "json": "[[1.0, null]]", "png": "\u{FFFD}PNG", "svg": "<svg ",
      "gif": "GIF89a", "txt": " 7\n", "cast": "{\"env\"", "html": "<!doctype html>",
    ]
    for format in ExportFormat.all {
      #expect(ExportFormat.named(by: "folder.d/x.\(format.name.uppercased())") == format)
      let text = String(decoding: try format.encode(exhibit()), as: UTF8.self)
      #expect(text.hasPrefix(try #require(beginnings[format.name])), "\(format.name): \(text.prefix(20))")
      #expect(!format.summary.isEmpty && !format.forms.isEmpty)
      #expect(throws: ExportError.self) { try format.encode(Exhibit(name: "nothing")) }
    }
    #expect(ExportFormat.named(by: "npy") == nil)
  }

  @Test func anEndingThatCannotHoldItIsRefusedWithThoseThatCan() throws {
    func message(_ path: String, _ asked: ExportFormat? = nil, _ forms: Set<Exhibit.Form>) -> String {
      do { return try "found \(ExportFormat.of(path, asked: asked, forms: forms).name)" } catch { return "\(error)" }
    }
    #expect(message("a.npy", nil, [.array]) == "found npy")
    #expect(message("-", nil, [.array]) == "found npy")
    #expect(message("a.npy", .json, [.array]) == "found json")
    #expect(
      message("a.txt", nil, [.array])
        == "a.txt: the ending does not say a format that can be written here; use one of .npy, .csv, .json")
    #expect(message("a.gif", nil, [.document]).hasSuffix("use .html"))
    #expect(message("a.npy", .html, [.array]) == "a.npy: this cannot be written as html; formats: npy, csv, json")
  }

  @Test func whatWouldActOnATerminalIsSeenInstead() throws {
    let name = "a\u{1B}[31m\u{7}b\u{9B}2J\u{202E}c"
    let shown = "a?[31m?b?2J?c"
    var table = Table([name])
    table.add([.word(name)])
    #expect(table.csv == "\(shown)\n\(shown)\n")
    #expect(HTMLText.escaped("<\(name)>\n\t&") == "&lt;\(shown)&gt;  &amp;")
    var drawing = Drawing(width: 10, height: 10)
    drawing.text(name, 1, 1)
    for text in [try drawing.svg(title: name), try drawing.inlineSVG(title: name)] {
      #expect(text.contains(shown) && text.unicodeScalars.allSatisfy { $0.value >= 32 || $0 == "\n" })
      #expect(!text.unicodeScalars.contains { $0.value == 0x9B || $0.value == 0x202E })
    }
  }

  @Test func aLinkInAFolderOfOurOwnNamesIsReplaced() throws {
    let path = NSTemporaryDirectory() + "/zscope-\(UUID().uuidString)"
    try makeFolder(path)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try writeAtomically(Array("keep".utf8), to: path + "/victim")
    try FileManager.default.createSymbolicLink(atPath: path + "/a.csv", withDestinationPath: "victim")
    try ExportFormat.csv.write(exhibit(), as: "a.csv", in: OwnedFolder(path))
    #expect(try readFile(path + "/victim") == Array("keep".utf8))
    #expect(try readFile(path + "/a.csv") == Array("a\n1\n".utf8))
  }

  @Test func tablesAreQuotedWhereTheyMustBe() {
    var table = Table(["plain", "with, comma", "say \"so\""])
    table.add([.number(0.1), .word("two\nlines"), .missing])
    table.add([.whole(-3), .word("a"), .number(Double(Float(0.3)))])
    #expect(table.csv == "plain,\"with, comma\",\"say \"\"so\"\"\"\n0.1,\"two\nlines\",\n-3,a,0.3\n")
    #expect(Table(Tensor(shape: [2, 2], elements: [1, 2, 3, 4])).csv == "c0,c1\n1.0,2.0\n3.0,4.0\n")
  }

  @Test func aRecordingIsAHeaderAndAnEventALine() throws {
    var recording = try TerminalRecording(title: "two \"frames\"\u{1B}", width: 4, height: 2, level: .palette256)
    var text = recording.takeLines()
    #expect(text.split(separator: "\n").count == 1, "a recording that goes no further has a header")
    var frame = Frame(width: 4, height: 2)
    frame.write("1234", column: 0, row: 0)
    try recording.add(frame, at: 0)
    try recording.add(frame, at: 0.5)
    frame.write("7", column: 1, row: 1)
    frame.cursor = Frame.Position(column: 2, row: 1)
    try recording.add(frame, at: 1.25)
    text += recording.takeLines()
    try recording.add(Frame(width: 6, height: 3), at: 1)
    try recording.end(at: 3)
    text += recording.takeLines()
    #expect(recording.asciicast.isEmpty && text.hasSuffix("\n"))
    let lines = text.split(separator: "\n").map(String.init)
    let header = try #require(
      try JSONSerialization.jsonObject(with: Data(lines.first?.utf8 ?? "".utf8)) as? [String: Any])
    #expect(header["version"] as? Int == 2 && header["width"] as? Int == 4 && header["height"] as? Int == 2)
    #expect(header["title"] as? String == "two \"frames\"?")
    let events = try lines.dropFirst().map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [Any])
    }
    // The second frame is the first again, and time does not run backwards.
    #expect(events.map { $0[0] as? Double } == [0, 1.25, 1.25, 1.25, 3])
    #expect(events.map { $0[1] as? String } == ["o", "o", "r", "o", "o"])
    let texts = events.compactMap { $0[2] as? String }
    #expect(texts[0] == "\u{1B}[2J\u{1B}[1;1H\u{1B}[K1234\u{1B}[?25l")
    #expect(texts[1] == "\u{1B}[2;1H\u{1B}[K 7\u{1B}[2;3H\u{1B}[?25h", "only the row that has changed")
    #expect(texts[2] == "6x3")
    #expect(texts[3] == "\u{1B}[2J\u{1B}[?25l", "a new size begins on an empty screen")
  }

  @Test func aScreenIsPaintedWithoutAFont() throws {
    var frame = Frame(width: 5, height: 1)
    frame.write("▀█A─⠁", column: 0, row: 0, foreground: .palette(196))
    let shown = ShownFrame(frame, on: .dark)
    let picture = shown.drawing.painted()
    #expect(picture.width == 80 && picture.height == 32)
    let (red, ground) = (SIMD3<UInt8>(255, 0, 0), CellPicture.standard(.dark).background)
    #expect(picture[0, 0] == red && picture[15, 15] == red && picture[0, 16] == ground && picture[15, 31] == ground)
    for corner in [(16, 0), (31, 0), (16, 31), (31, 31)] { #expect(picture[corner.0, corner.1] == red) }
    func inked(_ column: Int) -> [(x: Int, y: Int)] {
      (0..<32).flatMap { y in
        (16 * column..<16 * column + 16).filter { picture[$0, y] != ground }.map { (x: $0, y: y) }
      }
    }
    #expect(inked(2).count > 40 && inked(2).allSatisfy { (2...27).contains($0.y) }, "a letter on its line")
    #expect(inked(3).count == 32 && inked(3).allSatisfy { [15, 16].contains($0.y) }, "a line across the cell")
    #expect(!inked(4).isEmpty && inked(4).allSatisfy { $0.x < 72 && $0.y < 8 }, "a dot in its corner")
    let exhibit = Exhibit(name: "screen", screen: { shown })
    let read = try PNGFile.decode(try ExportFormat.png.encode(exhibit), name: "screen")
    #expect(read.width == 80 && read.height == 32)
    #expect(try ExportFormat.svg.encode(exhibit) == Array(frame.svg(on: .dark).utf8))
    #expect(try ExportFormat.txt.encode(exhibit) == Array("▀█A─⠁\n".utf8))
  }

  @Test func aSignThatTheFontLacksIsDrawnAsWhatLooksLikeIt() throws {
    func picture(_ text: String) -> ColorPicture {
      var frame = Frame(width: 1, height: 1)
      frame.write(text, column: 0, row: 0)
      return ShownFrame(frame, on: .light).drawing.painted()
    }
    #expect(picture("▸") == picture(">") && picture("▸") != picture(" "))
  }
}
