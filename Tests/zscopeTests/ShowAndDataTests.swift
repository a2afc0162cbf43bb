import Datasets
import Foundation
import Glibc
import Testing

@Suite struct ShowAndDataTests {
  private func digits(_ runner: CommandRunner, count: Int) throws -> [String] {
    let set = try Strokes.generate(count: count, seed: 3)
    return try (0..<count).map { index in
      let name = "\(index).png"
      try PNGFile.write(GreyPicture(width: 28, height: 28, bytes: set.bytes(at: index)), to: runner.path(name))
      return name
    }
  }

  @Test(arguments: ["mono", "8", "16", "256", "direct"]) func everyImageTakesExactlyItsRows(color: String) throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let names = try digits(runner, count: 3)
    let result = try runner.type("show \(names.joined(separator: " ")) --size 14x7 --color \(color)")
    #expect(result.status == 0)
    #expect(result.lines.count == 21)
    #expect(result.text.contains { $0 != " " && $0 != "\n" })
    #expect(result.text.contains("\u{1B}[") || color == "mono")
  }

  @Test func asciiIsPrintableAsciiOnly() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    _ = try digits(runner, count: 1)
    let flag = try runner.type("show 0.png --size 20x10 --ascii")
    #expect(flag.output.allSatisfy { $0 == 10 || 32..<127 ~= $0 } && flag.text.contains { $0 != " " && $0 != "\n" })
    let locale = try runner.type("show 0.png --size 20x10", environment: ["LC_ALL": "C"])
    #expect(locale.output.allSatisfy { $0 == 10 || 32..<127 ~= $0 })
  }

  @Test func sextantsAreUsedWhereTheyAreAskedFor() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    _ = try digits(runner, count: 1)
    func sextants(_ options: String) throws -> Int {
      let result = try runner.type("show 0.png --size 14x7 --color mono \(options)")
      #expect(result.lines.count == 7)
      return result.text.unicodeScalars.count { 0x1FB00...0x1FB3B ~= $0.value }
    }
    #expect(try sextants("--sextants") > 0)
    #expect(try sextants("") == 0, "many fonts lack them")
  }

  @Test func everyImageOfAFileIsShown() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try runner.write("four.npy", Data(NPY.encode([UInt8](repeating: 200, count: 4 * 16), shape: [4, 4, 4])))
    #expect(try runner.type("show four.npy --size 4x2").lines.count == 8)
    let piped = try runner.type("show - --size 4x2", input: runner.read("four.npy"))
    #expect(piped.lines.count == 8)
  }

  @Test func dataListNamesTheSetsAndTheFolder() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let result = try runner.type("data list", environment: ["ZSCOPE_DATA": runner.path("store")])
    for name in ["mnist", "fashion-mnist", "kmnist", "strokes", "NAME-rotated", "store"] {
      #expect(result.text.contains(name))
    }
    #expect(result.lines.last == "folder: \(runner.path("store"))  (made by the first download)")
    func folder(_ environment: [String: String]) throws -> String? {
      try runner.type("data list", environment: environment).lines.last
    }
    #expect(try folder(["ZSCOPE_DATA": runner.folder.path]) == "folder: \(runner.folder.path)")
    try runner.write("file", Data())
    #expect(try folder(["ZSCOPE_DATA": runner.path("file")])?.hasSuffix("(cannot be written to)") == true)
    #expect(try folder(["XDG_DATA_HOME": "/xdg"])?.hasPrefix("folder: /xdg/zscope") == true)
    // Unset, empty or relative, as the specification has it.
    for environment in [[:], ["ZSCOPE_DATA": ""], ["XDG_DATA_HOME": "relative"]] {
      #expect(try folder(environment)?.hasPrefix("folder: \(runner.path(".local/share/zscope"))") == true)
    }
  }

  @Test func aFolderThatTakesNoFilesIsFoundOutBeforeADownload() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try runner.write("file", Data())
    let result = try runner.type("data get mnist --from nowhere", environment: ["ZSCOPE_DATA": runner.path("file")])
    #expect(result.status == 1 && result.errors.contains("file/mnist: cannot be written"), "\(result.errors)")
  }

  @Test func dataShowTellsCountDigestLabelsAndFactors() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let result = try runner.type("data show strokes --count 3 --size 10x5")
    #expect(result.status == 0, "\(result.errors)")
    for word in ["60,000 images of 28×28", "sha256 ", "labels", "slant"] { #expect(result.text.contains(word)) }
  }

  @Test func aFullDiskIsNotTakenForSuccess() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    for line in ["--help", "--generate-completion-script bash", "data list"] {
      let process = Process()
      process.executableURL = CommandRunner.program
      process.arguments = line.split(separator: " ").map(String.init)
      process.standardOutput = FileHandle(forWritingAtPath: "/dev/full")
      let errors = Pipe()
      process.standardError = errors
      try process.run()
      let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 1 && text.contains("standard output") && text.contains("free some space"))
    }
  }

  @Test func aComparisonNeedsLabels() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    var pixels: [UInt8] = []
    let set = try Strokes.generate(count: 50, seed: 9)
    for index in 0..<50 { pixels += set.bytes(at: index) }
    try runner.write("own.npy", Data(NPY.encode(pixels, shape: [50, 28, 28])))
    let unlabelled = try runner.type("data show strokes --against own.npy")
    #expect(unlabelled.status == 1 && unlabelled.errors.contains("no labels"), "\(unlabelled.errors)")
  }

  @Test(
    arguments: [
      "info mnist-2d", "models", "objectives", "presets", "measures", "data list", "data show strokes --count 2",
      "evaluate mnist-2d --data strokes --count 50", "traverse strokes-10d --dimension 3", "reproduce --list",
      "train run --data strokes --count 200 --hidden 8 --epochs 1 --objective dip-vae-i --held-out 0", "--help",
      "train --help",
      "encode --help",
    ])
  func aLocaleWithoutUnicodeIsWrittenInASCII(command: String) throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    for environment in [["LC_ALL": "C"], ["LC_ALL": "POSIX"], ["TERM": "dumb"]] {
      let result = try runner.type(command, environment: environment)
      #expect(result.status == 0 && result.output.allSatisfy { $0 < 0x80 }, "\(result.text)\(result.errors)")
      try? FileManager.default.removeItem(atPath: runner.path("run"))
    }
  }

  @Test("What a command may print is what the explorer may print", arguments: ["C", "xx_YY.UTF-8", "xx_YY", "C.utf8"])
  func oneDecision(locale: String) throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let results = try ["data show strokes --count 2", "explore mnist-2d --keys u --size 80x24"].map {
      try runner.type($0, environment: ["LC_ALL": locale])
    }
    // The locale that is not installed says all the same what characters there are.
    let isASCII = locale == "C" || locale == "xx_YY"
    #expect(results.allSatisfy { $0.status == 0 && $0.output.allSatisfy { $0 < 0x80 } == isASCII })
  }

  @Test func picturesInASCIIHaveWordsInASCII() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let result = try runner.type("data show strokes --count 2 --ascii")
    #expect(result.status == 0 && result.text.contains("28x28") && result.output.allSatisfy { $0 < 0x80 })
  }

  @Test func whatProgramsReadIsTheSameInEveryLocale() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    for command in ["objectives --json", "info mnist-2d --json", "explore --list-keys"] {
      let (ascii, unicode) = try (runner.type(command, environment: ["LC_ALL": "C"]), runner.type(command))
      #expect(ascii.output == unicode.output && ascii.status == 0)
    }
  }

  @Test func withoutAHomeInTheEnvironmentThatOfTheUsersIsTaken() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let home = try #require(getpwuid(getuid())?.pointee.pw_dir.map { String(cString: $0) })
    for value in ["", "relative"] {
      let list = try runner.type("data list", environment: ["HOME": value])
      #expect(list.lines.last?.hasPrefix("folder: \(home)/.local/share/zscope") == true, "\(list.text)")
    }
  }

  @Test func whatIsKnownOfNamedSetsIsNotSaidOtherwise() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    for command in [
      "encode mnist-2d --images strokes --scale 16", "data show strokes --scale 16",
      "evaluate mnist-2d --data strokes --scale 9",
      "reconstruct mnist-2d --images strokes --scale 255", "train run --data strokes --scale 255",
      "explore mnist-2d --data strokes --scale 255 --plain",
    ] {
      let result = try runner.type(command)
      #expect(
        result.status == 2 && result.errors.contains("--scale has no effect"), "\(command): \(result.errors)")
    }
    let shaped = try runner.type("encode mnist-2d --images strokes --shape 14x14 --fit crop")
    #expect(shaped.status == 1 && shaped.errors.contains("--shape 14×14 has no effect"), "\(shaped.errors)")
  }

  @Test func imagesUnderNamesThatBeginAlikeAreToldApart() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    for name in ["shape number one", "shape number two"] {
      let folder = runner.folder.appendingPathComponent("shapes/\(name)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      for index in 0..<2 {
        let pixels = (0..<784).map { UInt8(truncatingIfNeeded: $0 * (index + name.count)) }
        try PNGFile.write(
          GreyPicture(width: 28, height: 28, bytes: pixels), to: folder.appendingPathComponent("\(index).png").path)
      }
    }
    let result = try runner.type("data show shapes --size 10x5")
    let captions = result.lines.map { $0.split(separator: " ") }.first {
      $0.count == 4 && $0.allSatisfy { $0.count == 1 }
    }
    #expect(Set((captions ?? []).map { String($0) }) == ["0", "1"], "\(result.text)\(result.errors)")
  }
}
