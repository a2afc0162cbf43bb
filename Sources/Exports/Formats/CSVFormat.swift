import Tensors

extension ExportFormat {
  /// Comma-separated values with a header; of an array, one row for each entry of its leading axis.
  public static let csv = ExportFormat(
    name: "csv", summary: "a table with a header, comma-separated", forms: [.table, .array]
  ) { exhibit in
    if let table = exhibit.table { return Array(try table().csv.utf8) }
    return try exhibit.array.map { Array(Table(try $0()).csv.utf8) }
  }
}

extension Table {
  /// A row for each entry of the leading axis of an array, columns numbered from 0: c0, c1 … Numbers alone would be a row
  /// to who reads them.
  public init(_ array: Tensor) {
    self.init((0..<array.rowCount).map { "c\($0)" })
    for row in 0..<(array.shape.first ?? 1) { add(array.row(row).map { .number(Double($0)) }) }
  }
}
