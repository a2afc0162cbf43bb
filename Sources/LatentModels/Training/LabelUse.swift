import Datasets

/// How many of the images that a model learns from come with their class.
public struct LabelUse: Sendable, Hashable {
  /// The images that do.
  public let labelled: Int
  /// All images that are learnt from.
  public let images: Int
  /// The classes there are; 0 where a model that is told none does not have them.
  public let classes: Int
  /// Which share of a batch they are; nil where all of them do, or none.
  public let share: Double?

  /// In words, for example `100 of 55,000 images, 10 classes`; `count` writes a number.
  public func text(_ count: (Int) -> String) -> String {
    let which = labelled == images ? "all" : labelled == 0 ? "none" : count(labelled)
    let of = "\(which) of \(count(images)) image\(images == 1 ? "" : "s")"
    return classes == 0 ? of : "\(of), \(count(classes)) class\(classes == 1 ? "" : "es")"
  }
}

/// The classes of which a model is told no image, by the reason; each by its name.
struct UntoldClasses: Sendable, Hashable {
  /// No image of the data has them.
  private(set) var absent: [String] = []
  /// All images that have them are set aside.
  private(set) var heldOut: [String] = []
  /// Images that are learnt from have them, but no label of these is kept.
  private(set) var dropped: [String] = []
  /// How many classes the images that are learnt from have.
  private let told: Int

  /// - Parameters:
  ///   - names: what the classes are called, by number.
  ///   - kept: the labels that the model is told.
  ///   - training: those of all images that are learnt from.
  ///   - setAside: those of the images that are not.
  init(of names: [String], kept: some Sequence<Int32>, training: [Int32], setAside: [Int32]) {
    let (kept, training, setAside) = (Set(kept), Set(training), Set(setAside))
    told = training.count { $0 >= 0 }
    for (number, name) in names.enumerated().map({ (Int32($0), $1) }) where !kept.contains(number) {
      if training.contains(number) {
        dropped.append(name)
      } else if setAside.contains(number) {
        heldOut.append(name)
      } else {
        absent.append(name)
      }
    }
  }

  /// What there is to say of them, each with what helps.
  ///
  /// - Parameter count: how many labels are kept.
  func notes(keeping count: Int, of classes: Int) -> [String] {
    var notes: [String] = []
    if !absent.isEmpty {
      notes.append(
        "no image has \(Self.listed(absent)) of the \(classes) classes: what no label names may be learnt as any other; "
          + "number the labels from 0 without a gap, or name only classes that there are, where that is not meant")
    }
    if !heldOut.isEmpty {
      notes.append("all labelled images of \(Self.listed(heldOut)) are held out: hold out fewer")
    }
    if !dropped.isEmpty {
      notes.append(
        "\(counted(count, "label")) for \(classes) classes: of \(Self.listed(dropped)) none is kept, and a "
          + "class that none names may be learnt as any other; keep \(told) or more")
    }
    return notes
  }

  private static func listed(_ names: [String]) -> String { "class\(names.count == 1 ? "" : "es") \(shortened(names))" }

  /// The first of some names, and how many there are beside them.
  fileprivate static func shortened(_ names: [String]) -> String {
    let most = 8
    let shown = names.prefix(most).joined(separator: ", ")
    return shown + (names.count > most ? " and \(names.count - most) more" : "")
  }
}

extension TrainingData {
  /// What there is to say of classes that the model knows of and is told no image of.
  var notesOfClasses: [String] {
    let (model, policy) = (configuration.model, configuration.training.labels)
    guard model.row.usesLabels, policy != .none, let labels = training.labels,
      let kept = try? policy.kept(of: labels, seed: configuration.training.seed, name: training.name)
    else { return [] }
    let untold = UntoldClasses(
      of: model.classNames, kept: kept.map { labels[$0] }, training: labels, setAside: heldOut.labels ?? [])
    return untold.notes(keeping: kept.count, of: model.classNames.count)
  }

  /// What there is to say of images of which nobody says the property that the model is told, and of values of it that none has.
  var notesOfProperty: [String] {
    guard let attribute = configuration.model.attribute, let values = attribute.values(of: training) else { return [] }
    var notes: [String] = []
    let unknown = values.count { $0 < 0 }
    if unknown > 0 {
      notes.append(
        "of \(unknown) of the \(training.count) images to learn from nobody says the \(attribute.name): the model is told "
          + "what its own classifier says of them")
    }
    let known = Set(values)
    let absent = attribute.valueNames.enumerated().filter { !known.contains(Int32($0.offset)) }.map(\.element)
    if !absent.isEmpty {
      notes.append(
        "no image to learn from has \(UntoldClasses.shortened(absent)) of the \(attribute.valueNames.count) values of "
          + "\(attribute.name): what is decoded with them means nothing; number the values from 0 without a gap where that "
          + "is not meant")
    }
    return notes
  }
}
