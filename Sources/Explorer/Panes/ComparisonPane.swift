import Canvas
import LatentModels

extension Pane {
  /// Two models on the same code and the same image.
  static let comparison = Pane(rawValue: "comparison")
}

extension Scene.Part {
  /// The code at hand, decoded by the second model.
  static let comparedDigit = Scene.Part(rawValue: "code under the second model")
  /// The image at hand, reconstructed by it.
  static let comparedReconstruction = Scene.Part(rawValue: "reconstruction by the second model")
}

extension PaneKind {
  static let comparison = PaneKind(
    .comparison, title: "Comparison", room: { _, _ in Room(least: 18, priority: 10) },
    pictures: { state, _ in ComparisonPlan(state)?.batches(state) ?? [:] },
    draw: { canvas, cache in canvas.drawComparison(&cache) },
    words: { state in
      guard let plan = ComparisonPlan(state) else { return [state.comparisonAdvice.joined(separator: " ")] }
      return plan.sides(state, hasGreys: true).map(\.sentence) + plan.absences
    },
    commands: [
      Command(
        "compare", "show another model beside this one; without a name, the snapshot before",
        argument: .init("MODEL", isOptional: true, takesPath: true) { (state, _) in state.surroundings.models }
      ) { (text, _) throws(CommandError) in .perform { $0.compare(with: text.isEmpty ? nil : text) } }
    ])
}

/// What is compared: on the code, on the image, or on both.
struct ComparisonPlan {
  let first: Subject
  let second: Subject
  let ground: CommonGround
  /// Whether there is an image at hand that both can reconstruct: one of the open data set, or a drawing.
  let hasImage: Bool
  /// Whether the code at hand means something to both.
  var hasCode: Bool { ground == .codesAndImages }

  /// Nil while there is no second model.
  init?(_ state: State) {
    guard let other = state.compared, state.latentSize > 0 else { return nil }
    (first, second) = (state.subject, other)
    ground = CommonGround(first, other)
    let isNothing = if case .nothing = ground { true } else { false }
    let isStored = state.sourceIndex != nil && state.cloud?.images != nil
    hasImage = !isNothing && (isStored || state.drawnSource != nil)
  }

  /// What the two are not compared on, in sentences.
  var absences: [String] {
    let noImage = hasImage ? [] : ["There is no image at hand to compare the two on."]
    return switch ground {
    case .codesAndImages: noImage
    case .images(let reason): ["They are not compared on the code: \(reason)."] + noImage
    case .nothing(let reason): ["There is nothing to compare the two on: \(reason)."]
    }
  }

  /// What the second model is to make; the pictures of the first are there for the digit.
  func batches(_ state: State) -> [Scene.Part: Scene.Batch] {
    var batches: [Scene.Part: Scene.Batch] = [:]
    if hasCode {
      batches[.comparedDigit] = Scene.Batch(codes: state.code, count: 1, maker: .compared(second.generation))
    }
    if hasImage, var drawing = state.drawnSource {
      // What the first model says of it is nothing to the second.
      drawing.encoding = nil
      batches[.comparedReconstruction] = Scene.Batch(
        count: 1, maker: .reconstructedDrawing(second.generation, drawing))
    } else if hasImage, let index = state.sourceIndex, let cloud = state.cloud {
      batches[.comparedReconstruction] = Scene.Batch(
        count: 1, maker: .reconstructed(second.generation, image: index, cloud: cloud.id))
    }
    return batches
  }

  /// One model's facts and pictures.
  struct Side {
    var letter: String
    var subject: Subject
    var pictures: [(title: String, image: GreyImage?)]
    var error: ReconstructionError?

    /// What is known of the model, the most telling first.
    var facts: [String] {
      var facts = [subject.epochText]
      if let loss = subject.loss { facts.append("loss \(Numbers.fixed(loss, 1)) \(subject.boundImages.rawValue)") }
      return facts
    }

    /// Of what it was made.
    var makings: [String] {
      [subject.shape] + (subject.formula.map { [$0] } ?? [])
    }

    /// Everything in words.
    var sentence: String {
      var text = "Compared \(letter): \(([subject.name] + facts + makings).joined(separator: ", "))"
      if let error { text += "; the image at hand: squared error \(Numbers.fixed(error.squared, 2))" }
      if let nats = error?.nats { text += ", \(Numbers.fixed(nats, 1)) nats" }
      return text + "."
    }
  }

  /// Both models, with the pictures of the present scene.
  func sides(_ state: State, hasGreys: Bool) -> [Side] {
    let stored = state.scene.original.flatMap { $0.index == state.sourceIndex ? $0.image : nil }
    let original = hasImage ? state.drawnSource?.image ?? stored : nil
    func side(_ letter: String, _ subject: Subject, digit: Scene.Part, reconstruction: Scene.Part) -> Side {
      var side = Side(letter: letter, subject: subject, pictures: [])
      if hasCode || !hasImage && subject == first {
        side.pictures.append(("code", state.scene.parts[digit]?.images.first))
      }
      guard hasImage else { return side }
      let made = state.scene.parts[reconstruction]?.images.first
      var difference: GreyImage?
      if let original, let made {
        difference = Comparison.difference(original, made, hasGreys: hasGreys)
        side.error = ReconstructionError(of: original, made, subject.configuration)
      }
      side.pictures += [
        ("original", original), ("reconstruction", made), (Comparison.differenceTitle(hasGreys: hasGreys), difference),
      ]
      return side
    }
    return [
      side("A", first, digit: .digit, reconstruction: .reconstruction),
      side("B", second, digit: .comparedDigit, reconstruction: .comparedReconstruction),
    ]
  }

  /// What the pane is called.
  var title: String {
    switch ground {
    case .codesAndImages: hasImage ? "compare on code and image" : "compare on the code"
    case .images(let reason): hasImage ? "on the image: \(reason)" : "no image: \(reason)"
    case .nothing(let reason): reason
    }
  }
}

extension State {
  /// How a second model is chosen.
  var comparisonAdvice: [String] {
    if let awaited = panes[ComparedModel.self].awaited { return ["opening \(awaited)…"] }
    return [
      "No second model yet.",
      ":compare MODEL shows one beside this one, on the same code and the same image.",
      ":compare alone takes the snapshot of this run before the one shown.",
    ]
  }
}

extension PaneCanvas {
  mutating func drawComparison(_ cache: inout ViewCache) {
    let inside = layout.inside(.comparison)
    guard let plan = ComparisonPlan(state) else {
      title(.comparison, "compare")
      write(state.comparisonAdvice, in: inside, theme.text)
      return
    }
    title(.comparison, plan.title)
    let height = inside.height / 2
    for (place, side) in plan.sides(state, hasGreys: rendition.colors != .mono).enumerated() {
      var area = inside
      area.row += place * height
      area.height = height
      draw(side, in: area, plan, &cache)
    }
  }

  /// Facts, then the pictures with their titles, then their numbers.
  private mutating func draw(
    _ side: ComparisonPlan.Side, in area: Rectangle, _ plan: ComparisonPlan, _ cache: inout ViewCache
  ) {
    let end = area.endColumn - 1
    /// What does not fit whole is left out.
    func write(_ parts: [(String, Style)], row: Int) {
      var column = area.column + 1
      for (text, style) in parts {
        let shown = spelled(text)
        guard column + shown.count <= end else { continue }
        column += frame.write(shown, column: column, row: row, style) + 2
      }
    }
    let name = "\(side.letter) \(side.subject.name)"
    write(
      [(shortened(name, to: max(1, area.width - 2)), theme.strong)] + side.facts.map { ($0, theme.text) },
      row: area.row)
    write(side.makings.map { ($0, theme.faint) }, row: area.row + 1)
    let room = Rectangle(
      column: area.column + 1, row: area.row + 3, width: area.width - 2, height: max(1, area.height - 4))
    guard !side.pictures.isEmpty else {
      self.write(whyNothing(plan), in: room, theme.text)
      return
    }
    let count = side.pictures.count
    let cell = DigitCells.fitting(room, columns: count, rows: 1, least: count, of: state.subject)
    let present = side.pictures.enumerated().compactMap { place, picture in
      picture.image.map { (place: place, image: $0) }
    }
    let frames = cache.frames(
      of: Scene.Part(rawValue: "comparison \(side.letter)"), present.map(\.image), width: cell.width,
      height: cell.height, rendition: rendition)
    for (place, picture) in side.pictures.enumerated() {
      let column = room.column + place * cell.width
      guard column + cell.width <= room.endColumn else { continue }
      frame.write(
        Comparison.title(picture.title, width: cell.width - 1), column: column, row: room.row - 1, theme.faint)
    }
    for (picture, drawn) in zip(present, frames) {
      frame.draw(drawn, column: room.column + picture.place * cell.width, row: room.row, in: room)
    }
    guard let error = side.error else {
      if !plan.hasImage, side.letter == "B" { write([(imageAdvice, theme.faint)], row: room.row + cell.height) }
      return
    }
    write(
      [("squared error \(Numbers.fixed(error.squared, 2))", theme.text)]
        + (error.nats.map { [("\(Numbers.fixed($0, 1)) nats", theme.text)] } ?? []), row: room.row + cell.height)
  }

  private func whyNothing(_ plan: ComparisonPlan) -> [String] {
    guard case .images(let reason) = plan.ground else { return plan.absences }
    return ["The code at hand means nothing to it: \(reason).", imageAdvice]
  }

  /// How an image comes to hand.
  private var imageAdvice: String {
    (state.cloud?.images == nil ? "an image: :data NAME, then Enter in the scatter" : "an image: Enter in the scatter")
      + ", or d draws one"
  }
}
