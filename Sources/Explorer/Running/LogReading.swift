import Datasets
import LatentModels

/// All of a long log is read when its model is on the screen: what is shown first needs no more than the log's end.
extension Effects {
  /// How a model was trained, where its run or a log tells.
  static func training(of model: LatentModel, _ run: RunDirectory?, _ history: MetricsHistory) -> TrainingView? {
    history.isEmpty && run == nil ? nil : TrainingView(of: run, otherwise: model.configuration, history)
  }

  /// Reads the log that lies beside the checkpoint at `path`, beside the loop.
  func readLog(beside path: String, of model: LatentModel, _ run: RunDirectory?) {
    let (number, identity, mailbox) = (snapshots.awaitLog(), snapshots.identity, mailbox)
    beside {
      let (history, problem) = Effects.wholeLog(RunDirectory(path: folderName(path)))
      let log = Effects.training(of: model, run, history)
      // Asked last: what was read before was this run's if its folder still is.
      let isReplaced = run?.isReplaced(since: identity) ?? false
      mailbox.post(
        .delivery {
          isReplaced || problem != nil
            ? $0.keepEndOfLog(problem, reading: number) : $0.take(log, of: run, reading: number)
        })
    }
  }

  private static func wholeLog(_ folder: RunDirectory) -> (history: MetricsHistory, problem: String?) {
    do { return (MetricsHistory(try folder.metrics()), nil) } catch { return ([], "\(error)") }
  }

  /// Takes in what all of the log tells; nil where it tells nothing.
  private func take(_ log: TrainingView?, of run: RunDirectory?, reading number: Int) -> [Action] {
    guard snapshots.endLog(number) else { return [] }
    if let run, log?.isGoingOn == true { beginToWatch(run) }
    return [.perform { $0.take(log: log) }] + complete(with: log?.history ?? [])
  }

  /// Stays with what was read of a log that is damaged further up, or in whose place another run's is by now.
  private func keepEndOfLog(_ problem: String?, reading number: Int) -> [Action] {
    guard snapshots.endLog(number) else { return [] }
    let said = problem.map { [Action.say(.error("only the end of its log is shown: \($0)"))] } ?? []
    return [.perform { $0.keepEndOfLog() }] + said
  }

  /// Takes all records there are of the weights kept; of those shown their own may not have been known.
  func complete(with history: MetricsHistory) -> [Action] {
    guard let model else { return [] }
    snapshots.take(history)
    return tell(history.last(upTo: model.step))
  }

  /// What is said where a model is there without what lies beside it.
  static func problem(besideModel problem: String) -> String { "opened without it: \(problem)" }
}
