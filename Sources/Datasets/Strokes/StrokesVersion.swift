/// The versions of the generator of strokes. A version never changes: what a run learnt from can be drawn again.
public enum StrokesVersion: Int, Sendable, Hashable, CaseIterable {
  /// Drawn until version 2 came: digits were bent, and their points moved, without a factor that said so, and the
  /// slant was that beyond the allograph's own.
  case first = 1
  /// Every cause of variation is a factor or slight; the slant is that of the ink.
  case second = 2

  /// What `strokes` means to a person who opens it or begins a run.
  public static let current = second
  /// What `strokes` means in the files of a run: later versions are recorded by their own names.
  public static let unnumbered = first

  /// The name to open exactly this version by, for example `strokes-2`.
  public var name: String { "\(Strokes.name)-\(rawValue)" }

  /// The version that `name` opens: today's for `strokes`; nil where it is no name of strokes.
  public init?(name: String) {
    guard let version = name == Strokes.name ? .current : Self.allCases.first(where: { $0.name == name }) else {
      return nil
    }
    self = version
  }

  /// Looks whether `name` asks for a version that this program does not know.
  ///
  /// - Throws: `DatasetError` of kind `unknown`.
  static func checkNumber(_ name: String) throws {
    guard name.hasPrefix("\(Strokes.name)-"), let number = Int(name.dropFirst(Strokes.name.count + 1)),
      StrokesVersion(rawValue: number) == nil
    else { return }
    throw DatasetError(
      .unknown, name, "this program does not know version \(number) of the strokes",
      remedy: "use \(allCases.map(\.name).joined(separator: " or ")), or the zscope that wrote this name")
  }

  /// The names of the factors it records, in the order of the set's.
  public var factorNames: [String] {
    switch self {
    case .first: FirstDrawing.factorNames
    case .second: Drawing.factorNames
    }
  }
}
