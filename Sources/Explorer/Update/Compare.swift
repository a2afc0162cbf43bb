import Datasets
import LatentModels

/// The model that the explored one is compared with.
struct ComparedModel: PaneState {
  /// What is known of it; its generation is a number of its own.
  var subject: Subject?
  /// What is being opened, in words.
  var awaited: String?

  init() {}
}

/// What two models can be compared on.
enum CommonGround: Sendable, Hashable {
  /// Codes of one are codes of the other.
  case codesAndImages
  /// Their codes differ, as is said; their images are of one size.
  case images(String)
  /// Nothing, for what is said.
  case nothing(String)

  init(_ first: Subject, _ second: Subject) {
    guard first.imageWidth == second.imageWidth, first.imageHeight == second.imageHeight else {
      let sizes = [first, second].map { ImageShape.text(height: $0.imageHeight, width: $0.imageWidth) }
      self = .nothing("images of \(sizes[0]) and of \(sizes[1]) pixels")
      return
    }
    func parts(_ subject: Subject) -> [String] {
      subject.variables.map { "\($0.isCategorical ? "classes" : "numbers") \($0.width)" }
    }
    if first.latentSize != second.latentSize {
      self = .images("codes of \(first.partsText) and \(second.partsText)")
    } else if parts(first) != parts(second) {
      self = .images("codes of other variables")
    } else {
      self = .codesAndImages
    }
  }
}

extension Subject {
  /// What its codes are made of: `2`, or with a variable for the class `8 + 10 classes`.
  fileprivate var partsText: String {
    guard variables.width == latentSize else { return "\(latentSize)" }
    let numbers = variables.filter { !$0.isCategorical }.reduce(0) { $0 + $1.width }
    let classes = variables.filter(\.isCategorical).map { counted($0.width, "class", plural: "classes") }
    return ((numbers > 0 ? ["\(numbers)"] : []) + classes).joined(separator: " + ")
  }
}

extension State {
  /// The second model, where one was chosen.
  var compared: Subject? { panes[ComparedModel.self].subject }

  /// Asks for a second model, and turns to the screen that shows both; nil: the snapshot before the one shown.
  mutating func compare(with name: String?) -> [Effect] {
    guard latentSize > 0 else {
      message = .error("open a model first: type :open mnist-2d, or press T to train one")
      return []
    }
    let words = name ?? "the snapshot before"
    panes[ComparedModel.self].awaited = words
    message = .note("opening \(words)…")
    return apply(.show(.compare)) + [.compare(name)]
  }

  /// The second model is there.
  mutating func take(second subject: Subject) -> [Effect] {
    panes[ComparedModel.self].subject = subject
    panes[ComparedModel.self].awaited = nil
    tell(.note("compared with \(subject.name), \(subject.epochText)"))
    return []
  }

  /// The second model cannot be opened: what was there stays.
  mutating func failComparing(_ problem: String) -> [Effect] {
    panes[ComparedModel.self].awaited = nil
    tell(.error(problem))
    return []
  }
}
