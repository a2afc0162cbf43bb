extension Effects {
  /// Fits a probe for the class to codes beside the loop.
  func classify(_ cloud: CodeCloud) {
    let mailbox = mailbox
    beside {
      do {
        let classification = try Classification(probing: cloud.means, truth: cloud.labels)
        mailbox.post(.classified(of: cloud.codesID, classification, problem: nil))
      } catch {
        mailbox.post(.classified(of: cloud.codesID, nil, problem: "no probe can be fitted: \(error)"))
      }
    }
  }
}
