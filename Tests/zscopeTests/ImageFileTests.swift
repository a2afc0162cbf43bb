import Datasets
import Foundation
import Tensors
import Testing

/// Image files as people have them, in every command that takes images.
@Suite struct ImageFileTests {
  private func floats(_ runner: CommandRunner, _ name: String) throws -> [Float] {
    try NPY.decode([UInt8](runner.read(name)), name: name).floats
  }

  @Test func integersOfZeroAndOneAreBlackAndWhiteInEveryCommandAndItIsSaid() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    let binary = (0..<2 * 784).map { UInt8($0 % 3 == 0 ? 1 : 0) }
    try runner.write("binary.npy", Data(NPY.encode(binary, shape: [2, 28, 28])))
    try runner.write("white.npy", Data(NPY.encode(binary.map { $0 * 255 }, shape: [2, 28, 28])))
    let expected = try runner.type("encode run --images white.npy --output white-codes.npy")
    #expect(expected.status == 0 && expected.errors.isEmpty)
    let result = try runner.type("encode run --images binary.npy --output codes.npy")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1 && result.errors.contains("--scale"), "\(result.errors)")
    #expect(try runner.read("codes.npy") == runner.read("white-codes.npy"))
    for command in [
      "data show binary.npy --size 4x2", "show binary.npy --size 4x2", "reconstruct run --images binary.npy --size 4x2",
      "evaluate run --data binary.npy --samples 1 --importance-samples 0",
      "explore run --data binary.npy --plain --keys q",
    ] {
      let auto = try runner.type(command)
      #expect(auto.status == 0, "\(command): \(auto.errors)")
      #expect(command.hasPrefix("explore") || auto.errors.contains("1 as white"), "\(command): \(auto.errors)")
      let fixed = try runner.type(command + " --scale 255")
      #expect(fixed.status == 0 && fixed.errors.isEmpty, "\(command): \(fixed.errors)")
    }
    let wrong = try runner.type("encode run --images binary.npy --scale white")
    #expect(wrong.status == 2 && wrong.errors.contains("white"))
    let narrow = try runner.type("encode run --images white.npy --scale 16")
    #expect(narrow.status == 1 && narrow.errors.contains("a pixel is 255"), "\(narrow.errors)")
  }

  @Test func everyCommandThatReadsImagesSaysOnceHowAndNeverOnStandardOutput() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    // Digits of scikit-learn are whole numbers 0…16.
    let pixels = (0..<60 * 784).map { UInt8($0 * 7 % 17) }
    try runner.write("sixteen.npy", Data(NPY.encode(pixels, shape: [60, 28, 28])))
    for command in [
      "evaluate run --data sixteen.npy --samples 1 --importance-samples 0 --json",
      "compare run run --data sixteen.npy --measures active-units --json",
      "tsne run --data sixteen.npy --perplexity 5 --iterations 10 --output - --format csv",
      "data export sixteen.npy --output -", "encode run --images sixteen.npy",
      "reconstruct run --images sixteen.npy --output - --format npy", "report run --data sixteen.npy --output -",
    ] {
      let result = try runner.type(command)
      #expect(result.status == 0, "\(command): \(result.errors)")
      let told = result.errors.split(separator: "\n").count { $0.contains("16 as white") }
      #expect(told == 1 && !String(decoding: result.output, as: UTF8.self).contains("as white"), "\(command)")
      let fixed = try runner.type(command + " --scale 16")
      #expect(fixed.status == 0 && !fixed.errors.contains("as white"), "\(command): \(fixed.errors)")
      #expect(command.hasPrefix("report") || fixed.output == result.output || command.hasPrefix("tsne"), "\(command)")
    }
    let export = try runner.type("data export sixteen.npy --output sixteen.npz")
    #expect(export.status == 0, "\(export.errors)")
    #expect(try NPZ(path: runner.path("sixteen.npz")).array("imgs").type == .float32)
    #expect(try runner.type("encode run --images sixteen.npy --output codes.npy").status == 0)
    let unused = try runner.type("tsne codes.npy --perplexity 5 --scale 16")
    #expect(unused.status == 1 && unused.errors.contains("--scale cannot be used"), "\(unused.errors)")
  }

  @Test func floatsAreNotRoundedToBytes() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    let coarse = (0..<784).map { Float($0 % 5) / 5 }
    let fine = coarse.map { $0 + 0.0017 }
    try runner.write("coarse.npy", Data(NPY.encode(Tensor(shape: [1, 28, 28], elements: coarse))))
    try runner.write("fine.npy", Data(NPY.encode(Tensor(shape: [1, 28, 28], elements: fine))))
    for name in ["coarse", "fine"] {
      let result = try runner.type("encode run --images \(name).npy --mean-only --output \(name)-codes.npy")
      #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
      #expect(try runner.type("reconstruct run --images \(name).npy --output \(name)-images.npy").status == 0)
      #expect(try runner.type("decode run --codes \(name)-codes.npy --output \(name)-decoded.npy").status == 0)
      #expect(try runner.read("\(name)-images.npy") == runner.read("\(name)-decoded.npy"), "one path for both")
    }
    #expect(try floats(runner, "coarse-codes.npy") != floats(runner, "fine-codes.npy"), "less than half a byte apart")
  }

  @Test func flatRowsAreImagesOfTheModelsSizeOrOfTheOneThatIsSaid() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    try runner.write("rows.npy", Data(NPY.encode([UInt8](repeating: 99, count: 3 * 784), shape: [3, 784])))
    try runner.write("one.npy", Data(NPY.encode([UInt8](repeating: 99, count: 784), shape: [28, 28])))
    try runner.write("small.npy", Data(NPY.encode([UInt8](repeating: 99, count: 3 * 64), shape: [3, 64])))
    #expect(
      try runner.type("encode run --images rows.npy --output - --format json").text.split(separator: "\n").count == 3)
    #expect(
      try runner.type("encode run --images one.npy --output - --format json").text.split(separator: "\n").count == 1)
    let small = try runner.type("encode run --images small.npy")
    #expect(
      small.status == 1 && small.errors.contains("small.npy") && small.errors.contains("28×28"), "\(small.errors)")
    #expect(try runner.type("data show small.npy --shape 8x8 --size 4x2").text.contains("3 images of 8×8"))
    let shown = try runner.type("data show small.npy --size 4x2")
    #expect(shown.status == 1 && shown.errors.contains("--shape 3x64"), "\(shown.errors)")
    let other = try runner.type("data show small.npy --shape 9x7 --size 4x2")
    #expect(
      other.status == 1 && other.errors.contains("3 rows of 64") && other.errors.contains("8x8"), "\(other.errors)")
    #expect(try runner.type("data show small.npy --shape 3x64 --size 4x2").text.contains("1 image of 64×3"))
    #expect(try runner.type("show small.npy --shape 8by8").status == 2)
  }

  @Test func imagesOfAnotherSizeFitWhereItIsSaidHow() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    let picture = GreyPicture(width: 50, height: 40, bytes: (0..<2_000).map { UInt8($0 % 50 > 20 ? 200 : 0) })
    try PNGFile.write(picture, to: runner.path("photo.png"))
    let refused = try runner.type("encode run --images photo.png")
    #expect(refused.status == 1)
    for word in ["photo.png", "50×40", "28×28", "--fit"] { #expect(refused.errors.contains(word), "\(refused.errors)") }
    for fit in ["crop", "scale", "centre"] {
      for command in [
        "encode run --images photo.png", "evaluate run --data photo.png --samples 1 --importance-samples 2",
      ] {
        let result = try runner.type("\(command) --fit \(fit)")
        #expect(result.status == 0, "\(command) --fit \(fit): \(result.errors)")
      }
    }
    #expect(
      try runner.type("data show photo.png --fit crop --shape 10x12 --size 4x2").text.contains("1 image of 12×10"))
  }

  @Test func aRunRemembersHowItsImagesWereRead() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let pixels = (0..<60 * 64).map { UInt8($0 * 7 % 17) }
    try runner.write("digits.npy", Data(NPY.encode(pixels, shape: [60, 64])))
    let options = "--hidden 8 --latent 2 --batch 10 --epochs 1"
    let trained = try runner.type("train run --data digits.npy --shape 8x8 --scale 20 \(options)")
    #expect(trained.status == 0, "\(trained.errors)")
    let resumed = try runner.type("train --resume run --epochs 2")
    #expect(resumed.status == 0, "\(resumed.errors)")
    let evaluated = try runner.type("evaluate run --samples 1 --importance-samples 0")
    #expect(evaluated.status == 0 && evaluated.errors.isEmpty, "\(evaluated.errors)")
    let changed = try runner.type("train --resume run --scale 16")
    #expect(changed.status == 2 && changed.errors.contains("--scale"), "\(changed.errors)")
    let fitted = try runner.type("train fitted --data digits.npy --shape 8x8 --fit scale --no-labels \(options)")
    #expect(fitted.status == 0, "\(fitted.errors)")
  }

  @Test func manyStepsAreWrittenWithoutBeingHeldAndTooManyForAPictureAreRefused() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    let sheet = try runner.type("traverse run --dimension 0 --steps 1000000 --output strip.png")
    #expect(sheet.status == 1 && sheet.errors.contains("write .npy"), "\(sheet.errors)")
    #expect(!runner.exists("strip.png"))
    #expect(try runner.type("traverse run --dimension 0 --steps 3000 --output strip.npy").status == 0)
    #expect(try runner.type("sample run --count 3000 --output images.npy --codes codes.npy").status == 0)
    #expect(try runner.type("decode run --codes codes.npy --output decoded.npy").status == 0)
    #expect(try runner.read("images.npy") == runner.read("decoded.npy"))
    let strip = try NPY.decode([UInt8](runner.read("strip.npy")), name: "strip")
    #expect(strip.shape == [3000, 28, 28])
    let json = try runner.type("sample run --count 2 --output - --format json").output
    let lists = try JSONDecoder().decode([[[Float]]].self, from: json)
    #expect(lists.count == 2 && lists[1].count == 28 && lists[1][27].count == 28)
  }

  @Test func headersThatClaimTheMoonAreErrors() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    for shape in [
      "(0, 9223372036854775807)", "(0, 9223372036854775807, 9223372036854775807)", "(4611686018427387904, 4)",
    ] {
      let header = "{'descr': '<f4', 'fortran_order': False, 'shape': \(shape), }"
      try runner.write(
        "claim.npy", Data([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)))
      for command in [
        "show claim.npy", "data show claim.npy", "encode run --images claim.npy", "decode run --codes claim.npy",
        "traverse run --dimension 0 --at claim.npy", "train new --data claim.npy",
      ] {
        let result = try runner.type(command)
        #expect(result.status == 1 && result.errors.contains("claim.npy"), "\(command): \(result.errors)")
      }
    }
  }

  @Test func tenThousandNamesAreOpenedAsOneSet() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    try FileManager.default.createDirectory(atPath: runner.path("d"), withIntermediateDirectories: true)
    let picture = try Data(PNGFile.encode(GreyPicture(width: 28, height: 28, bytes: .init(repeating: 50, count: 784))))
    let names = (0..<10_000).map { "d/\($0).png" }
    for name in names { try runner.write(name, picture) }
    let result = try runner.type("encode run --mean-only --output codes.npy --images " + names.joined(separator: " "))
    #expect(result.status == 0, "\(result.errors)")
    #expect(try NPY.decode([UInt8](runner.read("codes.npy")), name: "codes").shape == [10_000, 3])
  }
}
