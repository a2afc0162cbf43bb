import Analysis
import Canvas
import Datasets
import LatentModels
import Tensors

extension ReportSection {
  /// Images of codes drawn from the prior.
  static let samples = ReportSection(summary: "samples") { subject in
    guard subject.isProbabilistic, subject.model.hasStandardPrior else { return nil }
    let images = try subject.model.sample(count: 60, seed: subject.seed).images
    var sheet = subject.sheet(images, columns: 12)
    sheet.name = "samples"
    sheet.title = "Samples"
    sheet.caption = "Expected images of 60 codes drawn from the prior with seed \(subject.seed)."
    return Report.Section(title: "Samples", blocks: [.figure(try sheet.figure())])
  }

  /// Images beside what comes back of them.
  static let reconstructions = ReportSection(summary: "reconstructions") { subject in
    let chosen = chosenImages(subject)
    let set = subject.seen.subset(chosen)
    let originals = set.tensor()
    let decoded = try subject.model.decode(try subject.model.encode(set).mean)
    var sheet = subject.sheet(
      Tensor(shape: [2 * chosen.count, originals.rowCount], elements: originals.elements + decoded.elements),
      columns: chosen.count)
    sheet.name = "reconstructions"
    sheet.title = "Reconstructions"
    let isDrawn = subject.model.configuration.training.treatment == .sampled
    sheet.caption =
      "Images\(isDrawn ? ", every pixel drawn once," : "") above, the expected images of their codes' means below. In the "
      + "mean −log p(x|z) is "
      + "\(number(subject.evaluation.reconstruction, 2)) nats an image."
    sheet.rowNames = ["image", "decoded"]
    return Report.Section(title: "Reconstructions", blocks: [.figure(try sheet.figure())])
  }

  /// The first images, one a class in turn where classes are known.
  private static func chosenImages(_ subject: ReportSubject) -> [Int] {
    let most = min(12, subject.images.count)
    guard !subject.labels.isEmpty else { return Array(0..<most) }
    var byClass: [Int: [Int]] = [:]
    for (row, label) in subject.labels.enumerated() { byClass[label, default: []].append(row) }
    var chosen: [Int] = []
    var turn = 0
    while chosen.count < most {
      for label in byClass.keys.sorted() {
        if let rows = byClass[label], turn < rows.count, chosen.count < most { chosen.append(rows[turn]) }
      }
      turn += 1
    }
    return chosen
  }

  /// Styles in rows, classes in columns, of a model that has classes and whose styles can be drawn.
  static let styles = ReportSection(summary: "styles and classes") { subject in
    guard subject.model.hasStandardPrior else { return nil }
    var blocks: [Report.Block] = []
    for (variable, range) in subject.model.variables.columns where variable.isCategorical {
      let grid = CodeGrid(classNames: variable.classNames, at: range)
      let styles = try subject.model.sample(count: 8, seed: subject.seed).codes
      var sheet = subject.sheet(try subject.model.decode(grid.codes(of: styles)), columns: grid.values.count)
      sheet.name = "styles-" + fileName(variable.name)
      sheet.title = "Styles × \(variable.name)"
      sheet.caption = "Each row is a code drawn from the prior, each column one of the classes of \(variable.name)."
      sheet.columnNames = grid.names
      blocks.append(.figure(try sheet.figure()))
    }
    return blocks.isEmpty ? nil : Report.Section(title: "Styles and classes", blocks: blocks)
  }

  /// The plane of a model of two dimensions, as images.
  static let manifold = ReportSection(summary: "manifold") { subject in
    guard subject.model.latentSize == 2, subject.dimensions.count == 2 else { return nil }
    let count = 15
    let values = (0..<count).map { -3 + 6 * Float($0) / Float(count - 1) }
    let codes = values.reversed().flatMap { y in values.flatMap { x in [x, y] } }
    var sheet = subject.sheet(
      try subject.model.decode(Tensor(shape: [count * count, 2], elements: codes)), columns: count)
    sheet.name = "manifold"
    sheet.title = "The latent plane"
    sheet.caption = "Expected images of codes from −3 to 3: z1 to the right, z2 upwards."
    sheet.columnNames = values.map { number(Double($0), 1) }
    sheet.rowNames = values.reversed().map { number(Double($0), 1) }
    sheet.columnValues = values.map { .number(Double($0)) }
    sheet.rowValues = sheet.columnValues.reversed()
    sheet.magnification = 1.5
    return Report.Section(title: "The latent plane", blocks: [.figure(try sheet.figure())])
  }

  /// Every dimension walked along, those that tell most first.
  static let traversals = ReportSection(summary: "traversals") { subject in
    let latent = subject.dimensions.count
    let values = (-5...5).map { Float($0) * 0.6 }
    let shown = Array(subject.dimensionsByUse.prefix(24))
    var elements: [Float] = []
    for column in shown {
      guard let dimension = subject.dimensions.firstIndex(of: column) else { continue }
      elements += try subject.model.traverse(from: subject.middle, dimension: dimension, values: values).elements
    }
    guard !shown.isEmpty else { return nil }
    var sheet = subject.sheet(
      Tensor(shape: [shown.count * values.count, subject.model.pixelCount], elements: elements), columns: values.count)
    sheet.name = "traversals"
    sheet.title = "Traversals"
    sheet.caption =
      "Each row walks one dimension from −3 to 3 while all others are 0\(subject.middleClasses); beside its name is its "
      + (subject.isProbabilistic
        ? "KL in nats, and those of most divergence come first."
        : "Var μ, the variance of its codes, and those that vary most come first.")
      + (shown.count < latent ? " \(latent - shown.count) more are left out." : "")
    sheet.rowNames = shown.map { dimension in
      "\(subject.dimensionName(dimension)) \(number(subject.use[dimension], 2))"
    }
    sheet.columnNames = values.map { number(Double($0), 1) }
    sheet.rowValues = shown.map { .word(subject.dimensionName($0)) }
    sheet.columnValues = values.map { .number(Double($0)) }
    sheet.rowNumbers = (subject.isProbabilistic ? "KL" : "Var μ", shown.map { subject.use[$0] })
    return Report.Section(title: "Traversals", blocks: [.figure(try sheet.figure())])
  }

  /// `value` with a true minus, of what is huge four digits and a power of ten.
  static func number(_ value: Double, _ decimals: Int) -> String {
    NumberText.compact(value, decimals: decimals).replacing("-", with: "−")
  }
}
