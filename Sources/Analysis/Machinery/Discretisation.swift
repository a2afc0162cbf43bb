import Glibc

/// Equal-width bins of one dimension, as `numpy.histogram` and `numpy.digitize` cut it: the greatest value falls in the
/// last bin.
struct EqualBins: Sendable {
  /// Bins that a dimension, or a factor that is not discrete, is cut into.
  static let bins = MeasureSetting(
    "bins", "equal-width bins of a dimension, and of a factor that is not discrete", default: 20, 2...1000)

  let count: Int
  /// Where the bins begin, ascending.
  private let edges: [Double]
  private let step: Double

  /// Bins from the least to the greatest of `values`.
  ///
  /// numpy places the edges with the precision of the numbers: of 16-bit and 32-bit floats they are rounded to such, which
  /// decides about values on a grid.
  init(_ values: [Float], count: Int, precision: Representation.Precision = .single) {
    self.init(from: Double(values.min() ?? 0), to: Double(values.max() ?? 0), count: count, precision: precision)
  }

  /// The same of 64-bit floats.
  init(_ values: [Double], count: Int) {
    self.init(from: values.min() ?? 0, to: values.max() ?? 0, count: count, precision: .double)
  }

  private init(from least: Double, to greatest: Double, count: Int, precision: Representation.Precision) {
    self.count = count
    let placed =
      switch precision {
      case .half: Self.edges(Float16(least), Float16(greatest), count)
      case .single: Self.edges(Float(least), Float(greatest), count)
      case .double: Self.edges(least, greatest, count)
      }
    // A width beyond the precision is none beyond 64 bits.
    (edges, step) = placed.step.isFinite ? placed : Self.edges(least, greatest, count)
  }

  /// `numpy.linspace` in the precision of its ends, and the width of a bin.
  private static func edges<Number: BinaryFloatingPoint>(
    _ least: Number, _ greatest: Number, _ count: Int
  ) -> (edges: [Double], step: Double) {
    let first = least == greatest ? least - 0.5 : least
    let width = least == greatest ? greatest + 0.5 - first : greatest - first
    let step = width / Number(count)
    let edges = (0..<count).map { index in
      let distance = step > 0 ? Number(index) * step : Number(index) / Number(count) * width
      return Double(distance + first)
    }
    return (edges, Double(width) / Double(count))
  }

  /// The bin of `value`, in 0..<count; values beyond the ends count for the outermost bins.
  func bin(of value: Double) -> Int {
    let place = (value - edges[0]) / step
    var bin = place > 0 ? Int(min(Double(count - 1), place)) : 0
    // The division may round across an edge; the edges decide.
    while bin + 1 < count, value >= edges[bin + 1] { bin += 1 }
    while bin > 0, value < edges[bin] { bin -= 1 }
    return bin
  }

  func bins(of values: [some BinaryFloatingPoint]) -> [Int32] { values.map { Int32(bin(of: Double($0))) } }
}

/// How often two discrete variables take their values together.
struct Contingency: Sendable {
  let rows: Int
  let columns: Int
  private(set) var counts: [Int32]

  /// Counts pairs; where `weights` are given, pair i counts `weights[i]` times.
  init(_ first: [Int32], rows: Int, _ second: [Int32], columns: Int, weights: [Int32]? = nil) {
    self.rows = rows
    self.columns = columns
    counts = [Int32](repeating: 0, count: rows * columns)
    counts.withUnsafeMutableBufferPointer { counts in
      if let weights {
        for index in first.indices { counts[Int(first[index]) * columns + Int(second[index])] += weights[index] }
      } else {
        for index in first.indices { counts[Int(first[index]) * columns + Int(second[index])] += 1 }
      }
    }
  }

  /// The mutual information of the frequencies in nats (Shannon 1948), as scikit-learn's `mutual_info_score`.
  var mutualInformation: Double {
    var rowSums = [Double](repeating: 0, count: rows)
    var columnSums = [Double](repeating: 0, count: columns)
    for row in 0..<rows {
      for column in 0..<columns {
        let count = Double(counts[row * columns + column])
        rowSums[row] += count
        columnSums[column] += count
      }
    }
    let total = rowSums.reduce(0, +)
    guard total > 0 else { return 0 }
    var sum = 0.0
    for row in 0..<rows {
      for column in 0..<columns {
        let count = Double(counts[row * columns + column])
        if count > 0 { sum += count / total * log(count * total / (rowSums[row] * columnSums[column])) }
      }
    }
    return max(0, sum)
  }
}

extension Measurement {
  /// The bin of every image in every dimension of the means, `[K][n]`.
  func binnedMeans() -> [[Int32]] {
    once("binned means") {
      let bins = whole(EqualBins.bins)
      return (0..<representation.dimensions).map { representation.bins(of: $0, count: bins) }
    }
  }
}

extension Representation {
  /// The bin of every image in one dimension of the means.
  func bins(of dimension: Int, count: Int) -> [Int32] {
    if let exact { return EqualBins(exact[dimension], count: count).bins(of: exact[dimension]) }
    let values = column(dimension)
    return EqualBins(values, count: count, precision: precision).bins(of: values)
  }
}
