import ArgumentParser
import Datasets
import Exports

extension DataPart: ExpressibleByArgument {}

extension NamedSet {
  /// The names of the sets that are drawn, as help has them.
  static var drawnNames: String { names(fetched: false).joined(separator: " or ") }

  /// What a number of images is to sets that are drawn, as help has it.
  static func howManyToDraw(ofEitherHalf: Bool = false) -> String {
    all.filter(\.isDrawn).map { set in
      let test = ofEitherHalf ? ", or \(set.count(of: .test)) of the test part" : ""
      return "for \(set.name), how many to draw (default: \(set.count(of: .training))\(test))"
    }.joined(separator: "; ")
  }
}

/// A number that is computed with in 32 bits, beside what was typed for it: one that they do not hold is told of as it was
/// typed, and not as infinite or 0.
struct TypedNumber: ExpressibleByArgument, Hashable {
  let text: String
  let value: Float

  init?(argument: String) {
    guard let value = Float(argument) else { return nil }
    (text, self.value) = (argument, value)
  }

  init(_ value: Float) { (text, self.value) = (value.brief, value) }

  /// How help shows a default.
  var defaultValueDescription: String { text }

  /// - Throws: a `ValidationError` where what was given to `option` is no finite number.
  func check(_ option: String) throws {
    guard !value.isFinite else { return }
    let most = Float.greatestFiniteMagnitude
    throw ValidationError("\(option) is \(text); allowed: \(-most) to \(most)")
  }
}

/// What a command makes, and so which formats it writes.
protocol WrittenForms: Sendable {
  static var forms: Set<Exhibit.Form> { get }
}

/// Codes.
enum ArrayForms: WrittenForms { static let forms: Set<Exhibit.Form> = [.array] }
/// Images.
enum ImageForms: WrittenForms { static let forms: Set<Exhibit.Form> = [.array, .picture, .animation] }
/// Points in the plane.
enum LayoutForms: WrittenForms { static let forms: Set<Exhibit.Form> = [.array, .table, .drawing] }

/// One of the formats that hold what a command makes: others are refused, and neither listed by help nor by completions.
struct FormatChoice<Written: WrittenForms>: ExpressibleByArgument {
  let format: ExportFormat

  /// The format called `argument`.
  init?(argument: String) {
    let name = argument.lowercased()
    guard let format = ExportFormat.holding(Written.forms).first(where: { $0.name == name }) else { return nil }
    self.format = format
  }

  /// How help shows a default.
  var defaultValueDescription: String { format.name }
  /// What help and errors say is allowed.
  static var allValueStrings: [String] { ExportFormat.holding(Written.forms).map(\.name) }
  /// What completions offer.
  static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }

  /// - Throws: a `ValidationError` where the ending of the file `path` says another format.
  func check(beside path: String?) throws {
    guard let path, let named = ExportFormat.named(by: path), named != format else { return }
    throw ValidationError(
      "--format \(format.name) contradicts the ending of --output \(path): leave it out, or end the name in "
        + ".\(format.name)")
  }
}

extension ValidationError {
  /// Refuses options that would change nothing, for the reason that `reason` says.
  ///
  /// - Throws: a `ValidationError` that names those that were given.
  static func refuse(_ options: [(name: String, isGiven: Bool)], because reason: String) throws {
    let names = options.filter(\.isGiven).map(\.name)
    guard !names.isEmpty else { return }
    let (verb, them) = names.count == 1 ? ("has", "it") : ("have", "them")
    throw ValidationError("\(names.joined(separator: ", ")) \(verb) no effect: \(reason); leave \(them) out")
  }
}
