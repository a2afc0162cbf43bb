import Canvas

/// A matrix of values in −1…1 as colours: blue below zero, orange above.
public struct HeatFigure: Sendable {
  /// A name for files, a title and how to read it.
  public var name = "matrix"
  public var title = ""
  public var caption = ""
  /// Names of rows and columns.
  public var entries: [String]
  /// `entries.count` squared values, row by row.
  public var values: [Double]

  /// A square matrix.
  public init(entries: [String], values: [Double]) {
    self.entries = entries
    self.values = values
  }

  /// The figure.
  public var figure: Figure {
    let count = max(1, entries.count)
    // Wide enough for −0.25 with air at both sides, as long as the whole is no wider than the page.
    let side = max(6, min(46, 500 / Double(count)))
    let (left, top) = (56.0, 28.0)
    let extent = side * Double(count)
    var drawing = Drawing(width: left + extent + 90, height: top + extent + 12)
    let widest = Double(entries.map(\.count).max() ?? 1) * Drawing.letterWidth + 4
    let every = max(1, Int((max(widest, 14) / side).rounded(.up)))
    for (entry, name) in entries.enumerated() where entry % every == 0 {
      let middle = side * (Double(entry) + 0.5)
      drawing.text(name, left + middle, top - 8, .middle, .muted)
      drawing.text(name, left - 6, top + middle + 4, .end, .muted)
    }
    for (place, value) in values.enumerated() {
      let (row, column) = (place / count, place % count)
      drawing.rectangle(
        left + side * Double(column), top + side * Double(row), side, side, .color(Self.color(value)))
      if side >= 42, value.isFinite {
        drawing.text(
          NumberText.decimal(value, decimals: 2).replacing("-", with: "−"), left + side * (Double(column) + 0.5),
          top + side * (Double(row) + 0.5) + 4, .middle, .color(SIMD3(20, 20, 20)))
      }
    }
    for step in 0...20 {
      let value = 1 - Double(step) / 10
      drawing.rectangle(left + extent + 20, top + Double(step) * 7, 16, 7, .color(Self.color(value)))
      if step % 10 == 0 {
        drawing.text(value == 0 ? "0" : value > 0 ? "+1" : "−1", left + extent + 42, top + Double(step) * 7 + 8)
      }
    }
    var table = Table([""] + entries)
    for (row, name) in entries.enumerated() {
      table.add([.word(name)] + (0..<count).map { .number(values[row * count + $0]) })
    }
    return Figure(name: name, title: title, caption: caption, drawing: drawing, table: table)
  }

  /// White at zero, towards blue at −1 and orange at +1: tones that all kinds of sight tell apart.
  private static func color(_ value: Double) -> SIMD3<UInt8> {
    guard value.isFinite else { return SIMD3(128, 128, 128) }
    let end: SIMD3<Double> = value < 0 ? SIMD3(33, 102, 200) : SIMD3(230, 120, 20)
    let share = min(1, abs(value))
    let mixed = SIMD3<Double>(repeating: 245) * (1 - share) + end * share
    return SIMD3(UInt8(mixed.x), UInt8(mixed.y), UInt8(mixed.z))
  }
}
