/// What went wrong while reading, writing or fetching data: what, where, and what to do about it.
public struct DatasetError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The class of the problem, for programs that react to it.
  public enum Kind: String, Sendable {
    /// The file or folder does not exist.
    case missing
    /// The operating system refused to read it.
    case unreadable
    /// The operating system refused to write it.
    case unwritable
    /// The data end before they should.
    case truncated
    /// The data contradict their format.
    case corrupt
    /// A valid file of a kind this program does not read.
    case unsupported
    /// More data than the stated limit.
    case tooLarge
    /// Sizes or counts that should agree do not.
    case mismatch
    /// A name, part or argument nobody knows.
    case unknown
    /// The network or the server failed.
    case network
    /// The server answered with an error status such as 404.
    case refusedByServer
    /// The server redirects without end.
    case redirectLoop
    /// The bytes do not have the published digest.
    case wrongDigest
    /// The user stopped it.
    case cancelled
  }

  /// The class of the problem.
  public let kind: Kind
  /// The file or address it concerns.
  public let place: String
  /// What was wrong, without a full stop.
  public let problem: String
  /// What to do about it, if something can be said.
  public let remedy: String?

  /// An error about `place`.
  public init(_ kind: Kind, _ place: String, _ problem: String, remedy: String? = nil) {
    self.kind = kind
    self.place = place
    self.problem = problem
    self.remedy = remedy
  }

  /// `place: problem; remedy`, on one line.
  public var description: String {
    "\(place.visibleName): \(problem)" + (remedy.map { "; \($0)" } ?? "")
  }
}
