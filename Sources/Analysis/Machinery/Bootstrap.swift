import Tensors

/// Standard errors by resampling (Efron 1979): the spread of a number over sets of images drawn with replacement.
enum Bootstrap {
  /// How often images are drawn anew; 0: no standard error.
  static let resamples = MeasureSetting(
    "resamples", "sets of images drawn with replacement for a standard error; 0: none", default: 25, 0...10_000)

  /// The standard deviation of `value` over resamples; it is given how often each of `count` images was drawn. Nil where
  /// none are asked for, where all are alike, and where one of them has no such number.
  ///
  /// - Throws: `CancellationError`.
  static func standardError(
    count: Int, _ measurement: Measurement, _ value: (_ weights: [Int32]) -> Double
  ) throws -> Double? {
    let resamples = measurement.whole(resamples)
    guard resamples > 1, count > 1 else { return nil }
    let random = measurement.random("bootstrap")
    var values = [Double](repeating: 0, count: resamples)
    // The caller is asked between rounds, on its own thread.
    let round = 4 * measurement.pool.threads
    for first in stride(from: 0, to: resamples, by: round) {
      try measurement.checkCancellation()
      values.withUnsafeMutableBufferPointer { values in
        measurement.pool.forEachPiece(min(round, resamples - first)) { piece in
          let stream = random.stream(UInt64(first + piece))
          var weights = [Int32](repeating: 0, count: count)
          for draw in 0..<count { weights[stream.integer(below: count, UInt64(draw))] += 1 }
          values[first + piece] = value(weights)
        }
      }
    }
    guard values.allSatisfy(\.isFinite) else { return nil }
    return Estimate.variance(of: values, about: values.reduce(0, +) / Double(resamples))?.squareRoot()
  }
}
