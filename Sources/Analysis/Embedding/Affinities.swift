import Glibc
import Tensors

/// How much every two points are neighbours: the joint probabilities P of t-SNE (van der Maaten & Hinton 2008, eq. 1 and
/// section 3.1), kept for the nearest 3 · perplexity of each point and the other way round (van der Maaten 2014,
/// arXiv:1301.3342, section 4.1). Symmetric; all of them sum to 1.
struct Affinities {
  /// The number of points.
  let count: Int
  /// Row i's pairs are `starts[i]..<starts[i + 1]`.
  let starts: [Int]
  /// The other point of each pair, ascending within a row.
  let columns: [Int32]
  /// The pair's probability.
  let values: [Float]

  /// Σ p log p over all pairs, in nats: what the layout has no part in.
  let negativeEntropy: Double

  /// Affinities of `neighbours`, each point's normal distribution as wide as gives `perplexity`.
  init(_ neighbours: NeighbourTable, count: Int, perplexity: Double, pool: WorkerPool) {
    self.count = count
    let conditional = Self.conditional(neighbours, count: count, perplexity: perplexity, pool: pool)
    (starts, columns, values) = Self.joint(conditional, neighbours, count: count)
    negativeEntropy = values.reduce(0) { $0 + ($1 > 0 ? Double($1) * log(Double($1)) : 0) }
  }

  /// The conditional probability of each of a point's neighbours, `[count, width]`.
  private static func conditional(
    _ neighbours: NeighbourTable, count: Int, perplexity: Double, pool: WorkerPool
  ) -> [Float] {
    let width = neighbours.width
    var conditional = [Float](repeating: 0, count: count * width)
    conditional.withUnsafeMutableBufferPointer { conditional in
      neighbours.squares.withUnsafeBufferPointer { squares in
        let rowsInPiece = 64
        pool.forEach((count + rowsInPiece - 1) / rowsInPiece) { piece in
          for row in piece * rowsInPiece..<min(count, (piece + 1) * rowsInPiece) {
            condition(
              UnsafeBufferPointer(rebasing: squares[row * width..<(row + 1) * width]), perplexity: perplexity,
              UnsafeMutableBufferPointer(rebasing: conditional[row * width..<(row + 1) * width]))
          }
        }
      }
    }
    return conditional
  }

  /// The rows of `(p(j|i) + p(i|j)) / 2n`: each row's neighbours by column, merged with the same pairs seen from the other point.
  private static func joint(
    _ conditional: [Float], _ neighbours: NeighbourTable, count: Int
  ) -> (starts: [Int], columns: [Int32], values: [Float]) {
    let width = neighbours.width
    var transposedStarts = [Int](repeating: 0, count: count + 1)
    for column in neighbours.indices { transposedStarts[Int(column) + 1] += 1 }
    for row in 0..<count { transposedStarts[row + 1] += transposedStarts[row] }
    var places = transposedStarts
    var transposedColumns = [Int32](repeating: 0, count: count * width)
    var transposedValues = [Float](repeating: 0, count: count * width)
    for row in 0..<count {
      for place in row * width..<(row + 1) * width {
        let column = Int(neighbours.indices[place])
        transposedColumns[places[column]] = Int32(row)
        transposedValues[places[column]] = conditional[place]
        places[column] += 1
      }
    }
    var starts = [0]
    starts.reserveCapacity(count + 1)
    var columns: [Int32] = []
    var values: [Float] = []
    columns.reserveCapacity(2 * count * width)
    values.reserveCapacity(2 * count * width)
    let total = Double(2 * count)
    for row in 0..<count {
      let own = (row * width..<(row + 1) * width).sorted { neighbours.indices[$0] < neighbours.indices[$1] }
      var (a, b) = (0, transposedStarts[row])
      let end = transposedStarts[row + 1]
      while a < width || b < end {
        let left = a < width ? neighbours.indices[own[a]] : Int32.max
        let right = b < end ? transposedColumns[b] : Int32.max
        var sum: Float = 0
        if left <= right {
          sum += conditional[own[a]]
          a += 1
        }
        if right <= left {
          sum += transposedValues[b]
          b += 1
        }
        // What is too small for a float adds nothing to any sum.
        if sum > 0 {
          columns.append(min(left, right))
          values.append(Float(Double(sum) / total))
        }
      }
      starts.append(columns.count)
    }
    return (starts, columns, values)
  }

  /// The conditional probabilities of one row: `exp(−β·d²)`, normalised, with β found by bisection so that the entropy
  /// is that of `perplexity` equal ones.
  private static func condition(
    _ squares: UnsafeBufferPointer<Float>, perplexity: Double, _ result: UnsafeMutableBufferPointer<Float>
  ) {
    let nearest = Double(squares[0])
    let spread = squares.reduce(0.0) { $0 + (Double($1) - nearest) } / Double(squares.count)
    let wanted = log(perplexity)
    // In units of the spread every row's β is of the order of one, whatever the scale of the data.
    let unit = spread > 0 ? 1 / spread : 0
    var (beta, lower, upper) = (1.0, 0.0, Double.infinity)
    for _ in 0..<100 {
      var (sum, weighted) = (0.0, 0.0)
      for place in squares.indices {
        let exponent = (Double(squares[place]) - nearest) * unit
        let weight = exp(-beta * exponent)
        sum += weight
        weighted += weight * exponent
      }
      let difference = log(sum) + beta * weighted / sum - wanted
      if abs(difference) < 1e-5 { break }
      if difference > 0 {
        lower = beta
        beta = upper.isFinite ? (beta + upper) / 2 : beta * 2
      } else {
        upper = beta
        beta = (beta + lower) / 2
      }
    }
    var sum = 0.0
    for place in squares.indices { sum += exp(-beta * (Double(squares[place]) - nearest) * unit) }
    for place in squares.indices {
      result[place] = Float(exp(-beta * (Double(squares[place]) - nearest) * unit) / sum)
    }
  }
}
