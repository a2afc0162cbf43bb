import Canvas

extension State {
  /// Changes what undo brings back, as one step; nothing happens where nothing changes.
  mutating func change(_ body: (inout Steering) -> Void) {
    var next = steering
    body(&next)
    next = held(next)
    guard next != steering else { return }
    past.append(steering)
    future.removeAll()
    steering = next
    animation?.beginsStep = true
  }

  /// What comes next as far as it can come: with what is locked as it is, and numbers that are some.
  func held(_ next: Steering) -> Steering {
    var next = next
    // A lock holds against every way of changing the code.
    for dimension in steering.locked where next.locked.contains(dimension) && next.code.indices.contains(dimension) {
      next.code[dimension] = steering.code[dimension]
    }
    for index in next.code.indices where !next.code[index].isFinite { next.code[index] = steering.code[index] }
    next.code = subject.columns.normalised(next.code)
    return next
  }

  /// A code with what is locked as it is now, and with probabilities that are some.
  func held(_ wanted: [Float]) -> [Float] {
    var wanted = wanted
    for column in steering.locked where wanted.indices.contains(column) && code.indices.contains(column) {
      wanted[column] = code[column]
    }
    return subject.columns.normalised(wanted)
  }

  /// Sets the code as a whole.
  mutating func setCode(_ code: [Float], origin: Steering.Origin) {
    guard code.count == latentSize, !refusesAsLocked() else { return }
    change { $0.come(to: code, from: origin) }
  }

  /// Takes a stored code of those shown.
  mutating func take(stored index: Int) {
    guard let cloud else { return }
    setCode(cloud.code(index), origin: cloud.origin(index))
  }

  /// Whether nothing of the code can change, which is said.
  mutating func refusesAsLocked() -> Bool {
    guard latentSize > 0, steering.locked.isSuperset(of: 0..<latentSize) else { return false }
    message = .error("every slider is locked: press L on one to unlock it")
    return true
  }

  /// Whether a code differs in a locked slider from the one at hand, which is said: what means nothing in part is not done.
  mutating func refusesLocked(_ wanted: [Float]) -> Bool {
    guard wanted.count == latentSize else { return false }
    let slider = sliders.first { slider in
      columns(of: slider).contains { steering.locked.contains($0) && wanted[$0] != code[$0] }
    }
    guard let slider else { return false }
    sayLocked([name(of: slider)])
    return true
  }

  /// Whether a step along these axes moves nothing, as they are locked dimensions, which is said.
  mutating func refusesLocked(along axes: [Axis]) -> Bool {
    let columns = axes.compactMap(subject.columns.column(of:))
    guard !axes.isEmpty, columns.count == axes.count, steering.locked.isSuperset(of: columns) else { return false }
    sayLocked(axes.map(\.name))
    return true
  }

  private mutating func sayLocked(_ names: [String]) {
    let (verb, pronoun) = names.count > 1 ? ("are", "them") : ("is", "it")
    message = .error(
      "\(names.joined(separator: " and ")) \(verb) locked: press L on \(pronoun) in the sliders to unlock \(pronoun)")
  }

  /// What is said of a code that was taken from elsewhere while sliders were locked: `, but for locked z1, z4`, or where they
  /// are most, `, but for locked all but z2`; nothing where all of it was taken.
  var heldWords: String {
    let sliders = sliders.filter { $0 != .track }
    func isHeld(_ slider: Selection) -> Bool {
      switch slider {
      case .dimension(let index): steering.held.contains(index)
      case .choice(let index): choice(index).map { !steering.held.isDisjoint(with: $0.range) } ?? false
      case .track: false
      }
    }
    let held = sliders.filter(isHeld)
    guard !held.isEmpty else { return "" }
    func list(_ sliders: [Selection]) -> String { sliders.map(name(of:)).joined(separator: ", ") }
    let free = sliders.filter { !isHeld($0) }
    let isMost = held.count > 3 && free.count < held.count && !free.isEmpty
    return ", but for locked \(isMost ? "all but \(list(free))" : list(held))"
  }

  mutating func steer(_ action: Action) -> [Effect] {
    switch action {
    case .slide(let direction, let stride):
      if case .form(var form) = overlay {
        guard isEditable(form) else { break }
        form.choose(by: direction)
        overlay = .form(form)
      } else {
        slide(direction, stride)
      }
    case .selectSlider(let move): select(move)
    case .pickSlider(let slider): if sliders.contains(slider) { selection = slider }
    case .setSelected(let value): setSelected(to: value)
    case .setValue(let value): setSelected(to: value, isTyped: true)
    case .resetDimension: setSelected(to: 0)
    case .resetAll: setCode(subject.columns.rest, origin: .steered)
    case .toggleLock:
      let columns = Set(selectedColumns.filter { $0 < latentSize })
      guard !columns.isEmpty else {
        message = .error("only dimensions can be locked: choose one with ↑ and ↓")
        break
      }
      let isLocked = isSelectionLocked
      change { if isLocked { $0.locked.subtract(columns) } else { $0.locked.formUnion(columns) } }
    case .toggleOrder:
      guard cloud != nil else {
        message = shortage("the order by KL needs codes")
        break
      }
      guard subject.hasDivergence else {
        message = .error("this model has no KL to order by: it was trained without a \(subject.lackOfDivergence)")
        break
      }
      ordersByDivergence.toggle()
    case .samplePrior: samplePrior()
    case .sampleClass(let label): sample(label)
    case .undo: exchange(\.past, \.future, orSay: "nothing to undo: this is where you began")
    case .redo: exchange(\.future, \.past, orSay: "nothing to redo")
    default: break
    }
    return []
  }

  /// Goes to the last of one list of steerings, and puts the present one at the end of the other.
  private mutating func exchange(
    _ source: WritableKeyPath<State, [Steering]>, _ other: WritableKeyPath<State, [Steering]>, orSay nothing: String
  ) {
    guard let next = self[keyPath: source].popLast() else {
      message = .note(nothing)
      return
    }
    // What plays would walk on from there, and nothing could be done again.
    animation = nil
    self[keyPath: other].append(steering)
    steering = next
  }

  private mutating func slide(_ direction: Int, _ stride: Stride) {
    if case .choice = selection {
      // From class to class; a coarse step blends a tenth of the next in, a fine one a hundredth.
      let (value, steps): (Float, Float) = (selectedValue, stride == .fine ? 100 : 10)
      let next = (value + Float(direction) / steps) * steps
      let neighbour = direction > 0 ? (value + 0.001).rounded(.down) + 1 : (value - 0.001).rounded(.up) - 1
      setSelected(to: stride == .normal ? neighbour : next.rounded() / steps)
      return
    }
    var amount: Float =
      switch stride {
      case .fine: 0.01
      case .normal: 0.1
      case .coarse: 0.5
      }
    if selection == .track, steering.track?.range == 0...1 { amount *= 0.5 }
    let steps = 1 / (stride == .fine || amount < 0.1 ? Float(0.01) : 0.1)
    let value = selectedValue + Float(direction) * amount
    // On round values sliders stay on round values, however often they move.
    let rounded = (value * steps).rounded() / steps
    setSelected(to: abs(rounded - value) < 0.002 ? rounded : value)
  }

  /// What a text sets the selected slider to: a number, or where a class is chosen, the place of the one that it names.
  func value(typed text: String) throws(CommandError) -> Float {
    guard let classes = selectedChoice?.namedClasses else {
      guard let value = Numbers.parse(text) else {
        throw CommandError("“\(text)” is no number: type one such as 0.5")
      }
      return Float(min(max(value, -1e6), 1e6))
    }
    guard let found = classes.meant(by: text) else {
      // Between classes that are called by their places lie their blends.
      if let value = Numbers.parse(text), value != value.rounded(), classes.areCalledByNumber {
        return Float(min(max(value, 0), Double(classes.count - 1)))
      }
      throw CommandError("“\(text)” is no class: \(ClassText.sentence(of: classes))")
    }
    return Float(found.label)
  }

  /// Moves the selected slider; a typed value may lie beyond its range, as far as codes can be taken at all.
  mutating func setSelected(to value: Float, isTyped: Bool = false) {
    guard value.isFinite else { return }
    switch selection {
    case .dimension(let index):
      guard index < latentSize else { return }
      if isSelectionLocked {
        message = .error("\(selectionName) is locked: press L to unlock it")
        return
      }
      let range = isTyped ? -Self.farthest...Self.farthest : range(index)
      let value = bounded(value, by: range, isTyped)
      change {
        $0.code[index] = value
        $0.origin = .steered
      }
    case .choice(let index):
      guard let choice = choice(index) else { return }
      if isSelectionLocked {
        message = .error("\(selectionName) is locked: press L to unlock it")
        return
      }
      let position = bounded(value, by: 0...Float(max(0, choice.range.count - 1)), isTyped)
      let code = choice.code(code, at: position)
      change {
        $0.code = code
        $0.origin = .steered
      }
    case .track:
      guard let track = trackFromHere else { return }
      let position = bounded(value, by: track.range, isTyped)
      let code = track.code(at: position, from: code)
      change {
        $0.code = code
        $0.origin = .steered
        $0.track = track
        $0.track?.position = position
        $0.element = 0
      }
    }
  }

  /// The nearest value of a range; a person who typed another one is told.
  private mutating func bounded(_ value: Float, by range: ClosedRange<Float>, _ isTyped: Bool) -> Float {
    let bounded = min(max(value, range.lowerBound), range.upperBound)
    if isTyped, bounded != value {
      func text(_ value: Float) -> String { (value < 0 ? "−" : "") + Numbers.brief(Double(abs(value))) }
      message = .note(
        "set to \(text(bounded)): values go from \(text(range.lowerBound)) to \(text(range.upperBound)) here")
    }
    return bounded
  }

  private mutating func select(_ move: SliderMove) {
    let sliders = sliders
    guard !sliders.isEmpty else { return }
    let place = sliders.firstIndex(of: selection) ?? 0
    switch move {
    case .by(let change): selection = sliders[min(max(0, place + change), sliders.count - 1)]
    case .first: selection = sliders[0]
    case .last: selection = sliders[sliders.count - 1]
    }
  }

  /// Draws a code from the prior, where there is a standard one.
  private mutating func samplePrior() {
    guard subject.hasDivergence else {
      takeRandomCode()
      return
    }
    var code = self.code
    let columns = subject.columns
    for column in columns.dimensions where code.indices.contains(column) { code[column] = random.normal() }
    for choice in columns.choices {
      code = choice.code(code, at: Float(Int.random(in: 0..<max(1, choice.range.count), using: &random)))
    }
    setCode(code, origin: .prior)
  }

  /// Takes any stored code: of a model without a standard prior there is nothing else to draw.
  private mutating func takeRandomCode() {
    guard let cloud, cloud.count > 0 else {
      message = shortage("this model has no \(subject.lackOfPrior) to draw from, and no codes to take one of")
      return
    }
    guard !refusesAsLocked() else { return }
    let index = Int.random(in: 0..<cloud.count, using: &random)
    take(stored: index)
    message = .note(
      "this model has no \(subject.lackOfPrior) to draw from: this is one of its codes, taken at random")
  }

  /// Draws from the posterior of a random image of a class.
  private mutating func sample(_ label: Int) {
    guard let cloud, let index = cloud.randomIndex(of: label, using: &random) else {
      let classes = ClassText.sentence(self)
      message = .error(
        classes.isEmpty
          ? "the codes have no classes: \(labelAdvice)"
          : "no code of class \(words(ofClass: label)) is here: \(classes)")
      return
    }
    var code = cloud.code(index)
    if cloud.hasPosterior {
      let deviations = cloud.deviations(index)
      for place in cloud.columns.dimensions { code[place] += deviations[place] * random.normal() }
    }
    setCode(code, origin: .classSample(NamedClass(label: label, name: name(ofClass: label))))
  }
}

extension CodeCloud {
  /// One of the codes of a class, or nil where it has none.
  func randomIndex(of label: Int, using random: inout RandomSource) -> Int? {
    let members = labels.indices.filter { Int(labels[$0]) == label }
    return members.randomElement(using: &random)
  }
}
