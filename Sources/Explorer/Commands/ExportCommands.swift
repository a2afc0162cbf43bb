extension KeyTable {
  /// One command a kind of export.
  static let exporting: [Command] = ExportKind.all.map { kind in
    Command(
      "export \(kind.name)", kind.summary,
      argument: .init("FILE", takesPath: true) { (_, typed) in typed.isEmpty ? [kind.example] : [] }
    ) { (text, state) throws(CommandError) in
      guard !text.isEmpty else {
        throw CommandError("into which file? Type export \(kind.name) \(kind.example); endings: \(kind.endings)")
      }
      let (content, name) = try kind.content(state)
      return .export(Export(kind: kind, path: text, content: content, name: name))
    }
  }
}
