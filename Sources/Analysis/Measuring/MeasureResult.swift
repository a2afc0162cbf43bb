/// What a measure found: numbers with what they rest on.
public struct MeasureResult: Sendable, Hashable {
  /// One number of a measure.
  public struct Value: Sendable, Hashable {
    /// What it is, for example `test` or `train`; the first value of a result is the measure itself.
    public let name: String
    /// The number.
    public let value: Double
    /// Its standard error, where one is known.
    public let standardError: Double?
    /// Its own unit where that is not the measure's: empty of a part of a whole.
    public let unit: String?

    /// A number with its name.
    public init(_ name: String, _ value: Double, standardError: Double? = nil, unit: String? = nil) {
      self.name = name
      self.value = value
      self.standardError = standardError
      self.unit = unit
    }
  }

  /// Many numbers of one kind: a list, or a matrix where `columns` are named.
  public struct Table: Sendable, Hashable {
    /// What a list can be shown with.
    public enum Kind: Sendable, Hashable {
      /// A number for each factor, in the order of the factors.
      case byFactor
      /// The information of each dimension of a code, in nats.
      case informationByDimension
    }

    /// What the numbers are.
    public let name: String
    /// What it can be shown with, where that is more than itself.
    public let kind: Kind?
    /// A name for every row.
    public let rows: [String]
    /// A name for every column; one column where the table is a list.
    public let columns: [String]
    /// `[rows, columns]`, row by row.
    public let values: [Double]
    /// Standard errors in the same order, nil where one is not known; nil where none is.
    public let standardErrors: [Double?]?

    /// A matrix `[rows, columns]`.
    public init(
      _ name: String, rows: [String], columns: [String], values: [Double], standardErrors: [Double?]? = nil,
      kind: Kind? = nil
    ) {
      self.name = name
      self.kind = kind
      self.rows = rows
      self.columns = columns
      self.values = values
      self.standardErrors = standardErrors.flatMap { errors in errors.contains { $0 != nil } ? errors : nil }
    }

    /// A list with one value a row.
    public init(
      _ name: String, rows: [String], values: [Double], standardErrors: [Double?]? = nil, kind: Kind? = nil
    ) {
      self.init(name, rows: rows, columns: [name], values: values, standardErrors: standardErrors, kind: kind)
    }

    /// Whether there is one value a row.
    public var isList: Bool { columns.count == 1 }

    /// The value of `row` and `column`.
    public func value(_ row: Int, _ column: Int = 0) -> Double { values[row * columns.count + column] }
  }

  /// How many of something a result rests on.
  public struct SampleSize: Sendable, Hashable {
    /// What was counted, for example `images`.
    public let name: String
    /// One of them, for example `image`.
    public let singular: String
    /// How many.
    public let count: Int

    /// So many of `singular`; `name` is what several are called where that is not the same with an s.
    public init(_ singular: String, name: String? = nil, _ count: Int) {
      self.name = name ?? singular + "s"
      self.singular = singular
      self.count = count
    }
  }

  /// The measure's numbers, the main one first; never empty.
  public let values: [Value]
  /// Numbers by dimension, class, factor or pair.
  public let tables: [Table]
  /// How many images, pairs, trees, … were used.
  public let sampleSizes: [SampleSize]
  /// What a reader must know: a dimension left out, fewer images than asked for.
  public let notes: [String]

  /// The main number.
  public var value: Double { values[0].value }
  /// The standard error of the main number, where one is known.
  public var standardError: Double? { values[0].standardError }

  /// A result whose main number is `value`.
  public init(
    _ value: Value, _ others: [Value] = [], tables: [Table] = [], sampleSizes: [SampleSize] = [], notes: [String] = []
  ) {
    values = [value] + others
    self.tables = tables
    self.sampleSizes = sampleSizes
    self.notes = notes
  }

  /// The table called `name`, if there is one.
  public func table(_ name: String) -> Table? { tables.first { $0.name == name } }
  /// The number called `name`, if there is one.
  public func number(_ name: String) -> Double? { values.first { $0.name == name }?.value }
}

extension MeasureResult.Table {
  /// One estimate a row.
  init(_ name: String, rows: [String], estimates: [Estimate], kind: Kind? = nil) {
    let errors = estimates.map(\.standardError)
    self.init(
      name, rows: rows, values: estimates.map(\.value),
      standardErrors: errors.contains { $0 != nil } ? errors : nil, kind: kind)
  }

  /// One estimate a dimension.
  static func byDimension(
    _ name: String, _ values: [Estimate], _ representation: Representation, kind: Kind? = nil
  ) -> Self {
    Self(name, rows: representation.dimensionNames, estimates: values, kind: kind)
  }
}
