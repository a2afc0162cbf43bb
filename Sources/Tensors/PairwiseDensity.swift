import KernelInterface

/// Which log-densities a pairwise operation computes: subsets of the dimensions of a code, each without repetition.
struct PairwiseLayout: Hashable, Sendable {
  let subsets: [[Int]]
  let dimensions: Int

  var memberCount: Int { subsets.reduce(0) { $0 + $1.count } }
}

extension Expression {
  /// The most dimensions that a log-density under a mixture is of.
  public static var mostPairedDimensions: Int { PairwisePass.maximumMembers }

  /// Log-density of each code under the mixture of all posteriors of a batch, for several subsets of the dimensions:
  /// `log q_g(z_i) = log Σ_j exp(w_ij + Σ_{d ∈ g} log N(z_id; μ_jd, exp(s_jd)))`, in nats.
  ///
  /// The aggregate posterior of Chen 2018 (1802.04942) and Esmaeili 2018 (1804.02086): all dimensions as one subset give
  /// log q(z), each alone gives log q(z_d), groups give what lies between. The pairs are formed, exponentiated and
  /// summed tile by tile, forward and backward: nothing of `[batch, references, dimensions]` is ever in memory.
  ///
  /// - Parameters:
  ///   - self: codes z, `[batch, K]`.
  ///   - mean: μ, `[references, K]`.
  ///   - logVariance: s, `[references, K]`.
  ///   - logWeights: w in nats, `[batch, references]`, or nil for weights of 1. Constants cost nothing to turn; what is
  ///     not constant gets its gradient (a log-probability of a discrete variable, added to the weights of those subsets
  ///     that it belongs to).
  ///   - subsets: dimensions in 0..<K, each subset not empty and without repetition, of at most 16,384 dimensions; at most
  ///     as many subsets of more than one.
  /// - Returns: `[batch, subsets]`.
  public func pairwiseLogDensity(
    mean: Expression, logVariance: Expression, logWeights: Expression?, subsets: [[Int]]
  ) -> Expression {
    precondition(rank == 2 && mean.rank == 2, "codes and posteriors are matrices, not \(shape) and \(mean.shape)")
    precondition(
      mean.shape[1] == shape[1] && logVariance.shape == mean.shape,
      "codes \(shape), means \(mean.shape) and log-variances \(logVariance.shape) do not fit together")
    precondition(!subsets.isEmpty, "no subset of the dimensions is asked for")
    for subset in subsets {
      precondition(
        !subset.isEmpty && subset.allSatisfy { (0..<shape[1]).contains($0) } && Set(subset).count == subset.count
          && subset.count <= PairwisePass.maximumMembers,
        "\(subset) is no subset of \(shape[1]) dimensions")
    }
    let layout = PairwiseLayout(subsets: subsets, dimensions: shape[1])
    let shifts = logVariance.stoppingGradient()
    let precisions = (-shifts).exp() * (0.5 * binaryLogarithmOfE)
    let offsets = (shifts + logTwoPi) * (-0.5 * binaryLogarithmOfE)
    var operands = [self, mean, logVariance, precisions, offsets]
    if let logWeights {
      precondition(
        logWeights.broadcasts(to: [shape[0], mean.shape[0]]), "weights \(logWeights.shape) do not fit the pairs")
      operands.append(logWeights.broadcast(to: [shape[0], mean.shape[0]]).inUnitsOfLogarithmOfTwo())
    }
    let packed = graph.record(
      .pairwise(layout, .densities), operands.map(\.index), [subsets.count + layout.memberCount, shape[0]])
    return packed.sliced(axis: 0, range: 0..<subsets.count).transposed([1, 0])
  }

  /// Constants are multiplied while recording.
  private func inUnitsOfLogarithmOfTwo() -> Expression {
    guard case .constant(let tensor) = graph.nodes[index].operation else { return self * binaryLogarithmOfE }
    return graph.constant(Tensor(shape: tensor.shape, elements: tensor.elements.map { $0 * binaryLogarithmOfE }))
  }
}

private let binaryLogarithmOfE: Float = 1.442_695_04
private let logTwoPi: Float = 1.837_877_1

extension Graph {
  /// What the adjoint of a pairwise operation adds to those of its operands: codes, means, log-variances, the two
  /// tables made of the latter, and the weights.
  func pairwiseContributions(
    _ layout: PairwiseLayout, _ index: Int, _ adjoint: Expression, _ needed: [Bool]
  ) -> [Expression?] {
    let operands = nodes[index].operands
    let subsets = layout.subsets.count
    let adjoints = adjoint.sliced(axis: 0, range: 0..<subsets)
    let codes = nodes[operands[0]].shape
    let references = nodes[operands[1]].shape[0]
    let pair = [index, adjoints.index]
    let wantsPosteriors = needed[operands[1]] || needed[operands[2]]
    let moments =
      wantsPosteriors
      ? record(
        .pairwise(layout, .posteriorGradient), operands + pair, [3 * layout.dimensions, references]) : nil
    func rows(_ number: Int) -> Expression? {
      moments?.sliced(axis: 0, range: number * layout.dimensions..<(number + 1) * layout.dimensions).transposed([1, 0])
    }
    var contributions: [Expression?] = [
      needed[operands[0]]
        ? record(.pairwise(layout, .codeGradient), pair, [layout.dimensions, codes[0]]).transposed([1, 0]) : nil,
      rows(0), rows(1), nil, nil,
    ]
    if operands.count > 5 {
      // The weights were put into units of log 2.
      contributions.append(
        needed[operands[5]]
          ? record(.pairwise(layout, .weightGradient), operands + pair, [codes[0], references])
            * (1 / binaryLogarithmOfE) : nil)
    }
    return contributions
  }
}
