/// A latent variable of a model: a part of its code.
///
/// A code is the concatenation of a model's variables in their order, `[n, width]`, so that files, sliders and `decode`
/// need no second notion. A categorical part is a point of the simplex: one-hot when chosen, probabilities when inferred,
/// a mixture when a person blends.
public struct LatentVariable: Sendable, Hashable {
  /// What values it takes.
  public enum Kind: Sendable, Hashable {
    /// So many real numbers.
    case continuous(dimensions: Int)
    /// One of these classes.
    case categorical(classNames: [String])
  }

  /// Its name in the traces, such as `z` or `y`.
  public let name: String
  /// What values it takes.
  public let kind: Kind
  /// What it is of an image, where it is something that data tell: its class, or the property that the model is told.
  public let subject: Trace.Subject?

  /// A variable of this name.
  public init(name: String, kind: Kind, subject: Trace.Subject? = nil) {
    self.subject = subject
    self.name = name
    self.kind = kind
  }

  /// Columns of a code.
  public var width: Int {
    switch kind {
    case .continuous(let dimensions): dimensions
    case .categorical(let classNames): classNames.count
    }
  }

  /// Whether it is one of several classes.
  public var isCategorical: Bool {
    if case .categorical = kind { return true }
    return false
  }

  /// Names of its classes; none where it is continuous.
  public var classNames: [String] {
    if case .categorical(let names) = kind { return names }
    return []
  }
}

extension [LatentVariable] {
  /// Columns of a code.
  public var width: Int { reduce(0) { $0 + $1.width } }

  /// The columns of each variable in a code.
  public var columns: [(variable: LatentVariable, range: Range<Int>)] {
    var start = 0
    return map { variable in
      defer { start += variable.width }
      return (variable, start..<start + variable.width)
    }
  }

  /// The columns that are numbers of their own, in order: the dimensions by which people know a code, from 0. Classes are
  /// none.
  public var dimensions: [Int] { columns.filter { !$0.variable.isCategorical }.flatMap { [Int]($0.range) } }

  /// What people call those columns, in that order: by their variable, and from 1 by which of its dimensions each is, such
  /// as `zx1` and `zy1`.
  public var dimensionNames: [String] {
    filter { !$0.isCategorical }.flatMap { variable in (0..<variable.width).map { "\(variable.name)\($0 + 1)" } }
  }

  /// A code of which every variable of classes is at one: those that `code` leaves without any are put at their first.
  public func choosingClasses(in code: [Float]) -> [Float] {
    var code = code
    for (variable, range) in columns where variable.isCategorical && code.indices.contains(range.upperBound - 1) {
      if let first = range.first, code[range].allSatisfy({ $0 == 0 }) { code[first] = 1 }
    }
    return code
  }

  /// The variable that is the class of an image, and its columns; nil of a model that has none.
  public var classColumns: (variable: LatentVariable, range: Range<Int>)? {
    columns.first { $0.variable.subject == .imageClass }
  }

  /// The columns of the variable called `name`.
  public func columns(of name: String) -> Range<Int>? { columns.first { $0.variable.name == name }?.range }
}
