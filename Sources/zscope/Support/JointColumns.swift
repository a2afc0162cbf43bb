import Analysis
import Datasets
import Tensors

/// The columns of an array, and of another beside it that must mean the same: its test part.
///
/// What a column needs, to be held as 32-bit floats or as classes, is decided for both together.
struct JointColumns {
  /// What the person called the arrays.
  let paths: [String]
  /// The rows of each array.
  let counts: [Int]
  /// The columns, each over the rows of all arrays.
  let columns: [StoredNumbers.Elements]
  /// Whether the numbers are whole by their types.
  let areIntegers: Bool

  /// - Throws: `CommandError` where one is no matrix, where their widths differ, and where only one can be held as 64-bit
  ///   floats.
  init(_ arrays: [(path: String, numbers: StoredNumbers)]) throws {
    let shapes = try arrays.map { path, numbers -> (rows: Int, width: Int) in
      switch numbers.shape.count {
      // One dimension is a column.
      case 1: return (numbers.count, 1)
      case 2: return (numbers.shape[0], numbers.shape[1])
      default:
        throw CommandError(
          "\(inputName(path)): an array of shape \(numbers.shape)", remedy: "give a matrix, one row an image")
      }
    }
    paths = arrays.map(\.path)
    counts = shapes.map(\.rows)
    areIntegers = arrays.allSatisfy(\.numbers.type.isInteger)
    let width = shapes.first?.width ?? 0
    guard shapes.allSatisfy({ $0.width == width }) else {
      throw CommandError(
        "\(paths.joined(separator: " and ")): rows of \(shapes.map { "\($0.width)" }.joined(separator: " and ")) numbers",
        remedy: "give both the same columns")
    }
    let elements = try Self.alike(arrays.map(\.numbers), paths)
    columns = (0..<width).map { column in
      Self.joined(elements.map { $0.column(column, width: width) })
    }
  }

  /// Elements of one kind.
  private static func alike(_ arrays: [StoredNumbers], _ paths: [String]) throws -> [StoredNumbers.Elements] {
    let areWhole = arrays.contains { if case .whole = $0.elements { true } else { false } }
    return try arrays.map { numbers in
      guard areWhole, case .real(let values) = numbers.elements else { return numbers.elements }
      let whole = values.compactMap { Int128(exactly: $0) }
      guard whole.count == values.count else {
        throw CommandError(
          "\(paths.joined(separator: " and ")): one holds whole numbers beyond 2^53 and the other fractions",
          remedy: "save both as numbers of one type")
      }
      return .whole(whole)
    }
  }

  private static func joined(_ parts: [StoredNumbers.Elements]) -> StoredNumbers.Elements {
    var (real, whole): ([Double], [Int128]) = ([], [])
    for part in parts {
      switch part {
      case .real(let values): real += values
      case .whole(let values): whole += values
      }
    }
    return whole.isEmpty ? .real(real) : .whole(whole)
  }

  private init(_ joint: JointColumns, columns: [StoredNumbers.Elements]) {
    (paths, counts, areIntegers) = (joint.paths, joint.counts, joint.areIntegers)
    self.columns = columns
  }

  /// Only some of the columns.
  func choosing(columns chosen: Range<Int>) -> JointColumns { JointColumns(self, columns: Array(columns[chosen])) }

  /// The part of a column's values that each array holds.
  func parts<Value>(of values: [Value]) -> [[Value]] {
    if counts == [values.count] { return [values] }
    var start = 0
    return counts.map { count in
      defer { start += count }
      return Array(values[start..<start + count])
    }
  }

  /// A matrix `[n, columns]` for each array.
  func tensors(_ columns: [[Float]]) -> [Tensor] {
    let byArray = columns.map { parts(of: $0) }
    return counts.indices.map { place in
      var elements = [Float](repeating: 0, count: counts[place] * columns.count)
      for (column, parts) in byArray.enumerated() {
        for (row, value) in parts[place].enumerated() { elements[row * columns.count + column] = value }
      }
      return Tensor(shape: [counts[place], columns.count], elements: elements)
    }
  }

  /// A column as 64-bit floats and what was taken off it to make such of its whole numbers.
  static func doubles(_ column: StoredNumbers.Elements) -> (values: [Double], offset: Double) {
    switch column {
    case .real(let values): return (values, 0)
    case .whole(let values):
      let least = values.min() ?? 0
      return (values.map { Double($0 - least) }, Double(least))
    }
  }

  /// The columns of each array in units in which 32-bit floats tell their numbers apart: those floats, `[n, columns]`, and,
  /// of arrays of `.double` precision, the numbers as 64-bit floats, `[columns][n]`.
  ///
  /// The latter are not given where a whole number is met that such do not hold: bins would be cut through numbers that they
  /// merge, and those of one code are cut of all its columns alike.
  ///
  /// - Parameter precisions: one an array; of those beyond, nothing but the floats is needed.
  /// - Throws: `CommandError` where columns are of so different sizes that no unit does.
  func held(
    _ precisions: [Representation.Precision] = []
  ) throws -> (arrays: [(floats: Tensor, exact: [[Double]]?)], units: CodeUnits) {
    let numbers = columns.map(Self.doubles)
    let units = try MeasuredArrays.about(paths.first ?? "") { try CodeUnits(of: numbers.map(\.values)) }
    let floats = tensors(
      numbers.enumerated().map { column, part in part.values.map { units.held($0, column: column) } })
    let exact = precisions.contains(.double) ? columns.compactMap(Self.exactly) : []
    let byArray = exact.count == columns.count ? exact.map { parts(of: Self.divided($0, by: units.scale)) } : nil
    return (
      floats.enumerated().map { place, tensor in
        let isDouble = precisions.indices.contains(place) && precisions[place] == .double
        return (tensor, isDouble ? byArray?.map { $0[place] } : nil)
      },
      units.moved(by: numbers.map(\.offset))
    )
  }

  /// A column as 64-bit floats; nil where these do not hold one of its whole numbers.
  private static func exactly(_ column: StoredNumbers.Elements) -> [Double]? {
    switch column {
    case .real(let values): return values
    case .whole(let values):
      let exact = values.compactMap { Double(exactly: $0) }
      return exact.count == values.count ? exact : nil
    }
  }

  private static func divided(_ values: [Double], by scale: Double) -> [Double] {
    scale == 1 ? values : values.map { $0 / scale }
  }

  /// A column in a unit of its own, for what no unit matters to: as 32-bit floats that tell its numbers apart, and as 64-bit
  /// floats.
  static func inOwnUnit(_ column: StoredNumbers.Elements) -> (floats: [Float], exact: [Double]) {
    let values = doubles(column).values
    guard let units = try? CodeUnits(of: [values], wholeOffsets: true) else {
      return (values.map { Float($0) }, values)
    }
    return (values.map { units.held($0, column: 0) }, divided(values, by: units.scale))
  }

  /// How many different numbers a column has.
  static func distinct(_ column: StoredNumbers.Elements) -> Int {
    switch column {
    case .real(let values): whole(values).map { Numbering($0).count } ?? Set(values).count
    case .whole(let values): Set(values).count
    }
  }

  /// The numbers of a column where all are whole and of 32 bits.
  private static func whole(_ values: [Double]) -> [Int32]? {
    let whole = values.compactMap { Int32(exactly: $0) }
    return whole.count == values.count ? whole : nil
  }

  /// The number, from 0, of every value among the different ones of a column.
  static func numbered(_ column: StoredNumbers.Elements) -> [Int32] {
    func places<Value: Hashable & Comparable>(_ values: [Value]) -> [Int32] {
      let distinct = Set(values).sorted()
      let places = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, Int32($0)) })
      return values.map { places[$0] ?? -1 }
    }
    switch column {
    case .real(let values): return whole(values).map { Numbering($0).numbers(of: $0) } ?? places(values)
    case .whole(let values): return places(values)
    }
  }
}
