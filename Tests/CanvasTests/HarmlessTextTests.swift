import Foundation
import HarmlessText
import Testing

@Suite("Text from outside")
struct HarmlessTextTests {
  /// One of every kind that acts instead of being seen: C0, DEL, C1, bidirectional marks, what has no width, fillers,
  /// separators, tags, code points without meaning.
  static let acting: [Unicode.Scalar] = [
    "\u{0}", "\u{7}", "\u{8}", "\r", "\u{1B}", "\u{7F}", "\u{80}", "\u{9B}", "\u{9F}", "\u{AD}", "\u{34F}",
    "\u{61C}", "\u{115F}", "\u{180E}", "\u{200B}", "\u{200D}", "\u{200E}", "\u{2028}", "\u{2029}", "\u{202E}",
    "\u{2060}", "\u{2066}", "\u{2069}", "\u{3164}", "\u{FEFF}", "\u{FFA0}", "\u{FFF9}", "\u{E0001}", "\u{E0041}",
    "\u{378}", "\u{FFFE}",
  ]

  @Test("Whatever acts on a terminal or cannot be seen becomes a question mark", arguments: acting)
  func acts(scalar: Unicode.Scalar) {
    #expect("a\(scalar)b".harmless == "a?b")
    #expect("a\(scalar)b".harmlessLine == "a?b")
  }

  @Test("Whatever can be seen stays as it is")
  func stays() {
    for text in ["", "runs/a b.png", "Größe → 9 µs", "日本語", "عربي", "▁▂▃⣿⠀█", "e\u{301}", "❤\u{FE0F}", "\u{A0}\u{A1}"] {
      #expect(text.harmless == text && text.harmlessLine == text && text.harmlessJSON == text)
    }
  }

  @Test("Ends of lines and tabs stay in lines of the program's own, and not in a name")
  func lines() {
    #expect("a\nb\tc".harmless == "a\nb\tc")
    #expect("a\nb\tc\r\n".harmlessLine == "a?b?c??")
  }

  @Test("JSON keeps its value: what cannot be seen is escaped", arguments: acting)
  func json(scalar: Unicode.Scalar) {
    guard scalar.value >= 0x7F else { return }
    let escaped = "{\"a\": \"x\(scalar)y\"}\n".harmlessJSON
    #expect(escaped.unicodeScalars.allSatisfy { $0.isASCII } && escaped.contains("\\u"))
    let units = escaped.split(separator: "\\u").dropFirst().compactMap { UInt16($0.prefix(4), radix: 16) }
    #expect(String(decoding: units, as: UTF16.self) == String(scalar))
  }

  @Test("A name in a command is one word for a shell, and a plain one stays as it is")
  func shellWords() throws {
    for plain in ["runs/a", "runs/strokes-2d.v1", "β=4", "a_b:c@d%e+f", "日本"] { #expect(plain.shellWord == plain) }
    #expect("sp ace".shellWord == "'sp ace'")
    #expect("a'b".shellWord == "'a'\\''b'")
    #expect("-x".shellWord == "./-x" && "- x".shellWord == "'./- x'")
    #expect("".shellWord == "''" && "~".shellWord == "'~'" && "=ls".shellWord == "'=ls'")
    #expect("a\nb'".shellWord == "$'a\\012b\\047'")
  }

  @Test(
    "A shell reads a name in a command as it was",
    arguments: [
      "sp ace", "a'b", "q\"$x", "`id`", "a;b|c&d", "*?[a]{b,c}", "~root", "!1", "#", "\\n", "a\nb", "e\u{301}\u{202E}x",
      "\u{1B}[1m", "",
    ])
  func shellReads(name: String) throws {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", "printf %s \(name.shellWord)"]
    process.standardOutput = pipe
    try process.run()
    process.waitUntilExit()
    #expect(name.shellWord.harmlessLine == name.shellWord)
    #expect(try String(decoding: pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self) == name)
  }
}
