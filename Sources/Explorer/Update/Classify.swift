extension State {
  /// Colours by the next thing there is to tell, or by one that was named.
  mutating func color(by coloring: Coloring?) -> [Effect] {
    let all = Coloring.allCases
    let next = coloring ?? all[((all.firstIndex(of: plot.coloring) ?? 0) + 1) % all.count]
    guard next.needsClassification else {
      plot.coloring = next
      return []
    }
    guard let effects = askForClassification() else { return [] }
    plot.coloring = next
    if let note = classification?.noteOnOtherClasses { message = .note(note) }
    return effects
  }

  /// Takes the next code that the classifier is wrong about, or the one before.
  mutating func visitMistake(by change: Int) -> [Effect] {
    guard let effects = askForClassification() else { return [] }
    guard let classification else {
      probe?.visits = change
      return effects
    }
    guard let cloud else { return effects }
    let shown = classification.mistakes.filter { !plot.hiddenClasses.contains(cloud.labels[$0]) }
    guard let first = shown.first, let last = shown.last else {
      message = .note(noMistakes(classification, cloud))
      return effects
    }
    let index: Int
    if let current = sourceIndex {
      index = change > 0 ? shown.first { $0 > current } ?? first : shown.last { $0 < current } ?? last
    } else {
      index = change > 0 ? first : last
    }
    take(stored: index)
    let place = (shown.firstIndex(of: index) ?? 0) + 1
    message = .note(
      "\(mistakeText(index) ?? "") · mistake \(Numbers.grouped(place)) of \(Numbers.grouped(shown.count))"
        + (cloud.images == nil ? "" : " · b shows the image"))
    return effects
  }

  /// Why there is no mistake to visit.
  private func noMistakes(_ classification: Classification, _ cloud: CodeCloud) -> String {
    guard !cloud.labels.isEmpty else {
      return "which of the predictions are mistakes, only labels tell: \(cloud.source) has none"
    }
    let note = classification.noteOnOtherClasses
    guard classification.accuracy != nil else { return "nothing is a mistake\(note.map { "; \($0)" } ?? "")" }
    return "no mistake among the \(Numbers.counted(cloud.count - classification.otherClassCount, "code")) shown: "
      + "\(classification.source.name) is right" + (note.map { "; \($0)" } ?? "")
  }

  /// What was taken for what: `a 4 taken for 9, 62 % sure`; nil where nothing is known of a code, or it is right.
  func mistakeText(_ index: Int) -> String? {
    guard let classification, let cloud, classification.labels.indices.contains(index), let truth = cloud.label(index),
      truth != Int(classification.labels[index])
    else { return nil }
    let sure = Numbers.fixed(classification.confidences[index] * 100, 0)
    let predicted = words(ofPrediction: Int(classification.labels[index]))
    return "\(words(ofClass: truth)) taken for \(predicted), \(sure) % sure"
  }

  /// What it takes to have a classification, or nil with a message where there can be none.
  private mutating func askForClassification() -> [Effect]? {
    guard let cloud, cloud.count > 0 else {
      message = shortage("there are no codes to classify")
      return nil
    }
    if classification != nil { return [] }
    guard cloud.classes.count > 1 else {
      message = .error(
        "this model has no variable for the class, and \(cloud.source) has no labels to fit a probe to: "
          + labelAdvice)
      return nil
    }
    guard cloud.density != nil else {
      message = .error(
        "this model has no variable for the class, and its codes move: P pauses the run, then a probe can be fitted")
      return nil
    }
    guard !isProbing else {
      message = .note("the probe is being fitted: a moment")
      return []
    }
    probe = ProbeResult(of: cloud.codesID)
    message = .note("this model has no variable for the class: fitting a linear probe to its codes…")
    return [.classify(cloud)]
  }

  /// New codes under a colouring that needs a classifier: a probe is fitted to these too, where they stand still.
  mutating func classifyIfWanted() -> [Effect] {
    guard plot.coloring.needsClassification, classification == nil, let cloud else { return [] }
    guard cloud.density != nil, cloud.classes.count > 1, !isProbing else { return [] }
    probe = ProbeResult(of: cloud.codesID)
    return [.classify(cloud)]
  }

  /// Takes over what a probe says, as long as its codes are those shown.
  mutating func take(_ classification: Classification?, of content: Int) -> [Effect] {
    guard let waiting = probe, waiting.of == content else { return [] }
    guard let classification else {
      probe = nil
      plot.coloring = .classes
      return []
    }
    probe?.classification = classification
    probe?.visits = nil
    if let accuracy = classification.accuracy {
      message = .note(
        "a linear probe of the codes is right about \(Numbers.fixed(accuracy * 100, 1)) %: n visits its mistakes")
    }
    return waiting.visits.map { visitMistake(by: $0) } ?? []
  }
}
