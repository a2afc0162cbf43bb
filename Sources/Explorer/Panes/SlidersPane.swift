import Canvas

extension Pane {
  /// One slider a dimension, and one for an interpolation or a direction.
  static let sliders = Pane(rawValue: "sliders")
}

extension Context {
  static let sliders = Context.pane(.sliders)
  /// The panes in which keys move the chosen slider and digits begin its value.
  static let sliding: Set<Context> = [.sliders, .matrix]
}

extension PaneKind {
  static let sliders = PaneKind(
    .sliders, title: "Sliders", takesKeys: true,
    room: { state, _ in
      // The lines, a ruler for the chosen one, and a row of words.
      let wanted = state.sliders.count + 4 + state.subject.columns.choices.count
      return Room(least: min(wanted, 7), wanted: max(5, wanted), priority: 9)
    },
    draw: { canvas, _ in canvas.drawSliders() },
    press: { state, layout, spot in
      let rows = SliderRows(state, layout.inside(.sliders))
      guard let line = rows.line(atRow: spot.row) else { return [] }
      let select = Action.pickSlider(line.selection)
      guard let value = rows.value(atColumn: spot.column, of: line, in: state) else { return [select] }
      return [select, .setSelected(value)]
    },
    wheel: { _, _, _, direction in [.selectSlider(.by(-direction))] },
    words: { state in
      state.sliders.map { selection in
        let mark = selection == state.selection ? "> " : "  "
        switch selection {
        case .track:
          let name = state.name(of: selection).replacing("→", with: " to ")
          let place = state.isOnTrack ? Numbers.fixed(state.steering.track?.position ?? 0, 2) : "off the way"
          return "\(mark)\(name) \(place)"
        case .choice(let index):
          guard let choice = state.choice(index) else { return mark }
          let top = choice.likeliest(in: state.code)
          let likely = choice.range.indices.map { $0 - choice.range.startIndex }
            .map { (place: $0, share: choice.probability($0, in: state.code)) }
            .filter { $0.place == top || $0.share >= 0.005 }.sorted { $0.share > $1.share }
          let shares = likely.prefix(3).map {
            "\(choice.named($0.place).spoken), \(Numbers.fixed($0.share * 100, 0)) %"
          }
          return "\(mark)\(choice.name) " + shares.joined(separator: "; ")
            + (state.steering.locked.isSuperset(of: choice.range) ? ", locked" : "")
        case .dimension(let index):
          var line = "\(mark)\(state.name(of: selection)) \(Numbers.fixed(state.code[index], 2, signed: true))"
          if let divergence = state.divergence(index) { line += ", KL \(Numbers.fixed(divergence, 2)) nats" }
          if let information = state.information(index) { line += ", I \(Numbers.fixed(information, 2)) nats" }
          if state.isInactive(index) { line += ", inactive" }
          if state.steering.locked.contains(index) { line += ", locked" }
          return line
        }
      }
    },
    commands: sliderCommands)

  private static let places = Context.sliding

  private static let sliderCommands: [Command] = [
    Command("more", keys: ["right"], in: places, "slide by 0.1", hint: "slide", action: .slide(1, .normal)),
    Command("less", keys: ["left"], in: places, "slide by −0.1", action: .slide(-1, .normal)),
    Command("much more", keys: ["shift-right", ">"], in: places, "slide by 0.5", action: .slide(1, .coarse)),
    Command("much less", keys: ["shift-left", "<"], in: places, "slide by −0.5", action: .slide(-1, .coarse)),
    Command("a little more", keys: ["."], in: places, "slide by 0.01", action: .slide(1, .fine)),
    Command("a little less", keys: [","], in: places, "slide by −0.01", action: .slide(-1, .fine)),
    Command(
      "next slider", keys: ["down"], in: places, "select the slider below", hint: "dimension",
      action: .selectSlider(.by(1))),
    Command(
      "previous slider", keys: ["up"], in: places, "select the slider above", action: .selectSlider(.by(-1))),
    Command(
      "ten sliders down", keys: ["page-down"], in: places, "select ten further down",
      action: .selectSlider(.by(10))),
    Command(
      "ten sliders up", keys: ["page-up"], in: places, "select ten further up", action: .selectSlider(.by(-10))),
    Command("first slider", keys: ["home"], in: places, "select the first slider", action: .selectSlider(.first)),
    Command("last slider", keys: ["end"], in: places, "select the last slider", action: .selectSlider(.last)),
    Command(
      "value", keys: ["="], in: places, "type the value (or just begin with its first digit)",
      argument: .init("NUMBER", isOptional: true) { (state, _) in
        state.selectedChoice?.namedClasses.map(\.name) ?? ["0", "1", "-1"]
      }
    ) { (text, state) throws(CommandError) in
      text.isEmpty ? .promptValue("") : .setValue(try state.value(typed: text))
    },
    Command(
      "reset", keys: ["z", "backspace"], in: places, "set the selected slider to 0, or to its first class",
      action: .resetDimension),
    Command(
      "lock", keys: ["L"], in: places, "lock or unlock the slider: nothing changes a locked one",
      action: .toggleLock),
    Command(
      "order", keys: ["s"], in: places.union([.dimensions, .correlations, .scatters]),
      "order dimensions by KL, or by number again",
      action: .toggleOrder),
  ]
}

extension PaneCanvas {
  mutating func drawSliders() {
    let inside = layout.inside(.sliders)
    let rows = SliderRows(state, inside)
    let isPartial = rows.shownCount < rows.total
    title(
      .sliders, "sliders",
      note: isPartial
        ? "\(rows.first + 1)–\(rows.first + rows.shownCount) of \(rows.total)"
        : state.selection == .track && !state.isOnTrack
          ? "off the way" : state.ordersByDivergence ? "by KL" : rows.chosenName(state))
    guard !rows.lines.isEmpty, state.latentSize > 0 else {
      frame.write("no model", column: inside.column + 1, row: inside.row, theme.faint)
      return
    }
    for (offset, line) in rows.lines.enumerated() {
      if case .choice(let index) = line.selection, let choice = state.choice(index) {
        drawChoice(choice, line, rows, inside, row: inside.row + offset)
      } else if line.isRuler {
        drawRuler(line.selection, rows, inside, row: inside.row + offset)
      } else {
        drawSlider(line.selection, rows, inside, row: inside.row + offset)
      }
    }
    drawSummary(inside, from: inside.row + rows.lines.count)
  }

  private mutating func drawSlider(_ selection: State.Selection, _ rows: SliderRows, _ inside: Rectangle, row: Int) {
    let isSelected = selection == state.selection
    var isLocked = false
    var style = theme.text
    var value: Float = state.steering.track?.position ?? 0
    var divergence: Float?
    // Of a way that has been left no place is where the code is.
    let isOff = selection == .track && !state.isOnTrack
    if case .dimension(let index) = selection {
      isLocked = state.steering.locked.contains(index)
      value = state.code[index]
      divergence = state.divergence(index)
      if state.isInactive(index) { style = theme.faint }
    }
    if isSelected { style = Context.sliding.contains(.pane(state.focus)) ? theme.strong : theme.text }
    let marker = isSelected ? (state.animation == nil ? "▸" : "▶") : " "
    frame.write(marker, column: inside.column, row: row, theme.accent)
    frame.write(
      SliderRows.label(of: selection, in: state, to: rows.labelWidth), column: inside.column + 1, row: row, style)
    if isLocked { frame.write("L", column: inside.column + 1 + rows.labelWidth, row: row, theme.accent) }
    let fraction = Self.fraction(value, in: SliderRows.range(of: selection, in: state))
    let bar = Gauges.slider(fraction: fraction, width: rows.barWidth, rendition: rendition)
    let barColumn = inside.column + rows.barColumn
    frame.write(bar, column: barColumn, row: row, isSelected ? theme.text : theme.faint)
    // The knob stands out of its line.
    let knob = 1 + Int((min(1, max(0, fraction)) * Double(rows.barWidth - 3)).rounded())
    if isOff {
      let line = String(repeating: rendition.unicode ? "─" : "-", count: rows.barWidth - 2)
      frame.write(line, column: barColumn + 1, row: row, theme.faint)
    } else {
      frame[barColumn + knob, row].foreground = (isSelected ? theme.accent : theme.text).foreground
      frame[barColumn + knob, row].attributes = isSelected ? .bold : []
    }
    if isSelected { rest(.sliders, column: isOff ? barColumn : barColumn + knob, row: row) }
    // As many decimals as the column has room for.
    let text =
      isOff ? "off" : Numbers.fixed(value, abs(value) < 9.995 ? 2 : abs(value) < 99.95 ? 1 : 0, signed: true)
    var column = barColumn + rows.barWidth + 1
    frame.write(padded(text, to: 5, right: true), column: column, row: row, style)
    column += 6
    if let divergence {
      let largest = state.cloud?.divergences.max() ?? 1
      let spark = Gauges.sparkline(
        [Double(divergence)], width: 1, range: 0...Double(max(0.1, largest)), rendition: rendition)
      let text =
        rows.writesDivergence ? "KL \(padded(Numbers.fixed(divergence, 2), to: 5, right: true)) \(spark)" : spark
      frame.write(text, column: column + 1, row: row, theme.faint)
    }
    if case .dimension(let index) = selection, let place = state.measuredPlace(of: index),
      rows.informations.indices.contains(place)
    {
      let information = rows.informations[place]
      let most = Double(max(0.1, rows.informations.max() ?? 1))
      let bar = Gauges.sparkline([Double(information)], width: 1, range: 0...most, rendition: rendition)
      frame.write(
        "I \(padded(Numbers.fixed(information, 2), to: 5, right: true)) \(bar)",
        column: column + (divergence == nil ? 1 : 13), row: row, theme.faint)
    }
  }

  /// A choice among classes: a cell a class, the likeliest marked; beneath, where it is selected, how likely each is.
  private mutating func drawChoice(
    _ choice: CodeColumns.Choice, _ line: SliderRows.Line, _ rows: SliderRows, _ inside: Rectangle, row: Int
  ) {
    let isSelected = line.selection == state.selection
    let cells = rows.cells(of: choice, in: state.code)
    let captions = line.isRuler ? [] : cells.captions
    let top = choice.likeliest(in: state.code)
    if !line.isRuler {
      frame.write(isSelected ? "▸" : " ", column: inside.column, row: row, theme.accent)
      let style = isSelected && state.focus == .sliders ? theme.strong : theme.text
      frame.write(choice.name, column: inside.column + 1, row: row, style)
      if choice.range.allSatisfy(state.steering.locked.contains) {
        frame.write("L", column: inside.column + 1 + rows.labelWidth, row: row, theme.accent)
      }
    }
    for place in cells.shown {
      let column = inside.column + cells.column(of: place)
      let probability = choice.probability(place, in: state.code)
      if line.isRuler, cells.cellWidth >= 4 {
        // As a number, in percent, where a cell has room for one.
        frame.write(
          probability < 0.005 ? (rendition.unicode ? "·" : ".") : Numbers.fixed(probability * 100, 0), column: column,
          row: row, place == top ? theme.accent : theme.faint)
      } else if line.isRuler {
        let level = Gauges.sparkline([Double(probability)], width: 1, range: 0...1, rendition: rendition)
        frame.write(
          probability < 0.005 ? (rendition.unicode ? "·" : ".") : level, column: column, row: row,
          place == top ? theme.accent : theme.faint)
      } else {
        frame.write(
          captions[place], column: column, row: row, place == top ? theme.selected : theme.text)
      }
    }
    if !line.isRuler {
      for (isMore, column, glyph) in cells.edges(unicode: rendition.unicode) where isMore {
        frame.write(glyph, column: inside.column + column, row: row, theme.accent)
      }
    }
    let share = "\(Numbers.fixed(choice.probability(top, in: state.code) * 100, 0)) %"
    let end = cells.column(of: (cells.shown.last ?? 0) + 1) + 1
    if line.isRuler, end + share.count < inside.width {
      frame.write(share, column: inside.column + end, row: row, theme.text)
    }
    if isSelected, !line.isRuler, cells.shown.contains(top) {
      rest(.sliders, column: inside.column + cells.column(of: top), row: row)
    }
  }

  private static func fraction(_ value: Float, in range: ClosedRange<Float>) -> Double {
    Double((value - range.lowerBound) / (range.upperBound - range.lowerBound))
  }

  /// The chosen slider over the pane's whole width, in eighths of a cell, between the ends of its range; a mark stands
  /// at the posterior mean of the image that one set out from.
  private mutating func drawRuler(_ selection: State.Selection, _ rows: SliderRows, _ inside: Rectangle, row: Int) {
    let range = SliderRows.range(of: selection, in: state)
    let ends = SliderRows.ends(of: range)
    let column = inside.column + rows.rulerColumn
    frame.write(padded(ends.low, to: rows.endWidth, right: true), column: inside.column + 1, row: row, theme.faint)
    frame.write(ends.high, column: column + rows.rulerWidth + 1, row: row, theme.faint)
    let line = rendition.unicode ? "─" : "-"
    for place in 0..<rows.rulerWidth { frame.write(line, column: column + place, row: row, theme.faint) }
    // A tick where the range has its middle: zero, or halfway.
    frame.write(rendition.unicode ? "┼" : "+", column: column + rows.rulerWidth / 2, row: row, theme.faint)
    if selection == .track, !state.isOnTrack { return }
    let fraction = Self.fraction(selection == state.selection ? state.selectedValue : 0, in: range)
    let bar = Gauges.bar(fraction: fraction, width: rows.rulerWidth, rendition: rendition)
    for (place, glyph) in bar.enumerated() where glyph != " " {
      frame.write(String(glyph), column: column + place, row: row, theme.text)
    }
    if case .dimension(let index) = selection, let mean = state.startCode, mean.indices.contains(index) {
      let place = min(1, max(0, Self.fraction(mean[index], in: range))) * Double(rows.rulerWidth - 1)
      frame.write(
        rendition.unicode ? "◆" : "*", column: column + Int(place.rounded()), row: row, theme.strong)
    }
  }

  /// What the sliders amount to, in the rows they leave.
  private mutating func drawSummary(_ inside: Rectangle, from first: Int) {
    var lines: [(String, Style)] = []
    if state.cloud?.count == 0 {
      // Of no codes neither KL nor use is known.
      lines.append(("no codes, so no KL", theme.faint))
    } else if let cloud = state.cloud, !cloud.divergences.isEmpty {
      // Of one code nothing can be told to vary.
      let active =
        cloud.count == 1
        ? "of one code" : "\(state.order.filter { !state.isInactive($0) }.count) of \(state.order.count) active"
      let total = Numbers.fixed(cloud.divergences.reduce(0, +), 2)
      // Codes beneath those of the model have a divergence of their own, which is not in the sum.
      let sum = "\(state.subject.configuration?.model.codes == nil ? "KL" : "KL of the code") \(total) nats"
      // The number alone, rather than a word cut in two.
      let words = fitted(["\(sum), \(active)", sum, "KL \(total) nats"], to: inside.width - 1)
      lines.append((cloud.hasDivergence ? words : active, theme.faint))
    }
    if layout.panes[.look] == nil {
      let look = LookFacts(state)
      if !look.nearestForms.isEmpty { lines.append((fitted(look.nearestForms, to: inside.width - 1), theme.faint)) }
      if look.isEmpty { lines.append((fitted(look.regionForms, to: inside.width - 1), theme.accent)) }
    }
    // A row stays free between sliders and words where there is room.
    let gap = inside.endRow - first > lines.count ? 1 : 0
    for (offset, line) in lines.prefix(max(0, inside.endRow - first - gap)).enumerated() {
      frame.write(
        shortened(line.0, to: inside.width - 1), column: inside.column + 1, row: first + gap + offset, line.1)
    }
  }
}
