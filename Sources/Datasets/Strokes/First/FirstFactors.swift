import Glibc

/// What the first generator recorded of a digit. It bent every digit and moved its points besides, and told nobody.
struct FirstFactors: Sendable {
  var allograph: Int
  /// How far the top leans to the right, in heights a height, further than the allograph does.
  var slant: Float
  /// Turn of the whole digit, anticlockwise, in radians.
  var rotation: Float
  var width: Float
  var size: Float
  /// Diameter of the pen's trace, in pixels.
  var thickness: Float
  /// How much the upper half is larger than the lower.
  var topHeaviness: Float
  /// How far the ends of the strokes curl in, in radians.
  var curl: Float
  /// Amplitude of the shaking of the hand, in heights.
  var tremor: Float

  static let names = [
    "slant", "rotation", "width", "size", "thickness", "topHeaviness", "curl", "tremor", "allograph",
  ]

  /// The factors in the order of `names`.
  var values: [Float] {
    [slant, rotation, width, size, thickness, topHeaviness, curl, tremor, Float(allograph)]
  }

  /// Draws the factors of a sample. The order of the draws is part of the generator.
  init(_ noise: inout StrokeNoise, allographs: [Allograph]) {
    allograph = noise.choice(of: allographs)
    var pair = noise.pair()
    slant = StrokeBell(0.14, 0.25).value(pair.x)
    rotation = StrokeBell(0, 0.10).value(pair.y)
    pair = noise.pair()
    width = exp(StrokeBell(0.09, 0.22).value(pair.x))
    size = StrokeBell(0.98, 0.02).value(pair.y)
    pair = noise.pair()
    thickness = exp(StrokeBell(0.93, 0.28).value(pair.x))
    topHeaviness = StrokeBell(0, 0.3).value(pair.y)
    pair = noise.pair()
    curl = StrokeBell(0, 0.3).value(pair.x)
    tremor = exp(StrokeBell(-5.2, 0.5).value(pair.y))
  }
}
