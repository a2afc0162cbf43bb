import Foundation
import Testing

@Suite struct LabelCommandTests {
  private static let data = "--data strokes --count 1000 --hidden 32 --batch 50 --seed 5 --threads 1"

  private func object(_ result: CommandResult) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any], "\(result.errors)")
  }

  @Test func aModelWithAClassIsTrainedFromAFewLabelsAndEvaluated() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let training = try runner.type("train run --model semi-supervised --labels 200 --latent 3 --epochs 4 \(Self.data)")
    #expect(training.status == 0 && training.text.contains("accuracy "), "\(training.errors)")
    #expect(training.lines[1] == "labels: 200 of 900 images, 10 classes; 22.0 % of every batch", "\(training.text)")
    #expect(training.lines[2].hasSuffix("does not see, without the terms of labels)"), "\(training.text)")
    let info = try runner.type("info run").text
    #expect(info.contains("  labels     200 kept, 10 classes\n"))
    // A share is what it comes to in whole images.
    let few = try runner.type(
      "train few --model semi-supervised --labels 200 --labelled-share 0.0001 --latent 3 --epochs 1 \(Self.data)")
    #expect(few.lines[1].hasSuffix("; 2.0 % of every batch"), "\(few.text)")
    #expect(try runner.type("info few").text.contains("200 kept, 10 classes; 2.0 % of every batch\n"))
    // What is counted is whole.
    #expect(info.contains(/active units \d+(\n|  )/), "\(info)")
    let evaluation = try runner.type("evaluate run --count 300 --samples 2 --importance-samples 2 --json")
    let report = try object(evaluation)
    let accuracy = try #require((report["classifier"] as? [String: Any])?["accuracy"] as? Double)
    #expect(accuracy > 0.4)
    #expect((report["weightedClassifier"] as? [String: Any])?["accuracy"] is Double)
    // The linear probe reads the class from z, which has all dimensions: it is told once.
    #expect(report["probes"] == nil && report["linearProbe"] is [String: Any])
    let text = try runner.type("evaluate run --count 300 --samples 2 --importance-samples 2").text
    #expect(text.contains("by the classifier") && text.contains("  linear probe ") && !text.contains("class from z"))
    #expect(text.contains("penalty 1e-4, chance "), "\(text)")
    // Dimensions are the columns that are no classes.
    #expect(text.contains(" of 3\n") && text.contains("  0  z1  ") && !text.contains("  y 0  "))
    #expect((report["klByDimension"] as? [Double])?.count == 3 && report["klOfClasses"] is [String: Double])
    // Every estimate has its standard error, those of the class too.
    #expect((report["klByDimensionStandardErrors"] as? [Double])?.allSatisfy { $0 > 0 } == true)
    #expect((report["klOfClassesStandardErrors"] as? [String: Double])?.count == 1)
    for line in text.split(separator: "\n") where line.contains("  z1  ") || line.contains("of the class, in all") {
      #expect(line.contains(" ± "), "\(line)")
    }
    // The report says the same.
    #expect(text.contains(", fitted on "), "\(text)")
    let page = try runner.type("report run --count 300 --output -").text
    for words in [
      "KL of y", "KL of z", "of all variables together", "of the class, in all", " ± ", "by the classifier",
      "by the weights of 50 codes of every class", "L_50", "log p(x), 50 codes of every class",
      "16 codes of every class", "linear separability", "all others are 0",
      "y is the class 0", "KL in nats",
    ] { #expect(page.contains(words), "\(words)") }
    #expect(!page.contains("nats an image, KL(q(z|x) ‖ p(z))"))
    let strip = try runner.type("traverse run --dimension 0 --steps 3 --size 10x5")
    #expect(strip.lines.first == "dimension 0 (z1 in the explorer), -3.00 to +3.00, y 0", "\(strip.errors)")
    #expect(try runner.type("traverse run --dimension 3").errors.contains("use 0 to 2"))
    #expect(try runner.type("sheet run --dimension 3").errors.contains("use 0 to 2"))
    let layout = try runner.type("tsne run --count 100 --perplexity 5 --iterations 20 --output a.npy")
    #expect(layout.text.contains("10 columns of classes of y and 3 dimensions"), "\(layout.errors)")
  }

  @Test func aModelOverCodesIsTrainedOnThoseOfAnother() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    let training = try runner.type(
      "train stacked --model m1m2 --codes-of run --labels 200 --latent 2 --epochs 2 \(Self.data)")
    #expect(training.status == 0, "\(training.errors)")
    #expect(
      try runner.type("info stacked").text.contains(/\n  codes of   784-[-\d]+, of which \d+ of \d+ dimensions tell/))
    // It needs the other model no more.
    try FileManager.default.removeItem(atPath: runner.path("run"))
    let resumed = try runner.type("train --resume stacked --epochs 3 --threads 1")
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try runner.type("sample stacked --count 2 --output a.png").status == 0)
    #expect(try runner.type("evaluate stacked --count 100 --no-probe").text.contains("by the classifier"))
  }

  @Test func aFairModelIsToldAPropertyAndProbedForIt() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let training = try runner.type("train run --model fair --labels none --latent 3 --epochs 2 \(Self.data)")
    #expect(training.status == 0 && training.text.contains("MMD"), "\(training.errors)")
    #expect(training.lines[1] == "labels: none of 900 images" && training.lines[2].contains("held out: the same on"))
    // Nobody named it.
    #expect(training.lines[0].contains(" that forgets thickness on strokes"), "\(training.lines[0])")
    #expect(try runner.type("info run").text.contains(/\n  property   thickness: \w+, \w+ \(from [\d.]+\)\n/))
    let report = try object(runner.type("evaluate run --count 300 --samples 2 --importance-samples 0 --json"))
    let probes = try #require(report["probes"] as? [[String: Any]])
    #expect(Set(probes.compactMap { $0["property"] as? String }) == ["thickness"])
    #expect(report["linearProbe"] is [String: Any])
    let other = try runner.type("train other --model fair --labels none --attribute frog --epochs 1 \(Self.data)")
    #expect(other.status == 1 && other.errors.contains("no property frog") && other.errors.contains("slant"))
  }

  @Test func probesOfTheCodeAndOfAVariableAreTriedOnTheSameImages() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let training = try runner.type("train run --model split-code --latent 4 --epochs 1 \(Self.data)")
    #expect(training.status == 0, "\(training.errors)")
    let report = try object(runner.type("evaluate run --count 300 --samples 2 --importance-samples 0 --json"))
    let whole = try #require(report["linearProbe"] as? [String: Any])
    let probes = try #require(report["probes"] as? [[String: Any]]).filter { $0["property"] as? String == "class" }
    #expect(probes.count > 1)
    for probe in probes {
      #expect(probe["chance"] as? Double == whole["mostFrequentClass"] as? Double)
      #expect(probe["testedOn"] as? Int == whole["testedOn"] as? Int)
      #expect(probe["fittedOn"] as? Int == whole["fittedOn"] as? Int)
    }
    // A dimension is called by its variable, whoever tells of it.
    let evaluation = try runner.type("evaluate run --count 300 --importance-samples 0 --measures code-scale").text
    #expect(evaluation.contains("dimension 0 is the explorer's zx1") && evaluation.contains(" zy2 "))
    #expect(!evaluation.contains(" z3"))
    #expect(try runner.type("traverse run --dimension 2").text.contains("dimension 2 (zy1 in the explorer)"))
    #expect(try runner.type("traverse run --dimension 4").errors.contains("shows as zx1 to zy2"))
    let explored = try runner.type("explore run --data strokes --size 120x40 --keys I")
    for name in ["zx1", "zx2", "zy1", "zy2"] { #expect(explored.text.contains(name), "\(explored.text)") }
  }

  @Test func unknownNamesAndEndingsAreRefusedWithWhatIsMeant() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    for (line, says) in [
      ("train run --data mnits", "did you mean mnist?"), ("reproduce slpit", "did you mean split?"),
      ("evaluate run --measures migg", "did you mean mig?"),
      ("evaluate run --measures mig --set bin=3", "did you mean"),
      ("evaluate run --measures mig --rotate nope", "random"), ("data export strokes --output a.xyz", ".npz"),
    ] {
      let result = try runner.type(line)
      #expect(result.status != 0 && result.errors.contains(says), "\(line): \(result.errors)")
    }
    #expect(!runner.exists("run") && !runner.exists("a.xyz"))
  }

  @Test func aFolderMadeForARunThatNeverBeganIsRemoved() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    let export = try runner.type("data export strokes --count 100 --output own.npz")
    #expect(export.status == 0)
    let result = try runner.type("train made/new --data own.npz --objective wae --batch 16 --held-out 5 --latent 2")
    #expect(result.status == 1 && result.errors.contains("hold out 16"), "\(result.errors)")
    #expect(!runner.exists("made"))
  }

  @Test func halfRotatedDataSayWhichImagesAreTurned() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let result = try runner.type("data export strokes-rotated --count 20 --output a.npz")
    #expect(result.status == 0, "\(result.errors)")
    // NumPy's texts have four bytes a character.
    #expect(try runner.read("a.npz").range(of: Data("rotated".utf8.flatMap { [$0, 0, 0, 0] })) != nil)
  }

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
    let report = try object(runner.type("evaluate all --joint joint --count 200 --json"))
    #expect(report["models"] as? Int == 10 && (report["bound"] as? Double).map { $0 < 0 } == true)
    #expect((report["joint"] as? [String: Any])?["knowsClass"] as? Bool == true)
    #expect(try runner.type("evaluate joint --joint all").errors.contains("--joint is for"))
    #expect(report["part"] as? String == "test" && report["includesTrainingImages"] as? Bool == false)
    #expect(report["importanceSamples"] as? Int == 50)
    // What is asked for is done, or refused.
    let settings = "--part training --samples 2 --importance-samples 3 --count 200"
    let other = try object(runner.type("evaluate all \(settings) --json"))
    #expect(other["part"] as? String == "training" && other["includesTrainingImages"] as? Bool == true)
    #expect(other["samples"] as? Int == 2 && other["importanceSamples"] as? Int == 3)
    #expect(other["bound"] as? Double != report["bound"] as? Double && other["importanceWeighted"] is Double)
    let text = try runner.type("evaluate all \(settings)").text
    #expect(text.contains("(training)") && text.contains("L_3") && text.contains("learnt from some"))
    let without = try object(runner.type("evaluate all --importance-samples 0 --samples 1 --count 100 --json"))
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
      let report = try object(result)
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
    let report = try object(runner.type("evaluate all --samples 1 --importance-samples 0 --json"))
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
    let codes = try object(runner.type("evaluate codes --joint joint --json"))
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

  @Test func experimentsAreListedAndUnknownOnesRefused() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let list = try runner.type("reproduce --list")
    for name in ["m2-100", "m2-1000", "m2-3000", "m1m2-100", "fair", "split", "terms", "adversary", "bounds", "turns"] {
      #expect(list.lines.contains { $0.hasPrefix("\(name)  ") }, "\(name) is missing")
    }
    let rows = try #require(object(runner.type("reproduce --list --json"))["experiments"] as? [[String: Any]])
    #expect(rows.allSatisfy { ($0["trainings"] as? [[String]])?.isEmpty == false })
    let unknown = try runner.type("reproduce frog")
    #expect(unknown.status == 2 && unknown.errors.contains("m2-3000"))
    #expect(try runner.type("reproduce").status == 2)
  }

  @Test(
    arguments: [
      ("--model m1m2", "--codes-of"), ("--codes-of mnist-2d", "--codes-of is for m1m2"),
      ("--attribute thickness", "--attribute is for fair"),
      ("--model split-code --latent 2 --classDimensions 2", "leave none for the style"),
      ("--model semi-supervised --labels 5 --objective hfvae", "use the inference concrete"),
      ("--model m1m2 --codes-of a --treatment grey", "leave them out"),
      ("--objective fair --model semi-supervised", "use the model fair"),
      ("--by-class --explore", "leave it out"),
      ("--by-class --no-labels", "--by-class needs labels"),
      ("--by-class --model m1m2 --codes-of a", "told what --by-class divides by"),
      ("--by-class --model fair", "use --model vae or autoencoder"),
      ("--model autoencoder --objective semi-supervised", "use the model semi-supervised or split-code or fair"),
      ("--model autoencoder --objective fair", "use the model fair"),
      ("--objective wae --batch 16 --held-out 5", "hold out 16 or more"),
      ("--held-out 100", "none would be left"),
      ("--objective hfave", "did you mean hfvae?"), ("--model vea", "did you mean vae?"),
    ])
  func whatDoesNotGoTogetherIsRefused(options: String, says: String) throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let result = try runner.type("train run --data strokes --count 100 \(options)")
    #expect(result.status == 2 && result.errors.contains(says), "\(result.errors)")
    #expect(!runner.exists("run"))
  }
}
