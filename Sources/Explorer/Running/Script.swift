import Terminal

/// A script of keys: words separated by blanks.
///
/// A word is a key as `Key` prints it (`right`, `m`, `ctrl-r`), repeated by `*5`; or `wait:2s` (news from training is
/// taken in meanwhile), `until:trained` (at most ten minutes, and refused of a training that is paused), `size:80x24`, or
/// `type:TEXT`. A mark may be written as messages tell of it: `ma` sets one and `'a` comes back to it, as `m a` and `' a` do.
struct Script: Sendable {
  enum Step: Sendable, Hashable {
    case key(Key)
    case wait(Duration)
    case untilTrained
    case resize(Int, Int)
  }

  let steps: [Step]

  /// Whether any of them is a key.
  var hasKeys: Bool { steps.contains { if case .key = $0 { true } else { false } } }

  /// Reads a script. Throws `ScriptError` with the word that is wrong.
  init(_ text: String) throws(ScriptError) {
    var steps: [Step] = []
    for word in text.split(whereSeparator: \.isWhitespace) { steps += try Self.steps(String(word)) }
    self.steps = steps
  }

  private static func steps(_ word: String) throws(ScriptError) -> [Step] {
    if word == "until:trained" { return [.untilTrained] }
    if word.hasPrefix("wait:") {
      let text = word.dropFirst(5)
      let isMilliseconds = text.hasSuffix("ms")
      guard let number = Double(text.dropLast(isMilliseconds ? 2 : text.hasSuffix("s") ? 1 : 0)),
        (0...3600).contains(isMilliseconds ? number / 1000 : number)
      else { throw ScriptError(word: word, remedy: "write wait:2s or wait:300ms, up to an hour") }
      return [.wait(isMilliseconds ? .milliseconds(Int(number)) : .milliseconds(Int(number * 1000)))]
    }
    if word.hasPrefix("size:") {
      let parts = word.dropFirst(5).split(separator: "x").compactMap { Int($0) }
      guard parts.count == 2, (1...1000).contains(parts[0]), (1...1000).contains(parts[1]) else {
        throw ScriptError(word: word, remedy: "write size:80x24")
      }
      return [.resize(parts[0], parts[1])]
    }
    if word.hasPrefix("type:"), word.count > 5 {
      return word.dropFirst(5).unicodeScalars.map { .key(Key($0)) }
    }
    var name = word
    var count = 1
    // Any number is meant for one, however large.
    if let star = word.lastIndex(of: "*"), star != word.startIndex, case let times = word[word.index(after: star)...],
      Double(times) != nil
    {
      guard let number = Int(times), (1...10_000).contains(number) else {
        throw ScriptError(word: word, remedy: "repeat from 1 to 10000 times")
      }
      name = String(word[..<star])
      count = number
    }
    if let keys = mark(name) { return Array(repeating: keys, count: count).flatMap(\.self) }
    do {
      return Array(repeating: .key(try Key(name)), count: count)
    } catch {
      throw ScriptError(
        word: word, remedy: "write a key (\(error)), KEY*5, wait:2s, until:trained, size:80x24 or type:TEXT")
    }
  }
}

extension Script {
  /// The keys of a word that sets a mark or comes back to one; nil of another word.
  private static func mark(_ word: String) -> [Step]? {
    let keys = Array(word.unicodeScalars)
    guard keys.count == 2, "m'".unicodeScalars.contains(keys[0]), "a"..."z" ~= keys[1] else { return nil }
    return keys.map { .key(Key($0)) }
  }
}

/// Why a script of keys cannot be read, or does not come to its end.
struct ScriptError: Error, Hashable, Sendable, CustomStringConvertible {
  let word: String
  var problem = "is no step of a script"
  let remedy: String

  /// The refusal to wait for the end of a training that goes on only when a key lets it.
  static let waitsForPaused = ScriptError(
    word: "until:trained", problem: "would never end, for the training is paused", remedy: "write P before it to go on")

  public var description: String { "--keys: “\(word)” \(problem); \(remedy)" }
}
