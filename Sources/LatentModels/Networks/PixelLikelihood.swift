import Glibc
import Tensors

extension Likelihood {
  /// The distribution of the pixels given the decoder's output `[…, pixels]`.
  func distribution(_ output: Expression) -> any Distribution {
    switch self {
    case .bernoulli: return Bernoulli(logits: output)
    case .gaussian(let deviation):
      let logVariance = output.graph.constant(2 * Glibc.log(deviation)).broadcast(to: output.shape)
      return Normal(mean: output, logVariance: logVariance)
    }
  }

  /// The expected pixels given the decoder's output.
  func expectation(_ output: Expression) -> Expression {
    switch self {
    case .bernoulli: output.sigmoid()
    case .gaussian: output
    }
  }
}
