import LatentModels

/// Of what a code consists, column by column: sliders of their own, and classes of which one is chosen.
struct CodeColumns: Sendable, Hashable {
  /// A variable that is one of several classes: its columns are their probabilities.
  struct Choice: Sendable, Hashable {
    var name: String
    var classNames: [String]
    var range: Range<Int>
    /// What it is of an image, where it is something that data tell.
    var subject: Trace.Subject?

    /// Whether its classes are those of the data.
    var isClass: Bool { subject == .imageClass }
    /// Whether a model is told it of an image, and infers nothing.
    var isTold: Bool { subject == .property }
  }

  /// All columns.
  let width: Int
  /// The columns that are numbers of their own, in order: z1, z2 and so on.
  let dimensions: [Int]
  let choices: [Choice]
  /// The variables that are numbers, with their columns.
  private let parts: [Part]

  private struct Part: Sendable, Hashable {
    var name: String
    var range: Range<Int>
  }

  init(_ variables: [LatentVariable]) {
    width = variables.width
    var dimensions: [Int] = []
    var choices: [Choice] = []
    var parts: [Part] = []
    for (variable, range) in variables.columns {
      if variable.isCategorical {
        choices.append(
          Choice(name: variable.name, classNames: variable.classNames, range: range, subject: variable.subject))
      } else {
        dimensions += range
        parts.append(Part(name: variable.name, range: range))
      }
    }
    self.dimensions = dimensions
    self.choices = choices
    self.parts = parts
  }

  /// A code of numbers only.
  init(latentSize: Int) {
    width = max(0, latentSize)
    dimensions = Array(0..<width)
    choices = []
    parts = [Part(name: "z", range: 0..<width)]
  }

  /// The variable that is the class of an image; nil of a model that has none.
  var classChoice: Choice? { choices.first(where: \.isClass) }

  /// What people call a column that is a number of its own, as `[LatentVariable].dimensionNames` does: its variable and
  /// which of its dimensions, from one.
  func name(ofColumn column: Int) -> String {
    guard let part = parts.first(where: { $0.range.contains(column) }) else { return "z\(column + 1)" }
    return "\(part.name)\(column - part.range.lowerBound + 1)"
  }

  /// What an axis is called: a dimension as the model calls it.
  func name(ofAxis axis: Axis) -> String { column(of: axis).map(name(ofColumn:)) ?? axis.name }

  /// The axis that a person calls so, in letters of either case, or nil.
  func axis(named name: some StringProtocol) -> Axis? {
    let wanted = name.lowercased()
    return dimensions.firstIndex { self.name(ofColumn: $0).lowercased() == wanted }.map(Axis.dimension) ?? Axis(name)
  }

  /// The dimensions there are, variable by variable: `zx1 to zx4`.
  var dimensionRanges: [String] {
    parts.filter { !$0.range.isEmpty }.map { part in
      let first = name(ofColumn: part.range.lowerBound)
      return part.range.count > 1 ? "\(first) to \(name(ofColumn: part.range.upperBound - 1))" : first
    }
  }

  /// The column of an axis that is a dimension.
  func column(of axis: Axis) -> Int? {
    guard let place = axis.dimension, dimensions.indices.contains(place) else { return nil }
    return dimensions[place]
  }

  /// A vector of the dimensions as one of all columns, `width` values: 0 elsewhere.
  func whole(_ vector: some Sequence<Float>) -> [Float] {
    var whole = [Float](repeating: 0, count: width)
    for (column, value) in zip(dimensions, vector) { whole[column] = value }
    return whole
  }

  /// The code of rest: zero, and the first class of every choice.
  var rest: [Float] {
    var code = [Float](repeating: 0, count: width)
    for choice in choices { if let first = choice.range.first { code[first] = 1 } }
    return code
  }

  /// Probabilities brought back to what they must be: none below zero, one in all.
  func normalised(_ code: [Float]) -> [Float] {
    guard !choices.isEmpty, code.count == width else { return code }
    var code = code
    for choice in choices {
      // What are probabilities already stays what it is, to the last bit.
      let isFine = choice.range.allSatisfy { code[$0] >= 0 }
      guard !isFine || abs(choice.range.reduce(0) { $0 + code[$1] } - 1) > 1e-5 else { continue }
      for column in choice.range { code[column] = max(0, code[column]) }
      let sum = choice.range.reduce(0) { $0 + code[$1] }
      for column in choice.range { code[column] = sum > 0 ? code[column] / sum : 1 / Float(choice.range.count) }
    }
    return code
  }
}

extension CodeColumns.Choice {
  /// The class that is likeliest in a code, counted within the choice.
  func likeliest(in code: [Float]) -> Int {
    range.indices.max {
      code[range.lowerBound + $0 - range.startIndex] < code[range.lowerBound + $1 - range.startIndex]
    }
    .map { $0 - range.startIndex } ?? 0
  }

  /// How likely a class is in a code.
  func probability(_ place: Int, in code: [Float]) -> Float {
    let column = range.lowerBound + place
    return range.contains(column) && code.indices.contains(column) ? code[column] : 0
  }

  /// A code with the choice at a blend of two classes, whichever they are: `share` of the second.
  func code(_ code: [Float], blending first: Int, _ second: Int, share: Float) -> [Float] {
    var code = code
    for column in range { code[column] = 0 }
    code[range.lowerBound + first] += 1 - share
    code[range.lowerBound + second] += share
    return code
  }

  /// Where a code stands among the classes: 3 at the fourth, 3.2 where a fifth of the next is blended in; the likeliest
  /// where it is spread over others.
  func position(in code: [Float]) -> Float {
    guard let pair = pair(in: code), pair.upper == pair.lower + 1 else { return Float(likeliest(in: code)) }
    return Float(pair.lower) + pair.share
  }

  /// What a code holds, in words: the class, the two that share it, or the likeliest of more with how likely it is.
  func words(in code: [Float]) -> String {
    let top = likeliest(in: code)
    func percent(_ share: Float) -> String { "\(Numbers.fixed(share * 100, 0)) %" }
    if let pair = pair(in: code) {
      return "\(named(pair.lower).seen)→\(named(pair.upper).seen) \(percent(pair.share))"
    }
    let probability = probability(top, in: code)
    return named(top).seen + (probability >= Self.whole ? "" : " \(percent(probability))")
  }

  /// The two classes that a code is a blend of, with the share of the upper one; nil where it is one class or of more.
  private func pair(in code: [Float]) -> (lower: Int, upper: Int, share: Float)? {
    let top = likeliest(in: code)
    let others = range.indices.map { $0 - range.startIndex }.filter { $0 != top }
    guard let second = others.max(by: { probability($0, in: code) < probability($1, in: code) }) else { return nil }
    let (likeliest, next) = (probability(top, in: code), probability(second, in: code))
    guard next > 1 - Self.whole, likeliest + next >= Self.whole else { return nil }
    return (min(top, second), max(top, second), top < second ? next : likeliest)
  }

  /// From what share on a class, or two together, are said to be all of a code: in percent they round to that.
  private static let whole: Float = 0.995

  /// A code with the choice at a position: one class, or two neighbours blended.
  func code(_ code: [Float], at position: Float) -> [Float] {
    let position = min(Float(max(0, range.count - 1)), max(0, position))
    let lower = Int(position)
    var code = code
    for column in range { code[column] = 0 }
    let blended = position - Float(lower)
    code[range.lowerBound + lower] = 1 - blended
    if blended > 0, lower + 1 < range.count { code[range.lowerBound + lower + 1] = blended }
    return code
  }

  /// What a class is called.
  func className(_ place: Int) -> String { classNames.indices.contains(place) ? classNames[place] : "\(place)" }
}
