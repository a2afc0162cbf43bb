import Canvas

extension Pane {
  /// One parameter walked from end to end, in small digits.
  static let strip = Pane(rawValue: "strip")
}

extension Context {
  static let strip = Context.pane(.strip)
}

extension Scene.Part {
  static let strip = Scene.Part(rawValue: "strip")
}

extension PaneKind {
  static let strip = PaneKind(
    .strip, title: "Traversal strip", takesKeys: true,
    room: { state, _ in
      let usual = state.size.height >= 52 ? 7 : 5
      let place = DigitCells.heights.firstIndex(of: usual) ?? 0
      let last = DigitCells.heights.count - 1
      let height = DigitCells.heights[min(max(0, place + state.pictureSteps(.strip)), last)]
      let area = Rectangle(column: 0, row: 0, width: state.size.width - 2, height: height)
      let wanted = TraversalPlan.cell(in: area, of: state.subject).height + 3
      return Room(least: min(5 + 3, wanted), wanted: wanted, priority: 1)
    },
    pictures: { state, layout in [.strip: TraversalPlan(state, layout).batch] },
    draw: { canvas, cache in canvas.drawStrip(&cache) },
    press: { state, layout, spot in
      let plan = TraversalPlan(state, layout)
      let place = plan.place(atColumn: spot.column, width: layout.inside(.strip).width)
      return plan.values.indices.contains(place) ? [.setSelected(plan.values[place])] : []
    },
    wheel: { _, _, _, direction in [.slide(direction, .normal)] },
    words: { state in
      guard let layout = state.layout, state.latentSize > 0 else { return [] }
      let plan = TraversalPlan(state, layout)
      guard let first = plan.values.first, let last = plan.values.last else { return [] }
      let range = "\(TraversalCaption.valueText(first, state)) to \(TraversalCaption.valueText(last, state))"
      return ["Strip: \(Numbers.counted(plan.values.count, "digit")) of \(state.selectionWords) from \(range)."]
    },
    commands: [
      Command(
        "strip right", keys: ["right"], in: [.strip], "go to the next digit of the strip", hint: "step",
        action: .step(1)),
      Command("strip left", keys: ["left"], in: [.strip], "go to the digit before", action: .step(-1)),
      Command(
        "strip of next slider", keys: ["down"], in: [.strip], "walk the next dimension", hint: "dimension",
        action: .selectSlider(.by(1))),
      Command(
        "strip of previous slider", keys: ["up"], in: [.strip], "walk the dimension before",
        action: .selectSlider(.by(-1))),
    ] + PictureSizes.commands(.strip))
}

/// The digits of the strip: one parameter walked from end to end, everything else as it is.
struct TraversalPlan {
  /// The width and height of a digit in cells.
  let cell: (width: Int, height: Int)
  let values: [Float]
  let batch: Scene.Batch

  init(_ state: State, _ layout: Layout) {
    var inside = layout.inside(.strip)
    inside.height = max(1, inside.height - 1)
    cell = Self.cell(in: inside, of: state.subject)
    values = Self.values(state, fitting: max(1, inside.width / cell.width))
    batch = Self.batch(values, state)
  }

  /// A digit as high as an area, as far as both ends and the middle of a traversal fit beside each other.
  static func cell(in area: Rectangle, of subject: Subject) -> (width: Int, height: Int) {
    DigitCells.fitting(area, columns: 3, rows: 1, least: 3, of: subject)
  }

  /// The codes of the strip that is shown, or else of as many digits as `zscope traverse` makes.
  static func shown(in state: State) -> Scene.Batch {
    if let layout = state.layout, layout.panes[.strip] != nil { return TraversalPlan(state, layout).batch }
    return batch(values(state, fitting: 11), state)
  }

  private static func batch(_ values: [Float], _ state: State) -> Scene.Batch {
    var batch = Scene.Batch()
    for value in values { batch.append(state.code(withSelectionAt: value)) }
    return batch
  }

  /// Where the digits stand along the selected slider, where so many fit.
  private static func values(_ state: State, fitting: Int) -> [Float] {
    if case .choice(let index) = state.selection, let choice = state.choice(index) {
      // A digit a class, in the handwriting of the other columns.
      let count = min(fitting, choice.range.count)
      let first = max(0, min(choice.likeliest(in: state.code) - count / 2, choice.range.count - count))
      return (first..<first + count).map { Float($0) }
    }
    // An odd number, so that the middle of the range is among them.
    let count = min(21, fitting % 2 == 0 ? fitting - 1 : fitting)
    let range = state.stripRange
    return (0..<count).map {
      count == 1
        ? (range.lowerBound + range.upperBound) / 2
        : range.lowerBound + (range.upperBound - range.lowerBound) * Float($0) / Float(count - 1)
    }
  }

  /// The digits as a scale, in the middle of so many columns.
  func scale(width: Int) -> TraversalScale {
    TraversalScale(values: values, cellWidth: cell.width, origin: max(0, (width - cell.width * values.count) / 2))
  }

  /// The value a step away: the next digit's, from between two digits the one in that direction.
  func value(after value: Float, by change: Int) -> Float? {
    guard let place = scale(width: 0).place(of: value) else { return values.first }
    let nearest = place.rounded()
    let isThere = abs(place - nearest) < 0.01
    let begin = isThere ? nearest : change > 0 ? place.rounded(.down) : place.rounded(.up)
    let next = min(max(0, Double(begin) + Double(change)), Double(values.count - 1))
    return values[Int(next)]
  }

  /// The digit at a column; −1 left of all.
  func place(atColumn column: Int, width: Int) -> Int {
    let left = scale(width: width).origin
    return column < left ? -1 : (column - left) / max(1, cell.width)
  }
}

extension PaneCanvas {
  mutating func drawStrip(_ cache: inout ViewCache) {
    let inside = layout.inside(.strip)
    let plan = TraversalPlan(state, layout)
    title(
      .strip, TraversalCaption.name(state),
      note: state.animation == nil ? "space plays" : "playing, \(Numbers.counted(state.speed, "step")) a second")
    guard let pictures = state.scene.parts[.strip], pictures.images.count == plan.values.count else { return }
    let frames = cache.frames(
      of: .strip, pictures.images, width: plan.cell.width, height: plan.cell.height, rendition: rendition)
    let row = inside.row + plan.cell.height
    let scale = plan.scale(width: inside.width)
    // The true value stands where it is, between two digits where it lies between; what it covers is left out.
    let current = TraversalCaption.caption(state, plan, width: inside.width)
    let names = TraversalCaption.classNames(state, plan)
    for (place, picture) in frames.enumerated() {
      let column = scale.column(of: place)
      frame.draw(picture, column: inside.column + column, row: inside.row, in: inside)
      let text = names?[place] ?? TraversalCaption.valueText(plan.values[place], state)
      let begin = column + max(0, (plan.cell.width - text.count) / 2)
      if let current, current.touches(text, at: begin) { continue }
      frame.write(text, column: inside.column + begin, row: row, theme.faint)
    }
    guard let current else { return rest(.strip, column: inside.column, row: row) }
    frame.write(spelled(current.text), column: inside.column + current.column, row: row, theme.accent)
    rest(.strip, column: inside.column + current.cursor, row: row)
  }
}

/// The words of the strip.
enum TraversalCaption {
  static func name(_ state: State) -> String {
    guard state.selection == .track, let track = state.steering.track else {
      return "traversal of \(state.selectionName)"
    }
    let name =
      switch track.kind {
      case .interpolation:
        "from \(track.name.replacing("→", with: " to ")) \(track.isSpherical ? "along the sphere" : "straight")"
      case .direction: "along the direction \(track.name)"
      case .blend: "blends of the classes \(track.name), in one handwriting"
      }
    return name + (state.isOnTrack ? "" : "; the code is off the way")
  }

  /// A value of the selected slider in words: a number, or the name of a class.
  static func valueText(_ value: Float, _ state: State) -> String {
    if case .choice(let index) = state.selection, let choice = state.choice(index), value >= 0 {
      return choice.named(Int(value)).spoken
    }
    return Numbers.fixed(value, 2, signed: state.stripRange.lowerBound < 0)
  }

  /// The classes of the strip as they fit beneath their digits; nil where it walks a number.
  static func classNames(_ state: State, _ plan: TraversalPlan) -> [String]? {
    guard case .choice(let index) = state.selection, let choice = state.choice(index) else { return nil }
    let names = ClassText.fitting(choice.namedClasses, to: max(1, plan.cell.width - 1))
    return plan.values.map { names[Int($0)] }
  }

  /// The present value as it stands beneath the digits: `▸+0.50◂` at its place, or at an end, pointing outwards, where
  /// it lies beyond.
  static func caption(_ state: State, _ plan: TraversalPlan, width: Int) -> TraversalScale.Caption? {
    // Of a way that has been left no place is the code's.
    if state.selection == .track, !state.isOnTrack { return nil }
    let chosen = state.selectedValue
    // Classes that are no neighbours have no place between them: words tell of what the code is.
    let text =
      if case .choice(let index) = state.selection, let choice = state.choice(index) {
        choice.words(in: state.code)
      } else {
        valueText(chosen, state)
      }
    return plan.scale(width: width).caption(text, of: chosen, width: width)
  }
}
