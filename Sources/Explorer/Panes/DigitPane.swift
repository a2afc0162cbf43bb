import Canvas

extension Pane {
  /// The decoded picture, large.
  static let digit = Pane(rawValue: "digit")
}

extension Scene.Part {
  /// Original, reconstruction and what is decoded now, as they are drawn side by side; made from other parts.
  fileprivate static let comparedLarge = Scene.Part(rawValue: "comparedLarge")
}

extension ViewOption {
  /// Original, reconstruction and difference in place of the decoded picture alone.
  static let look = ViewOption(rawValue: "look")
}

extension PaneKind {
  static let digit = PaneKind(
    .digit, title: "Digit",
    room: { state, _ in
      let height =
        DigitCells.large(
          in: Rectangle(column: 0, row: 1, width: state.size.width, height: state.size.height - 2), of: state.subject
        ).height + 2
      // Of wide images the digit is a line or two: those beside each other need a title and a line each.
      let rows = state.options.contains(.look) ? max(height, 2 * 2 + 2) : height
      return Room(least: rows, wanted: rows, priority: 20)
    },
    draw: { canvas, cache in canvas.drawDigit(&cache) }, wheel: { _, _, _, direction in [.slide(direction, .normal)] },
    words: { state in
      guard let digit = state.scene.digit else { return [] }
      let ink = digit.values.reduce(0, +) / Float(max(1, digit.values.count))
      return [
        "Digit: \(ImageText.spoken(width: digit.width, height: digit.height)) pixels, \(Numbers.fixed(ink * 100, 0)) % ink"
          + (state.options.contains(.look) ? ", beside original and reconstruction where there is an image." : ".")
      ]
    },
    commands: [
      Command(
        "look", keys: ["b"], "digit pane: decoded, or original, reconstruction and difference", action: .toggle(.look)),
      Command(
        "turn", keys: ["A"], "turn code and image by the next element of the group that the model follows",
        works: { $0.groupStructure != nil },
        action: .perform {
          $0.turn(by: 1)
          return []
        }),
    ])
}

extension PaneCanvas {
  /// The decoded picture, large; or the original, its reconstruction and their difference beside it.
  mutating func drawDigit(_ cache: inout ViewCache) {
    let area = layout.inside(.digit)
    if state.options.contains(.look), area.height >= 4,
      let comparison = Comparison(state, hasGreys: rendition.colors != .mono)
    {
      title(.digit, fitted(["original and reconstruction", "original, rebuilt", "compared"], to: area.width - 2))
      let width = area.width / 2
      let height = (area.height - 2) / 2
      let pictures = comparison.pictures + [("decoded", state.scene.digit)]
      let shown = pictures.compactMap(\.1)
      let frames = cache.frames(of: .comparedLarge, shown, width: width, height: height, rendition: rendition)
      guard frames.count == pictures.count else { return }
      for (index, picture) in pictures.enumerated() {
        let column = area.column + index % 2 * width
        let row = area.row + index / 2 * (height + 1)
        // A column stays free between two titles.
        let room = index % 2 == 0 ? width - 1 : width
        frame.write(Comparison.title(picture.0, width: room), column: column, row: row, theme.faint)
        frame.draw(frames[index], column: column, row: row + 1, in: area)
      }
      return
    }
    title(.digit, "digit")
    guard let digit = state.scene.digit else {
      let isPreparing = state.training?.phase == .preparing
      let data = state.training?.configuration.training.dataTitle ?? ""
      let lines =
        isPreparing
        ? ["reading \(data)…", "the latent space appears", "with its first weights"]
        : ["no model is open", "T  trains one", ":open NAME  opens one"]
      for (offset, line) in lines.enumerated() where 1 + 2 * offset < area.height {
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
}

/// An image beside what the model makes of it.
struct Comparison {
  let pictures: [(String, GreyImage?)]

  /// What a picture is called over so many cells.
  static func title(_ name: String, width: Int) -> String { fitted([name] + (shorter[name] ?? []), to: width) }

  private static let shorter = [
    "original": ["image"], "reconstruction": ["rebuilt"], "difference ±": ["error ±", "±"], "difference": ["error"],
    "decoded": ["now"], "original, turned": ["turned"], "decoded, turned code": ["turned code", "decoded"],
  ]

  /// The comparison for the image the code came from; nil where it came from none that is at hand.
  init?(_ state: State, hasGreys: Bool = true) {
    let original: GreyImage
    if let drawing = state.drawnSource {
      original = drawing.image
    } else {
      guard let stored = state.scene.original, stored.index == state.sourceIndex else { return nil }
      original = stored.image
    }
    guard let upright = state.scene.parts[.reconstruction]?.images.first else { return nil }
    // Of a turned code, what it decodes to beside the turned original.
    let isTurned = state.steering.element != 0
    let reconstruction = isTurned ? state.scene.digit ?? upright : upright
    let image = isTurned ? state.turned(original) : original
    let difference = Self.difference(image, reconstruction, hasGreys: hasGreys)
    pictures = [
      (isTurned ? "original, turned" : "original", image),
      (isTurned ? "decoded, turned code" : "reconstruction", reconstruction),
      (Self.differenceTitle(hasGreys: hasGreys), difference),
    ]
  }

  /// The difference is signed: middle grey where both agree, lighter where the image has more ink than its
  /// reconstruction. Where there are no greys its size is shown.
  static func difference(_ image: GreyImage, _ reconstruction: GreyImage, hasGreys: Bool) -> GreyImage {
    GreyImage(
      width: image.width, height: image.height,
      values: zip(image.values, reconstruction.values).map { hasGreys ? 0.5 + ($0 - $1) / 2 : abs($0 - $1) })
  }

  static func differenceTitle(hasGreys: Bool) -> String { hasGreys ? "difference ±" : "difference" }
}
