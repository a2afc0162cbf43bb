import Tensors

extension [LatentVariable] {
  /// Codes from a standard prior `[count, width]`: standard normal numbers, and every class of a categorical variable with the
  /// same probability. The same seed gives the same, and more codes begin with those that fewer are.
  public func priorCodes(count: Int, seed: UInt64) -> Tensor {
    let random = CounterRandom(seed: seed, stream: 0x7072_696f_72)
    let classes = random.stream(1)
    let width = self.width
    var codes = Tensor(shape: [Swift.max(0, count), width])
    codes.withUnsafeMutableBufferPointer { codes in
      for row in 0..<Swift.max(0, count) {
        for (place, (variable, columns)) in self.columns.enumerated() {
          if variable.isCategorical {
            let index = UInt64(row * self.count + place)
            codes[row * width + columns.lowerBound + classes.integer(below: columns.count, index)] = 1
          } else {
            for column in row * width + columns.lowerBound..<row * width + columns.upperBound {
              codes[column] = random.normal(2 * UInt64(column))
            }
          }
        }
      }
    }
    return codes
  }
}
