import Datasets
import FoundationEssentials

/// Files of numbers, and of words that are classes: what zscope and others write of codes, labels and factors. Their first
/// bytes tell NPY, nested lists of JSON, and comma-separated values apart.
enum NumberFile {
  /// What a file is read as: it says what a first line may be, and how a wrong file is mended.
  enum Purpose {
    case codes
    /// Labels or factors of so many codes.
    case classes(count: Int)

    fileprivate var remedy: String {
      switch self {
      case .codes:
        "write codes as [[0.5, -1], …], as comma-separated values, a row a code, or save them with numpy.save"
      case .classes:
        "write labels as [0, 2, …] or [\"cat\", \"dog\", …], factors as a list of such lists, both also as comma-separated "
          + "values, a row a code, or save them with numpy.save"
      }
    }
  }

  /// What an NPY file begins with.
  static let magic: [UInt8] = [0x93]

  /// The bytes of a file; `-` is standard input.
  ///
  /// - Throws: `DatasetError`; `CommandError` where it is none of numbers, or too large.
  static func read(_ path: String, as purpose: Purpose = .codes) throws -> [UInt8] {
    let place = inputName(path)
    return try readFile(path) { head, size in
      if head.starts(with: magic) { return try NPY.extent(head, size, name: place) }
      guard !head.isEmpty else { throw CommandError("\(place): is empty", remedy: purpose.remedy) }
      guard !NPZ.isArchive(head) else { throw archive(path) }
      // Texts have no other characters that act.
      guard isList(head) || !head.contains(where: { $0 < 0x20 && ![0x09, 0x0A, 0x0D].contains($0) }) else {
        throw noNumbers(place, purpose)
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

  /// What to say of an archive of which no array is named.
  private static func archive(_ path: String) -> CommandError {
    let names = path.hasSuffix(".npz") ? (try? NPZ(path: path).names) ?? [] : []
    let most = 6
    let choice = names.prefix(most).map { "\(path):\($0)" }.joined(separator: ", ") + (names.count > most ? " …" : "")
    return CommandError(
      "\(inputName(path)): is an archive, not an array",
      remedy: names.isEmpty
        ? "save the array with numpy.save, or name it in its archive, as in file.npz:codes"
        : "name one of its arrays: \(choice)")
  }

  /// The numbers in the bytes of the file `path`, none rounded beyond 64 bits: a list of JSON is one axis, all else has two.
  ///
  /// - Throws: `DatasetError`, `CommandError`.
  static func numbers(_ bytes: [UInt8], _ path: String) throws -> StoredNumbers {
    let place = inputName(path)
    if bytes.starts(with: magic) { return try NPY.numbers(bytes, name: place) }
    // Text, numbers and rows: several times what the file takes.
    try MemoryBudget.require(8 * bytes.count, for: place)
    guard isList(bytes) else {
      do {
        return try matrix(rows(bytes, place, count: nil), place)
      } catch let field as NoNumber {
        throw CommandError(
          "\(place): line \(field.line): '\(field.text.prefix(20))' is no number", remedy: Purpose.codes.remedy)
      }
    }
    guard let list = try list(bytes, place) else { throw noNumbers(place, .codes) }
    return list
  }

  /// The labels or factors of `count` codes in the bytes of the file `path`: numbers, or words where some are none.
  ///
  /// - Throws: `DatasetError`, `CommandError`.
  static func classes(_ bytes: [UInt8], _ path: String, count: Int) throws -> Arrays.Content {
    let place = inputName(path)
    if bytes.starts(with: magic) {
      return try NPY.words(bytes, name: place).map { .words($0, numbers: []) }
        ?? .numbers(NPY.numbers(bytes, name: place))
    }
    try MemoryBudget.require(8 * bytes.count, for: place)
    // A word takes more than a number.
    func requireWords() throws { try MemoryBudget.require(32 * bytes.count, for: place) }
    if isList(bytes) {
      if let list = try list(bytes, place) { return .numbers(list) }
      try requireWords()
      let (data, decoder) = (Data(bytes), JSONDecoder())
      if let one = try? decoder.decode([Field].self, from: data) {
        return try words(one.map { [$0] }, shape: [one.count], place) { "entry \($0 + 1)" }
      }
      guard let table = try? decoder.decode([[Field]].self, from: data) else {
        throw noNumbers(place, .classes(count: count))
      }
      return try words(table, shape: [table.count, table.first?.count ?? 0], place) { "row \($0 + 1)" }
    }
    if let rows = try? rows(bytes, place, count: count), !rows.isEmpty { return .numbers(try matrix(rows, place)) }
    try requireWords()
    return try words(bytes, place, count: count)
  }

  /// Whether the first character is one that JSON begins with; marks of the order of bytes and white space aside.
  private static func isList(_ bytes: [UInt8]) -> Bool {
    let first = bytes.first { ![0xEF, 0xBB, 0xBF, 0xFE, 0xFF, 0x20, 0x0A, 0x0D, 0x09].contains($0) }
    return first == UInt8(ascii: "[") || first == UInt8(ascii: "{")
  }

  /// A list of numbers `[n]`, or a list of such lists as a matrix; nil where it is neither.
  private static func list(_ bytes: [UInt8], _ place: String) throws -> StoredNumbers? {
    let data = Data(bytes)
    let decoder = JSONDecoder()
    if let one = try? decoder.decode([Double].self, from: data), !one.isEmpty { return stored(one, shape: [one.count]) }
    if let rows = try? decoder.decode([[Double]].self, from: data) { return try matrix(rows, place) }
    try refuseUndefined(bytes, place, decoder)
    return nil
  }

  /// Refuses lists of numbers in which some are none, as other programs write them: `NaN` and `Infinity` are not JSON, and
  /// null stands for them.
  private static func refuseUndefined(_ bytes: [UInt8], _ place: String, _ decoder: JSONDecoder) throws {
    var text = String(decoding: bytes, as: UTF8.self)
    for name in ["NaN", "-Infinity", "Infinity"] { text = text.replacing(name, with: "null") }
    let data = Data(text.utf8)
    if let one = try? decoder.decode([Double?].self, from: data), let entry = one.firstIndex(of: nil) {
      throw notFinite("\(place): entry \(entry + 1)")
    }
    if let rows = try? decoder.decode([[Double?]].self, from: data),
      let row = rows.firstIndex(where: { $0.contains(nil) })
    {
      throw notFinite("\(place): row \(row + 1)")
    }
  }

  /// What to say of a place where a value is infinite or none.
  static func notFinite(_ place: String) -> CommandError {
    CommandError("\(place): a value is not a finite number", remedy: "look at how it was made")
  }

  /// A field of a table of numbers that is none.
  private struct NoNumber: Error {
    let line: Int
    let text: Substring
  }

  /// Comma-separated values (RFC 4180) as rows of numbers. The first line is a header where it is one of words, or where it
  /// counts the columns from 0, as zscope once headed tables, and there are rows behind it: `count` of them, where that is
  /// known. The latter is told, for it may be a code. Of codes, columns that a header of words says are none are left out.
  ///
  /// - Throws: `NoNumber`.
  private static func rows(_ bytes: [UInt8], _ place: String, count: Int?) throws -> [[Double]] {
    var rows: [[Double]] = []
    var (isFirst, isCounting) = (true, false)
    var header: [Substring] = []
    var dimensions: [Int] = []
    try forEachLine(bytes) { line, fields in
      defer { isFirst = false }
      if isFirst, isHeader(fields) {
        header = fields
        dimensions = fields.indices.filter { count != nil || !besideCodes.contains(fields[$0].lowercased()) }
        return
      }
      let values = fields.count == header.count ? dimensions.map { fields[$0] } : fields
      let numbers = values.compactMap { Double($0) }
      guard numbers.count == values.count else {
        throw NoNumber(line: line, text: values.first { Double($0) == nil } ?? "")
      }
      if isFirst { isCounting = areCounted(fields) }
      rows.append(numbers)
    }
    if dimensions.count < header.count {
      let left = header.indices.filter { !dimensions.contains($0) }.map { column in
        "column \(column + 1) (\(header[column].isEmpty ? "without a name" : "\(header[column])"))"
      }
      let taken = left.count == 1 ? "is taken for no dimension" : "are taken for no dimensions"
      StandardError.complain("\(place): \(left.joined(separator: ", ")) \(taken) and left out")
    }
    if isCounting, count.map({ rows.count == $0 + 1 }) ?? (rows.count > 1) {
      rows.removeFirst()
      StandardError.complain(
        "\(place): the first line counts the columns and was taken for a header; if it is a row, write 0.0 in place of 0"
      )
    }
    return rows
  }

  /// How columns are headed that stand beside codes: the rows' names, and their classes, as in the tables of `tsne`.
  private static let besideCodes: Set<String> = ["", "class", "label"]

  /// Whether fields name columns: there is a word, and none begins as a number does. A broken row is none. A table with the
  /// names of its rows counts its columns behind a blank field, as pandas writes it.
  private static func isHeader(_ fields: [some StringProtocol]) -> Bool {
    func isNumber(_ field: some StringProtocol) -> Bool {
      Double(field) != nil || field.drop { "+-−.".contains($0) }.first?.isNumber ?? false
    }
    if fields.count > 1, fields[0].isEmpty, areCounted(fields.dropFirst()) { return true }
    return fields.contains { !$0.isEmpty } && !fields.contains { isNumber($0) }
  }

  /// Whether fields count columns from 0.
  private static func areCounted(_ fields: some Sequence<some StringProtocol>) -> Bool {
    fields.enumerated().allSatisfy { $1 == "\($0)" }
  }

  /// Calls `body` with the number, from 1, and the fields of every line that is not blank.
  private static func forEachLine(_ bytes: [UInt8], _ body: (Int, [Substring]) throws -> Void) rethrows {
    let text = String(decoding: bytes, as: UTF8.self)
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    if let first = lines.first, first.hasPrefix("\u{FEFF}") { lines[0] = first.dropFirst() }
    for (index, line) in lines.enumerated() where !line.allSatisfy({ $0 == " " || $0 == "\t" }) {
      try body(index + 1, fields(of: line))
    }
  }

  /// The fields of a line; a comma within quotes parts none.
  private static func fields(of line: Substring) -> [Substring] {
    guard line.utf8.contains(UInt8(ascii: "\"")) else {
      return line.split(separator: ",", omittingEmptySubsequences: false).map(trimmed)
    }
    var isQuoted = false
    return line.split(omittingEmptySubsequences: false) { character in
      if character == "\"" { isQuoted.toggle() }
      return character == "," && !isQuoted
    }.map(trimmed)
  }

  /// A field without blanks and quotes around it.
  private static func trimmed(_ field: Substring) -> Substring {
    var field = field
    while let first = field.first, " \t\"".contains(first) { field.removeFirst() }
    while let last = field.last, " \t\"".contains(last) { field.removeLast() }
    return field
  }

  private static func matrix(_ rows: [[Double]], _ place: String) throws -> StoredNumbers {
    let width = try width(of: rows, place)
    return stored(rows.flatMap { $0 }, shape: [rows.count, width])
  }

  private static func width<Value>(of rows: [[Value]], _ place: String) throws -> Int {
    guard let width = rows.first?.count, width > 0 else {
      throw CommandError(
        "\(place): \(rows.isEmpty ? "there are no rows" : "the first row is empty")",
        remedy: "give every code the same number of values")
    }
    if let other = rows.firstIndex(where: { $0.count != width }) {
      throw CommandError(
        "\(place): row \(other + 1) has \(counted(rows[other].count, "value")), and the first has \(width)",
        remedy: "give every code the same number of values")
    }
    return width
  }

  /// Whole numbers throughout may be classes, as those of an array of integers are.
  static func stored(_ values: [Double], shape: [Int]) -> StoredNumbers {
    let areWhole = values.allSatisfy { $0 == $0.rounded() && abs($0) <= 0x1p53 }
    return StoredNumbers(shape: shape, type: areWhole ? .signed64 : .float64, elements: .real(values))
  }

  private static func noNumbers(_ place: String, _ purpose: Purpose) -> CommandError {
    CommandError("\(place): this is no list of numbers, and no list of such lists", remedy: purpose.remedy)
  }
}

/// Words.
extension NumberFile {
  /// A word, or a number in the place of one.
  private struct Field: Decodable {
    let text: String
    /// Nil of a word.
    let number: Double?

    /// A field of comma-separated values.
    init(_ field: Substring) {
      text = String(field).replacing("\"\"", with: "\"")
      number = Double(field).flatMap { $0.isFinite ? $0 : nil }
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let word = try? container.decode(String.self) {
        (text, number) = (word, nil)
      } else {
        let value = try container.decode(Double.self)
        (text, number) = (Int(exactly: value).map { "\($0)" } ?? "\(value)", value)
      }
    }
  }

  /// Comma-separated values with words in them. The first line is a header where there is one line more than codes, or
  /// where it is one of words and a column holds numbers but for it.
  private static func words(_ bytes: [UInt8], _ place: String, count: Int) throws -> Arrays.Content {
    var rows: [[Field]] = []
    var lines: [Int] = []
    forEachLine(bytes) { line, fields in
      rows.append(fields.map { Field($0) })
      lines.append(line)
    }
    let width = try width(of: rows, place)
    let hasHeader =
      rows.count > 1
      && (rows.count == count + 1
        || isHeader(rows[0].map(\.text))
          && (0..<width).contains { column in rows.dropFirst().allSatisfy { $0[column].number != nil } })
    if hasHeader {
      rows.removeFirst()
      lines.removeFirst()
    }
    // Where words are missing, the others would move up.
    if let gap = lines.indices.dropFirst().first(where: { lines[$0] != lines[$0 - 1] + 1 }) {
      throw CommandError("\(place): line \(lines[gap] - 1) is empty", remedy: "write a word for every code")
    }
    return try words(rows, shape: [rows.count, width], place) { "line \(lines[$0])" }
  }

  /// Rows of words `[n]` or `[n, columns]`; a column may hold numbers alone.
  private static func words(
    _ rows: [[Field]], shape: [Int], _ place: String, named name: (Int) -> String
  ) throws -> Arrays.Content {
    let width = try width(of: rows, place)
    for column in 0..<width {
      guard rows.contains(where: { $0[column].number == nil }) else { continue }
      // Among words a number is the name of a class; among measurements a word is a mistake.
      let isMeasured = rows.contains { $0[column].number.map { $0 != $0.rounded() } ?? false }
      guard let bad = rows.firstIndex(where: { $0[column].text.isEmpty || isMeasured && $0[column].number == nil })
      else {
        continue
      }
      throw CommandError(
        "\(place): \(name(bad)): '\(rows[bad][column].text.prefix(20))' is no \(isMeasured ? "number" : "word")",
        remedy: "a column holds numbers, or a word for every code")
    }
    let fields = rows.flatMap { $0 }
    return .words(StoredWords(shape: shape, words: fields.map(\.text)), numbers: fields.map(\.number))
  }
}
