import Analysis
import Canvas

/// What can be said about the current code beside its picture.
struct LookFacts {
  /// How the code came about.
  let origin: String
  /// The nearest stored code: its class, number and distance.
  let nearest: String?
  let neighbours: [Neighbour]
  /// How crowded latent space is here.
  let region: String?
  let isEmpty: Bool

  init(_ state: State) {
    let cloud = state.cloud
    func named(_ index: Int) -> String { (cloud?.label(index).map { "\($0)  " } ?? "") + "#\(index)" }
    switch state.steering.origin {
    case .steered: origin = "steered"
    case .prior: origin = "drawn from the prior"
    case .classSample(let label): origin = "drawn from class \(label)"
    case .stored(let index):
      // While a run is training its codes move on, and this one stays; so do dimensions that are locked.
      let isStill = cloud.map { index < $0.count && $0.code(index) == state.code } ?? false
      origin = (isStill ? "code of " : "taken from ") + named(index)
    case .mark(let letter): origin = "mark \(letter)"
    case .arithmetic(let a, let b, let c): origin = "\(a) − \(b) + \(c)"
    }
    guard let region = cloud?.density?.region(around: state.code) else {
      neighbours = []
      nearest = nil
      self.region = nil
      isEmpty = false
      return
    }
    neighbours = region.neighbours
    nearest = region.neighbours.first.map {
      "nearest \(named($0.index))  d \(Numbers.fixed($0.distance, 2))"
    }
    isEmpty = region.isEmpty
    self.region =
      region.isEmpty
      ? "empty: no digit lives here"
      : "denser than \(Numbers.fixed(region.percentile * 100, 0)) % of codes"
  }
}

extension PaneCanvas {
  /// The decoded picture, large; or the original, its reconstruction and their difference beside it.
  mutating func drawDigit(_ cache: inout ViewCache) {
    let area = layout.digit
    if state.options.contains(.look), let comparison = Comparison(state) {
      title(.digit, "digit: original and copies")
      let width = area.width / 2
      let height = (area.height - 2) / 2
      for (index, picture) in (comparison.pictures + [("decoded", state.scene.digit)]).enumerated() {
        let column = area.column + index % 2 * width
        let row = area.row + index / 2 * (height + 1)
        frame.write(Comparison.title(picture.0, width: width), column: column + 1, row: row, theme.faint)
        draw(picture.1, column: column, row: row + 1, width: width, height: height)
      }
      return
    }
    title(.digit, "digit")
    guard let digit = state.scene.digit else {
      let lines = ["no model is open", "T  trains one", ":open NAME  opens one"]
      for (offset, line) in lines.enumerated() {
        frame.write(
          shortened(line, to: area.width - 1), column: area.column + 1, row: area.row + 1 + 2 * offset, theme.text)
      }
      return
    }
    if let picture = cache.frames(
      of: .digit, [digit], width: area.width, height: area.height, rendition: rendition
    ).first {
      frame.draw(picture, column: area.column, row: area.row)
    }
  }

  private mutating func draw(_ image: GreyImage?, column: Int, row: Int, width: Int, height: Int) {
    guard let image, width > 0, height > 0 else { return }
    frame.draw(
      GlyphFitter(rendition: rendition).fit(image, width: width, height: height), column: column, row: row)
  }

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
    if let region = facts.region { lines.append((region, facts.isEmpty ? theme.accent : theme.text)) }
    if let nearest = facts.nearest { lines.append((nearest, theme.text)) }
    if state.cloud == nil { lines.append(("no codes: :data strokes brings some", theme.faint)) }
    for (text, style) in lines where isFree(1) {
      frame.write(shortened(text, to: room), column: column, row: row, style)
      row += 1
    }
    if isFree(1), !facts.neighbours.isEmpty, let cloud = state.cloud, !cloud.labels.isEmpty {
      var place = column + frame.write("around it ", column: column, row: row, theme.faint)
      for neighbour in facts.neighbours where place + 1 < inside.endColumn {
        guard let label = cloud.label(neighbour.index) else { continue }
        frame.write(
          "\(label)", column: place, row: row,
          Style(ClassPalette.color(of: label, level: rendition.colors), .bold))
        place += 2
      }
      row += 1
    }
    if isFree(1), let text = marksText {
      frame.write(shortened(text, to: room), column: column, row: row, theme.faint)
      row += 1
    }
    if let comparison = Comparison(state) { drawComparison(comparison, inside, &row) }
    drawNeighbourPictures(facts, inside, &row)
  }

  private var marksText: String? {
    let marks = state.steering.marks.keys.sorted()
    return marks.isEmpty ? nil : "marks " + marks.map(String.init).joined(separator: " ")
  }

  private mutating func drawComparison(_ comparison: Comparison, _ inside: Rectangle, _ row: inout Int) {
    let width = min(20, (inside.width - 2) / 3)
    let height = width / 2
    guard width >= 7, row + height + 2 <= inside.endRow else { return }
    row += 1
    for (index, picture) in comparison.pictures.enumerated() {
      let column = inside.column + 1 + index * width
      frame.write(Comparison.title(picture.0, width: width), column: column, row: row, theme.faint)
      draw(picture.1, column: column, row: row + 1, width: width, height: height)
    }
    row += height + 1
  }

  /// The images of the nearest codes, where a data set is open and there is room.
  private mutating func drawNeighbourPictures(_ facts: LookFacts, _ inside: Rectangle, _ row: inout Int) {
    guard !facts.neighbours.isEmpty, let cloud = state.cloud, let images = cloud.images, row + 8 <= inside.endRow
    else { return }
    let height = 5
    let width = DigitCells.width(height: height, of: state.subject)
    let across = max(1, (inside.width - 2) / (width + 1))
    row += 1
    frame.write("nearest images", column: inside.column + 1, row: row, theme.faint)
    row += 1
    for (place, neighbour) in facts.neighbours.enumerated() where neighbour.index < images.count {
      let top = row + place / across * (height + 1)
      guard top + height + 1 <= inside.endRow else { break }
      let column = inside.column + 1 + place % across * (width + 1)
      let image = GreyImage(width: images.width, height: images.height, bytes: images.bytes(at: neighbour.index))
      draw(image, column: column, row: top, width: width, height: height)
      let label = cloud.label(neighbour.index).map { "\($0) " } ?? ""
      frame.write(
        shortened("\(label)d \(Numbers.fixed(neighbour.distance, 2))", to: width), column: column, row: top + height,
        theme.faint)
    }
  }
}

/// An image beside what the model makes of it.
struct Comparison {
  let pictures: [(String, GreyImage?)]
  private static let shortNames = ["original": "image", "reconstruction": "copy", "difference": "differ"]

  /// What a picture is called over so many cells.
  static func title(_ name: String, width: Int) -> String {
    shortened(name.count < width ? name : shortNames[name] ?? name, to: width - 1)
  }

  /// The comparison for the image the code came from; nil where it came from none that is at hand.
  init?(_ state: State) {
    guard let original = state.scene.original, original.index == state.sourceIndex,
      let copy = state.scene.parts[.reconstruction]?.images.first
    else { return nil }
    let difference = GreyImage(
      width: original.image.width, height: original.image.height,
      values: zip(original.image.values, copy.values).map { abs($0 - $1) })
    pictures = [("original", original.image), ("reconstruction", copy), ("difference", difference)]
  }
}
