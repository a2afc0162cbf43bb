import Datasets
import FoundationEssentials
import HarmlessText

/// Settings and the last session on disk, under the XDG folders.
final class Memory {
  /// Nil where there is no folder of the user's: nothing is remembered then.
  private let settingsPath: String?
  private let sessionPath: String?
  /// Files that could not be read are not written over: whoever wrote them by hand may want to mend them.
  private var damaged: Set<String> = []
  private var settings: Settings?
  private var session: RememberedSession?

  init(configuration: String? = UserFolders.configuration, state: String? = UserFolders.state) {
    settingsPath = configuration.map { "\($0)/settings.json" }
    sessionPath = state.map { "\($0)/session.json" }
  }

  struct Loaded {
    var settings: Settings?
    var session: RememberedSession?
    var problems: [String]
    /// Whether nothing has been remembered yet: a person's first start.
    var isFirst: Bool { settings == nil && session == nil && problems.isEmpty }
  }

  func load() -> Loaded {
    var problems: [String] = []
    settings = settingsPath.flatMap { read($0, &problems) }
    session = sessionPath.flatMap { read($0, &problems) }
    return Loaded(settings: settings, session: session, problems: problems)
  }

  private func read<Value: Decodable>(_ path: String, _ problems: inout [String]) -> Value? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    do {
      return try JSONDecoder().decode(Value.self, from: Data(try readFile(path, limit: 1 << 24)))
    } catch {
      damaged.insert(path)
      problems.append("\(path) cannot be read: mend or remove it; it is left as it is")
      return nil
    }
  }

  /// Saves what is worth remembering; what to tell the person.
  func save(_ state: State) -> [String] {
    var problems: [String] = []
    let settings = Settings(
      options: state.options.sorted { $0.rawValue < $1.rawValue }, speed: state.speed,
      ordersByDivergence: state.ordersByDivergence, mouse: state.prefersMouse, theme: state.preferredTheme,
      data: state.chosenData.isEmpty ? nil : state.chosenData)
    if let settingsPath, settings != self.settings { write(settings, to: settingsPath, &problems) }
    guard let sessionPath else { return problems + ["the session is not saved: \(UserHome.problem)"] }
    // A run that was left before its first checkpoint cannot be opened again: what was remembered before stays.
    guard state.latentSize > 0, let model = state.subject.path, !Self.isRunWithoutCheckpoint(model) else {
      return problems
    }
    var marks = Dictionary(uniqueKeysWithValues: state.steering.marks.map { (String($0.key), $0.value) })
    for (letter, code) in marksSetMeanwhile(in: model, &problems) where marks[letter] == nil { marks[letter] = code }
    // What was still being laid out again is what the person looked at.
    let axes = state.awaitedAxes?.axes ?? state.restoredAxes ?? state.plot.axes
    write(
      RememberedSession(
        model: model, code: state.code, locked: state.steering.locked.sorted(), marks: marks, screen: state.screen,
        x: axes.x, y: axes.y, hiddenClasses: state.plot.hiddenClasses.sorted()),
      to: sessionPath, &problems)
    return problems
  }

  /// Marks that another explorer of the same model has left since this one began: the last to leave keeps them.
  private func marksSetMeanwhile(in model: String, _ problems: inout [String]) -> [String: [Float]] {
    guard let sessionPath, !damaged.contains(sessionPath), let other: RememberedSession = read(sessionPath, &problems),
      Subject.place(of: other.model) == Subject.place(of: model)
    else { return [:] }
    return other.marks.filter { session?.marks[$0.key] == nil }
  }

  private static func isRunWithoutCheckpoint(_ path: String) -> Bool {
    isFolder(path) && !["best", "model", "latest"].contains { isFile("\(path)/\($0).safetensors") }
  }

  private func write(_ value: some Encodable, to path: String, _ problems: inout [String]) {
    guard !damaged.contains(path) else { return }
    do {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      try makeFolder(folderName(path))
      try writeAtomically(Array(String(decoding: try encoder.encode(value), as: UTF8.self).harmlessJSON.utf8), to: path)
    } catch {
      problems.append("\(fileName(path)) is not saved: \(error)")
    }
  }
}

extension State {
  /// Takes preferences over.
  mutating func restore(_ settings: Settings) {
    options = Set(settings.options)
    speed = min(32, max(1, settings.speed))
    ordersByDivergence = settings.ordersByDivergence
    prefersMouse = settings.mouse
    chosenData = settings.data ?? [:]
    isMouseOn = prefersMouse
    preferredTheme = settings.theme ?? .auto
    theme = preferredTheme
  }

  /// Goes back to where the person was, as far as it fits the model that is open.
  mutating func restore(_ session: RememberedSession) {
    guard session.code.count == latentSize, session.code.allSatisfy(\.isFinite) else { return }
    steering.code = session.code.map { min(Self.farthest, max(-Self.farthest, $0)) }
    steering.locked = Set(session.locked.filter { (0..<latentSize).contains($0) })
    for (letter, code) in session.marks where code.count == latentSize && code.allSatisfy(\.isFinite) {
      if letter.count == 1, let letter = letter.first, ("a"..."z").contains(letter) { steering.marks[letter] = code }
    }
    if session.screen != .train, ScreenKind.named(session.screen) != nil { screen = session.screen }
    restore(axes: AxisPair(x: session.x, y: session.y))
    plot.hiddenClasses = Set(session.hiddenClasses)
  }
}
