import Canvas
import Datasets
import Exports
import Foundation
import Tensors
import Testing

@testable import Explorer

/// `:export` writes what is at hand, says so, and replaces nothing unasked.
@Suite struct ExportTests {
  /// Types an export into the palette and waits for its file, as a script does.
  private func type(_ line: String, _ loop: ScriptedLoop) throws {
    try loop.run(
      try Script(": " + line.split(separator: " ").map { "type:\($0)" }.joined(separator: " space ") + " enter"))
  }

  private func message(_ program: Exploration) -> String { program.state.message?.text ?? "" }

  @Test func everythingAtHandIsWrittenAndTheStatusLineSaysWhere() throws {
    let (program, model) = try RunningTests.program(120, 40)
    let folder = try RunningTests.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let loop = ScriptedLoop(program, rendition: Rendition(), folder: nil)
    try loop.run(try Script("right*3"))
    let code = program.state.code

    for (name, what) in [
      ("view a.png", "the view, 120×40 cells,"), ("view a.svg", "the view"), ("view a.txt", "the view"),
      ("strip s.png", "digits of z1"), ("strip s.gif", "digits of z1"), ("strip s.npy", "digits of z1"),
      ("picture d.png", "the digit"), ("picture d.npy", "the digit"), ("codes all.npy", "4 codes of 2 numbers"),
      ("code one.npy", "the code of 2 numbers"),
    ] {
      let words = name.split(separator: " ")
      let path = "\(folder)/\(words[1])"
      try type("export \(words[0]) \(path)", loop)
      let size = try readFile(path).count
      #expect(message(program).hasPrefix("wrote ") && message(program).contains(what), "\(message(program))")
      #expect(message(program).hasSuffix(" to \(path): \(Numbers.grouped(size)) bytes"))
      #expect(program.state.message?.isError == false && program.state.context == .pane(program.state.focus))
    }

    let text = String(decoding: try readFile("\(folder)/a.txt"), as: UTF8.self)
    #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count == 41)
    #expect(text.contains("z1") && !text.contains("export view"), "the palette is not in the picture")
    let view = try PNGFile.decode(try readFile("\(folder)/a.png"), name: "a.png")
    #expect(view.width == 120 * 16 && view.height == 40 * 32)
    #expect(try NPY.read("\(folder)/all.npy").tensor == program.state.cloud?.means)
    #expect(try NPY.read("\(folder)/one.npy").tensor == Tensor(shape: [1, 2], elements: code))
    let digit = try NPY.read("\(folder)/d.npy").tensor
    let decoded = try model.decode(code)
    #expect(digit.shape == [1, 28, 28] && digit.elements == decoded)
    let picture = try PNGFile.decode(try readFile("\(folder)/d.png"), name: "d.png")
    #expect(picture.width == 28 && picture.height == 28)
    let strip = try NPY.read("\(folder)/s.npy").tensor
    let layout = try #require(program.state.layout)
    #expect(strip.shape == [TraversalPlan(program.state, layout).values.count, 28, 28])
    #expect(try readFile("\(folder)/s.gif").starts(with: Array("GIF89a".utf8)))
    let sheet = try PNGFile.decode(try readFile("\(folder)/s.png"), name: "s.png")
    #expect(sheet.width == strip.shape[0] * 30 + 2 && sheet.height == 32)
  }

  @Test func aFileThatIsThereIsReplacedOnlyWhereThePersonSaysSo() throws {
    let (program, _) = try RunningTests.program()
    let folder = try RunningTests.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = "\(folder)/code.npy"
    try writeAtomically(Array("mine".utf8), to: path)
    let loop = ScriptedLoop(program, rendition: Rendition(), folder: nil)
    for (answer, isReplaced) in [("n", false), ("escape", false), ("y", true)] {
      try type("export code \(path)", loop)
      guard case .confirmation(let asked) = program.state.overlay else {
        Issue.record("nothing is asked: \(message(program))")
        return
      }
      #expect(asked.question == "\(path) is there: replace it?")
      #expect(try readFile(path) == Array("mine".utf8))
      try loop.run(try Script(answer))
      let isMine = try readFile(path) == Array("mine".utf8)
      #expect(isMine != isReplaced, "\(answer)")
    }
    #expect(message(program).hasPrefix("wrote "))
  }

  @Test func codesOfHiddenClassesAreLeftOut() throws {
    let (program, _) = try RunningTests.program()
    let folder = try RunningTests.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    program.send(.toggleClass(2))
    try type("export codes \(folder)/some.npy", ScriptedLoop(program, rendition: Rendition(), folder: nil))
    #expect(message(program).contains("3 codes of 2 numbers"))
    #expect(
      try NPY.read("\(folder)/some.npy").tensor == Tensor(shape: [3, 2], elements: [0, 0, 1, 1, 2, -2]))
  }

  @Test func withoutItsPaneTheStripHasAsManyDigitsAsTraverseMakes() throws {
    var state = Sample.state(120, 40)
    try Sample.press("g", &state)
    #expect(state.layout?.panes[.strip] == nil)
    #expect(TraversalPlan.shown(in: state).count == 11)
  }

  @Test func whatCannotBeWrittenIsSaidWithWhatToDo() throws {
    let (program, _) = try RunningTests.program()
    let folder = try RunningTests.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let loop = ScriptedLoop(program, rendition: Rendition(), folder: nil)
    for (line, problem) in [
      ("export view \(folder)/a.gif", "use one of .png, .svg, .txt"),
      ("export codes \(folder)/a.png", "use one of .npy"),
      ("export code \(folder)/no/a.npy", "no/a.npy"), ("export code \(folder)", "the ending does not say a format"),
    ] {
      try type(line, loop)
      #expect(
        program.state.message?.isError == true && message(program).contains(problem), "\(line): \(message(program))")
    }
    // What the terminal shows is not to be spoilt by bytes.
    for path in ["-", "/dev/stdout", "/dev/stderr", "/dev/tty", "/dev/null"] {
      for kind in ExportKind.all {
        try type("export \(kind.name) \(path)", loop)
        #expect(program.state.message?.isError == true && message(program).contains("such as \(kind.example)"))
      }
    }
    #expect(folderContents(folder).isEmpty)
    // A command that lacks its file stays to be completed.
    try type("export view", loop)
    #expect(program.state.context == .palette && message(program).contains("Type export view view.png"))
    try loop.run(try Script("escape"))
    let empty = Exploration(state: State(width: 80, height: 24))
    try type("export codes a.npy", ScriptedLoop(empty, rendition: Rendition(), folder: nil))
    #expect(message(empty).contains("there are no codes in the scatter"))
  }

  @Test func aRecordingCanBeReadWhileItGrows() throws {
    let folder = try RunningTests.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = "\(folder)/session.cast"
    try Recorder.check(path)
    try writeAtomically(Array("an older one".utf8), to: path)
    #expect(throws: DatasetError.self) { try Recorder.check(path) }
    func lines() throws -> [Substring] {
      let text = String(decoding: try readFile(path), as: UTF8.self)
      #expect(text.hasSuffix("\n"))
      return text.split(separator: "\n")
    }
    let recorder = try Recorder(path, model: "mnist-2d", width: 20, height: 3, level: .mono)
    #expect(try lines().count == 1)
    #expect(try lines()[0].contains("\"title\":\"zscope mnist-2d\""))
    var frame = Frame(width: 20, height: 3)
    for second in 0..<3 {
      frame.write("\(second)", column: 0, row: 0)
      #expect(recorder.add(frame, at: Double(second)))
      #expect(try lines().count == 2 + second, "what has been shown is in the file")
    }
    recorder.end(at: 5)
    #expect(try lines().last?.hasPrefix("[5.000, ") == true && recorder.problem == nil)
    #expect(throws: DatasetError.self) { try Recorder("/dev/null", model: nil, width: 2, height: 2, level: .mono) }
    #expect(throws: ExportError.self) { try Recorder.check("\(folder)/session.txt") }
  }
}
