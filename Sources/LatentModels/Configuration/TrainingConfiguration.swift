import Datasets
import Tensors

/// Data of which one class is taken at a time.
public struct ClassDivision: Codable, Sendable, Hashable {
  /// What all their classes are called, by number: other data may number them otherwise.
  public var names: [String]
  /// How many images of every class were asked to be held out; nil: a share of them.
  public var heldOut: Int?

  /// Joins the two.
  public init(names: [String], heldOut: Int? = nil) { (self.names, self.heldOut) = (names, heldOut) }

  private enum CodingKeys: CodingKey { case names, heldOut }

  /// Reads both.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    names = try container.require([String].self, forKey: .names)
    heldOut = try container.read(Int.self, forKey: .heldOut)
  }
}

/// The data and the optimisation.
public struct TrainingConfiguration: Codable, Sendable, Hashable {
  /// Name or path of the data, as `DataLibrary.open` takes it; generated data have the version of their generator, so
  /// that the images can be drawn again.
  public var data: String { didSet { data = DataLibrary.recordedName(data) } }
  /// Where the files of `data` lie, from any working folder, if `data` is a path from that in which the training was begun.
  public var dataPath: String?
  /// How its files are read; nil: by what they hold.
  public var reading: ImageReading?
  /// How stored bytes become pixels.
  public var treatment: PixelTreatment
  /// How many images to draw, for data that is generated; `nil`: the data set's own number.
  public var count: Int?
  /// The one class whose images are taken; nil: all images.
  public var onlyClass: Int?
  /// What `onlyClass` was one of; nil where all images are taken, and in files from before it was kept.
  public var division: ClassDivision?
  /// How many of the training images keep their class, for a model that has a variable for it.
  public var labels: LabelPolicy
  /// The part of a step that is labelled; nil: their part of the images, at least a fifth.
  public var labelledShare: Double?
  /// Passes over the training images.
  public var epochs: Int
  /// Images a step.
  public var batch: Int
  /// Adam's learning rate before the schedule; it can be changed while training.
  public var rate: Float
  /// How the rate changes from step to step.
  public var schedule: RateSchedule
  /// The largest Euclidean norm of the model's gradient, without that of an objective's adversary; `nil`: not clipped.
  public var clipNorm: Float?
  /// Decides initial weights, order of the images, noise and the split.
  public var seed: UInt64
  /// Whether all batches of terms that couple the images of a batch are whole, also where some images are labelled; false
  /// in files from before they were.
  public var wholeBatches = true
  /// Whether labels teach what an objective leaves out itself; false in files from before they did, that their trainings go
  /// on as they were.
  public var teachesLabels = true
  /// Whether they also teach what an objective with terms for labels has none for, a class that is generated from the code and
  /// a property; false in files from before they did.
  public var teachesBesideOwnTerms = true
  /// Whether terms that couple the images of a batch are, of held-out images, over as many as a step has unlabelled ones;
  /// false in files from before they were, whose scores are over whole steps.
  public var holdsOutByPart = true
  /// Whether every image to learn from was found to have its class; nil where that is not so, or not known.
  public var everyClassIsKnown: Bool?
  /// Training images set aside to choose the best checkpoint.
  public var heldOut: Int
  /// Epochs between numbered checkpoints; 0: none.
  public var checkpointEvery: Int

  /// Defaults: MNIST at grey values, 30 epochs of batches of 128, Adam at a constant 1e-3, 5,000 images held out.
  public init(
    data: String = NamedSet.mnist.name, treatment: PixelTreatment = .grey, count: Int? = nil, epochs: Int = 30,
    batch: Int = 128,
    rate: Float = 1e-3, schedule: RateSchedule = .constant, clipNorm: Float? = nil, seed: UInt64 = 1,
    heldOut: Int = 5_000, checkpointEvery: Int = 10,
    labels: LabelPolicy = .all, labelledShare: Double? = nil
  ) {
    self.data = DataLibrary.recordedName(data)
    self.treatment = treatment
    self.count = count
    self.labels = labels
    self.labelledShare = labelledShare
    self.epochs = epochs
    self.batch = batch
    self.rate = rate
    self.schedule = schedule
    self.clipNorm = clipNorm
    self.seed = seed
    self.heldOut = heldOut
    self.checkpointEvery = checkpointEvery
  }

  /// What a person calls the data: today's version of generated data has no number.
  public var dataTitle: String { DataLibrary.spokenName(data) }

  /// What the one class is called: its name, else its number; nil where all images are taken.
  public var onlyClassName: String? {
    guard let onlyClass else { return nil }
    let names = division?.names ?? []
    return names.indices.contains(onlyClass) ? names[onlyClass] : "\(onlyClass)"
  }

  private enum CodingKeys: CodingKey {
    case data, dataPath, reading, treatment, count, onlyClass, division, labels, labelledShare, epochs, batch, rate,
      schedule, clipNorm, seed, heldOut, checkpointEvery, wholeBatches, teachesLabels, teachesBesideOwnTerms,
      holdsOutByPart, everyClassIsKnown
  }

  /// Reads a file of any version: what it does not name has its default.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init()
    func read<Value: Decodable>(_ key: CodingKeys, into value: inout Value) throws {
      value = try container.read(Value.self, forKey: key) ?? value
    }
    // A file that names no version is of the time when there was one.
    data = try container.read(String.self, forKey: .data).map(DataLibrary.name(recordedAs:)) ?? data
    dataPath = try container.read(String.self, forKey: .dataPath)
    reading = try container.read(ImageReading.self, forKey: .reading)
    try read(.treatment, into: &treatment)
    count = try container.read(Int.self, forKey: .count)
    onlyClass = try container.read(Int.self, forKey: .onlyClass)
    division = try container.read(ClassDivision.self, forKey: .division)
    try read(.labels, into: &labels)
    labelledShare = try container.read(Double.self, forKey: .labelledShare)
    try read(.epochs, into: &epochs)
    try read(.batch, into: &batch)
    try read(.rate, into: &rate)
    try read(.schedule, into: &schedule)
    clipNorm = try container.read(Float.self, forKey: .clipNorm)
    try read(.seed, into: &seed)
    try read(.heldOut, into: &heldOut)
    try read(.checkpointEvery, into: &checkpointEvery)
    wholeBatches = try container.read(Bool.self, forKey: .wholeBatches) ?? false
    teachesLabels = try container.read(Bool.self, forKey: .teachesLabels) ?? false
    teachesBesideOwnTerms = try container.read(Bool.self, forKey: .teachesBesideOwnTerms) ?? false
    holdsOutByPart = try container.read(Bool.self, forKey: .holdsOutByPart) ?? false
    everyClassIsKnown = try container.read(Bool.self, forKey: .everyClassIsKnown)
  }

  /// Throws a `ConfigurationError` for a setting that is out of range.
  func checkRanges() throws {
    try check(epochs, "training.epochs", in: 0...1_000_000)
    try check(batch, "training.batch", in: 1...1_000_000)
    try check(heldOut, "training.heldOut", in: 0...Int(Int32.max))
    try check(checkpointEvery, "training.checkpointEvery", in: 0...1_000_000)
    try check(schedule.warmUpSteps, "training.schedule.warmUpSteps", in: 0...1_000_000_000)
    if let onlyClass { try check(onlyClass, "training.onlyClass", in: 0...ModelConfiguration.mostClasses) }
    if let asked = division?.heldOut { try check(asked, "training.division.heldOut", in: 0...Int(Int32.max)) }
    if let count { try check(count, "training.count", in: 1...Int(Int32.max)) }
    if let labelledShare, !(labelledShare > 0 && labelledShare < 1) {
      throw ConfigurationError.outOfRange(
        setting: "training.labelledShare", value: "\(labelledShare)", allowed: "more than 0 and less than 1")
    }
    try Control.rate.check(Double(rate), as: "training.rate")
    if let clipNorm, !(clipNorm.isFinite && clipNorm > 0) {
      throw ConfigurationError.outOfRange(
        setting: "training.clipNorm", value: clipNorm.brief,
        allowed: "\(Setting.anyPositive); leave it out for no limit")
    }
  }
}
