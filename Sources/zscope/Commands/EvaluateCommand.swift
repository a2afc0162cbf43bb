import ArgumentParser
import HarmlessText
import LatentModels

/// `zscope evaluate`: what a model is worth on images it was not trained on.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a model on images it was not trained on, in nats an image.",
    discussion: """
      Prints the evidence lower bound with its terms (at β = 1, whatever was trained with), the importance-weighted bound \
      on the log-likelihood, the active units, the divergence of every dimension, and how well a linear probe reads the \
      class from the posterior means (fitted on the training images of the same data set; on files, on two thirds of the \
      images drawn by the seed, and tried on the others). What stands behind ± is the standard error over images; nothing \
      does where no spread is seen, as of one image, or of a share of 0 or 100 %. A file \
      has no halves: all its images are used, those the model learnt from among them. Of a plain autoencoder only the \
      reconstruction, the active units and the probe: its variances are not trained. Dimensions count from 0, in JSON \
      too: dimension 0 is the explorer's z1, and a class is none. --measures adds measures of the representation (`zscope measures` lists \
      them).

      Examples:
        zscope evaluate mnist-2d --data mnist
        zscope evaluate runs/a --importance-samples 5000 --count 1000 --json
        zscope evaluate runs/a --measures all
        zscope evaluate strokes-10d --measures mig rotation --rotate random
      """)

  @OptionGroup var asked: EvaluationOptions

  @Option(
    help: ArgumentHelp(
      "Of what train --by-class made: the one model of all classes to hold it against.", valueName: "model"),
    completion: Completions.models)
  var joint: String?

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    if let trained = try ByClass.open(asked.model.model) {
      try asked.refuseWhatOneAClassHasNot()
      let report = try trained.compared(
        with: joint.map { try ModelArgument.open($0) }, data: asked.judged.data, part: asked.judged.part,
        count: asked.judged.count, asked.sampling, asked.options)
      return json ? try JSONOutput.print(report) : try StandardOutput.write(report.text)
    }
    if joint != nil {
      throw CommandError(
        "--joint is for what train --by-class made, which \(asked.model.model.harmlessLine) is not",
        remedy: "leave it out")
    }
    let opened = try asked.model.open()
    try asked.sampling.check(for: opened.model)
    let report = try asked.report(of: opened)
    if json { try JSONOutput.print(report) } else { try StandardOutput.write(report.text) }
  }
}
