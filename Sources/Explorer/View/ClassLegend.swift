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

  private static func cropped(_ frame: Frame, to width: Int) -> Frame {
    var result = Frame(width: width, height: 1)
    result.draw(frame, column: 0, row: 0)
    return result
  }
}
