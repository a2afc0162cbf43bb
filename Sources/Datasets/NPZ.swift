/// Several named arrays as `numpy.savez` and `numpy.savez_compressed` write them: a ZIP archive of NPY files, whichever
/// program packed it.
public struct NPZ: Sendable {
  /// The names of the arrays, in the order of the file.
  public var names: [String] { entries.map(\.name) }

  private let fileName: String
  private let bytes: [UInt8]
  private let entries: [ZIPEntry]

  /// Opens an archive; `-` is standard input. Arrays are unpacked when asked for.
  ///
  /// - Throws: `DatasetError`.
  public init(path: String) throws {
    let name = inputName(path)
    try self.init(
      readFile(path) { head, _ in
        guard Self.isArchive(head) else { throw OtherKinds.refusal(of: head, name: name, wanted: "no NPZ file") }
        return .upTo(.max)
      }, name: name)
  }

  /// Opens the bytes of an archive called `name` in messages.
  ///
  /// - Throws: `DatasetError`.
  public init(_ bytes: [UInt8], name: String) throws {
    fileName = name
    self.bytes = bytes
    // Folders, notes and what a system leaves beside them (__MACOSX/._x.npy) are no arrays.
    let all: [ZIPEntry] = try ZIPDirectory(bytes, name: name).entries.compactMap { entry in
      var entry = entry
      while entry.name.hasPrefix("./") { entry.name.removeFirst(2) }
      guard entry.name.lowercased().hasSuffix(".npy"), !Datasets.fileName(entry.name).hasPrefix("._") else {
        return nil
      }
      entry.name.removeLast(4)
      return entry
    }
    // What was added later under the same name stands, as in every program that reads ZIP files.
    let last = Dictionary(all.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { _, later in later })
    entries = all.enumerated().filter { last[$1.name] == $0 }.map(\.element)
  }

  /// Unpacks one array.
  ///
  /// - Throws: `DatasetError`; of kind `unknown` where no array has this name.
  public func array(_ name: String) throws -> StoredArray {
    try NPY.decode(unpacked(entry(name)), name: place(name))
  }

  /// The words of an array of texts; nil where it holds something else.
  ///
  /// - Throws: `DatasetError`.
  func texts(_ name: String) throws -> [String]? {
    guard try header(name).text != nil else { return nil }
    return try NPY.texts(unpacked(entry(name)), name: place(name))
  }

  /// An array of words; nil where it holds something else.
  ///
  /// - Throws: `DatasetError`; of kind `unknown` where no array has this name.
  public func words(_ name: String) throws -> StoredWords? {
    guard try header(name).text != nil else { return nil }
    return try NPY.words(unpacked(entry(name)), name: place(name))
  }

  /// What the header of an array says, without unpacking the array.
  ///
  /// - Throws: `DatasetError`.
  func header(_ name: String) throws -> NPYHeader {
    let entry = try entry(name)
    let packed = try entry.packed(of: bytes, name: fileName, place: place(name))
    let most = FileExtent.headLength
    let first =
      entry.method == 0
      ? Array(packed.prefix(most)) : try Inflate.prefix(packed, .raw, count: most, name: place(name))
    return try NPY.header(of: first, name: place(name)).header
  }

  func place(_ name: String) -> String { "\(fileName)[\(name)]" }

  func entry(_ name: String) throws -> ZIPEntry {
    guard let entry = entries.first(where: { $0.name == name }) else {
      throw DatasetError(.unknown, fileName, "holds no array \(name); there are \(names.joined(separator: ", "))")
    }
    return entry
  }

  func unpacked(_ entry: ZIPEntry) throws -> [UInt8] {
    try entry.unpacked(of: bytes, name: fileName, place: place(entry.name))
  }

  /// Whether these bytes begin as a ZIP file does.
  public static func isArchive(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0x50, 0x4b, 3, 4]) || bytes.starts(with: [0x50, 0x4b, 5, 6])
  }
}
