/// Finds images, labels and factors among the arrays of an NPZ by what people call them.
struct ArchiveReading {
  private let file: FileReading
  private let archive: NPZ
  private let name: String

  init(_ file: FileReading, _ archive: NPZ, name: String) {
    (self.file, self.archive, self.name) = (file, archive, name)
  }

  func read() throws -> RawImages {
    let (images, isHalf, notes) = try imageArray()
    let header = try archive.header(images)
    let layout = try file.layout(header.shape, .npy, name: "\(name)[\(images)]")
    let array = try archive.array(images)
    var raw = RawImages(array, layout, name: name)
    raw.notes += notes
    if isHalf { raw.part = file.part }
    if file.reading.readsLabels { addLabels(to: &raw, images: images) }
    if file.reading.readsLabels { addFactors(to: &raw) }
    return raw
  }

  /// The array of images: of the half asked for, else of all; whether it is of a half; and what there is to say of arrays that
  /// might have been it.
  private func imageArray() throws -> (name: String, isHalf: Bool, notes: [String]) {
    if let found = archive.first(of: halfImages) { return (found, true, []) }
    if let images = archive.first(of: ["images", "imgs", "image", "x", "data", "arr_0", "pixels", "digits"]) {
      return (images, false, [])
    }
    // Nothing is called as one would: the only array that can be images is. One that is damaged might be as well; what is wrong
    // with labels is said where they are read.
    var shaped: [String] = []
    var damaged: [String] = []
    for name in archive.names {
      do { if try archive.header(name).shape.count >= 3 { shaped.append(name) } } catch {
        guard !Self.labelArrays.contains(fileName(name).lowercased()) else { continue }
        damaged.append("the array \(name) \(Self.problem(error))")
      }
    }
    if shaped.count == 1 {
      return (shaped[0], false, damaged.map { "\($0): it is left out, and the images are those in \(shaped[0])" })
    }
    if archive.names.count == 1 { return (archive.names[0], false, []) }
    throw DatasetError(
      .unknown, name,
      "no array called x_\(half), \(half)_images or images; "
        + "there are \(archive.names.isEmpty ? "none" : archive.names.joined(separator: ", "))"
        + damaged.map { "; \($0)" }.joined(),
      remedy: "save it with numpy.savez(FILE, images=…, labels=…)")
  }

  /// What arrays of labels are called where there are no halves.
  private static let labelArrays = ["labels", "label", "y", "targets", "target", "classes", "class"]

  /// What the half that is asked for is called.
  private var half: String { file.part == .training ? "train" : "test" }

  private var halfImages: [String] {
    ["x_\(half)", "\(half)_images", "\(half)_x", "images_\(half)", "x\(half)", "\(half)x", "\(half)_data"]
  }

  private func addLabels(to raw: inout RawImages, images: String) {
    let candidates =
      raw.part == nil
      ? Self.labelArrays
        + (fileName(images) == "arr_0" ? ["arr_1"] : [])
      : [
        "y_\(half)", "\(half)_labels", "\(half)_y", "labels_\(half)", "y\(half)", "\(half)y", "\(half)_targets",
        "labels", "y",
      ]
    guard let found = archive.first(of: candidates) else { return }
    do {
      let labels =
        try archive.texts(found).map { try StoredLabels(words: $0) } ?? StoredLabels(try archive.array(found))
      guard labels.labels.count == raw.count else {
        throw StoredLabels.Unusable(reason: "are \(labels.labels.count) for \(raw.count) images")
      }
      if let note = labels.note { raw.notes.append(note) }
      let names = labels.names.isEmpty ? classNames(of: labels, for: &raw) : labels.names
      raw.labels = StoredLabels(labels: labels.labels, names: names)
    } catch let error as StoredLabels.Unusable {
      raw.notes.append("the labels in \(found) \(error.reason): they are left out")
    } catch {
      raw.notes.append("the labels in \(found) are left out: the array \(Self.problem(error))")
    }
  }

  /// What the file calls the classes of `labels`, by number; empty, and a note that says why, where that is of no use.
  private func classNames(of labels: StoredLabels, for raw: inout RawImages) -> [String] {
    guard let array = archive.first(of: ["label_names", "class_names", "classes_names"]) else { return [] }
    let (names, note) = archive.nameList(array)
    if let note {
      raw.notes.append(note)
      return []
    }
    let greatest = Int(labels.labels.max() ?? 0)
    guard names.count > greatest else {
      raw.notes.append(
        "the names in \(array) are left out: they are \(names.count), and the greatest label is \(greatest)")
      return []
    }
    return names
  }

  /// What is wrong with an array that the images can do without.
  private static func problem(_ error: any Error) -> String { (error as? DatasetError)?.problem ?? "\(error)" }

  /// The factors of a file laid out as dSprites': `latents_values` `[n, factors]` with the classes of these values in
  /// `latents_classes`, or else the classes alone.
  private func addFactors(to raw: inout RawImages) {
    guard let found = archive.first(of: ["latents_values", "latents_classes", "factors"]),
      let (columns, values) = factorTable(found, called: "factors", of: nil, for: &raw)
    else { return }
    var (names, note) = archive.factorNames(of: found, count: columns)
    if let note { raw.notes.append(note) }
    if names.isEmpty { names = (1...columns).map { "factor \($0)" } }
    let count = raw.count
    func column(_ index: Int, of table: [Float]) -> [Float] { (0..<count).map { table[$0 * columns + index] } }
    let stated = archive.first(of: ["latents_classes"])
    let numbers =
      stated == found
      ? values : stated.flatMap { factorTable($0, called: "factors' classes", of: columns, for: &raw)?.values }
    raw.factors = names.enumerated().compactMap { index, name in
      let values = column(index, of: values)
      if let wrong = values.first(where: { !$0.isFinite }) {
        raw.notes.append("the factor \(name) in \(found) is left out: a value of it is \(wrong)")
        return nil
      }
      let classes = numbers.flatMap { table in
        factorClasses(column(index, of: table), named: name, in: stated ?? found, for: &raw)
      }
      return Factor(name: name, values: values, classes: classes)
    }
  }

  /// The numbers of an array `[n, columns]`, a row an image; nil, and a note that says why, where it is another.
  ///
  /// - Parameter columns: how many there must be; nil: any number up to a thousand.
  private func factorTable(
    _ array: String, called what: String, of columns: Int?, for raw: inout RawImages
  ) -> (columns: Int, values: [Float])? {
    do {
      let shape = try archive.header(array).shape
      guard shape.count == 2, shape[0] == raw.count, columns.map({ shape[1] == $0 }) ?? (1...1_000 ~= shape[1]) else {
        let needed = columns.map { ", not [\(raw.count), \($0)]" } ?? ""
        raw.notes.append("the \(what) in \(array) are left out: their shape is \(shape)\(needed)")
        return nil
      }
      return (shape[1], try archive.array(array).floats)
    } catch {
      raw.notes.append("the \(what) in \(array) are left out: the array \(Self.problem(error))")
      return nil
    }
  }

  /// A column of classes as numbers from 0; nil where they are all −1, as those of a continuous factor are, and, with a note
  /// that says so, where one is no class.
  private func factorClasses(
    _ column: [Float], named name: String, in array: String, for raw: inout RawImages
  ) -> [Int32]? {
    let allowed = 0..<Float(ImageSet.mostClasses)
    guard let wrong = column.first(where: { !(allowed.contains($0) && $0 == $0.rounded()) }) else {
      return column.map { Int32($0) }
    }
    if !column.allSatisfy({ $0 == -1 }) {
      raw.notes.append("the classes of \(name) in \(array) are left out: \(PixelRange.text(wrong)) is no class")
    }
    return nil
  }
}
