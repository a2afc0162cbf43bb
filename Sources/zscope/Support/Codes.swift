import Datasets
import FoundationEssentials
import LatentModels
import Tensors

/// Arrays as nested JSON lists.
enum JSONArrays {
  /// A list of numbers or a list of such lists, as a matrix; throws `CommandError` naming `place`.
  static func matrix(_ bytes: [UInt8], place: String) throws -> Tensor {
    // Text, numbers and lists: several times what the file takes.
    try MemoryBudget.require(8 * bytes.count, for: place)
    let data = Data(bytes)
    let decoder = JSONDecoder()
    let rows: [[Float]]
    if let one = try? decoder.decode([Float].self, from: data) {
      rows = [one]
    } else if let many = try? decoder.decode([[Float]].self, from: data) {
      rows = many
    } else {
      throw noLists(place)
    }
    guard let width = rows.first?.count, width > 0, rows.allSatisfy({ $0.count == width }) else {
      throw CommandError(
        "\(place): the lists are empty or of different lengths", remedy: "give every code the same number of values")
    }
    return Tensor(shape: [rows.count, width], elements: rows.flatMap { $0 })
  }

  /// More text is no list that somebody wrote: some ten million numbers.
  private static let largest = 1 << 26

  /// How much is read of a file of JSON whose first bytes are `head`; throws `CommandError` where it is none, or too
  /// large.
  static func extent(_ head: [UInt8], _ size: Int?, place: String) throws -> FileExtent {
    // Marks of the order of bytes, and white space.
    let first = head.first { ![0xEF, 0xBB, 0xBF, 0xFE, 0xFF, 0x20, 0x0A, 0x0D, 0x09].contains($0) }
    guard first == UInt8(ascii: "[") || first == nil && !head.isEmpty else { throw noLists(place) }
    guard size ?? 0 <= largest else {
      throw CommandError(
        "\(place): holds more JSON than the \(largest >> 20) MiB that are read",
        remedy: "save the codes with numpy.save")
    }
    return .upTo(largest)
  }

  private static func noLists(_ place: String) -> CommandError {
    CommandError(
      "\(place): this is not JSON with a list of numbers or a list of such lists",
      remedy: "write codes as [[0.5, -1], …], or save them with numpy.save")
  }
}

/// Reading codes for a model.
enum Codes {
  /// Codes `[n, latent]` from a file (.npy, .json), from standard input (`-`, either format), or written out as `0.5,-1.2`.
  ///
  /// A matrix of `[n, 2 · latent]`, as `encode` writes it, counts by its means. Throws where nothing fits.
  static func read(_ source: String, latent: Int) throws -> Tensor {
    try checked(load(source), source, latent: latent)
  }

  /// The column of a dimension of a model's codes, counted from 0 over what is no class; throws where there is none.
  static func column(_ dimension: Int, of model: LatentModel) throws -> Int {
    let columns = model.variables.dimensions
    guard columns.indices.contains(dimension) else {
      throw CommandError(
        "--dimension \(dimension): the model has \(columns.count) latent dimensions",
        remedy: columns.isEmpty
          ? "choose a class instead"
          : "use 0 to \(columns.count - 1), which the explorer shows as z1 to z\(columns.count)")
    }
    return columns[dimension]
  }

  /// One code of `latent` values; a file must hold exactly one row.
  static func readOne(_ source: String, latent: Int) throws -> [Float] {
    let codes = try read(source, latent: latent)
    guard codes.shape[0] == 1 else {
      throw CommandError("\(source): holds \(codes.shape[0]) codes where one is asked for", remedy: "give one row")
    }
    return codes.elements
  }

  /// Any matrix of numbers `[n, dimensions]` from a file (.npy, .json) or standard input (`-`); throws where it is none.
  static func matrix(_ source: String) throws -> Tensor {
    let matrix = try load(source)
    guard matrix.shape.count == 2, matrix.count > 0 else {
      throw CommandError("\(source): an array of shape \(matrix.shape)", remedy: "give a matrix [n, dimensions]")
    }
    return matrix
  }

  private static func load(_ source: String) throws -> Tensor {
    let parts = source.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Float(String($0.filter { $0 != " " })) }
    if numbers.count == parts.count { return Tensor(shape: [1, numbers.count], elements: numbers) }
    let place = inputName(source)
    let bytes = try readFile(source) { head, size in
      try head.first == 0x93
        ? NPY.extent(head, size, name: place) : JSONArrays.extent(head, size, place: place)
    }
    if bytes.first == 0x93 {
      let array = try NPY.decode(bytes, name: place)
      return array.shape.count == 1 ? array.tensor.reshaped([1, array.count]) : array.tensor
    }
    return try JSONArrays.matrix(bytes, place: place)
  }

  private static func checked(_ codes: Tensor, _ source: String, latent: Int) throws -> Tensor {
    guard codes.shape.count == 2, codes.shape[0] > 0 else {
      throw CommandError("\(source): codes of shape \(codes.shape)", remedy: "give a matrix [n, \(latent)]")
    }
    guard codes.elements.allSatisfy({ $0.isFinite }) else {
      throw CommandError("\(source): a value is not a finite number", remedy: "look at how the codes were made")
    }
    if codes.shape[1] == latent { return codes }
    guard codes.shape[1] == 2 * latent else {
      throw CommandError(
        "\(source): \(codes.shape[1]) values a code, but the model has \(latent) latent dimensions",
        remedy: "give \(latent) values, or \(2 * latent) as `zscope encode` writes them")
    }
    return Tensor(
      shape: [codes.shape[0], latent], elements: (0..<codes.shape[0]).flatMap { codes.row($0).prefix(latent) })
  }
}
