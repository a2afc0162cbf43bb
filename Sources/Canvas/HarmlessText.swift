extension String {
  /// The text with question marks for what would act on a terminal instead of being shown: control characters other
  /// than the end of a line and the tab, and marks that change the direction of writing. A file's name may hold any.
  public var harmless: String {
    guard unicodeScalars.contains(where: Self.acts) else { return self }
    return String(String.UnicodeScalarView(unicodeScalars.map { Self.acts($0) ? "?" : $0 }))
  }

  private static func acts(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A: false
    case ..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
