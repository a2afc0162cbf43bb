import Glibc

/// Entropies of counted things, in nats.
enum Entropy {
  /// The entropy of the frequencies of `values`.
  static func of(_ values: [some Hashable]) -> Double {
    var counts: [AnyHashable: Int] = [:]
    for value in values { counts[value, default: 0] += 1 }
    return of(counts: counts.values.sorted())
  }

  /// The entropy of shares in proportion to `counts`; 0 of nothing.
  static func of(counts: [Int]) -> Double {
    let total = Double(counts.reduce(0, +))
    return counts.reduce(0) { sum, count in
      guard count > 0 else { return sum }
      let share = Double(count) / total
      return sum - share * log(share)
    }
  }
}
