import Analysis
import Canvas
import LatentModels
import Tensors

extension ReportSection {
  /// Where the codes lie: in their own plane or that of most variance, and laid out by neighbours.
  static let map = ReportSection(summary: "map of the codes") { subject in
    var blocks: [Report.Block] = []
    let means = subject.means
    guard means.shape[0] >= 2, means.shape[1] > 0 else { return nil }
    var scatter = ScatterFigure(points: means)
    if means.shape[1] == 2 {
      scatter.axes = (subject.dimensionName(subject.dimensions[0]), subject.dimensionName(subject.dimensions[1]))
      scatter.caption = "Posterior means of \(means.shape[0]) images."
      if subject.isProbabilistic, subject.model.hasStandardPrior {
        scatter.rings = [1, 2, 3]
        scatter.caption += " Circles: one, two and three deviations of the prior."
      }
      scatter.title = "Codes in the latent plane"
    } else {
      let found = try PrincipalComponents(of: means, count: 2)
      let projected = try found.project(means)
      let isLine = projected.shape[1] < 2
      scatter.points =
        isLine
        ? Tensor(shape: [means.shape[0], 2], elements: projected.elements.flatMap { [$0, 0] }) : projected
      scatter.axes = ("first principal component", isLine ? "" : "second principal component")
      let share = (0..<found.variances.count).reduce(0) { $0 + found.explained($1) }
      scatter.title = "Codes along their principal components"
      scatter.caption =
        "Posterior means of \(means.shape[0]) images; the components explain \(number(100 * share, 1)) % of their variance."
    }
    scatter.name = "codes"
    scatter.labels = subject.labels
    scatter.classNames = subject.images.classNames
    blocks.append(.figure(scatter.figure))
    if let figure = try neighbours(subject) { blocks.append(.figure(figure)) }
    return Report.Section(title: "Map of the codes", blocks: blocks)
  }

  /// A t-SNE of the first few thousand codes of more than two dimensions.
  private static func neighbours(_ subject: ReportSubject) throws -> Figure? {
    let means = subject.means
    let count = min(3000, means.shape[0])
    guard means.shape[1] > 2, count >= TSNE.fewestPoints(perplexity: 5) else { return nil }
    var options = TSNE.Options()
    options.perplexity = min(30, TSNE.largestPerplexity(points: count))
    options.seed = subject.seed
    options.threads = subject.pool.threads
    let result: TSNE.Result
    do {
      result = try TSNE.run(points: means.rows(0..<count), options: options) { _ in
        !subject.isCancelled()
      }
    } catch EmbeddingError.constant {
      return nil
    }
    var scatter = ScatterFigure(points: result.layout)
    scatter.name = "tsne"
    scatter.title = "Neighbours among the codes (t-SNE)"
    scatter.caption =
      "\(NumberText.counted(count, "posterior mean", unicode: true)), perplexity \(Int(options.perplexity)), "
      + "\(NumberText.counted(options.iterations, "iteration", unicode: true)), seed \(subject.seed); "
      + "KL(P ‖ Q) = \(number(result.divergence, 3)) nats (van der Maaten 2014). "
      + "Distances between clusters, and their sizes, mean nothing."
    scatter.labels = Array(subject.labels.prefix(count))
    scatter.classNames = subject.images.classNames
    return scatter.figure
  }
}
