/// One file of a published data set and how to know it.
struct PublishedFile: Sendable, Hashable {
  /// The name without `.gz`.
  let name: String
  /// What the unpacked file holds, outermost extent first.
  let shape: [Int]
  /// MD5 of the archive `name.gz` as its authors published it.
  let archiveMD5: String
  /// SHA-256 of the unpacked bytes, where known; it decides then, however the file was packed.
  let sha256: String?
}

/// A data set that can be fetched: what it is called, where it is, and what it must be.
struct PublishedSet: Sendable, Hashable {
  let name: String
  let summary: String
  /// How many classes its images are of.
  var classes = 10
  /// Addresses of folders that hold the archives, tried in this order.
  let mirrors: [String]
  let files: [PublishedFile]

  /// Every one of them, in the order to list them.
  static let all = [mnist, fashionMNIST, kuzushijiMNIST]

  /// LeCun, Cortes and Burges: the digits.
  static let mnist = PublishedSet(
    name: "mnist", summary: "handwritten digits: 60,000 to train, 10,000 to test, 28×28 (LeCun 1998)",
    mirrors: [
      "https://ossci-datasets.s3.amazonaws.com/mnist", "https://storage.googleapis.com/cvdf-datasets/mnist",
    ],
    files: files(
      archiveMD5: [
        "f68b3c2dcbeaaa9fbdd348bbdeb94873", "d53e105ee54ea40749a09fcbcd1e9432", "9fb629c4189551a2d022fa330f9573f3",
        "ec29112dd5afa0611ce80d1b7f02629c",
      ],
      sha256: [
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
      ]))

  /// Xiao, Rasul and Vollgraf 2017, arXiv:1708.07747: clothes. The digests are those of its README.
  static let fashionMNIST = PublishedSet(
    name: "fashion-mnist", summary: "pieces of clothing in the format of MNIST (Xiao 2017, arXiv:1708.07747)",
    mirrors: ["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com"],
    files: files(
      archiveMD5: [
        "8d4fb7e6c68d591d4c3dfef9ec88bf0d", "25c81989df183df01b3e8a0aad5dffbe", "bef4ecab320f06d8554ea6380940ec79",
        "bb300cfdad3c16e7a12a480ee83cd310",
      ]))

  /// Clanuwat and others 2018, arXiv:1812.01718: cursive Japanese. The digests are those torchvision checks.
  static let kuzushijiMNIST = PublishedSet(
    name: "kmnist", summary: "cursive Japanese characters in the format of MNIST (Clanuwat 2018, arXiv:1812.01718)",
    mirrors: ["http://codh.rois.ac.jp/kmnist/dataset/kmnist"],
    files: files(
      archiveMD5: [
        "bdb82020997e1d708af4cf47b453dcf7", "e144d726b3acfaa3e44228e80efcd344", "5c965bf0a639b31b8f53240b1b52f4d7",
        "7320c461ea6c1c855c0b718fb2a4b134",
      ]))

  /// The size of its images, by the first file that holds some.
  var imageShape: ImageShape {
    files.first { $0.shape.count == 3 }.flatMap { ImageShape(height: $0.shape[1], width: $0.shape[2]) } ?? .mnist
  }

  /// How many images a half has, by the file that holds them.
  func count(of part: DataPart) -> Int {
    let beginning = part == .training ? "train" : "t10k"
    return files.first { $0.shape.count == 3 && $0.name.hasPrefix(beginning) }?.shape[0] ?? 0
  }

  /// The four files every one of them consists of.
  private static func files(archiveMD5: [String], sha256: [String]? = nil) -> [PublishedFile] {
    let names = [
      ("train-images-idx3-ubyte", [60_000, 28, 28]), ("train-labels-idx1-ubyte", [60_000]),
      ("t10k-images-idx3-ubyte", [10_000, 28, 28]), ("t10k-labels-idx1-ubyte", [10_000]),
    ]
    return zip(names, archiveMD5).enumerated().map { index, file in
      PublishedFile(name: file.0.0, shape: file.0.1, archiveMD5: file.1, sha256: sha256?[index])
    }
  }
}

extension PublishedFile {
  /// The file in `folder` as it is read: unpacked, else packed; nil if neither is there.
  func path(in folder: String) -> String? {
    // Some archives unpack to names with a dot: train-images.idx3-ubyte.
    plainOrPacked("\(folder)/\(name)") ?? plainOrPacked("\(folder)/\(name.replacing("-idx", with: ".idx"))")
  }

  /// Checks that `bytes`, got from `place`, are this file, packed or not.
  ///
  /// - Throws: `DatasetError` (truncated, corrupt, wrong digest).
  func verify(_ bytes: [UInt8], from place: String) throws {
    let isPacked = Inflate.isGzip(bytes)
    if sha256 == nil && isPacked {
      try check(Digest.md5(bytes), archiveMD5, "MD5", of: bytes, from: place)
    }
    let array = try IDX.decode(bytes, name: place)
    guard array.shape == shape else {
      throw DatasetError(.mismatch, place, "holds an array of shape \(array.shape) where \(name) has \(shape)")
    }
    if let sha256 {
      let unpacked =
        isPacked
        ? try Inflate.all(bytes[...], .gzip, limit: shape.reduce(1, *) + 1 << 10, name: place) : bytes
      try check(Digest.sha256(unpacked), sha256, "SHA-256", of: bytes, from: place)
    } else if !isPacked {
      throw DatasetError(
        .wrongDigest, place, "is unpacked, and only the archive \(name).gz has a published digest",
        remedy: "offer the .gz file, or open the folder by its path")
    }
  }

  private func check(_ found: String, _ known: String, _ kind: String, of bytes: [UInt8], from place: String) throws {
    guard found == known else {
      throw DatasetError(
        .wrongDigest, place,
        "\(bytes.count) bytes with the \(kind) \(found), where \(name) has \(known); they are not kept",
        remedy: "try again, or another place with --from DIR-or-URL")
    }
  }
}
