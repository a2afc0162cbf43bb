/// Classes as files have them: whole numbers of any size, rows with a one in the place of the class, words.
struct StoredLabels: Sendable, Hashable {
  /// One an image, −1 where it is not known.
  var labels: [Int32]
  /// What the classes are called; empty where their numbers are their names.
  var names: [String] = []
  /// What had to be done to make classes of them, to be said.
  var note: String?

  /// Why labels cannot be used.
  struct Unusable: Error {
    let reason: String
  }

  init(labels: [Int32], names: [String] = []) {
    self.labels = labels
    self.names = names
  }

  /// The classes of `words`, in natural order.
  init(words: [String]) throws {
    (labels, names) = StoredWords.numbered(words)
    guard names.count <= Int(ImageSet.mostClasses) else { throw Unusable(reason: "are \(names.count) words") }
    note = "labels are words: \(counted(names.count, "class", plural: "classes"))"
  }

  /// The classes in an array `[n]`, `[n, 1]`, or `[n, classes]` of rows with a single one.
  ///
  /// - Throws: `Unusable`.
  init(_ array: StoredArray) throws {
    var shape = array.shape
    while shape.count > 1, shape.last == 1 { shape.removeLast() }
    switch shape.count {
    case 1: try self.init(array.exact ?? Self.whole(array.floats))
    case 2 where shape[1] > 1: try self.init(oneHot: array.floats, classes: shape[1])
    default: throw Unusable(reason: "are an array of shape \(array.shape), not one class an image")
    }
  }

  /// Whole numbers; nil where one is NaN, as classes that are not known are in columns of floats.
  private static func whole(_ values: [Float]) throws -> [Int64?] {
    try values.map { value in
      if value.isNaN { return nil }
      guard let number = Int64(exactly: value), number.magnitude <= ElementType.largestFloat else {
        throw Unusable(reason: "hold \(value), which is no class")
      }
      return number
    }
  }

  private init(_ numbers: [Int64?]) throws {
    // −1 says that a class is not known.
    let allowed = -1..<Int64(ImageSet.mostClasses)
    let known = numbers.compactMap(\.self)
    let missing = numbers.count - known.count
    guard let (least, greatest) = known.min().flatMap({ least in known.max().map { (least, $0) } }) else {
      guard missing == 0 else { throw Unusable(reason: "are all NaN") }
      labels = []
      return
    }
    if allowed.contains(least), allowed.contains(greatest) {
      labels = numbers.map { $0.map { Int32($0) } ?? -1 }
      let unknown = known.count { $0 < 0 }
      let kinds = [(unknown, "−1"), (missing, "NaN")].filter { $0.0 > 0 }
        .map { "\($0) of \(numbers.count) labels are \($1)" }
      if !kinds.isEmpty { note = "\(kinds.joined(separator: ", ")): not known" }
      return
    }
    let classes = Set(known).sorted()
    names = classes.map { "\($0)" }
    let places = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, Int32($0)) })
    labels = numbers.map { $0.flatMap { places[$0] } ?? -1 }
    note =
      "labels lie in \(least)…\(greatest): their \(counted(names.count, "class", plural: "classes")) are numbered from 0"
      + (missing > 0 ? "; \(missing) of \(numbers.count) are NaN: not known" : "")
  }

  private init(oneHot values: [Float], classes: Int) throws {
    let count = values.count / classes
    labels = try (0..<count).map { row in
      var found: Int32 = -1
      // A row of a class that is not known.
      if values[row * classes..<(row + 1) * classes].contains(where: \.isNaN) { return found }
      for column in 0..<classes {
        let value = values[row * classes + column]
        guard value != 0 else { continue }
        guard value == 1, found < 0 else {
          throw Unusable(reason: "are rows of \(classes) numbers that are not one 1 among zeros")
        }
        found = Int32(column)
      }
      return found
    }
    let unknown = labels.count { $0 < 0 }
    note =
      "labels are rows with a 1 in the place of the class: \(counted(classes, "class", plural: "classes"))"
      + (unknown > 0 ? "; \(unknown) of \(count) rows have none: not known" : "")
  }
}
