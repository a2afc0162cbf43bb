import Foundation
import Testing

@Suite struct LabelCommandTests {
  private static let data = "--data strokes --count 1000 --hidden 32 --batch 50 --seed 5 --threads 1"

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
    let report = try evaluation.object()
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
    let report = try runner.type("evaluate run --count 300 --samples 2 --importance-samples 0 --json").object()
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
    let report = try runner.type("evaluate run --count 300 --samples 2 --importance-samples 0 --json").object()
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

  @Test func experimentsAreListedAndUnknownOnesRefused() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let list = try runner.type("reproduce --list")
    for name in ["m2-100", "m2-1000", "m2-3000", "m1m2-100", "fair", "split", "terms", "adversary", "bounds", "turns"] {
      #expect(list.lines.contains { $0.hasPrefix("\(name)  ") }, "\(name) is missing")
    }
    let rows = try #require(runner.type("reproduce --list --json").object()["experiments"] as? [[String: Any]])
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
