import Datasets
import Foundation
import FoundationXML
import Testing

@Suite struct ReportCommandTests {
  @Test func aReportIsOnePageWithAllPicturesAndMeasures() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    let result = try runner.type("report run --count 150 --output report.html --pictures pictures")
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    #expect(result.text.hasPrefix("wrote report.html: "))
    let page = String(decoding: try runner.read("report.html"), as: UTF8.self)
    #expect(page.hasPrefix("<!doctype html>"))
    #expect(!page.contains("<script") && !page.contains("http://") || !page.contains("src=\"http"))
    for word in [
      "784-32-3", "strokes", "Training", "Samples", "Reconstructions", "Traversals", "t-SNE", "Correlations",
      "Spectrum", "I(x; z)", "prefers-color-scheme: dark", "data:image/png;base64,",
    ] { #expect(page.contains(word), "\(word) is missing") }
    // What evaluate and compare say, in the same words and of the same images.
    let words = ["nats an image, KL(q(z|x) ‖ p(z))", "L_50", "16 codes an image", " ± ", "training images"]
    for word in words { #expect(page.contains(word), "\(word) is missing") }
    #expect(!page.contains("learnt from two thirds"))
    // Every address is of the page itself or holds its own content.
    for part in page.components(separatedBy: "href=\"").dropFirst() {
      #expect(part.hasPrefix("#") || part.hasPrefix("data:image/png"), "\(part.prefix(40))")
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: runner.path("pictures"))
    let figures = Set(names.map { String($0.split(separator: ".")[0]) })
    #expect(
      figures.isSuperset(of: ["samples", "traversals", "codes", "tsne", "dimensions", "spectrum", "correlations"]))
    #expect(figures.contains("training-loss") && names.count == 3 * figures.count)
    for figure in figures {
      #expect(try PNGFile.read(runner.path("pictures/\(figure).png")).width > 100)
      let parser = XMLParser(data: try runner.read("pictures/\(figure).svg"))
      #expect(parser.parse(), "\(figure): \(String(describing: parser.parserError))")
      let table = String(decoding: try runner.read("pictures/\(figure).csv"), as: UTF8.self)
      #expect(table.split(separator: "\n").count > 1)
      #expect(page.contains("<figure id=\"\(figure)\">"))
    }
    let traversals = String(decoding: try runner.read("pictures/traversals.csv"), as: UTF8.self)
    #expect(traversals.hasPrefix("row,column,KL,pixel0") && traversals.contains("\nz1,-3.0,"))
    let again = try runner.type("report run --count 150 --output -")
    #expect(again.text == page, "the same model and images give the same page")
  }

  @Test func modelsOfTwoDimensionsAndAutoencodersHaveReportsOfTheirOwn() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let settings = "--data strokes --count 500 --hidden 16 --batch 50 --epochs 1"
    #expect(try runner.type("train plane \(settings) --latent 2").status == 0)
    #expect(try runner.type("train line \(settings) --latent 1 --objective autoencoder").status == 0)
    let plane = try runner.type("report plane --count 60 --output -")
    #expect(
      plane.status == 0 && plane.text.contains("The latent plane") && plane.text.contains("deviations of the prior"))
    let line = try runner.type("report line --count 60 --output -")
    #expect(line.status == 0, "\(line.errors)")
    #expect(!line.text.contains("<h2>Samples") && !line.text.contains("ELBO"), "an autoencoder has no prior")
    #expect(line.text.contains("Left out: ") && line.text.contains("Var μ, the variance of its codes"))
  }

  @Test func whatCannotBeReportedIsSaid() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    for (line, status, message) in [
      ("report run", 2, "--output"), ("report run --output a.pdf", 1, "use .html"),
      ("report run --output no/a.html", 1, "no/a.html"), ("report none --output a.html", 1, "there is no model none"),
      ("report run --count 0 --output a.html", 2, "--count is 0"),
      ("report run --data nothing --output a.html", 1, "no data set has this name"),
    ] as [(String, Int32, String)] {
      let result = try runner.type(line)
      #expect(result.status == status && result.errors.contains(message), "\(line): \(result.errors)")
      #expect(!runner.exists("a.html"))
    }
  }
}
