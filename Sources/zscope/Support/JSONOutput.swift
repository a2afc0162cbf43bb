import FoundationEssentials
import HarmlessText

/// Results as one JSON object for other programs.
enum JSONOutput {
  /// Prints `value` with sorted keys, and escapes for what is not printable; numbers that JSON cannot hold become the strings
  /// "NaN", "Infinity", "-Infinity", and those of settings and controls "inf" and "-inf", as files have them.
  static func print(_ value: some Encodable) throws {
    try StandardOutput.write(document: text(value) + "\n")
  }

  static func text(_ value: some Encodable, pretty: Bool = true) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return String(decoding: try encoder.encode(value), as: UTF8.self).harmlessJSON
  }
}
