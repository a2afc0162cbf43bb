import HarmlessText

/// What can be wrong with a run directory.
public enum RunDirectoryError: Error, Equatable, CustomStringConvertible {
  /// There is no run.
  case missing(String)
  /// There is one run a class in it.
  case oneAClass(String)
  /// A link is where a run of a folder of runs would be.
  case link(String)
  /// There is one already.
  case exists(String)
  /// A file that is not of a run is where one of a run would be written.
  case occupied(path: String, problem: String)
  /// Another process trains in it.
  case locked(path: String, holder: String)
  /// A file of it is unreadable.
  case damaged(path: String, problem: String)
  /// What is resumed is not what was begun.
  case mismatch(path: String, problem: String)
  /// The folder holds another run by now.
  case replaced(String)

  public var description: String {
    switch self {
    case .missing(let path):
      "\(path) is not a run directory: it has no config.json; name a run's folder; zscope train begins one"
    case .oneAClass(let path):
      "\(path) holds one run a class, \(RunDirectory.classNamesText(path)): name one of them, or go on with all: zscope train "
        + "--resume --by-class \(path.shellWord)"
    case .link(let path):
      "\(path) is a link, and no run is followed out of its folder: put the folder itself there, or remove the link"
    case .exists(let path): "\(path) already holds a training: resume it, or choose another name"
    case .occupied(let path, let problem):
      "\(path) is there and \(problem), and would be written over: move it away, or train in another folder"
    case .locked(let path, let holder): "another process (\(holder)) is training in \(path): stop it first"
    case .damaged(let path, let problem): "\(path): \(problem)"
    case .mismatch(let path, let problem): "\(path) cannot be resumed: \(problem)"
    case .replaced(let path):
      "\(path) no longer holds the training that was begun there: its config.json was removed or is of another run; "
        + "nothing is written to it any more"
    }
  }
}
