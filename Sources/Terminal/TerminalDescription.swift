import CNcurses
import Canvas
import Canvas
import Glibc

/// What terminfo tells of the terminal ncurses was started on, beyond what ncurses uses itself.
struct TerminalDescription {
  /// The name the description was found under.
  let name: String
  /// The number of colours, 0 for none.
  let colors: Int
  /// Whether colour numbers are red, green and blue.
  let isDirect: Bool
  /// Bytes of a named capability, without padding.
  private static func string(_ capability: String) -> [UInt8]? {
    guard let pointer = tigetstr(capability), Int(bitPattern: pointer) != -1 else { return nil }
    return withoutPadding(bytes(pointer))
  }

  private static func bytes(_ text: UnsafePointer<CChar>) -> [UInt8] {
    UnsafeBufferPointer(start: text, count: strlen(text)).map { UInt8(bitPattern: $0) }
  }

  /// Drops the `$<5>` marks that ask for a delay only hardware terminals needed.
  static func withoutPadding(_ bytes: [UInt8]) -> [UInt8] {
    var kept: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "$"), index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "<"),
        let end = bytes[index...].firstIndex(of: UInt8(ascii: ">"))
      {
        index = end + 1
      } else {
        kept.append(bytes[index])
        index += 1
      }
    }
    return kept
  }

  /// Whether the cursor can be placed.
  let placesCursor: Bool
  /// Whether the terminal can report a mouse.
  let hasMouse: Bool
  /// Whether the terminal can mark pastes.
  let marksPastes: Bool
  /// Whether the cursor moves by the sequences nearly all terminals have, and styles combine freely.
  let movesAsMostDo: Bool
  /// Sequences the terminal sends for keys.
  let keySequences: [[UInt8]: Key]
  /// What gives the palette its original colours.
  let paletteReset: [UInt8]
  private let attributesOff: [UInt8]
  private let cursorVisible: [UInt8]
  private let alternateScreenOff: [UInt8]?

  /// Reads the description of the terminal ncurses was started on.
  init(name: String) {
    self.name = name
    colors = Int(tigetnum("colors"))
    isDirect = tigetflag("RGB") > 0 || tigetnum("RGB") > 0 || Self.string("RGB") != nil || colors > 1 << 16
    placesCursor = Self.string("cup") != nil && tigetflag("gn") <= 0 && tigetflag("hc") <= 0
    // kmous is what xterm's descendants have; their private modes are then safe to set.
    hasMouse = Self.string("kmous") != nil && name != "linux"
    marksPastes = Self.string("BE") != nil || hasMouse
    movesAsMostDo =
      Self.commonMoves.allSatisfy { Self.string($0.capability) == Array($0.bytes.utf8) }
      && tigetnum("ncv") <= 0 && tigetflag("xenl") > 0
    attributesOff = Self.string("sgr0") ?? []
    cursorVisible = Self.string("cnorm") ?? []
    paletteReset = Self.string("oc") ?? []
    alternateScreenOff = Self.string("rmcup")
    var sequences: [[UInt8]: Key] = [:]
    for (capability, key) in Self.keyCapabilities {
      // One byte would hide a character; what does not begin with escape is a control the decoder knows.
      if let sequence = Self.string(capability), sequence.count > 1, sequence[0] == 0x1B { sequences[sequence] = key }
    }
    keySequences = sequences
  }

  /// Reads the description of a type; nil when there is none. Not to be used once ncurses has started.
  init?(reading type: String) {
    var status: Int32 = 0
    guard setupterm(type, STDOUT_FILENO, &status) == OK else { return nil }
    self.init(name: type)
  }

  /// Capabilities that name keys. Modified keys have names of their own: the codes differ from terminal to terminal.
  private static let keyCapabilities: [(String, Key)] = {
    var list: [(String, Key)] = [
      ("kcuu1", Key(.up)), ("kcud1", Key(.down)), ("kcub1", Key(.left)), ("kcuf1", Key(.right)), ("khome", Key(.home)),
      ("kend", Key(.end)), ("kpp", Key(.pageUp)), ("knp", Key(.pageDown)), ("kich1", Key(.insert)),
      ("kdch1", Key(.delete)), ("kcbt", Key(.backTab)), ("kent", Key(.enter)), ("kbs", Key(.backspace)),
      ("kLFT", Key(.left, modifiers: .shift)), ("kRIT", Key(.right, modifiers: .shift)),
      ("kri", Key(.up, modifiers: .shift)), ("kind", Key(.down, modifiers: .shift)),
      ("kHOM", Key(.home, modifiers: .shift)), ("kEND", Key(.end, modifiers: .shift)),
      ("kPRV", Key(.pageUp, modifiers: .shift)), ("kNXT", Key(.pageDown, modifiers: .shift)),
      ("kDC", Key(.delete, modifiers: .shift)), ("kIC", Key(.insert, modifiers: .shift)),
    ]
    for number in 1...12 { list.append(("kf\(number)", Key(.function(number)))) }
    let extended: [(String, Key.Code)] = [
      ("kUP", .up), ("kDN", .down), ("kLFT", .left), ("kRIT", .right), ("kHOM", .home), ("kEND", .end),
      ("kPRV", .pageUp), ("kNXT", .pageDown), ("kDC", .delete), ("kIC", .insert),
    ]
    for (name, code) in extended {
      for number in 3...8 {
        list.append(("\(name)\(number)", Key(code, modifiers: InputSequences.modifiers(number))))
      }
    }
    return list
  }()

  private static let commonMoves: [(capability: String, bytes: String)] = [
    ("cup", "\u{1B}[%i%p1%d;%p2%dH"), ("cuu", "\u{1B}[%p1%dA"), ("cud", "\u{1B}[%p1%dB"),
    ("cuf", "\u{1B}[%p1%dC"), ("cub", "\u{1B}[%p1%dD"), ("cub1", "\u{8}"),
  ]

  private static let attributeCapabilities: [(attribute: Attributes, capability: String)] = [
    (.bold, "bold"), (.dim, "dim"), (.underline, "smul"), (.reverse, "rev"),
  ]

  /// What selects a style, whatever was selected before; for terminals that move as most do.
  func selecting(_ style: CellEncoder.Style) -> [UInt8] {
    var bytes = CellEncoder.plain
    for (attribute, capability) in Self.attributeCapabilities where style.attributes.contains(attribute) {
      bytes += Self.string(capability) ?? []
    }
    if style.foreground >= 0 { bytes += Self.expanded("setaf", style.foreground, 0) }
    if style.background >= 0 { bytes += Self.expanded("setab", style.background, 0) }
    return bytes
  }

  /// A capability with two numbers filled in; empty if the terminal has none of that name.
  private static func expanded(_ capability: String, _ first: Int32, _ second: Int32) -> [UInt8] {
    guard let format = tigetstr(capability), Int(bitPattern: format) != -1,
      let text = curses_expand(format, first, second)
    else { return [] }
    return withoutPadding(bytes(text))
  }

  /// What makes the whole of a screen that high scroll, and nothing less.
  func scrollingRegion(height: Int) -> [UInt8] { Self.expanded("csr", 0, Int32(max(0, height - 1))) }

  // MARK: - Modes ncurses leaves to the program

  /// Whether the terminal may be asked for its ground: xterm's descendants answer or swallow the question, others might
  /// show it.
  var asksGround: Bool { hasMouse && movesAsMostDo && colors >= 8 }

  private var groundReports: (on: [UInt8], off: [UInt8]) {
    asksGround ? (Array("\u{1B}[?2031h".utf8), Array("\u{1B}[?2031l".utf8)) : ([], [])
  }

  private static let mouseOn = "\u{1B}[?1002h\u{1B}[?1006h"
  private static let mouseOff = "\u{1B}[?1002l\u{1B}[?1006l"

  /// What turns the program's own modes on.
  func entering(mouse: Bool) -> [UInt8] {
    (marksPastes ? Array("\u{1B}[?2004h".utf8) : []) + (mouse ? settingMouse(true) : []) + groundReports.on
  }

  /// What turns mouse reports on or off: presses, releases and drags, in the SGR form that has no limit of columns.
  func settingMouse(_ on: Bool) -> [UInt8] {
    hasMouse ? Array((on ? Self.mouseOn : Self.mouseOff).utf8) : []
  }

  /// What gives the terminal back, for a screen of that height.
  func leaving(height: Int) -> [UInt8] {
    var bytes = attributesOff + settingMouse(false) + (marksPastes ? Array("\u{1B}[?2004l".utf8) : [])
    bytes += groundReports.off
    if alternateScreenOff == nil {
      bytes += Self.expanded("cup", Int32(max(0, height - 1)), 0) + Array("\r\n".utf8)
    }
    return bytes + (alternateScreenOff ?? []) + cursorVisible
  }
}
