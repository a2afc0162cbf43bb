/// What the files of MNIST and its kin are called: `train-images-idx3-ubyte.gz`, `t10k-images.idx3-ubyte`,
/// `emnist-letters-test-images-idx3-ubyte.gz`, `qmnist-train-images-idx3-ubyte`.
struct PublishedName: Hashable {
  /// Everything before `images`.
  let prefix: String
  /// The name without `.gz`.
  let stem: String

  /// The parts of the name of a file of images; nil where it is named otherwise.
  init?(_ name: String) {
    let stem = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
    guard let images = stem.firstRange(of: "images"), stem[images.upperBound...].dropFirst().hasPrefix("idx"),
      "-._".contains(stem[images.upperBound...].first ?? " ")
    else { return nil }
    prefix = String(stem[..<images.lowerBound])
    self.stem = stem
  }

  /// The half of its data set that a file is of, if its name says so.
  var part: DataPart? {
    let words = prefix.lowercased().split { "-._".contains($0) }
    if words.contains("train") { return .training }
    return words.contains("test") || words.contains("t10k") ? .test : nil
  }

  /// The images of EMNIST lie on their sides (Cohen 2017, arXiv:1702.05373): they are stored column by column.
  var isTransposed: Bool { prefix.lowercased().hasPrefix("emnist-") }

  /// What EMNIST's classes are called, where the name of the split tells: letters count from 1, and the balanced splits
  /// tell a small letter from its capital only where the two look different.
  var classNames: [String] {
    let digits = (0...9).map(String.init)
    func letters(_ first: UInt8) -> [String] { (first..<first + 26).map { String(Unicode.Scalar($0)) } }
    let (capitals, small) = (letters(UInt8(ascii: "A")), letters(UInt8(ascii: "a")))
    switch prefix.lowercased().split(separator: "-").dropFirst().first {
    case "letters": return ["none"] + small
    case "byclass": return digits + capitals + small
    case "balanced", "bymerge": return digits + capitals + "abdefghnqrt".map { String($0) }
    default: return []
    }
  }

  /// The file of labels that belongs to a file of images in `folder`; nil where there is none.
  func labels(in folder: String, of tree: any FolderTree) throws -> String? {
    let found = try tree.contents(folder).filter { name in
      guard name.hasPrefix(prefix + "labels") else { return false }
      let rest = name.dropFirst(prefix.count + 6).drop { "-._".contains($0) }
      return try rest.hasPrefix("idx") && tree.isFile("\(folder)/\(name)")
    }
    // Unpacked before packed.
    return (found.first { !$0.hasSuffix(".gz") } ?? found.first).map { "\(folder)/\($0)" }
  }

  /// The file of images of one half in `folder`, or in the folder `raw` in it or one level below, where torchvision puts
  /// it; nil where there is none.
  ///
  /// - Throws: `DatasetError` where there are several, or `folder` cannot be read.
  static func images(in folder: String, of tree: any FolderTree, part: DataPart) throws -> String? {
    func candidates(_ folder: String) throws -> [(name: PublishedName, path: String)] {
      try tree.contents(folder).compactMap { name in
        guard let parts = PublishedName(name), parts.part == part, try tree.isFile("\(folder)/\(name)") else {
          return nil
        }
        return (parts, "\(folder)/\(name)")
      }
    }
    var found = try candidates(folder)
    // Most of these are no such folders: what cannot be looked into is told by who looks for pictures.
    if found.isEmpty { found = (try? candidates("\(folder)/raw")) ?? [] }
    if found.isEmpty {
      found = try tree.contents(folder).flatMap { (try? candidates("\(folder)/\($0)/raw")) ?? [] }
    }
    // Two folders are two data sets, however alike their files are called.
    let folders = Set(found.map { folderName($0.path) }).sorted(by: naturallyPrecedes)
    guard folders.count <= 1 else {
      throw DatasetError(
        .unknown, folder, "holds images of several data sets: \(folders.joined(separator: ", "))",
        remedy: "name one of these folders")
    }
    // The same file packed and unpacked is one; of several, the plainest name is meant (`train-`, `qmnist-test-` rather
    // than `qmnist-test50k-`).
    let prefixes = Set(found.map(\.name.prefix))
    let plain = prefixes.filter { prefix in
      ["train-", "t10k-", "test-", "qmnist-train-", "qmnist-test-"].contains(prefix)
    }
    let meant = plain.count == 1 ? plain : prefixes
    guard meant.count <= 1 else {
      throw DatasetError(
        .unknown, folder,
        "holds images of several data sets: \(found.map { fileName($0.path) }.joined(separator: ", "))",
        remedy: "name one of the files, for example \(found[0].path)")
    }
    let files = found.filter { meant.contains($0.name.prefix) }.map(\.path)
    return files.first { !$0.hasSuffix(".gz") } ?? files.first
  }
}
