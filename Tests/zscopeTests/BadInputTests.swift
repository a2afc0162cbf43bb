import Datasets
import Foundation
import Glibc
import Tensors
import Testing

/// Every one of these is a mistake somebody makes: it ends with 1 and a message that names the place and the problem.
@Suite struct BadInputTests {
  private func expectFailure(_ runner: CommandRunner, _ line: String, _ words: [String], input: Data? = nil) throws {
    let result = try runner.type(line, input: input)
    #expect(result.status == 1, "\(line): status \(result.status), \(result.errors)")
    #expect(result.output.isEmpty, "\(line) printed something")
    #expect(result.errors.hasPrefix("zscope: ") && result.errors.split(separator: "\n").count <= 2, "\(result.errors)")
    for word in words { #expect(result.errors.contains(word), "\(line): \(result.errors)") }
  }

  @Test func aModelThatIsNotThereIsNamed() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try expectFailure(runner, "info nowhere", ["nowhere", "run directory"])
    try expectFailure(runner, "decode folder/none.safetensors --codes 0,0", ["folder/none.safetensors"])
    try expectFailure(runner, "train --resume nowhere", ["nowhere", "name a run's folder"])
    try expectFailure(runner, "info mnist2d", ["there is no model mnist2d (did you mean mnist-2d?)"])
  }

  @Test func whatMayNotBeReadIsNotTakenForMissing() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    // Nothing is refused to root.
    let user = getuid() == 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups " : ""
    let command = "\(user)'\(CommandRunner.program.path)'"
    guard try runner.shell("\(command) --version").status == 0 else {
      return print("SKIPPED: no other user than root can run the program here; modes of files are not tested")
    }
    let picture = Data(try PNGFile.encode(GreyPicture(width: 2, height: 2, bytes: [1, 2, 3, 4])))
    for name in ["a", "b", "c"] {
      try FileManager.default.createDirectory(atPath: runner.path("cf/\(name)"), withIntermediateDirectories: true)
      try runner.write("cf/\(name)/1.png", picture)
    }
    for (mode, place, line) in [
      ("000", "cf/b", "data show cf"), ("744", "cf/b", "data show cf"), ("000", "cf", "data show cf"),
      ("000", "run", "info run"), ("000", "run", "train --resume run"), ("000", "run", "train --resume --by-class run"),
    ] {
      let result = try runner.shell("chmod \(mode) \(place) && \(command) \(line)")
      #expect(chmod(runner.path(place), 0o755) == 0)
      #expect(
        result.status == 1 && result.errors.contains("cannot be read (Permission denied); check its permissions"),
        "\(result.errors)")
      #expect(result.errors.hasPrefix("zscope: \(place)"), "\(result.errors)")
    }
  }

  @Test func aNameThatIsNotUTF8IsRefusedAndNotTakenForAnother() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let program = CommandRunner.program.path
    let named = try runner.shell("'\(program)' data export strokes --count 1 --output $'x\\xff.npz'")
    #expect(named.status == 2 && named.errors.contains("x\\xff.npz is not UTF-8"), "\(named.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: runner.folder.path).allSatisfy { $0.hasPrefix(".s") })
    // A variable matters to who reads it, and no other folder takes its place.
    for line in ["--version", "measures", "models", "data list"] {
      let all = "HOME=$'/tmp/\\xff' TMPDIR=$'/tmp/\\xff'"
      let result = try runner.shell("\(all) '\(program)' \(line)")
      #expect(result.status == 0, "\(line): \(result.errors)")
      if line == "data list" { #expect(result.text.contains("folder: none, for HOME is not UTF-8"), "\(result.text)") }
    }
    for (variable, line) in [
      ("HOME", "explore --keys q"), ("HOME", "data get mnist --from nowhere"), ("ZSCOPE_DATA", "data show mnist"),
      ("ZSCOPE_ASSETS", "info mnist-2d"),
    ] {
      let result = try runner.shell("\(variable)=$'/tmp/\\xff' '\(program)' \(line)")
      #expect(result.status == 1 && result.errors.contains("is not UTF-8"), "\(line): \(result.errors)")
      #expect(result.errors.contains(variable), "\(line): \(result.errors)")
    }
  }

  @Test(
    "What is said on standard error is ASCII where the locale has no more",
    arguments: [
      "explore mnist-2d --keys foo", "explore mnist-2d --plain --keys foo", "train r --anneal “x”",
      "train r --data strokes --count 300 --epochs 2 --hidden 8 --threads 1 --held-out 60",
    ])
  func errorsWithoutUnicode(line: String) throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let result = try runner.shell("LC_ALL=C '\(CommandRunner.program.path)' \(line)")
    #expect(!result.errors.isEmpty && result.errors.utf8.allSatisfy { $0 < 0x80 }, "\(result.errors)")
  }

  @Test func namesDoNotActOnTheTerminalTheyArePrintedOn() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    for line in ["info a\u{1B}[2Jb\u{7}", "show a\u{1B}[2Jb\u{7}", "explore a\u{1B}[2Jb\u{7} --keys q"] {
      try expectFailure(runner, line, ["a?[2Jb?"])
    }
    let unknown = try runner.type("a\u{1B}[2Jb")
    #expect(unknown.status == 2 && unknown.errors.contains("a?[2Jb"), "\(unknown.errors)")
  }

  @Test func aDamagedCheckpointIsNamed() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    let sound = try runner.read("run/latest.safetensors")
    try runner.write("short.safetensors", sound.prefix(sound.count / 2))
    try expectFailure(runner, "info short.safetensors", ["short.safetensors"])
    var flipped = sound
    flipped[flipped.count - 100] ^= 1
    try runner.write("flipped.safetensors", flipped)
    try expectFailure(runner, "decode flipped.safetensors --codes 0,0,0", ["flipped.safetensors"])
    try runner.write("empty.safetensors", Data())
    try expectFailure(runner, "sample empty.safetensors", ["empty.safetensors"])
    try runner.write("run/latest.safetensors", sound.prefix(300))
    try expectFailure(runner, "train --resume run --epochs 3", ["run/latest.safetensors"])
  }

  @Test func imagesThatDoNotFitAreNamedWithBothSizes() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    try runner.write("small.npy", Data(NPY.encode([UInt8](repeating: 9, count: 100), shape: [1, 10, 10])))
    try expectFailure(runner, "encode run --images small.npy", ["small.npy", "10×10", "28×28"])
    try expectFailure(runner, "encode run --images missing.png", ["missing.png"])
    try runner.write("text.txt", Data("not an image".utf8))
    try expectFailure(runner, "encode run --images text.txt", ["text.txt"])
    try expectFailure(runner, "show text.txt", ["text.txt"])
    try expectFailure(runner, "encode run --images text.txt small.npy", ["text.txt"])
  }

  @Test func aSetWithoutImagesIsRefusedWhereImagesAreNeeded() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    try runner.write("none.npy", Data(NPY.encode([], shape: [0, 28, 28])))
    for command in [
      "encode run --images none.npy", "reconstruct run --images none.npy", "evaluate run --data none.npy",
      "show none.npy", "train new --data none.npy",
    ] {
      try expectFailure(runner, command, ["none.npy: holds no images"])
    }
    #expect(try runner.type("data show none.npy").text.hasPrefix("none.npy: 0 images of 28×28 pixels"))
  }

  @Test func whatIsWrongWithStandardInputIsSaidByItsName() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    for command in ["encode run --images -", "evaluate run --data -", "show -", "data show -", "train new --data -"] {
      try expectFailure(runner, command, ["standard input: is empty"])
    }
    try expectFailure(runner, "decode run --codes -", ["standard input: is empty"])
  }

  @Test func codesThatDoNotFitAreNamedWithTheModelsSize() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    try expectFailure(runner, "decode run --codes 1,2", ["2 values", "3 latent dimensions"])
    try expectFailure(runner, "decode run --codes nan,0,0", ["not a finite number"])
    try expectFailure(runner, "decode run --codes missing.npy", ["missing.npy"])
    try expectFailure(runner, "decode run --codes -", ["standard input"], input: Data("{\"a\": 1}".utf8))
    try expectFailure(
      runner, "decode run --codes -", ["row 2 has 1 value, and the first has 3"], input: Data("[[1, 2, 3], [1]]".utf8))
    for (input, says) in [
      ("[[1, 2, 3], [1, NaN, 3]]", "row 2: a value is not a finite number"),
      ("[1, 2, -Infinity]", "entry 3: a value is not a finite number"), ("[1, 2]", "2 values a code"),
      ("[[1, 2, 3], [1, 2, null]]", "row 2: a value"),
    ] {
      try expectFailure(runner, "decode run --codes -", ["standard input: \(says)"], input: Data(input.utf8))
    }
    try expectFailure(runner, "traverse run --dimension 3", ["3 latent dimensions", "0 to 2"])
    try expectFailure(runner, "traverse run --dimension 0 --at 1,2", ["3 latent dimensions"])
    try runner.write("two.npy", Data(NPY.encode(Tensor(shape: [2, 3]))))
    try expectFailure(runner, "traverse run --dimension 0 --at two.npy", ["two.npy", "2 codes"])
  }

  @Test func outputThatCannotBeWrittenIsNamedAndLeavesNothing() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    try expectFailure(runner, "decode run --codes 0,0,0 --output nowhere/image.png", ["nowhere/image.png"])
    try expectFailure(runner, "decode run --codes 0,0,0 --output image.jpeg", ["image.jpeg", ".png"])
    try expectFailure(runner, "encode run --images strokes --count 1 --output codes.png", ["codes.png", ".npy"])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: runner.folder.path).filter { !$0.hasPrefix(".s") } == ["run"])
  }

  @Test func dataThatCannotBeTrainedOnIsNamed() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try expectFailure(runner, "train run --data missing.npy", ["missing.npy"])
    // The command line alone tells this.
    let heldOut = try runner.type("train run --data strokes --count 100 --held-out 100")
    #expect(heldOut.status == 2 && heldOut.errors.contains("held-out"), "\(heldOut.errors)")
    try expectFailure(runner, "data show nothing-of-this-name", ["nothing-of-this-name"])
    try expectFailure(runner, "data get strokes-of-luck", ["strokes-of-luck"])
    #expect(!runner.exists("run"), "a run directory is left of a training that could not begin")
  }
}
