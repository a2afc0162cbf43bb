import Glibc

extension ImageSet {
  /// Reads images from a file of any format, told apart by its first bytes: IDX (plain or gzipped), NPY, NPZ, PNG or
  /// JPEG; or from a folder that holds the IDX files of a published data set, or pictures, or folders of pictures that
  /// are classes; or from a ZIP of such files and folders, or of one of them: `digits.zip/train` is what `train` is in it.
  ///
  /// Labels come from the file beside an IDX file that is named likewise, from the arrays of an NPZ, and from the names of
  /// folders.
  /// - Parameters:
  ///   - part: which half of a folder or an NPZ that has two.
  ///   - reading: what was said about scale, shape, fit and labels.
  ///   - expected: the size the images are needed in; others are refused before they are decoded, or made to fit.
  /// - Throws: `DatasetError`.
  public static func read(
    _ path: String, part: DataPart = .training, reading: ImageReading = ImageReading(),
    expecting expected: ImageShape? = nil
  ) throws -> ImageSet {
    try read([path], part: part, reading: reading, expecting: expected)
  }

  /// Reads several files as one set; all must hold images of one size, or be made to fit. Which numbers are black and
  /// white is decided for all of them together.
  ///
  /// - Throws: `DatasetError`.
  public static func read(
    _ paths: [String], part: DataPart = .training, reading: ImageReading = ImageReading(),
    expecting expected: ImageShape? = nil
  ) throws -> ImageSet {
    guard let first = paths.first else { throw DatasetError(.missing, "images", "no file is named") }
    let file = FileReading(reading: reading, expected: expected, part: part)
    var notes: [String] = []
    var raws: [RawImages] = []
    var classNames: [String]?
    var name = inputName(first)
    var total = PictureTotal()
    for path in paths {
      let folder: FolderReading
      if path == "-" || !isFolder(path) {
        let place = ArchiveFolders.archive(above: path)
        let bytes = try FileReading.bytes(of: place ?? path)
        guard let archive = try ArchiveFolders(bytes, name: inputName(place ?? path)) else {
          guard place == nil else { throw readingError(path, ENOTDIR) }
          raws.append(try total.adding(file.read(bytes, of: path)))
          continue
        }
        let root = place == nil ? archive.root : path
        if let raw = try file.published(root, in: archive) {
          raws.append(try total.adding(raw))
          continue
        }
        folder = try FolderReading(file, root, in: archive, &total)
        if place == nil, root != inputName(path), folder.classNames == nil, reading.readsLabels {
          notes.append(
            "\(path): all pictures lie in the one folder \(fileName(root)), which is taken for no class: they have no "
              + "labels")
        }
      } else if let raw = try file.published(path, in: DiskFolders()) {
        raws.append(try total.adding(raw))
        if path == first { name = fileName(path) }
        continue
      } else {
        folder = try FolderReading(file, path, in: DiskFolders(), &total)
      }
      raws += folder.raws
      if paths.count == 1 { classNames = folder.classNames }
      notes += folder.note.map { ["\(path): \($0)"] } ?? []
    }
    return try assembled(raws, named: name, reading: reading, expected: expected, classNames: classNames, notes: notes)
  }

  /// This set, if its images have the size asked for. Nothing is ever resized unless `--fit` says how: a digit that is
  /// scaled or cut otherwise than the training images were is not what the model knows.
  ///
  /// - Throws: `DatasetError` of kind `mismatch` that says how to make them fit.
  public func requiring(width: Int, height: Int) throws -> ImageSet {
    guard self.width != width || self.height != height else { return self }
    throw FileReading.sizeMismatch(
      name, self.width, self.height, expected: "the model reads", width: width, height: height)
  }

  /// Pictures become bytes here, and arrays of numbers what their common range says.
  private static func assembled(
    _ raws: [RawImages], named name: String, reading: ImageReading, expected: ImageShape?, classNames: [String]?,
    notes: [String]
  ) throws -> ImageSet {
    var notes = notes
    let scale = try PixelScaling(raws, reading.scale)
    notes += scale.notes
    guard let first = raws.first else { throw DatasetError(.missing, name, "there are no images") }
    // Where nobody says a size, what is to be made fit becomes as large as MNIST's digits.
    try reading.checkFit(of: raws.map(\.shape), to: expected, name: name)
    let target = expected ?? reading.shape
    let size = reading.fit != nil ? target ?? .mnist : expected ?? first.shape
    var sets: [ImageSet] = []
    sets.reserveCapacity(raws.count)
    for raw in raws {
      let ends = scale.ends(of: raw)
      let set = try raw.imageSet(black: ends.black, white: ends.white)
      if let fit = reading.fit {
        sets.append(try set.fitted(fit, to: size))
      } else {
        guard raw.shape == size else {
          throw FileReading.sizeMismatch(
            raw.name, raw.shape.width, raw.shape.height,
            expected: expected != nil ? "the model reads" : "\(first.name) has", width: size.width, height: size.height)
        }
        sets.append(set)
      }
      // A thousand files say what one does.
      for note in raw.notes where notes.count < 20 { notes.append("\(raw.name): \(note)") }
    }
    var result = try sets.count == 1 ? sets[0] : joined(sets, name: name)
    if sets.count > 1 { notes += result.notes }
    if let classNames { result = result.withLabels(result.labels, names: classNames) }
    if reading.readsLabels, raws.contains(where: { $0.labels != nil }),
      let bare = raws.first(where: { $0.labels == nil })
    {
      notes.append("\(bare.name): has no labels, so that those of the others are left out")
    }
    if !reading.readsLabels { result = result.withoutLabels() }
    result = result.named(name)
    result.notes = notes
    return result.numberingSparseClasses()
  }

  /// The images of several sets of one size, one after the other; labels and factors where all of them have them.
  ///
  /// - Throws: `DatasetError` of kind `mismatch` or `tooLarge`.
  static func joined(_ sets: [ImageSet], name: String) throws -> ImageSet {
    guard let first = sets.first else { throw DatasetError(.missing, name, "there are no images") }
    let count = sets.reduce(0) { $0 + $1.count }
    var result: ImageSet
    if sets.contains(where: \.holdsFloats) {
      guard let shape = ImageShape(height: first.height, width: first.width) else {
        throw DatasetError(.mismatch, name, "images of \(first.width)×\(first.height) pixels")
      }
      try PictureLimits.checkTotal(count: count, shape, name: name)
      var floats: [Float] = []
      floats.reserveCapacity(count * first.pixelCount)
      for set in sets { floats += set.tensor().elements }
      result = try ImageSet(name: name, width: first.width, height: first.height, floats: floats)
    } else {
      try MemoryBudget.require(count, of: first.pixelCount, for: name)
      let storage = PixelStorage(count: count * first.pixelCount) { bytes in
        var position = 0
        for set in sets {
          set.withUnsafeBytes { pixels, rows in
            for row in rows {
              for index in Int(row) * set.pixelCount..<(Int(row) + 1) * set.pixelCount {
                bytes[position] = pixels[index]
                position += 1
              }
            }
          }
        }
      }
      result = try ImageSet(name: name, width: first.width, height: first.height, storage: storage)
    }
    let factorNames = first.factors.map(\.name)
    let factors =
      sets.allSatisfy { $0.factors.map(\.name) == factorNames }
      ? factorNames.indices.map { index -> Factor in
        let parts = sets.map { $0.factors[index] }
        // What only some of the files number is not numbered.
        let classes = parts.compactMap(\.classes)
        return Factor(
          name: factorNames[index], values: parts.flatMap(\.values),
          classes: classes.count == parts.count ? classes.flatMap { $0 } : nil)
      } : []
    let labels = joinedLabels(sets)
    result = result.withLabels(labels?.labels, names: labels?.names ?? [], factors: factors)
    if let note = labels?.note { result.notes.append("\(name): \(note)") }
    return sets.allSatisfy { $0.part == first.part } ? result.inPart(first.part) : result
  }

  private static func joinedLabels(_ sets: [ImageSet]) -> StoredLabels? {
    guard let first = sets.first, sets.allSatisfy({ $0.labels != nil }) else { return nil }
    if sets.allSatisfy({ $0.classNames == first.classNames }) {
      return StoredLabels(labels: sets.flatMap { $0.labels ?? [] }, names: first.classNames)
    }
    // The same class may have another number in every file: its name tells.
    let keys = sets.map(\.classKeys)
    let found = zip(sets, keys).reduce(into: Set<ClassKey>()) { found, part in
      for label in Set(part.0.labels ?? []) where label >= 0 { found.insert(part.1(label)) }
    }
    let classes = found.sorted { one, other in
      one.name == other.name ? one.turn < other.turn : naturallyPrecedes(one.name, other.name)
    }
    let numbers = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, Int32($0)) })
    var joined = StoredLabels(
      labels: zip(sets, keys).flatMap { set, key in
        (set.labels ?? []).map { $0 < 0 ? -1 : numbers[key($0)] ?? -1 }
      },
      names: classes.map(\.name))
    joined.note = ClassKey.note(on: classes)
    return joined
  }
}

/// Which numbers of the files at hand are black and white.
struct PixelScaling {
  /// Of arrays, whose numbers tell.
  private var arrays: (black: Float, white: Float) = (0, 255)
  /// Of pictures; nil: what their format says.
  private var pictures: (black: Float, white: Float)?
  /// What was decided that could have been otherwise, to be said.
  private(set) var notes: [String] = []

  /// - Throws: `DatasetError` of kind `mismatch` where a number is none.
  init(_ raws: [RawImages], _ scale: PixelScale) throws {
    for raw in raws {
      guard let wrong = raw.range.notFinite else { continue }
      let pixel = "image \(wrong.index / raw.shape.pixelCount) has a pixel that is \(wrong.value)"
      throw wrong.value.isFinite
        ? DatasetError(
          .mismatch, raw.name, "\(pixel), beyond the numbers that are read (3.4e+38 at most)",
          remedy: "divide the images by the number that is white, and save them as float32")
        : DatasetError(
          .mismatch, raw.name, pixel, remedy: "look at how the images were made: every pixel is a finite number")
    }
    if let ends = scale.ends {
      (arrays, pictures) = (ends, ends)
      return
    }
    let (drawn, stored) = (raws.filter { $0.fullScale != nil }, raws.filter { $0.fullScale == nil })
    if let (range, place) = Self.joined(stored) {
      let found = range.scale
      arrays = (found.black, found.white)
      if !found.isPlain { notes.append(Self.note(range, place, arrays)) }
    }
    // A picture of nothing but zeros and ones is a mask, and no picture in which all is black.
    if let (range, place) = Self.joined(drawn), range.greatest == 1 {
      let ends: (black: Float, white: Float) = (0, 1)
      pictures = ends
      notes.append(Self.note(range, place, ends))
    }
  }

  /// Which numbers are black and white in these images.
  func ends(of raw: RawImages) -> (black: Float, white: Float) {
    guard let fullScale = raw.fullScale else { return arrays }
    return pictures ?? (0, fullScale)
  }

  /// The range of all of them, and the name of the first.
  private static func joined(_ raws: [RawImages]) -> (range: PixelRange, place: String)? {
    guard let first = raws.first else { return nil }
    return (raws.dropFirst().reduce(first.range) { $0.joined($1.range) }, first.name)
  }

  private static func note(_ range: PixelRange, _ place: String, _ ends: (black: Float, white: Float)) -> String {
    "\(place): pixels are \(range.text) of type \(range.type.name): \(PixelRange.text(ends.black)) is taken as black, "
      + "\(PixelRange.text(ends.white)) as white (--scale says otherwise)"
  }
}

/// Reads a folder of pictures.
struct FolderReading {
  private(set) var raws: [RawImages] = []
  private(set) var classNames: [String]?
  private(set) var note: String?

  /// - Throws: `DatasetError`; of kind `missing` where the folder holds nothing that is read.
  init(_ file: FileReading, _ path: String, in tree: any FolderTree, _ total: inout PictureTotal) throws {
    var folder = try PictureFolder(path, part: file.part, in: tree)
    var labels: [Int32] = []
    for (index, picture) in folder.pictures.enumerated() {
      // What is no picture is told by its first bytes.
      let bytes = try tree.read(picture) { head, _ in
        FileReading.isPicture(head) ? .upTo(PictureLimits.fileSize) : .head
      }
      guard FileReading.isPicture(bytes) else {
        folder.skip("file", "of another kind")
        continue
      }
      var raw = try file.picture(bytes, name: picture)
      raw.part = folder.part
      raws.append(try total.adding(raw))
      if let given = folder.labels { labels.append(given[index]) }
    }
    note = folder.note
    guard !raws.isEmpty else {
      let stem = file.part == .training ? "train" : "t10k"
      throw DatasetError(
        .missing, path,
        "this folder holds neither \(stem)-images-idx3-ubyte(.gz) nor PNG or JPEG files, nor folders of them"
          + (note.map { " (\($0))" } ?? ""), remedy: "name a file")
    }
    guard folder.labels != nil, file.reading.readsLabels else { return }
    classNames = folder.classNames
    for index in raws.indices { raws[index].labels = StoredLabels(labels: [labels[index]], names: folder.classNames) }
  }
}
