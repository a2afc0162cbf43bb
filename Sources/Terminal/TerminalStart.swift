import Canvas
import Glibc

/// What the environment says of the terminal, and the refusals that follow from it.
enum TerminalStart {
  /// The terminal's type.
  ///
  /// - Throws: `TerminalError` when standard input or output is no terminal, or no type is given.
  static func type() throws(TerminalError) -> String {
    for (descriptor, name) in [(STDOUT_FILENO, "standard output"), (STDIN_FILENO, "standard input")]
    where isatty(descriptor) == 0 {
      throw TerminalError(
        description: "\(name) is no terminal, and the screen needs one: run it in a terminal, without a pipe or "
          + "redirection of \(name)")
    }
    guard let type = variable("TERM") else {
      throw TerminalError(
        description: "TERM is not set, so what this terminal understands is unknown: set it to the terminal's type, "
          + "for example TERM=xterm-256color")
    }
    return type
  }

  /// The refusal for a type without a description.
  static func unknown(_ type: String) -> TerminalError {
    TerminalError(
      description:
        "there is no description of the terminal type \"\(readable(type))\" here: set TERM to a type that has "
        + "one, for example TERM=xterm-256color, or install the package ncurses-term")
  }

  /// The refusal for a type that cannot place its cursor.
  static func tooSimple(_ type: String) -> TerminalError {
    TerminalError(
      description:
        "the terminal type \"\(readable(type))\" cannot place its cursor, which a full screen needs: set TERM "
        + "to the terminal's true type, for example TERM=xterm-256color")
  }

  private static func readable(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.filter { (0x20..<0x7F).contains($0.value) }.prefix(40)))
  }

  /// What the system says about the call that just failed.
  static func lastSystemError() -> String { String(cString: strerror(errno)) }

  /// A variable of the environment, unless empty.
  static func variable(_ name: String) -> String? {
    guard let value = getenv(name), value[0] != 0 else { return nil }
    return String(cString: value)
  }

  /// Sets the locale's characters, and tells whether they are Unicode.
  static func hasUnicode() -> Bool {
    if setlocale(LC_CTYPE, "") == nil {
      // Often the locale asked for is not installed (it came along by ssh). What it says of the characters holds.
      let wanted = variable("LC_ALL") ?? variable("LC_CTYPE") ?? variable("LANG") ?? ""
      let codeset = wanted.split(separator: ".").last?.lowercased().filter { $0 != "-" } ?? ""
      guard codeset.hasPrefix("utf8"), setlocale(LC_CTYPE, "C.UTF-8") != nil else { return false }
    }
    return String(cString: nl_langinfo(nl_item(CODESET))) == "UTF-8"
  }

  /// The colours to use: forced, or none under `NO_COLOR`, or what the description offers.
  static func colors(forced: ColorLevel?, description: TerminalDescription) -> ColorLevel {
    let offered = level(of: description)
    if let forced { return limit(forced, to: offered) }
    return variable("NO_COLOR") != nil ? .mono : offered
  }

  private static func level(of description: TerminalDescription) -> ColorLevel {
    if description.isDirect { return .direct }
    return switch description.colors {
    case ..<8: .mono
    case 8..<16: .ansi8
    case 16..<256: .ansi16
    default: .palette256
    }
  }

  private static func limit(_ wanted: ColorLevel, to offered: ColorLevel) -> ColorLevel {
    let order: [ColorLevel] = [.mono, .ansi8, .ansi16, .palette256, .direct]
    let ranks = (order.firstIndex(of: wanted) ?? 0, order.firstIndex(of: offered) ?? 0)
    return ranks.0 <= ranks.1 ? wanted : offered
  }

  /// The type whose description is used: the terminal's own unless more colours are forced than it offers. Then a
  /// relative is taken that offers them, if there is one.
  static func type(_ own: String, offering forced: ColorLevel?) -> String {
    guard let forced, forced != .mono else { return own }
    let family = own.split(separator: "-").first.map(String.init) ?? own
    let suffix: [ColorLevel: [String]] = [
      .direct: ["direct"], .palette256: ["256color"], .ansi16: ["16color", "256color"], .ansi8: ["color", "256color"],
    ]
    let relatives = (suffix[forced] ?? []).flatMap { ["\(family)-\($0)", "xterm-\($0)"] }
    return ([own] + relatives).first { type in
      guard let description = TerminalDescription(reading: type) else { return false }
      return limit(forced, to: level(of: description)) == forced
    } ?? own
  }

  /// Whether the terminal draws sextants itself, so that no font can lack them.
  static func drawsSextants(_ type: String) -> Bool {
    let families = ["xterm-kitty", "kitty", "foot", "wezterm", "contour", "xterm-ghostty", "ghostty"]
    if families.contains(where: { type.hasPrefix($0) }) { return true }
    if let version = variable("VTE_VERSION").flatMap({ Int($0) }), version >= 5802 { return true }
    return ["WezTerm", "ghostty", "contour"].contains(variable("TERM_PROGRAM") ?? "")
  }

  /// Whether the terminal is xterm itself, which takes block elements from a font; its descendants draw them.
  static func drawsBlocksWithSeams(_ type: String) -> Bool {
    type.hasPrefix("xterm") && variable("XTERM_VERSION") != nil
  }

  /// The window's size in cells.
  static func windowSize() -> (width: Int, height: Int) {
    var size = winsize()
    // Where the system does not know (a serial line), the variables may.
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
      let width = variable("COLUMNS").flatMap { Int($0) } ?? 80
      let height = variable("LINES").flatMap { Int($0) } ?? 24
      return (min(max(1, width), 1000), min(max(1, height), 1000))
    }
    return (min(Int(size.ws_col), 1000), min(Int(size.ws_row), 1000))
  }
}
