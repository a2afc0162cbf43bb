import Canvas
import LatentModels
import Terminal

/// All that the explorer knows: a value. `update` changes it, `view` draws it, nothing else holds anything that is shown.
struct State: Sendable {
  var size: (width: Int, height: Int)
  var subject: Subject = .none
  var cloud: CodeCloud?

  // Steering, with what undo and redo bring back.
  var steering = Steering(latentSize: 0)
  var past: [Steering] = []
  var future: [Steering] = []
  /// The steering of models that were left, by their place, for when they are opened again.
  var shelves: [String: Shelf] = [:]
  var selection: Selection = .dimension(0)
  var ordersByDivergence = false

  // The panes.
  var screen: Screen = .explore
  var focus: Pane = .sliders
  var plot = PlotView()
  var options: Set<ViewOption> = [.rings, .density, .path, .quantileSpacing]
  var overlay: Overlay = .none
  var message: Message?
  var animation: Animation?
  /// Steps of the animation a second.
  var speed: Int = 8
  var isMouseOn = false
  /// Whether later sessions begin with the mouse: chosen by key, not by an option that is for one session.
  var prefersMouse = false

  /// What can be opened by name, as last looked up.
  var surroundings = Surroundings()
  /// The form as it was last sent off, for the next run to begin from.
  var formerForm: TrainingForm?

  /// The data set that is being read and encoded beside the loop.
  var readingData: String?

  // What effects made.
  var scene = Scene()
  var training: TrainingView?
  /// What was known of training before the run that is being prepared: it comes back where that cannot begin.
  var formerTraining: TrainingView?
  var random = RandomSource(seed: 1)
  /// Set when the loop is to end.
  var ending: Ending?

  /// A state without a model, for a window of the given size.
  init(width: Int, height: Int) { size = (width, height) }

  /// What the sliders' keys move.
  enum Selection: Sendable, Hashable { case dimension(Int), track }

  /// What is kept of a model that was left.
  struct Shelf: Sendable {
    var steering: Steering
    var past: [Steering]
    var future: [Steering]
    var selection: Selection
    var plot: PlotView
  }

  /// What lies over the panes and takes the keys.
  enum Overlay: Sendable {
    case none
    case help(firstLine: Int)
    case palette(CommandPalette)
    case value(TextField)
    case question(Question, answered: [Character])
    case form(TrainingForm)
    case quitting
  }

  /// A movement that goes on by itself.
  struct Animation: Sendable, Hashable {
    /// Whether the parameter grows at the moment.
    var isForward = true
    /// Whether its next movement is a step of its own to undo; all that follows belongs to the same step.
    var beginsStep = true
  }

  /// How the loop ends.
  enum Ending: Sendable, Hashable {
    case quit
    /// Save the training run first, then say where.
    case saveAndQuit
  }

  /// What the scatter shows of the plane.
  struct PlotView: Sendable, Hashable {
    var x: Axis = .dimension(0)
    var y: Axis = .dimension(1)
    /// The part of the plane a person chose, or nil for all of it.
    var window: PlotWindow?
    var hiddenClasses: Set<Int32> = []
  }

  /// The current code.
  var code: [Float] { steering.code }
  /// The number of latent dimensions.
  var latentSize: Int { steering.code.count }

  /// The dimensions in the order of the sliders.
  var order: [Int] {
    let dimensions = Array(0..<latentSize)
    guard ordersByDivergence, !subject.isAutoencoder, let cloud, cloud.divergences.count == latentSize else {
      return dimensions
    }
    return dimensions.sorted { (cloud.divergences[$1], $0) < (cloud.divergences[$0], $1) }
  }

  /// The sliders from top to bottom: the track, if there is one, then the dimensions.
  var sliders: [Selection] {
    (steering.track == nil ? [] : [.track]) + order.map { .dimension($0) }
  }

  /// The divergence of a dimension from the prior in nats, where codes tell it; an autoencoder's variances are untrained
  /// and tell nothing.
  func divergence(_ dimension: Int) -> Float? {
    guard !subject.isAutoencoder, let cloud, cloud.divergences.indices.contains(dimension), cloud.count > 0 else {
      return nil
    }
    return cloud.divergences[dimension]
  }

  /// Whether the model ignores a dimension: its mean varies over the codes by no more than a hundredth (Burda et al. 2015,
  /// 1509.00519), as `zscope evaluate` counts active units.
  func isInactive(_ dimension: Int) -> Bool {
    guard let cloud, cloud.count > 1, cloud.varianceOfMeans.indices.contains(dimension) else { return false }
    return cloud.varianceOfMeans[dimension] <= 0.01
  }

  /// How far from the origin a coordinate can be taken by any means.
  static let farthest: Float = 1000

  /// The range of a dimension's slider: four deviations of the prior, or as far as codes reach, or the code has been
  /// taken by other means.
  func range(_ dimension: Int) -> ClosedRange<Float> {
    let reach = cloud.flatMap { $0.reach.indices.contains(dimension) ? $0.reach[dimension] : nil } ?? 0
    let value = code.indices.contains(dimension) ? abs(code[dimension]) : 0
    let bound = max(4, reach.isFinite ? min(reach.rounded(.up), Self.farthest) : 4, value.rounded(.up))
    return -bound...bound
  }

  /// The current code in the plane of the scatter.
  var crosshair: SIMD2<Float> { project(code) }

  /// A code in the plane of the scatter.
  func project(_ code: [Float]) -> SIMD2<Float> {
    func coordinate(_ axis: Axis) -> Float {
      if let cloud { return cloud.coordinate(of: code, along: axis) }
      if case .dimension(let index) = axis, index < code.count { return code[index] }
      return 0
    }
    return SIMD2(coordinate(plot.x), latentSize > 1 ? coordinate(plot.y) : 0)
  }

  /// Whether a key goes to a text field, a question or a list in place of the panes; what the keys mean follows from it.
  var context: Context {
    switch overlay {
    case .help: .help
    case .palette: .palette
    case .value: .value
    case .question: .question
    case .form: .form
    case .quitting: .quitting
    case .none:
      switch focus {
      case .sliders, .digit, .look, .chart: .sliders
      case .scatter: .scatter
      case .strip: .strip
      case .grid: .grid
      case .matrix: .matrix
      case .training: .training
      }
    }
  }
}

/// A line of text being typed.
struct TextField: Sendable, Hashable {
  var text: String

  init(_ text: String = "") { self.text = text }

  /// Takes a key; false where it means nothing to a text field.
  mutating func take(_ key: Key) -> Bool {
    switch key.code {
    case .character(let scalar) where key.modifiers.isEmpty:
      // As many as a line can show and no more: a pasted book must not slow the frame down.
      if text.unicodeScalars.count < 500 { text.unicodeScalars.append(scalar) }
      return true
    case .backspace:
      if !text.isEmpty { text.removeLast() }
      return true
    case .character("u") where key.modifiers == .control:
      text = ""
      return true
    default: return false
    }
  }
}

/// Random numbers as a value: the same state draws the same numbers.
struct RandomSource: Sendable, Hashable, RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// SplitMix64 (Steele, Lea & Flood 2014).
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A draw from the standard normal distribution (Box & Muller 1958).
  mutating func normal() -> Float {
    let first = Float.random(in: Float.leastNormalMagnitude..<1, using: &self)
    let second = Float.random(in: 0..<1, using: &self)
    return (-2 * Exponential.logarithm(first)).squareRoot() * Angles.sine(2 * .pi * second)
  }
}
