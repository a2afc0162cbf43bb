/// The size of an image: rows and pixels in a row, written `28x28`, height first as arrays have it.
public struct ImageShape: Sendable, Hashable, CustomStringConvertible {
  /// Rows.
  public let height: Int
  /// Pixels in a row.
  public let width: Int

  /// The most rows, and the most pixels in a row.
  public static let longestSide = 1 << 20

  /// A size, or nil where a side is not in 1…`longestSide` or the pixels are more than one picture may have.
  public init?(height: Int, width: Int) {
    let sides = 1...Self.longestSide
    guard sides.contains(height), sides.contains(width), height * width <= PictureLimits.pixels else { return nil }
    self.height = height
    self.width = width
  }

  /// Reads `28x28`, height first.
  public init?(_ text: String) {
    let parts = text.lowercased().split(whereSeparator: { $0 == "x" || $0 == "×" })
    guard parts.count == 2, let height = Int(parts[0]), let width = Int(parts[1]) else { return nil }
    self.init(height: height, width: width)
  }

  /// What MNIST's images have, and what rows of 784 pixels are taken for.
  public static let mnist = ImageShape(known: 28, 28)

  private init(known height: Int, _ width: Int) {
    self.height = height
    self.width = width
  }

  /// Pixels of one image.
  public var pixelCount: Int { height * width }

  /// As it is typed: `28x28`, height first.
  public var description: String { "\(height)x\(width)" }

  /// As messages say it: `28×28`, and which is which where the sides differ.
  public var text: String { Self.text(height: height, width: width) }

  /// The same of any two numbers.
  public static func text(height: Int, width: Int) -> String {
    width == height ? "\(height)×\(width)" : "\(height) high × \(width) wide"
  }
}

/// What is done to images of another size than the one that is needed.
public enum ImageFit: String, Sendable, Hashable, Codable, CaseIterable {
  /// The middle is cut out; what is smaller gets black around it.
  case crop
  /// The whole is scaled to the size, its proportions kept, black at the sides that are short.
  case scale
  /// As MNIST was made of NIST's digits (LeCun 1998): what is not black is scaled, its proportions kept, into the middle
  /// 20/28 of the size, and put with its centre of mass at the centre.
  case centre
}
