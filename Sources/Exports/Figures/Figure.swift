/// A picture with the numbers it shows: what a report holds, and what is written as SVG, PNG or CSV.
public struct Figure: Sendable {
  /// A name for files, of small letters and hyphens.
  public let name: String
  /// One line above it.
  public let title: String
  /// How to read it.
  public let caption: String
  /// The picture.
  public let drawing: Drawing
  /// Its numbers.
  public let table: Table

  /// A figure.
  public init(name: String, title: String, caption: String, drawing: Drawing, table: Table) {
    self.name = name
    self.title = title
    self.caption = caption
    self.drawing = drawing
    self.table = table
  }
}
