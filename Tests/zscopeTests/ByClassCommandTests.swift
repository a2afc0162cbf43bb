import Foundation
import Testing

/// One model a class: trained, evaluated and resumed together.
@Suite struct ByClassCommandTests {
  private static let data = "--data strokes --count 1000 --hidden 32 --batch 50 --seed 5 --threads 1"

  @Test func oneModelAClassIsHeldAgainstOneOfAll() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let training = try runner.type("train all --by-class --latent 2 --epochs 2 --data strokes --count 600 --hidden 16")
    #expect(training.status == 0, "\(training.errors)")
    #expect(training.lines.filter { $0.hasPrefix("class ") }.count == 10)
    #expect(runner.exists("all/class-9/latest.safetensors"))
    for command in ["info all", "report all --output a.html"] {
      #expect(try runner.type(command).errors.contains("all/class-0 to all/class-9"))
    }
    let one = try runner.type("train all --resume")
    #expect(one.errors.contains("all/class-0") && one.errors.contains("--resume --by-class all"))
    let again = try runner.type("train all --by-class --latent 2 --epochs 2 --data strokes --count 600")
    #expect(again.status == 1 && again.errors.contains("already"))
    #expect(try runner.type("train --resume all --by-class").status == 0)
    // What is asked of epochs is done or refused.
    let shorter = try runner.type("train --resume all --by-class --epochs 1")
    #expect(shorter.status == 1 && shorter.errors.contains("cannot end after epoch 1"), "\(shorter.errors)")
    // And of all before any is trained.
    #expect(try runner.type("train --resume all/class-3 --epochs 4").status == 0)
    let further = try runner.type("train --resume all --by-class --epochs 3")
    #expect(
      further.status == 1 && further.errors.contains("class 3 has come to epoch 4 and cannot end after epoch 3"),
      "\(further.errors)")
    #expect(try runner.type("info all/class-0/latest.safetensors").text.contains("epoch 2 of 2"))
    let joint = try runner.type("train joint --model semi-supervised --latent 2 --epochs 2 \(Self.data)")
    #expect(joint.status == 0, "\(joint.errors)")
    let report = try runner.type("evaluate all --joint joint --count 200 --json").object()
    #expect(report["models"] as? Int == 10 && (report["bound"] as? Double).map { $0 < 0 } == true)
    #expect((report["joint"] as? [String: Any])?["knowsClass"] as? Bool == true)
    #expect(try runner.type("evaluate joint --joint all").errors.contains("--joint is for"))
    #expect(report["part"] as? String == "test" && report["includesTrainingImages"] as? Bool == false)
    #expect(report["importanceSamples"] as? Int == 50)
    // What is asked for is done, or refused.
    let settings = "--part training --samples 2 --importance-samples 3 --count 200"
    let other = try runner.type("evaluate all \(settings) --json").object()
    #expect(other["part"] as? String == "training" && other["includesTrainingImages"] as? Bool == true)
    #expect(other["samples"] as? Int == 2 && other["importanceSamples"] as? Int == 3)
    #expect(other["bound"] as? Double != report["bound"] as? Double && other["importanceWeighted"] is Double)
    let text = try runner.type("evaluate all \(settings)").text
    #expect(text.contains("(training)") && text.contains("L_3") && text.contains("learnt from some"))
    let without = try runner.type("evaluate all --importance-samples 0 --samples 1 --count 100 --json").object()
    #expect(without["importanceWeighted"] == nil && without["importanceSamples"] == nil)
    for options in ["--measures mig", "--no-probe", "--measures mig --set bins=10 --rotate random", "--no-labels"] {
      let refused = try runner.type("evaluate all \(options)")
      #expect(
        refused.status == 2 && refused.errors.contains("no effect on a folder of one model a class"),
        "\(refused.errors)")
    }
    // One run and one a class do not share a folder.
    let plain = "--latent 2 --epochs 1 --data strokes --count 600"
    #expect(try runner.type("train all \(plain)").errors.contains("all holds one run a class"))
    #expect(try runner.type("train joint --by-class \(plain)").errors.contains("joint already holds a training"))
    #expect(try runner.type("train --resume --by-class joint").errors.contains("joint holds one run of all classes"))
    #expect(!runner.exists("all/config.json") && !runner.exists("joint/class-0"))
    let rate = try runner.type("train --resume --by-class all --rate 1e-4")
    #expect(rate.status == 2 && rate.errors.contains("--rate has no effect"), "\(rate.errors)")
  }

  /// Writes images of 6 × 6 pixels, of which every class has other nine white.
  private func write(_ labels: [UInt8], _ name: String, to runner: CommandRunner) throws {
    let pixels = labels.flatMap { label in (0..<36).map { UInt8($0 / 9 == Int(label % 4) ? 255 : 0) } }
    func header(_ sizes: [Int]) -> [UInt8] {
      [0, 0, 8, UInt8(sizes.count)] + sizes.flatMap { [0, 0, UInt8($0 / 256), UInt8($0 % 256)] }
    }
    try runner.write("\(name)-images-idx3-ubyte", Data(header([labels.count, 6, 6]) + pixels))
    try runner.write("\(name)-labels-idx1-ubyte", Data(header([labels.count]) + labels))
  }

  @Test func aClassOfOneModelAClassIsToldByItsName() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    // Numbered 0, 1 and 2 where all are there, and 0 and 1 where the first is not.
    try write((0..<60).map { [3, 50, 200][$0 % 3] }, "train", to: runner)
    try write((0..<20).map { [50, 200][$0 % 2] }, "t10k", to: runner)
    let settings = "--data train-images-idx3-ubyte --hidden 8 --latent 2 --epochs 30 --batch 5 --rate 0.01"
    #expect(try runner.type("train all --by-class \(settings)").status == 0)
    #expect(try runner.type("train joint --model semi-supervised \(settings)").status == 0)
    #expect(try runner.type("info all/class-1").text.contains("class 50 only"))
    let test = "evaluate all --joint joint --data t10k-images-idx3-ubyte --samples 1 --importance-samples 0 --json"
    func shares(_ result: CommandResult) throws -> [Double?] {
      let report = try result.object()
      return [report, report["joint"] as? [String: Any]].map { report in
        (report?["accuracy"] as? [String: Any])?["accuracy"] as? Double
      }
    }
    let named = try runner.type(test)
    #expect(try shares(named) == [1, 1], "\(named.text)")
    let table = try runner.type("evaluate all --joint joint --data t10k-images-idx3-ubyte --importance-samples 2")
    #expect(table.text.contains("\n  no L_2 of joint: it would be on log p(x), not"), "\(table.text)")
    // Of a class that a model does not have it can only be wrong.
    try write((0..<20).map { [50, 90][$0 % 2] }, "some", to: runner)
    try write([90, 90, 90], "none", to: runner)
    let judge = "evaluate joint --no-probe --importance-samples 2 --data"
    let some = try runner.type("\(judge) some-images-idx3-ubyte").text
    #expect(some.contains("100.00 %   of 10 labels, by the classifier"), "\(some)")
    #expect(some.contains("of 10 labels, by the weights") && some.contains("left out: 10 images of no class that the"))
    let none = try runner.type("\(judge) none-images-idx3-ubyte").text
    #expect(none.contains("no accuracy: 3 images, all whose class is known, are of no class"), "\(none)")
    #expect(!none.contains("by the classifier"))
  }

  @Test(arguments: [
    ("", [4, 6, 6], false), ("--held-out 4", [4, 4, 4], false), ("", [4, 6, 6], true),
    ("--held-out 5", [5, 5, 5], true),
  ])
  func classesThatAreBegunLaterAreDividedAsTheFirstWas(options: String, heldOut: [Int], isOld: Bool) throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try write([UInt8](repeating: 0, count: 40) + (0..<128).map { UInt8(1 + $0 % 2) }, "train", to: runner)
    let settings = "--data train-images-idx3-ubyte --hidden 8 --latent 2 --epochs 2 --batch 5 \(options)"
    #expect(try runner.type("train all --by-class \(settings)").status == 0)
    try FileManager.default.createDirectory(atPath: runner.path("part"), withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: runner.path("all/class-0"), toPath: runner.path("part/class-0"))
    if isOld {
      // Before it was kept what was asked, it was told from what was held out.
      let path = "part/class-0/config.json"
      var file = try #require(JSONSerialization.jsonObject(with: runner.read(path)) as? [String: Any])
      var training = try #require(file["training"] as? [String: Any])
      #expect(training.removeValue(forKey: "division") != nil)
      file["training"] = training
      try runner.write(path, JSONSerialization.data(withJSONObject: file))
    }
    let resumed = try runner.type("train --resume --by-class part")
    #expect(resumed.status == 0, "\(resumed.errors)")
    for (label, count) in heldOut.enumerated() {
      let info = try runner.type("info part/class-\(label)/latest.safetensors").text
      #expect(info.contains(", \(count) held out"), "\(info)")
      let codes = try ["all", "part"].map { folder in
        let model = "\(folder)/class-\(label)/latest.safetensors"
        return try runner.type("encode \(model) --images train-images-idx3-ubyte --output - --format npy").output
      }
      #expect(codes[0] == codes[1] && !codes[0].isEmpty)
    }
  }

  @Test func oneModelAClassSaysItsWarningsOnce() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try write((0..<60).map { UInt8($0 % 3) }, "train", to: runner)
    let settings = "--data train-images-idx3-ubyte --hidden 8 --latent 2 --batch 5 --held-out 0 --threads 1"
    let training = try runner.type("train all --by-class --preset dip-vae-i --epochs 2 \(settings)")
    let told = training.errors.split(separator: "\n").filter { $0.contains("a batch of 5 is small") }
    #expect(told.count == 2 && told[0].contains("class 0: ") && told[1].contains("classes 1, 2 as well: "), "\(told)")
    #expect(try runner.type("train cycles --by-class --preset cyclical --epochs 2 \(settings)").status == 0)
    let longer = try runner.type("train --resume --by-class cycles --epochs 3")
    #expect(longer.errors.components(separatedBy: "in place of 2 this is no longer").count == 2, "\(longer.errors)")
  }

  @Test func aClassWithoutImagesKeepsNoOtherFromBeingTrained() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try write((0..<60).map { [0, 1, 3][$0 % 3] }, "train", to: runner)
    let settings = "--data train-images-idx3-ubyte --hidden 8 --latent 2 --epochs 2 --batch 5 --threads 1"
    let training = try runner.type("train all --by-class \(settings)")
    #expect(training.status == 0 && training.lines.filter { $0.hasPrefix("class ") }.count == 3, "\(training.errors)")
    #expect(training.errors.contains("has no images of class 2: no model is trained for it"))
    #expect(runner.exists("all/class-3/latest.safetensors") && !runner.exists("all/class-2"))
    #expect(try runner.type("train --resume --by-class all").status == 0)
    let report = try runner.type("evaluate all --samples 1 --importance-samples 0 --json").object()
    #expect(report["models"] as? Int == 3 && report["imagesWithoutModel"] as? Int == 0)
    // A model that is lacking has the images of its class left out.
    try FileManager.default.removeItem(atPath: runner.path("all/class-1"))
    let lacking = try runner.type("evaluate all --samples 1 --importance-samples 0")
    #expect(lacking.text.contains("left out: 20 images of no class that has a model"), "\(lacking.errors)")
    #expect(lacking.text.contains("2 models, one a class"))
    // Of autoencoders there is no bound to hold against one.
    let plain = "--model autoencoder --objective reconstruction \(settings)"
    #expect(try runner.type("train codes --by-class \(plain)").status == 0)
    #expect(try runner.type("train joint \(plain)").status == 0)
    let codes = try runner.type("evaluate codes --joint joint --json").object()
    for part in [codes, try #require(codes["joint"] as? [String: Any])] {
      #expect(part["bound"] == nil && (part["reconstruction"] as? Double).map { $0 > 0 } == true)
    }
    let text = try runner.type("evaluate codes").text
    #expect(text.contains(" reconstruction ") && text.contains("z = mean") && !text.contains("bound"), "\(text)")
    for model in ["codes", "codes --joint joint", "joint"] {
      for (options, says) in [
        ("--importance-samples 5", "--importance-samples has no effect: no codes of an autoencoder are drawn"),
        ("--samples 2 --importance-samples 0", "--samples has no effect"),
      ] {
        let refused = try runner.type("evaluate \(model) \(options)")
        #expect(refused.status == 2 && refused.errors.contains(says), "\(model): \(refused.errors)")
      }
    }
    #expect(try runner.type("evaluate codes --importance-samples 0").text == text)
    let mixed = try runner.type("evaluate all --joint joint")
    #expect(mixed.status == 1 && mixed.errors.contains("autoencoders have no bound"), "\(mixed.errors)")
  }

  @Test func noRunOfAClassLeadsOutOfItsFolder() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    for folder in ["all", "outside"] {
      try FileManager.default.createDirectory(atPath: runner.path(folder), withIntermediateDirectories: true)
    }
    try FileManager.default.createSymbolicLink(atPath: runner.path("all/class-1"), withDestinationPath: "../outside")
    let settings = "--by-class --data strokes --count 600 --hidden 8 --latent 2 --epochs 1 --threads 1"
    let refused = try runner.type("train all \(settings)")
    #expect(refused.status == 1 && refused.errors.contains("all/class-1 is a link"), "\(refused.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: runner.path("outside")) == [])
    #expect(try FileManager.default.contentsOfDirectory(atPath: runner.path("all")) == ["class-1"])
    try FileManager.default.removeItem(atPath: runner.path("all/class-1"))
    #expect(try runner.type("train all \(settings)").status == 0)
    // One that is put there later is followed neither to go on nor to be evaluated.
    #expect(rename(runner.path("all/class-1"), runner.path("elsewhere")) == 0)
    try FileManager.default.createSymbolicLink(atPath: runner.path("all/class-1"), withDestinationPath: "../elsewhere")
    for command in ["train --resume --by-class all --epochs 2", "evaluate all"] {
      #expect(try runner.type(command).errors.contains("all/class-1 is a link"), "\(command)")
    }
  }
}
