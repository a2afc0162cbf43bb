import LatentModels

/// What the panes need to know about the model under exploration; the model itself stays with the effects.
struct Subject: Sendable, Hashable {
  /// The name it was opened by.
  var name: String
  /// The sizes of its layers, such as `784-256-64-2`.
  var shape: String
  var latentSize: Int
  var imageWidth: Int
  var imageHeight: Int
  var epoch: Int
  var step: Int
  /// The held-out (else training) bound in nats an image, where a metrics log tells it.
  var bound: Double?
  /// Changes whenever the weights do: pictures are made anew.
  var generation: Int
  /// Whether codes are distributions: where only the means were trained there is no divergence to tell, and nothing to
  /// draw from.
  var hasPosterior = true
  /// Where the model was read from, to open it again next time.
  var path: String?

  /// A description of `model`.
  init(_ model: LatentModel, name: String, path: String?, bound: Double?, generation: Int) {
    let configuration = model.configuration.model
    self.name = name
    self.path = path
    self.bound = bound
    self.generation = generation
    shape = configuration.description
    latentSize = model.latentSize
    hasPosterior = model.hasPosterior
    imageWidth = configuration.imageWidth
    imageHeight = configuration.imageHeight
    epoch = model.epoch
    step = model.step
  }

  /// Where the model lives, whichever checkpoint of its run it is: steering belongs to this place.
  var place: String? { path.map(Self.place) }

  static func place(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return path }
    let isNamedByFolder = ["best", "model", "latest"].contains { path[slash...] == "/\($0).safetensors" }
    return isNamedByFolder ? String(path[..<slash]) : path
  }

  /// Nothing opened yet.
  static let none = Subject(
    name: "no model", shape: "", latentSize: 0, imageWidth: 28, imageHeight: 28, epoch: 0, step: 0, generation: 0)

  /// A subject of the given sizes.
  init(
    name: String, shape: String, latentSize: Int, imageWidth: Int, imageHeight: Int, epoch: Int, step: Int,
    generation: Int
  ) {
    self.name = name
    self.shape = shape
    self.latentSize = latentSize
    self.imageWidth = imageWidth
    self.imageHeight = imageHeight
    self.epoch = epoch
    self.step = step
    self.generation = generation
  }
}

extension LatentModel {
  /// Whether the variances it encodes were trained.
  var hasPosterior: Bool { !isDeterministic }
}
