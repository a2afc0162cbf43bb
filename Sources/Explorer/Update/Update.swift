import Canvas
import LatentModels
import Terminal

extension State {
  /// Takes an action; returns what is to be done about it outside. Pure: the same state and action give the same result.
  mutating func update(_ action: Action) -> [Effect] {
    var effects = apply(action)
    // Pictures follow from the rest; nothing follows from them.
    if case .rendered = action { return effects }
    effects += stopOutdatedEmbedding()
    let layout = settle()
    return effects + (ScreenKind.named(screen)?.asks(&self) ?? []) + askForInformation(in: layout)
      + askForEncoding() + askForLayout()
  }

  mutating func apply(_ action: Action) -> [Effect] {
    switch action {
    case .key(let key): return take(key)
    case .paste(let text): return paste(text)
    case .mouse(let event): return take(event)
    case .resize(let width, let height): size = (max(0, width), max(0, height))
    case .slide, .selectSlider, .pickSlider, .setSelected, .setValue, .resetDimension, .resetAll, .toggleLock,
      .toggleOrder, .samplePrior,
      .sampleClass, .undo, .redo:
      return steer(action)
    case .moveCrosshair, .moveInPlane, .zoomAround, .snap, .nextOfClass, .findClass, .toggleClass, .showAllClasses,
      .turnAxis, .setAxes,
      .zoom, .pan, .centreWindow, .resetWindow, .toggle:
      pick(action)
    case .color(let coloring): return color(by: coloring)
    case .nextMistake(let change): return visitMistake(by: change)
    case .classified(let classification, let content): return take(classification, of: content)
    case .show, .turnScreen, .step, .moveInGrid, .togglePlay, .changeSpeed, .tick: traverse(action)
    case .mark, .jump, .interpolate, .arithmetic, .classDirection, .blendClasses, .toggleSpherical, .endTrack:
      mark(action)
    case .openForm, .lookedAround, .startTraining, .formProblem, .adoptTraining, .training, .askToStop, .resumeTraining,
      .turnControl,
      .adjustControl, .setControl, .trainingChanged:
      return train(action)
    case .perform(let body): return body(&self)
    case .turnFocus, .focus, .help, .searchHelp, .palette, .ask, .promptValue, .cancel, .leaveLine,
      .leaveOverlay, .accept, .complete,
      .scroll,
      .choose,
      .confirmQuit, .quit, .toggleMouse, .setTheme, .openModel, .openData:
      return attend(action)
    case .rendered(let scene): self.scene = scene
    case .opened(let opening): return take(opening)
    case .updated(let subject, let cloud):
      refresh(subject, cloud)
      return classifyIfWanted()
    case .finishedReading(let isThere):
      if isReadingAsked { isWithoutAskedData = !isThere }
      if isThere, isReadingAsked, let place = subject.place { chosenData[place] = readingData }
      readingData = nil
    case .embed: return embed()
    case .turnAxisKind: return turnAxisKind()
    case .chooseEmbedding: return chooseEmbedding()
    case .embedded(let cloud, let of, let fraction): take(embedding: cloud, of: of, fraction)
    case .export(let export): return [.export(export)]
    case .askToReplace(var export):
      export.mayReplace = true
      overlay = .confirmation(Confirmation(question: "\(export.path) is there: replace it?", action: .export(export)))
    case .listed(let folder, let names): surroundings.folders[folder] = names
    case .say(let message): tell(message)
    case .restoreSettings(let settings): restore(settings)
    case .restore(let session): restore(session)
    case .mouseIsOn: isMouseOn = true
    case .themeIs(let choice): theme = choice
    case .groundFound: break
    }
    return []
  }

  /// Says something that no key asked for: an error stays until the next key, whatever else there is to say.
  mutating func tell(_ news: Message) {
    guard let message, message.isError else {
      self.message = news
      return
    }
    if news.isError, !message.text.contains(news.text) { self.message = .error("\(message.text); \(news.text)") }
  }

  /// Restores what must always hold, whatever happened: the focus on a pane that is shown, axes and sliders that exist.
  /// Returns where the panes lie.
  private mutating func settle() -> Layout? {
    let middle = ScreenKind.named(screen).map { $0.bringsForth ? $0.main.flatMap { $0 } : [] } ?? []
    // What is large is what has the keys, as long as it can be.
    if largePane != nil, middle.contains(focus) { largePane = focus }
    if let large = largePane, !middle.contains(large) { largePane = nil }
    var layout = layout
    if let known = layout, !known.focusable.contains(focus) {
      focus = ScreenKind.named(screen).map(\.focus).flatMap { known.focusable.contains($0) ? $0 : nil } ?? .sliders
      layout = self.layout
    }
    switch selection {
    case .track: if steering.track == nil { selection = .dimension(order.first ?? 0) }
    case .choice(let index): if choice(index) == nil { selection = .dimension(order.first ?? 0) }
    case .dimension(let index):
      if !order.contains(index) { selection = .dimension(order.last { $0 <= index } ?? order.first ?? 0) }
    }
    // Of a layout that is no longer there one comes back to the axes of before.
    let former = plot.straightAxes
    if !exists(plot.x) { plot.x = exists(former.x) ? former.x : .dimension(0) }
    if !exists(plot.y) { plot.y = exists(former.y) ? former.y : dimensionAxes.y }
    partEqualAxes()
    return layout
  }

  /// The two axes are the same only where there is no other.
  mutating func partEqualAxes() {
    let other = Axis.dimension(plot.x == .dimension(0) ? 1 : 0)
    if !isPlane, exists(other) { plot.y = other }
  }

  /// A key: it clears the message, then means what the table says; elsewhere it may be text.
  private mutating func take(_ key: Key) -> [Effect] {
    let endsAnswer = takesEnter && key == Key(.enter)
    takesEnter = false
    if endsAnswer { return [] }
    message = nil
    // In a window too small to draw, the one thing a key can do is to leave.
    if !Layout.fits(in: size) {
      if key == Key(.character("q")) { ending = training?.isLive == true ? .saveAndQuit : .quit }
      return []
    }
    let context = context
    if let command = KeyTable.command(for: key, in: context) {
      if case .question = overlay, case .character = key.code { return answer(key) }
      let text = command.takesKey ? key.description : ""
      do throws(CommandError) {
        let action = try command.make(text, self)
        return apply(action)
      } catch {
        message = .error(error.description)
        return []
      }
    }
    // Over a slow line Escape and the key typed after it arrive together, as Alt with that key does: where Alt means
    // nothing they are taken one by one.
    if key.modifiers.contains(.alt) {
      let plain = Key(key.code, modifiers: key.modifiers.subtracting(.alt))
      return take(Key(.escape)) + take(plain)
    }
    return type(key, in: context)
  }

  /// A model takes the place of what was explored; the steering begins anew unless it fits.
  private mutating func take(_ opening: Opening) -> [Effect] {
    let isSameSpace = opening.subject.latentSize == latentSize && opening.subject.place == subject.place
    if !isSameSpace { changeSpace(to: opening.subject) }
    // The next form begins from the model at hand.
    if opening.subject.place != subject.place { formerForm = nil }
    subject = opening.subject
    cloud = opening.cloud
    if training?.isLive != true { training = opening.record }
    animation = nil
    guard let data = ownData(hasCodes: opening.cloud != nil), !data.isEmpty else { return [] }
    (readingData, isReadingAsked) = (data, false)
    return [.openData(data, isAsked: false)]
  }

  /// Puts the steering of the model that is left aside, and takes up what was left of the next one, if anything was.
  private mutating func changeSpace(to next: Subject) {
    if let place = subject.place, latentSize > 0 {
      shelves[place] = Shelf(steering: steering, past: past, future: future, selection: selection, plot: plot)
    }
    let kept = next.place.flatMap { shelves.removeValue(forKey: $0) }.flatMap {
      $0.steering.code.count == next.latentSize ? $0 : nil
    }
    var begin = Steering(latentSize: next.latentSize)
    begin.code = next.columns.rest
    let fresh = Shelf(
      steering: begin, past: [], future: [], selection: next.columns.choices.isEmpty ? .dimension(0) : .choice(0),
      plot: PlotView())
    let shelf = kept ?? fresh
    let former = steering
    (steering, past, future) = (shelf.steering, shelf.past, shelf.future)
    (selection, plot) = (shelf.selection, shelf.plot)
    keepPaper(of: former, for: next)
  }

  /// New weights of the same run, or new codes.
  private mutating func refresh(_ subject: Subject, _ cloud: CodeCloud?) {
    // A run has a latent space of its own, whatever its size: nothing of another model's means anything there.
    let isOtherRun = subject.place != nil && self.subject.place != nil && subject.place != self.subject.place
    let hasOtherSpace = subject.latentSize != latentSize || isOtherRun
    if hasOtherSpace {
      let isWorthNoting = !past.isEmpty
      let name = self.subject.name
      changeSpace(to: subject)
      animation = nil
      if isWorthNoting { tell(.note("what was steered in \(name) is kept, and comes back when it is opened again")) }
    }
    // From snapshot to snapshot of a run the code stays as it is, a drawing's too.
    if !hasOtherSpace, subject.isPast || self.subject.isPast {
      steering.drawing?.encoding?.generation = subject.generation
    }
    self.subject = subject
    if let cloud { self.cloud = cloud }
    if hasOtherSpace, cloud == nil { self.cloud = nil }
  }
}
