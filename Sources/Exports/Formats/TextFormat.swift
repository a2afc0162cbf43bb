extension ExportFormat {
  /// What a screen shows, a line a row, without its colours.
  public static let txt = ExportFormat(name: "txt", summary: "a screen as lines of text", forms: [.screen]) { exhibit in
    try exhibit.screen.map { Array(try $0().frame.plain().utf8) }
  }
}
