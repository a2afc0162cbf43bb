import Glibc

/// The pictures of a folder, as people and systems leave them there.
struct PictureFolder {
  /// Paths of the pictures, in natural order.
  private(set) var pictures: [String] = []
  /// For each picture the number of its class, where sub-folders are classes.
  private(set) var labels: [Int32]?
  /// The sub-folders' names.
  private(set) var classNames: [String] = []
  /// What was left out, by kind.
  private var skipped: [(kind: String, count: Int)] = []

  /// What a picture's name ends with.
  private static let endings = [".png", ".jpg", ".jpeg"]

  static func isPictureName(_ name: String) -> Bool {
    let name = name.lowercased()
    return endings.contains { name.hasSuffix($0) }
  }

  /// The pictures in `path`, or where there are none, those of its sub-folders, each of which is a class; where there
  /// are sub-folders called train and test, those of one of the two.
  init(_ path: String, part: DataPart) { read(path, part: part) }

  private mutating func read(_ path: String, part: DataPart) {
    let entries = folderContents(path).sorted(by: naturallyPrecedes)
    collect(entries, in: path)
    guard pictures.isEmpty else { return }
    let folders = entries.filter { !$0.hasPrefix(".") && isFolder("\(path)/\($0)") }
    if let half = folders.first(where: { part.folderNames.contains($0.lowercased()) }),
      let other = DataPart.allCases.first(where: { $0 != part }),
      folders.contains(where: { other.folderNames.contains($0.lowercased()) })
    {
      return read("\(path)/\(half)", part: part)
    }
    var numbers: [Int32] = []
    for folder in folders {
      let before = pictures.count
      collect(folderContents("\(path)/\(folder)").sorted(by: naturallyPrecedes), in: "\(path)/\(folder)")
      guard pictures.count > before else { continue }
      numbers += [Int32](repeating: Int32(clamping: classNames.count), count: pictures.count - before)
      classNames.append(folder)
    }
    labels = pictures.isEmpty ? nil : numbers
  }

  private mutating func collect(_ entries: [String], in path: String) {
    for name in entries where Self.isPictureName(name) {
      let file = "\(path)/\(name)"
      if let problem = Self.problem(name, file) { skip(problem) } else { pictures.append(file) }
    }
  }

  /// Why an entry that is called like a picture is none, or nil.
  private static func problem(_ name: String, _ path: String) -> String? {
    // macOS keeps what other file systems cannot in ._NAME beside NAME.
    if name.hasPrefix(".") { return name.hasPrefix("._") ? "._ file" : "hidden file" }
    var status = stat()
    guard stat(path, &status) == 0 else { return "dangling link" }
    if status.st_mode & S_IFMT == S_IFDIR { return "folder" }
    guard status.st_mode & S_IFMT == S_IFREG else { return "special file" }
    return status.st_size == 0 ? "empty file" : nil
  }

  /// Counts an entry that was left out.
  mutating func skip(_ kind: String) {
    if let index = skipped.firstIndex(where: { $0.kind == kind }) {
      skipped[index].count += 1
    } else {
      skipped.append((kind, 1))
    }
  }

  /// What was left out, in words; nil where nothing was.
  var note: String? {
    guard !skipped.isEmpty else { return nil }
    let kinds = skipped.map { "\($0.count) \($0.kind)\($0.count == 1 ? "" : "s")" }
    let total = skipped.reduce(0) { $0 + $1.count }
    return "left out \(total) \(total == 1 ? "entry that is" : "entries that are") no picture: "
      + kinds.joined(separator: ", ")
  }
}

extension DataPart {
  /// What the folder of this half is called beside that of the other.
  fileprivate var folderNames: Set<String> {
    self == .training ? ["train", "training"] : ["test", "testing", "val", "valid", "validation", "t10k"]
  }
}
