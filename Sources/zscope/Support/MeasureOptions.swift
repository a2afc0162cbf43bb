import Analysis
import ArgumentParser
import Datasets
import LatentModels

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

  /// The measures called `names`, as a mistake in the command line where there is none of a name.
  ///
  /// - Parameter option: what the names are given to; nil where they stand by themselves.
  static func measures(_ names: [String], for option: String? = "--measures") throws -> [Measure] {
    do {
      return try Measure.named(names)
    } catch {
      throw ValidationError((option.map { "\($0): " } ?? "") + "\(error)")
    }
  }

  /// `arguments` with `--measures` and `--set` behind all else, each with what belongs to it: the parser would take the
  /// models among their words for names. Those stay in the order in which they were written. `--measures` without names has
  /// one that stands for those of its command; names with commas between them, as other options take them, are several.
  static func expanding(_ arguments: [String]) -> [String] {
    guard let command = arguments.first, ["compare", "evaluate", "measure"].contains(command) else { return arguments }
    let known = ["--measures": Set(Measure.names), "--set": Set(Measure.allSettings.map(\.name))]
    var expanded: [String] = []
    var moved: [String] = []
    var rest = arguments[...]
    while let word = rest.popFirst() {
      if word == "--" { return expanded + moved + [word] + rest }
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      guard let option = parts.first, let names = known[option] else {
        expanded.append(word)
        continue
      }
      let words = rest.prefix { !$0.hasPrefix("-") }
      rest = rest.dropFirst(words.count)
      let models = words.filter { word in
        command != "measure" && !names.contains(String(word.prefix { $0 != "=" })) && isModel(word)
      }
      var values: [String] = parts.dropFirst() + words.filter { !models.contains($0) }
      if option == "--measures" {
        if values.isEmpty { values = [command == "measure" ? Measure.everyName : Measure.usualName] }
        values = values.flatMap(parted)
      }
      moved += [option] + values
      // Behind no option, which might take them in turn.
      let end = expanded.lastIndex { !$0.hasPrefix("-") }
      expanded.insert(contentsOf: models, at: end.map { $0 + 1 } ?? 0)
    }
    return expanded + moved
  }

  /// The names in a word, with commas between them.
  static func parted(_ word: String) -> [String] {
    word.contains { $0 != "," } ? word.split(separator: ",").map(String.init) : [word]
  }

  /// Whether a word among names is a model, or a folder of one model a class.
  private static func isModel(_ word: String) -> Bool {
    Invocation.isModel(word) || !RunDirectory.classRuns(in: word).isEmpty
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
