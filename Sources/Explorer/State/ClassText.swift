import Canvas
import Datasets

/// A class with what it is called.
struct NamedClass: Sendable, Hashable {
  var label: Int
  var name: String

  /// The glyph that tells it in scatters and legends, where it is called by a number that is another: `h` of class 17.
  var glyph: Unicode.Scalar? {
    let mark = ClassPalette.mark(of: label)
    return name == "\(label)" && name != String(mark) ? mark : nil
  }

  /// What it is called in words: its name, with its number where a letter of that cannot be drawn, or its number with its
  /// glyph, `17 (h)`.
  var spoken: String { glyph.map { "\(name) (\($0))" } ?? seen }

  /// Its name as it can be told from others: with its number where a letter of it cannot be drawn, which another name may
  /// have in that place, or it has none.
  var seen: String {
    if ClassNames.isSeen(name), GlyphWidth.drawn(name) == name { return name }
    return (name.allSatisfy(\.isWhitespace) ? "unnamed" : name) + " (\(label))"
  }
}

extension [NamedClass] {
  /// The class that a glyph of the scatter tells, if it is one alone.
  func told(by glyph: Unicode.Scalar) -> NamedClass? {
    let found = filter { $0.glyph == glyph }
    return found.count == 1 ? found.first : nil
  }

  /// Whether each is called by its number, as classes are that have no names.
  var areCalledByNumber: Bool { allSatisfy { $0.name == "\($0.label)" } }

  /// The class that a text means: by its name, else its number, else the beginning that only one name has, in letters of
  /// either case; nil where none is meant. A number is whole: 20 is not the beginning of 200.
  func meant(by text: String) -> NamedClass? {
    let wanted = text.lowercased()
    guard !wanted.isEmpty else { return nil }
    let beginning = filter { $0.name.lowercased().hasPrefix(wanted) }
    return beginning.first { $0.name.lowercased() == wanted } ?? first { "\($0.label)" == wanted }
      ?? (beginning.count == 1 && Int(text) == nil ? beginning.first : nil)
  }

  /// Whether the number of one is what another is called: beside it the number tells nothing.
  var areNumbersMisleading: Bool {
    let labels = Dictionary(map { ("\($0.label)", $0.label) }, uniquingKeysWith: { first, _ in first })
    return contains { one in labels[one.name].map { $0 != one.label } ?? false }
  }
}

/// Classes as people read and type them: by name where a data set or a model names them, else by number.
enum ClassText {
  static let digits = (0...9).map(String.init)

  /// What a class can be completed to: those of the codes at hand, else the ten digits.
  @Sendable static func completions(_ state: State, _ typed: String) -> [String] {
    let names = names(state, .foundClass)
    return names.isEmpty ? digits : names
  }

  /// The names of the classes that answer a question.
  @Sendable static func names(_ state: State, _ question: Question) -> [String] {
    state.namedClasses(for: question).map(\.name)
  }

  /// Completions of two classes: the first, and once that is whole, the second.
  static func pairs(_ question: Question) -> @Sendable (State, String) -> [String] {
    { state, typed in
      let names = names(state, question)
      let wanted = typed.lowercased()
      // Names have blanks too, and one may begin as another: the longest that is there.
      let first = names.filter { wanted == $0.lowercased() || wanted.hasPrefix($0.lowercased() + " ") }
        .max { $0.count < $1.count }
      guard let first else { return names }
      return names.filter { $0 != first }.map { "\(first) \($0)" }
    }
  }

  /// The numbers of the classes that answer a question in words: ` from 0 to 9`; nothing of fewer than two, where some number
  /// between them is none, or where they are called otherwise.
  static func range(_ state: State, _ question: Question) -> String { range(of: state.namedClasses(for: question)) }

  private static func range(of classes: [NamedClass]) -> String {
    guard classes.count > 1, let first = classes.first, let last = classes.last,
      last.label - first.label == classes.count - 1, classes.areCalledByNumber
    else { return "" }
    return " from \(first.label) to \(last.label)"
  }

  /// Which classes answer a question, as a sentence: `classes go from 0 to 9`, or one by one, `classes are coat, bag`, `the
  /// only class is 3`; nothing where there are none.
  static func sentence(_ state: State, _ question: Question = .foundClass) -> String {
    sentence(of: state.namedClasses(for: question))
  }

  /// The same of classes that are at hand.
  static func sentence(of classes: [NamedClass]) -> String {
    let range = range(of: classes)
    guard range.isEmpty else { return "classes go\(range)" }
    let names = classes.map(\.spoken)
    if names.count == 1 { return "the only class is \(names[0])" }
    return names.isEmpty ? "" : "classes are \(listed(names, most: 12))"
  }

  /// So many of some texts, and how many more there are.
  private static func listed(_ texts: [String], most: Int) -> String {
    texts.prefix(most).joined(separator: ", ") + (texts.count > most ? " and \(texts.count - most) more" : "")
  }

  /// The classes that answer a question with their names, `0 coat, 1 bag`, or the glyphs that tell them, `17 (h)`; nil where
  /// their numbers are all there is, and follow each other.
  static func list(_ state: State, _ question: Question) -> String? { list(of: state.namedClasses(for: question)) }

  /// The same of classes that are at hand. What is typed is a name before it is a number: beside names that are the numbers
  /// of others none is listed.
  static func list(of classes: [NamedClass]) -> String? {
    guard !classes.isEmpty, range(of: classes).isEmpty || classes.contains(where: { $0.glyph != nil }) else {
      return nil
    }
    let hidesNumbers = classes.areNumbersMisleading
    // More than these nobody reads at the foot of a window.
    return listed(
      classes.map { hidesNumbers || $0.name == "\($0.label)" ? $0.spoken : "\($0.label) \($0.name)" }, most: 40)
  }

  /// The class a text names.
  static func label(
    _ text: String, _ state: State, _ example: String, of question: Question = .foundClass
  ) throws(CommandError) -> Int {
    // A name goes before a number: digits may be called by others. The model's own names are those of its y.
    let wanted = text.lowercased()
    func named(_ question: Question) -> Int? {
      state.namedClasses(for: question).first { $0.name.lowercased() == wanted }?.label
    }
    if let label = named(question) ?? named(.blendedClasses) { return label }
    if let value = Int(text), value >= 0, value <= Int(Int32.max) { return value }
    let scalars = text.unicodeScalars
    if scalars.count == 1, let glyph = scalars.first, let found = state.namedClasses(for: question).told(by: glyph) {
      return found.label
    }
    let meant = Nearest.suggestion(for: text, amongAll: names(state, question))
    let (range, sentence) = (range(state, question), sentence(state, question))
    guard range.isEmpty, !sentence.isEmpty else {
      throw CommandError("“\(text)” is no class: a name or a number\(range) is needed, such as \(example)\(meant)")
    }
    throw CommandError("“\(text)” is no class\(meant): \(sentence)")
  }

  /// The two classes a text names, whose names may have blanks, with or without a space between single digits.
  static func two(_ text: String, _ state: State, _ question: Question, _ example: String) throws(CommandError) -> (
    Int, Int
  ) {
    let words = text.split(separator: " ").map(String.init)
    let parts = words.count == 1 && text.count == 2 ? text.map(String.init) : words
    guard parts.count > 1 else {
      let sentence = sentence(state, question)
      throw CommandError("two classes are needed\(sentence.isEmpty ? ", such as \(example)" : ": \(sentence)")")
    }
    func halves(_ place: Int) -> (String, String) {
      (parts[..<place].joined(separator: " "), parts[place...].joined(separator: " "))
    }
    for place in 1..<parts.count {
      let (first, second) = halves(place)
      if let first = try? label(first, state, example, of: question),
        let second = try? label(second, state, example, of: question)
      {
        return (first, second)
      }
    }
    // None parts the words so that both sides are classes: the first word that is none is said.
    let (first, second) = halves(1)
    return (try label(first, state, example, of: question), try label(second, state, example, of: question))
  }

  /// Names as they fit a width, or what tells the classes in their place.
  static func fitting(_ classes: [NamedClass], to width: Int) -> [String] {
    ClassNames.fitting(classes.map(\.name), labels: classes.map(\.label), to: width)
  }
}

extension State {
  /// What a class of the codes is called: as their images say, where these are at hand; of codes that are stored beside
  /// the model, as the model does.
  func name(ofClass label: Int) -> String {
    if let images = cloud?.images { return images.className(Int32(clamping: label)) }
    return modelName(ofClass: label)
  }

  /// What the model calls the classes of its images; nothing of a model that knows none.
  private var modelClassNames: [String] {
    subject.columns.classChoice?.classNames ?? subject.configuration?.model.classNames ?? []
  }

  private func modelName(ofClass label: Int) -> String {
    modelClassNames.indices.contains(label) ? modelClassNames[label] : "\(label)"
  }

  /// The glyphs that tell the classes of the codes in the scatter.
  func classMarks(_ rendition: Rendition) -> ClassMarks {
    // Without names, numbers are told by the usual ones.
    let names = cloud?.images.map(\.classNames) ?? modelClassNames
    return ClassMarks(names: names, unicode: rendition.unicode)
  }

  /// What a class of the codes is called in words: where its number is all there is, beside it the glyph of its dots.
  func words(ofClass label: Int) -> String { NamedClass(label: label, name: name(ofClass: label)).spoken }

  /// What a class is called that answers a question: those of the model's own y have the model's names.
  func name(ofClass label: Int, for question: Question) -> String {
    question.isOfModel ? choice(0)?.className(label) ?? "\(label)" : name(ofClass: label)
  }

  /// What a class is called that a classifier names: the model itself has names of its own.
  func name(ofPrediction label: Int) -> String {
    classification.map { $0.source != .probe } ?? false ? modelName(ofClass: label) : name(ofClass: label)
  }

  /// The same in words.
  func words(ofPrediction label: Int) -> String { NamedClass(label: label, name: name(ofPrediction: label)).spoken }

  /// What some of the codes' classes are called, no longer than a width, and each unlike all others.
  func names(ofClasses labels: [Int32], to width: Int) -> [String] {
    ClassText.fitting(labels.map { NamedClass(label: Int($0), name: name(ofClass: Int($0))) }, to: width)
  }

  /// The classes that answer a question with their names.
  func namedClasses(for question: Question) -> [NamedClass] {
    classes(for: question).map { NamedClass(label: Int($0), name: name(ofClass: Int($0), for: question)) }
  }
}

extension CodeColumns.Choice {
  /// All classes, with their names.
  var namedClasses: [NamedClass] { (0..<range.count).map(named) }

  /// The class at a place, with its name.
  func named(_ place: Int) -> NamedClass { NamedClass(label: place, name: className(place)) }
}
