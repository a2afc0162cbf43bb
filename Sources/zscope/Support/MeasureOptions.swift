import Analysis
import ArgumentParser
import Datasets

/// Which measures, with which settings.
struct MeasureOptions: ParsableArguments {
  @Option(
    name: .customLong("set"), parsing: .upToNextOption,
    help: ArgumentHelp("Settings of measures; `zscope measures` lists them.", valueName: "name=value"))
  var assignments: [String] = []

  /// The values by name.
  var settings: [String: Double] {
    get throws {
      var values: [String: Double] = [:]
      for assignment in assignments {
        let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let value = Double(parts[1]), value.isFinite else {
          throw ValidationError("--set \(assignment) is not name=value with a number, as in --set bins=30")
        }
        values[String(parts[0])] = value
      }
      return values
    }
  }

  func validate() throws {
    let known = Measure.allSettings
    for (name, value) in try settings.sorted(by: { $0.key < $1.key }) {
      guard let setting = known.first(where: { $0.name == name }) else {
        let names = known.map(\.name)
        throw ValidationError(
          "--set \(name)=…: there is no such setting\(Nearest.suggestion(for: name, among: names)); "
            + "known: \(names.joined(separator: ", "))")
      }
      do {
        try setting.check(value)
      } catch {
        throw ValidationError("--set \(error)")
      }
    }
  }

  /// What stands for all measures but those that take long.
  static let usual = "default"

  /// The measures called `names`, as a mistake in the command line where there is none of a name.
  static func measures(_ names: [String]) throws -> [Measure] {
    do {
      let named = Set(try Measure.named(names.filter { $0 != usual }).map(\.name))
      let areUsual = names.contains(usual)
      return Measure.all.filter { named.contains($0.name) || areUsual && !$0.isSlow }
    } catch {
      throw ValidationError("--measures: \(error)")
    }
  }

  /// `arguments` of which `--measures` without names has one that stands for those of its command, and of which models
  /// among its names stand before all options, where the parser looks for them.
  static func expanding(_ arguments: [String]) -> [String] {
    guard let command = arguments.first, ["compare", "evaluate", "measure"].contains(command) else { return arguments }
    var expanded: [String] = []
    var rest = arguments[...]
    while let word = rest.popFirst() {
      if word == "--" { return expanded + [word] + rest }
      guard word == "--measures" else {
        expanded.append(word)
        continue
      }
      let names = rest.prefix { !$0.hasPrefix("-") }
      rest = rest.dropFirst(names.count)
      let known = Set(["all", usual] + Measure.all.map(\.name))
      let models = command == "measure" ? [] : names.filter { !known.contains($0) && Invocation.isModel($0) }
      let measures = names.filter { !models.contains($0) }
      let standIn = command == "measure" ? "all" : usual
      expanded += [word] + (measures.isEmpty ? [standIn] : measures)
      // Behind no option, which would take them in turn.
      expanded.insert(contentsOf: models, at: expanded.firstIndex { $0.hasPrefix("-") } ?? expanded.endIndex)
    }
    return expanded
  }

  /// Stops at the first of `reports` that failed though it was asked for by name; of others, what is missing is told.
  ///
  /// - Parameter areTurned: whether codes were turned, which leaves them without variances by dimension.
  static func requireNamed(_ names: [String], _ reports: [MeasureOutput], areTurned: Bool) throws {
    for report in reports where names.contains(report.measure.name) {
      if case .failure(let failure) = report.outcome {
        let names = failure.description.hasPrefix(report.measure.name)
        let lacksVariances = areTurned && report.measure.needs.contains(.logVariances)
        throw CommandError(
          names ? failure.description : "\(report.measure.name): \(failure)",
          remedy: lacksVariances
            ? "a turned posterior has no variance by dimension any more: leave out --rotate, or this measure" : nil)
      }
    }
  }
}

/// A turn of latent space, from the command line.
enum Turn: ExpressibleByArgument, Equatable {
  case random
  case degrees(Double)

  static var allValueStrings: [String] { ["random", "degrees from -360 to 360"] }
  static var defaultCompletionKind: CompletionKind { .list(["random"]) }

  init?(argument: String) {
    if argument == "random" {
      self = .random
    } else if let degrees = Double(argument), degrees.isFinite, abs(degrees) <= 360 {
      self = .degrees(degrees)
    } else {
      return nil
    }
  }

  /// The turn of codes of `size` values; `seed` decides a random one.
  func rotation(of size: Int, seed: UInt64) -> Rotation {
    switch self {
    case .random: Rotation(randomOf: size, seed: seed)
    case .degrees(let degrees): Rotation(degrees: degrees, of: size)
    }
  }
}
