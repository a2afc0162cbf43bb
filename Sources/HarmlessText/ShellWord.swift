/// Commands that a person is told to type.
extension String {
  /// A name or a path as one word of a command: as it is where a shell leaves it alone, else quoted for it. What begins
  /// with a dash, which would be an option, gets `./` before it; what would act instead of being seen is spelt by its
  /// bytes (`$'\012'`), so that the command names the very file.
  public var shellWord: String {
    if hasPrefix("-") { return "./\(self)".shellWord }
    if harmlessLine != self {
      let bytes = utf8.map { byte -> String in
        let isPlain = (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "'") && byte != UInt8(ascii: "\\")
        if isPlain { return String(UnicodeScalar(byte)) }
        let digits = String(byte, radix: 8)
        return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
      }
      return "$'\(bytes.joined())'"
    }
    let isPlain = !isEmpty && !hasPrefix("=") && unicodeScalars.allSatisfy(Self.isLeftAlone)
    return isPlain ? self : "'\(replacing("'", with: "'\\''"))'"
  }

  /// Whether no shell gives a character a meaning, wherever it stands in a word.
  private static func isLeftAlone(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_", "-", ".", "/", ",", ":", "+", "@", "%", "=": true
    default: scalar.value > 0x7F && !scalar.properties.isWhitespace
    }
  }
}
