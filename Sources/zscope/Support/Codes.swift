import Datasets
import LatentModels
import Tensors

/// Reading codes for a model.
enum Codes {
  /// Codes `[n, latent]` of `model` from a file (.npy, .json, .csv, `file.npz:name`), from standard input (`-`), or written
  /// out as `0.5,-1.2`; the weights of classes are held against the rule of ``ClassWeights``.
  ///
  /// A matrix of `[n, 2 · latent]`, as `encode` writes it, counts by its means. Throws where nothing fits.
  ///
  /// - Parameter mayLackClasses: whether the dimensions of a model with classes, `[n, dimensions]`, will do: each code is
  ///   then at `class`, or at the first.
  static func read(
    _ source: String, of model: LatentModel, mayLackClasses: Bool = false, class name: String? = nil
  ) throws -> Tensor {
    let (variables, latent) = (model.variables, model.latentSize)
    let place = inputName(source)
    let codes = try checked(load(source), place, of: model, mayLackClasses: mayLackClasses)
    let rows = codes.shape[0]
    guard variables.contains(where: \.isCategorical) else { return codes }
    if mayLackClasses, codes.shape[1] == variables.dimensions.count {
      return Tensor(
        shape: [rows, latent],
        elements: try (0..<rows).flatMap { row in
          try ClassWeights.completing(Array(codes.row(row)), class: name, of: variables)
        })
    }
    if let name {
      throw CommandError(
        "--class \(name.visibleName): a code of \(latent) values says its classes itself",
        remedy: "leave it out, or give the \(Text.counted(variables.dimensions.count, "dimension")) alone")
    }
    for row in 0..<rows {
      try ClassWeights.check(
        Array(codes.row(row)), of: variables, place: rows == 1 ? place : "\(place): row \(row + 1)",
        mayLack: mayLackClasses)
    }
    return codes
  }

  /// The column of a dimension of a model's codes, counted from 0 over what is no class; throws where there is none.
  static func column(_ dimension: Int, of model: LatentModel) throws -> Int {
    let columns = model.variables.dimensions
    guard columns.indices.contains(dimension) else {
      let names = model.variables.dimensionNames
      throw CommandError(
        "--dimension \(dimension): the model has \(columns.count) latent dimensions",
        remedy: columns.isEmpty
          ? "choose a class instead"
          : "use 0 to \(columns.count - 1), which the explorer shows as \(names.first ?? "") to \(names.last ?? "")")
    }
    return columns[dimension]
  }

  /// `steps` values from one to another, evenly spaced; of one step the first.
  static func values(from first: Float, to last: Float, steps: Int) -> [Float] {
    (0..<steps).map { step in
      let share = steps == 1 ? 0 : Float(step) / Float(steps - 1)
      // Weights on both ends, so that no difference between them can overflow.
      return first * (1 - share) + last * share
    }
  }

  /// One code; a file must hold exactly one row. Of a model with classes the dimensions alone will do, at `class` or the
  /// first; without a source they are 0.
  static func readOne(_ source: String?, of model: LatentModel, class name: String?) throws -> [Float] {
    guard let source else {
      let dimensions = [Float](repeating: 0, count: model.variables.dimensions.count)
      return try ClassWeights.completing(dimensions, class: name, of: model.variables)
    }
    if let name, !model.variables.contains(where: \.isCategorical) {
      throw CommandError("--class \(name.visibleName): the model has no classes", remedy: "leave it out")
    }
    let codes = try read(source, of: model, mayLackClasses: true, class: name)
    guard codes.shape[0] == 1 else {
      throw CommandError(
        "\(inputName(source)): holds \(codes.shape[0]) codes where one is asked for", remedy: "give one row")
    }
    return codes.elements
  }

  /// An array as it is stored: a list is one of one axis.
  private static func load(_ source: String) throws -> Tensor {
    let parts = source.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Float(String($0.filter { $0 != " " })) }
    if numbers.count == parts.count { return Tensor(shape: [numbers.count], elements: numbers) }
    return try Arrays.read(source).tensor
  }

  private static func checked(
    _ stored: Tensor, _ place: String, of model: LatentModel, mayLackClasses: Bool
  ) throws -> Tensor {
    let latent = model.latentSize
    let codes = stored.shape.count == 1 ? stored.reshaped([1, stored.count]) : stored
    guard codes.shape.count == 2, codes.shape[0] > 0 else {
      throw CommandError("\(place): codes of shape \(codes.shape)", remedy: "give a matrix [n, \(latent)]")
    }
    let width = codes.shape[1]
    if let index = codes.elements.firstIndex(where: { !$0.isFinite }) {
      throw NumberFile.notFinite(codes.shape[0] == 1 ? place : "\(place): row \(index / width + 1)")
    }
    if width == latent { return codes }
    if width == 2 * latent { return codes.choosing(columns: Array(0..<latent)) }
    guard model.variables.contains(where: \.isCategorical) else {
      throw CommandError(
        "\(place): \(width) values a code, but the model has \(latent) latent dimensions",
        remedy: "give \(latent) values, or \(2 * latent) as `zscope encode` writes them")
    }
    let dimensions = model.variables.dimensions.count
    if mayLackClasses, width == dimensions { return codes }
    throw CommandError(
      "\(place): \(width) values a code, but one of this model has \(latent): \(ClassWeights.order(of: model.variables))",
      remedy: "give \(latent) values, or \(2 * latent) as `zscope encode` writes them"
        + (mayLackClasses ? ", or the \(Text.counted(dimensions, "dimension")) alone" : ""))
  }
}
