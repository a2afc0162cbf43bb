extension Frame {
  /// Writes the classes with their looks: `●0 ●1 ●2`, where glyphs tell classes `0 1 2`; hidden ones as `·`.
  ///
  /// A class that its mark does not name (because it has a name, or its number has more digits) stands beside its mark:
  /// `a coat`, `b 11`.
  ///
  /// - Parameters:
  ///   - names: what classes are called, by label; those beyond its end, or of an empty name, by their number.
  ///   - marks: the glyphs of the classes.
  ///   - asMarks: whether the scatter draws points as marks; nil where the number of classes decides.
  /// - Returns: the columns it takes.
  @discardableResult
  public mutating func writeClassLegend<Label: BinaryInteger>(
    classes: some Sequence<Label>, hidden: Set<Label> = [], names: [String] = [], marks: ClassMarks = .standard,
    asMarks: Bool? = nil, column: Int, row: Int, rendition: Rendition
  ) -> Int {
    let classes = classes.map { Int($0) }
    let hidden = Set(hidden.map { Int($0) })
    let asMarks = asMarks ?? ClassPalette.needsMarks(rendition, classCount: (classes.max() ?? -1) + 1)
    var end = column
    for label in classes {
      if end > column { end += write(" ", column: end, row: row) }
      let name = names.indices.contains(label) && !names[label].isEmpty ? names[label] : String(label)
      let isHidden = hidden.contains(label)
      let color = isHidden ? PlotStyle.faint(rendition) : ClassPalette.color(of: label, rendition: rendition)
      let mark = String(marks.mark(of: label))
      if isHidden {
        end += write(rendition.unicode ? "·" : "-", column: end, row: row, foreground: color)
        if asMarks, name == mark { continue }
      } else if !asMarks {
        end += write("●", column: end, row: row, foreground: color)
      } else if name != mark {
        end += write(mark + " ", column: end, row: row, foreground: color)
      }
      end += write(name, column: end, row: row, foreground: color)
    }
    return end - column
  }
}
