import Datasets
import Glibc

/// How far a code is from a product of codes of its blocks.
///
/// A code of K = d₁·d₂·…·d_m values is read as the amplitudes of a pure state of m blocks, ψ = z/‖z‖ with
/// `ψ[i₁, …, i_m]` in row-major order. Between block b and the rest, ψ is a matrix `[d_b, K/d_b]`; its squared singular
/// values p are the Schmidt spectrum (they sum to 1), its von Neumann entropy is −Σ p log p, its Rényi entropy of order 2
/// −log Σ p². A product of codes has 0, and no code more than the logarithm of the smaller side.
struct BlockEntanglement: Sendable {
  /// The sizes of the blocks, d₁ … d_m.
  let blocks: [Int]

  /// The Schmidt spectrum of `code` between block `block` and the rest, largest first, without the zeros that the larger
  /// side cannot fill; nil of a code of zeros.
  func spectrum(_ code: some Collection<Double>, block: Int) -> [Double]? {
    let values = Array(code)
    let norm = values.reduce(0) { $0 + $1 * $1 }
    guard norm > 0 else { return nil }
    let rows = blocks[block]
    let inner = blocks[(block + 1)...].reduce(1, *)
    let columns = values.count / rows
    // ψ as a matrix: the index of the block against all the others.
    func amplitude(_ row: Int, _ column: Int) -> Double {
      values[(column / inner * rows + row) * inner + column % inner]
    }
    let (side, length) = (min(rows, columns), max(rows, columns))
    let matrix = (0..<side * length).map { place in
      let (i, k) = place.quotientAndRemainder(dividingBy: length)
      return rows <= columns ? amplitude(i, k) : amplitude(k, i)
    }
    let singular = SingularValues(rows: side, columns: length, elements: matrix).values
    let total = singular.reduce(0) { $0 + $1 * $1 }
    return singular.map { $0 * $0 / total }
  }

  /// −Σ p log p in nats.
  static func vonNeumann(_ spectrum: [Double]) -> Double {
    max(0, spectrum.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 })
  }

  /// `log(Σ p^α) / (1 − α)` in nats; the von Neumann entropy at α = 1.
  static func renyi(_ spectrum: [Double], order: Double) -> Double {
    let excess = order - 1
    guard excess != 0 else { return vonNeumann(spectrum) }
    let present = spectrum.filter { $0 > 0 }
    // Near order 1 the sum is nearly 1, whose logarithm keeps no digits: what it has beyond 1 does.
    let logarithm =
      abs(excess) < 0.5
      ? log1p(present.reduce(0) { $0 + $1 * expm1(excess * log($1)) })
      : log(present.reduce(0) { $0 + pow($1, order) })
    return max(0, -logarithm / excess)
  }

  /// K as a product of `count` factors greater than 1, as equal as can be, smallest first; nil where there is none.
  static func blocks(of size: Int, count: Int) -> [Int]? {
    func split(_ size: Int, _ count: Int, _ least: Int) -> [Int]? {
      if count == 1 { return size >= least ? [size] : nil }
      var best: [Int]?
      var factor = least
      while factor * factor <= size {
        if size % factor == 0, let rest = split(size / factor, count - 1, factor) {
          let found = [factor] + rest
          if best.map({ found[found.count - 1] < $0[$0.count - 1] }) ?? true { best = found }
        }
        factor += 1
      }
      return best
    }
    return count >= 2 ? split(size, count, 2) : nil
  }
}

extension Measure {
  static let blockCount = MeasureSetting("blocks", "blocks that a code is reshaped over", default: 2, 2...16)
  static let firstBlock = MeasureSetting(
    "first-block", "values of the first of two blocks; 0: the divisor of K nearest to √K from below", default: 0,
    0...4096)
  static let renyiOrder = MeasureSetting("renyi-order", "order of the Rényi entropy", default: 2.0, 0.01...100)

  static let blockEntanglement = Measure(
    "block-entanglement", title: "entanglement of blocks",
    summary: "how far codes, as normalised states of two or more blocks, are from products",
    definition: """
      the code reshaped over blocks, ψ = z/‖z‖ [d₁, …, d_m]; between a block and the rest the squared singular values p \
      of ψ: S = −Σ p log p (von Neumann), S_α = log Σ p^α / (1 − α) (Rényi), averaged over images and blocks
      """, source: "Schmidt 1907; von Neumann 1927; Rényi 1961",
    estimator: """
      posterior means as amplitudes; singular values by one-sided Jacobi, those within rounding of 0 being 0; codes of \
      zeros are left out; standard error over images
      """, unit: "nats", needs: [.means], settings: [blockCount, firstBlock, renyiOrder]
  ) { measurement in
    let representation = measurement.representation
    let entanglement = BlockEntanglement(blocks: try blocks(measurement))
    let (count, size, m) = (representation.count, representation.dimensions, entanglement.blocks.count)
    // With two blocks both cuts are the same.
    let cuts = m == 2 ? 1 : m
    let order = measurement.value(renyiOrder)
    let sides = entanglement.blocks.prefix(cuts).map { min($0, size / $0) }
    let widest = sides.max() ?? 1
    var entropies = [Double](repeating: .nan, count: count)
    var renyis = entropies
    var spectra = [Double](repeating: 0, count: count * cuts * widest)
    let columns = (0..<size).map { representation.columnFromOrigin($0) }
    entropies.withUnsafeMutableBufferPointer { entropies in
      renyis.withUnsafeMutableBufferPointer { renyis in
        spectra.withUnsafeMutableBufferPointer { spectra in
          let rowsOfPiece = 128
          measurement.pool.forEachPiece((count + rowsOfPiece - 1) / rowsOfPiece) { piece in
            for row in piece * rowsOfPiece..<min(count, (piece + 1) * rowsOfPiece) {
              // The scale does not matter.
              let code = columns.map { $0[row] }
              var (sum, renyiSum) = (0.0, 0.0)
              for cut in 0..<cuts {
                guard let spectrum = entanglement.spectrum(code, block: cut) else { sum = .nan; break }
                sum += BlockEntanglement.vonNeumann(spectrum)
                renyiSum += BlockEntanglement.renyi(spectrum, order: order)
                for (index, value) in spectrum.enumerated() { spectra[(row * cuts + cut) * widest + index] = value }
              }
              entropies[row] = sum / Double(cuts)
              renyis[row] = renyiSum / Double(cuts)
            }
          }
        }
      }
    }
    let used = entropies.indices.filter { !entropies[$0].isNaN }
    guard !used.isEmpty else { throw AnalysisError.undefined("all codes are zero: they are no states") }
    let names = (0..<cuts).map { "block \($0 + 1) of \(entanglement.blocks[$0]) | rest" }
    var spectrum = [Double](repeating: 0, count: cuts * widest)
    for row in used {
      for index in spectrum.indices { spectrum[index] += spectra[row * cuts * widest + index] / Double(used.count) }
    }
    let greatest = sides.reduce(0) { $0 + log(Double($1)) } / Double(cuts)
    let mean = Estimate(meanOf: used.map { entropies[$0] })
    return MeasureResult(
      .init("von Neumann", mean),
      [
        .init("Rényi of order \(order.brief)", Estimate(meanOf: used.map { renyis[$0] })),
        .init("greatest possible", greatest), .init("share of the greatest", mean.value / greatest, unit: ""),
      ],
      tables: [
        .init(
          "mean Schmidt spectrum", rows: names, columns: (1...widest).map { "p\($0)" }, values: spectrum)
      ],
      sampleSizes: [.init("image", used.count)],
      notes: ["blocks of \(entanglement.blocks.map(String.init).joined(separator: "×")) values"]
        + (used.count < count ? ["\(count - used.count) codes are zero and were left out"] : []))
  }

  private static func blocks(_ measurement: Measurement) throws -> [Int] {
    let size = measurement.representation.dimensions
    let (count, first) = (measurement.whole(blockCount), measurement.whole(firstBlock))
    if first > 0 {
      guard count == 2, first > 1, first < size, size % first == 0 else {
        throw AnalysisError.undefined(
          "a code of \(size) values has no first of \(count) blocks with \(first): first-block divides the code in two")
      }
      return [first, size / first]
    }
    guard let blocks = BlockEntanglement.blocks(of: size, count: count) else {
      throw AnalysisError.undefined(
        "a code of \(size) values cannot be reshaped over \(count) blocks of two values or more")
    }
    return blocks
  }
}
