import ArgumentParser
import Canvas
import Datasets
import Terminal

/// A size in character cells, written `28x14`.
struct CellSize: ExpressibleByArgument, Hashable {
  let width: Int
  let height: Int

  static var allValueStrings: [String] { ["WIDTHxHEIGHT such as 28x14, each 1 to 1000"] }
  static var defaultCompletionKind: CompletionKind { .default }

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  init?(argument: String) {
    let parts = argument.lowercased().split(separator: "x", omittingEmptySubsequences: false)
    guard parts.count == 2, let width = Int(parts[0]), let height = Int(parts[1]), 1...1000 ~= width,
      1...1000 ~= height
    else { return nil }
    self.init(width: width, height: height)
  }

  var defaultValueDescription: String { "\(width)x\(height)" }
}

/// The colours asked for on the command line.
enum ColorChoice: String, CaseIterable, ExpressibleByArgument {
  case auto
  case mono
  case ansi8 = "8"
  case ansi16 = "16"
  case palette256 = "256"
  case direct

  /// The level asked for, or nil for `auto`.
  var level: ColorLevel? { ColorLevel(rawValue: rawValue) }
}

/// How images are printed.
struct PictureOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Character cells for one image.", valueName: "WxH"))
  var size: CellSize?

  @Option(help: "Colours to print with: auto asks the terminal, and prints plain text where there is none.")
  var color: ColorChoice = .auto

  @Flag(help: "Print with printable ASCII only.")
  var ascii = false

  @Flag(help: "Use Unicode 13's sextants too, 2×3 parts a cell, where the font has them.")
  var sextants = false

  func validate() throws {
    if ascii, sextants { throw ValidationError("--ascii and --sextants exclude each other") }
  }

  /// Refuses these options where no picture is printed, for the reason that `reason` says.
  ///
  /// - Throws: a `ValidationError` that names those that were given.
  func refuse(because reason: String) throws {
    try ValidationError.refuse(
      [("--size", size != nil), ("--color", color != .auto), ("--ascii", ascii), ("--sextants", sextants)],
      because: reason)
  }

  /// Refuses these options where what could be printed is written to `path` instead; nil where it is printed.
  ///
  /// - Throws: a `ValidationError` that names those that were given.
  func check(beside path: String?) throws {
    if path != nil { try refuse(because: "nothing is printed as glyphs with --output or --format") }
  }

  /// What to print with, given whether standard output is a terminal.
  var rendition: Rendition {
    let unicode = !ascii && TerminalSession.printsUnicode
    return Rendition(colors: color.level ?? Self.detectedColors(), unicode: unicode, sextants: sextants && unicode)
  }

  /// Writes lines that stand beside pictures: with `--ascii` they are ASCII as well.
  func write(_ text: String) throws { try StandardOutput.write(text, ascii: !rendition.unicode) }

  /// `frame` as text: with escapes for colours and reverse video, but without any where nobody asked for colours and
  /// there is no terminal to understand them.
  func text(_ frame: Frame) -> String {
    color == .auto && !StandardOutput.isTerminal
      ? frame.withoutReverse(unicode: rendition.unicode).plain() : frame.ansi(level: rendition.colors)
  }

  /// What lines on standard error may be drawn with.
  static var errorRendition: Rendition { Rendition(colors: .mono, unicode: TerminalSession.printsUnicode) }

  /// The colours the environment promises: COLORTERM and TERM; none on NO_COLOR or without a terminal.
  private static func detectedColors() -> ColorLevel {
    guard StandardOutput.isTerminal, environmentVariable("NO_COLOR") == nil, let term = environmentVariable("TERM"),
      term != "dumb"
    else {
      return .mono
    }
    if let promised = environmentVariable("COLORTERM"), promised == "truecolor" || promised == "24bit" {
      return .direct
    }
    if term.contains("direct") { return .direct }
    if term.contains("256") { return .palette256 }
    return term.contains("16color") ? .ansi16 : .ansi8
  }
}

extension Frame {
  /// The frame with reversed cells replaced by the glyph that fills what theirs leaves open, or comes nearest to it.
  func withoutReverse(unicode: Bool) -> Frame {
    var result = self
    for row in 0..<height {
      for column in 0..<width where self[column, row].attributes.contains(.reverse) {
        let glyph = self[column, row].glyph
        result[column, row] = Cell(unicode ? Self.complements[glyph] ?? "█" : glyph == " " ? "@" : "#")
      }
    }
    return result
  }

  private static let complements: [Unicode.Scalar: Unicode.Scalar] = {
    let pairs: [(Unicode.Scalar, Unicode.Scalar)] = [
      (" ", "█"), ("▀", "▄"), ("▌", "▐"), ("▖", "▜"), ("▗", "▛"), ("▘", "▟"), ("▝", "▙"), ("▚", "▞"), ("░", "▓"),
      ("▒", "▒"), ("▇", "▔"), ("▉", "▕"),
    ]
    // Blocks of eighths have no counterpart at the other side; a half, a shade or the whole comes nearest.
    let nearest: [(Unicode.Scalar, Unicode.Scalar)] = [
      ("▁", "█"), ("▂", "▓"), ("▃", "▀"), ("▅", "▀"), ("▆", "▀"), ("▏", "█"), ("▎", "▓"), ("▍", "▐"), ("▋", "▐"),
      ("▊", "▐"),
    ]
    return Dictionary(pairs + pairs.map { ($1, $0) } + nearest, uniquingKeysWith: { first, _ in first })
  }()
}
