import Canvas
import Datasets
import Exports
import LatentModels
import Tensors

extension Pane {
  /// Styles in rows, classes in columns.
  static let sheet = Pane(rawValue: "sheet")
}

extension Context {
  static let sheet = Context.pane(.sheet)
}

extension Scene.Part {
  static let sheet = Scene.Part(rawValue: "sheet")
  /// The images that the rows are the styles of: kept as cells, never decoded.
  static let sheetOriginals = Scene.Part(rawValue: "originals of the sheet")
}

/// What the sheet shows, and where the keys are in it.
struct SheetView: PaneState {
  /// Where the rows' styles come from.
  enum Styles: String, Sendable, CaseIterable { case images, prior, marks }

  /// What was asked for; nil: images where codes are at hand, else the prior.
  var styles: Styles?
  /// How many styles of the source stand above the first row.
  var first = 0
  /// Whether all cells are of one class.
  var isOneClass = false
  /// Where the keys were last: a column and a row of the plan.
  var column = 0
  var row = 0

  init() {}
}

extension PaneKind {
  static let sheet = PaneKind(
    .sheet, title: "Sheet", takesKeys: true, room: { _, _ in Room(least: 7, priority: 10) },
    pictures: { state, layout in [.sheet: SheetPlan(state, layout).batch] },
    draw: { canvas, cache in canvas.drawSheet(&cache) },
    press: { state, layout, spot in
      let plan = SheetPlan(state, layout)
      guard let place = plan.place(at: spot) else { return [] }
      return [.perform { $0.takeFromSheet(column: place.column, row: place.row) }]
    },
    wheel: { _, _, _, direction in [SheetPlan.turn(by: -direction)] },
    words: { state in
      guard state.latentSize > 0, let layout = state.layout else { return [] }
      let plan = SheetPlan(state, layout)
      let rows =
        plan.isOneClass
        ? Numbers.counted(plan.styles.count, "style")
        : "\(Numbers.counted(plan.rowCount, "style")) by \(plan.columnWords)"
      return ["Sheet: \(rows), \(plan.sourceWords(state))."]
    },
    commands: [
      move("right", "to the next class", columns: 1, hint: "class"),
      move("left", "to the class before", columns: -1),
      move("down", "to the style below", rows: 1, hint: "style"),
      move("up", "to the style above", rows: -1),
      Command(
        "styles", keys: ["s"], in: [.sheet], "rows are stored images, samples of the prior, or marks", hint: "styles",
        argument: .init("SOURCE", isOptional: true) { (_, _) in SheetView.Styles.allCases.map(\.rawValue) }
      ) { (text, _) throws(CommandError) in
        guard !text.isEmpty else { return .perform { $0.turnStyles() } }
        guard let styles = SheetView.Styles(rawValue: text) else {
          let names = SheetView.Styles.allCases.map(\.rawValue)
          throw CommandError(
            "styles come from \(names.joined(separator: ", ")): styles images"
              + Nearest.suggestion(for: text, amongAll: names))
        }
        return .perform { $0.setStyles(styles) }
      },
      Command(
        "one class", keys: ["o"], in: [.sheet], "many styles of one class, or every class of each style",
        hint: "one class", works: { $0.choice(0) != nil },
        action: .perform { $0.toggleOneClass() }),
      Command(
        "sheet class", keys: ClassText.digits, in: [.sheet],
        "go to that class; of more than ten it begins the number", takesKey: true,
        argument: .init("CLASS", isOptional: true) { (state, _) in
          ClassText.names(state, .blendedClasses)
        }
      ) { (text, state) throws(CommandError) in
        guard !text.isEmpty else { return .focus(.sheet) }
        if let asking = state.asking(.sheetClass, from: text) { return asking }
        if let shown = state.classShown(by: text, in: .sheet) { return .perform { $0.takeClassFromSheet(shown) } }
        let label = try ClassText.label(text, state, "sheet class 7", of: .blendedClasses)
        return .perform { $0.takeClassFromSheet(label) }
      },
      Command("next styles", keys: ["n"], in: [.sheet], "other styles", hint: "next", action: SheetPlan.turn(by: 1)),
      Command("previous styles", keys: ["N"], in: [.sheet], "the styles before", action: SheetPlan.turn(by: -1)),
    ] + PictureSizes.commands(.sheet))

  private static func move(
    _ direction: String, _ summary: String, columns: Int = 0, rows: Int = 0, hint: String? = nil
  ) -> Command {
    Command(
      "sheet \(direction)", keys: [direction], in: [.sheet], "take the code \(summary)", hint: hint,
      // Without a class the columns are values of a dimension.
      hintNow: { columns != 0 && $0.choice(0) == nil ? "value" : nil },
      action: .perform { $0.moveInSheet(columns: columns, rows: rows) })
  }
}

/// The cells of the sheet: which style and which class stand where, and the codes they are decoded from.
struct SheetPlan {
  /// A row's handwriting.
  struct Style: Sendable, Hashable {
    var name: String
    /// The class of its image, where one is known.
    var label: Int?
    var code: [Float]
    /// The stored code it is, if it is one.
    var index: Int?
  }

  let cell: (width: Int, height: Int)
  let source: SheetView.Styles
  let isOneClass: Bool
  let styles: [Style]
  /// What the columns replace; nil where all cells are of one class and nothing is replaced.
  let grid: CodeGrid?
  /// Whether the first column is the style as it is: its image, where there is one.
  let hasOwn: Bool
  /// Columns of all classes or values there are, and the first that is shown.
  let allColumns: Int
  let firstColumn: Int
  /// Columns and rows shown.
  let columnCount: Int
  let rowCount: Int
  /// The columns before the pictures.
  let labelWidth: Int
  /// The codes of all cells, row by row.
  let batch: Scene.Batch
  /// What the columns are called, in words.
  let columnWords: String
  private let codes: [[Float]]

  init(_ state: State, _ layout: Layout) {
    let view = state.panes[SheetView.self]
    var inside = layout.inside(.sheet)
    inside.height -= 1
    source = state.sheetSource
    let choice = state.choice(0)
    isOneClass = view.isOneClass && choice != nil
    let source = source
    let own = !isOneClass && source != .prior ? 1 : 0
    let longest = state.cloud?.classes.map { state.name(ofClass: Int($0)).count }.max() ?? 0
    let imageWidth = max(8, min(longest + 2, inside.width / 8))
    let labelWidth = isOneClass ? 1 : source == .images ? imageWidth : source == .marks ? 4 : 6
    let (grid, words) = Self.columns(state, isOneClass: isOneClass)
    columnWords = words
    allColumns = grid.values.count
    let wanted = isOneClass ? 8 : allColumns + own
    // All classes are worth more than the names of the rows.
    let needed = wanted * DigitCells.width(height: DigitCells.heights[0], of: state.subject)
    let isTight = !isOneClass && (inside.width - labelWidth < needed && inside.width >= needed)
    self.labelWidth = isTight ? 0 : labelWidth
    inside.width = max(1, inside.width - self.labelWidth)
    cell = DigitCells.fitting(
      inside, columns: wanted, rows: isOneClass ? 4 : 5, least: 1 + own, of: state.subject,
      larger: state.pictureSteps(.sheet))
    let fitting = max(1, inside.width / cell.width)
    let fittingRows = max(1, inside.height / cell.height)
    // Where one picture alone fits it is that of a class, and the style as it is has no column.
    hasOwn = own == 1 && fitting > 1
    let across = isOneClass ? fitting : min(allColumns, hasOwn ? fitting - 1 : fitting)
    let available = state.sheetStyles(
      source, from: state.firstStyle, count: isOneClass ? fitting * fittingRows : min(20, fittingRows))
    styles = available
    rowCount = isOneClass ? (available.count + fitting - 1) / fitting : available.count
    columnCount = across
    // The class that the keys are at stays in sight.
    let current = choice?.likeliest(in: state.code) ?? max(0, view.column - (hasOwn ? 1 : 0))
    firstColumn = isOneClass ? 0 : max(0, min(current - across / 2, allColumns - across))
    self.grid = grid
    let width = state.latentSize
    let rows = Tensor(shape: [available.count, width], elements: available.flatMap(\.code))
    let replaced = grid.codes(of: rows)
    var codes: [[Float]] = []
    for row in available.indices {
      if hasOwn { codes.append(available[row].code) }
      if isOneClass {
        codes.append(Array(replaced.row(row)))
      } else {
        for column in firstColumn..<firstColumn + across {
          codes.append(Array(replaced.row(row * allColumns + column)))
        }
      }
    }
    self.codes = codes
    var batch = Scene.Batch()
    for code in codes { batch.append(code) }
    self.batch = batch
  }

  /// What the columns replace, and what they are called, in words.
  private static func columns(_ state: State, isOneClass: Bool) -> (grid: CodeGrid, words: String) {
    if let choice = state.choice(0) {
      let place = choice.likeliest(in: state.code)
      return isOneClass
        ? (CodeGrid(class: place, of: choice.classNames, at: choice.range), "class \(choice.named(place).spoken)")
        : (
          CodeGrid(classNames: choice.classNames, at: choice.range),
          "\(choice.range.count) classes of \(choice.name)"
        )
    }
    // A model without classes: the columns walk the chosen dimension.
    let dimension = if case .dimension(let index) = state.selection { index } else { state.order.first ?? 0 }
    let spread = state.spread(ofColumn: dimension)
    let values = (-4...4).map { spread.center + spread.deviation * Float($0) * 0.75 }
    // What stands above them is as long as there is room for.
    return (
      CodeGrid(values: values, names: [], dimension: dimension),
      "\(values.count) values of \(state.name(of: .dimension(dimension)))"
    )
  }

  /// Pictures in a row.
  var across: Int { columnCount + (hasOwn ? 1 : 0) }

  /// The code of a cell; nil beyond the last.
  func code(column: Int, row: Int) -> [Float]? {
    let index = row * across + column
    return column >= 0 && column < across && codes.indices.contains(index) ? codes[index] : nil
  }

  /// Where the present code stands, if it stands in the sheet.
  func place(of code: [Float]) -> (column: Int, row: Int)? {
    // A style's own column comes first only where no class is meant.
    let places = codes.indices.filter { codes[$0] == code }
    return (places.first { !hasOwn || $0 % across > 0 } ?? places.first).map { ($0 % across, $0 / across) }
  }

  /// What stands above the columns of the classes, one a class; nil where no column is one.
  func captions(_ state: State) -> [String]? {
    guard !isOneClass, let choice = state.choice(0) else { return nil }
    return ClassText.fitting(choice.namedClasses, to: captionWidth)
  }

  /// As much as stands above a column, with a blank between two.
  var captionWidth: Int { max(1, cell.width - 1) }

  /// The class a column stands for; nil for the style's own.
  func label(ofColumn column: Int) -> Int? { hasOwn && column == 0 ? nil : firstColumn + column - (hasOwn ? 1 : 0) }

  /// The cell of a column and row, in the pane.
  func rectangle(column: Int, row: Int) -> Rectangle {
    Rectangle(
      column: labelWidth + column * cell.width, row: 1 + row * cell.height, width: cell.width, height: cell.height)
  }

  func place(at spot: PaneKind.Spot) -> (column: Int, row: Int)? {
    guard spot.column >= labelWidth, spot.row >= 1 else { return nil }
    let place = (column: (spot.column - labelWidth) / cell.width, row: (spot.row - 1) / cell.height)
    return code(column: place.column, row: place.row) == nil ? nil : place
  }

  /// Where the styles come from, in words.
  func sourceWords(_ state: State) -> String {
    switch source {
    case .images: state.cloud?.images == nil ? "stored codes" : "images of \(state.cloud?.source ?? "")"
    case .prior: "samples of \(state.sampledWords)"
    case .marks: "marks"
    }
  }

  /// Shows the styles further on.
  static func turn(by change: Int) -> Action {
    .perform { state in
      state.turnSheet(by: change)
      return []
    }
  }
}

extension PaneCanvas {
  mutating func drawSheet(_ cache: inout ViewCache) {
    let inside = layout.inside(.sheet)
    let plan = SheetPlan(state, layout)
    let range =
      plan.styles.isEmpty
      ? ""
      : " \(state.firstStyle + 1)–"
        + "\(state.firstStyle + plan.styles.count)"
    title(
      .sheet, plan.isOneClass ? "styles of \(plan.columnWords)" : "styles × \(plan.columnWords)",
      note: plan.source == .marks ? "marks" : plan.sourceWords(state) + range)
    guard !plan.styles.isEmpty else {
      let text = plan.source == .marks ? "no marks yet: m and a letter keep a code" : "nothing to show yet"
      frame.write(shortened(text, to: inside.width - 2), column: inside.column + 1, row: inside.row, theme.faint)
      rest(.sheet, column: inside.column, row: inside.row)
      return
    }
    drawSheetNames(plan, inside)
    guard let pictures = state.scene.parts[.sheet], pictures.images.count == plan.batch.count else { return }
    let frames = cache.frames(
      of: .sheet, pictures.images, width: plan.cell.width, height: plan.cell.height, rendition: rendition)
    for (index, picture) in frames.enumerated() {
      let cell = plan.rectangle(column: index % plan.across, row: index / plan.across)
      frame.draw(picture, column: inside.column + cell.column, row: inside.row + cell.row, in: inside)
    }
    drawOriginals(plan, inside, &cache)
    let marked = plan.place(of: state.code)
    let view = state.panes[SheetView.self]
    let place = marked ?? (min(view.column, plan.across - 1), min(view.row, max(0, plan.rowCount - 1)))
    var cell = plan.rectangle(column: place.column, row: place.row)
    cell.column += inside.column
    cell.row += inside.row
    if marked != nil { mark(cell) }
    rest(.sheet, column: cell.column, row: cell.row)
  }

  private mutating func drawRowNames(_ plan: SheetPlan, _ inside: Rectangle) {
    let classes = state.cloud?.classes ?? []
    // A blank is before the rows' names, and one behind those of images, which may be as long as there is room.
    let room = plan.labelWidth - (plan.source == .images ? 2 : 1)
    let classNames = state.names(ofClasses: classes, to: max(1, room))
    for (row, style) in plan.styles.enumerated() where room > 0 {
      // The class and which image of it in one line, or where a name is long, in two.
      let label = style.label.flatMap { label in classes.firstIndex { Int($0) == label } }.map { classNames[$0] }
      let whole = (label.map { "\($0) " } ?? "") + style.name
      let lines = whole.count <= room ? [whole] : [label, style.name].compactMap(\.self)
      let middle = plan.rectangle(column: 0, row: row).row + (plan.cell.height - lines.count) / 2
      for (offset, line) in lines.prefix(plan.cell.height).enumerated() {
        frame.write(
          shortened(line, to: room), column: inside.column + 1, row: inside.row + middle + offset, theme.faint,
          maximumWidth: room)
      }
    }
  }

  private mutating func drawSheetNames(_ plan: SheetPlan, _ inside: Rectangle) {
    guard !plan.isOneClass, let grid = plan.grid else { return }
    let room = plan.captionWidth
    let names =
      plan.captions(state)
      ?? NumberText.signed(grid.values.map { $0.first ?? 0 }, within: room, unicode: true)
    // Numbers that take more than their column stand over some columns only.
    let stride = ((names.map(\.count).max() ?? 0) + plan.cell.width) / plan.cell.width
    for column in 0..<plan.across {
      let name: String
      var style = theme.text
      if let label = plan.label(ofColumn: column) {
        name = (label - plan.firstColumn) % stride == 0 ? names[label] : ""
        if state.choice(0) != nil {
          style = Style(ClassPalette.color(of: label, rendition: rendition), .bold)
        }
      } else {
        let forms = plan.source == .images && state.cloud?.images != nil ? ["original", "image"] : ["own"]
        (name, style) = (fitted(forms, to: room), theme.faint)
      }
      let begin =
        inside.column + plan.labelWidth + column * plan.cell.width + max(0, (plan.cell.width - name.count) / 2)
      if begin + name.count <= inside.endColumn { frame.write(name, column: begin, row: inside.row, style) }
    }
    drawRowNames(plan, inside)
    if plan.columnCount < plan.allColumns {
      if plan.firstColumn > 0 {
        frame.write(
          rendition.unicode ? "‹" : "<", column: inside.column + max(0, plan.labelWidth - 1), row: inside.row,
          theme.accent)
      }
      if plan.firstColumn + plan.columnCount < plan.allColumns {
        frame.write(
          rendition.unicode ? "›" : ">",
          column: min(
            inside.endColumn - 1, inside.column + plan.labelWidth + plan.across * plan.cell.width), row: inside.row,
          theme.accent)
      }
    }
  }

  /// The images themselves, over what was decoded from their codes.
  private mutating func drawOriginals(_ plan: SheetPlan, _ inside: Rectangle, _ cache: inout ViewCache) {
    guard plan.hasOwn, let images = state.cloud?.images else { return }
    let places = plan.styles.enumerated().compactMap { row, style in
      style.index.flatMap { $0 < images.count ? (row: row, index: $0) : nil }
    }
    let pictures = places.map {
      GreyImage(width: images.width, height: images.height, bytes: images.bytes(at: $0.index))
    }
    let frames = cache.frames(
      of: .sheetOriginals, pictures, width: plan.cell.width, height: plan.cell.height, rendition: rendition)
    for (place, picture) in zip(places, frames) {
      let cell = plan.rectangle(column: 0, row: place.row)
      frame.draw(picture, column: inside.column + cell.column, row: inside.row + cell.row, in: inside)
    }
  }
}
