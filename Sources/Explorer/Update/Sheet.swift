import LatentModels

extension State {
  /// Where the sheet's styles come from: as asked for, or what there is.
  var sheetSource: SheetView.Styles {
    panes[SheetView.self].styles ?? ((cloud?.count ?? 0) > 0 && subject.hasPosterior ? .images : .prior)
  }

  /// The style that the rows begin with. Of other codes, fewer than there were, the first comes first again.
  var firstStyle: Int {
    let first = panes[SheetView.self].first
    return first < styleCount ? first : 0
  }

  /// How many styles there are.
  private var styleCount: Int {
    switch sheetSource {
    case .images: cloud?.count ?? 0
    case .marks: steering.marks.count
    case .prior: 100_000
    }
  }

  /// Styles of a source, from one on. What is locked is as it is now.
  func sheetStyles(_ source: SheetView.Styles, from first: Int, count: Int) -> [SheetPlan.Style] {
    guard latentSize > 0, count > 0 else { return [] }
    switch source {
    case .images:
      guard let cloud, cloud.dimensions == latentSize else { return [] }
      return (first..<max(first, min(cloud.count, first + count))).map { index in
        SheetPlan.Style(
          name: "#\(index)", label: cloud.label(index), code: held(cloud.code(index)),
          index: index)
      }
    case .prior:
      // Of a model without a standard prior they are spread as its codes are, and told as such.
      let codes = sheetVariables.priorCodes(count: first + count, seed: 1)
      let spreads = (0..<latentSize).map { spread(ofColumn: $0) }
      return (first..<first + count).map { row in
        let code = zip(codes.row(row), spreads).map { value, spread in spread.center + spread.deviation * value }
        return SheetPlan.Style(name: "z \(row + 1)", code: held(code))
      }
    case .marks:
      return steering.marks.sorted { $0.key < $1.key }.dropFirst(first).prefix(count).compactMap { letter, code in
        code.count == latentSize ? SheetPlan.Style(name: String(letter), code: held(code)) : nil
      }
    }
  }

  /// The model's variables; of a model that tells none, one of numbers.
  private var sheetVariables: [LatentVariable] {
    subject.variables.width == latentSize
      ? subject.variables : [LatentVariable(name: "z", kind: .continuous(dimensions: latentSize))]
  }

  /// Takes the code of the cell so far from where the keys are.
  mutating func moveInSheet(columns: Int, rows: Int) -> [Effect] {
    guard let layout, layout.panes[.sheet] != nil else { return notShown() }
    let plan = SheetPlan(self, layout)
    let view = panes[SheetView.self]
    let here = plan.place(of: code)
    // From elsewhere the first key comes back to where the keys were.
    var (column, row) = here ?? (view.column, view.row)
    if here != nil {
      column += columns
      row += rows
    }
    if row >= plan.rowCount, rows > 0, here != nil {
      turnSheet(by: 1)
      return takeFromSheet(column: column, row: 0)
    }
    if row < 0, firstStyle > 0 {
      turnSheet(by: -1)
      return takeFromSheet(column: column, row: max(0, plan.rowCount - 1))
    }
    row = min(max(0, row), max(0, plan.rowCount - 1))
    // Classes beyond the edge come into sight as their class is taken.
    if !plan.isOneClass, let label = plan.label(ofColumn: max(column, plan.hasOwn ? 1 : 0)),
      column >= plan.across || column < 0,
      let style = plan.styles.indices.contains(row) ? plan.styles[row] : nil
    {
      return take(style, class: column < 0 ? plan.firstColumn - 1 : label, row: row)
    }
    if !plan.isOneClass, plan.hasOwn, column == 0, plan.firstColumn > 0, columns < 0,
      plan.styles.indices.contains(row)
    {
      return take(plan.styles[row], class: plan.firstColumn - 1, row: row)
    }
    return takeFromSheet(column: min(max(0, column), plan.across - 1), row: row)
  }

  /// Takes a style with a class, or with a value of the dimension that is walked.
  private mutating func take(_ style: SheetPlan.Style, class label: Int, row: Int) -> [Effect] {
    guard let choice = choice(0), (0..<choice.range.count).contains(label) else { return [] }
    let code = choice.code(style.code, at: Float(label))
    guard !refusesLocked(code) else { return [] }
    panes[SheetView.self].row = row
    setCode(code, origin: .steered)
    return []
  }

  /// Takes the code of a cell.
  mutating func takeFromSheet(column: Int, row: Int) -> [Effect] {
    guard let layout, layout.panes[.sheet] != nil else { return notShown() }
    let plan = SheetPlan(self, layout)
    guard let code = plan.code(column: column, row: row) else { return [] }
    (panes[SheetView.self].column, panes[SheetView.self].row) = (column, row)
    if column > 0 || !plan.hasOwn, refusesLocked(code) { return [] }
    let index = plan.isOneClass ? nil : plan.styles[row].index
    // A style's own cell is the code of its image.
    let isOwn = plan.hasOwn && column == 0
    if isOwn, let index { take(stored: index) } else { setCode(code, origin: .steered) }
    return []
  }

  /// Goes to a class: its column, or where one class is shown, that one.
  mutating func takeClassFromSheet(_ label: Int) -> [Effect] {
    guard let choice = choice(0) else {
      message = .error("this model has no classes: its columns walk \(selectionName)")
      return []
    }
    guard label < choice.range.count else {
      message = .error("there is no class \(label): \(ClassText.sentence(self, .sheetClass))")
      return []
    }
    let code = choice.code(self.code, at: Float(label))
    if !refusesLocked(code) { setCode(code, origin: .steered) }
    return []
  }

  /// Other styles: the next so many, or those before.
  mutating func turnSheet(by change: Int) {
    guard let layout, layout.panes[.sheet] != nil else {
      _ = notShown()
      return
    }
    let plan = SheetPlan(self, layout)
    let step = max(1, plan.styles.count)
    let first = firstStyle
    let next = max(0, first + change * step)
    guard next < styleCount, next != first else {
      message = .note(change > 0 ? "these are the last styles" : "these are the first styles")
      return
    }
    panes[SheetView.self].first = next
  }

  /// Rows from the next source.
  mutating func turnStyles() -> [Effect] {
    let all = SheetView.Styles.allCases
    let place = all.firstIndex(of: sheetSource) ?? 0
    return setStyles(all[(place + 1) % all.count])
  }

  mutating func setStyles(_ styles: SheetView.Styles) -> [Effect] {
    panes[SheetView.self].styles = styles
    panes[SheetView.self].first = 0
    switch styles {
    case .images:
      if let shortage = shortage("no images are encoded") { message = shortage }
    case .prior: message = .note("styles are samples of \(sampledWords)")
    case .marks:
      if steering.marks.isEmpty { message = .error("there are no marks yet: m and a letter keep a code") }
    }
    return []
  }

  mutating func toggleOneClass() -> [Effect] {
    guard choice(0) != nil else {
      message = .error("this model has no variable for the class: the columns walk \(selectionName)")
      return []
    }
    panes[SheetView.self].isOneClass.toggle()
    return []
  }

  private mutating func notShown() -> [Effect] {
    message = .error("the sheet is not shown: F shows it")
    return []
  }
}
