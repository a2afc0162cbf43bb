import Canvas
import Datasets
import Exports
import HarmlessText
import LatentModels

/// State, effects and view together, without a terminal: what every way of running the explorer shares.
final class Exploration {
  private(set) var state: State
  let effects: Effects
  private var cache = ViewCache()
  /// What the last frame was made for.
  private var rendition = Rendition()
  /// Whether something has changed since the last frame.
  private(set) var isStale = true
  /// Called for effects that concern the terminal.
  var setMouse: ((Bool) -> Void)?

  init(state: State, effects: Effects = Effects()) {
    self.state = state
    self.effects = effects
    effects.exporter.screen = { [weak self] in
      guard let self else { return nil }
      return ShownFrame(self.frame(self.rendition), on: self.rendition.appearance.ground)
    }
  }

  /// Takes an action, and whatever follows from it at once.
  func send(_ action: Action) {
    var actions = [action]
    var place = 0
    while place < actions.count {
      for effect in state.update(actions[place]) {
        if case .setMouse(let on) = effect { setMouse?(on) }
        actions += effects.perform(effect)
      }
      place += 1
    }
    isStale = true
  }

  /// Takes in what effects have brought since.
  func collect() {
    for action in effects.collect() { send(action) }
  }

  /// The present frame, with every picture made from the present state.
  func frame(_ rendition: Rendition) -> Frame {
    // Pictures move no pane: they are asked for and drawn by one reckoning.
    let layout = state.layout
    prepare(in: layout)
    isStale = false
    self.rendition = rendition
    state.rendition = rendition
    return view(state, layout, rendition: rendition, cache: &cache)
  }

  /// Tells what each dimension of the codes knows of the image, at once: who listens has no window that lacks the room.
  func inform() {
    guard let cloud = state.codesWithoutInformation else { return }
    let values = SliderInformation.values(of: cloud)
    send(.perform { $0.take(informations: values, of: cloud.codesID) })
  }

  /// Makes the pictures the state wants.
  private func prepare(in layout: Layout?) {
    guard let request = state.sceneRequest(in: layout), !request.isSatisfied(by: state.scene) else { return }
    let (scene, problem) = effects.render(request)
    _ = state.update(.rendered(scene))
    if let problem { _ = state.update(.say(.error(problem))) }
  }

  /// Prepares the run that the command line asks for, then starts it and shows it; the screen is there meanwhile.
  func prepare(_ run: ExplorerOptions.PendingRun) {
    send(.adoptTraining(run.configuration, controls: run.configuration.initialControls))
    effects.prepare(run)
  }

  /// Whether something that was asked for is still on its way: a data set, or a run's first weights.
  var isAwaiting: Bool {
    if state.readingData != nil { return true }
    guard let training = state.training, training.isLive else { return false }
    return training.phase == .preparing || state.latentSize == 0
  }

  /// Ends what still goes on beside the loop; what to tell on the normal screen.
  func finish() -> [String] { effects.exporter.finish().map(\.text) + finishTraining() }

  /// Ends a training run as the person wished.
  private func finishTraining() -> [String] {
    guard state.training?.isLive == true else { return [] }
    guard let follower = effects.follower else { return ["the run had not begun: there was nothing to save"] }
    guard state.ending != .quit else {
      follower.rest()
      let resume = "zscope train --resume \(follower.path.shellWord)"
      guard isFile(RunDirectory(path: follower.path).latestPath) else {
        return ["left the run in \(follower.path), of which nothing was saved yet; \(resume) begins it again"]
      }
      return ["left the run in \(follower.path) as its last checkpoint is; \(resume) goes on"]
    }
    follower.session.stop()
    let outcome = follower.session.wait()
    if case .failed(let problem) = outcome.state { return [problem] }
    guard let checkpoint = outcome.checkpoint else { return ["the run in \(follower.path) had nothing to save yet"] }
    return ["saved \(checkpoint); zscope train --resume \(follower.path.shellWord) goes on with it"]
  }
}
