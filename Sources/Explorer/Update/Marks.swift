extension State {
  mutating func mark(_ action: Action) {
    switch action {
    case .mark(let letter):
      let code = code
      change { $0.marks[letter] = code }
      message = .note("marked \(letter): '\(letter) comes back to it")
    case .jump(let letter):
      guard let code = code(marked: letter) else { return }
      setCode(code, origin: .mark(letter))
    case .interpolate(let first, let second): interpolate(first, second)
    case .arithmetic(let first, let second, let third):
      guard let a = code(marked: first), let b = code(marked: second), let c = code(marked: third) else { return }
      setCode(
        zip(a, zip(b, c)).map { $0 - $1.0 + $1.1 }, origin: .arithmetic(first, second, third))
    case .classDirection(let from, let to): beginDirection(from, to)
    case .blendClasses(let first, let second): blend(first, second)
    case .toggleSpherical:
      guard let track = steering.track, case .interpolation = track.kind else {
        message = .error("only an interpolation can follow the sphere: begin one with i")
        return
      }
      var changed = track
      changed.isSpherical.toggle()
      let code = changed.code(at: changed.position, from: code)
      // What has left the way stays where it is, and what it came from.
      let isOnTrack = isOnTrack
      change {
        $0.track = changed
        guard isOnTrack else { return }
        $0.code = code
        $0.origin = .steered
        $0.element = 0
      }
      message = .note(changed.isSpherical ? "along the sphere" : "along the straight line")
    case .endTrack:
      guard steering.track != nil else {
        message = .note("there is no interpolation or direction to remove")
        return
      }
      change { $0.track = nil }
    default: break
    }
  }

  /// A slider from one mark to another.
  private mutating func interpolate(_ first: Character, _ second: Character) {
    guard first != second else {
      message = .error("the two marks must differ")
      return
    }
    guard let start = code(marked: first), let end = code(marked: second) else { return }
    let isSpherical = steering.track?.isSpherical ?? false
    change {
      $0.come(to: start, from: .mark(first))
      $0.track = Track(
        kind: .interpolation(from: first, to: second, start: start, end: end), position: 0, isSpherical: isSpherical)
    }
    selectTrack()
    message = .note("slide from \(first) to \(second) with ← and →, play with space, S for the sphere")
  }

  /// A slider along the difference of the means of two classes.
  private mutating func beginDirection(_ from: Int, _ to: Int) {
    guard from != to else {
      message = .error("the two classes must differ")
      return
    }
    guard let vector = cloud?.direction(from: from, to: to), let mean = cloud?.mean(of: from),
      vector.count == latentSize
    else {
      let classes = ClassText.sentence(self)
      message = .error(
        classes.isEmpty
          ? "the codes have no classes: \(labelAdvice)"
          : "no codes of both \(words(ofClass: from)) and \(words(ofClass: to)) are here: \(classes)")
      return
    }
    guard !refusesAsLocked() else { return }
    let ends = [from, to].map { NamedClass(label: $0, name: name(ofClass: $0)) }
    change {
      $0.come(to: mean, from: .mean(ends[0]))
      $0.track = Track(kind: .direction(from: ends[0], to: ends[1], vector: vector), position: 0, origin: mean)
    }
    selectTrack()
    message = .note(
      "at the mean of \(words(ofClass: from))\(heldWords): "
        + "slide towards that of \(words(ofClass: to)), at 1, with ← and →")
  }

  /// The keys go to the way that has begun, in the sliders, unless they slide where they are.
  private mutating func selectTrack() {
    selection = .track
    if !Context.sliding.contains(.pane(focus)) { focus = .sliders }
  }

  static let nothingToBlend =
    "this model has no variable for the class to blend: D slides from class mean to class mean"

  /// A slider from one class to another at the present style.
  private mutating func blend(_ first: Int, _ second: Int) {
    guard let choice = choice(0) else {
      message = .error(Self.nothingToBlend)
      return
    }
    let classes = choice.range.count
    let told = ClassText.sentence(self, .blendedClasses)
    if let missing = [first, second].first(where: { !(0..<classes).contains($0) }) {
      message = .error("there is no class \(missing) to blend: \(told)")
      return
    }
    guard first != second else {
      message = .error("two different classes are needed: \(told)")
      return
    }
    guard !steering.locked.isSuperset(of: choice.range) else {
      message = .error("\(choice.name) is locked: press L to unlock it")
      return
    }
    let code = choice.code(code, blending: first, second, share: 0)
    change {
      $0.code = code
      $0.origin = .steered
      $0.track = Track(kind: .blend(from: first, to: second, choice: choice), position: 0)
    }
    selectTrack()
    message = .note(
      "from \(choice.named(first).spoken) to \(choice.named(second).spoken) in this handwriting with ← and →, "
        + "play with space")
  }

  /// The code under a letter; a message where there is none.
  private mutating func code(marked letter: Character) -> [Float]? {
    if let code = steering.marks[letter], code.count == latentSize { return code }
    let known = steering.marks.keys.sorted().map(String.init).joined(separator: " ")
    message = .error(
      "there is no mark \(letter): set it with m\(letter)" + (known.isEmpty ? "" : " (marks: \(known))"))
    return nil
  }
}
