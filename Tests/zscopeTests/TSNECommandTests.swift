import Datasets
import Foundation
import Tensors
import Testing

@Suite struct TSNECommandTests {
  /// Three clouds of thirty points.
  private func writeCodes(_ runner: CommandRunner) throws {
    let random = CounterRandom(seed: 2)
    let elements = (0..<90 * 4).map { (index: Int) -> Float in
      let centre: Float = index / 4 % 3 == index % 4 ? 9 : 0
      return random.normal(UInt64(index)) + centre
    }
    try runner.write("codes.npy", Data(NPY.encode(Tensor(shape: [90, 4], elements: elements))))
  }

  @Test func aFileOfCodesIsLaidOutTheSameOnAnyNumberOfThreads() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try writeCodes(runner)
    for (threads, file) in [(1, "a.npy"), (2, "b.npy")] {
      let result = try runner.type(
        "tsne codes.npy --perplexity 8 --iterations 500 --threads \(threads) --output \(file)")
      #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
      #expect(result.text.hasPrefix("90 points of 4 dimensions, perplexity 8, 500 iterations: KL 0."))
      #expect(result.text.hasSuffix("; wrote \(file)\n"))
    }
    #expect(try runner.read("a.npy") == runner.read("b.npy"))
    #expect(try NPY.read(runner.path("a.npy")).shape == [90, 2])
    let report = try runner.type("tsne codes.npy --perplexity 8 --iterations 500 --output c.npy --json")
    let object = try #require(try JSONSerialization.jsonObject(with: report.output) as? [String: Any])
    #expect(try #require(object["divergence"] as? Double) > 0 && object["points"] as? Int == 90)
    #expect(try runner.read("c.npy") == runner.read("a.npy"))
    let piped = try runner.type(
      "tsne - --perplexity 8 --iterations 500 --output -", input: try runner.read("codes.npy"))
    #expect(piped.output == (try runner.read("a.npy")) && piped.errors.contains("KL"))
  }

  @Test func aModelsCodesArePicturesColouredByClass() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    for ending in ["png", "svg", "csv", "json"] {
      let result = try runner.type("tsne run --data strokes --count 120 --iterations 100 --output map.\(ending)")
      #expect(result.status == 0, "\(result.errors)")
    }
    #expect(try PNGFile.read(runner.path("map.png")).width > 1000)
    let table = String(decoding: try runner.read("map.csv"), as: UTF8.self).split(separator: "\n")
    #expect(table.count == 121 && table[0] == "x,y,class")
    let classes = Set(table.dropFirst().compactMap { $0.split(separator: ",").last })
    #expect(classes.count == 10)
    let printed = try runner.type("tsne run --data strokes --count 100 --iterations 20 --size 40x12")
    #expect(printed.lines.count == 13 && printed.lines.allSatisfy { $0.count <= 100 })
  }

  @Test func whatCannotBeLaidOutEndsInOneLine() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try writeCodes(runner)
    try runner.write("same.npy", Data(NPY.encode(Tensor(shape: [100, 2], filledWith: 1))))
    for (line, message) in [
      ("tsne codes.npy --output a.npy", "use a perplexity of at most 29"),
      ("tsne same.npy --output a.npy", "all 100 points are the same"),
      ("tsne codes.npy --perplexity 8 --learning-rate 1e9 --output a.npy", "lower --learning-rate"),
      ("tsne nowhere.npy --output a.npy", "nowhere.npy"),
      ("tsne nowhere --output a.npy", "there is no model nowhere"),
      ("tsne codes.npy --output a.gif", "use one of .npy, .csv, .json, .png, .svg"),
      ("tsne codes.npy --output no/a.npy", "no/a.npy"),
      ("tsne codes.npy --data own.npy --output a.npy", "own.npy"),
    ] {
      let result = try runner.type(line)
      #expect(result.status == 1, "\(line): \(result.status)")
      #expect(result.errors.contains(message) && result.errors.split(separator: "\n").count == 1, "\(result.errors)")
      #expect(!runner.exists("a.npy"))
    }
    for (line, message) in [
      ("tsne codes.npy --perplexity 0", "--perplexity is 0"), ("tsne codes.npy --iterations 0", "--iterations is 0"),
      ("tsne codes.npy --angle 2", "--angle is 2"), ("tsne codes.npy --threads 0", "--threads is 0"),
      ("tsne codes.npy --learning-rate 0", "--learning-rate is 0"), ("tsne codes.npy --json", "--output FILE"),
      ("tsne codes.npy --count 0", "--count is 0"), ("tsne", "source"),
    ] {
      let result = try runner.type(line)
      #expect(result.status == 2 && result.errors.contains(message), "\(line): \(result.errors)")
    }
  }

  @Test func aListIsSoManyPointsOfOneDimension() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let values = (0..<100).map { (place: Int) -> Float in Float(place) * 0.01 + Float(place % 10) }
    try runner.write("line.npy", Data(NPY.encode(Tensor(shape: [100], elements: values))))
    try runner.write("line.json", Data("[\(values.map { "\($0)" }.joined(separator: ","))]".utf8))
    for name in ["line.npy", "line.json"] {
      let result = try runner.type("tsne \(name) --perplexity 8 --output a.npy")
      #expect(result.status == 0 && result.text.hasPrefix("100 points of 1 dimension,"), "\(result.errors)")
    }
  }

  @Test func aLayoutWorseThanItsBeginningIsToldOf() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try writeCodes(runner)
    let long = try runner.type("tsne codes.npy --perplexity 8 --learning-rate 1000 --output a.npy")
    #expect(long.status == 0 && long.errors.contains("lower --learning-rate"), "\(long.errors)")
    let short = try runner.type("tsne codes.npy --perplexity 8 --iterations 20 --output a.npy")
    #expect(short.status == 0 && short.errors.contains("give it more --iterations"), "\(short.errors)")
  }

  @Test func anInterruptionStopsItAndWritesNothing() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try writeCodes(runner)
    let running = try runner.start("tsne codes.npy --perplexity 8 --iterations 1000000 --output a.npy")
    // Once ^C is waited for, it may come.
    for _ in 0..<600 where !Self.catchesInterrupts(running.process.processIdentifier) { usleep(50_000) }
    running.process.interrupt()
    let result = try running.finish()
    #expect(result.status == 130 && result.output.isEmpty)
    #expect(result.errors.contains("stopped after") && result.errors.contains("nothing was written"))
    #expect(!runner.exists("a.npy"))
  }

  /// Whether a process has a handler for SIGINT, as the kernel knows it.
  private static func catchesInterrupts(_ process: Int32) -> Bool {
    let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("SigCgt:") }
    let mask = line.flatMap { UInt64($0.dropFirst(7).trimmingCharacters(in: .whitespaces), radix: 16) } ?? 0
    return mask & (1 << UInt64(SIGINT - 1)) != 0
  }

  @Test func aTraversalIsAnAnimation() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    #expect(try runner.type("traverse run --dimension 1 --steps 7 --output walk.gif --delay 0.05").status == 0)
    let bytes = Array(try runner.read("walk.gif"))
    #expect(bytes.starts(with: Array("GIF89a".utf8)) && bytes.last == 0x3B)
    #expect(Int(bytes[6]) | Int(bytes[7]) << 8 == 8 * 28)
    // Behind the header, 256 colours and the word to repeat stands how long a picture is shown, in hundredths of a second.
    #expect(Array(bytes[800..<806]) == [0x21, 0xF9, 4, 0, 5, 0])
    for line in ["--delay 0 --output a.gif", "--delay 0.1 --output a.png", "--delay 0.1"] {
      let refused = try runner.type("traverse run --dimension 1 \(line)")
      #expect(refused.status == 2 && refused.errors.contains("--delay"), "\(line): \(refused.errors)")
    }
    #expect(try runner.type("encode run --images strokes --count 3 --output codes.csv").status == 0)
    #expect(String(decoding: try runner.read("codes.csv"), as: UTF8.self).split(separator: "\n").count == 4)
  }

  @Test func aScriptedSessionIsRecordedForAsciinema() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    let result = try runner.type("explore run --keys right*3 --size 80x24 --record walk.cast")
    #expect(result.status == 0 && result.output.isEmpty, "\(result.errors)")
    let lines = String(decoding: try runner.read("walk.cast"), as: UTF8.self).split(separator: "\n")
    let header = try #require(try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any])
    #expect(header["version"] as? Int == 2 && header["width"] as? Int == 80 && header["height"] as? Int == 24)
    let times = try lines.dropFirst().map { line in
      try #require((try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [Any])?[0] as? Double)
    }
    #expect(times.count >= 4 && times == times.sorted() && times[0] == 0)
    #expect(try #require(times.last) >= 1.6, "every key stays for an eye to follow")
    let recorded = try runner.read("walk.cast")
    let refused = try runner.type("explore run --keys q --record walk.cast")
    #expect(refused.status == 1 && refused.errors.contains("another name"), "\(refused.errors)")
    #expect(try runner.read("walk.cast") == recorded)
    for (line, status) in [
      ("explore run --plain --record a.cast", 2), ("explore run --keys q --record a.gif", 1),
      ("explore run --keys q --record no/a.cast", 1), ("explore run --view a.png", 2),
      ("explore run --keys q --view a.gif", 1),
    ] as [(String, Int32)] {
      #expect(try runner.type(line).status == status, "\(line)")
    }
  }

  @Test func aSheetHasAStyleARowAndAValueAColumn() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    #expect(try runner.type("sheet run --dimension 1 --styles 3 --steps 5 --seed 4 --output sheet.npy").status == 0)
    #expect(try runner.type("sample run --count 3 --seed 4 --codes styles.npy --output drawn.npy").status == 0)
    let sheet = try NPY.read(runner.path("sheet.npy")).tensor
    #expect(sheet.shape == [15, 28, 28])
    let style = try NPY.read(runner.path("styles.npy")).tensor.row(2)
    let code = "\(style[style.startIndex]),-1.5,\(style[style.startIndex + 2])"
    #expect(try runner.type("decode run --codes \(code) --output one.npy").status == 0)
    let one = try NPY.read(runner.path("one.npy")).tensor
    // The third style at the second of the values −3, −1.5, 0, 1.5, 3.
    #expect(zip(sheet.row(11), one.elements).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(try runner.type("sheet run --dimension 1 --styles 3 --steps 5 --output sheet.svg").status == 0)
    #expect(String(decoding: try runner.read("sheet.svg"), as: UTF8.self).contains("+1.50"))
    try runner.write("many.csv", Data(String(repeating: "0.5,0,-1\n", count: 1001).utf8))
    let many = try runner.type("sheet run --codes many.csv --dimension 1 --steps 1000 --output many.npy")
    #expect(many.status == 1 && many.errors.contains("1001000: so many codes"), "\(many.errors)")
    let classless = try runner.type("sheet run --output sheet.png")
    #expect(classless.status == 1 && classless.errors.contains("no variable with classes"), "\(classless.errors)")
    #expect(try runner.type("sheet run --dimension 3 --output a.png").errors.contains("use 0 to 2"))
  }
}
