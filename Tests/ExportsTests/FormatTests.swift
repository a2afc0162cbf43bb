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
      recording: { TerminalRecording(title: "t", level: .mono) }, document: { "<!doctype html>" })
  }

  @Test func everyFormatIsFoundByItsEndingAndWritesWhatItIsMadeOf() throws {
    #expect(Set(ExportFormat.all.map(\.name)).count == ExportFormat.all.count)
    let beginnings = [
      "npy": "\u{FFFD}NUMPY", "csv": "a\n1\n", "json": "[[1.0, null]]", "png": "\u{FFFD}PNG", "svg": "<svg ",
      "gif": "GIF89a", "cast": "{", "html": "<!doctype html>",
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
    #expect(Table(Tensor(shape: [2, 2], elements: [1, 2, 3, 4])).csv == "0,1\n1.0,2.0\n3.0,4.0\n")
  }

  @Test func aRecordingIsAHeaderAndAnEventALine() throws {
    var recording = TerminalRecording(title: "two \"frames\"", level: .palette256)
    var frame = Frame(width: 4, height: 2)
    recording.add(frame, at: 0)
    recording.add(frame, at: 0.5)
    frame.write("7", column: 1, row: 1)
    recording.add(frame, at: 1.25)
    recording.add(Frame(width: 6, height: 3), at: 1)
    let lines = try recording.asciicast().split(separator: "\n").map(String.init)
    let header = try #require(
      try JSONSerialization.jsonObject(with: Data(lines.first?.utf8 ?? "".utf8)) as? [String: Any])
    #expect(header["version"] as? Int == 2 && header["width"] as? Int == 6 && header["height"] as? Int == 3)
    #expect(header["title"] as? String == "two \"frames\"")
    let events = try lines.dropFirst().map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [Any])
    }
    // The second frame is the first again, and time does not run backwards.
    #expect(events.map { $0[0] as? Double } == [0, 1.25, 1.25])
    #expect(events.allSatisfy { $0[1] as? String == "o" })
    let second = try #require(events[1][2] as? String)
    #expect(second.hasPrefix("\u{1B}[H") && second.contains("7") && second.split(separator: "\r\n").count == 2)
    #expect(!second.hasSuffix("\n"), "a full screen would scroll")
    #expect(try #require(events[2][2] as? String).hasPrefix("\u{1B}[2J"), "a new size begins on an empty screen")
  }
}
