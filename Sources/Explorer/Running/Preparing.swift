import LatentModels

extension Effects {
  /// Prepares a run beside the loop, or tells why it cannot begin; the one at `path` is followed from then on where another
  /// process has it, or has gone on with it to its end.
  func prepareBeside(of path: String? = nil, _ prepare: @escaping @Sendable () throws -> PreparedSession) {
    let mailbox = mailbox
    beside {
      do { mailbox.post(.session(try prepare())) } catch {
        mailbox.post(.action(.trainingChanged(TrainingProgress(phase: .failed("\(error)")))))
        guard let path else { return }
        let holder = RunDirectory(path: path).otherHolder
        if holder != nil || error is CompletedRun { mailbox.post(.action(.perform { $0.takeUp(path, by: holder) })) }
      }
    }
  }

  /// Prepares a run of the command line's beside the loop.
  func prepare(_ run: ExplorerOptions.PendingRun) {
    let mailbox = mailbox
    beside {
      do {
        let (session, directory) = try run.prepare { mailbox.post(.action(.say(.note($0)))) }
        // What only the data could tell is known now, and of a run that goes on, where its controls stand.
        mailbox.post(.action(.adoptTraining(session.configuration, controls: session.controls)))
        mailbox.post(.session(try PreparedSession(session, in: directory)))
      } catch { mailbox.post(.notPrepared("\(error)")) }
    }
  }
}
