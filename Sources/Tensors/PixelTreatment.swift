/// How stored bytes become the pixels a network sees.
public enum PixelTreatment: String, Codable, Sendable, CaseIterable {
  /// `byte / 255`.
  case grey
  /// 1 where the byte is at least 128, otherwise 0.
  case binarised
  /// A Bernoulli draw with probability `byte / 255`, anew at every step.
  case sampled

  /// Whether every pixel is exactly 0 or 1, which sparse first layers exploit.
  public var isBinary: Bool { self != .grey }
}
