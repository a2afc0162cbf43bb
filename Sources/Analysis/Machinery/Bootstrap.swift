import Tensors

/// Standard errors by resampling (Efron 1979): the spread of a number over sets of images drawn with replacement.
enum Bootstrap {
  /// How often images are drawn anew; 0: no standard error.
  static let resamples = MeasureSetting(
    "resamples", "sets of images drawn with replacement for a standard error; 0: none", default: 25, 0...10_000)

  /// The standard deviation of `value` over resamples; it is given how often each of `count` images was drawn.
  static func standardError(
    count: Int, _ measurement: Measurement, _ value: (_ weights: [Int32]) -> Double
  ) -> Double? {
    standardError(of: resampled(count: count, measurement, value))
  }

  /// The standard deviation of a number over resamples: nil where all are alike, and where one of them has no such number.
  static func standardError(of values: [Double]) -> Double? {
    guard values.allSatisfy(\.isFinite) else { return nil }
    return Estimate.variance(of: values, about: values.reduce(0, +) / Double(max(1, values.count)))?.squareRoot()
  }

  /// The same of each of many numbers, of which every resample has as many; nil where none has one.
  static func standardErrors(of values: [[Double]]) -> [Double?]? {
    let errors = (values.first ?? []).indices.map { place in standardError(of: values.map { $0[place] }) }
    return errors.contains { $0 != nil } ? errors : nil
  }

  /// What `value` makes of every resample; nothing where none are asked for.
  static func resampled<Value>(
    count: Int, _ measurement: Measurement, _ value: (_ weights: [Int32]) -> Value
  ) -> [Value] {
    let resamples = measurement.whole(resamples)
    guard resamples > 1, count > 1 else { return [] }
    let random = measurement.random("bootstrap")
    var values = [Value?](repeating: nil, count: resamples)
    values.withUnsafeMutableBufferPointer { values in
      measurement.pool.forEachPiece(resamples) { resample in
        let stream = random.stream(UInt64(resample))
        var weights = [Int32](repeating: 0, count: count)
        for draw in 0..<count { weights[stream.integer(below: count, UInt64(draw))] += 1 }
        values[resample] = value(weights)
      }
    }
    return values.compactMap(\.self)
  }
}
