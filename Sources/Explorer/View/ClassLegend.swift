import Canvas

/// The classes with their looks, in ever shorter forms: whichever fits is shown, so that no window is without a legend.
struct ClassLegend {
  /// From the longest to the shortest, one row each.
  let forms: [Frame]

  /// - Parameter asMarks: whether points are drawn as marks; nil where the number of classes decides.
  init(_ classes: [Int32], hidden: Set<Int32>, asMarks: Bool? = nil, rendition: Rendition) {
    var full = Frame(width: 24 * max(1, classes.count), height: 1)
    let width = full.writeClassLegend(
      classes: classes, hidden: hidden, asMarks: asMarks, column: 0, row: 0, rendition: rendition)
    var forms = [Self.cropped(full, to: width)]
    for gap in [1, 0] {
      for count in [classes.count, 20, 10] where count <= classes.count {
        var frame = Frame(width: 6 * classes.count + 4, height: 1)
        var column = 0
        for label in classes.prefix(count) {
          if column > 0, gap > 0 || classes.count > 10 { column += 1 }
          let isHidden = hidden.contains(label)
          // A class that is hidden keeps its place, as a dim dot.
          column += frame.write(
            isHidden ? (rendition.unicode ? "·" : "-") : String(ClassPalette.mark(of: Int(label))), column: column,
            row: 0,
            foreground: isHidden ? .standard : ClassPalette.color(of: Int(label), rendition: rendition),
            attributes: isHidden ? [] : .bold)
        }
        if count < classes.count { column += frame.write(" +\(classes.count - count)", column: column, row: 0) }
        forms.append(Self.cropped(frame, to: column))
      }
    }
    self.forms = forms
  }

  /// Levels of something, each with its colour.
  init(levels names: [String], asMarks: Bool, rendition: Rendition) {
    let asMarks = asMarks || !rendition.isRich
    self.forms = [1, 0].map { gap in
      var frame = Frame(width: names.reduce(0) { $0 + $1.count + 3 }, height: 1)
      var column = 0
      for (level, name) in names.enumerated() {
        let color = LevelPalette.color(of: level, rendition: rendition)
        let mark = asMarks ? String(ClassPalette.mark(of: level)) : rendition.unicode ? "●" : "*"
        if level > 0 { column += gap }
        column += frame.write(mark, column: column, row: 0, foreground: color)
        // The shortest form says the ends alone.
        guard gap > 0 || level == 0 || level == names.count - 1 else { continue }
        column += frame.write(name.replacing(" %", with: gap > 0 ? "" : "%"), column: column, row: 0, foreground: color)
      }
      if gap > 0 { column += frame.write(" %", column: column, row: 0) }
      return Self.cropped(frame, to: column)
    }
  }

  private static func cropped(_ frame: Frame, to width: Int) -> Frame {
    var result = Frame(width: width, height: 1)
    result.draw(frame, column: 0, row: 0)
    return result
  }
}
