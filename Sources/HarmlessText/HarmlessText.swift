/// Text from outside — names of files, what files hold, what a server says — as it may be shown: the one place that all
/// of it passes on its way to a terminal, a log or a reader of JSON.
///
/// Made harmless is what acts instead of being seen: control characters (C0 and C1, so escape sequences too), marks that
/// turn the direction of writing, what takes no room and so makes two names look the same, separators of lines and
/// paragraphs, and code points that no version of Unicode has given a meaning.
extension String {
  /// The text with question marks for what would act instead of being seen. Ends of lines and tabs stay: it may be many
  /// lines of the program's own.
  public var harmless: String { replacing { $0 != "\n" && $0 != "\t" && Self.acts($0) } }

  /// The text on one line, with question marks for what would act instead of being seen, ends of lines and tabs among
  /// it: a name that holds one cannot look like two lines of the program's own.
  public var harmlessLine: String { replacing(Self.acts) }

  /// JSON text with `\u` escapes for what would act instead of being seen, within its strings; the value is the same.
  public var harmlessJSON: String {
    guard !isPlain else { return self }
    var result = ""
    for scalar in unicodeScalars {
      if Self.acts(scalar), scalar != "\n", scalar != "\t" {
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private func replacing(_ acts: (Unicode.Scalar) -> Bool) -> String {
    guard !isPlain || utf8.contains(where: { $0 < 0x20 }) else { return self }
    guard unicodeScalars.contains(where: acts) else { return self }
    return String(String.UnicodeScalarView(unicodeScalars.map { acts($0) ? "?" : $0 }))
  }

  /// Whether it holds printable ASCII, ends of lines and tabs alone, as most text does.
  private var isPlain: Bool { utf8.allSatisfy { (0x20..<0x7F).contains($0) || $0 == 0x0A || $0 == 0x09 } }

  private static func acts(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20..<0x7F, 0xA1..<0xAD: return false
    case ..<0xA0: return true
    // Symbols the program draws with: asked for by the thousand.
    case 0x2190..<0x2800, 0x2801..<0x2900: return false
    default: break
    }
    let properties = scalar.properties
    // The selectors of text and emoji forms belong to what they follow, and can be seen by it.
    if properties.isDefaultIgnorableCodePoint { return !(0xFE0E...0xFE0F).contains(scalar.value) }
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: return true
    default: return false
    }
  }
}
