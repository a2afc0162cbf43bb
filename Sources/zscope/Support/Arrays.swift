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

  /// Arrays of classes that mean the same ones, of as many codes as `counts` says. Words become numbers from 0, in natural
  /// order of all that the files have in a column: a word has one number, whichever of them it stands in. A column of
  /// numbers beside one of words stays what it is.
  ///
  /// - Throws: `CommandError` where some hold words and some numbers.
  static func classes(_ paths: [String], counts: [Int]) throws -> [StoredNumbers] {
    let contents = try zip(paths, counts).map { try content($0, count: $1) }
    let words = contents.compactMap(\.words)
    guard !words.isEmpty else {
      return contents.compactMap { if case .numbers(let array) = $0 { array } else { nil } }
    }
    guard words.count == contents.count else {
      throw CommandError(
        "\(paths.joined(separator: " and ")): one holds words and the other numbers",
        remedy: "save both alike, for example the numbers of numpy.unique(words, return_inverse=True)")
    }
    var classes = words.map { [Double](repeating: 0, count: $0.words.words.count) }
    let widths = words.map { $0.words.shape.count == 2 ? $0.words.shape[1] : 1 }
    for column in 0..<(widths.max() ?? 0) {
      let places = words.indices.flatMap { file -> [(file: Int, index: Int)] in
        stride(
          from: column, to: column < widths[file] ? words[file].words.words.count : column, by: max(1, widths[file])
        ).map { (file: file, index: $0) }
      }
      var numbers = places.compactMap { file, index in words[file].numbers.isEmpty ? nil : words[file].numbers[index] }
      if numbers.count < places.count {
        numbers = StoredWords.numbered(places.map { words[$0.file].words.words[$0.index] }).numbers.map { Double($0) }
      }
      for (place, number) in zip(places, numbers) { classes[place.file][place.index] = number }
    }
    return zip(words, classes).map { NumberFile.stored($1, shape: $0.words.shape) }
  }

  /// What a file of classes holds.
  enum Content {
    case numbers(StoredNumbers)
    /// Words, and what stands in the place of each of them in a text: a number, or nil. Of other files there are none.
    case words(StoredWords, numbers: [Double?])

    fileprivate var words: (words: StoredWords, numbers: [Double?])? {
      if case .words(let words, numbers: let numbers) = self { (words, numbers) } else { nil }
    }
  }

  private static func content(_ path: String, count: Int) throws -> Content {
    guard let (file, name) = inArchive(path) else {
      return try NumberFile.classes(NumberFile.read(path, as: .classes(count: count)), path, count: count)
    }
    let archive = try NPZ(path: file)
    return try archive.words(name).map { .words($0, numbers: []) } ?? .numbers(archive.numbers(name))
  }

  /// What the archive of an array `file.npz:name` calls the `count` columns of it; none where it does not say, or in no
  /// archive. Says on standard error where names do not fit.
  ///
  /// - Throws: `DatasetError`.
  static func factorNames(_ path: String, count: Int) throws -> [String] {
    guard let (file, name) = inArchive(path) else { return [] }
    let (names, note) = try NPZ(path: file).factorNames(of: name, count: count)
    if let note { StandardError.complain("\(inputName(file)): \(note)") }
    return names
  }

  /// The archive and the name in it, where a path says both.
  static func inArchive(_ path: String) -> (file: String, name: String)? {
    guard let colon = path.lastIndex(of: ":"), path[..<colon].hasSuffix(".npz") else { return nil }
    return (String(path[..<colon]), String(path[path.index(after: colon)...]))
  }
}
