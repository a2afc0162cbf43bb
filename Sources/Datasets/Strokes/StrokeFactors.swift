import Glibc

/// Everything that makes one written digit differ from another of its class, apart from the slight trembling of single
/// points, which is noise: at most two hundredths of the variance of the pixels within a class.
public struct StrokeFactors: Sendable, Hashable {
  /// Which of its class's allographs was written, from 0.
  public var allograph: Int
  /// How far the ink leans to the right, in heights a height: minus the slope of the regression of x on y over all
  /// that was written, whatever the digit and the allograph.
  public var slant: Float
  /// How far the line that is written on rises to the right, in heights a height.
  public var tilt: Float
  /// Width by comparison with the alphabet's.
  public var width: Float
  /// Height, or width of a broad digit, in parts of the 20 pixels that MNIST's digits fill.
  public var size: Float
  /// Diameter of the pen's trace, in pixels.
  public var thickness: Float
  /// How much the upper half is larger than the lower.
  public var topHeaviness: Float
  /// How far the middle of the digit lies left of its top and bottom, in heights: upright strokes become bows.
  public var bow: Float
  /// How far the middle of the digit lies above its left and right sides, in heights: level strokes become arches.
  public var arch: Float
  /// How far the ends of the strokes curl in, in radians.
  public var curl: Float

  /// The names of the factors in the order of `values`.
  static let names = [
    "slant", "tilt", "width", "size", "thickness", "topHeaviness", "bow", "arch", "curl", "allograph",
  ]

  /// The factors in the order of `names`.
  var values: [Float] {
    [slant, tilt, width, size, thickness, topHeaviness, bow, arch, curl, Float(allograph)]
  }

  /// How many of a sample's random numbers the factors take.
  static let draws: UInt64 = 6
  /// Standard deviation of every control point, in heights.
  static let trembling: Float = 0.005

  /// Draws the factors of a sample. The order of the draws is part of the generator.
  init(_ noise: inout StrokeNoise, allographs: [Allograph]) {
    allograph = noise.choice(of: allographs)
    var pair = noise.pair()
    slant = StrokeBell(0.11, 0.25).value(pair.x)
    tilt = StrokeBell(0, 0.16).value(pair.y)
    pair = noise.pair()
    width = exp(StrokeBell(0.09, 0.24).value(pair.x))
    size = StrokeBell(0.96, 0.04).value(pair.y)
    pair = noise.pair()
    thickness = exp(StrokeBell(0.93, 0.28).value(pair.x))
    topHeaviness = StrokeBell(0, 0.33).value(pair.y)
    pair = noise.pair()
    bow = StrokeBell(0, 0.06).value(pair.x)
    arch = StrokeBell(0, 0.065).value(pair.y)
    pair = noise.pair()
    curl = StrokeBell(0, 0.55).value(pair.x)
  }
}
