/// A curve of any length by few points: of every so many neighbours the lowest and the highest, so that no peak is lost.
struct ThinnedCurve: Sendable {
  /// Neighbours that are drawn as their lowest and their highest point.
  private struct Group {
    var lowest, highest: SIMD2<Double>
    var count: Int

    mutating func join(_ other: Group) {
      if other.lowest.y < lowest.y { lowest = other.lowest }
      if other.highest.y > highest.y { highest = other.highest }
      count += other.count
    }
  }

  /// More than any chart has places for across; an even number.
  private static let mostGroups = 1_000

  private var groups: [Group] = []
  /// How many points make a group.
  private var size = 1

  /// Adds a point to the right of all others.
  mutating func append(_ point: SIMD2<Double>) {
    let group = Group(lowest: point, highest: point, count: 1)
    if let last = groups.indices.last, groups[last].count < size {
      groups[last].join(group)
      return
    }
    if groups.count == Self.mostGroups {
      groups = stride(from: 0, to: groups.count, by: 2).map { place in
        var pair = groups[place]
        pair.join(groups[place + 1])
        return pair
      }
      size *= 2
    }
    groups.append(group)
  }

  /// The points to draw, from left to right: two thousand at most.
  var points: [SIMD2<Double>] {
    var points: [SIMD2<Double>] = []
    points.reserveCapacity(2 * groups.count)
    for group in groups {
      let (low, high) = (group.lowest, group.highest)
      points.append(low.x <= high.x ? low : high)
      if low.x != high.x { points.append(low.x <= high.x ? high : low) }
    }
    return points
  }
}
