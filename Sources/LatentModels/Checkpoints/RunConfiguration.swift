import FoundationEssentials
import HarmlessText

/// What `config.json` holds: the configuration, and beside its parts the run's number, by which its files are known from
/// those of any other. Older runs have no number.
struct RunConfiguration: Encodable {
  var configuration: Configuration
  var identity: String?
  /// What was set live to another value than the configuration's, by the name of the control.
  var controls: [String: Double] = [:]
  /// Controls that a person set in place of their annealing.
  var held: Set<String> = []

  private enum CodingKeys: String, CodingKey {
    case identity = "run"
    case controls
    case held = "setByHand"
  }

  init(_ configuration: Configuration, identity: String?, controls: [String: Double], held: Set<String> = []) {
    self.held = held
    self.configuration = configuration
    self.identity = identity
    let initial = configuration.initialControls
    // Rates of older versions were kept with fewer digits.
    self.controls = controls.filter { name, value in
      held.contains(name) || Float(value) != initial[name].map { Float($0) }
    }
  }

  /// Reads the bytes of `config.json`. Throws what `Configuration(json:)` throws.
  init(_ bytes: [UInt8]) throws {
    configuration = try Configuration(json: String(decoding: bytes, as: UTF8.self))
    configuration.training.findData()
    identity = Self.identity(in: bytes)
    struct Live: Decodable {
      let controls: [String: Double]?
      let setByHand: Set<String>?
    }
    // What was set is told, and not gone on with: checkpoints have it too. Without it the file is as good.
    if let live = try? JSONDecoder().decode(Live.self, from: Data(bytes)) {
      controls = live.controls ?? [:]
      held = live.setByHand ?? []
    }
  }

  /// The run's number alone, whatever else is in the file.
  static func identity(in bytes: [UInt8]) -> String? {
    struct Number: Decodable { let run: String? }
    return (try? JSONDecoder().decode(Number.self, from: Data(bytes)))?.run
  }

  /// A number that no other run has: 128 random bits as 32 hexadecimal digits.
  static func newIdentity() -> String {
    let digits = Array("0123456789abcdef")
    return String((0..<32).map { _ in digits[.random(in: 0..<16)] })
  }

  func encode(to encoder: any Encoder) throws {
    try configuration.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(identity, forKey: .identity)
    if !controls.isEmpty { try container.encode(controls, forKey: .controls) }
    if !held.isEmpty { try container.encode(held.sorted(), forKey: .held) }
  }

  /// The file's text, the same bytes for the same value.
  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self).harmlessJSON + "\n"
  }
}
