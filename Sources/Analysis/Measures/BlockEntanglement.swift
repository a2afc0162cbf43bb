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
    let side = min(rows, columns)
    var density = [Double](repeating: 0, count: side * side)
    for i in 0..<side {
      for j in i..<side {
        var sum = 0.0
        if rows <= columns {
          for k in 0..<columns { sum += amplitude(i, k) * amplitude(j, k) }
        } else {
          for k in 0..<rows { sum += amplitude(k, i) * amplitude(k, j) }
        }
        density[i * side + j] = sum / norm
        density[j * side + i] = sum / norm
      }
    }
    return SymmetricEigen(size: side, elements: density).values.map { min(1, max(0, $0)) }
  }

  /// −Σ p log p in nats.
  static func vonNeumann(_ spectrum: [Double]) -> Double {
    max(0, spectrum.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 })
  }

  /// `log(Σ p^α) / (1 − α)` in nats; the von Neumann entropy at α = 1.
  static func renyi(_ spectrum: [Double], order: Double) -> Double {
    guard order != 1 else { return vonNeumann(spectrum) }
    return max(0, log(spectrum.reduce(0) { $1 > 0 ? $0 + pow($1, order) : $0 }) / (1 - order))
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
      posterior means as amplitudes; eigenvalues of the smaller reduced density matrix by Jacobi; codes of zeros are left \
      out; standard error over images
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
    let means = representation.means.elements
    let units = representation.units
    let offsets = (0..<size).map { units.offset($0) / units.scale }
    entropies.withUnsafeMutableBufferPointer { entropies in
      renyis.withUnsafeMutableBufferPointer { renyis in
        spectra.withUnsafeMutableBufferPointer { spectra in
          let rowsOfPiece = 128
          measurement.pool.forEachPiece((count + rowsOfPiece - 1) / rowsOfPiece) { piece in
            for row in piece * rowsOfPiece..<min(count, (piece + 1) * rowsOfPiece) {
              // The scale does not matter.
              let code = (0..<size).map { Double(means[row * size + $0]) + offsets[$0] }
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
      sampleSizes: [.init("images", used.count)],
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
