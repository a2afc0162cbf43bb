/// What can stop or forbid a training.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
  /// A term became infinite or not a number.
  case notFinite(term: String, step: Int, kept: String?)
  /// The images do not fit the model or the objective: which, how, and what to do.
  case images(String)
  /// There is nothing to learn from.
  case noImages
  /// Resuming was asked for without a run directory.
  case nothingToResume
  /// The model, the batch and the samples take more memory than the machine can spare (bytes).
  case memory(needed: Int, there: Int)
  /// A thread could not be started.
  case thread(Int32)

  public var description: String {
    switch self {
    case .notFinite(let term, 0, _):
      "the term \(term) was not finite before anything was learnt, so no other learning rate helps: look at the values of "
        + "the images, and at settings that are extreme, such as the deviation of a normal likelihood (--likelihood)"
    case .notFinite(let term, let step, let kept):
      "the term \(term) was not finite at step \(step): a smaller learning rate or a limit on the gradient's norm may help "
        + "(--rate, --clip)"
        + (kept.map { "; the last good checkpoint is \($0)" } ?? "")
    case .images(let what): what
    case .noImages: "there are no training images"
    case .nothingToResume: "a training can be resumed only from a run directory"
    case .memory(let needed, let there):
      "this training needs \(needed >> 20) MB of memory where it can have \(max(0, there) >> 20) MB: use smaller layers, "
        + "smaller batches, fewer samples or fewer threads, or raise what limits it (ulimit -v)"
    case .thread(let code): "the training thread could not be started (error \(code))"
    }
  }
}
