/// An array of two axes: rows that are images, or one image.
struct FlatRows {
  let rows: Int
  let columns: Int
  /// Of an IDX file the first extent always counts the images.
  let format: ArrayLayout.Format
  let name: String

  /// A picture that nobody said to be one has no side more than so many times the other.
  private static let longestRatio = 4

  /// How many images of which size these are, and what was decided that could have been otherwise.
  ///
  /// - Throws: `DatasetError` of kind `mismatch` where they are not what was said, or may be either.
  func layout(
    _ reading: ImageReading, expecting expected: ImageShape?
  ) throws -> (count: Int, shape: ImageShape, note: String?) {
    if let given = reading.shape ?? expected {
      if format == .npy, rows == given.height, columns == given.width { return (1, given, nil) }
      if columns == given.pixelCount { return (rows, given, nil) }
      // What was said is never overridden; what is to be made fit may have any size, as images of three axes may.
      if let said = reading.shape, reading.fit == nil { throw mismatch(said) }
    } else if columns == ImageShape.mnist.pixelCount {
      return (rows, .mnist, "rows of \(columns) pixels are taken as images of 28×28; --shape HxW says otherwise")
    }
    guard format == .npy, let one = ImageShape(height: rows, width: columns) else {
      throw DatasetError(
        .mismatch, name,
        "holds \(rows) rows of \(columns) pixels"
          + (expected.map { " where an image of \($0.text) has \($0.pixelCount)" } ?? ""),
        remedy: "say with --shape HxW how large the images are")
    }
    let isOblong = max(rows, columns) > Self.longestRatio * min(rows, columns)
    // Rows of images, most likely, of a size that was said wrongly.
    if isOblong, let said = reading.shape { throw mismatch(said) }
    if isOblong || (expected != nil && reading.fit == nil) { throw ambiguous(one, expected) }
    return (
      1, one, "taken as one image of \(one.text); if each of its rows is an image, say its size with --shape HxW"
    )
  }

  private func mismatch(_ said: ImageShape) -> DatasetError {
    let side = Int(Float(columns).squareRoot())
    let square = side * side == columns && side > 1 ? ", for example \(side)x\(side)" : ""
    return DatasetError(
      .mismatch, name,
      "holds \(rows) rows of \(columns) pixels where an image of \(said.text), as --shape says, has \(said.pixelCount)",
      remedy: "say the size that its rows have\(square), or \(rows)x\(columns) if all of it is one image")
  }

  private func ambiguous(_ one: ImageShape, _ expected: ImageShape?) -> DatasetError {
    let model = expected.map { ", where an image that the model reads, of \($0.text), has \($0.pixelCount)" } ?? ""
    return DatasetError(
      .mismatch, name, "holds \(rows) rows of \(columns) pixels\(model)",
      remedy: "if each row is an image, say its size with --shape HxW; if all of it is one image, say --shape \(one)"
        + (expected == nil ? "" : ", and make it fit with --fit"))
  }
}

extension ImageReading {
  /// Refuses images whose size is known and is not what `--shape` says; with `--fit` they may have any.
  ///
  /// - Throws: `DatasetError` of kind `mismatch`.
  func check(_ found: ImageShape, name: String) throws {
    guard let shape, fit == nil, shape != found else { return }
    throw DatasetError(
      .mismatch, name, "holds images of \(found.text) pixels where --shape says \(shape.text)",
      remedy: "leave out --shape, which is for images in flat rows, or make them fit with --fit")
  }

  /// Refuses a size that says nothing: neither how flat rows are read, for there are none, nor what images are made to
  /// fit, which is what the model reads.
  ///
  /// - Throws: `DatasetError` of kind `mismatch`.
  func checkFit(of found: [ImageShape], to expected: ImageShape?, name: String) throws {
    guard fit != nil, let shape, let expected, shape != expected, !found.contains(shape) else { return }
    throw DatasetError(
      .mismatch, name,
      "--shape \(shape.text) has no effect: --fit makes images as the model reads them, \(expected.text)",
      remedy: "leave out --shape, which is for images in flat rows")
  }
}
