import Tensors

extension ImageSet {
  /// Reads images from a file of any format, told apart by their first bytes: IDX (plain or gzipped), NPY, NPZ or PNG;
  /// or from a folder that holds the IDX files of a published data set, or PNG files.
  ///
  /// Labels come from the file beside an IDX file that is named likewise, and from the arrays of an NPZ.
  /// - Parameter part: which half of a folder or an NPZ that has two.
  /// - Throws: `DatasetError`.
  public static func read(_ path: String, part: DataPart = .training) throws -> ImageSet {
    if isFolder(path) { return try readFolder(path, part: part) }
    let bytes = try readFile(path)
    let path = inputName(path)
    if bytes.starts(with: NPY.magic) { return try images(NPY.decode(bytes, name: path), name: path) }
    if bytes.starts(with: PNGFile.magic) { return try images([PNGFile.decode(bytes, name: path)], names: [path]) }
    if NPZ.isArchive(bytes) { return try images(NPZ(bytes, name: path), name: path, part: part) }
    guard Inflate.isGzip(bytes) || IDX.isHeader(bytes) else {
      throw DatasetError(
        .unsupported, path, bytes.isEmpty ? "is empty" : "is neither IDX (plain or gzipped) nor NPY, NPZ or PNG",
        remedy: "save the images with numpy.save, as uint8, or float32 in 0…1")
    }
    return try images(IDX.decode(bytes, name: path), path: path)
  }

  /// Reads several files as one set; all must hold images of one size.
  ///
  /// - Throws: `DatasetError`.
  public static func read(_ paths: [String], part: DataPart = .training) throws -> ImageSet {
    guard let first = paths.first else { throw DatasetError(.missing, "images", "no file is named") }
    if paths.count == 1 { return try read(first, part: part) }
    let sets = try paths.map { try read($0, part: part) }
    var pixels: [UInt8] = []
    for (path, set) in zip(paths, sets) {
      guard set.width == sets[0].width, set.height == sets[0].height else {
        throw sizeMismatch(path, set.width, set.height, expected: "\(first) has", sets[0].width, sets[0].height)
      }
      for index in 0..<set.count { pixels += set.bytes(at: index) }
    }
    let labels = sets.compactMap(\.labels)
    return try ImageSet(
      name: first, width: sets[0].width, height: sets[0].height, pixels: pixels,
      labels: labels.count == sets.count ? labels.flatMap { $0 } : nil)
  }

  /// This set, if its images have the size asked for. Nothing is ever resized silently: a digit that is scaled or cut
  /// otherwise than the training images were is not what the model knows.
  ///
  /// - Throws: `DatasetError` of kind `mismatch` that says how to resize.
  public func requiring(width: Int, height: Int) throws -> ImageSet {
    guard self.width == width, self.height == height else {
      throw Self.sizeMismatch(name, self.width, self.height, expected: "the model reads", width, height)
    }
    return self
  }

  private static func sizeMismatch(
    _ place: String, _ width: Int, _ height: Int, expected: String, _ expectedWidth: Int, _ expectedHeight: Int
  ) -> DatasetError {
    DatasetError(
      .mismatch, place, "images of \(width)×\(height) pixels where \(expected) \(expectedWidth)×\(expectedHeight)",
      remedy: "resize them first, for example: magick IN.png -resize \(expectedWidth)x\(expectedHeight)! OUT.png")
  }

  private static func images(_ array: IDXArray, path: String) throws -> ImageSet {
    guard array.shape.count == 3, array.shape[1] > 0, array.shape[2] > 0 else {
      throw DatasetError(
        .mismatch, path, "holds an array of shape \(array.shape), not images [n, height, width]",
        remedy: array.shape.count == 1 ? "name the file of the images; its labels are found beside it" : nil)
    }
    return try ImageSet(
      name: path, width: array.shape[2], height: array.shape[1], pixels: array.bytes, labels: labels(beside: path))
  }

  /// The labels that MNIST's naming puts beside a file of images.
  private static func labels(beside path: String) throws -> [Int32]? {
    let name = fileName(path)
    guard let range = name.firstRange(of: "images-idx3") ?? name.firstRange(of: "images.idx3") else { return nil }
    let other = name.replacingCharacters(range, "labels\(name[range].dropFirst(6).first ?? "-")idx1")
    let stem = folderName(path) + "/" + (other.hasSuffix(".gz") ? String(other.dropLast(3)) : other)
    guard let found = plainOrPacked(stem) else { return nil }
    let array = try IDX.read(found)
    guard array.shape.count == 1 else {
      throw DatasetError(.mismatch, found, "holds an array of shape \(array.shape), not labels [n]")
    }
    return array.bytes.map(Int32.init)
  }

  private static func readFolder(_ path: String, part: DataPart) throws -> ImageSet {
    let stem = "\(path)/\(part == .training ? "train" : "t10k")-images-idx3-ubyte"
    if let found = plainOrPacked(stem) { return try read(found).named(fileName(path)).inPart(part) }
    let pictures = folderContents(path).filter { $0.hasSuffix(".png") }.map { "\(path)/\($0)" }
    guard !pictures.isEmpty else {
      throw DatasetError(
        .missing, path, "this folder holds neither \(fileName(stem))(.gz) nor PNG files", remedy: "name a file")
    }
    return try images(pictures.map(PNGFile.read), names: pictures).named(path)
  }

  private static func images(_ pictures: [GreyPicture], names: [String]) throws -> ImageSet {
    for (picture, name) in zip(pictures, names)
    where picture.width != pictures[0].width || picture.height != pictures[0].height {
      throw sizeMismatch(
        name, picture.width, picture.height, expected: "\(names[0]) has", pictures[0].width, pictures[0].height)
    }
    return try ImageSet(
      name: names[0], width: pictures[0].width, height: pictures[0].height, pixels: pictures.flatMap(\.bytes))
  }

  private static func images(_ archive: NPZ, name: String, part: DataPart) throws -> ImageSet {
    let prefix = part == .training ? "train" : "test"
    func first(_ candidates: [String]) -> String? { candidates.first(where: archive.names.contains) }
    let half = first(["x_\(prefix)", "\(prefix)_images", "\(prefix)_x"])
    let images = half ?? first(["images", "imgs", "x", "X", "data", "arr_0"])
    guard let images = images ?? (archive.names.count == 1 ? archive.names[0] : nil) else {
      throw DatasetError(
        .unknown, name,
        "no array called x_\(prefix), \(prefix)_images or images; "
          + "there are \(archive.names.isEmpty ? "none" : archive.names.joined(separator: ", "))",
        remedy: "save it with numpy.savez(FILE, images=…, labels=…)")
    }
    let labels = first(["y_\(prefix)", "\(prefix)_labels", "\(prefix)_y", "labels", "y", "Y", "targets"])
    return try Self.images(
      archive.array(images), name: name, labels: labels.map { try archive.array($0).labels(name: "\(name)[\($0)]") }
    ).inPart(half == nil ? nil : part)
  }

  /// Images from an array `[n, height, width]`, `[n, height, width, 1]`, or `[n, pixels]` of square images.
  static func images(_ array: NPYArray, name: String, labels: [Int32]? = nil) throws -> ImageSet {
    var shape = array.shape
    if shape.count == 4, shape[3] == 1 || shape[1] == 1 { shape.remove(at: shape[3] == 1 ? 3 : 1) }
    if shape.count == 2 {
      let side = Int(Double(shape[1]).squareRoot().rounded())
      guard side * side == shape[1] else {
        throw DatasetError(
          .mismatch, name, "rows of \(shape[1]) pixels are no square images", remedy: "save it as [n, height, width]")
      }
      shape = [shape[0], side, side]
    }
    guard shape.count == 3, shape[1] > 0, shape[2] > 0 else {
      throw DatasetError(
        .mismatch, name, "an array of shape \(array.shape) holds no images",
        remedy: "save it as [n, height, width] or [n, pixels]")
    }
    let pixels: [UInt8]
    switch array.elements {
    case .bytes(let bytes): pixels = array.elementType.hasSuffix("b1") ? bytes.map { $0 > 0 ? 255 : 0 } : bytes
    case .floats(let floats):
      // Whole numbers wider than a byte are bytes in a roomier type.
      let isInteger = "iu".contains(array.elementType.dropFirst().first ?? " ")
      let top: Float = isInteger ? 255 : 1
      // A rounding error beyond the ends is forgiven.
      if let wrong = floats.first(where: { !($0 >= -1e-3 && $0 <= top * 1.001) }) {
        throw DatasetError(
          .mismatch, name, "a pixel is \(wrong); pixels of type \(array.elementType) lie in 0…\(Int(top))",
          remedy: wrong > 1 && wrong <= 255 ? "divide by 255, or save as uint8" : "scale the images to 0…1")
      }
      pixels = floats.map { byte(fromUnit: $0 / top) }
    }
    return try ImageSet(name: name, width: shape[2], height: shape[1], pixels: pixels, labels: labels)
  }
}

extension String {
  /// The string with the characters of `range` replaced.
  fileprivate func replacingCharacters(_ range: Range<Index>, _ replacement: String) -> String {
    self[..<range.lowerBound] + replacement + self[range.upperBound...]
  }
}
