import Analysis
import Datasets
import HarmlessText
import Tensors

/// How well one data set stands in for another: the accuracy of a 3-nearest-neighbour classifier whose references are
/// the first set's training images, on the second set's test images.
enum RealismCheck {
  private static let referenceCount = 20_000
  private static let neighbours = 3

  static func print(_ name: String, against other: String, seed: UInt64, _ options: ImageOptions) throws {
    let references = try options.open([name], part: .training, count: referenceCount, seed: seed)
    let queries = try options.open([other], part: .test)
    let (known, asked) = (references.labelled(), queries.labelled())
    guard let labels = known.labels else { throw unlabelled(name) }
    guard let truth = asked.labels else { throw unlabelled(other) }
    let used = min(referenceCount, known.count)
    let fitting = try asked.requiring(width: references.width, height: references.height)
    let line = ProgressLine()
    defer { line.clear() }
    let classifier = try NearestNeighbourClassifier(
      references: known.tensor(0..<used), labels: Array(labels.prefix(used)))
    let pool = WorkerPool(threads: Machine.threads)
    let predicted = try classifier.predict(fitting.tensor(), neighbours: neighbours, pool: pool) { share in
      line.show(share, "comparing \(Text.grouped(fitting.count)) images with \(Text.grouped(used))")
    }
    line.clear()
    let right = zip(predicted, truth).count { $0 == $1 }
    try StandardOutput.write(
      "\(neighbours)-nearest-neighbour accuracy on \(Text.grouped(truth.count)) test images of \(queries.name.harmlessLine) "
        + "by \(Text.grouped(used)) images of \(references.name.harmlessLine): "
        + "\(Text.fixed(100 * Double(right) / Double(truth.count), 2)) %\n")
    for label in Set(truth).sorted() {
      let rows = truth.indices.filter { truth[$0] == label }
      let hits = rows.count { predicted[$0] == label }
      try StandardOutput.write(
        "  \(queries.className(label).harmlessLine): \(Text.fixed(100 * Double(hits) / Double(rows.count), 1)) %\n")
    }
  }

  private static func unlabelled(_ name: String) -> CommandError {
    CommandError("\(name) has no labels, and the classifier needs them", remedy: "name a labelled data set")
  }
}
