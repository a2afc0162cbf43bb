import Canvas
import Datasets
import Glibc

/// The loop without a person and without a terminal: a script of keys in, frames out.
final class ScriptedLoop {
  private let exploration: Exploration
  private let rendition: Rendition
  private let folder: String?
  private let interruption: ExplorerOptions.Interruption?
  private var count = 0
  private(set) var lastFrame = Frame(width: 0, height: 0)
  /// The session as asciinema plays it, where one is wanted.
  var recorder: Recorder?
  private var recorded = 0.0
  private var lastShown = ContinuousClock.now
  /// How long each key's frame stays in a recording at least, so that an eye can follow.
  private static let secondsForKey = 0.4

  init(
    _ exploration: Exploration, rendition: Rendition, folder: String?,
    interruption: ExplorerOptions.Interruption? = nil
  ) {
    self.exploration = exploration
    self.rendition = rendition
    self.folder = folder
    self.interruption = interruption
  }

  /// Waits, ten minutes at most, until the data set and the run that the command line asked for are there, with all of its
  /// log, and the newest weights of a run that is trained elsewhere.
  func waitForWhatWasAsked() throws {
    try wait(until: .now + .seconds(600), drawing: false) { [exploration] in
      !exploration.isAwaiting && !exploration.effects.isAwaitingRun
    }
  }

  /// Runs the script to its end, or until it quits. Throws a `DatasetError` where a frame cannot be written, and a
  /// `ScriptError` where a step waits for what cannot come.
  func run(_ script: Script) throws {
    if let folder { try makeFolder(folder) }
    exploration.collect()
    try show()
    for step in script.steps {
      guard exploration.state.ending == nil, !isInterrupted else { return }
      switch step {
      case .key(let key):
        exploration.send(.key(key))
        // What a key writes or opens, with all of its log, the weights that it asks for, and the run that it begins are there
        // when the next one comes.
        try wait(until: .now + .seconds(600), drawing: false) { [exploration] in
          !exploration.effects.exporter.isWriting && !exploration.effects.isAwaitingRun
            && exploration.state.panes[ComparedModel.self].awaited == nil && !exploration.state.isOpeningForTraining
            && exploration.state.training?.phase != .preparing
        }
        // So is what it commands a training to do, at the latest once a step should have ended.
        try wait(until: .now + .seconds(60), drawing: false) { [exploration] in
          exploration.effects.follower?.isAwaiting != true
        }
      case .resize(let width, let height): exploration.send(.resize(width: width, height: height))
      case .wait(let duration): try wait(until: .now + duration) { false }
      case .untilTrained:
        try wait(until: .now + .seconds(600)) { [exploration] in
          exploration.state.training.map { !$0.isLive || $0.phase == .paused } ?? true
        }
        // Only a key lets it go on, and none comes while this waits.
        if exploration.state.training?.phase == .paused { throw ScriptError.waitsForPaused }
      }
      exploration.collect()
      try show(afterKey: true)
    }
    recorded += Self.secondsForKey
    recorder?.end(at: recorded)
  }

  private var isInterrupted: Bool { interruption?.received() != nil }

  /// Takes news in until a moment, or until `isDone`; an animation plays on.
  private func wait(until end: ContinuousClock.Instant, drawing: Bool = true, _ isDone: () -> Bool) throws {
    var nextTick = ContinuousClock.now
    while ContinuousClock.now < end, !isDone(), exploration.state.ending == nil, !isInterrupted {
      let now = ContinuousClock.now
      if exploration.state.animation != nil, now >= nextTick {
        exploration.send(.tick)
        nextTick = now + .seconds(1) / exploration.state.speed
      }
      exploration.collect()
      if drawing, exploration.isStale { try show() }
      // Nothing more may come that would end the sleep.
      if isDone() { return }
      let waiting = exploration.effects.waiting(now: now)
      var limit = min(end - now, waiting.timeout ?? .seconds(3600))
      if exploration.state.animation != nil { limit = min(limit, nextTick - now) }
      let watched = waiting.descriptors + (interruption.map { [$0.fileDescriptor] } ?? [])
      var descriptors = watched.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      let milliseconds = Int32(max(1, limit / .milliseconds(1)))
      _ = poll(&descriptors, nfds_t(descriptors.count), milliseconds)
    }
  }

  /// Draws, and writes what was drawn as text, ANSI and SVG.
  private func show(afterKey: Bool = false) throws {
    // Nothing tells a ground here: the theme decides.
    let rendition = self.rendition.themed(exploration.state.theme, on: nil)
    lastFrame = exploration.frame(rendition)
    exploration.effects.presented()
    record(afterKey: afterKey)
    guard let folder else { return }
    count += 1
    let digits = String(count)
    let name = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    // The names in it are ours: what stands under one of them is replaced, never followed.
    let owned = try OwnedFolder(folder)
    try owned.write(Array(lastFrame.plain().utf8), as: name + ".txt")
    try owned.write(Array(lastFrame.ansi(level: rendition.colors).utf8), as: name + ".ansi")
    try owned.write(Array(lastFrame.svg(on: rendition.appearance.ground).utf8), as: name + ".svg")
  }

  private func record(afterKey: Bool) {
    guard let recorder else { return }
    let now = ContinuousClock.now
    // The first frame stands at the very beginning.
    if recorded > 0 || afterKey {
      recorded += max((now - lastShown) / .seconds(1), afterKey ? Self.secondsForKey : 0)
    }
    lastShown = now
    _ = recorder.add(lastFrame, at: recorded)
  }
}
