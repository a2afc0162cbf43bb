/// What can be wrong with a safetensors file, in words that name the problem.
public struct SafetensorsError: Error, Equatable, CustomStringConvertible {
  /// The kind of damage.
  public enum Kind: Sendable, Equatable {
    /// The file ends before what it announces.
    case truncated
    /// The header is longer than 100 MB or than the file.
    case oversizedHeader
    /// The header is not the JSON that the format asks for.
    case malformedHeader
    /// A name occurs twice.
    case duplicateKey
    /// A type this program does not know.
    case unknownType
    /// Shape, type and offsets of a tensor contradict each other, or overflow.
    case inconsistentSize
    /// Tensors overlap, leave a hole, or bytes follow the last.
    case misplacedData
    /// A tensor that is asked for is not there.
    case missingTensor
    /// A tensor has another shape or type than asked for.
    case wrongShape
  }

  /// The kind of damage.
  public let kind: Kind
  /// What was found, and where, in printable characters.
  public let detail: String

  init(_ kind: Kind, _ detail: String) {
    self.kind = kind
    // A name out of a damaged file may be megabytes long, or hold what a terminal obeys.
    let shown = detail.unicodeScalars.prefix(Self.longest).map { $0.properties.generalCategory == .control ? "?" : $0 }
    self.detail = String(String.UnicodeScalarView(shown)) + (detail.unicodeScalars.count > Self.longest ? "…" : "")
  }

  private static let longest = 400

  public var description: String { "not a sound safetensors file: \(detail)" }
}
