import Canvas

/// The pictures a model made for the panes, each beside the codes it was made from.
///
/// A scene belongs to a state: whenever an action leaves the state wanting other pictures, they are made before a frame
/// is drawn, so that no pane lags another.
struct Scene: Sendable {
  /// A group of pictures that are made together, by name: the pane that wants them names it.
  struct Part: RawRepresentable, Sendable, Hashable {
    let rawValue: String
    init(rawValue: String) { self.rawValue = rawValue }

    static let digit = Part(rawValue: "digit")
    static let reconstruction = Part(rawValue: "reconstruction")
  }

  /// Which model makes pictures, and of what.
  enum Maker: Sendable, Hashable {
    /// The explored model decodes the codes.
    case explored
    /// The model that it is compared with decodes them; its weights are known by a number.
    case compared(Int)
    /// That model encodes an image of the open data set, by its number in a cloud, and decodes the mean.
    case reconstructed(Int, image: Int, cloud: Int)
    /// It does the same with what was drawn.
    case reconstructedDrawing(Int, DrawnImage)
  }

  /// Codes to decode: `count` rows of the latent size; none where an image is to be encoded first.
  struct Batch: Sendable, Hashable {
    var codes: [Float] = []
    var count = 0
    var maker = Maker.explored

    mutating func append(_ code: [Float]) {
      codes += code
      count += 1
    }
  }

  /// What has been decoded for a part.
  struct Pictures: Sendable, Hashable {
    var batch: Batch
    var images: [GreyImage]
  }

  /// Which weights the pictures were made with.
  var generation = -1
  var parts: [Part: Pictures] = [:]
  /// The image the code came from, where a data set is open, and its number.
  var original: Original?

  /// An image of the open data set.
  struct Original: Sendable, Hashable {
    var index: Int
    var image: GreyImage
    /// Which cloud the number counts in.
    var cloud: Int
  }

  init() {}

  /// The decoded picture of the current code.
  var digit: GreyImage? { parts[.digit]?.images.first }
}

/// What a state wants to be drawn from.
struct SceneRequest: Sendable, Hashable {
  var generation: Int
  var batches: [Scene.Part: Scene.Batch]
  /// The number of the image the code came from, and of the cloud it counts in.
  var original: Int?
  var cloud: Int?

  /// Whether `scene` holds just this.
  func isSatisfied(by scene: Scene) -> Bool {
    scene.generation == generation && scene.parts.mapValues(\.batch) == batches
      && scene.original?.index == original && (original == nil || scene.original?.cloud == cloud)
  }
}

extension State {
  /// The number of the stored code that the current code is or came from, if it came from one of those shown.
  var sourceIndex: Int? { index(of: steering.origin) }

  private func index(of origin: Steering.Origin) -> Int? {
    guard case .stored(let index, let collection) = origin, let cloud, index < cloud.count,
      cloud.collection.counts(as: collection)
    else { return nil }
    return index
  }

  /// The drawing that the current code is of, if it is of one.
  var drawnSource: DrawnImage? {
    guard case .drawn = steering.origin, let drawing = steering.drawing, drawing.encoding?.mean.count == latentSize
    else { return nil }
    return drawing
  }

  /// What the encoder says of the image that the current code came from, stored or drawn.
  var sourceCode: [Float]? {
    if let drawnSource { return drawnSource.encoding?.mean }
    guard let index = sourceIndex, let cloud else { return nil }
    return cloud.code(index)
  }

  /// The same of the image that one set out from, however far the code has been steered away since.
  var startCode: [Float]? {
    guard case .steered = steering.origin else { return sourceCode }
    guard case .drawn = steering.start else { return index(of: steering.start).flatMap { cloud?.code($0) } }
    // A drawing that the code has left is not encoded again by other weights.
    guard let encoding = steering.drawing?.encoding, encoding.generation == subject.generation,
      encoding.mean.count == latentSize
    else { return nil }
    return encoding.mean
  }

  /// The posterior standard deviations around `sourceCode`; nil where none were trained.
  var sourceDeviations: [Float]? {
    guard subject.hasPosterior else { return nil }
    if let drawnSource { return drawnSource.encoding?.deviations }
    guard let index = sourceIndex, let cloud, cloud.hasPosterior else { return nil }
    return cloud.deviations(index)
  }
}
