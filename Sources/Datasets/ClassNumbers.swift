/// Classes whose numbers have wide gaps, as 3 and 200 do, numbered from 0 in the order of their numbers, which become
/// their names. Whatever has a row for every class would have one for each number in a gap.
///
/// The rule: labels are numbered anew where the largest is at least twice the number of different labels, and at least 20,
/// −1 aside. A few of the ten digits, a test part without one of them, or classes that are counted from 1, keep their
/// numbers: a row for each costs little, and the same digit has the same number in every file.
public struct ClassNumbers: Sendable, Hashable {
  /// The new number of every label's class, −1 where it is not known.
  public let labels: [Int32]
  /// What every class is numbered in the data, by its new number.
  public let written: [Int32]

  /// Nil where `labels` keep their numbers.
  public init?(sparse labels: [Int32]) {
    let written = Set(labels.lazy.filter { $0 >= 0 }).sorted()
    guard let greatest = written.last, Int(greatest) >= max(20, 2 * written.count) else { return nil }
    let places = Dictionary(uniqueKeysWithValues: written.enumerated().map { ($1, Int32($0)) })
    self.labels = labels.map { places[$0] ?? -1 }
    self.written = written
  }

  /// The labels of arrays whose classes are the same ones, numbered anew together where the rule says so, or where one of
  /// them is beyond what a label can be. A name a class where they are.
  public static func joint(_ arrays: [[Int128]]) -> (labels: [[Int32]], names: [String]) {
    let all = Set(arrays.joined().lazy.filter { $0 >= 0 }).sorted()
    let small = arrays.map { $0.compactMap { Int32(exactly: $0) } }
    let areSmall = all.last ?? 0 < Int128(ImageSet.mostClasses)
    guard !areSmall || ClassNumbers(sparse: Array(small.joined())) != nil else { return (small, []) }
    let places = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1, Int32($0)) })
    return (arrays.map { $0.map { places[$0] ?? -1 } }, all.map { "\($0)" })
  }

  /// What the classes are called: their numbers in the data.
  public var names: [String] { written.map(String.init) }

  /// What was done, in words.
  var note: String {
    "labels lie in \(written.first ?? 0)…\(written.last ?? 0): their \(StoredLabels.counted(written.count)) are "
      + "numbered from 0"
  }
}

extension ImageSet {
  /// The same images, their classes numbered from 0 where their numbers have wide gaps (see `ClassNumbers`), with a note
  /// that says so. Classes with names stay as they are.
  func numberingSparseClasses() -> ImageSet {
    guard classNames.isEmpty, let labels, let numbers = ClassNumbers(sparse: labels) else { return self }
    var set = withLabels(numbers.labels, names: numbers.names, written: numbers.written)
    set.notes.append("\(name): \(numbers.note)")
    return set
  }

  /// The same images, their classes numbered as `names` has them: a class is told by its name, which is its number where it
  /// has no other. Classes that `names` lacks follow after them. Where it knows none of these, as where a model's classes
  /// are words and the images' are numbers, numbers stay as they are.
  public func numberingClasses(as names: [String]) -> ImageSet {
    guard let labels, !names.isEmpty else { return self }
    let own = Set(labels.lazy.filter { $0 >= 0 }).sorted()
    let places = Dictionary(names.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
    guard own.contains(where: { places[className($0)] != nil }) else { return self }
    var all = names
    var numbers: [Int32: Int32] = [:]
    for label in own {
      if let place = places[className(label)] {
        numbers[label] = place
      } else {
        numbers[label] = Int32(all.count)
        all.append(className(label))
      }
    }
    if numbers.allSatisfy({ $0.key == $0.value }) { return self }
    return withLabels(labels.map { numbers[$0] ?? -1 }, names: all)
  }
}
