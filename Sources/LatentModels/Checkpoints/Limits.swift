/// What numbers that were read from a file may be. Everything that is computed from them stays within what `Int` holds,
/// whatever they are multiplied with that was checked likewise.
enum Limits {
  /// Passes over the training images.
  static let epochs = 0...1_000_000
  /// Steps of a training: more than a thousand years of them.
  static let steps = 0...(1 << 50)
  /// Images seen, counted with repetition.
  static let images = 0...(1 << 53)
  /// Seconds of training.
  static let seconds = 0.0...1e12
}

extension [Float] {
  /// Whether no element is infinite or not a number.
  var allFinite: Bool { withUnsafeBufferPointer { $0.allFinite } }
}

extension UnsafeBufferPointer<Float> {
  /// Whether no element is infinite or not a number.
  var allFinite: Bool {
    // Zero times anything finite is zero: sixteen lanes at a time find out whether all of it is.
    var lanes = SIMD16<Float>.zero
    let whole = count - count % 16
    for start in stride(from: 0, to: whole, by: 16) {
      var part = SIMD16<Float>.zero
      for lane in 0..<16 { part[lane] = self[start + lane] }
      lanes += part * 0
    }
    let rest = self[whole...].reduce(Float(0)) { $0 + $1 * 0 }
    return (lanes.sum() + rest).isFinite
  }
}
