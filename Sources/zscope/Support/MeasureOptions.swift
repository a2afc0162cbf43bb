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

  /// The measures called `names`, as a mistake in the command line where there is none of a name.
  static func measures(_ names: [String]) throws -> [Measure] {
    do {
      return try Measure.named(names)
    } catch {
      throw ValidationError("--measures: \(error)")
    }
  }

  /// Stops at the first of `reports` that failed though it was asked for by name; of `all`, what is missing is told.
  ///
  /// - Parameter areTurned: whether codes were turned, which leaves them without variances by dimension.
  static func requireNamed(_ names: [String], _ reports: [MeasureOutput], areTurned: Bool) throws {
    guard !names.contains("all") else { return }
    for report in reports {
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
