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
    "labels lie in \(written.first ?? 0)…\(written.last ?? 0): their \(counted(written.count, "class", plural: "classes")) are "
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
  /// has no other. Classes that `names` lacks follow after them. Where it knows none of these, and either side has words,
  /// numbers stay as they are, with a note that says so; and another note where classes of one name are told apart only by
  /// their order.
  public func numberingClasses(as names: [String]) -> ImageSet {
    guard let labels, !names.isEmpty, classNames != names else { return self }
    let own = Set(labels.lazy.filter { $0 >= 0 }).sorted()
    let key = classKeys
    let places = Dictionary(
      uniqueKeysWithValues: ClassKey.keys(of: names).enumerated().map { ($1, Int32($0)) })
    let isKnown = own.contains { places[key($0)] != nil }
    if !own.isEmpty, !isKnown, !ClassKey.areNumbers(names) || !ClassKey.areNumbers(own.map(className)) {
      var set = self
      set.notes.append(
        "\(name): no class is called as one of the model's (\(ClassKey.listed(own.map(className))) beside "
          + "\(ClassKey.listed(names))): classes are held to be those of the same number")
      return set
    }
    var all = names
    var numbers: [Int32: Int32] = [:]
    for label in own {
      if let place = places[key(label)] {
        numbers[label] = place
      } else {
        numbers[label] = Int32(all.count)
        all.append(className(label))
      }
    }
    let areSame = numbers.allSatisfy { $0.key == $0.value }
    var set = areSame ? self : withLabels(labels.map { numbers[$0] ?? -1 }, names: all)
    if let note = ClassKey.note(on: own.map { key($0) }) { set.notes.append("\(name): \(note)") }
    return set
  }
}

extension ImageSet {
  /// What tells every class of this set from the others, by its number.
  var classKeys: (Int32) -> ClassKey {
    // A class without a name may have any of a million numbers.
    guard !classNames.isEmpty else { return { ClassKey(name: "\($0)", turn: 0) } }
    let keys = ClassKey.keys(of: classNames)
    return { keys[Int($0)] }
  }
}

/// What tells a class from others of a list: its name and, where several have that name, which of them it is.
struct ClassKey: Hashable {
  let name: String
  /// How many of this name stand before it.
  let turn: Int

  /// The keys of the classes of a list, by number.
  static func keys(of names: [String]) -> [ClassKey] {
    var turns: [String: Int] = [:]
    return names.map { name in
      defer { turns[name, default: 0] += 1 }
      return ClassKey(name: name, turn: turns[name, default: 0])
    }
  }

  /// That classes of one name are told apart by their order alone; nil where no name repeats.
  static func note(on keys: some Sequence<ClassKey>) -> String? {
    let repeated = Set(keys.lazy.filter { $0.turn > 0 }.map(\.name)).sorted(by: naturallyPrecedes)
    guard !repeated.isEmpty else { return nil }
    return "several classes are called \(listed(repeated)): the first of that name is held to be the first elsewhere, "
      + "and so on; give every class a name of its own"
  }

  /// Whether all names are numbers, as those of classes without names.
  static func areNumbers(_ names: [String]) -> Bool { names.allSatisfy { Int($0) != nil } }

  /// The first few of some names, in words.
  static func listed(_ names: [String]) -> String {
    let most = 5
    let shown = names.prefix(most).map { $0.isEmpty ? "\u{201c}\u{201d}" : $0 }.joined(separator: ", ")
    return names.count > most ? "\(shown) … \(names.count) in all" : shown
  }
}
