import Analysis
import ArgumentParser
import Datasets
import LatentModels

/// What a shell offers where a name or a path is asked for.
enum Completions {
  /// Whether a shell asks: for its script, or in it for what it offers.
  static func areAsked(by arguments: [String]) -> Bool {
    arguments.contains { $0.hasPrefix("--generate-completion-script") || $0.hasPrefix("---") }
  }

  /// What the parser made for a shell. Its script for bash takes all that it offers for names of files: the = at the end of
  /// the name of a setting would be escaped, and a blank follow in place of the value.
  static func forShell(_ text: String) -> String {
    guard text.hasPrefix("#!/bin/bash\n") else { return text }
    return text + """


      _zscope_before_values() {
          _zscope "${@}"
          case "${3}" in
          --set|--anneal) compopt +o filenames -o nospace ;;
          esac
      }

      complete -o filenames -F _zscope_before_values zscope
      """
  }

  /// Bundled models by name, checkpoints and run directories by path.
  static let models = namesAndPaths { ModelLibrary.bundled().map(\.name) }
  /// Data sets by name, files by path.
  static let data = namesAndPaths { DataLibrary.names() }
  /// The data sets that can be fetched.
  static let published = CompletionKind.custom { _, _, prefix in
    NamedSet.names(fetched: true).filter { $0.hasPrefix(prefix) }
  }

  /// Measures by name.
  static let measures = CompletionKind.list(Measure.names)

  private static func namesAndPaths(_ names: @escaping @Sendable () -> [String]) -> CompletionKind {
    .custom { _, _, typed in
      // The script for bash hands over the word as it was typed, and expands what it is answered as if that were typed.
      guard CompletionShell.requesting == .bash else { return offered(typed, names(), folderMark: "/") }
      // Bash marks folders itself.
      return offered(unquoted(typed), names(), folderMark: "").map(quoted)
    }
  }

  /// The names, and the files and folders whose paths begin with `prefix`; hidden ones only where it names a dot. A home
  /// folder that is written `~` stays so. What begins with a minus is given by a path, for it would be taken for an option;
  /// what holds the end of a line is left out, for shells are answered in lines.
  private static func offered(_ prefix: String, _ names: [String], folderMark: String) -> [String] {
    let folder = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
    let name = prefix.dropFirst(folder.count)
    let place = folder.hasPrefix("~/") ? (UserHome.path ?? "~") + folder.dropFirst() : folder
    let paths = folderContents(place.isEmpty ? "." : place)
      .filter { $0.hasPrefix(name) && ($0.hasPrefix(".") == name.hasPrefix(".")) && !$0.unicodeScalars.contains("\n") }
      .map { (folder.isEmpty && $0.hasPrefix("-") ? "./" : folder) + $0 + (isFolder(place + $0) ? folderMark : "") }
    return names.filter { $0.hasPrefix(prefix) } + paths
  }

  /// What bash reads as `text`, whatever characters are in it.
  static func quoted(_ text: String) -> String {
    // By scalars, as bash reads: a mark and an accent on it are one character, of which the mark still acts.
    let plain = "/._-+,:@%".unicodeScalars
    var quoted = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isPlain =
        !scalar.isASCII || Character(scalar).isLetter || Character(scalar).isNumber || plain.contains(scalar)
      if !isPlain { quoted.append("\\") }
      quoted.append(scalar)
    }
    return String(quoted)
  }

  /// What bash reads in a word that was typed, of which the end may be missing: without backslashes and quotation marks.
  static func unquoted(_ word: String) -> String {
    var text = String.UnicodeScalarView()
    var mark: Unicode.Scalar?
    var rest = word.unicodeScalars[...]
    while let character = rest.popFirst() {
      switch (character, mark) {
      case ("\\", nil): if let next = rest.popFirst() { text.append(next) }
      case ("\\", "\""):
        text.append(rest.first.map { "$`\"\\".unicodeScalars.contains($0) } == true ? rest.removeFirst() : character)
      case ("'", nil), ("\"", nil): mark = character
      case (_, let open?) where character == open: mark = nil
      default: text.append(character)
      }
    }
    return String(text)
  }
}
