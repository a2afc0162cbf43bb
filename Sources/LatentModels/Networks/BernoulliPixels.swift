import Glibc
import Tensors

extension LikelihoodKind {
  /// Every pixel is a coin whose logit the decoder gives (Kingma & Welling 2013, arXiv:1312.6114, app. C.1).
  static let bernoulli = LikelihoodKind(
    name: "bernoulli", pixels: "Bernoulli pixels", parameter: nil,
    remarkOnGrey: "grey pixels under Bernoulli distributions: these bounds order models, but are of no density",
    isToldBySquares: false, unlearntCost: log(2),
    distribution: { output, _ in Bernoulli(logits: output) }, expectation: { $0.sigmoid() },
    cost: { mean, _ in
      // A probability that a float rounds to 0 or 1 is none that a finite logit gives.
      let least = 1e-7
      let (white, black) = (-log(max(mean, least)), -log(max(1 - mean, least)))
      return { $0 * white + (1 - $0) * black }
    })
}
