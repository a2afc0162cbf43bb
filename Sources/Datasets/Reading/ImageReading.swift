/// How files become images: what a person can say about it on the command line, and what a run remembers of it.
public struct ImageReading: Sendable, Hashable {
  /// Which stored numbers are black and white.
  public var scale = PixelScale.automatic
  /// The size of images that are stored as flat rows, and the size that `fit` makes others fit.
  public var shape: ImageShape?
  /// What is done to images of another size than the one needed; nil: they are refused.
  public var fit: ImageFit?
  /// Whether labels are read.
  public var readsLabels = true

  /// Everything as the files have it.
  public init() {}

  /// Whether nothing was said.
  public var isPlain: Bool { self == ImageReading() }
}

extension ImageReading: Codable {
  private enum CodingKeys: String, CodingKey {
    case scale, shape, fit, labels
  }

  /// Reads what was said; what a file does not name was not.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init()
    func text<Value>(_ key: CodingKeys, _ make: (String) -> Value?) throws -> Value? {
      guard let text = try values.decodeIfPresent(String.self, forKey: key) else { return nil }
      guard let value = make(text) else {
        throw DecodingError.dataCorruptedError(forKey: key, in: values, debugDescription: "\(text) is none")
      }
      return value
    }
    scale = try text(.scale) { PixelScale($0) } ?? .automatic
    shape = try text(.shape) { ImageShape($0) }
    fit = try text(.fit) { ImageFit(rawValue: $0) }
    readsLabels = try values.decodeIfPresent(Bool.self, forKey: .labels) ?? true
  }

  /// Writes what was said, as it is typed, and nothing else.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    if scale != .automatic { try values.encode(scale.description, forKey: .scale) }
    try values.encodeIfPresent(shape?.description, forKey: .shape)
    try values.encodeIfPresent(fit?.rawValue, forKey: .fit)
    if !readsLabels { try values.encode(false, forKey: .labels) }
  }
}
