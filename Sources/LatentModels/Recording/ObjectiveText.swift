/// What a training minimises, in words and numbers.
extension Configuration {
  /// The objective as a formula with the numbers it begins with, such as "R + 4·KL".
  public var formula: String { formula(at: initialControls) }

  /// The objective as a formula with its numbers at these values of the controls. What they do not tell keeps its symbol.
  public func formula(at values: [String: Double]) -> String {
    let (row, initial) = (objective.row, initialControls)
    var numbers: [String: Double] = [:]
    var symbols: [(symbol: String, text: String)] = []
    for setting in row.allSettings {
      guard case .number = setting.form, setting.symbol != setting.name else { continue }
      let fixed = initial[setting.name] == nil ? objective.number(setting.name) : nil
      guard let number = values[setting.name] ?? fixed else { continue }
      numbers[setting.name] = number
      symbols.append((setting.symbol, spelled(abs(number), setting.name, isNegative: number < 0)))
    }
    func numbered(_ pattern: String) -> String {
      // Longer symbols first: one may be a part of another.
      symbols.sorted { $0.symbol.count > $1.symbol.count }.reduce(pattern) { $0.replacing($1.symbol, with: $1.text) }
    }
    // What a formula becomes at a limit says its numbers itself.
    let sum = sumOfTerms
    let own = row.limit(numbers) ?? numbered(sum ?? row.formulaOfTerms?(symbolsOfTerms) ?? row.formula)
    let companions = sum == nil ? numbered(companionFormula) : ""
    return Self.settlingSigns(Self.taking(companions, into: own))
  }

  /// What the objective takes along, as it stands in the formula.
  private var companionFormula: String {
    let taught = summed(terms.filter(\.isBeside), isBeside: true)
    guard hasGroup else { return taught }
    return taught + " + λ_g·E_g" + (hasDecoderEquivariance ? " + λ_D·D_g" : "")
  }

  /// A formula with what is taken along: before the comma after which it says what it or a symbol in it stands for. Where the
  /// formula itself goes on there, at its end.
  private static func taking(_ companions: String, into formula: String) -> String {
    guard let comma = formula.firstRange(of: ", "), formula[comma.upperBound...].first != "−" else {
      return formula + companions
    }
    return formula[..<comma.lowerBound] + companions + formula[comma.lowerBound...]
  }

  /// The loss as the sum of its terms, of models of which some terms are there only with labels; nil of others, whose
  /// formula the row has, and of a loss that is no such sum.
  private var sumOfTerms: String? {
    guard model.row.usesLabels, objective.row.requirements.isAdditive else { return nil }
    let definition = objective.row.formula.firstRange(of: ", ").map { objective.row.formula[$0.lowerBound...] } ?? ""
    return summed(terms) + definition
  }

  /// What the terms are called in a formula, by name.
  private var symbolsOfTerms: [String: String] {
    Dictionary(terms.map { ($0.name, $0.spelledSymbol.symbol) }, uniquingKeysWith: { first, _ in first })
  }

  /// Terms with their weights, as they are added up; `isBeside`: behind others.
  private func summed(_ terms: [TermDescription], isBeside: Bool = false) -> String {
    let symbols = Dictionary(
      objective.row.allSettings.map { ($0.name, $0.symbol) }, uniquingKeysWith: { first, _ in first })
    var text = ""
    for term in terms {
      let weight: String
      switch term.weight {
      case .shown: continue
      case .constant(let constant): weight = constant == 1 ? "" : Setting.brief(constant) + "·"
      case .control(let name): weight = (symbols[name] ?? name) + "·"
      }
      let (symbol, isLogarithm) = term.spelledSymbol
      let isTakenOff = term.isWanted != isLogarithm
      text += text.isEmpty && !isBeside ? (isTakenOff ? "−" : "") : isTakenOff ? " − " : " + "
      text += weight + symbol
    }
    return text
  }

  /// Settings that the formula does not show and that are not at their defaults, and the numbers of samples that it is of:
  /// `K = 50`, `gradient score-function`.
  public func objectiveDetails(at values: [String: Double]) -> [String] {
    let row = objective.row
    var details = row.details(objective)
    func isShown(_ setting: Setting) -> Bool {
      guard case .number = setting.form else { return details.contains { $0.hasPrefix("\(setting.symbol) = ") } }
      return (row.formula + companionFormula).contains(setting.symbol) && setting.symbol != setting.name
    }
    func add(_ settings: [Setting], _ told: [String: SettingValue]) {
      for setting in settings where !isShown(setting) && reasonWithoutEffect(of: setting.name) == nil {
        let value = setting.control.flatMap { values[$0.name] }.map { SettingValue.number($0) } ?? told[setting.name]
        guard let value, value != setting.defaultValue, value != .text("") else { continue }
        var text = "\(value)"
        if case .number(let number) = value {
          text = (number < 0 ? "−" : "") + spelled(abs(number), setting.name)
        }
        details.append(setting.symbol == setting.name ? "\(setting.name) \(text)" : "\(setting.symbol) = \(text)")
      }
    }
    add(row.settings + (isTaughtBeside ? [ObjectiveKind.labelWeight] : []), objective.settings)
    if hasGroup { add(ObjectiveKind.commonSettings, objective.settings) }
    add(model.row.settings, model.settings)
    // A property that is told is given to what is minimised, and not to what is measured under the same name.
    if model.row.usesAttribute, let term = terms.first(where: { $0.name == TermDescription.informationName }) {
      details.append("\(term.symbol) = I(x; z | s), measured as I(x; z)")
    }
    return details
  }

  /// How each control that is annealed stands, such as "β = 1.3, linear to 4 over 2000 steps".
  ///
  /// - Parameters:
  ///   - values: what the controls are now, by name.
  ///   - settings: what they are set to, and go towards.
  ///   - held: those that a person set, which ended their annealing.
  public func annealingTexts(
    at values: [String: Double], towards settings: [String: Double], held: Set<String>
  ) -> [String] {
    objective.annealing.sorted { $0.key < $1.key }.compactMap { name, annealing in
      guard let control = everyControl.first(where: { $0.name == name }) else { return nil }
      // As it is computed with: a rate of files has no more digits.
      let set = settings[name] ?? initialControls[name] ?? control.defaultValue
      let goal = Setting.single(set)
      guard !held.contains(name) else {
        return "\(control.symbol) = \(Setting.brief(goal)), which a person set: its annealing (\(annealing)) has ended"
      }
      let now = values[name].map { " = \(Setting.rounded($0))" } ?? ""
      let schedule = name == Control.rate.name && training.schedule != .constant ? ", times its schedule" : ""
      return "\(control.symbol)\(now), \(annealing.words(to: goal))\(schedule)"
    }
  }

  /// Marks a number below 0 until it is known what stands before it.
  private static let negative = "\u{1}"

  /// Characters of a number beyond which it is one on its way.
  private static let mostDigits = 8

  /// A number as it stands in a formula, with the digits that are computed with: to a few where it is on its way from one to another.
  private func spelled(_ value: Double, _ name: String, isNegative: Bool = false) -> String {
    let exact = Setting.brief(Setting.single(value))
    let rounded = Setting.rounded(value)
    // What a person sets has few digits. α stands in a difference from 1: what is only near it must not be told as 1.
    let isOnItsWay = objective.annealing[name] != nil && exact.count > Self.mostDigits && rounded != "1"
    return (isNegative ? Self.negative : "") + (isOnItsWay ? rounded : exact)
  }

  /// Writes sums with numbers below 0 as differences, and their differences as sums.
  private static func settlingSigns(_ text: String) -> String {
    var settled = text.replacing("+ \(negative)", with: "− ").replacing("− \(negative)", with: "+ ")
      .replacing("(−\(negative)", with: "(")
    if settled.hasPrefix("−\(negative)") { settled.removeFirst(2) }
    return settled.replacing("−\(negative)", with: "+").replacing(negative, with: "−")
  }
}

extension TermDescription {
  /// The symbol as it stands in a formula behind a sign. A cost is the logarithm of a probability with the other sign.
  fileprivate var spelledSymbol: (symbol: String, isLogarithm: Bool) {
    symbol.hasPrefix("−") ? (String(symbol.dropFirst()), true) : (symbol, false)
  }
}
