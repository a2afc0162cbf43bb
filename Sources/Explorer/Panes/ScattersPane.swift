import Analysis
import Canvas

extension Pane {
  /// The means of every two dimensions against each other, small, beside and below one another.
  static let scatters = Pane(rawValue: "scatters")
}

extension Context {
  static let scatters = Context.pane(.scatters)
}

extension PaneKind {
  static let scatters = PaneKind(
    .scatters, title: "Matrix of scatters", takesKeys: true,
    room: { state, _ in Room(least: state.size.height < 40 ? 10 : 14, priority: 9) },
    draw: { canvas, cache in canvas.drawScatters(&cache) },
    press: { state, layout, spot in
      let matrix = ScatterMatrix(state, layout.inside(.scatters))
      guard let (row, column) = matrix.place(at: spot) else { return [] }
      return [.pickSlider(.dimension(matrix.columns[row])), .comparePartner(matrix.columns[column])]
    },
    words: { state in
      guard let cloud = state.cloud else { return [] }
      guard cloud.count > 0 else { return ["Matrix of scatters: \(cloud.countText)."] }
      let inactive = state.order.filter { state.isInactive($0) }.map { state.name(of: .dimension($0)) }
      return [
        "Matrix of scatters of \(Numbers.counted(cloud.count, "code")); "
          + (inactive.isEmpty
            ? "every dimension is active." : "inactive, a dot or a line each: \(inactive.joined(separator: " ")).")
      ]
    },
    commands: [
      Command(
        "pair below", keys: ["down"], in: [.scatters], "select the dimension of the row below", hint: "dimension",
        action: .turnPair(rows: 1)),
      Command(
        "pair above", keys: ["up"], in: [.scatters], "select the dimension of the row above",
        action: .turnPair(rows: -1)),
      Command(
        "pair right", keys: ["right"], in: [.scatters], "compare it with the next dimension", hint: "compare",
        action: .turnPair(columns: 1)),
      Command(
        "pair left", keys: ["left"], in: [.scatters], "compare it with the previous dimension",
        action: .turnPair(columns: -1)),
      Command(
        "explore pair", keys: ["x"], in: [.scatters], "take the two as the axes of the scatter and go there",
        hint: "explore", works: { $0.pairAxes != nil },
        action: .perform { state in
          guard let axes = state.pairAxes else {
            state.message = .error("choose two dimensions with the arrows first")
            return []
          }
          return state.update(.setAxes(axes.x, axes.y)) + state.update(.show(.explore))
        }),
    ])
}

extension State {
  /// The two dimensions that are chosen as axes; nil where one is chosen alone.
  fileprivate var pairAxes: AxisPair? {
    guard case .dimension(let column) = selection, column != insight.partner,
      let y = subject.columns.dimensions.firstIndex(of: column),
      let x = subject.columns.dimensions.firstIndex(of: insight.partner)
    else { return nil }
    return AxisPair(x: .dimension(x), y: .dimension(y))
  }
}

extension Action {
  /// Goes on from the chosen pair in the order that the matrix shows its dimensions in.
  static func turnPair(rows: Int = 0, columns: Int = 0) -> Action {
    .perform { state in
      guard let inside = state.layout?.inside(.scatters) else { return [] }
      let ranking = ScatterMatrix.ranking(state, inside)
      func turned(_ column: Int, by change: Int) -> Int? {
        guard !ranking.isEmpty else { return nil }
        let place = ranking.firstIndex(of: column) ?? 0
        return ranking[min(max(0, place + change), ranking.count - 1)]
      }
      if rows != 0 {
        var selected = ranking.first ?? 0
        if case .dimension(let column) = state.selection { selected = turned(column, by: rows) ?? column }
        state.selection = .dimension(selected)
      }
      if columns != 0, let partner = turned(state.insight.partner, by: columns) {
        state.panes[Insight.self].partner = partner
      }
      return []
    }
  }
}

/// Which dimensions the matrix shows, and where each pair lies.
struct ScatterMatrix {
  /// The columns of the code, along both sides.
  let columns: [Int]
  let cell: (width: Int, height: Int)

  private static let least = (width: 10, height: 4)

  init(_ state: State, _ inside: Rectangle) {
    let ranking = Self.ranking(state, inside)
    let count = max(1, min(ranking.count, Self.most(inside)))
    columns = Self.shown(of: ranking, count, state)
    cell = (max(1, inside.width / count), max(1, inside.height / count))
  }

  /// How many dimensions have room along each side.
  private static func most(_ inside: Rectangle) -> Int { min(inside.width / least.width, inside.height / least.height) }

  /// The dimensions as the matrix orders them: as the sliders are where all of them fit, else those that tell most first.
  static func ranking(_ state: State, _ inside: Rectangle) -> [Int] {
    let order = state.order
    guard order.count > most(inside), let cloud = state.cloud, cloud.varianceOfMeans.count == state.latentSize else {
      return order
    }
    let use = cloud.hasDivergence ? cloud.divergences : cloud.varianceOfMeans
    return order.sorted { (use[$1], $0) < (use[$0], $1) }
  }

  /// As many of a ranking as there is room for: the first, or those around the selected one, and the one that it is compared
  /// with.
  private static func shown(of ranking: [Int], _ count: Int, _ state: State) -> [Int] {
    guard ranking.count > count else { return ranking }
    var chosen: [Int] = []
    if case .dimension(let selected) = state.selection, ranking.contains(selected) { chosen.append(selected) }
    if count > 1, ranking.contains(state.insight.partner), !chosen.contains(state.insight.partner) {
      chosen.append(state.insight.partner)
    }
    var shown = Array(ranking.prefix(count))
    // Where the model ignores some, one of them stands at the end to show what that looks like.
    let active = ranking.filter { !state.isInactive($0) }
    if count > 2, active.count >= count, let inactive = ranking.first(where: { state.isInactive($0) }) {
      shown = Array(active.prefix(count - 1)) + [inactive]
    }
    if let selected = chosen.first, !shown.contains(selected), let place = ranking.firstIndex(of: selected) {
      let first = min(max(0, place - count / 2), ranking.count - count)
      shown = Array(ranking[first..<first + count])
    }
    for column in chosen where !shown.contains(column) {
      // What lies farthest from it makes room, but never the selected one.
      let place = ranking.firstIndex(of: column) ?? 0
      let rest = shown.filter { !chosen.contains($0) }
      func distance(_ other: Int) -> Int { abs((ranking.firstIndex(of: other) ?? 0) - place) }
      let far = rest.max { distance($0) < distance($1) }
      shown.removeAll { $0 == far }
      shown.append(column)
    }
    let wanted = Set(shown)
    return ranking.filter(wanted.contains)
  }

  /// The pair under a cell of the pane's inside.
  func place(at spot: PaneKind.Spot) -> (row: Int, column: Int)? {
    let (row, column) = (spot.row / cell.height, spot.column / cell.width)
    return columns.indices.contains(row) && columns.indices.contains(column) ? (row, column) : nil
  }
}

extension PaneCanvas {
  mutating func drawScatters(_ cache: inout ViewCache) {
    let inside = layout.inside(.scatters)
    let matrix = ScatterMatrix(state, inside)
    let count = matrix.columns.count
    titleInsight(
      .scatters, count < state.order.count ? "means of \(count) of \(state.order.count) dimensions" : "means in pairs")
    if let absence = state.codesAbsence { return writeAbsence(absence.text, inside) }
    guard let cloud = state.cloud, count > 1 else { return writeAbsence("one dimension has no pairs", inside) }
    for row in 0..<count {
      for column in 0..<count {
        let place = Rectangle(
          column: inside.column + column * matrix.cell.width, row: inside.row + row * matrix.cell.height,
          width: matrix.cell.width, height: matrix.cell.height)
        let (y, x) = (matrix.columns[row], matrix.columns[column])
        if row == column {
          writeDiagonal(y, cloud, place)
        } else if row > column {
          drawPair(x, y, cloud, place, &cache)
        } else {
          writePair(y, x, place)
        }
      }
    }
    guard case .dimension(let selected) = state.selection,
      let first = matrix.columns.firstIndex(of: selected),
      let second = matrix.columns.firstIndex(of: state.insight.partner)
    else {
      rest(.scatters, column: inside.column, row: inside.row)
      return
    }
    let (row, column) = (max(first, second), min(first, second))
    let chosen = Rectangle(
      column: inside.column + column * matrix.cell.width, row: inside.row + row * matrix.cell.height,
      width: matrix.cell.width, height: matrix.cell.height)
    if row != column { mark(chosen) }
    rest(.scatters, column: chosen.column, row: chosen.row)
  }

  private mutating func writeDiagonal(_ column: Int, _ cloud: CodeCloud, _ place: Rectangle) {
    let isInactive = state.isInactive(column)
    let middle = place.row + place.height / 2
    let name = state.name(of: .dimension(column))
    let isSelected = state.selection == .dimension(column)
    let style = isSelected ? theme.strong : isInactive ? theme.faint : theme.text
    frame.write(name, column: place.column + max(0, (place.width - name.count) / 2), row: middle - 1, style)
    let variance = cloud.varianceOfMeans.indices.contains(column) ? cloud.varianceOfMeans[column] : 0
    let text = isInactive ? "inactive" : "\(rendition.unicode ? "σ²" : "var") \(Numbers.fixed(variance, 2))"
    frame.write(
      shortened(text, to: place.width), column: place.column + max(0, (place.width - text.count) / 2), row: middle,
      theme.faint)
  }

  /// Above the diagonal: how the two go together.
  private mutating func writePair(_ y: Int, _ x: Int, _ place: Rectangle) {
    guard let table = state.correlationTable, let row = state.measuredPlace(of: y),
      let column = state.measuredPlace(of: x), max(row, column) < table.rows.count
    else { return }
    let value = table.value(row, column)
    let text = Numbers.fixed(value, 2, signed: true)
    frame.write(
      text, column: place.column + max(0, (place.width - text.count) / 2), row: place.row + place.height / 2,
      abs(value) >= 0.3 ? theme.strong : theme.faint)
  }

  private mutating func drawPair(_ x: Int, _ y: Int, _ cloud: CodeCloud, _ place: Rectangle, _ cache: inout ViewCache) {
    let (width, height) = (place.width - 1, place.height - (place.height > 4 ? 1 : 0))
    // All pairs are as large as the one that reaches farthest: an inactive dimension is a line, two are a dot.
    let reach = max(3, cloud.reach.filter(\.isFinite).max() ?? 3)
    let key = ScatterPairKey(
      cloud: cloud.codesID, x: x, y: y, width: width, height: height, hidden: state.plot.hiddenClasses,
      isMarked: state.options.contains(.classDigits))
    let drawn = cache.pair(key, of: cloud.codesID) {
      var plot = ScatterPlot(
        points: (0..<cloud.count).map { row in
          SIMD2(cloud.means.elements[row * cloud.dimensions + x], cloud.means.elements[row * cloud.dimensions + y])
        }, labels: cloud.labels,
        window: PlotWindow(lower: SIMD2(repeating: -reach), upper: SIMD2(repeating: reach)))
      plot.showsAxes = false
      plot.hiddenClasses = state.plot.hiddenClasses
      if key.isMarked { plot.style = .marks }
      plot.marks = state.classMarks(rendition)
      return plot.frame(width: width, height: height, rendition: rendition)
    }
    frame.draw(drawn, column: place.column, row: place.row)
  }
}
