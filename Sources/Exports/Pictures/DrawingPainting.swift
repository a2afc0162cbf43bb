import Datasets

extension Drawing {
  /// The drawing in pixels, `scale` of them a unit, edges smoothed.
  public func painted(_ theme: Theme = .light, scale: Int = 2) -> ColorPicture {
    let scale = max(1, min(8, scale))
    var picture = ColorPicture(
      width: Int((width * Double(scale)).rounded(.up)), height: Int((height * Double(scale)).rounded(.up)),
      filledWith: theme.rgb(.ground))
    for shape in shapes { picture.paint(shape, theme, Double(scale)) }
    return picture
  }
}

extension ColorPicture {
  fileprivate mutating func paint(_ shape: Drawing.Shape, _ theme: Theme, _ scale: Double) {
    switch shape {
    case .rectangle(let x, let y, let width, let height, let ink):
      fill(x * scale, y * scale, (x + width) * scale, (y + height) * scale, theme.rgb(ink))
    case .line(let points, let ink, let width, let dashed):
      for (from, to) in zip(points, points.dropFirst()) {
        let pieces = dashed ? Self.dashes(from, to) : [(from, to)]
        for (start, end) in pieces { stroke(start * scale, end * scale, width * scale, theme.rgb(ink)) }
      }
    case .dots(let points, let radius, let ink):
      let color = theme.rgb(ink)
      for point in points { stroke(point * scale, point * scale, 2 * radius * scale, color) }
    case .text(let words, let x, let y, let anchor, let ink, let bold, let rotated):
      write(words, x * scale, y * scale, anchor, theme.rgb(ink), bold: bold, rotated: rotated, Int(scale))
    case .image(let image, let x, let y, let width, let height):
      draw(image, x * scale, y * scale, width * scale, height * scale)
    }
  }

  /// A line in dashes of four units with gaps of three.
  private static func dashes(_ from: SIMD2<Double>, _ to: SIMD2<Double>) -> [(SIMD2<Double>, SIMD2<Double>)] {
    let way = to - from
    let length = (way * way).sum().squareRoot()
    guard length > 4, length.isFinite else { return [(from, to)] }
    return stride(from: 0.0, to: length, by: 7).map { start in
      (from + way * (start / length), from + way * (min(length, start + 4) / length))
    }
  }

  /// Fills a rectangle; pixels that it covers in part are mixed.
  private mutating func fill(_ left: Double, _ top: Double, _ right: Double, _ bottom: Double, _ color: SIMD3<UInt8>) {
    let columns = pixels(left, right, width)
    for y in pixels(top, bottom, height) {
      let high = min(bottom, Double(y + 1)) - max(top, Double(y))
      for x in columns { blend(x, y, color, high * (min(right, Double(x + 1)) - max(left, Double(x)))) }
    }
  }

  /// The pixels of an axis that an interval touches.
  private func pixels(_ lower: Double, _ upper: Double, _ size: Int) -> Range<Int> {
    guard lower.isFinite, upper.isFinite, upper > 0, lower < Double(size), upper > lower else { return 0..<0 }
    return Int(max(0, lower.rounded(.down)))..<Int(min(Double(size), upper.rounded(.up)))
  }

  /// A line with round ends: a pixel is covered by how far its middle is inside.
  private mutating func stroke(_ from: SIMD2<Double>, _ to: SIMD2<Double>, _ width: Double, _ color: SIMD3<UInt8>) {
    guard (from + to).x.isFinite, (from + to).y.isFinite else { return }
    let radius = width / 2
    let way = to - from
    let squared = (way * way).sum()
    let columns = pixels(min(from.x, to.x) - radius - 1, max(from.x, to.x) + radius + 1, self.width)
    for y in pixels(min(from.y, to.y) - radius - 1, max(from.y, to.y) + radius + 1, height) {
      for x in columns {
        let middle = SIMD2(Double(x) + 0.5, Double(y) + 0.5)
        let along = squared > 0 ? min(1, max(0, ((middle - from) * way).sum() / squared)) : 0
        let away = middle - from - way * along
        blend(x, y, color, min(1, radius * 2) * min(1, max(0, radius + 0.5 - (away * away).sum().squareRoot())))
      }
    }
  }

  private mutating func write(
    _ words: String, _ x: Double, _ y: Double, _ anchor: Drawing.Anchor, _ color: SIMD3<UInt8>, bold: Bool,
    rotated: Bool, _ scale: Int
  ) {
    let letters = Array(words.unicodeScalars)
    let length = letters.count * BitmapFont.width * scale
    let start = anchor == .start ? 0 : anchor == .middle ? -length / 2 : -length
    let (left, base) = (Int(x.rounded()), Int(y.rounded()))
    for (place, letter) in letters.enumerated() {
      for (line, bits) in BitmapFont.rows(of: letter).enumerated() {
        for column in 0..<8 where bits & (0x80 >> column) != 0 {
          for dot in 0..<scale * scale * (bold ? 2 : 1) {
            // A bold letter is drawn twice, half a column apart.
            let shift = dot >= scale * scale ? max(1, scale / 2) : 0
            let along = start + (place * BitmapFont.width + column) * scale + dot % scale + shift
            let up = (line - BitmapFont.ascent) * scale + dot / scale % scale
            if rotated {
              blend(left + up, base - along, color, 1)
            } else {
              blend(left + along, base + up, color, 1)
            }
          }
        }
      }
    }
  }

  /// Grey pixels, each a block of its own.
  private mutating func draw(_ image: GreyPicture, _ left: Double, _ top: Double, _ width: Double, _ height: Double) {
    guard width > 0, height > 0 else { return }
    for y in pixels(top, top + height, self.height) {
      let row = min(image.height - 1, max(0, Int((Double(y) + 0.5 - top) / height * Double(image.height))))
      for x in pixels(left, left + width, self.width) {
        let column = min(image.width - 1, max(0, Int((Double(x) + 0.5 - left) / width * Double(image.width))))
        let grey = image.bytes[row * image.width + column]
        blend(x, y, SIMD3(repeating: grey), 1)
      }
    }
  }
}
