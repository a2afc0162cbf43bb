/// Images of one file as its numbers, before it is decided which of them are black and white.
struct RawImages {
  /// What messages call the file.
  let name: String
  let count: Int
  let shape: ImageShape
  /// `count * shape.pixelCount` numbers, image by image and row by row.
  let elements: StoredElements
  /// What the numbers tell about black and white.
  let range: PixelRange
  /// The number that is white by the format of the file, as in pictures; nil where the numbers must tell.
  let fullScale: Float?
  var labels: StoredLabels?
  var factors: [Factor] = []
  var part: DataPart?
  var notes: [String] = []

  /// A picture.
  init(_ picture: GreyPicture, name: String) throws {
    let array = StoredArray(
      shape: [picture.height, picture.width], type: .unsigned8, elements: .bytes(picture.bytes))
    try self.init(picture: array, fullScale: 255, name: name)
  }

  /// A picture `[height, width]` in which 0 is black and `fullScale` is white, unless somebody says otherwise.
  init(picture: StoredArray, fullScale: Float, name: String) throws {
    self.name = name
    let (height, width) = (picture.shape[0], picture.shape[1])
    guard let shape = ImageShape(height: height, width: width) else {
      throw DatasetError(
        .tooLarge, name, "is a picture of \(width)×\(height) pixels", remedy: "make it smaller first")
    }
    (count, self.shape, elements) = (1, shape, picture.elements)
    (range, self.fullScale) = (PixelRange(picture), fullScale)
  }

  /// The images of an array that are laid out as `layout` says.
  init(_ array: StoredArray, _ layout: ArrayLayout, name: String) {
    self.name = name
    (count, shape, elements) = (layout.count, layout.shape, array.elements)
    (range, fullScale) = (PixelRange(array), nil)
    notes = layout.note.map { [$0] } ?? []
  }

  private init(copying other: RawImages, elements: StoredElements, shape: ImageShape) {
    (name, count, range, fullScale) = (other.name, other.count, other.range, other.fullScale)
    (labels, factors, part, notes) = (other.labels, other.factors, other.part, other.notes)
    (self.elements, self.shape) = (elements, shape)
  }

  /// The same images with other pixels.
  func replacing(_ elements: StoredElements, shape: ImageShape) -> RawImages {
    RawImages(copying: self, elements: elements, shape: shape)
  }

  /// The images, black and white being the numbers of `scale`.
  ///
  /// - Throws: `DatasetError` of kind `mismatch` where a number is none, or lies outside.
  func imageSet(black: Float, white: Float) throws -> ImageSet {
    var set: ImageSet
    try MemoryBudget.require(elements.count, of: 1, for: name)
    switch elements {
    case .bytes(let bytes):
      set = try Self.set(bytes, name, shape, black: black, white: white)
    case .floats(let floats):
      try MemoryBudget.require(floats.count, of: Self.floatSize, for: name)
      let pixels = try unit(floats, black: black, white: white)
      let isExact = pixels.allSatisfy { Float(byte(fromUnit: $0)) / 255 == $0 }
      set =
        isExact
        ? try ImageSet(
          name: name, width: shape.width, height: shape.height,
          storage: PixelStorage(count: pixels.count) { bytes in
            for index in pixels.indices { bytes[index] = byte(fromUnit: pixels[index]) }
          })
        : try ImageSet(name: name, width: shape.width, height: shape.height, floats: pixels)
    }
    set = set.inPart(part)
    set.notes = notes
    return attachingLabels(to: set)
  }

  /// Bytes of a pixel that is kept as a float, and as the nearest byte.
  private static let floatSize = MemoryLayout<Float>.size + 1

  private static func set(
    _ bytes: [UInt8], _ name: String, _ shape: ImageShape, black: Float, white: Float
  ) throws -> ImageSet {
    if black == 0, white == 255 {
      return try ImageSet(name: name, width: shape.width, height: shape.height, pixels: bytes)
    }
    let table = (0..<256).map { (Float($0) - black) / (white - black) }
    var isUsed = [Bool](repeating: false, count: 256)
    for byte in bytes { isUsed[Int(byte)] = true }
    let used = (0..<256).filter { isUsed[$0] }
    if let wrong = used.first(where: { !(0...1 ~= table[$0]) }) {
      throw outside(name, Float(wrong), black: black, white: white)
    }
    guard used.allSatisfy({ Float(byte(fromUnit: table[$0])) / 255 == table[$0] }) else {
      try MemoryBudget.require(bytes.count, of: floatSize, for: name)
      return try ImageSet(
        name: name, width: shape.width, height: shape.height, floats: bytes.map { table[Int($0)] })
    }
    let mapped = table.map(byte(fromUnit:))
    let storage = PixelStorage(count: bytes.count) { pixels in
      for index in bytes.indices { pixels[index] = mapped[Int(bytes[index])] }
    }
    return try ImageSet(name: name, width: shape.width, height: shape.height, storage: storage)
  }

  private func unit(_ floats: [Float], black: Float, white: Float) throws -> [Float] {
    let width = white - black
    let slack = width * 1e-3
    return try floats.map { value in
      // Comparisons with what is no number are false.
      guard value >= black - slack, value <= white + slack else {
        throw Self.outside(name, value, black: black, white: white)
      }
      return min(max((value - black) / width, 0), 1)
    }
  }

  private static func outside(_ name: String, _ value: Float, black: Float, white: Float) -> DatasetError {
    let (low, high) = (PixelRange.text(black), PixelRange.text(white))
    return DatasetError(
      .mismatch, name, "a pixel is \(PixelRange.text(value)) where the scale takes \(low)…\(high)",
      remedy: "say which numbers are black and white with --scale LOW:HIGH, or leave it to --scale auto")
  }

  private func attachingLabels(to set: ImageSet) -> ImageSet {
    var set = set
    if let labels { set = set.withLabels(labels.labels, names: labels.names) }
    if !factors.isEmpty { set = set.withLabels(set.labels, names: set.classNames, factors: factors) }
    return set
  }
}

/// How images lie in an array.
struct ArrayLayout {
  let count: Int
  let shape: ImageShape
  /// What was decided that could have been otherwise, to be said.
  var note: String?

  /// Who writes such arrays: of an IDX file the first extent always counts the images.
  enum Format { case npy, idx }

  /// Finds the images in an array of extents `shape`: `[n, height, width]`, with one channel before or behind;
  /// `[n, pixels]` or `[pixels]` of images of the size that was said or is needed; or `[height, width]`.
  ///
  /// - Parameters:
  ///   - reading: what was said: with `--shape`, how large images in rows are; without a model and with `--fit` it is the size
  ///     to make of them, and images may have any.
  ///   - expected: the size that the model reads.
  /// - Throws: `DatasetError` of kind `mismatch`, also where the array does not have what was said.
  init(
    of extents: [Int], _ format: Format, _ reading: ImageReading, expecting expected: ImageShape?, name: String
  ) throws {
    var extents = extents
    let given = reading.shape ?? expected
    if extents.count == 4, extents[3] == 1 || extents[1] == 1 { extents.remove(at: extents[3] == 1 ? 3 : 1) }
    if extents.count == 3, extents[2] == 1, let given, extents[0] == given.height, extents[1] == given.width {
      extents.removeLast()
    }
    switch extents.count {
    case 1 where extents[0] == (given ?? .mnist).pixelCount: (count, shape) = (1, given ?? .mnist)
    case 2:
      let flat = FlatRows(rows: extents[0], columns: extents[1], format: format, name: name)
      (count, shape, note) = try flat.layout(reading, expecting: expected)
    case 3:
      guard let shape = ImageShape(height: extents[1], width: extents[2]) else {
        throw Self.noImages(extents, name)
      }
      try reading.check(shape, name: name)
      (count, self.shape) = (extents[0], shape)
    default: throw Self.noImages(extents, name)
    }
  }

  private static func noImages(_ extents: [Int], _ name: String) -> DatasetError {
    let isColour = extents.count == 4 && (extents[3] == 3 || extents[1] == 3)
    return DatasetError(
      .mismatch, name, "an array of shape \(extents) holds no grey images",
      remedy: isColour
        ? "make its colours grey first (from pictures, PNG or JPEG, zscope does: by their luminance), for example with "
          + "images.mean(axis=\(extents[3] == 3 ? 3 : 1))"
        : "save it as [n, height, width], or as [n, pixels] and say --shape HxW")
  }
}
