extension Effects {
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
