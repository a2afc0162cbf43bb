extension NPY {
  /// The words of an array `[n]` of texts (`<U5`, `|S5`), such as the names of classes; nil where it holds numbers.
  ///
  /// - Throws: `DatasetError`.
  static func texts(_ bytes: [UInt8], name: String) throws -> [String]? {
    let (header, start) = try header(of: bytes, name: name)
    guard let text = header.text else { return nil }
    let count = try elementCount(header.shape, name: name)
    // At most 40 bits times 16 times 4: no overflow.
    let size = text.length * (text.isWide ? 4 : 1)
    guard bytes.count - start == count * size else {
      throw DatasetError(
        .truncated, name,
        "holds \(bytes.count - start) bytes of data where shape \(header.shape) of \(header.elementType) "
          + "takes \(count * size)", remedy: "fetch or copy the file again")
    }
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
