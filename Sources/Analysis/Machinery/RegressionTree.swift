import Tensors

/// Features sorted once, so that every tree finds its splits by walking along sorted values.
struct SortedFeatures: Sendable {
  let count: Int
  let dimensions: Int
  /// `[K][n]`: the rows in ascending order of each feature, and the values in that order.
  let orders: [[Int32]]
  let values: [[Float]]

  /// Sorts the columns of `elements` `[n, dimensions]`.
  init(_ elements: [Float], dimensions: Int) {
    let count = elements.count / max(1, dimensions)
    var orders: [[Int32]] = []
    var values: [[Float]] = []
    for d in 0..<dimensions {
      let column = (0..<count).map { elements[$0 * dimensions + d] }
      let order = RankOrder(column.map { Double($0) }).places
      orders.append(order.map { Int32($0) })
      values.append(order.map { column[$0] })
    }
    self.count = count
    self.dimensions = dimensions
    self.orders = orders
    self.values = values
  }
}

/// A small regression tree (Breiman 1984), grown level by level with the exact best split of every node by Friedman's
/// improvement `(w_r·Σ_l − w_l·Σ_r)² / (w_l·w_r)` (Friedman 2001), as scikit-learn's trees of this criterion.
struct RegressionTree: Sendable {
  /// Values closer than this are not split (scikit-learn's threshold).
  private static let leastGap: Float = 1e-7
  /// Nodes of a smaller variance are leaves.
  private static let leastImpurity = 0x1p-52

  private struct Node {
    var feature: Int32 = -1
    var threshold: Float = 0
    var left: Int32 = -1
    var right: Int32 = -1
    var value = 0.0
  }

  private var nodes: [Node] = [Node()]
  private let random: CounterRandom
  /// The leaf of every training row.
  private(set) var leaves: [UInt8]
  /// The decrease of the squared error by the splits on each feature, over the number of rows.
  private(set) var importances: [Double]
  /// Whether there was anything to split.
  var isSplit: Bool { nodes.count > 1 }

  /// What is summed over the rows of a node.
  private struct Sums {
    var count = 0.0
    var sum = 0.0
    var squares = 0.0
    var impurity: Double { count > 0 ? squares / count - (sum / count) * (sum / count) : 0 }
  }

  /// The best split found so far of a node.
  private struct Candidate {
    var improvement = 0.0
    var feature = -1
    var threshold: Float = 0
    var left = Sums()
  }

  /// Grows a tree of at most `depth` splits on a path that predicts `targets` from `features`; which of equally good
  /// features a node is split on, `random` decides.
  init(_ features: SortedFeatures, targets: [Double], depth: Int, random: CounterRandom) {
    self.random = random
    let count = features.count
    leaves = [UInt8](repeating: 0, count: count)
    importances = [Double](repeating: 0, count: features.dimensions)
    var sums = [Sums()]
    for value in targets {
      sums[0].count += 1
      sums[0].sum += value
      sums[0].squares += value * value
    }
    var level = 0..<1
    for _ in 0..<depth {
      let open = level.filter { sums[$0].count >= 2 && sums[$0].impurity > Self.leastImpurity }
      guard !open.isEmpty else { break }
      let found = bestSplits(features, targets, open: open, sums: sums)
      let first = nodes.count
      for node in open where found[node].feature >= 0 {
        let split = found[node]
        nodes[node].feature = Int32(split.feature)
        nodes[node].threshold = split.threshold
        nodes[node].left = Int32(nodes.count)
        nodes[node].right = Int32(nodes.count + 1)
        nodes += [Node(), Node()]
        sums += [Sums(), Sums()]
      }
      guard nodes.count > first else { break }
      // Rows move to the children; sums of squares are taken anew, for they are not known of a split.
      for d in Set(level.filter { nodes[$0].feature >= 0 }.map { Int(nodes[$0].feature) }).sorted() {
        let (order, values) = (features.orders[d], features.values[d])
        for place in 0..<count {
          let row = Int(order[place])
          let node = nodes[Int(leaves[row])]
          guard Int(node.feature) == d, Int(leaves[row]) < first else { continue }
          leaves[row] = UInt8(values[place] <= node.threshold ? node.left : node.right)
        }
      }
      for row in 0..<count where Int(leaves[row]) >= first {
        let node = Int(leaves[row])
        let value = targets[row]
        sums[node].count += 1
        sums[node].sum += value
        sums[node].squares += value * value
      }
      for node in open where nodes[node].feature >= 0 {
        let (left, right) = (sums[Int(nodes[node].left)], sums[Int(nodes[node].right)])
        importances[Int(nodes[node].feature)] +=
          (sums[node].count * sums[node].impurity - left.count * left.impurity - right.count * right.impurity)
          / Double(max(1, count))
      }
      level = first..<nodes.count
    }
  }

  /// Whether `feature` is drawn before `other` at `node`: in small nodes many features split equally well, and taking the
  /// first would credit low dimensions with what any could do.
  private func wins(_ feature: Int, over other: Int, node: Int) -> Bool {
    guard feature != other else { return false }
    let stream = random.stream(UInt64(node))
    return stream.bits(UInt64(feature)) > stream.bits(UInt64(other))
  }

  /// The best split of every node of `open`, by node.
  private func bestSplits(
    _ features: SortedFeatures, _ targets: [Double], open: [Int], sums: [Sums]
  ) -> [Candidate] {
    var best = [Candidate](repeating: Candidate(), count: nodes.count)
    var isOpen = [Bool](repeating: false, count: nodes.count)
    for node in open { isOpen[node] = true }
    var left = [Sums](repeating: Sums(), count: nodes.count)
    var last = [Float](repeating: 0, count: nodes.count)
    for d in 0..<features.dimensions {
      for node in open { left[node] = Sums() }
      features.orders[d].withUnsafeBufferPointer { order in
        features.values[d].withUnsafeBufferPointer { values in
          targets.withUnsafeBufferPointer { targets in
            leaves.withUnsafeBufferPointer { leaves in
              left.withUnsafeMutableBufferPointer { left in
                last.withUnsafeMutableBufferPointer { last in
                  best.withUnsafeMutableBufferPointer { best in
                    sums.withUnsafeBufferPointer { sums in
                      isOpen.withUnsafeBufferPointer { isOpen in
                        for place in 0..<order.count {
                          let row = Int(order[place])
                          let node = Int(leaves[row])
                          guard isOpen[node] else { continue }
                          let value = values[place]
                          let (weight, sum) = (left[node].count, left[node].sum)
                          if weight > 0, value > last[node] + Self.leastGap {
                            let rest = sums[node].count - weight
                            let difference = rest * sum - weight * (sums[node].sum - sum)
                            let improvement = difference * difference / (weight * rest)
                            if improvement > best[node].improvement
                              || improvement == best[node].improvement && best[node].feature >= 0
                                && wins(d, over: best[node].feature, node: node)
                            {
                              best[node].improvement = improvement
                              best[node].feature = d
                              var threshold = last[node] / 2 + value / 2
                              if threshold == value { threshold = last[node] }
                              best[node].threshold = threshold
                            }
                          }
                          left[node].count = weight + 1
                          left[node].sum = sum + targets[row]
                          last[node] = value
                        }
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    return best
  }

  /// Sets what the leaves predict: `value` is given the numerators and denominators summed over the rows of a leaf.
  mutating func setLeaves(
    numerators: (Int) -> Double, denominators: (Int) -> Double,
    value: (_ numerator: Double, _ denominator: Double) -> Double
  ) {
    var numerator = [Double](repeating: 0, count: nodes.count)
    var denominator = numerator
    for row in leaves.indices {
      numerator[Int(leaves[row])] += numerators(row)
      denominator[Int(leaves[row])] += denominators(row)
    }
    for node in nodes.indices where nodes[node].feature < 0 {
      nodes[node].value = value(numerator[node], denominator[node])
    }
  }

  /// What is predicted for training row `row`.
  func value(ofTrainingRow row: Int) -> Double { nodes[Int(leaves[row])].value }

  /// What is predicted for the row of `elements` that starts at `start`.
  func value(_ elements: UnsafeBufferPointer<Float>, at start: Int) -> Double {
    var node = 0
    while nodes[node].feature >= 0 {
      node = Int(
        elements[start + Int(nodes[node].feature)] <= nodes[node].threshold ? nodes[node].left : nodes[node].right)
    }
    return nodes[node].value
  }
}
