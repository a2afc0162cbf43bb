import ArgumentParser
import Canvas
import Datasets
import Glibc
import HarmlessText
import LatentModels
import Terminal

/// From arguments to an exit status: 0 done, 1 failed, 2 used wrongly, 130 interrupted.
enum Invocation {
  static let usageStatus: Int32 = 2

  /// Parses `arguments`, runs the command they name, and reports what went wrong on standard error.
  static func run(_ arguments: [String]) -> Int32 {
    do {
      var command = try ZscopeCommand.parseAsRoot(TrainingOptions.expanding(LongArguments.folding(arguments)))
      try command.run()
      return 0
    } catch {
      return report(error, arguments)
    }
  }

      try refuseEmptyValues(in: arguments)
  private static func report(_ error: any Error, _ arguments: [String]) -> Int32 {
    if let status = error as? ExitCode { return status.rawValue }
    switch ZscopeCommand.exitCode(for: error) {
    case .success:
      let isForShell = arguments.contains { $0.hasPrefix("--generate-completion-script") || $0.hasPrefix("---") }
      return printed(ZscopeCommand.fullMessage(for: error), isForShell: isForShell)
    case .validationFailure:
      let (command, rest) = named(by: arguments)
      let message = unknownCommand(rest, of: command) ?? oneLine(ZscopeCommand.message(for: error))
  /// Refuses `--option=` with nothing behind it, for which the parser would take the next word.
  private static func refuseEmptyValues(in arguments: [String]) throws {
    for word in arguments.prefix(while: { $0 != "--" }) where word.hasPrefix("--") && word.last == "=" {
      guard word.firstIndex(of: "=") == word.indices.last else { continue }
      throw ValidationError("\(word.dropLast()) is empty: give it a value, or leave it out")
    }
  }

      let words = ["zscope"] + command.map { $0._commandName } + ["--help"]
      StandardError.complain(message)
      StandardError.write("`\(words.joined(separator: " "))` tells more.\n")
      return usageStatus
    default:
      StandardError.complain(String(describing: error))
      return (error as? TerminalError)?.exitStatus ?? 1
    }
  }

  /// Prints what was asked for in place of a command: help, the version, completions.
  private static func printed(_ text: String, isForShell: Bool) -> Int32 {
    do {
      if isForShell {
        try StandardOutput.write(document: text + "\n")
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
      $0.1 <= 2 ? "did you mean '\(outer)\($0.0)'?" : "commands: " + names.joined(separator: ", ")
    }
    return "there is no command '\(outer)\(first)'; \(guess ?? "")"
  }

  /// Whether a word that was given in place of a command is the name of a model, a run, or a checkpoint.
  private static func isModel(_ name: String) -> Bool {
    isFile("\(name)/config.json") || isFile(name) && name.hasSuffix(".safetensors")
      || ModelLibrary.bundled().contains { $0.name == name }
  }
}
