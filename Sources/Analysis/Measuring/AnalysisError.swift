import Datasets
import FoundationEssentials

/// What can be wrong with the points handed to an analysis. Rows and columns count from 0, and in messages from 1, as in
/// what is said of files.
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
  /// No class of what is learnt from occurs in what it is tried on.
  case noSharedClass(learnt: Int, tried: Int)
  /// An array does not fit the codes.
  case otherShape(what: String, found: [Int], expected: [Int])
  /// An array beside the codes holds NaN or an infinity.
  case notFiniteIn(what: String, row: Int)
  /// A log-variance is so small or large that densities of it are not exact.
  case logVariance(Float, row: Int, column: Int, allowed: ClosedRange<Float>)
  /// A measure lacks something that it is computed from.
  case missing(measure: String, what: String)
  /// A measure cannot be computed from these arrays, for the reason given.
  case undefined(String)
  /// There is no measure, or no setting, of this name.
  case unknown(what: String, name: String, known: [String])
  /// A setting has a value that is not allowed.
  case setting(name: String, value: Double, allowed: String)

  public var description: String {
    switch self {
    case .notAMatrix(let shape):
      "codes must be a matrix [points, dimensions], not of shape \(shape)"
    case .tooFewPoints(let count, let needed, let purpose):
      "\(purpose) needs at least \(counted(needed, "point")) and was given \(count)"
    case .labelCount(let labels, let points):
      "\(labels) labels for \(points) points: give one label a point"
    case .notFinite(let row):
      "row \(row + 1) holds a value that is not finite: look at the model or the file it came from"
    case .oneClass:
      "all points carry the same label: a classifier needs at least two classes"
    case .noSharedClass(let learnt, let tried):
      "no class is in both parts (\(learnt) in what is learnt from, \(tried) in what it is tried on): nothing learnt could be "
        + "told; give more images of each class"
    case .otherShape(let what, let found, let expected):
      "\(what) of shape \(found) do not fit the codes: they must be of shape \(expected)"
    case .notFiniteIn(let what, let row):
      "row \(row + 1) of \(what) holds a value that is not finite: look at the file it came from"
    case .logVariance(let value, let row, let column, let allowed):
      "row \(row + 1), column \(column + 1) of the log-variances is \(value): densities are exact of \(Int(allowed.lowerBound)) to "
        + "\(Int(allowed.upperBound)); look at the model or the file it came from"
    case .missing(let measure, let what): "\(measure) needs \(what)"
    case .undefined(let reason): reason
    case .unknown(let what, let name, let known):
      "there is no \(what) \(name.visibleName)\(Nearest.suggestion(for: name, among: known)); known: \(known.joined(separator: ", "))"
    case .setting(let name, let value, let allowed): "\(name) is \(value.brief); allowed: \(allowed)"
    }
  }

  public var errorDescription: String? { description }
}
