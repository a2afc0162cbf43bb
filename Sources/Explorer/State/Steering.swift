/// What a person steers, and what undo brings back: the code, its locks, where it came from and the marks.
struct Steering: Sendable, Hashable {
  /// The current code, one value a latent dimension.
  var code: [Float]
  /// Dimensions that no action changes.
  var locked: Set<Int> = []
  /// How the current code came about.
  var origin: Origin = .steered {
    didSet {
      held = []
      if origin != .steered { start = origin }
    }
  }
  /// What the steps set out from that led to the code: its origin, or where it is steered, the last one before.
  private(set) var start: Origin = .steered
  /// Columns that were locked when it came from there, and so are not from there. What is locked or unlocked since tells
  /// nothing of the code.
  private(set) var held: Set<Int> = []
  /// Codes kept under a letter.
  var marks: [Character: [Float]] = [:]
  /// A way through latent space beside the dimensions: an interpolation or a class direction.
  var track: Track?
  /// The element of the model's group that code and image are turned by.
  var element = 0
  /// What has been drawn by hand; nil while the canvas is blank.
  var drawing: DrawnImage?

  /// The state of rest: the origin of latent space.
  init(latentSize: Int) { code = [Float](repeating: 0, count: max(0, latentSize)) }

  /// Takes an upright code from elsewhere but for what is locked, and notes which of its columns stay others.
  mutating func come(to wanted: [Float], from origin: Origin) {
    self.origin = origin
    element = 0
    if origin != .steered {
      // What was drawn nobody knows once it is not taken; of all else a lock on the same value holds nothing back.
      held = locked.filter { $0 < code.count && $0 < wanted.count && (origin == .prior || code[$0] != wanted[$0]) }
    }
    let kept = code
    code = wanted
    for column in locked where kept.indices.contains(column) && code.indices.contains(column) {
      code[column] = kept[column]
    }
  }

  /// How a code came about.
  enum Origin: Sendable, Hashable {
    /// By sliders, arrows or typed values.
    case steered
    /// Drawn from the prior.
    case prior
    /// Drawn from the posterior of a random image of a class, which had this name then.
    case classSample(NamedClass)
    /// The posterior mean of a stored code, by its number in the codes that were shown then.
    case stored(Int, of: CodeCollection)
    /// The posterior mean of the drawing.
    case drawn
    /// The mean of a class, which had this name then.
    case mean(NamedClass)
    /// A mark.
    case mark(Character)
    /// a − b + c.
    case arithmetic(Character, Character, Character)
  }
}

/// A one-parameter way through latent space that is not a single dimension.
struct Track: Sendable, Hashable {
  /// What the parameter means.
  enum Kind: Sendable, Hashable {
    /// From mark to mark; the parameter runs over 0…1.
    case interpolation(from: Character, to: Character, start: [Float], end: [Float])
    /// Along the difference of two class means; the parameter counts lengths of that difference.
    case direction(from: NamedClass, to: NamedClass, vector: [Float])
    /// From one class of a choice to another, whatever the other columns are; the parameter is the share of the second.
    case blend(from: Int, to: Int, choice: CodeColumns.Choice)
  }

  var kind: Kind
  /// Where on the way the code is.
  var position: Float
  /// Whether an interpolation follows the sphere (Shoemake 1985) in place of the straight line.
  var isSpherical = false
  /// The code at 0 of a direction, which is the same vector wherever it begins; empty for others.
  var origin: [Float] = []

  /// The parameter's range on the slider.
  var range: ClosedRange<Float> {
    switch kind {
    case .interpolation, .blend: 0...1
    case .direction: -2...2
    }
  }

  /// What the slider is called: `a→b`, `3→8` or `coat→bag`.
  var name: String { name(to: .max) }

  /// The same no longer than a width, as far as can be.
  func name(to width: Int) -> String {
    let ends: [NamedClass]
    switch kind {
    case .interpolation(let from, let to, _, _): return "\(from)→\(to)"
    case .direction(let from, let to, _): ends = [from, to]
    case .blend(let from, let to, let choice): ends = [choice.named(from), choice.named(to)]
    }
    let whole = ends.map(\.seen).joined(separator: "→")
    return whole.count <= width ? whole : ClassText.fitting(ends, to: (width - 1) / 2).joined(separator: "→")
  }

  /// The code at `parameter`; of a blend with the other columns of `code`.
  func code(at parameter: Float, from code: [Float]) -> [Float] {
    switch kind {
    case .interpolation(_, _, let start, let end):
      return isSpherical
        ? Interpolation.spherical(start, end, parameter) : Interpolation.straight(start, end, parameter)
    case .direction(_, _, let vector):
      return zip(origin, vector).map { $0 + parameter * $1 }
    case .blend(let from, let to, let choice):
      return choice.code(code, blending: from, to, share: parameter)
    }
  }
}

/// Ways from one code to another.
enum Interpolation {
  /// The straight line.
  static func straight(_ start: [Float], _ end: [Float], _ t: Float) -> [Float] {
    zip(start, end).map { $0 + t * ($1 - $0) }
  }

  /// The great arc between the directions, with the length changing evenly (Shoemake 1985; White 2016, 1609.04468);
  /// the straight line where an end is the origin or the two point the same or opposite ways.
  static func spherical(_ start: [Float], _ end: [Float], _ t: Float) -> [Float] {
    let startLength = length(start)
    let endLength = length(end)
    guard startLength > 1e-6, endLength > 1e-6 else { return straight(start, end, t) }
    let cosine = zip(start, end).reduce(0) { $0 + $1.0 * $1.1 } / (startLength * endLength)
    let angle = Angles.arcCosine(max(-1, min(1, cosine)))
    let sine = Angles.sine(angle)
    guard sine > 1e-4 else { return straight(start, end, t) }
    let first = Angles.sine((1 - t) * angle) / sine
    let second = Angles.sine(t * angle) / sine
    let scale = startLength + t * (endLength - startLength)
    return zip(start, end).map { scale * (first * $0 / startLength + second * $1 / endLength) }
  }

  static func length(_ vector: [Float]) -> Float { vector.reduce(0) { $0 + $1 * $1 }.squareRoot() }
}
