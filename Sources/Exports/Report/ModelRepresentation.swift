import Analysis
import Datasets
import LatentModels
import Tensors

extension Representation {
  /// The codes of `images` by `model` as measures take them: the columns of its continuous variables (all columns where
  /// there is none), without variances where they were not trained.
  ///
  /// - Parameter posterior: what `model` infers of `images` as it sees them.
  /// - Throws: an `AnalysisError`.
  public init(_ posterior: Posterior, of images: ImageSet, by model: LatentModel) throws {
    let dimensions = model.variables.dimensions
    func chosen(_ tensor: Tensor) -> Tensor {
      dimensions.isEmpty ? tensor : tensor.choosing(columns: dimensions)
    }
    let hasVariances = !model.isDeterministic && !dimensions.isEmpty
    try self.init(
      means: chosen(posterior.mean), logVariances: hasVariances ? chosen(posterior.logVariance) : nil,
      labels: images.labels, classNames: images.classNames, factors: images.factors,
      hasStandardNormalPrior: model.hasStandardPrior, dimensionNames: model.variables.dimensionNames)
  }
}
