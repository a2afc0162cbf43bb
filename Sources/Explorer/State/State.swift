import Canvas
import LatentModels

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
  var screen: Screen
  var focus: Pane
  /// The pane that has the middle of the screen to itself, where a person opened one large.
  var largePane: Pane?
  var plot = PlotView()
  var options: Set<ViewOption>
  /// What single panes remember, each under its own type.
  var panes = PaneMemory()
  var overlay: Overlay = .none
  var message: Message?
  /// Whether a question has just found its answer whole: an Enter that is typed all the same belongs to it.
  var takesEnter = false
  var animation: Animation?
  /// Whether the explorer is a conversation in lines: a line must be whole, and there is nothing to choose in.
  var isPlain = false
  /// Steps of the animation a second.
  var speed: Int = 8
  /// The theme drawn in, and the one later sessions begin with: an option is for one session.
  var theme = ThemeChoice.auto
  var preferredTheme = ThemeChoice.auto
  /// How the last frame was drawn; nil before the first.
  var rendition: Rendition?
  var isMouseOn = false
  /// The pane that follows the mouse until its button is let go.
  var followedBy: Pane?
  /// Whether later sessions begin with the mouse: chosen by key, not by an option that is for one session.
  var prefersMouse = false

  /// What can be opened by name, as last looked up.
  var surroundings = Surroundings()
  /// The form as it was last sent off, for the next run to begin from.
  var formerForm: TrainingForm?

  /// The data set that is being read and encoded beside the loop.
  var readingData: String?
  /// Whether a person asked for it.
  var isReadingAsked = false
  /// Whether the data that a person last asked for could not be had.
  var isWithoutAskedData = false
  /// The cloud whose codes are being laid out by t-SNE, the cloud that shows it, and how far that is, in 0…1.
  var embedding: (of: Int, shown: Int, fraction: Double)?
  /// The codes whose layout ended before it was whole, by `CodeCloud.codesID`, and how far it came, in 0…1.
  var unfinishedLayout: (codes: Int, fraction: Double)?
  /// The axes shown when the person left, while their codes or layout are not there; those shown meanwhile, and the place
  /// of the model.
  var awaitedAxes: (axes: AxisPair, meanwhile: AxisPair, place: String?)?
  /// The axes to show once the layout that is being computed is there, where they are not simply its own.
  var restoredAxes: AxisPair?
  /// What a probe says of the codes' classes.
  var probe: ProbeResult?
  /// The data sets that people have chosen beside models, by the models' places.
  var chosenData: [String: String] = [:]

  // What effects made.
  var scene = Scene()
  var training: TrainingView?
  /// What was known of training before the run that is being prepared: it comes back where that cannot begin.
  var formerTraining: TrainingView?
  var random = RandomSource(seed: 1)
  /// Set when the loop is to end.
  var ending: Ending?

  init(size: (width: Int, height: Int), screen: Screen, focus: Pane, options: Set<ViewOption>) {
    self.size = size
    self.screen = screen
    self.focus = focus
    self.options = options
  }

  /// What the sliders' keys move.
  enum Selection: Sendable, Hashable {
    /// A column of the code that is a number of its own.
    case dimension(Int)
    /// One of the model's choices among classes.
    case choice(Int)
    case track
  }

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
    case help(HelpView)
    case palette(CommandPalette)
    case value(TextField)
    case question(Asked)
    case form(TrainingForm)
    case quitting
    case confirmation(Confirmation)
  }

  /// What the key table shows of itself.
  struct HelpView: Sendable {
    var firstLine = 0
    /// Only lines with these words are shown.
    var words = TextField()
    /// Whether keys are words to look for.
    var isTyping = false
  }

  /// What is asked before something is done that no key undoes.
  struct Confirmation: Sendable {
    var question: String
    /// What is done when the answer is yes.
    var action: Action
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
    var x: Axis = .dimension(0) { didSet { keepStraightAxes() } }
    var y: Axis = .dimension(1) { didSet { keepStraightAxes() } }
    /// The axes shown last that can be taken back into latent space: a manifold is decoded over these.
    private(set) var straightAxes = AxisPair(x: .dimension(0), y: .dimension(1))
    /// The part of the plane a person chose, or nil for all of it.
    var window: PlotWindow?
    var hiddenClasses: Set<Int32> = []
    /// What the colours tell.
    var coloring = Coloring.classes

    var axes: AxisPair { AxisPair(x: x, y: y) }

    private mutating func keepStraightAxes() {
      if axes.isStraight { straightAxes = axes }
    }
  }

  /// The current code.
  var code: [Float] { steering.code }
  /// The number of latent dimensions.
  var latentSize: Int { steering.code.count }

  /// The dimensions in the order of the sliders.
  var order: [Int] {
    let dimensions = subject.columns.dimensions
    guard ordersByDivergence, let cloud, cloud.hasDivergence, cloud.divergences.count == latentSize else {
      return dimensions
    }
    return dimensions.sorted { (cloud.divergences[$1], $0) < (cloud.divergences[$0], $1) }
  }

  /// The sliders from top to bottom: the track, if there is one, then the dimensions.
  var sliders: [Selection] {
    (steering.track == nil ? [] : [.track]) + subject.columns.choices.indices.map { .choice($0) }
      + order.map { .dimension($0) }
  }

  /// The divergence of a dimension from the prior in nats, where codes tell it; an autoencoder's variances are untrained
  /// and tell nothing, and how far it is from a prior that is not standard, codes alone do not tell.
  func divergence(_ dimension: Int) -> Float? {
    guard let cloud, cloud.hasDivergence, cloud.divergences.indices.contains(dimension), cloud.count > 0 else {
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
}
