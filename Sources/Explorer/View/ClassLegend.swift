import Canvas

/// The classes with their looks, in ever shorter forms: whichever fits is shown, so that no window is without a legend.
struct ClassLegend {
  /// The legend as it is drawn.
  struct Form {
    /// One row.
    let frame: Frame
    /// What stands first for every class, its mark or its name, one a class; nothing of levels.
    var captions: [String] = []
  }

  /// From the longest to the shortest.
  let forms: [Form]

  /// - Parameters:
  ///   - classes: those that occur; where one has a name, names are shown as far as there is room, then ever less of them.
  ///   - asMarks: whether points are drawn as marks; nil where the number of classes decides.
  ///   - marks: the glyphs of the classes.
  init(
    _ classes: [NamedClass], hidden: Set<Int32>, asMarks: Bool? = nil, marks: ClassMarks = .standard,
    rendition: Rendition
  ) {
    var forms: [Form] = []
    let areMarked = asMarks ?? ClassPalette.needsMarks(rendition, classCount: (classes.map(\.label).max() ?? -1) + 1)
    for names in Self.names(classes) {
      let longest = classes.map { String($0.label).count }.max() ?? 0
      let room = names.reduce(max(24, longest + 4) * max(1, classes.count)) { $0 + $1.count }
      var frame = Frame(width: room, height: 1)
      let width = frame.writeClassLegend(
        classes: classes.map(\.label), hidden: Set(hidden.map { Int($0) }), names: names, marks: marks,
        asMarks: areMarked, column: 0, row: 0, rendition: rendition)
      let captions = classes.map { one in
        if areMarked { return String(marks.mark(of: one.label)) }
        return names.indices.contains(one.label) ? names[one.label] : "\(one.label)"
      }
      forms.append(Form(frame: Self.cropped(frame, to: width), captions: captions))
    }
    let captions = Self.captions(classes, marks)
    let glyphs = classes.map { String(marks.mark(of: $0.label)) }
    let classes = classes.map { Int32(clamping: $0.label) }
    // What is hidden among those that are not listed is counted, in a legend that leaves room for it.
    let shorter = classes.count > 10 && classes.dropFirst(10).contains(where: hidden.contains) ? [4, 0] : []
    for gap in [1, 0] {
      for count in [classes.count, 20, 10] + shorter where count <= classes.count {
        var frame = Frame(width: 12 * classes.count + 24, height: 1)
        var column = 0
        for (label, caption) in zip(classes, captions).prefix(count) {
          if column > 0, gap > 0 || classes.count > 10 { column += 1 }
          let isHidden = hidden.contains(label)
          // A class that is hidden keeps its place, as a dim dot.
          column += frame.write(
            isHidden ? (rendition.unicode ? "·" : "-") : caption, column: column, row: 0,
            foreground: isHidden ? .standard : ClassPalette.color(of: Int(label), rendition: rendition),
            attributes: isHidden ? [] : .bold)
        }
        let beyond = classes.dropFirst(count)
        if !beyond.isEmpty {
          let hiddenCount = beyond.count(where: hidden.contains)
          column += frame.write(
            (count > 0 ? " +" : "") + "\(beyond.count)" + (count > 0 ? "" : " classes")
              + (hiddenCount > 0 ? ", \(hiddenCount) hidden" : ""), column: column, row: 0)
        }
        forms.append(Form(frame: Self.cropped(frame, to: column), captions: glyphs))
      }
    }
    self.forms = forms
  }

  /// What the shortest forms say of every class: its mark, and where the mark of one is the name of another, its name too.
  private static func captions(_ classes: [NamedClass], _ marks: ClassMarks) -> [String] {
    let glyphs = classes.map { String(marks.mark(of: $0.label)) }
    let places = Dictionary(glyphs.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let misleads = classes.indices.contains { index in places[classes[index].name].map { $0 != index } ?? false }
    guard misleads else { return glyphs }
    return zip(glyphs, ClassText.fitting(classes, to: 8)).map { $0 == $1 ? $0 : "\($0) \($1)" }
  }

  /// What classes are called, by label, from whole names to numbers; where none has a name, numbers only.
  private static func names(_ classes: [NamedClass]) -> [[String]] {
    let named = classes.filter { $0.name != "\($0.label)" && (0..<100_000).contains($0.label) }
    guard let last = named.map(\.label).max(), let longest = named.map(\.name.count).max() else { return [[]] }
    let widths = [longest] + [8, 6, 4].filter { $0 < longest }
    return widths.map { width in
      var names = [String](repeating: "", count: last + 1)
      for (one, name) in zip(classes, ClassText.fitting(classes, to: width)) where names.indices.contains(one.label) {
        names[one.label] = name
      }
      return names
    } + [[]]
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
      return Form(frame: Self.cropped(frame, to: column))
    }
  }

  private static func cropped(_ frame: Frame, to width: Int) -> Frame {
    var result = Frame(width: width, height: 1)
    result.draw(frame, column: 0, row: 0)
    return result
  }
}
