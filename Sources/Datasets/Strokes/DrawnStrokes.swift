extension DrawnSet {
  /// The built-in digits.
  static let strokes = DrawnSet(
    name: Strokes.name, summary: Strokes.summary, classes: Alphabet.digits.count,
    imageShape: ImageShape(height: Strokes.side, width: Strokes.side) ?? .mnist,
    count: { $0 == .training ? 60_000 : 10_000 }, standardAttribute: "thickness",
    recordedName: StrokesVersion.current.name, unnumberedName: StrokesVersion.unnumbered.name,
    isVersion: { StrokesVersion(name: $0) != nil },
    check: StrokesVersion.checkNumber,
    factorNames: { StrokesVersion(name: $0)?.factorNames ?? [] },
    images: { name, count, seed, part in
      try Strokes.generate(count: count, seed: seed, part: part, version: StrokesVersion(name: name) ?? .current)
    })
}
