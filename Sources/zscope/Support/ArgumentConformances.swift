import Exports
import ArgumentParser
import Datasets

extension DataPart: ExpressibleByArgument {}

extension ExportFormat: ExpressibleByArgument {
  /// The format called `argument`.
  public init?(argument: String) {
    guard let format = Self.all.first(where: { $0.name == argument.lowercased() }) else { return nil }
    self = format
  }

  /// How help shows a default.
  public var defaultValueDescription: String { name }
  /// What help and completions offer.
  public static var allValueStrings: [String] { all.map(\.name) }
}
