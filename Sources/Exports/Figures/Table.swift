import HarmlessText

/// Named columns of numbers or words: the data of a picture, or results.
public struct Table: Sendable, Hashable {
  /// One value.
  public enum Value: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByFloatLiteral,
    ExpressibleByIntegerLiteral
  {
    case number(Double)
    case whole(Int)
    case word(String)
    /// Nothing is known.
    case missing

    /// A word.
    public init(stringLiteral value: String) { self = .word(value) }
    /// A number.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// A whole number.
    public init(integerLiteral value: Int) { self = .whole(value) }
  }

  /// The columns' names.
  public let columns: [String]
  /// One value a column.
  public private(set) var rows: [[Value]] = []

  /// A table without rows.
  public init(_ columns: [String]) { self.columns = columns }

  /// Adds a row; the caller answers for the number of values.
  public mutating func add(_ row: [Value]) {
    precondition(row.count == columns.count, "\(row.count) values in \(columns.count) columns")
    rows.append(row)
  }

  /// The table as comma-separated values (RFC 4180, with bare line feeds): a header, then a line a row. Characters of
  /// words that would act instead of being seen are question marks.
  public var csv: String {
    var text = columns.map(Self.quoted).joined(separator: ",") + "\n"
    for row in rows { text += row.map(Self.field).joined(separator: ",") + "\n" }
    return text
  }

  /// The shortest digits that give the same number back; nothing where there is none.
  private static func field(_ value: Value) -> String {
    switch value {
    // A float that was widened has many digits that say nothing.
    case .number(let number):
      Double(Float(number)) == number ? "\(Float(number))" : "\(number)"
    case .whole(let number): "\(number)"
    case .word(let word): quoted(word)
    case .missing: ""
    }
  }

  private static func quoted(_ word: String) -> String {
    // Words may be names from files: what acts on a terminal is not let through. Ends of lines are data.
    let word = word.harmless
    guard word.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return word }
    return "\"" + word.replacing("\"", with: "\"\"") + "\""
  }
}
