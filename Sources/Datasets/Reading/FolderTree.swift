import Glibc

/// Where folders of pictures lie: on disk, or in an archive.
protocol FolderTree {
  /// The names in a folder, sorted; none where there is no folder.
  ///
  /// - Throws: `DatasetError` of kind `unreadable`, as all that looks at the file system, where that is refused.
  func contents(_ path: String) throws -> [String]
  /// Whether `path` is a folder.
  func isFolder(_ path: String) throws -> Bool
  /// Whether `path` is a link to something elsewhere.
  func isLink(_ path: String) -> Bool
  /// Whether `path` is there and no folder.
  func isFile(_ path: String) throws -> Bool
  /// Why an entry that is called like a picture is none, or nil.
  func problem(_ path: String) throws -> String?
  /// What a file holds.
  ///
  /// - Parameter look: is shown the first bytes of the file, and its size, and says how much is wanted.
  /// - Throws: `DatasetError`, and what `look` throws.
  func read(_ path: String, look: (_ head: [UInt8], _ size: Int?) throws -> FileExtent) throws -> [UInt8]
}

/// Folders of the file system.
final class DiskFolders: FolderTree {
  /// Where what lies that has a name which is not UTF-8, or is in a folder that has: the path's bytes, by the text it is
  /// known by.
  private var stored: [String: [UInt8]] = [:]

  func contents(_ path: String) throws -> [String] {
    let above = stored[path]
    let folder = opendir(exact(path))
    guard folder != nil || isAbsence(errno) else { throw readingError(path, errno) }
    var texts: Set<String> = []
    // What is UTF-8 keeps its name, whatever others are written as.
    let names = storedNames(folder).map { (name: $0, text: NameText.text(of: $0)) }
    let plain = names.filter { $0.text.utf8.elementsEqual($0.name) }
    let others = names.filter { !$0.text.utf8.elementsEqual($0.name) }
    for (name, text) in plain + others {
      var unused = text
      while !texts.insert(unused).inserted { unused = "\\" + unused }
      guard above != nil || !unused.utf8.elementsEqual(name) else { continue }
      stored["\(path)/\(unused)"] = (above ?? Array(path.utf8)) + [UInt8(ascii: "/")] + name
    }
    return texts.sorted()
  }

  /// The bytes of a path, and 0.
  private func exact(_ path: String) -> [CChar] {
    stored[path].map { $0.map { CChar(bitPattern: $0) } + [0] } ?? Array(path.utf8CString)
  }

  func isFolder(_ path: String) throws -> Bool { try status(path).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false }

  func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(exact(path), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  func isFile(_ path: String) throws -> Bool { try status(path).map { $0.st_mode & S_IFMT != S_IFDIR } ?? false }

  /// What the system tells of `path`, links followed; nil where nothing is there.
  private func status(_ path: String) throws -> stat? { try fileStatus(exact(path), place: path) }

  func problem(_ path: String) throws -> String? {
    guard let status = try self.status(path) else { return "dangling link" }
    if status.st_mode & S_IFMT == S_IFDIR { return "folder" }
    guard status.st_mode & S_IFMT == S_IFREG else { return "special file" }
    return status.st_size == 0 ? "empty file" : nil
  }

  func read(_ path: String, look: (_ head: [UInt8], _ size: Int?) throws -> FileExtent) throws -> [UInt8] {
    try readFile(stored: exact(path), place: path, look: look)
  }
}

/// The folders of a ZIP archive of pictures or of the IDX files of a published set, by the names of its entries. Nothing is
/// written anywhere: a name that leads out of the archive leads nowhere.
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
  /// - Throws: `DatasetError`; of kind `unsupported` where it holds neither arrays nor pictures nor IDX files of images.
  init?(_ bytes: [UInt8], name: String) throws {
    guard NPZ.isArchive(bytes) else { return nil }
    let entries = try ZIPDirectory(bytes, name: name).entries
    func holds(_ isWanted: (String) -> Bool) -> Bool {
      entries.contains { isWanted($0.name.lowercased()) && !fileName($0.name).hasPrefix("._") }
    }
    if holds({ $0.hasSuffix(".npy") }) { return nil }
    guard holds(PictureFolder.isPictureName) || holds({ PublishedName(fileName($0)) != nil }) else {
      throw holds({ $0.hasSuffix("data.pkl") })
        ? DatasetError(
          .unsupported, name, "is a PyTorch file, as torch.save writes",
          remedy: "save its images with numpy.savez(FILE, images=images.numpy(), labels=labels.numpy())")
        : DatasetError(
          .unsupported, name,
          "is a ZIP file that holds neither arrays (.npy) nor PNG or JPEG pictures, nor files called as MNIST's are",
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
      !visible.contains(where: {
        $0 != inner[0] && (PictureFolder.isPictureName($0) || PublishedName($0) != nil)
      })
    else { return nil }
    return inner[0]
  }

  func contents(_ path: String) -> [String] { folders[path]?.sorted() ?? [] }

  func isFolder(_ path: String) -> Bool { folders[path] != nil }

  func isLink(_ path: String) -> Bool { false }

  func isFile(_ path: String) -> Bool { files[path] != nil }

  func problem(_ path: String) -> String? {
    guard let entry = files[path] else { return "folder" }
    return entry.unpacked == 0 ? "empty file" : nil
  }

  func read(_ path: String, look: (_ head: [UInt8], _ size: Int?) throws -> FileExtent) throws -> [UInt8] {
    guard let entry = files[path] else {
      throw DatasetError(
        .missing, path, "is not in the archive \(name)", remedy: "list what is there, for example: unzip -l \(name)")
    }
    let unpacked = try entry.unpacked(of: bytes, name: name, place: path)
    let head = Array(unpacked.prefix(FileExtent.headLength))
    // The bytes are all here already: what they may not be is told by who uses them.
    guard case .head = try look(head, unpacked.count) else { return unpacked }
    return head
  }

  /// The file that `path` leads into as if it were a folder, as `digits.zip/train/1.png` does; nil where it leads into none.
  static func archive(above path: String) -> String? {
    guard path != "-", !Datasets.isFile(path), !Datasets.isFolder(path) else { return nil }
    var above = folderName(path)
    while above != ".", above != "/", !Datasets.isFolder(above) {
      if Datasets.isFile(above) { return above }
      above = folderName(above)
    }
    return nil
  }
}
