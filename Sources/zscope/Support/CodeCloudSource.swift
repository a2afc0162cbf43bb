import ArgumentParser
import Datasets
import HarmlessText
import LatentModels
import Tensors

/// Where codes to be analysed come from: a model and images, or a file of codes.
struct CodeCloudSource {
  /// A model, or a file of codes; `-` is standard input.
  let source: String
  /// Images to encode, or, beside a file, what the codes are of.
  let data: String?
  /// The half that was asked for; nil for the test images of what has halves.
  let part: DataPart?
  /// Only the first so many.
  let count: Int?
  /// How the images are read.
  let reading: ImageOptions

  /// Codes with their classes.
  struct Cloud {
    /// What they are of, for messages and titles.
    let name: String
    /// `[n, dimensions]`.
    let points: Tensor
    /// What its columns are, where some are classes: `10 columns of classes of y and 8 dimensions`.
    var contents: String?
    /// One a point, −1 where it is not known; empty where none is.
    let labels: [Int32]
    let classNames: [String]
  }

  /// Reads or computes them; throws what says which file or name is wrong.
  func read() throws -> Cloud {
    guard !isCodes else { return try codes() }
    let opened = try ModelArgument.open(source)
    if data == nil, part == nil, reading.given.isEmpty, let stored = opened.codes {
      let rows = min(count ?? .max, stored.posterior.count)
      return Cloud(
        name: opened.name, points: stored.posterior.mean.rows(0..<rows),
        contents: contents(opened.model),
        labels: stored.labels.map { Array($0.prefix(rows)) } ?? [], classNames: [])
    }
    let images = try reading.open(
      data ?? opened.model.configuration.training.data, part: part, count: count, for: opened.model)
    return Cloud(
      name: opened.name, points: try opened.model.encode(opened.model.seen(images)).mean,
      contents: contents(opened.model),
      labels: images.labels ?? [], classNames: images.classNames)
  }

  /// What the columns of a model's codes are, where some are classes.
  private func contents(_ model: LatentModel) -> String? {
    guard model.hasClasses else { return nil }
    let classes = model.variables.filter(\.isCategorical).map {
      "\(Text.counted($0.width, "column")) of classes of \($0.name)".harmlessLine
    }
    return (classes + [Text.counted(model.variables.dimensions.count, "dimension")]).joined(separator: " and ")
  }

  /// Whether the source is an array rather than a model: by its ending, or by how NPY files begin.
  private var isCodes: Bool {
    if source == "-" || [".npy", ".json", ".csv"].contains(where: source.hasSuffix) { return true }
    if Arrays.inArchive(source) != nil { return true }
    return isFile(source) && (try? readHead(source).starts(with: NumberFile.magic)) == true
  }

  private func codes() throws -> Cloud {
    let joint = try JointColumns([(source, Arrays.read(source))])
    guard let rows = joint.counts.first, rows > 0, !joint.columns.isEmpty else {
      throw CommandError("\(inputName(source)): an array without numbers", remedy: "give a matrix [n, dimensions]")
    }
    // In any origin and unit neighbours are the same; in these, floats tell them apart.
    var points = try joint.held().arrays[0].floats
    if let count, count < points.shape[0] { points = points.rows(0..<count) }
    let name = inputName(source)
    guard let data else {
      try ValidationError.refuse([("--part", part != nil)], because: "codes have no halves")
      guard reading.given.isEmpty else {
        throw CommandError(
          "\(name): codes are no images: \(reading.given.joined(separator: " and ")) cannot be used",
          remedy: "leave them out, or name the images with --data")
      }
      return Cloud(name: name, points: points, labels: [], classNames: [])
    }
    let images = try reading.open([data], part: part ?? .test, count: points.shape[0], mayBeEmpty: true)
      .checkingHalf(part)
    guard images.count == points.shape[0] else {
      throw CommandError(
        "\(data): \(images.count) images beside \(points.shape[0]) codes of \(name)",
        remedy: "name what the codes are of, or leave out --data")
    }
    guard let labels = images.labels else {
      throw CommandError("\(images.name) has no labels to colour by", remedy: "leave out --data")
    }
    return Cloud(name: name, points: points, labels: labels, classNames: images.classNames)
  }
}
