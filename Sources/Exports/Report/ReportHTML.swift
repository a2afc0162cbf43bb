extension Report {
  /// The page as one HTML file, light or dark as the reader has it.
  ///
  /// Throws a `DatasetError` where a picture cannot be written as PNG.
  public func html() throws -> String {
    let links = sections.enumerated().map { place, section in
      "<a href=\"#s\(place + 1)\">\(HTMLText.escaped(section.title))</a>"
    }
    var body = ""
    for (place, section) in sections.enumerated() {
      body += "<section id=\"s\(place + 1)\">\n<h2>\(HTMLText.escaped(section.title))</h2>\n"
      for block in section.blocks { body += try Self.html(block) + "\n" }
      body += "</section>\n"
    }
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(HTMLText.escaped(title))</title>
      <style>
      \(Self.styles)
      \(Drawing.styles)
      </style>
      </head>
      <body>
      <header>
      <h1>\(HTMLText.escaped(title))</h1>
      <p>\(HTMLText.escaped(subtitle))</p>
      <nav>\(links.joined(separator: " "))</nav>
      </header>
      <main>
      \(body)</main>
      </body>
      </html>

      """
  }

  private static let styles = """
    :root{color-scheme:light dark;--ground:#fff;--text:#1c1e22;--muted:#60656e;--rule:#d8dbe0;--band:#f5f6f8;--link:#0b57d0}
    @media (prefers-color-scheme: dark){:root{--ground:#14161a;--text:#e1e3e6;--muted:#969ba4;--rule:#383c44;\
    --band:#1b1e23;--link:#8ab4f8}}
    *{box-sizing:border-box}
    body{margin:0 auto;padding:1.5rem;max-width:60rem;background:var(--ground);color:var(--text);\
    font:16px/1.5 system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif}
    h1{margin:0;font-size:1.8rem}
    h2{margin:2.5rem 0 .75rem;padding-bottom:.25rem;font-size:1.25rem;border-bottom:1px solid var(--rule)}
    header p{margin:.25rem 0 1rem;color:var(--muted)}
    nav a{margin-right:1rem;white-space:nowrap}
    a{color:var(--link)}
    .wide{overflow-x:auto}
    table{border-collapse:collapse;font-size:.9rem}
    th,td{padding:.3rem .8rem .3rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--rule)}
    th{font-weight:600}
    td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
    dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1.2rem;margin:0}
    dt{color:var(--muted)}
    dd{margin:0;overflow-wrap:anywhere}
    figure{margin:1.25rem 0}
    figure svg{display:block;max-width:100%;height:auto}
    .title{margin:0 0 .4rem;font-weight:600}
    figcaption{margin-top:.4rem;color:var(--muted);font-size:.9rem}
    """

  private static func html(_ block: Block) throws -> String {
    switch block {
    case .text(let text): return "<p>\(HTMLText.escaped(text))</p>"
    case .facts(let facts):
      let items = facts.map { "<dt>\(HTMLText.escaped($0.name))</dt><dd>\(HTMLText.escaped($0.value))</dd>" }
      return "<dl>\n\(items.joined(separator: "\n"))\n</dl>"
    case .table(let header, let rows):
      let head = header.map { "<th>\(HTMLText.escaped($0))</th>" }.joined()
      let lines = rows.map { row in
        "<tr>" + row.map { "<td\(isNumber($0) ? " class=\"n\"" : "")>\(HTMLText.escaped($0))</td>" }.joined() + "</tr>"
      }
      return
        "<div class=\"wide\"><table>\n<thead><tr>\(head)</tr></thead>\n<tbody>\n\(lines.joined(separator: "\n"))\n"
        + "</tbody></table></div>"
    case .figure(let figure):
      return """
        <figure id="\(HTMLText.escaped(figure.name))">
        <p class="title">\(HTMLText.escaped(figure.title))</p>
        <div class="wide">\(try figure.drawing.inlineSVG(title: figure.title))</div>
        <figcaption>\(HTMLText.escaped(figure.caption))</figcaption>
        </figure>
        """
    }
  }

  /// Whether a cell holds a number, perhaps with its error.
  private static func isNumber(_ text: String) -> Bool {
    guard let first = text.first else { return false }
    return (first.isNumber || "−-+".contains(first)) && text.allSatisfy { $0.isNumber || " .,−-+±%e".contains($0) }
  }
}
