/// The different ones of whole numbers, numbered from 0 in ascending order.
public struct Numbering: Sendable {
  /// How many there are.
  public let count: Int
  private let places: Places

  private enum Places {
    /// The number of every whole number from the least on; −1 of one that does not occur.
    case table(least: Int, [Int32])
    case dictionary([Int32: Int32])
  }

  /// A table of so many numbers costs less than hashing the values that it is made of.
  private static let longestTable = 1 << 16

  /// Of the different ones of `values`.
  public init(_ values: [Int32]) {
    let (least, greatest) = (Int(values.min() ?? 0), Int(values.max() ?? 0))
    guard greatest - least < Self.longestTable else {
      let distinct = Set(values).sorted()
      count = distinct.count
      places = .dictionary(Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, Int32($0)) }))
      return
    }
    var table = [Int32](repeating: -1, count: greatest - least + 1)
    for value in values { table[Int(value) - least] = 0 }
    var next: Int32 = 0
    for index in table.indices where table[index] == 0 {
      table[index] = next
      next += 1
    }
    count = Int(next)
    places = .table(least: least, table)
  }

  /// The number of each of `values`; −1 of one that is not among those that were numbered.
  public func numbers(of values: [Int32]) -> [Int32] {
    switch places {
    case .table(let least, let table):
      values.map { value in
        let place = Int(value) - least
        return table.indices.contains(place) ? table[place] : -1
      }
    case .dictionary(let numbers): values.map { numbers[$0] ?? -1 }
    }
  }
}
