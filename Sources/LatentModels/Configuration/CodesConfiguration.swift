/// A trained model whose codes another model takes in place of images: M1 of M1+M2 (Kingma 2014, arXiv:1406.5298,
/// section 3.1). Its activation and likelihood are those of the configuration it stands in.
public struct CodesConfiguration: Codable, Sendable, Hashable {
  /// Widths of its encoder's hidden layers.
  public var hidden: [Int]
  /// Its latent dimensions.
  public var latent: Int
  /// Those of them that tell something, in order: the others are not taken.
  public var kept: [Int]

  /// Before the names of the trained model's weights.
  static let prefix = "codes."

  /// Codes of all fields.
  public init(hidden: [Int], latent: Int, kept: [Int]) {
    self.hidden = hidden
    self.latent = latent
    self.kept = kept
  }

  private enum CodingKeys: CodingKey { case hidden, latent, kept }

  /// Reads all fields.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    hidden = try container.require([Int].self, forKey: .hidden)
    latent = try container.require(Int.self, forKey: .latent)
    kept = try container.require([Int].self, forKey: .kept)
  }

  func checkRanges() throws {
    let sizes = 1...ModelConfiguration.largestWidth
    try check(latent, "model.codes.latent", in: sizes)
    try check(hidden.count, "the number of hidden layers of the codes", in: 0...64)
    for width in hidden { try check(width, "model.codes.hidden", in: sizes) }
    guard !kept.isEmpty, kept == Set(kept).sorted(), kept.allSatisfy({ (0..<latent).contains($0) }) else {
      throw ConfigurationError.outOfRange(
        setting: "model.codes.kept", value: "\(kept)",
        allowed: "dimensions from 0 to \(latent - 1), in order, one at least")
    }
  }
}
