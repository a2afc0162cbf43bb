extension ExportFormat {
  /// One page that needs nothing else.
  public static let html = ExportFormat(name: "html", summary: "a page that needs nothing else", forms: [.document]) {
    try $0.document.map { Array(try $0().utf8) }
  }
}
