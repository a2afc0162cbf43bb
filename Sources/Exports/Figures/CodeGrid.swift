import Tensors

/// Codes for a sheet: every row's code with one part of it replaced by every column's value, such as styles × classes, or
/// styles × places along a dimension.
public struct CodeGrid: Sendable, Hashable {
  /// The part of a code that the columns replace.
  public let part: Range<Int>
  /// What it is replaced by, one value of as many numbers a column.
  public let values: [[Float]]
  /// What stands above each column.
  public let names: [String]

  /// The classes of a variable, each certain: one-hot values.
  public init(classNames: [String], at part: Range<Int>) {
    self.part = part
    names = classNames
    values = classNames.indices.map { label in classNames.indices.map { $0 == label ? 1 : 0 } }
  }

  /// One class of a variable: a sheet of the codes of one class.
  ///
  /// - Parameter place: which of the classes, from 0; there is one.
  public init(class place: Int, of classNames: [String], at part: Range<Int>) {
    self.part = part
    names = [classNames.indices.contains(place) ? classNames[place] : "\(place)"]
    values = [classNames.indices.map { $0 == place ? 1 : 0 }]
  }

  /// Places along one dimension.
  public init(values: [Float], names: [String], dimension: Int) {
    part = dimension..<dimension + 1
    self.values = values.map { [$0] }
    self.names = names
  }

  /// The codes of the sheet, row by row, `[rows · columns, width]`, from the rows' own `[rows, width]`.
  public func codes(of rows: Tensor) -> Tensor {
    let width = rows.rowCount
    var elements: [Float] = []
    elements.reserveCapacity(rows.count * values.count)
    for row in 0..<(rows.shape.first ?? 0) {
      for value in values {
        let start = elements.count
        elements += rows.row(row)
        for (place, number) in zip(part, value) { elements[start + place] = number }
      }
    }
    return Tensor(shape: [(rows.shape.first ?? 0) * values.count, width], elements: elements)
  }
}
