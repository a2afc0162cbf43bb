import ArgumentParser
import Datasets
import LatentModels
import Synchronization

extension PixelScale: ExpressibleByArgument {
  /// `auto`, a number, or `LOW:HIGH`.
  public init?(argument: String) { self.init(argument) }
  /// What help and errors say is allowed.
  public static var allValueStrings: [String] { ["auto", "a number above 0", "LOW:HIGH with LOW below HIGH"] }
  /// What completions offer.
  public static var defaultCompletionKind: CompletionKind { .list(["auto"]) }
}

extension ImageShape: ExpressibleByArgument {
  /// `28x28`, height first.
  public init?(argument: String) { self.init(argument) }
  /// What help and errors say is allowed.
  public static var allValueStrings: [String] { ["HEIGHTxWIDTH such as 28x28"] }
  /// There is nothing to choose from.
  public static var defaultCompletionKind: CompletionKind { .default }
}

extension ImageFit: ExpressibleByArgument {}

/// How image files are read: the same options for every command that takes images.
struct ImageOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Which stored number is white where 0 is black: 255, 1, 16, any other, or LOW:HIGH for black and white; auto goes by what the file holds and says so (default: auto).",
      valueName: "auto|number|low:high"))
  var scale: PixelScale?

  @Option(
    help: ArgumentHelp(
      "The size of images stored as flat rows, height first (default: what the model reads). With --fit, in train, the size to make.",
      valueName: "HxW"))
  var shape: ImageShape?

  @Option(
    help:
      "Make images of another size fit: crop the middle, scale the whole, or centre the ink as MNIST was made (20 of 28 pixels, centre of mass in the middle)."
  )
  var fit: ImageFit?

  @Flag(help: "Leave labels unread.")
  var noLabels = false

  /// What was said.
  var reading: ImageReading {
    var reading = ImageReading()
    reading.scale = scale ?? .automatic
    reading.shape = shape
    reading.fit = fit
    reading.readsLabels = !noLabels
    return reading
  }

  /// The names of the options that were given, as typed.
  var given: [String] {
    [("--scale", scale != nil), ("--shape", shape != nil), ("--fit", fit != nil), ("--no-labels", noLabels)]
      .filter(\.1).map(\.0)
  }

  /// Refuses what changes nothing of sets that are named, whose pixels are known.
  ///
  /// - Throws: a `ValidationError`.
  func checkUse(for names: [String]) throws {
    guard names.count == 1, DataLibrary().isNamed(names[0]) else { return }
    try ValidationError.refuse(
      [("--scale", scale != nil)], because: "it is known which numbers are black and white in \(names[0])")
  }

  /// Opens what a person names beside a model, as it was opened for its training where it is what it learnt from, in the
  /// size that it takes. Says on standard error what was decided about them.
  ///
  /// - Parameter part: the half that was asked for; nil for the test images of what has halves.
  /// - Throws: `DatasetError`; `CommandError` where there is no image; a `ValidationError` where there are no halves or an
  /// option is of no use.
  func open(_ name: String, part: DataPart?, count: Int?, for model: LatentModel) throws -> ImageSet {
    try checkUse(for: [name])
    // Where nothing was said, what a run was told about its own files holds.
    let set = try DataLibrary.open(
      name, part: part ?? .test, count: count, asFor: model.configuration.training,
      reading: given.isEmpty ? nil : reading,
      expecting: model.configuration.model.imageShape)
    // How files were read is told also where what they hold is refused then.
    set.tellNotes()
    let fitting = try set.fitting(model, count: count)
    fitting.tellNotes()
    return try fitting.checkingHalf(part)
  }

  /// Opens what `names` say: the one way that commands come by images. Says on standard error what was decided about
  /// them.
  ///
  /// - Throws: `DatasetError`; `CommandError` where there is no image; a `ValidationError` where an option is of no use.
  func open(
    _ names: [String], part: DataPart, count: Int? = nil, seed: UInt64 = 1, for model: LatentModel? = nil,
    mayBeEmpty: Bool = false
  ) throws -> ImageSet {
    try checkUse(for: names)
    let set = try DataLibrary.open(
      names, part: part, count: count, seed: seed, reading: reading,
      expecting: model?.configuration.model.imageShape)
    set.tellNotes()
    if !mayBeEmpty { try set.requireImages() }
    guard let model else { return set }
    let numbered = set.numberingClasses(for: model.configuration.model)
    numbered.tellNotes()
    return numbered
  }
}

extension ImageSet {
  /// Says on standard error how the files were read, where that could have been otherwise. Files that are read again are
  /// not told of again.
  func tellNotes() {
    for note in notes where Self.told.withLock({ $0.insert(note).inserted }) { StandardError.complain(note) }
  }

  private static let told = Mutex<Set<String>>([])

  /// These images, where a half that was asked for could be told.
  ///
  /// - Throws: a `ValidationError` where they have none, as files have none.
  func checkingHalf(_ asked: DataPart?) throws -> ImageSet {
    try ValidationError.refuse([("--part", asked != nil && part == nil)], because: "\(name) has no halves")
    return self
  }

  /// Throws where there is no image to work on.
  func requireImages() throws {
    guard count > 0 else { throw CommandError("\(name): holds no images", remedy: "give some") }
  }

  /// The first `count` images, all where nil, checked against the size that `model` takes, their classes numbered as it
  /// learnt them.
  func fitting(_ model: LatentModel, count: Int?) throws -> ImageSet {
    let shape = model.configuration.model
    try requireImages()
    let limited = count.map { $0 < self.count ? subset(0..<$0) : self } ?? self
    return try limited.requiring(width: shape.imageWidth, height: shape.imageHeight).numberingClasses(for: shape)
  }
}
