import Tensors

/// What traces say of the classes of images and of what else is observed beside their pixels.
extension Traces {
  /// `−log p` of what is observed beside the image, `[batch]`; nil where nothing is.
  var labelCost: Expression? {
    generative.expectedLogProbability(generative.variables.filter { $0.subject != nil && $0.subject != .image }).map {
      -$0
    }
  }

  /// 1 where the likeliest class is the true one, `[batch]`; nil where there is no classifier or no truth.
  var accuracy: Expression? {
    guard let truth = batch.labels, let logits = programs.classLogits(batch.images) else { return nil }
    return Self.agreement(logits, with: truth)
  }

  /// 1 where the largest score `[batch, classes]` is that of the true class, one-hot of the same shape, `[batch]`.
  static func agreement(_ scores: Expression, with truth: Expression) -> Expression {
    (likeliest(scores) * truth).sum(axes: [-1])
  }

  /// The class of the largest score `[batch, classes]`, one-hot of the same shape.
  static func likeliest(_ scores: Expression) -> Expression {
    scores.greaterOrEqual(scores.maximum(axis: -1).broadcast(to: scores.shape))
  }

  /// `−log q(y | x)` of the classes that are known, `[batch]`; nil where none is.
  var classCost: Expression? {
    observedCost(of: .imageClass)
  }

  /// Whether the class of an image that has one is a variable of the inference, as M2's, and not generated from the code.
  var isClassInferred: Bool { inference.variables.contains { $0.subject == .imageClass } }

  /// `−log q` of what is observed of images beside their pixels, `[batch]`; nil where it is not.
  func observedCost(of subject: Trace.Subject) -> Expression? {
    inference.expectedLogProbability(inference.variables.filter { $0.subject == subject }).map { -$0 }
  }
}
