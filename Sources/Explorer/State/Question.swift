/// A question answered by single characters: letters of marks or digits of classes.
enum Question: Sendable, Hashable {
  case markLetter, jumpLetter, interpolationLetters, arithmeticLetters
  case sampledClass, foundClass, directionClasses, blendedClasses

  /// How many characters answer it.
  var count: Int {
    switch self {
    case .markLetter, .jumpLetter, .sampledClass, .foundClass: 1
    case .interpolationLetters, .directionClasses, .blendedClasses: 2
    case .arithmeticLetters: 3
    }
  }

  /// Whether classes are asked for, in place of marks.
  var asksForClasses: Bool {
    switch self {
    case .sampledClass, .foundClass, .directionClasses, .blendedClasses: true
    default: false
    }
  }

  /// What the status line asks, of classes in a range such as ` from 0 to 9`.
  func text(_ classes: String) -> String {
    switch self {
    case .markLetter: "mark this code as (a–z)"
    case .jumpLetter: "jump to mark (a–z)"
    case .interpolationLetters: "interpolate between two marks (a–z, a–z)"
    case .arithmeticLetters: "first − second + third mark (three of a–z)"
    case .sampledClass: "sample from class\(classes)"
    case .foundClass: "find a code of class\(classes)"
    case .directionClasses: "direction from class to class (two\(classes))"
    case .blendedClasses: "blend from class to class (two\(classes))"
    }
  }
}

/// A question with the answers so far.
struct Asked: Sendable, Hashable {
  var question: Question
  var answers: [String] = []
  /// The digits of a class that may go on.
  var typing = ""

  init(_ question: Question) { self.question = question }

  /// What has been answered, as the status line shows it.
  var shown: String { (answers + (typing.isEmpty ? [] : [typing])).joined(separator: " ") }

  /// Takes a digit of a class, or the blank that ends one; a class that no other begins with needs no end. False where no
  /// class begins so.
  mutating func takeDigit(_ scalar: Unicode.Scalar, _ classes: [String]) -> Bool {
    if scalar == " " { return end(classes) }
    let next = typing + String(scalar)
    let possible = classes.filter { $0.hasPrefix(next) }
    guard !possible.isEmpty else { return false }
    typing = next
    if possible == [next] { return end(classes) }
    return true
  }

  /// Takes what has been typed as a class; false where it is none.
  mutating func end(_ classes: [String]) -> Bool {
    guard classes.contains(typing) else { return false }
    answers.append(typing)
    typing = ""
    return true
  }

  /// What is done once everything is answered.
  var action: Action {
    let letters = answers.compactMap(\.first)
    let classes = answers.compactMap { Int($0) }
    switch question {
    case .markLetter where letters.count == 1: return .mark(letters[0])
    case .jumpLetter where letters.count == 1: return .jump(letters[0])
    case .interpolationLetters where letters.count == 2: return .interpolate(letters[0], letters[1])
    case .arithmeticLetters where letters.count == 3: return .arithmetic(letters[0], letters[1], letters[2])
    case .sampledClass where classes.count == 1: return .sampleClass(classes[0])
    case .foundClass where classes.count == 1: return .findClass(classes[0])
    case .directionClasses where classes.count == 2: return .classDirection(classes[0], classes[1])
    case .blendedClasses where classes.count == 2: return .blendClasses(classes[0], classes[1])
    default: return .cancel
    }
  }
}

extension State {
  /// The classes that answer a question: those of the codes, or those among which the model itself chooses.
  func classes(for question: Question) -> [Int32] {
    guard question == .blendedClasses else { return cloud?.classes ?? [] }
    return (0..<Int32(choice(0)?.range.count ?? 0)).map { $0 }
  }
}
