import Terminal

/// A question answered by letters of marks, or by numbers or names of classes.
enum Question: Sendable, Hashable {
  case markLetter, jumpLetter, interpolationLetters, arithmeticLetters
  case sampledClass, foundClass, toggledClass, sheetClass, directionClasses, blendedClasses

  /// How many characters answer it.
  var count: Int {
    switch self {
    case .markLetter, .jumpLetter, .sampledClass, .foundClass, .toggledClass, .sheetClass: 1
    case .interpolationLetters, .directionClasses, .blendedClasses: 2
    case .arithmeticLetters: 3
    }
  }

  /// Whether classes are asked for, in place of marks.
  var asksForClasses: Bool {
    switch self {
    case .sampledClass, .foundClass, .toggledClass, .sheetClass, .directionClasses, .blendedClasses: true
    default: false
    }
  }

  /// Whether the classes are those among which the model itself chooses, in place of those of the codes.
  var isOfModel: Bool { self == .blendedClasses || self == .sheetClass }

  /// What the status line asks, of classes in a range such as ` from 0 to 9`.
  func text(_ classes: String) -> String {
    switch self {
    case .markLetter: "mark this code as (a–z)"
    case .jumpLetter: "jump to mark (a–z)"
    case .interpolationLetters: "interpolate between two marks (a–z, a–z)"
    case .arithmeticLetters: "first − second + third mark (three of a–z)"
    case .sampledClass: "sample from class\(classes)"
    case .foundClass: "find a code of class\(classes)"
    case .toggledClass: "show or hide class\(classes)"
    case .sheetClass: "go to class\(classes)"
    case .directionClasses: "direction from class to class (two\(classes))"
    case .blendedClasses: "blend from class to class (two\(classes))"
    }
  }
}

/// A question with the answers so far.
struct Asked: Sendable, Hashable {
  var question: Question
  var answers: [String] = []
  /// The number or name of a class that may go on.
  var typing = ""

  init(_ question: Question) { self.question = question }

  /// Takes a character of a class: of its number, or of its name, which may have blanks. A number that no other begins with
  /// needs no end, nor does the glyph that tells a class; a name does, so that no letter of it is taken for a key. False where
  /// no class begins so.
  mutating func take(_ scalar: Unicode.Scalar, _ classes: [NamedClass]) -> Bool {
    if scalar == " ", typing.isEmpty { return true }
    let next = (typing + String(scalar)).lowercased()
    let possible = classes.filter { "\($0.label)".hasPrefix(next) || $0.name.lowercased().hasPrefix(next) }
    guard !possible.isEmpty else {
      if typing.isEmpty, let told = classes.told(by: scalar) {
        answers.append("\(told.label)")
        return true
      }
      return scalar == " " && end(classes)
    }
    typing += String(scalar)
    if possible.count == 1, "\(possible[0].label)" == next { return end(classes) }
    return true
  }

  /// Takes what has been typed as a class, by its name, its number, or the beginning that only one name has; false where it
  /// is none.
  mutating func end(_ classes: [NamedClass]) -> Bool {
    guard let found = classes.meant(by: typing) else { return false }
    answers.append("\(found.label)")
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
    case .toggledClass where classes.count == 1: return .toggleClass(classes[0])
    case .sheetClass where classes.count == 1:
      let label = classes[0]
      return .perform { $0.takeClassFromSheet(label) }
    case .directionClasses where classes.count == 2: return .classDirection(classes[0], classes[1])
    case .blendedClasses where classes.count == 2: return .blendClasses(classes[0], classes[1])
    default: return .cancel
    }
  }
}

extension State {
  /// The classes that answer a question: those of the codes, or those among which the model itself chooses.
  func classes(for question: Question) -> [Int32] {
    guard question.isOfModel else { return cloud?.classes ?? [] }
    return (0..<Int32(choice(0)?.range.count ?? 0)).map { $0 }
  }

  /// What a digit key does that may begin the number of one of more than ten classes: it asks for the rest. Nil where a digit
  /// says all, and for what is typed in the palette, which is whole.
  func asking(_ question: Question, from text: String) -> Action? {
    guard case .none = overlay, classes(for: question).count > 10, let digit = text.unicodeScalars.first else {
      return nil
    }
    return .perform { $0.apply(.ask(question)) + $0.answer(Key(digit)) }
  }

  /// Why the last answer to a question cannot be meant; nil where it can.
  func refusal(of asked: Asked) -> String? {
    guard let last = asked.answers.last else { return nil }
    switch asked.question {
    case .blendedClasses, .directionClasses:
      guard asked.answers.dropLast().contains(last) else { return nil }
      return "the two classes must differ: type another"
    case .interpolationLetters, .arithmeticLetters:
      // Where nothing is marked there is nothing to answer with.
      let known = steering.marks.filter { $0.value.count == latentSize }.keys.sorted().map(String.init)
      if !known.isEmpty, !known.contains(last) {
        return "there is no mark \(last): type one of \(known.joined(separator: " "))"
      }
      let isTwice = asked.question == .interpolationLetters && asked.answers.dropLast().contains(last)
      return isTwice ? "the two marks must differ: type another" : nil
    case .markLetter, .jumpLetter, .sampledClass, .foundClass, .toggledClass, .sheetClass: return nil
    }
  }

  /// What has been answered to a question, as the status line shows it: classes by name.
  func shown(_ asked: Asked) -> String {
    let answers =
      asked.question.asksForClasses
      ? asked.answers.map { answer in Int(answer).map { name(ofClass: $0, for: asked.question) } ?? answer }
      : asked.answers
    return (answers + (asked.typing.isEmpty ? [] : [asked.typing])).joined(separator: " ")
  }
}
