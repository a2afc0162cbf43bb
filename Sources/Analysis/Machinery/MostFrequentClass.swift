extension Measure {
  /// How often the most frequent training class is right: what a probe must beat, in 0…1; 0 without any of either.
  public static func shareOfMostFrequent(_ training: [Int32], in test: [Int32]) -> Double {
    var counts: [Int32: Int] = [:]
    for label in training { counts[label, default: 0] += 1 }
    guard let most = counts.max(by: { ($0.value, -$0.key) < ($1.value, -$1.key) })?.key, !test.isEmpty else { return 0 }
    return Double(test.count { $0 == most }) / Double(test.count)
  }
}
