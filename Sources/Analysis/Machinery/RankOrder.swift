/// The places of numbers in ascending order; equal ones in the order in which they stand.
///
/// Sorted digit by digit of 11 bits: several times as fast as by comparisons for thousands of numbers.
struct RankOrder: Sendable {
  let places: [Int]

  private static let bits = 11

  /// NaN comes last, or first where its sign is set.
  init(_ values: [Double]) {
    let buckets = 1 << Self.bits
    var keys = values.map(Self.key)
    var places = Array(values.indices)
    var (nextKeys, nextPlaces) = (keys, places)
    for shift in stride(from: 0, to: UInt64.bitWidth, by: Self.bits) {
      var starts = [Int](repeating: 0, count: buckets + 1)
      func digit(_ key: UInt64) -> Int { Int(truncatingIfNeeded: key >> UInt64(shift)) & (buckets - 1) }
      for key in keys { starts[digit(key) + 1] += 1 }
      // All in one bucket: this digit orders nothing.
      if starts.contains(values.count) { continue }
      for bucket in 0..<buckets { starts[bucket + 1] += starts[bucket] }
      for (index, key) in keys.enumerated() {
        let bucket = digit(key)
        nextKeys[starts[bucket]] = key
        nextPlaces[starts[bucket]] = places[index]
        starts[bucket] += 1
      }
      swap(&keys, &nextKeys)
      swap(&places, &nextPlaces)
    }
    self.places = places
  }

  /// Whole numbers in the order of the values; both zeros are one.
  private static func key(_ value: Double) -> UInt64 {
    let bits = (value == 0 ? 0 : value).bitPattern
    return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
  }
}
