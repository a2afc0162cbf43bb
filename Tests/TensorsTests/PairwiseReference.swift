import Glibc
import KernelInterface

@testable import Tensors

/// Log-densities of all pairs and their gradients by their formulas, in double precision.
struct PairwiseReference {
  let layout: PairwiseLayout
  let operands: [[Double]]
  let shapes: [[Int]]
  let role: PairwiseRole

  private var dimensions: Int { layout.dimensions }
  private var samples: Int { shapes[0][0] }
  private var references: Int { shapes[1][0] }

  private func term(_ i: Int, _ j: Int, _ d: Int) -> Double {
    let difference = operands[0][i * dimensions + d] - operands[1][j * dimensions + d]
    let s = operands[2][j * dimensions + d]
    return -0.5 * (log(2 * Double.pi) + s + difference * difference * exp(-s))
  }

  /// The weights came in units of log 2.
  private func weight(_ i: Int, _ j: Int) -> Double {
    operands.count == (role == .densities ? 6 : 8) ? operands[5][i * references + j] / log2(M_E) : 0
  }

  private func exponents(_ i: Int, _ subset: [Int]) -> [Double] {
    (0..<references).map { j in subset.reduce(weight(i, j)) { $0 + term(i, j, $1) } }
  }

  private func density(_ exponents: [Double]) -> Double {
    let top = exponents.max() ?? 0
    return top + log(exponents.reduce(0) { $0 + exp($1 - top) })
  }

  func result(_ shape: [Int]) -> [Double] {
    if role == .codeGradient { return codeGradient(shape) }
    if role == .densities { return densities() }
    let adjoints = operands[operands.count - 1]
    var moments = [Double](repeating: 0, count: 3 * dimensions * references)
    var weights = [Double](repeating: 0, count: samples * references)
    for (g, subset) in layout.subsets.enumerated() {
      for i in 0..<samples {
        let exponents = exponents(i, subset)
        let density = density(exponents)
        for j in 0..<references {
          let r = adjoints[g * samples + i] * exp(exponents[j] - density)
          weights[i * references + j] += r
          for d in subset {
            let difference = operands[0][i * dimensions + d] - operands[1][j * dimensions + d]
            let precision = exp(-operands[2][j * dimensions + d])
            moments[d * references + j] += r * difference * precision
            moments[(dimensions + d) * references + j] += r * 0.5 * (difference * difference * precision - 1)
          }
        }
      }
    }
    return role == .weightGradient ? weights : moments
  }

  private func densities() -> [Double] {
    var values: [Double] = []
    var slopes: [Double] = []
    for subset in layout.subsets {
      let all = (0..<samples).map { exponents($0, subset) }
      values += all.map(density)
      for d in subset {
        slopes += all.indices.map { i in
          let density = density(all[i])
          return (0..<references).reduce(0.0) { sum, j in
            let difference = operands[0][i * dimensions + d] - operands[1][j * dimensions + d]
            return sum - exp(all[i][j] - density) * difference * exp(-operands[2][j * dimensions + d])
          }
        }
      }
    }
    return values + slopes
  }

  private func codeGradient(_ shape: [Int]) -> [Double] {
    let count = shape[1]
    var result = [Double](repeating: 0, count: shape[0] * count)
    var member = layout.subsets.count
    for (g, subset) in layout.subsets.enumerated() {
      for d in subset {
        for i in 0..<count {
          result[d * count + i] += operands[1][g * count + i] * operands[0][member * count + i]
        }
        member += 1
      }
    }
    return result
  }
}
