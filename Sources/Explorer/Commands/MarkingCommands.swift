extension KeyTable {
  /// Commands of marks and ways between them.
  static let marking: [Command] = [
    Command(
      "mark", keys: ["m"], "keep the code under a letter: m, then a–z", hint: "mark",
      argument: .init("LETTER", completions: freeLetter)
    ) { (text, _) throws(CommandError) in text.isEmpty ? .ask(.markLetter) : .mark(try letters(text, 1, "mark a")[0]) },
    Command(
      "jump", keys: ["'"], "go to a mark: ', then its letter",
      argument: .init("LETTER", completions: another(of: marks, upTo: 1))
    ) { (text, _) throws(CommandError) in text.isEmpty ? .ask(.jumpLetter) : .jump(try letters(text, 1, "jump a")[0]) },
    Command(
      "interpolate", keys: ["i"], "a slider from one mark to another: i, then two letters",
      hint: "interpolate", works: { $0.steering.marks.count > 1 },
      argument: .init("LETTER LETTER", completions: another(of: marks, upTo: 2))
    ) { (text, _) throws(CommandError) in
      if text.isEmpty { return .ask(.interpolationLetters) }
      let two = try letters(text, 2, "interpolate a b")
      return .interpolate(two[0], two[1])
    },
    Command(
      "spherical", keys: ["S"], "interpolate along the sphere, or straight again",
      action: .toggleSpherical),
    Command(
      "arithmetic", keys: ["a"], "first − second + third mark: a, then three letters",
      argument: .init("LETTER LETTER LETTER", completions: another(of: marks, upTo: 3))
    ) { (text, _) throws(CommandError) in
      if text.isEmpty { return .ask(.arithmeticLetters) }
      let three = try letters(text, 3, "arithmetic a b c")
      return .arithmetic(three[0], three[1], three[2])
    },
    Command(
      "direction", keys: ["D"], "a slider from one class mean towards another: D, then two classes",
      argument: .init("CLASS CLASS", completions: ClassText.pairs(.directionClasses))
    ) { (text, state) throws(CommandError) in
      if text.isEmpty { return .ask(.directionClasses) }
      let two = try ClassText.two(text, state, .directionClasses, "direction 3 8")
      return .classDirection(two.0, two.1)
    },
    Command(
      "blend", keys: ["B"], "a slider from one class to another in one handwriting: B, then two classes",
      argument: .init("CLASS CLASS", completions: ClassText.pairs(.blendedClasses))
    ) { (text, state) throws(CommandError) in
      guard state.choice(0) != nil else { return .say(.error(State.nothingToBlend)) }
      if text.isEmpty { return .ask(.blendedClasses) }
      let two = try ClassText.two(text, state, .blendedClasses, "blend 3 8")
      return .blendClasses(two.0, two.1)
    },
    Command(
      "end way", keys: ["delete"], "remove the slider of the interpolation or direction",
      action: .endTrack),
  ]

  /// The letters a text names, with or without spaces between them.
  static func letters(_ text: String, _ count: Int, _ example: String) throws(CommandError) -> [Character] {
    let letters = text.filter { $0 != " " }.lowercased()
    guard letters.count == count, letters.allSatisfy({ $0.isASCII && $0.isLetter }) else {
      throw CommandError("\(count == 1 ? "a letter" : "\(count) letters") from a to z: \(example)")
    }
    return Array(letters)
  }

  @Sendable private static func marks(_ state: State) -> [String] {
    state.steering.marks.keys.sorted().map(String.init)
  }

  /// The first letter that marks nothing yet.
  @Sendable private static func freeLetter(_ state: State, _ typed: String) -> [String] {
    let letters = (UInt8(ascii: "a")...UInt8(ascii: "z")).map { String(UnicodeScalar($0)) }
    return letters.first { !marks(state).contains($0) }.map { [$0] } ?? []
  }

  /// Completions that add one more of `choices` to what has been typed, while fewer than `count` are there: not the same
  /// twice in a row, which leads nowhere.
  private static func another(
    of choices: @escaping @Sendable (State) -> [String], upTo count: Int
  ) -> @Sendable (State, String) -> [String] {
    { state, typed in
      let words = typed.split(separator: " ").map(String.init)
      guard words.count < count else { return [] }
      return choices(state).filter { $0 != words.last }.map { (words + [$0]).joined(separator: " ") }
    }
  }
}
