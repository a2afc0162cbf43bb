/// Names of files as text: systems take any bytes for a name, and messages and tables need characters.
enum NameText {
  /// A name that is UTF-8 as it is; of another the bytes that are no characters are written `\xe9`, so that different names
  /// stay different.
  static func text(of name: some Collection<UInt8>) -> String {
    let bytes = Array(name)
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    var text = ""
    var rest = bytes[...]
    while let first = rest.first {
      let length = max(1, (~first).leadingZeroBitCount)
      if let character = String(validating: rest.prefix(length), as: UTF8.self) {
        text += character
        rest = rest.dropFirst(length)
      } else {
        text += "\\x" + (first < 0x10 ? "0" : "") + String(first, radix: 16)
        rest = rest.dropFirst()
      }
    }
    return text
  }
}
