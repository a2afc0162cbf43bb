import Glibc
import Tensors

extension LikelihoodKind {
  /// Every pixel is normal around the decoder's output with one fixed standard deviation, a tenth of the range of grey
  /// values unless said.
  static let gaussian = LikelihoodKind(
    name: "gaussian", pixels: "Gaussian pixels", parameter: Parameter(name: "deviation", defaultValue: 0.1),
    remarkOnGrey: nil, isToldBySquares: true, unlearntCost: 0,
    distribution: { output, deviation in
      let logVariance = output.graph.constant(2 * Glibc.log(deviation)).broadcast(to: output.shape)
      return Normal(mean: output, logVariance: logVariance)
    }, expectation: { $0 },
    cost: { mean, deviation in
      let variance = deviation * deviation
      let constant = log(2 * .pi * variance)
      return { 0.5 * (($0 - mean) * ($0 - mean) / variance + constant) }
    })
}

extension Likelihood {
  /// Every pixel is normal with this standard deviation.
  public static func gaussian(deviation: Float) -> Likelihood { Likelihood(.gaussian, deviation) }
}
