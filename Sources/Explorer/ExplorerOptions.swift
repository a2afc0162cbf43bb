import Canvas
import Datasets
import LatentModels

/// What the explorer is asked to open and how it is to show itself: the command line, parsed.
public struct ExplorerOptions: Sendable {
  /// A checkpoint, a run directory or the name of a bundled model; nil restores the last session, or else `mnist-2d`.
  public var model: String?
  /// How the files of data sets are read.
  public var reading = ImageReading()
  /// A data set to open beside the model: a name known to `DataLibrary`, or a path.
  public var data: String?
  /// Forces a colour level; nil lets the terminal's description decide.
  public var colors: ColorLevel?
  /// The theme of this session; nil: the one of the settings, which is `auto` at first.
  public var theme: ThemeChoice?
  /// Whether the font is known to have the sextants of Unicode 13; otherwise the terminal's name decides.
  public var sextants: Bool
  /// Whether the mouse is reported (picking, sliders).
  public var mouse: Bool
  /// Prints a linear text account instead of a screen and reads key scripts line by line.
  public var plain: Bool
  /// A script of keys that drives the explorer without a person, e.g. `"right*5 tab m a"`.
  public var keys: String?
  /// A folder that receives every frame shown as `.txt`, `.ansi` and `.svg`.
  public var frames: String?
  /// A file that receives the session as an asciicast while it goes on.
  public var record: String?
  /// A file that receives the last screen of a scripted run, in the format its ending says.
  public var view: String?
  /// The size of the screen of a scripted run (columns, rows); 120×40 when nil.
  public var size: (width: Int, height: Int)?
  /// `train --explore`: a run for the explorer to prepare beside its first screen, start and show.
  public var training: PendingRun?

  /// A run whose data are not read yet.
  public struct PendingRun: Sendable {
    /// What is to be trained, as far as it is known before the data are.
    var configuration: Configuration
    /// Where it saves.
    var path: String
    /// Reads the data and plans the session; what there is to say of them goes to the closure.
    var prepare: @Sendable (_ tell: (String) -> Void) throws -> (TrainingSession, RunDirectory)

    /// A run that `prepare` makes ready, on another thread.
    public init(
      configuration: Configuration, path: String,
      prepare: @escaping @Sendable (_ tell: (String) -> Void) throws -> (TrainingSession, RunDirectory)
    ) {
      self.configuration = configuration
      self.path = path
      self.prepare = prepare
    }
  }

  /// What a run without a terminal watches for ^C and SIGTERM, so that it saves what it trains before it ends.
  public var interruption: Interruption?

  /// A signal to be heeded between two keys.
  public struct Interruption: Sendable {
    /// Readable once a signal has come.
    let fileDescriptor: Int32
    /// The signal that has come, or nil.
    let received: @Sendable () -> Int32?

    /// Signals that `received` tells, announced by `fileDescriptor` becoming readable.
    public init(fileDescriptor: Int32, received: @escaping @Sendable () -> Int32?) {
      self.fileDescriptor = fileDescriptor
      self.received = received
    }
  }

  /// Options with everything left to the defaults.
  public init(
    model: String? = nil, data: String? = nil, colors: ColorLevel? = nil, sextants: Bool = false,
    mouse: Bool = false, plain: Bool = false,
    keys: String? = nil, frames: String? = nil, record: String? = nil, view: String? = nil,
    size: (width: Int, height: Int)? = nil,
    training: PendingRun? = nil
  ) {
    self.model = model
    self.data = data
    self.colors = colors
    self.sextants = sextants
    self.mouse = mouse
    self.plain = plain
    self.keys = keys
    self.frames = frames
    self.record = record
    self.view = view
    self.size = size
    self.training = training
  }
}
