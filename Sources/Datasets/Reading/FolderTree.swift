import Glibc

/// Where folders of pictures lie: on disk, or in an archive.
protocol FolderTree {
  /// The names in a folder, in any order; none if it cannot be read.
  func contents(_ path: String) -> [String]
  /// Whether `path` is a folder.
  func isFolder(_ path: String) -> Bool
  /// Whether the name of an entry is not UTF-8: it was repaired to be shown, and nothing is called by the result.
  func isBroken(_ name: String, _ path: String) -> Bool
  /// Why an entry that is called like a picture is none, or nil.
  func problem(_ path: String) -> String?
  /// What a file holds.
  ///
  /// - Throws: `DatasetError`.
  func read(_ path: String) throws -> [UInt8]
}

/// Folders of the file system.
struct DiskFolders: FolderTree {
  func contents(_ path: String) -> [String] { folderContents(path) }

  func isFolder(_ path: String) -> Bool { Datasets.isFolder(path) }

  func isBroken(_ name: String, _ path: String) -> Bool {
    guard name.unicodeScalars.contains("\u{FFFD}") else { return false }
    var status = stat()
    return lstat(path, &status) != 0
  }

  func problem(_ path: String) -> String? {
    var status = stat()
    guard stat(path, &status) == 0 else { return "dangling link" }
    if status.st_mode & S_IFMT == S_IFDIR { return "folder" }
    guard status.st_mode & S_IFMT == S_IFREG else { return "special file" }
    return status.st_size == 0 ? "empty file" : nil
  }

  func read(_ path: String) throws -> [UInt8] {
    // What is no picture is told by its first bytes.
    try readFile(path) { head, _ in FileReading.isPicture(head) ? .upTo(PictureLimits.fileSize) : .head }
  }
}

/// The folders of a ZIP archive of pictures, by the names of its entries. Nothing is written anywhere: a name that leads
/// out of the archive leads nowhere.
struct ArchiveFolders: FolderTree {
  /// The folder in which the pictures or the folders of classes lie: what most archives have around all they hold is no
  /// class.
  private(set) var root: String
  private let name: String
  private let bytes: [UInt8]
  private var files: [String: ZIPEntry] = [:]
  private var folders: [String: Set<String>]

  /// The folders in the bytes of an archive called `name` in messages; nil where the bytes are none, or one of arrays.
  ///
  /// - Throws: `DatasetError`; of kind `unsupported` where it holds neither arrays nor pictures.
  init?(_ bytes: [UInt8], name: String) throws {
    guard NPZ.isArchive(bytes) else { return nil }
    let entries = try ZIPDirectory(bytes, name: name).entries
    func holds(_ isWanted: (String) -> Bool) -> Bool {
      entries.contains { isWanted($0.name.lowercased()) && !fileName($0.name).hasPrefix("._") }
    }
    if holds({ $0.hasSuffix(".npy") }) { return nil }
    guard holds(PictureFolder.isPictureName) else {
      throw holds({ $0.hasSuffix("data.pkl") })
        ? DatasetError(
          .unsupported, name, "is a PyTorch file, as torch.save writes",
          remedy: "save its images with numpy.savez(FILE, images=images.numpy(), labels=labels.numpy())")
        : DatasetError(
          .unsupported, name, "is a ZIP file that holds neither arrays (.npy) nor PNG or JPEG pictures",
          remedy: "unpack it and name a file or a folder of it, or save the images with "
            + "numpy.savez(FILE, images=…, labels=…)")
    }
    (self.name, self.bytes, root, folders) = (name, bytes, name, [name: []])
    for entry in entries { add(entry) }
    // One folder around everything, and what a system leaves beside it.
    while let only = onlyFolder(of: root) { root += "/\(only)" }
  }

  /// Puts an entry where its name says. Some programs of Windows part folders by `\\`.
  private mutating func add(_ entry: ZIPEntry) {
    let separator: Character = entry.name.contains("/") ? "/" : "\\"
    let parts = entry.name.split(separator: separator).map(String.init).filter { $0 != "." && $0 != ".." }
    var path = name
    for (index, part) in parts.enumerated() {
      folders[path, default: []].insert(part)
      path += "/\(part)"
      // A folder has an entry of its own, or only those of what is in it.
      if index < parts.count - 1 || entry.name.hasSuffix(String(separator)) {
        folders[path, default: []].formUnion([])
      } else {
        files[path] = entry
      }
    }
  }

  /// The folder in `path` beside which there is neither another nor a picture, if it is not called as a half.
  private func onlyFolder(of path: String) -> String? {
    let visible = contents(path).filter { !$0.hasPrefix(".") && $0 != "__MACOSX" }
    let inner = visible.filter { isFolder("\(path)/\($0)") }
    guard inner.count == 1, !DataPart.isFolderName(inner[0]),
      !visible.contains(where: { PictureFolder.isPictureName($0) && $0 != inner[0] })
    else { return nil }
    return inner[0]
  }

  func contents(_ path: String) -> [String] { folders[path].map(Array.init) ?? [] }

  func isFolder(_ path: String) -> Bool { folders[path] != nil }

  func isBroken(_ name: String, _ path: String) -> Bool { false }

  func problem(_ path: String) -> String? {
    guard let entry = files[path] else { return "folder" }
    return entry.unpacked == 0 ? "empty file" : nil
  }

  func read(_ path: String) throws -> [UInt8] {
    guard let entry = files[path] else { throw DatasetError(.missing, path, "is not in the archive") }
    return try entry.unpacked(of: bytes, name: name, place: path)
  }
}
