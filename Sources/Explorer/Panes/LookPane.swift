import Canvas

extension Pane {
  /// Where the code came from, and who lives near it.
  static let look = Pane(rawValue: "look")
}

extension Scene.Part {
  /// What is looked at beside what the model makes of it; drawn from other parts.
  fileprivate static let lookedAt = Scene.Part(rawValue: "lookedAt")
}

extension PaneKind {
  static let look = PaneKind(
    .look, title: "Look", room: { _, _ in Room(least: 7, priority: 4) },
    draw: { canvas, cache in canvas.drawLook(&cache) },
    words: { state in
      guard state.latentSize > 0 else { return [] }
      let facts = LookFacts(state)
      var lines = ["Code: \(facts.origin)."]
      if let region = facts.region { lines.append("Region: \(region).") }
      if let nearest = facts.nearest { lines.append("Nearest code: \(nearest.dropFirst(8)).") }
      let marks = state.steering.marks.keys.sorted().map { String($0) }
      if !marks.isEmpty { lines.append("Marks: \(marks.joined(separator: " ")).") }
      return lines
    }, speaksEverywhere: true)
}

extension PaneCanvas {
  /// Where the code came from, who lives near it, and what it looked like before it was encoded.
  mutating func drawLook(_ cache: inout ViewCache) {
    let inside = layout.inside(.look)
    let facts = LookFacts(state)
    title(.look, "look")
    var row = inside.row
    let column = inside.column + 1
    let room = inside.width - 2
    func isFree(_ rows: Int) -> Bool { row + rows <= inside.endRow }
    var lines: [(String, Style)] = [(facts.origin, theme.text)]
    if !facts.regionForms.isEmpty {
      lines.append((fitted(facts.regionForms, to: room), facts.isEmpty ? theme.accent : theme.text))
    }
    if !facts.nearestForms.isEmpty { lines.append((fitted(facts.nearestForms, to: room), theme.text)) }
    if state.cloud == nil, let absence = state.codesAbsence { lines.append((absence.text, theme.faint)) }
    for (text, style) in lines where isFree(1) {
      // A line that is longer than the pane goes on below: what was taken for what stands at its end.
      for line in text.count <= room ? [text] : wordWrapped(text, to: room) where isFree(1) {
        frame.write(shortened(line, to: room), column: column, row: row, style)
        row += 1
      }
    }
    if isFree(1), !facts.neighbours.isEmpty, let cloud = state.cloud, !cloud.labels.isEmpty {
      var place = column + frame.write("around it ", column: column, row: row, theme.faint)
      for neighbour in facts.neighbours {
        guard let label = cloud.label(neighbour.index) else { continue }
        // Many classes are told by their glyphs, as in the scatter.
        let named = NamedClass(label: label, name: state.name(ofClass: label))
        let name = named.glyph.map { String($0) } ?? named.seen
        guard place + name.count < inside.endColumn else { break }
        place +=
          1
          + frame.write(
            name, column: place, row: row, Style(ClassPalette.color(of: label, rendition: rendition), .bold))
      }
      row += 1
    }
    if isFree(1), let text = marksText {
      frame.write(shortened(text, to: room), column: column, row: row, theme.faint)
      row += 1
    }
    drawComparison(inside, &row, &cache)
    drawNeighbourPictures(facts, inside, &row, &cache)
  }

  private var marksText: String? {
    let marks = state.steering.marks.keys.sorted()
    return marks.isEmpty ? nil : "marks " + marks.map(String.init).joined(separator: " ")
  }

  private mutating func drawComparison(_ inside: Rectangle, _ row: inout Int, _ cache: inout ViewCache) {
    let width = min(20, (inside.width - 2) / 3)
    let height = width / 2
    guard width >= 7, row + height + 2 <= inside.endRow,
      let comparison = Comparison(state, hasGreys: rendition.colors != .mono)
    else { return }
    row += 1
    let pictures = comparison.pictures.compactMap(\.1)
    let frames = cache.frames(of: .lookedAt, pictures, width: width, height: height, rendition: rendition)
    guard frames.count == comparison.pictures.count else { return }
    for (index, picture) in comparison.pictures.enumerated() {
      let column = inside.column + 1 + index * width
      // A column stays free between two titles.
      let room = index + 1 < comparison.pictures.count ? width - 1 : width
      frame.write(Comparison.title(picture.0, width: room), column: column, row: row, theme.faint)
      frame.draw(frames[index], column: column, row: row + 1, in: inside)
    }
    row += height + 1
  }

  /// The images of the nearest codes, where a data set is open and there is room.
  private mutating func drawNeighbourPictures(
    _ facts: LookFacts, _ inside: Rectangle, _ row: inout Int, _ cache: inout ViewCache
  ) {
    guard !facts.neighbours.isEmpty, let cloud = state.cloud, let images = cloud.images, row + 8 <= inside.endRow
    else { return }
    let room = Rectangle(column: 0, row: 0, width: inside.width - 2, height: 5)
    let (width, height) = DigitCells.fitting(room, columns: 1, rows: 1, least: 1, of: state.subject)
    let across = max(1, (inside.width - 2) / (width + 1))
    row += 1
    frame.write("nearest images", column: inside.column + 1, row: row, theme.faint)
    row += 1
    // Nearly all distances are as wide, and leave the same room for names.
    var names: [Int: [String]] = [:]
    for (place, neighbour) in facts.neighbours.enumerated() where neighbour.index < images.count {
      let top = row + place / across * (height + 1)
      guard top + height + 1 <= inside.endRow else { break }
      let column = inside.column + 1 + place % across * (width + 1)
      let key = ViewCache.ThumbnailKey(codes: cloud.codesID, index: neighbour.index, width: width, height: height)
      let picture = cache.thumbnail(key, rendition: rendition) {
        GreyImage(width: images.width, height: images.height, bytes: images.bytes(at: neighbour.index))
      }
      frame.draw(picture, column: column, row: top, in: inside)
      let distance = "d \(Numbers.fixed(neighbour.distance, 2))"
      let left = width - distance.count - 1
      let fitting = names[left] ?? state.names(ofClasses: cloud.classes, to: left)
      names[left] = fitting
      let known = cloud.label(neighbour.index).flatMap { label in cloud.classes.firstIndex { Int($0) == label } }
      let label = known.map { "\(fitting[$0]) " } ?? ""
      frame.write(shortened(label + distance, to: width), column: column, row: top + height, theme.faint)
    }
  }
}
