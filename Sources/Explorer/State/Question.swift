/// A question answered by single characters: letters of marks or digits of classes.
enum Question: Sendable, Hashable {
  case markLetter, jumpLetter, interpolationLetters, arithmeticLetters
  case sampledClass, foundClass, directionClasses

  /// How many characters answer it.
  var count: Int {
    switch self {
    case .markLetter, .jumpLetter, .sampledClass, .foundClass: 1
    case .interpolationLetters, .directionClasses: 2
    case .arithmeticLetters: 3
    }
  }

  /// Whether classes are asked for, in place of marks.
  var asksForClasses: Bool {
    switch self {
    case .sampledClass, .foundClass, .directionClasses: true
    default: false
    }
  }

  /// What the status line asks.
  var text: String {
    switch self {
    case .markLetter: "mark this code as (a–z)"
    case .jumpLetter: "jump to mark (a–z)"
    case .interpolationLetters: "interpolate between two marks (a–z, a–z)"
    case .arithmeticLetters: "first − second + third mark (three of a–z)"
    case .sampledClass: "sample from class (0–9)"
    case .foundClass: "find a code of class (0–9)"
    case .directionClasses: "direction from class to class (two of 0–9)"
    }
  }
}
