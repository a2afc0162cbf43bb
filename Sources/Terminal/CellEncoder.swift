import Canvas

/// Writes cells in any order, for terminals that take the sequences nearly all take.
///
/// ncurses draws a screen from left to right and from top to bottom. Where another order is shorter, this says the same
/// with the same strings of the terminal's description; what it writes is meant for a `StyleCompressor`, which drops
/// what repeats.
struct CellEncoder {
  private let description: TerminalDescription
  private var styles: [Style: [UInt8]] = [:]

  /// What of a cell is style; colours by ncurses' numbers, -1 the terminal's own.
  struct Style: Hashable {
    var foreground: Int32
    var background: Int32
    var attributes: Attributes
  }

  /// An encoder for a terminal; nil for one that moves its cursor or combines styles in ways of its own.
  init?(description: TerminalDescription) {
    guard description.movesAsMostDo else { return nil }
    self.description = description
  }

  /// Cells of a screen in the given order.
  ///
  /// - Parameters:
  ///   - order: indices into a screen `width` columns wide.
  ///   - start: the index the cursor rests on.
  ///   - end: the index it is to rest on.
  ///   - appearance: the code point and the style of the cell at an index.
  mutating func encode(
    _ order: [Int], width: Int, from start: Int, to end: Int,
    appearance: (Int) -> (glyph: Unicode.Scalar, style: Style)
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(order.count * 32)
    // The cursor's place; nil behind a row's last column, where terminals differ.
    var place: Int? = start
    for index in order {
      Self.move(from: place, to: index, width: width, into: &bytes)
      let (glyph, style) = appearance(index)
      if let known = styles[style] {
        bytes += known
      } else {
        if styles.count > 20_000 { styles = [:] }
        let selection = description.selecting(style)
        styles[style] = selection
        bytes += selection
      }
      if let encoded = UTF8.encode(glyph) { bytes.append(contentsOf: encoded) }
      place = (index + 1) % width == 0 ? nil : index + 1
    }
    bytes += Self.plain
    Self.move(from: place, to: end, width: width, into: &bytes)
    return bytes
  }

  /// What ends every style.
  static let plain = Array("\u{1B}[m".utf8)

  /// Appends the shortest way from one place to another.
  static func move(from start: Int?, to end: Int, width: Int, into bytes: inout [UInt8]) {
    if start == end { return }
    let (column, row) = (end % width, end / width)
    let beginning = bytes.count
    let absolute = 4 + digits(row + 1) + digits(column + 1)
    if let start {
      let (right, down) = (column - start % width, row - start / width)
      if down != 0 { step(abs(down), down > 0 ? "B" : "A", into: &bytes) }
      if (-4..<0).contains(right) {
        bytes.append(contentsOf: repeatElement(0x08, count: -right))
      } else if right != 0 {
        step(abs(right), right > 0 ? "C" : "D", into: &bytes)
      }
      if bytes.count - beginning < absolute { return }
      bytes.removeSubrange(beginning...)
    }
    bytes += [0x1B, UInt8(ascii: "[")]
    append(row + 1, to: &bytes)
    bytes.append(UInt8(ascii: ";"))
    append(column + 1, to: &bytes)
    bytes.append(UInt8(ascii: "H"))
  }

  private static func step(_ count: Int, _ final: Unicode.Scalar, into bytes: inout [UInt8]) {
    bytes += [0x1B, UInt8(ascii: "[")]
    if count > 1 { append(count, to: &bytes) }
    bytes.append(UInt8(ascii: final))
  }

  private static func digits(_ number: Int) -> Int { number < 10 ? 1 : number < 100 ? 2 : number < 1000 ? 3 : 4 }

  private static func append(_ number: Int, to bytes: inout [UInt8]) {
    if number >= 10 { append(number / 10, to: &bytes) }
    bytes.append(UInt8(number % 10) + 0x30)
  }
}
