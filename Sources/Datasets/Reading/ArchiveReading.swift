/// Finds images, labels and factors among the arrays of an NPZ by what people call them.
struct ArchiveReading {
  private let file: FileReading
  private let archive: NPZ
  private let name: String

  init(_ file: FileReading, _ archive: NPZ, name: String) {
    (self.file, self.archive, self.name) = (file, archive, name)
  }

  /// What dSprites calls its six factors (Matthey 2017), whose names lie in a pickle that is never run.
  private static let spriteFactors = ["color", "shape", "scale", "orientation", "posX", "posY"]

  func read() throws -> RawImages {
    let (images, isHalf) = try imageArray()
    let header = try archive.header(images)
    let layout = try file.layout(header.shape, .npy, name: "\(name)[\(images)]")
    let array = try archive.array(images)
    var raw = RawImages(array, layout, name: name)
    if isHalf { raw.part = file.part }
    if file.reading.readsLabels { addLabels(to: &raw, images: images) }
    if file.reading.readsLabels { addFactors(to: &raw) }
    return raw
  }

  /// The array of images: of the half asked for, else of all; and whether it is of a half.
  private func imageArray() throws -> (name: String, isHalf: Bool) {
    if let found = first(of: halfImages) { return (found, true) }
    if let images = first(of: ["images", "imgs", "image", "x", "data", "arr_0", "pixels", "digits"]) {
      return (images, false)
    }
    // Nothing is called as one would: the only array that can be images is.
    let shaped = archive.names.filter { name in ((try? archive.header(name))?.shape.count).map { $0 >= 3 } ?? false }
    if let only = shaped.count == 1 ? shaped[0] : archive.names.count == 1 ? archive.names[0] : nil {
      return (only, false)
    }
    throw DatasetError(
      .unknown, name,
      "no array called x_\(half), \(half)_images or images; "
        + "there are \(archive.names.isEmpty ? "none" : archive.names.joined(separator: ", "))",
      remedy: "save it with numpy.savez(FILE, images=…, labels=…)")
  }

  /// What the half that is asked for is called.
  private var half: String { file.part == .training ? "train" : "test" }

  private var halfImages: [String] {
    ["x_\(half)", "\(half)_images", "\(half)_x", "images_\(half)", "x\(half)", "\(half)x", "\(half)_data"]
  }

  /// The array called by one of `candidates`, the earliest of them; capitals and folders in the archive do not matter.
  private func first(of candidates: [String]) -> String? {
    let names = Dictionary(
      archive.names.map { (fileName($0).lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
    return candidates.lazy.compactMap { names[$0] }.first
  }

  private func addLabels(to raw: inout RawImages, images: String) {
    let candidates =
      raw.part == nil
      ? ["labels", "label", "y", "targets", "target", "classes", "class"]
        + (fileName(images) == "arr_0" ? ["arr_1"] : [])
      : [
        "y_\(half)", "\(half)_labels", "\(half)_y", "labels_\(half)", "y\(half)", "\(half)y", "\(half)_targets",
        "labels", "y",
      ]
    guard let found = first(of: candidates) else { return }
    do {
      let labels =
        try archive.texts(found).map { try StoredLabels(words: $0) } ?? StoredLabels(try archive.array(found))
      guard labels.labels.count == raw.count else {
        throw StoredLabels.Unusable(reason: "are \(labels.labels.count) for \(raw.count) images")
      }
      if let note = labels.note { raw.notes.append(note) }
      raw.labels = labels
      if labels.names.isEmpty,
        let names = words(first(of: ["label_names", "class_names", "classes_names"]), for: &raw),
        names.count > Int(labels.labels.max() ?? 0)
      {
        raw.labels?.names = names
      }
    } catch let error as StoredLabels.Unusable {
      raw.notes.append("the labels in \(found) \(error.reason): they are left out")
    } catch {
      raw.notes.append("the labels in \(found) are left out: the array \(Self.problem(error))")
    }
  }

  /// What is wrong with an array that the images can do without.
  private static func problem(_ error: any Error) -> String { (error as? DatasetError)?.problem ?? "\(error)" }

  /// The words in an array, if it is there; what cannot be read of them is said, and they are left out.
  private func words(_ array: String?, for raw: inout RawImages) -> [String]? {
    guard let array else { return nil }
    do { return try archive.texts(array) } catch {
      raw.notes.append("the names in \(array) are left out: the array \(Self.problem(error))")
      return nil
    }
  }

  /// The factors of a file laid out as dSprites': `latents_values` `[n, factors]`, or else `latents_classes`.
  private func addFactors(to raw: inout RawImages) {
    guard let found = first(of: ["latents_values", "latents_classes", "factors"]) else { return }
    let columns: Int
    let values: [Float]
    do {
      let header = try archive.header(found)
      guard header.shape.count == 2, header.shape[0] == raw.count, 1...1_000 ~= header.shape[1] else {
        raw.notes.append("the factors in \(found) are left out: their shape is \(header.shape)")
        return
      }
      columns = header.shape[1]
      values = try archive.array(found).floats
    } catch {
      raw.notes.append("the factors in \(found) are left out: the array \(Self.problem(error))")
      return
    }
    var names = words(first(of: ["latents_names", "factor_names"]), for: &raw) ?? []
    if names.isEmpty, columns == Self.spriteFactors.count { names = Self.spriteFactors }
    if names.count != columns { names = (1...columns).map { "factor \($0)" } }
    raw.factors = names.enumerated().map { column, name in
      Factor(name: name, values: (0..<raw.count).map { values[$0 * columns + column] })
    }
  }
}
