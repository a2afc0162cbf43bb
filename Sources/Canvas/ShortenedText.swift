/// Text cut to a width, with `…` where something is missing.
public func shortened(_ text: String, to width: Int) -> String {
  guard text.unicodeScalars.count > width else { return text }
  guard width > 1 else { return String(String.UnicodeScalarView(text.unicodeScalars.prefix(max(0, width)))) }
  return String(String.UnicodeScalarView(text.unicodeScalars.prefix(width - 1))) + "…"
}

/// Text cut to the end that a width has room for, with `…` before it where something is missing.
public func shortenedAtFront(_ text: String, to width: Int) -> String {
  guard text.unicodeScalars.count > width else { return text }
  guard width > 0 else { return "" }
  return "…" + String(String.UnicodeScalarView(text.unicodeScalars.suffix(width - 1)))
}
