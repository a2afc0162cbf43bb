import Tensors

@testable import Analysis

/// Fifty posteriors that do not overlap, of two classes in turn.
func farPosteriors() throws -> Representation {
  try Representation(
    means: Tensor(shape: [50, 1], elements: (0..<50).map { Float(10 * $0) }),
    logVariances: Tensor(shape: [50, 1], filledWith: 0), labels: (0..<50).map { Int32($0 % 2) })
}

/// The posterior of one image, in three dimensions.
func singlePosterior() throws -> Representation {
  try Representation(
    means: Tensor(shape: [1, 3], elements: [0.3, -1.7, 2.1]),
    logVariances: Tensor(shape: [1, 3], elements: [-0.2, -3.1, 0.4]))
}

/// Four posteriors that are the prior.
func unusedCodes() throws -> Representation {
  try Representation(means: Tensor(shape: [4, 2], filledWith: 0), logVariances: Tensor(shape: [4, 2], filledWith: 0))
}
