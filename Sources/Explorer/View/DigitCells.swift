import Canvas

/// Sizes of decoded pictures in cells, which are twice as high as wide.
enum DigitCells {
  static func width(height: Int, of subject: Subject) -> Int {
    max(
      2, Int((2 * Double(height) * Double(max(1, subject.imageWidth)) / Double(max(1, subject.imageHeight))).rounded()))
  }

  /// The heights that small digits can have: the smallest at which they can still be read first.
  static let heights = [4, 5, 6, 7, 8, 10, 12, 14, 18, 21, 28]

  /// The largest size of which so many fit beside and above each other, moved by as many steps as a person asked for. Of
  /// images so wide that not even `least` of the smallest fit beside each other, one of which they do.
  static func fitting(
    _ area: Rectangle, columns: Int, rows: Int, least: Int, of subject: Subject, larger steps: Int = 0
  ) -> (width: Int, height: Int) {
    let place = heights.lastIndex { area.width / width(height: $0, of: subject) >= columns && area.height / $0 >= rows }
    var chosen = min(max(0, (place ?? 0) + steps), heights.count - 1)
    // At least one is seen whole.
    while chosen > 0, width(height: heights[chosen], of: subject) > area.width || heights[chosen] > area.height {
      chosen -= 1
    }
    let size = (width: width(height: heights[chosen], of: subject), height: heights[chosen])
    guard chosen == 0, size.width * least > area.width || size.height > area.height else { return size }
    return whole(
      in: Rectangle(column: 0, row: 0, width: area.width / max(1, least), height: area.height), of: subject)
  }

  /// The largest picture of which the whole fits an area: a multiple of its pixels (two a cell upwards), or where not even
  /// one fits, of the same proportions.
  static func whole(in area: Rectangle, of subject: Subject) -> (width: Int, height: Int) {
    let (imageWidth, imageHeight) = (Double(max(1, subject.imageWidth)), Double(max(1, subject.imageHeight)))
    for scale in [4, 3, 2, 1.5, 1] {
      let (width, height) = (Int((imageWidth * scale).rounded()), Int((imageHeight * scale / 2).rounded(.up)))
      if width <= area.width, height <= area.height { return (width, height) }
    }
    let ratio = 2 * imageWidth / imageHeight
    let height = max(1, min(area.height, Int(Double(area.width) / ratio)))
    return (max(1, min(area.width, Int((ratio * Double(height)).rounded()))), height)
  }

  /// The size of the large digit: whole multiples of its pixels (two a cell upwards) as the window grows, or where not
  /// even one fits, the largest picture of the same proportions.
  static func large(in area: Rectangle, of subject: Subject) -> (width: Int, height: Int) {
    let imageWidth = max(1, subject.imageWidth)
    let imageHeight = max(1, subject.imageHeight)
    let rowsBelow = 6
    for scale in [4, 3, 2, 1.5, 1] {
      let width = Int((Double(imageWidth) * scale).rounded())
      let height = Int((Double(imageHeight) * scale / 2).rounded(.up))
      let share = scale == 1 ? 0.4 : 0.3
      // A larger digit takes no room from the strip.
      let below = scale == 1 ? rowsBelow : 14
      if Double(width + 2) <= share * Double(area.width), height + 2 + below <= area.height, width >= 20 {
        return (width, height)
      }
    }
    let maximumHeight = max(1, area.height - 2 - rowsBelow)
    let maximumWidth = max(20, area.width * 4 / 10 - 3)
    let ratio = Double(imageWidth) / Double(imageHeight)
    let height = max(1, min(maximumHeight, Int(Double(maximumWidth) / (2 * ratio))))
    return (max(20, min(maximumWidth, Int((2 * ratio * Double(height)).rounded()))), height)
  }
}
