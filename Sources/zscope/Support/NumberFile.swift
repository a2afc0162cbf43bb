import Datasets
import FoundationEssentials

/// Files of numbers: what zscope and others write of codes, classes and factors. Their first bytes tell NPY, nested lists
/// of JSON, and comma-separated values apart.
enum NumberFile {
  /// What an NPY file begins with.
  static let magic: [UInt8] = [0x93]

  /// The bytes of a file; `-` is standard input.
  ///
  /// - Throws: `DatasetError`; `CommandError` where it is none of numbers, or too large.
  static func read(_ path: String) throws -> [UInt8] {
    let place = inputName(path)
    return try readFile(path) { head, size in
      if head.starts(with: magic) { return try NPY.extent(head, size, name: place) }
      guard !head.isEmpty else { throw CommandError("\(place): is empty", remedy: remedy) }
      // Texts have no other characters that act.
      guard isList(head) || !head.contains(where: { $0 < 0x20 && ![0x09, 0x0A, 0x0D].contains($0) }) else {
        throw noNumbers(place)
      }
      guard size ?? 0 <= largest else {
        throw CommandError(
          "\(place): holds more text than the \(largest >> 20) MiB that are read",
          remedy: "save the array with numpy.save")
      }
      return .upTo(largest)
    }
  }

  /// More text is no table that somebody wrote: some ten million numbers.
  private static let largest = 1 << 26

  /// The numbers in the bytes of the file `path`, none rounded beyond 64 bits: a list of JSON is one axis, all else has two.
  ///
  /// - Throws: `DatasetError`, `CommandError`.
  static func numbers(_ bytes: [UInt8], _ path: String) throws -> StoredNumbers {
    let place = inputName(path)
    if bytes.starts(with: magic) { return try NPY.numbers(bytes, name: place) }
    // Text, numbers and rows: several times what the file takes.
    try MemoryBudget.require(8 * bytes.count, for: place)
    return isList(bytes) ? try lists(bytes, place) : try table(bytes, place)
  }

  /// Whether the first character is one that JSON begins with; marks of the order of bytes and white space aside.
  private static func isList(_ bytes: [UInt8]) -> Bool {
    let first = bytes.first { ![0xEF, 0xBB, 0xBF, 0xFE, 0xFF, 0x20, 0x0A, 0x0D, 0x09].contains($0) }
    return first == UInt8(ascii: "[") || first == UInt8(ascii: "{")
  }

  /// A list of numbers `[n]`, or a list of such lists as a matrix.
  private static func lists(_ bytes: [UInt8], _ place: String) throws -> StoredNumbers {
    let data = Data(bytes)
    let decoder = JSONDecoder()
    if let one = try? decoder.decode([Double].self, from: data), !one.isEmpty { return stored(one, shape: [one.count]) }
    guard let rows = try? decoder.decode([[Double]].self, from: data) else { throw noNumbers(place) }
    return try matrix(rows, place)
  }

  /// Comma-separated values (RFC 4180) as a matrix. The first line is a header where one of its fields is no number, or
  /// where they count the columns from 0, as in the tables that zscope writes of arrays.
  private static func table(_ bytes: [UInt8], _ place: String) throws -> StoredNumbers {
    let text = String(decoding: bytes, as: UTF8.self)
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    if let first = lines.first, first.hasPrefix("\u{FEFF}") { lines[0] = first.dropFirst() }
    var rows: [[Double]] = []
    for (index, line) in lines.enumerated() where !line.allSatisfy({ $0 == " " || $0 == "\t" }) {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(trimmed)
      let numbers = fields.map { Double($0) }
      if index == 0, numbers.contains(nil) || fields.enumerated().allSatisfy({ $1 == "\($0)" }) { continue }
      rows.append(
        try zip(fields, numbers).map { field, number in
          guard let number else {
            throw CommandError(
              "\(place): line \(index + 1): '\(field.prefix(20))' is no number", remedy: remedy)
          }
          return number
        })
    }
    return try matrix(rows, place)
  }

  /// A field without blanks and quotes around it.
  private static func trimmed(_ field: Substring) -> Substring {
    var field = field
    while let first = field.first, " \t\"".contains(first) { field.removeFirst() }
    while let last = field.last, " \t\"".contains(last) { field.removeLast() }
    return field
  }

  private static func matrix(_ rows: [[Double]], _ place: String) throws -> StoredNumbers {
    guard let width = rows.first?.count, width > 0, rows.allSatisfy({ $0.count == width }) else {
      throw CommandError(
        "\(place): \(rows.isEmpty ? "there are no rows" : "the rows are empty or of different lengths")",
        remedy: "give every code the same number of values")
    }
    return stored(rows.flatMap { $0 }, shape: [rows.count, width])
  }

  /// Whole numbers throughout may be classes, as those of an array of integers are.
  private static func stored(_ values: [Double], shape: [Int]) -> StoredNumbers {
    let areWhole = values.allSatisfy { $0 == $0.rounded() && abs($0) <= 0x1p53 }
    return StoredNumbers(shape: shape, type: areWhole ? .signed64 : .float64, elements: .real(values))
  }

  private static func noNumbers(_ place: String) -> CommandError {
    CommandError("\(place): this is no list of numbers, and no list of such lists", remedy: remedy)
  }

  private static let remedy =
    "write codes as [[0.5, -1], …], as comma-separated values, a row a code, or save them with numpy.save"
}
