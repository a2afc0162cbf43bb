import Datasets
import Tensors

/// One thing in the forms it can be written in. Forms are made when a format asks for them.
public struct Exhibit {
  /// The forms an exhibit may have.
  public enum Form: Sendable, Hashable, CaseIterable {
    /// Numbers of a shape.
    case array
    /// Named columns.
    case table
    /// A grey picture.
    case picture
    /// Shapes, labelled.
    case drawing
    /// Pictures that follow one another.
    case animation
    /// What a terminal was sent, and when.
    case recording
    /// Text, pictures and tables.
    case document
    /// What a terminal shows at one moment.
    case screen
  }

  /// What it is called in titles and messages.
  public var name: String
  var array: (() throws -> Tensor)?
  var table: (() throws -> Table)?
  var picture: (() throws -> GreyPicture)?
  var drawing: (() throws -> Drawing)?
  var animation: (() throws -> Animation)?
  var recording: (() throws -> TerminalRecording)?
  var document: (() throws -> String)?
  var screen: (() throws -> ShownFrame)?

  /// An exhibit of the given forms.
  public init(
    name: String, array: (() throws -> Tensor)? = nil, table: (() throws -> Table)? = nil,
    picture: (() throws -> GreyPicture)? = nil, drawing: (() throws -> Drawing)? = nil,
    animation: (() throws -> Animation)? = nil, recording: (() throws -> TerminalRecording)? = nil,
    document: (() throws -> String)? = nil, screen: (() throws -> ShownFrame)? = nil
  ) {
    self.name = name
    self.array = array
    self.table = table
    self.picture = picture
    self.drawing = drawing
    self.animation = animation
    self.recording = recording
    self.document = document
    self.screen = screen
  }

  /// Images `[n, height · width]` in 0…1: as numbers, as a sheet of `columns` images a row, or one after another, each for
  /// so many seconds.
  public init(
    name: String, width: Int, height: Int, columns: Int, seconds: Double, images: @escaping () throws -> Tensor
  ) {
    self.init(
      name: name,
      array: {
        let images = try images()
        return images.reshaped([images.shape.first ?? 0, height, width])
      },
      picture: { try ImageSheet.compose(try images(), width: width, height: height, columns: columns) },
      animation: { Animation(try images(), width: width, height: height, seconds: seconds) })
  }

  /// The picture and the numbers of a figure.
  public init(_ figure: Figure) {
    self.init(name: figure.title, table: { figure.table }, drawing: { figure.drawing })
  }
}

/// A kind of file: its name, which is also its ending, the forms it can hold, and how they are written. A new kind is a
/// file in this folder and a row in `all`.
public struct ExportFormat: Sendable, Hashable {
  /// Its name and the ending of its files, in small letters.
  public let name: String
  /// What it holds, in a few words.
  public let summary: String
  /// The forms it can be made of, the one it prefers first.
  public let forms: [Exhibit.Form]
  private let encoder: @Sendable (Exhibit) throws -> [UInt8]?

  /// A kind of file; `encode` returns nil where the exhibit has none of the forms.
  init(
    name: String, summary: String, forms: [Exhibit.Form], encode: @escaping @Sendable (Exhibit) throws -> [UInt8]?
  ) {
    self.name = name
    self.summary = summary
    self.forms = forms
    encoder = encode
  }

  /// All kinds of file.
  public static let all: [ExportFormat] = [npy, csv, json, png, svg, gif, txt, cast, html]

  /// The kinds that hold one of `forms`, in the order of `all`.
  public static func holding(_ forms: Set<Exhibit.Form>) -> [ExportFormat] {
    all.filter { $0.forms.contains(where: forms.contains) }
  }

  /// The kind a path asks for by its ending, or nil.
  public static func named(by path: String) -> ExportFormat? {
    guard let dot = path.lastIndex(of: ".") else { return nil }
    let ending = path[path.index(after: dot)...].lowercased()
    return all.first { $0.name == ending }
  }

  /// The kind of file `path` is to be: what is asked for, else its ending, else NPY on standard output (`-`), where
  /// arrays go.
  ///
  /// - Throws: `ExportError` where it is none that holds one of `forms`.
  public static func of(_ path: String, asked: ExportFormat? = nil, forms: Set<Exhibit.Form>) throws -> ExportFormat {
    let allowed = holding(forms)
    let found = asked ?? named(by: path) ?? (path == "-" ? npy : nil)
    guard let found, allowed.contains(found) else {
      throw ExportError(path: path, asked: asked?.name, allowed: allowed.map(\.name))
    }
    return found
  }

  /// The bytes of a file of this kind.
  ///
  /// - Throws: `ExportError` where the exhibit has no form for it, and what making the form throws.
  public func encode(_ exhibit: Exhibit) throws -> [UInt8] {
    guard let bytes = try encoder(exhibit) else { throw ExportError(path: exhibit.name, asked: name, allowed: []) }
    return bytes
  }

  /// Writes a file of this kind atomically; `-` is standard output.
  ///
  /// - Throws: what `encode` throws, and `DatasetError` of kind `unwritable`.
  public func write(_ exhibit: Exhibit, to path: String) throws { try writeOutput(encode(exhibit), to: path) }

  /// Writes a file of this kind into a folder that the program fills with names of its own: a link that somebody put in
  /// the file's place is replaced, never followed.
  ///
  /// - Throws: what `encode` throws, and `DatasetError` of kind `unwritable`.
  public func write(_ exhibit: Exhibit, as name: String, in folder: OwnedFolder) throws {
    try folder.write(encode(exhibit), as: name)
  }

  /// Kinds of file are the same where their names are.
  public static func == (left: ExportFormat, right: ExportFormat) -> Bool { left.name == right.name }
  /// Hashes the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// A path whose ending names no kind of file that can hold what is to be written.
public struct ExportError: Error, Equatable, CustomStringConvertible {
  let path: String
  let asked: String?
  let allowed: [String]

  public var description: String {
    let problem =
      asked.map { "this cannot be written as \($0)" } ?? "the ending does not say a format that can be written here"
    guard !allowed.isEmpty else { return "\(path.visibleName): \(problem)" }
    if asked != nil { return "\(path.visibleName): \(problem); formats: \(allowed.joined(separator: ", "))" }
    let endings = allowed.map { "." + $0 }.joined(separator: ", ")
    return "\(path.visibleName): \(problem); use \(allowed.count == 1 ? "" : "one of ")\(endings)"
  }
}
