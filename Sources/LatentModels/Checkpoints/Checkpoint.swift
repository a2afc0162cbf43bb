import CZlib
import Datasets
import FoundationEssentials
import HarmlessText
import Tensors

/// What can be wrong with a checkpoint.
public enum CheckpointError: Error, CustomStringConvertible {
  /// The file is no sound checkpoint; `problem` says why.
  case damaged(path: String, problem: String)
  /// The file was written by another version of the program.
  case version(path: String, found: String)
  /// The file is beside another of a different step, or of other data.
  case mismatch(path: String, problem: String)

  public var description: String {
    switch self {
    case .damaged(let path, let problem): "\(path) cannot be used as a checkpoint: \(problem)"
    case .version(let path, let found):
      "\(path) has the checkpoint version \(found); this program reads version \(Checkpoint.version): "
        + "use the version of zscope that wrote it"
    case .mismatch(let path, let problem): "\(path): \(problem)"
    }
  }
}

/// Reads and writes models as safetensors: weights under PyTorch's names; in the metadata the configuration, the state
/// of training and a checksum.
///
/// The metadata's keys: `format` ("zscope"), `version`, `configuration` (JSON), `step`, `epoch`, `seed`, `state` (JSON:
/// everything a training needs to go on beside weights and moments), `optimiser` (the file of the moments beside this
/// one), `dataDigest`, `run` (the number of the run whose file it is),
/// `controls` (JSON: what was set live, such as β), `setByHand` (JSON: those of them that a person set in place of their
/// annealing), and `checksum`: the CRC-32 of the data section followed by every other key and value in order,
/// each ended by a zero byte. Whoever changes the weights with another tool writes "none" there; weights that were
/// converted to another floating-point type are read, converted back, without it.
public enum Checkpoint {
  /// The version of the format that is written and read.
  public static let version = "1"

  /// Everything in a checkpoint.
  struct Contents {
    var model: LatentModel
    var state: TrainingState?
    var optimiserFile: String?
    var metadata: [String: String]

    /// What the controls of the training were set to; nil in files of older versions that hold no state.
    var controls: [String: Double]? {
      if let state { return state.controls }
      return metadata["controls"].flatMap { try? JSONDecoder().decode([String: Double].self, from: Data($0.utf8)) }
    }

    /// Controls that a person set in place of their annealing.
    var held: Set<String> {
      if let state { return state.held }
      let names = metadata["setByHand"].flatMap { try? JSONDecoder().decode([String].self, from: Data($0.utf8)) }
      return Set(names ?? [])
    }
  }

  /// Writes `model` to `path` atomically, without the state that continuing a training needs. Throws a `DatasetError`
  /// if it cannot be written.
  public static func save(_ model: LatentModel, to path: String) throws {
    try writeAtomically(encode(model), to: path)
  }

  static func encode(
    _ model: LatentModel, state: TrainingState? = nil, optimiserFile: String? = nil, run: String? = nil,
    controls: [String: Double]? = nil, held: Set<String> = []
  ) throws -> [UInt8] {
    var tensors: [String: Tensor] = [:]
    for name in model.parameters.names { tensors[name] = model.parameters[name] }
    var metadata = [
      "format": "zscope", "version": version, "configuration": try model.configuration.json(),
      "step": "\(model.step)", "epoch": "\(model.epoch)", "seed": "\(model.configuration.training.seed)",
    ]
    metadata["dataDigest"] = model.dataDigest
    metadata["optimiser"] = optimiserFile
    metadata["run"] = run
    if let state { metadata["state"] = try state.json() }
    if let controls = controls ?? state?.controls { metadata["controls"] = try json(of: controls) }
    if !held.isEmpty { metadata["setByHand"] = try json(of: held.sorted()) }
    return seal(tensors, metadata: metadata)
  }

  private static func json(of controls: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return String(decoding: try encoder.encode(controls), as: UTF8.self).harmlessJSON
  }

  /// Reads the model at `path`. Throws a `CheckpointError` that names what is wrong, or a `DatasetError` if the file
  /// cannot be read.
  public static func load(_ path: String) throws -> LatentModel { try read(path).model }

  static func read(_ path: String) throws -> Contents {
    try decode(try readFile(path, limit: largestFile), path: path)
  }

  /// The most bytes a checkpoint or its moments may have: what the largest model takes, and its header.
  static let largestFile = 2 * 4 * ModelConfiguration.mostParameters + Safetensors.largestHeader

  static func decode(_ bytes: [UInt8], path: String) throws -> Contents {
    func damaged(_ problem: String) -> CheckpointError { .damaged(path: path, problem: problem) }
    do {
      let (file, metadata) = try open(bytes, path: path)
      guard let json = metadata["configuration"] else { throw damaged("its metadata lack the configuration") }
      var configuration = try Configuration(json: json)
      configuration.training.findData()
      let shapes = configuration.model.parameters
      var tensors: [String: Tensor] = [:]
      for (name, shape) in shapes {
        let tensor = try file.tensor(name, shape: shape)
        guard tensor.elements.allFinite else {
          throw damaged(
            "weights in \(name) are infinite or not numbers: the training had diverged; use an earlier checkpoint")
        }
        tensors[name] = tensor
      }
      if let surplus = file.entries.first(where: { tensors[$0.name] == nil }) {
        throw damaged("it holds a tensor \(surplus.name), which a model \(configuration.model) does not have")
      }
      guard let step = metadata["step"].flatMap({ Int($0) }), let epoch = metadata["epoch"].flatMap({ Int($0) }) else {
        throw damaged("its metadata lack the step or the epoch")
      }
      guard Limits.steps.contains(step), Limits.epochs.contains(epoch) else {
        throw damaged("step \(step) of epoch \(epoch) cannot be")
      }
      let model = try LatentModel(
        configuration: configuration, parameters: Parameters(tensors), step: step, epoch: epoch,
        dataDigest: metadata["dataDigest"])
      return Contents(
        model: model, state: try metadata["state"].map { try TrainingState(json: $0) },
        optimiserFile: metadata["optimiser"], metadata: metadata)
    } catch let error as CheckpointError {
      throw error
    } catch let error as DecodingError {
      throw damaged("its state of training is unreadable: \(error.explanation)")
    } catch {
      throw damaged("\(error)")
    }
  }

  /// The tensors of a file that this program wrote, after version and checksum have been looked at.
  static func open(_ bytes: [UInt8], path: String) throws -> (file: Safetensors, metadata: [String: String]) {
    if let kind = ForeignFile.kind(of: bytes) {
      throw CheckpointError.damaged(path: path, problem: "it is \(kind.name), not a safetensors file\(kind.remedy)")
    }
    let file: Safetensors
    do { file = try Safetensors(bytes: bytes) } catch { throw CheckpointError.damaged(path: path, problem: "\(error)") }
    guard file.metadata["format"] == "zscope" else {
      throw CheckpointError.damaged(path: path, problem: "its metadata do not say that zscope wrote it")
    }
    guard file.metadata["version"] == version else {
      throw CheckpointError.version(path: path, found: file.metadata["version"] ?? "none")
    }
    guard let recorded = file.metadata["checksum"] else {
      throw CheckpointError.damaged(path: path, problem: "its metadata lack the checksum")
    }
    let found = file.withData { checksum($0, file.metadata) }
    // Weights are written as F32: of what another tool has converted the recorded checksum cannot be.
    let isConverted = file.entries.contains { $0.type != .float32 }
    guard recorded == "none" || recorded == found || isConverted else {
      throw CheckpointError.damaged(
        path: path,
        problem: "its content (checksum \(found)) is not what was written (\(recorded)): bytes have changed; "
          + "who changed them on purpose writes none as the checksum")
    }
    return (file, file.metadata)
  }

  /// Encodes tensors and metadata with a checksum over both.
  static func seal(_ tensors: [String: Tensor], metadata: [String: String]) -> [UInt8] {
    var crc: UInt = crc32(0, nil, 0)
    for name in tensors.keys.sorted() {
      tensors[name]?.elements.withUnsafeBytes { crc = update(crc, $0) }
    }
    var metadata = metadata
    metadata["checksum"] = hexadecimal(update(crc, metadata))
    return Safetensors.encode(tensors, metadata: metadata)
  }

  private static func checksum(_ data: UnsafeRawBufferPointer, _ metadata: [String: String]) -> String {
    hexadecimal(update(update(crc32(0, nil, 0), data), metadata.filter { $0.key != "checksum" }))
  }

  private static func update(_ crc: UInt, _ metadata: [String: String]) -> UInt {
    metadata.sorted { $0.key < $1.key }.reduce(crc) { crc, pair in
      Array("\(pair.key)\0\(pair.value)\0".utf8).withUnsafeBytes { update(crc, $0) }
    }
  }

  private static func update(_ crc: UInt, _ bytes: UnsafeRawBufferPointer) -> UInt {
    var crc = crc
    var rest = bytes[...]
    while !rest.isEmpty {
      // zlib counts bytes in 32 bits.
      let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
      crc = crc32(crc, piece.bindMemory(to: UInt8.self).baseAddress, UInt32(piece.count))
      rest = rest.dropFirst(piece.count)
    }
    return crc
  }

  private static func hexadecimal(_ crc: UInt) -> String {
    let digits = String(crc, radix: 16)
    return String(repeating: "0", count: max(0, 8 - digits.count)) + digits
  }
}
