import Glibc

/// Reads one file of images of any format, told apart by its first bytes.
struct FileReading {
  /// What the person said.
  let reading: ImageReading
  /// The size that the images are needed in; nil: whatever they have.
  let expected: ImageShape?
  /// Which half of a file or a folder that has two.
  let part: DataPart

  /// The images of one half of a published set in a folder, or those of the file at `path` where it is one in an archive;
  /// nil where it is neither.
  ///
  /// - Throws: `DatasetError`.
  func published(_ path: String, in tree: any FolderTree) throws -> RawImages? {
    func read(_ path: String) throws -> RawImages {
      let bytes = try tree.read(path) { try FileExtent.ofImages($0, $1, name: path) }
      return try self.read(bytes, of: path, in: tree)
    }
    guard try tree.isFolder(path) else { return try read(path) }
    guard let images = try PublishedName.images(in: path, of: tree, part: part) else { return nil }
    var raw = try read(images)
    raw.part = part
    return raw
  }

  /// What a file holds, if its first bytes say that it is one of images, and no more than memory holds.
  ///
  /// - Throws: `DatasetError`.
  static func bytes(of path: String) throws -> [UInt8] {
    try readFile(path) { try FileExtent.ofImages($0, $1, name: inputName(path)) }
  }

  /// The images in the bytes of the file at `path`, beside which its labels may lie.
  ///
  /// - Throws: `DatasetError`.
  func read(_ bytes: [UInt8], of path: String, in tree: any FolderTree = DiskFolders()) throws -> RawImages {
    let name = inputName(path)
    if bytes.starts(with: PNGFile.magic) || bytes.starts(with: JPEGFile.magic) { return try picture(bytes, name: name) }
    if bytes.starts(with: NPY.magic) {
      let header = try NPY.header(of: bytes, name: name).header
      let layout = try layout(header.shape, .npy, name: name)
      return RawImages(try NPY.decode(bytes, name: name), layout, name: name)
    }
    if NPZ.isArchive(bytes) { return try ArchiveReading(self, try NPZ(bytes, name: name), name: name).read() }
    guard Inflate.isGzip(bytes) || IDX.isHeader(bytes) else {
      throw OtherKinds.refusal(of: bytes, name: name)
    }
    return try idx(bytes, path: path, in: tree, name: name)
  }

  /// Whether these bytes begin as a picture does.
  static func isPicture(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.starts(with: PNGFile.magic) || bytes.starts(with: JPEGFile.magic)
  }

  /// A PNG or a JPEG. One of the wrong size is refused by its header.
  func picture(_ bytes: [UInt8], name: String) throws -> RawImages {
    func check(_ width: Int, _ height: Int) throws {
      if let shape = ImageShape(height: height, width: width) { try reading.check(shape, name: name) }
      guard let expected, reading.fit == nil, (width, height) != (expected.width, expected.height) else { return }
      throw Self.sizeMismatch(
        name, width, height, expected: "the model reads",
        width: expected.width, height: expected.height)
    }
    if let deep = try PNGFile.decodeDeep(bytes, name: name, check: check) {
      var raw = try RawImages(picture: deep.levels, fullScale: 65_535, name: name)
      if deep.isOnWhite { raw.notes.append(Self.whiteGround) }
      return raw
    }
    let picture =
      bytes.starts(with: PNGFile.magic)
      ? try PNGFile.decode(bytes, name: name, check: check) : try JPEGFile.decode(bytes, name: name, check: check)
    var raw = try RawImages(picture, name: name)
    if picture.isOnWhite { raw.notes.append(Self.whiteGround) }
    return raw
  }

  private static let whiteGround = "dark ink on transparent ground, which is taken as white here, not as black"

  /// Where the images of an array lie; refuses those of the wrong size.
  func layout(_ extents: [Int], _ format: ArrayLayout.Format, name: String) throws -> ArrayLayout {
    _ = try elementCount(extents, name: name)
    let layout = try ArrayLayout(of: extents, format, reading, expecting: expected, name: name)
    if let expected, reading.fit == nil, layout.shape != expected {
      throw Self.sizeMismatch(
        name, layout.shape.width, layout.shape.height, expected: "the model reads",
        width: expected.width, height: expected.height)
    }
    return layout
  }

  /// What to say of images that have another size than they need.
  static func sizeMismatch(
    _ place: String, _ width: Int, _ height: Int, expected: String, width expectedWidth: Int,
    height expectedHeight: Int
  ) -> DatasetError {
    DatasetError(
      .mismatch, place, "images of \(width)×\(height) pixels where \(expected) \(expectedWidth)×\(expectedHeight)",
      remedy: "make them fit with --fit crop, scale or centre (as MNIST was made), or resize them first, for example: "
        + "magick IN.png -resize \(expectedWidth)x\(expectedHeight)! OUT.png")
  }

  private func idx(_ bytes: [UInt8], path: String, in tree: any FolderTree, name: String) throws -> RawImages {
    var layout: ArrayLayout?
    let array = try IDX.decode(bytes, name: name) { extents in
      guard extents.count > 1 else {
        throw DatasetError(
          .mismatch, name, "holds an array of shape \(extents), not images [n, height, width]",
          remedy: "name the file of the images; its labels are found beside it")
      }
      layout = try self.layout(extents, .idx, name: name)
    }
    guard let layout else { throw DatasetError(.corrupt, name, "holds no images") }
    var raw = RawImages(array, layout, name: name)
    guard path != "-", let published = PublishedName(fileName(path)) else { return raw }
    if published.isTransposed {
      raw = raw.transposed()
      raw.notes.append("EMNIST's images lie on their sides: they are put upright")
    }
    guard reading.readsLabels else { return raw }
    var place = "beside it"
    do {
      guard let beside = try published.labels(in: folderName(path), of: tree) else { return raw }
      place = "in \(beside)"
      let labels = try StoredLabels(idxLabels(beside, in: tree))
      guard labels.labels.count == layout.count else {
        throw StoredLabels.Unusable(reason: "are \(labels.labels.count) for \(layout.count) images")
      }
      if let note = labels.note { raw.notes.append(note) }
      raw.labels = labels
      if !published.classNames.isEmpty, let greatest = raw.labels?.labels.max(),
        published.classNames.indices.contains(Int(greatest))
      {
        raw.labels?.names = published.classNames
      }
    } catch let error as StoredLabels.Unusable {
      raw.notes.append("the labels \(place) \(error.reason): they are left out")
    } catch let error as DatasetError {
      raw.notes.append("the labels \(place) are left out (\(error.problem))")
    }
    return raw
  }

  /// The labels in the file beside one of images: `[n]`, or QMNIST's `[n, 8]`, whose first column is the class.
  private func idxLabels(_ path: String, in tree: any FolderTree) throws -> StoredArray {
    let array = try IDX.decode(tree.read(path) { try IDX.extent($0, $1, name: path) }, name: path)
    guard array.shape.count == 2, array.shape[1] == 8, fileName(path).contains("idx2") else { return array }
    let values = array.floats
    return StoredArray(
      shape: [array.shape[0]], type: array.type, elements: .floats((0..<array.shape[0]).map { values[$0 * 8] }))
  }
}

extension RawImages {
  /// Every image with rows and columns exchanged.
  func transposed() -> RawImages {
    guard let turned = ImageShape(height: shape.width, width: shape.height) else { return self }
    func turn<Element>(_ values: [Element]) -> [Element] {
      var result = values
      for image in 0..<count {
        let start = image * shape.pixelCount
        for y in 0..<shape.height {
          for x in 0..<shape.width {
            result[start + x * shape.height + y] = values[start + y * shape.width + x]
          }
        }
      }
      return result
    }
    switch elements {
    case .bytes(let bytes): return replacing(.bytes(turn(bytes)), shape: turned)
    case .floats(let floats): return replacing(.floats(turn(floats)), shape: turned)
    }
  }
}

extension FileExtent {
  /// What is read of a file of images of any kind, told apart by its first bytes.
  ///
  /// - Parameters:
  ///   - head: the first bytes of the file.
  ///   - size: how many it has; nil where that is not known.
  /// - Throws: `DatasetError` where it is nothing that is read, where it is not as long as its header says, or where
  ///   memory does not hold what it says.
  static func ofImages(_ head: [UInt8], _ size: Int?, name: String) throws -> FileExtent {
    if FileReading.isPicture(head) { return .upTo(PictureLimits.fileSize) }
    if head.starts(with: NPY.magic) { return try NPY.extent(head, size, name: name) }
    if NPZ.isArchive(head) { return .upTo(.max) }
    if Inflate.isGzip(head) || IDX.isHeader(head) { return try IDX.extent(head, size, name: name) }
    throw OtherKinds.refusal(of: head, name: name)
  }
}
