import Canvas
import Datasets

/// A picture drawn by hand, as large as the model's images, beside what the encoder says of it.
struct DrawnImage: Sendable, Hashable {
  let width: Int
  let height: Int
  /// Ink in row-major order, `[height, width]`: 0 is paper, 255 all ink, as MNIST's bytes are.
  private(set) var pixels: [UInt8]
  /// The posterior of the pixels as they are; nil until they have been encoded.
  var encoding: Encoding?

  /// The posterior of a picture under the weights of one generation.
  struct Encoding: Sendable, Hashable {
    /// One number a column of the code.
    var mean: [Float]
    /// Standard deviations, of as many numbers.
    var deviations: [Float]
    var generation: Int
  }

  /// Blank paper.
  init(width: Int, height: Int) {
    self.width = max(1, width)
    self.height = max(1, height)
    pixels = [UInt8](repeating: 0, count: self.width * self.height)
  }

  var isBlank: Bool { pixels.allSatisfy { $0 == 0 } }

  /// The share of all ink that there could be, in 0…1.
  var inkShare: Float { Float(pixels.reduce(0) { $0 + Int($1) }) / Float(255 * pixels.count) }

  /// The picture as panes draw it.
  var image: GreyImage { GreyImage(width: width, height: height, bytes: pixels) }

  /// The picture as encoders take it: a set of one image.
  func images() throws -> ImageSet { try ImageSet(name: "drawing", width: width, height: height, pixels: pixels) }

  /// Whether it is as large as a model's images.
  func fits(_ subject: Subject) -> Bool { width == subject.imageWidth && height == subject.imageHeight }

  /// Pixels of this size that one of MNIST's 28 stands for: pens and steps grow with the paper.
  var scale: Float { Float(min(width, height)) / 28 }

  /// Draws a straight line, or takes its ink away. Points are in pixels from the upper left corner of the paper, beyond
  /// which no ink goes.
  mutating func line(from start: SIMD2<Float>, to end: SIMD2<Float>, with pen: RoundPen, erasing: Bool) {
    let reach = pen.reach * scale
    let fading = RoundPen.fading * scale
    func range(_ one: Float, _ other: Float, _ size: Int) -> Range<Int> {
      let first = min(Float(size), max(0, min(one, other) - reach)).rounded(.down)
      let last = min(Float(size), max(0, max(one, other) + reach)).rounded(.up)
      return Int(first)..<max(Int(first), Int(last))
    }
    let way = end - start
    let length = (way * way).sum()
    for row in range(start.y, end.y, height) {
      for column in range(start.x, end.x, width) {
        let point = SIMD2(Float(column) + 0.5, Float(row) + 0.5)
        let along = length > 0 ? min(1, max(0, ((point - start) * way).sum() / length)) : 0
        let offset = point - start - way * along
        let ink = min(1, max(0, (reach - (offset * offset).sum().squareRoot()) / fading))
        let index = row * width + column
        // Ink over ink gets no darker than the darker of the two: a line that crosses itself has no knots.
        pixels[index] =
          erasing
          ? min(pixels[index], UInt8(((1 - ink) * 255).rounded())) : max(pixels[index], UInt8((ink * 255).rounded()))
      }
    }
  }

  /// The picture as MNIST would have it: scaled into the middle 20 of 28 pixels, its centre of mass in the centre.
  func centred() throws -> DrawnImage {
    guard let shape = ImageShape(height: height, width: width) else { return self }
    var centred = DrawnImage(width: width, height: height)
    centred.pixels = try images().fitted(.centre, to: shape).tensor(0..<1).elements.map { UInt8(($0 * 255).rounded()) }
    return centred
  }
}

/// A round pen with a soft edge. Its sizes are in pixels of MNIST's 28.
struct RoundPen: Sendable, Hashable {
  /// As thick as the built-in strokes are at the median, which follow MNIST's.
  static let usual: Float = 2.5
  /// Pixels over which its edge fades, as the reduction of MNIST's scans made it.
  static let fading: Float = 1.3

  var thickness: Float

  /// How far from its middle it leaves any ink.
  var reach: Float { thickness / 2 + Self.fading / 2 }
}
