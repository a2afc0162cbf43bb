/// How small pictures, such as digits, are laid out in a given room: never smaller than one can read, and larger as the room
/// grows.
public struct DigitLayout: Hashable, Sendable {
  /// The width and height of a picture in cells.
  public let cell: (width: Int, height: Int)
  /// How many stand beside each other.
  public let columns: Int
  /// How many stand above each other.
  public let rows: Int
  /// Where the first picture begins, so that all of them stand in the middle of the room.
  public let origin: (column: Int, row: Int)
  /// The scales that give other layouts than this one, smaller and larger: whether `−` and `+` would do anything.
  public let canShrink: Bool
  public let canGrow: Bool

  /// The height in cells below which a digit of 28×28 pixels cannot be told from others: five rows of two quadrants each
  /// show it at 17.5 dB (256 colours), four at 15. With fewer colours or in mono seven rows say as much.
  public static func legibleHeight(_ rendition: Rendition) -> Int {
    rendition.unicode && rendition.isRich ? 5 : 7
  }

  /// Lays pictures out.
  ///
  /// - Parameters:
  ///   - room: what there is, in cells.
  ///   - image: the pictures' size in pixels; they keep their proportions, a cell being twice as high as wide.
  ///   - columns: how many should stand beside each other, if they fit: no more are shown. Fewer where legible ones do
  ///     not fit.
  ///   - rows: the same for those above each other.
  ///   - gap: cells left free beside every picture and, as rows, below it (for a caption).
  ///   - scale: steps larger (above 0) or smaller (below) than the largest that all fit, as `+` and `−` count them.
  ///   - keepsOdd: whether an odd number of columns is wanted, so that one is in the middle.
  ///   - fills: whether there may be more than asked for where the room allows it (a grid), or not (a strip of values).
  ///   - rendition: what pictures are drawn with.
  public init(
    room: Rectangle, image: (width: Int, height: Int), columns: Int, rows: Int,
    gap: (columns: Int, rows: Int) = (0, 0), scale: Int = 0, keepsOdd: Bool = false, fills: Bool = false,
    rendition: Rendition
  ) {
    let ratio = 2 * Double(max(1, image.width)) / Double(max(1, image.height))
    func width(_ height: Int) -> Int { max(1, Int((ratio * Double(height)).rounded())) }
    func fits(_ height: Int) -> (columns: Int, rows: Int) {
      (
        (room.width + gap.columns) / (width(height) + gap.columns),
        (room.height) / (height + gap.rows)
      )
    }
    // A picture has at most two cells a pixel across: beyond that it only gets coarser.
    let tallest = max(1, min(room.height - gap.rows, max(1, image.height)))
    // Of all heights those that are worth it: each at least a seventh larger than the one before.
    var heights: [Int] = []
    let legible = min(Self.legibleHeight(rendition), max(1, tallest))
    var next = legible
    while next <= tallest {
      if width(next) <= room.width || heights.isEmpty { heights.append(next) }
      next = max(next + 1, (next * 8 + 6) / 7)
    }
    // Twice the pixels of a cell or once show each pixel whole.
    for exact in [image.height / 2, image.height] where exact > legible && exact <= tallest {
      if width(exact) <= room.width, !heights.contains(exact) { heights.append(exact) }
    }
    heights.sort()
    let wanted = (columns: max(1, columns), rows: max(1, rows))
    let largest =
      heights.lastIndex { fits($0).columns >= wanted.columns && fits($0).rows >= wanted.rows } ?? 0
    let place = min(heights.count - 1, max(0, largest + scale))
    let height = heights.isEmpty ? 1 : heights[max(0, place)]
    canShrink = place > 0
    canGrow = place + 1 < heights.count
    cell = (min(width(height), max(1, room.width)), height)
    let fitting = fits(height)
    var across = max(1, fills ? fitting.columns : min(wanted.columns, fitting.columns))
    if keepsOdd, across % 2 == 0 { across -= 1 }
    self.columns = across
    self.rows = max(1, fills ? fitting.rows : min(wanted.rows, fitting.rows))
    origin = (
      room.column + max(0, room.width - self.columns * (cell.width + gap.columns) + gap.columns) / 2,
      room.row + max(0, room.height - self.rows * (cell.height + gap.rows)) / 2
    )
  }

  /// The cells of a picture, counted from the upper left.
  public func rectangle(column: Int, row: Int, gap: (columns: Int, rows: Int) = (0, 0)) -> Rectangle {
    Rectangle(
      column: origin.column + column * (cell.width + gap.columns), row: origin.row + row * (cell.height + gap.rows),
      width: cell.width, height: cell.height)
  }

  public static func == (first: DigitLayout, second: DigitLayout) -> Bool {
    first.cell == second.cell && first.columns == second.columns && first.rows == second.rows
      && first.origin == second.origin
  }

  public func hash(into hasher: inout Hasher) {
    for part in [cell.width, cell.height, columns, rows, origin.column, origin.row] { hasher.combine(part) }
  }
}
