import Canvas
import LatentModels
import Terminal

/// How far a key moves something.
enum Stride: Sendable, Hashable { case fine, normal, coarse }

/// Everything that can happen to the state: what a person does, and what effects bring back.
enum Action: Sendable {
  // What a person does, as it arrives.
  case key(Key)
  case paste(String)
  case mouse(MouseEvent)
  case resize(width: Int, height: Int)

  // Steer.
  case slide(Int, Stride)
  case selectSlider(SliderMove)
  case pickSlider(State.Selection)
  case setSelected(Float)
  case setValue(Float)
  case resetDimension
  case resetAll
  case toggleLock
  case toggleOrder
  case samplePrior
  case sampleClass(Int)
  case undo
  case redo

  // Pick.
  case moveCrosshair(columns: Int, rows: Int, Stride)
  case moveInPlane(SIMD2<Float>)
  case zoomAround(SIMD2<Float>, by: Float)
  case snap
  case nextOfClass(Int)
  case color(by: Coloring?)
  case nextMistake(Int)
  case findClass(Int)
  case toggleClass(Int)
  case showAllClasses
  case turnAxis(horizontal: Bool, by: Int)
  case setAxes(Axis, Axis)
  case zoom(Float)
  case pan(columns: Int, rows: Int)
  case centreWindow
  case resetWindow
  case toggle(ViewOption)

  // Look and traverse.
  case show(Screen)
  case turnScreen(Int)
  case step(Int)
  case moveInGrid(columns: Int, rows: Int)
  case togglePlay
  case changeSpeed(faster: Bool)
  case tick

  // Mark.
  case mark(Character)
  case jump(Character)
  case interpolate(Character, Character)
  case arithmetic(Character, Character, Character)
  case classDirection(Int, Int)
  case blendClasses(Int, Int)
  case toggleSpherical
  case endTrack

  // Train.
  case openForm
  case startTraining(Configuration, run: String?, data: TrainingData? = nil)
  case training(TrainingCommand)
  case askToStop
  case resumeTraining(rate: Double?)
  case turnControl(Int)
  case adjustControl(Int, Stride)
  case setControl(String, Double)

  // What a pane does that no other knows of.
  case perform(@Sendable (inout State) -> [Effect])

  // Everything else.
  case turnFocus(Int)
  case focus(Pane)
  case help
  case searchHelp
  case palette
  case ask(Question)
  case promptValue(String)
  case cancel
  /// Closes a line that is being typed, and keeps what was said of it.
  case leaveLine
  /// Closes whatever lies over the panes.
  case leaveOverlay
  case accept
  case complete
  case scroll(Scroll)
  case choose(Int)
  case confirmQuit(saving: Bool)
  case quit
  case toggleMouse
  case setTheme(ThemeChoice)
  case openModel(String)
  case openData(String)
  case export(Export)

  // What effects bring back.
  case lookedAround(Surroundings)
  case rendered(Scene)
  case opened(Opening)
  case updated(Subject, CodeCloud?)
  /// The data set that was asked for is there, or is not coming.
  case finishedReading(isThere: Bool)
  case formProblem(TrainingForm.Field, String)
  /// The file of an export is there already.
  case askToReplace(Export)
  case embed
  case turnAxisKind
  case chooseEmbedding
  /// How far the layout of a cloud's codes has come; nil when it is over.
  case embedded(CodeCloud?, of: Int, fraction: Double?)
  /// What a probe says of the codes of a content; nil where it could not be fitted.
  case classified(Classification?, of: Int)
  case listed(folder: String, [String])
  /// A session that the command line prepared, with its controls as they are now.
  case adoptTraining(Configuration, controls: [String: Double])
  case trainingChanged(TrainingProgress)
  case say(Message)
  case restoreSettings(Settings)
  case restore(RememberedSession)
  case mouseIsOn
  /// The command line asks for a theme, for this session.
  case themeIs(ThemeChoice)
  /// The terminal has said what its ground is: the frame is to be drawn anew.
  case groundFound
}

extension Action {
  /// Whether it asks for what a command was typed without.
  var asksForArgument: Bool {
    switch self {
    case .ask, .promptValue: true
    default: false
    }
  }
}

/// Where the selection among the sliders goes.
enum SliderMove: Sendable, Hashable { case by(Int), first, last }

/// Where a list that is longer than its window goes.
enum Scroll: Sendable, Hashable { case lines(Int), pages(Int), top, bottom }

/// What can be done to a training session.
enum TrainingCommand: Sendable, Hashable { case pauseOrResume, step, stop, save }
