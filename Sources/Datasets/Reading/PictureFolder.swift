/// The pictures of a folder, on disk or in an archive, as people and systems leave them there.
struct PictureFolder {
  /// Paths of the pictures, in natural order.
  private(set) var pictures: [String] = []
  /// For each picture the number of its class, where sub-folders are classes.
  private(set) var labels: [Int32]?
  /// The sub-folders' names.
  private(set) var classNames: [String] = []
  /// The half of the set that these are, where folders say so.
  private(set) var part: DataPart?
  /// What was left out, by kind.
  private var skipped: [(kind: Kind, count: Int)] = []
  /// Why something that would be read where this is what is meant cannot be.
  private var refusal: DatasetError?
  private let tree: any FolderTree

  /// What an entry is that was left out: a noun, and where it lies or what is wrong with it.
  private struct Kind: Hashable {
    let name: String
    let place: String
  }

  /// What a picture's name ends with.
  private static let endings = [".png", ".jpg", ".jpeg"]

  static func isPictureName(_ name: String) -> Bool {
    let name = name.lowercased()
    return endings.contains { name.hasSuffix($0) }
  }

  /// What the names of pictures of other kinds end with.
  private static let otherEndings = [".bmp", ".gif", ".tif", ".tiff", ".jfif", ".jpe", ".webp"]

  /// The pictures of the sub-folders of `path`, each of which is a class; or those in `path` itself, where there is no
  /// more than one such folder and it holds fewer. Where there are sub-folders called train and test, those of one of the
  /// two.
  ///
  /// - Throws: `DatasetError` where one of the folders that would be a half or a class cannot be read: without it others
  ///   would be numbered as its class.
  init(_ path: String, part: DataPart, in tree: any FolderTree = DiskFolders()) throws {
    self.tree = tree
    try read(path, part: part)
  }

  private init(in tree: any FolderTree) { self.tree = tree }

  private mutating func read(_ path: String, part: DataPart) throws {
    let entries = try tree.contents(path).sorted(by: naturallyPrecedes)
    var own = PictureFolder(in: tree)
    own.collect(entries, in: path)
    var classes = PictureFolder(in: tree)
    var folders: [String] = []
    for name in entries where !name.hasPrefix(".") {
      do {
        if try tree.isFolder("\(path)/\(name)") { folders.append(name) }
      } catch let error as DatasetError {
        guard !DataPart.isFolderName(name) else { throw error }
        classes.refusal = classes.refusal ?? error
        if !Self.isPictureName(name) { own.skip("entry", "that may not be looked at") }
      }
    }
    let half = folders.first { part.folderNames.contains($0.lowercased()) }
    let hasBoth = DataPart.allCases.allSatisfy { part in
      folders.contains { part.folderNames.contains($0.lowercased()) }
    }
    if let half, hasBoth {
      try read("\(path)/\(half)", part: part)
      self.part = part
      leaveOutUnread(folders.filter { !DataPart.isFolderName($0) }, of: path, all: true)
      return leaveOut(own, beside: "the folder \(half)")
    }
    var numbers: [Int32] = []
    for folder in folders {
      let before = classes.pictures.count
      do {
        classes.collect(try tree.contents("\(path)/\(folder)").sorted(by: naturallyPrecedes), in: "\(path)/\(folder)")
      } catch let error as DatasetError {
        classes.refusal = classes.refusal ?? error
      }
      guard classes.pictures.count > before else { continue }
      numbers += [Int32](repeating: Int32(clamping: classes.classNames.count), count: classes.pictures.count - before)
      classes.classNames.append(folder)
    }
    // A folder of one half alone is that half, where the classes are in it, whatever lies beside them.
    let lone = half ?? folders.first(where: DataPart.isFolderName)
    if let lone, classes.classNames.allSatisfy({ $0 == lone }) {
      var inner = PictureFolder(in: tree)
      try inner.read("\(path)/\(lone)", part: part)
      if inner.labels != nil {
        self = half == nil ? PictureFolder(in: tree) : inner
        self.part = half.map { _ in part }
        leaveOutUnread(folders.filter { $0 != lone }, of: path, all: true)
        return leaveOut(own, beside: "the folder \(lone)")
      }
    }
    // One folder of a few pictures beside many is no class, and one picture beside many classes is not all there is.
    if classes.classNames.count > 1 || classes.pictures.count > own.pictures.count {
      if let refusal = classes.refusal { throw refusal }
      self = classes
      labels = numbers
      leaveOutUnread(folders, of: path)
      return leaveOut(own, beside: "the folders of classes")
    }
    // Beside pictures alone a folder is no class.
    let areAlone = !own.pictures.isEmpty && classes.pictures.isEmpty
    if let refusal = own.refusal ?? (areAlone ? nil : classes.refusal) { throw refusal }
    self = own
    if own.pictures.isEmpty { leaveOut(classes, beside: "") }
    for _ in classes.pictures { skip("picture", "in sub-folders") }
    leaveOutUnread(folders, of: path)
  }

  /// Counts the pictures in `folders` of `path` that nobody looks for: all in them, or those in the folders of these; and
  /// the folders that may not be looked into. Links are not followed so far.
  private mutating func leaveOutUnread(_ folders: [String], of path: String, all: Bool = false) {
    var open = folders.map { (path: $0, isUnread: all) }
    var (count, first) = (0, "")
    var closed: [String] = []
    var next = 0
    while next < min(open.count, Self.mostFolders) {
      let (folder, isUnread) = open[next]
      next += 1
      do {
        let names = try tree.contents("\(path)/\(folder)").filter { !$0.hasPrefix(".") }
        if isUnread {
          let found = try names.count { try Self.isPictureName($0) && tree.problem("\(path)/\(folder)/\($0)") == nil }
          if count == 0, found > 0 { first = folder }
          count += found
        }
        for name in names where !Self.isPictureName(name) {
          let inner = "\(folder)/\(name)"
          if !tree.isLink("\(path)/\(inner)"), try tree.isFolder("\(path)/\(inner)") { open.append((inner, true)) }
        }
      } catch {
        closed.append(folder)
      }
    }
    for _ in closed { skip("folder", "that may not be looked into, as \(closed[0])") }
    for _ in 0..<count { skip("picture", "in folders that are not read, as in \(first)") }
  }

  /// More folders are not searched for what is left out.
  private static let mostFolders = 10_000

  /// Counts what lies beside what is read.
  private mutating func leaveOut(_ other: PictureFolder, beside place: String) {
    for (kind, count) in other.skipped { for _ in 0..<count { skip(kind.name, kind.place) } }
    for _ in other.pictures { skip("picture", "beside \(place)") }
  }

  private mutating func collect(_ entries: [String], in path: String) {
    for name in entries {
      let file = "\(path)/\(name)"
      if Self.isPictureName(name) {
        do {
          if let problem = try Self.hiddenKind(name) ?? tree.problem(file) {
            skip(problem)
          } else {
            pictures.append(file)
          }
        } catch {
          refusal = refusal ?? error as? DatasetError
          skip("picture", "that may not be looked at")
        }
      } else if let ending = Self.otherEndings.first(where: name.lowercased().hasSuffix), !name.hasPrefix(".") {
        skip("\(ending) file")
      }
    }
  }

  /// What a hidden file is called where it is counted; nil where `name` is none.
  private static func hiddenKind(_ name: String) -> String? {
    // macOS keeps what other file systems cannot in ._NAME beside NAME.
    name.hasPrefix(".") ? name.hasPrefix("._") ? "._ file" : "hidden file" : nil
  }

  /// Counts an entry that was left out.
  mutating func skip(_ name: String, _ place: String = "") {
    let kind = Kind(name: name, place: place)
    if let index = skipped.firstIndex(where: { $0.kind == kind }) {
      skipped[index].count += 1
    } else {
      skipped.append((kind, 1))
    }
  }

  /// What was left out, in words; nil where nothing was.
  var note: String? {
    guard !skipped.isEmpty else { return nil }
    let kinds = skipped.map { kind, count in
      "\(counted(count, kind.name))\(kind.place.isEmpty ? "" : " \(kind.place)")"
    }
    let total = skipped.reduce(0) { $0 + $1.count }
    return "left out \(counted(total, "entry", plural: "entries")): \(kinds.joined(separator: ", "))"
  }
}

extension DataPart {
  /// What the folder of this half is called beside that of the other.
  fileprivate var folderNames: Set<String> {
    self == .training ? ["train", "training"] : ["test", "testing", "val", "valid", "validation", "t10k"]
  }

  /// Whether a folder is called as one of the halves is.
  static func isFolderName(_ name: String) -> Bool {
    allCases.contains { $0.folderNames.contains(name.lowercased()) }
  }
}
