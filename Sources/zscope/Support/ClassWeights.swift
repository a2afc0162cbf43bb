import Datasets
import HarmlessText
import LatentModels

/// The classes in the codes of a model, by one rule wherever codes are read: the weights of a variable's classes are
/// 0 or more and add up to 1, as a decoder has seen them. 1 for one class chooses it; shares of several are a blend.
enum ClassWeights {
  /// How far from 1 a sum may be: weights that a person or a file of half precision has rounded.
  private static let tolerance: Float = 0.02

  /// Throws where the weights in `code` (all columns of `variables`) are none that a decoder has seen.
  ///
  /// - Parameters:
  ///   - place: names the code in the message.
  ///   - mayLack: whether the dimensions alone would do too.
  static func check(_ code: [Float], of variables: [LatentVariable], place: String, mayLack: Bool) throws {
    for (variable, range) in variables.columns where variable.isCategorical {
      let weights = code[range]
      let sum = weights.reduce(0, +)
      let problem: String
      if let wrong = weights.first(where: { $0 < 0 }) {
        problem = "are not all 0 or more: one is \(wrong)"
      } else if weights.allSatisfy({ $0 == 0 }) {
        problem = "are all 0, which is no class"
      } else if abs(sum - 1) > tolerance {
        problem = "add up to \(sum), not to 1"
      } else {
        continue
      }
      throw CommandError(
        "\(place): the weights of the classes of \(variable.name) (values \(range.lowerBound + 1) to "
          + "\(range.upperBound)) \(problem)",
        remedy: "give 1 to one class and 0 to the others, or shares that add up to 1"
          + (mayLack ? ", or the \(Text.counted(variables.dimensions.count, "dimension")) alone" : ""))
    }
  }

  /// The code of `variables` whose dimensions are these, at the class called `name` (its name, or its number from 0) of
  /// its first variable of classes; at the first class of those of which nothing is said.
  static func completing(_ dimensions: [Float], class name: String?, of variables: [LatentVariable]) throws -> [Float] {
    var code = [Float](repeating: 0, count: variables.width)
    for (column, value) in zip(variables.dimensions, dimensions) { code[column] = value }
    if let name {
      guard let (variable, range) = variables.columns.first(where: { $0.variable.isCategorical }) else {
        throw CommandError("--class \(name.visibleName): the model has no classes", remedy: "leave it out")
      }
      code[range.lowerBound + (try place(of: name, in: variable))] = 1
    }
    return variables.choosingClasses(in: code)
  }

  /// The place of the class called `name`, by its name or its number from 0; throws where there is none.
  static func place(of name: String, in variable: LatentVariable) throws -> Int {
    let names = variable.classNames
    guard let place = names.firstIndex(of: name) ?? Int(name).flatMap({ names.indices.contains($0) ? $0 : nil }) else {
      throw CommandError(
        "\(variable.name) has no class \(name.visibleName)", remedy: "its classes are \(names.joined(separator: ", "))")
    }
    return place
  }

  /// What the classes in `code` are, variable by variable: `y 3`, or of a blend `y 0.50 of 3 and 0.50 of 5`.
  static func words(_ code: [Float], of variables: [LatentVariable]) -> [String] {
    variables.columns.filter { $0.variable.isCategorical }.map { variable, range in
      let shares = zip(variable.classNames, code[range]).filter { $0.1 >= 0.005 }
        .enumerated().sorted { ($1.element.1, $0.offset) < ($0.element.1, $1.offset) }.map(\.element)
      guard shares.count > 1 else { return "\(variable.name) \(shares.first?.0 ?? "")".harmlessLine }
      let most = 4
      var texts = shares.prefix(most).map { "\(Text.fixed(Double($0.1), 2)) of \($0.0)" }
      if shares.count > most { texts.append("\(shares.count - most) more") }
      let last = texts.removeLast()
      return "\(variable.name) \(texts.joined(separator: ", ")) and \(last)".harmlessLine
    }
  }

  /// What the values of a code are, in their order: `10 weights of the classes of y, then 8 dimensions of z`.
  static func order(of variables: [LatentVariable]) -> String {
    variables.map { variable in
      variable.isCategorical
        ? "\(variable.width) weights of the classes of \(variable.name)"
        : "\(Text.counted(variable.width, "dimension")) of \(variable.name)"
    }.joined(separator: ", then ")
  }
}
