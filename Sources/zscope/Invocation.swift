import ArgumentParser
import Canvas
import Datasets
import Glibc
import HarmlessText
import LatentModels
import Tensors
import Terminal

/// From arguments to an exit status: 0 done, 1 failed, 2 used wrongly, 130 interrupted.
enum Invocation {
  static let usageStatus: Int32 = 2
  /// The columns of the narrowest help.
  private static let leastColumns = 40

  /// Runs what the words of a command line ask for; refuses those that are not UTF-8.
  static func run(_ words: [UnsafeMutablePointer<CChar>]) -> Int32 {
    do {
      return run(
        try words.map {
          try OutsideText.checked($0, "an argument", remedy: "rename the file, or give what it holds by -")
        })
    } catch {
      StandardError.complain("\(error)")
      return usageStatus
    }
  }

  /// Parses `arguments`, runs the command they name, and reports what went wrong on standard error.
  private static func run(_ arguments: [String]) -> Int32 {
    if let problem = KernelChoice.made.problem { StandardError.complain(problem) }
    // Of a width in which nothing can be written the parser leaves out the text.
    if let columns = environmentVariable("COLUMNS"), Int(columns).map({ $0 < leastColumns }) ?? true {
      unsetenv("COLUMNS")
    }
    do {
      try refuseEmptyValues(in: arguments)
      try refuseUnknownHelp(arguments)
      var command = try parsed(arguments)
      try command.run()
      return 0
    } catch {
      return report(error, arguments)
    }
  }

  /// The command that `arguments` name, written as the parser wants them.
  private static func parsed(_ arguments: [String]) throws -> any ParsableCommand {
    try ZscopeCommand.parseAsRoot(
      MeasureOptions.expanding(TrainingOptions.expanding(LongArguments.folding(arguments))))
  }

  /// Refuses `--option=` with nothing behind it, for which the parser would take the next word.
  private static func refuseEmptyValues(in arguments: [String]) throws {
    for word in arguments.prefix(while: { $0 != "--" }) where word.hasPrefix("--") && word.last == "=" {
      guard word.firstIndex(of: "=") == word.indices.last else { continue }
      throw ValidationError("\(word.dropLast()) is empty: give it a value, or leave it out")
    }
  }

  private static func report(_ error: any Error, _ arguments: [String]) -> Int32 {
    if let status = error as? ExitCode { return status.rawValue }
    switch ZscopeCommand.exitCode(for: error) {
    case .success:
      return printed(ZscopeCommand.fullMessage(for: error), isForShell: Completions.areAsked(by: arguments))
    case .validationFailure:
      let (command, rest) = named(by: arguments)
      let told = ZscopeCommand.message(for: error)
      let option = told.hasPrefix(missing) ? unknownOption(in: rest, of: command) : nil
      let message =
        unknownCommand(rest, of: command) ?? sayingSetting(option ?? sayingNumbers(oneLine(told)), of: command)
      let words = ["zscope"] + command.map { $0._commandName } + ["--help"]
      StandardError.complain(message)
      StandardError.write("`\(words.joined(separator: " "))` tells more.\n")
      return usageStatus
    default:
      StandardError.complain(String(describing: error))
      return (error as? TerminalError)?.exitStatus ?? 1
    }
  }

  /// Refuses `help` of a command that there is not, in place of which the parser would print another's.
  private static func refuseUnknownHelp(_ arguments: [String]) throws {
    guard arguments.first == "help" else { return }
    let (commands, rest) = named(by: Array(arguments.dropFirst()))
    if let message = unknownCommand(rest, of: commands) { throw ValidationError(message) }
    if let command = commands.last, let word = rest.first, !word.hasPrefix("-") {
      throw ValidationError("'\(command._commandName)' has no command '\(word)'")
    }
  }

  /// How the parser begins what it says of an argument that is not there.
  private static let missing = "Missing expected argument"

  /// What to say of an option that `command` does not know, where an argument is missing besides: the parser tells only of
  /// that, and takes `-x` for neither.
  private static func unknownOption(in rest: ArraySlice<String>, of command: [any ParsableCommand.Type]) -> String? {
    for count in 1...2 {
      let stand = Array(repeating: "x", count: count)
      do {
        _ = try parsed(command.map { $0._commandName } + stand + rest)
        return nil
      } catch {
        let message = ZscopeCommand.message(for: error)
        if message.hasPrefix("Unknown option") { return oneLine(message) }
        guard message.hasPrefix(missing) else { return nil }
      }
    }
    return nil
  }

  /// Prints what was asked for in place of a command: help, the version, completions.
  private static func printed(_ text: String, isForShell: Bool) -> Int32 {
    do {
      if isForShell {
        try StandardOutput.write(document: Completions.forShell(text) + "\n")
      } else {
        try StandardOutput.write(text + "\n")
      }
      return 0
    } catch {
      StandardError.complain("\(error)")
      return 1
    }
  }

  /// The parser lists allowed values one a line; here they follow the sentence.
  private static func oneLine(_ message: String) -> String {
    let lines = message.split(separator: "\n").map { $0.drop { $0 == " " } }
    let (items, sentences) = (lines.filter { $0.hasPrefix("- ") }, lines.filter { !$0.hasPrefix("- ") })
    return (sentences + [items.map { String($0.dropFirst(2)) }.joined(separator: ", ")[...]])
      .filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// What the parser says of a value that is refused, and what is allowed in its place: options of words list theirs, so
  /// that what says nothing takes numbers.
  private static func sayingNumbers(_ message: String) -> String {
    let parts = message.split(separator: "'", omittingEmptySubsequences: false)
    guard parts.count == 5, parts[0] == "The value ", parts[2] == " is invalid for ", parts[4].isEmpty else {
      return message
    }
    let value = String(parts[1])
    let allowed =
      if Double(value) == nil {
        "a number"
      } else if value.hasPrefix("-"), Int(value) != nil {
        "a whole number from 0"
      } else if value.allSatisfy(\.isNumber) {
        "a smaller number"
      } else {
        "a whole number"
      }
    return "\(message); give \(allowed)"
  }

  /// What the parser says of an option that it does not know, and the setting that may have been meant: of several that are
  /// as near it knows one, and capitals matter to it.
  private static func sayingSetting(_ message: String, of command: [any ParsableCommand.Type]) -> String {
    let parts = message.split(separator: "'", omittingEmptySubsequences: false)
    guard command.last?._commandName == TrainCommand._commandName, parts.count > 2, parts[0] == "Unknown option ",
      parts[1].hasPrefix("--"),
      let setting = Nearest.match(to: String(parts[1].dropFirst(2)), among: TrainingOptions.settingNames)
    else { return message }
    var meant = ["--\(setting.name)"]
    if parts.count == 5, parts[3] != meant[0] {
      let changes = Nearest.distance(Array(parts[1].lowercased()), Array(parts[3].lowercased()))
      if changes < setting.changes { return message }
      if changes == setting.changes { meant.append(String(parts[3])) }
    }
    return "Unknown option '\(parts[1])'. Did you mean \(meant.map { "'\($0)'" }.joined(separator: " or "))?"
  }

  /// The subcommands that `arguments` begin with, outermost first, and what follows them.
  private static func named(by arguments: [String]) -> (commands: [any ParsableCommand.Type], rest: ArraySlice<String>)
  {
    var commands: [any ParsableCommand.Type] = []
    var rest = arguments[...]
    while let word = rest.first, let next = subcommands(of: commands).first(where: { $0._commandName == word }) {
      commands.append(next)
      rest.removeFirst()
    }
    return (commands, rest)
  }

  private static func subcommands(of commands: [any ParsableCommand.Type]) -> [any ParsableCommand.Type] {
    (commands.last ?? ZscopeCommand.self).configuration.subcommands
  }

  /// What to say where the first word behind `commands` was meant as one of theirs and is none.
  private static func unknownCommand(_ rest: ArraySlice<String>, of commands: [any ParsableCommand.Type]) -> String? {
    let names = subcommands(of: commands).map { $0._commandName }
    guard !names.isEmpty, let first = rest.first, !first.hasPrefix("-"), first != "help" else { return nil }
    if commands.isEmpty, isModel(first) {
      return "there is no command '\(first)'; it is a model: `zscope explore \(first.shellWord)` opens it"
    }
    let nearest = names.map { ($0, Nearest.distance(Array(first), Array($0))) }.min { $0.1 < $1.1 }
    let outer = commands.map { $0._commandName + " " }.joined()
    let guess = nearest.map {
      $0.1 <= 2 && $0.1 < first.count ? "did you mean '\(outer)\($0.0)'?" : "commands: " + names.joined(separator: ", ")
    }
    return "there is no command '\(outer)\(first)'; \(guess ?? "")"
  }

  /// Whether a word that was given in place of something else is the name of a model, a run, or a checkpoint.
  static func isModel(_ name: String) -> Bool {
    isFile("\(name)/config.json") || isFile(name) && name.hasSuffix(".safetensors")
      || ModelLibrary.bundled().contains { $0.name == name }
  }
}
