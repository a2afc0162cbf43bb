/// An array of words.
public struct StoredWords: Sendable, Hashable {
  /// Extents, outermost first.
  public let shape: [Int]
  /// The words in row-major order.
  public let words: [String]

  /// Words of a shape; the caller answers for the counts to agree.
  public init(shape: [Int], words: [String]) {
    self.shape = shape
    self.words = words
  }

  /// The number that stands for each of `words`, counted from 0 in natural order (2 before 10), and the words by number.
  public static func numbered(_ words: [String]) -> (numbers: [Int32], names: [String]) {
    let names = Set(words).sorted(by: naturallyPrecedes)
    let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Int32(clamping: $0)) })
    return (words.map { numbers[$0] ?? -1 }, names)
  }
}

extension NPY {
  /// Reads a file of words; nil where it holds something else.
  ///
  /// - Throws: `DatasetError`.
  public static func words(_ bytes: [UInt8], name: String) throws -> StoredWords? {
    let header = try header(of: bytes, name: name).header
    guard let texts = try texts(bytes, name: name) else { return nil }
    return StoredWords(shape: header.shape, words: header.isTurned ? rowMajor(texts, shape: header.shape) : texts)
  }

  /// The words of an array `[n]` of texts (`<U5`, `|S5`), such as the names of classes; nil where it holds numbers.
  ///
  /// - Throws: `DatasetError`.
  static func texts(_ bytes: [UInt8], name: String) throws -> [String]? {
    let (header, start) = try header(of: bytes, name: name)
    guard let text = header.text else { return nil }
    let count = try elementCount(header.shape, name: name)
    let size = text.size
    try check(bytes.count - start, header, size: count * size, name: name)
    try MemoryBudget.require(count, of: text.decodedSize, for: name)
    return (0..<count).map { index in
      let characters = bytes[(start + index * size)..<(start + (index + 1) * size)]
      // numpy fills up with zeros.
      guard text.isWide else { return String(decoding: characters.prefix { $0 != 0 }, as: UTF8.self) }
      var word = String.UnicodeScalarView()
      for place in stride(from: characters.startIndex, to: characters.endIndex, by: 4) {
        let quad = characters[place..<place + 4]
        let value = (header.isBigEndian ? Array(quad) : quad.reversed()).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard value != 0 else { break }
        word.append(Unicode.Scalar(value) ?? "\u{FFFD}")
      }
      return String(word)
    }
  }
}
