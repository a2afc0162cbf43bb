import Analysis
import Canvas

extension MeasureResult.SampleSize {
  /// How many of what: `60,000 training images`, `1 image a group`.
  ///
  /// - Parameter unicode: whether the text may hold more than ASCII.
  public func text(unicode: Bool) -> String { NumberText.counted(count, singular, plural: name, unicode: unicode) }
}
