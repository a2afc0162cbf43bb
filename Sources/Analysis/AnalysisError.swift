import FoundationEssentials

/// What can be wrong with the points handed to an analysis.
public enum AnalysisError: Error, Equatable, LocalizedError, CustomStringConvertible {
  /// The tensor is not a matrix of points, or has no columns.
  case notAMatrix(shape: [Int])
  /// There are too few points for what was asked.
  case tooFewPoints(count: Int, needed: Int, purpose: String)
  /// The number of labels is not the number of points.
  case labelCount(labels: Int, points: Int)
  /// A point holds NaN or an infinity.
  case notFinite(row: Int)
  /// The labels name fewer than two classes.
  case oneClass

  public var description: String {
    switch self {
    case .notAMatrix(let shape):
      "codes must be a matrix [points, dimensions], not of shape \(shape)"
    case .tooFewPoints(let count, let needed, let purpose):
      "\(purpose) needs at least \(needed) points and was given \(count)"
    case .labelCount(let labels, let points):
      "\(labels) labels for \(points) points: give one label a point"
    case .notFinite(let row):
      "point \(row) holds a value that is not finite: look at the model or the file it came from"
    case .oneClass:
      "all points carry the same label: a classifier needs at least two classes"
    }
  }

  public var errorDescription: String? { description }
}
