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
  case snap
  case nextOfClass(Int)
  case findClass(Int)
  case toggleClass(Int)
  case showAllClasses
  case turnAxis(horizontal: Bool, by: Int)
  case setAxes(Axis, Axis)
  case toggleComponents
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
  case toggleSpherical
  case endTrack

  // Train.
  case openForm
  case startTraining(Configuration, run: String?)
  case training(TrainingCommand)
  case turnControl(Int)
  case setBeta(Float)
  case setRate(Float)

  // Everything else.
  case turnFocus(Int)
  case help
  case palette
  case ask(Question)
  case promptValue(String)
  case cancel
  case accept
  case complete
  case scroll(Scroll)
  case choose(Int)
  case confirmQuit(saving: Bool)
  case quit
  case toggleMouse
  case openModel(String)
  case openData(String)

  // What effects bring back.
  case lookedAround(Surroundings)
  case rendered(Scene)
  case opened(Opening)
  case updated(Subject, CodeCloud?)
  /// The data set that was asked for is there, or is not coming.
  case finishedReading
  /// A session that the command line prepared, with β and the rate as they are now.
  case adoptTraining(Configuration, beta: Float, rate: Float)
  case trainingChanged(TrainingReport)
  case say(Message)
  case restoreSettings(Settings)
  case restore(RememberedSession)
  case mouseIsOn
}

/// Where the selection among the sliders goes.
enum SliderMove: Sendable, Hashable { case by(Int), first, last }

/// Where a list that is longer than its window goes.
enum Scroll: Sendable, Hashable { case lines(Int), pages(Int), top, bottom }

/// What can be done to a training session.
enum TrainingCommand: Sendable, Hashable { case pauseOrResume, step, stop, save }

/// What the scatter can show or leave out.
enum ViewOption: String, Sendable, Hashable, CaseIterable, Codable {
  case rings, density, path, look, quantileSpacing
}

/// A question answered by single characters: letters of marks or digits of classes.
enum Question: Sendable, Hashable {
  case markLetter, jumpLetter, interpolationLetters, arithmeticLetters
  case sampledClass, foundClass, directionClasses

  /// How many characters answer it.
  var count: Int {
    switch self {
    case .markLetter, .jumpLetter, .sampledClass, .foundClass: 1
    case .interpolationLetters, .directionClasses: 2
    case .arithmeticLetters: 3
    }
  }

  /// Whether classes are asked for, in place of marks.
  var asksForClasses: Bool {
    switch self {
    case .sampledClass, .foundClass, .directionClasses: true
    default: false
    }
  }

  /// What the status line asks.
  var text: String {
    switch self {
    case .markLetter: "mark this code as (a–z)"
    case .jumpLetter: "jump to mark (a–z)"
    case .interpolationLetters: "interpolate between two marks (a–z, a–z)"
    case .arithmeticLetters: "first − second + third mark (three of a–z)"
    case .sampledClass: "sample from class (0–9)"
    case .foundClass: "find a code of class (0–9)"
    case .directionClasses: "direction from class to class (two of 0–9)"
    }
  }
}
