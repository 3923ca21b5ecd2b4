/// A figure as one HTML page that loads nothing from anywhere.
package enum FigurePage {
  /// The page.
  package static func html(_ figure: Figure) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(escaped(figure.title)) · Hone</title>
    <style>
    body { font: 15px/1.5 system-ui, sans-serif; color: #222; background: #fff; max-width: 1000px; margin: 2rem auto; \
    padding: 0 1rem; }
    svg { max-width: 100%; height: auto; }
    table { border-collapse: collapse; margin: 1rem 0; }
    th, td { text-align: left; padding: .25rem .9rem .25rem 0; border-bottom: 1px solid #e5e5e5; }
    td + td { font-variant-numeric: tabular-nums; }
    </style>
    </head>
    <body>
    <h1>\(escaped(figure.title))</h1>
    \(SVGDrawing.svg(figure))
    \(figure.notes.map { "<p>\(escaped($0))</p>" }.joined(separator: "\n"))
    \(figure.tables.map(table).joined(separator: "\n"))
    </body>
    </html>

    """
  }

  private static func table(_ sheet: Figure.Sheet) -> String {
    let heading = sheet.title.isEmpty ? "" : "<h2>\(escaped(sheet.title))</h2>\n"
    let rows = sheet.rows.map { "<tr>" + $0.map { "<td>\(escaped($0))</td>" }.joined() + "</tr>" }
    return """
      \(heading)<table>
      <tr>\(sheet.header.map { "<th>\(escaped($0))</th>" }.joined())</tr>
      \(rows.joined(separator: "\n"))
      </table>
      """
  }
}
