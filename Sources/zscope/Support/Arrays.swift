import Datasets

/// Arrays named on the command line.
enum Arrays {
  /// The array of a file of numbers (.npy, .json or .csv), or of `file.npz:name`, none of its numbers rounded; `-` is standard
  /// input.
  ///
  /// - Throws: `DatasetError`, `CommandError`.
  static func read(_ path: String) throws -> StoredNumbers {
    guard let (file, name) = inArchive(path) else { return try NumberFile.numbers(NumberFile.read(path), path) }
    return try NPZ(path: file).numbers(name)
  }

  /// Arrays of classes that mean the same ones. Words become numbers from 0, in natural order of all that the files have
  /// in a column: a word has one number, whichever of them it stands in.
  ///
  /// - Throws: `CommandError` where some hold words and some numbers.
  static func classes(_ paths: [String]) throws -> [StoredNumbers] {
    let contents = try paths.map(content)
    let words = contents.compactMap { if case .words(let words) = $0 { words } else { nil } }
    guard !words.isEmpty else {
      return contents.compactMap { if case .numbers(let array) = $0 { array } else { nil } }
    }
    guard words.count == contents.count else {
      throw CommandError(
        "\(paths.joined(separator: " and ")): one holds words and the other numbers",
        remedy: "save both alike, for example the numbers of numpy.unique(words, return_inverse=True)")
    }
    var numbers = words.map { [Double](repeating: 0, count: $0.words.count) }
    let widths = words.map { $0.shape.count == 2 ? $0.shape[1] : 1 }
    for column in 0..<(widths.max() ?? 0) {
      let places = words.indices.flatMap { file in
        stride(from: column, to: column < widths[file] ? words[file].words.count : column, by: max(1, widths[file]))
          .map { (file: file, index: $0) }
      }
      let numbered = StoredWords.numbered(places.map { words[$0.file].words[$0.index] }).numbers
      for (place, number) in zip(places, numbered) { numbers[place.file][place.index] = Double(number) }
    }
    return zip(words, numbers).map { StoredNumbers(shape: $0.shape, type: .signed32, elements: .real($1)) }
  }

  private enum Content {
    case numbers(StoredNumbers)
    case words(StoredWords)
  }

  private static func content(_ path: String) throws -> Content {
    if let (file, name) = inArchive(path) {
      let archive = try NPZ(path: file)
      return try archive.words(name).map { .words($0) } ?? .numbers(archive.numbers(name))
    }
    let bytes = try NumberFile.read(path)
    let words = bytes.starts(with: NumberFile.magic) ? try NPY.words(bytes, name: inputName(path)) : nil
    return try words.map { .words($0) } ?? .numbers(NumberFile.numbers(bytes, path))
  }

  /// The archive and the name in it, where a path says both.
  static func inArchive(_ path: String) -> (file: String, name: String)? {
    guard let colon = path.lastIndex(of: ":"), path[..<colon].hasSuffix(".npz") else { return nil }
    return (String(path[..<colon]), String(path[path.index(after: colon)...]))
  }
}
