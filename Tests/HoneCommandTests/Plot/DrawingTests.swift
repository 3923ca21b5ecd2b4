import HoneCommand
import Testing
import TuningModel

@Suite("Drawings")
struct DrawingTests {
  private static func chart() -> Chart {
    var chart = Chart(x: Axis(0, 10, label: "x"), y: Axis(0, 1, label: "y"))
    chart.layers = [
      .lines([Chart.Line(points: [(0, 0), (10, 1)], colour: .series(0))]),
      .marks([Chart.Mark(x: 5, y: 0.5, colour: .series(1), title: "<b>&\"")]),
    ]
    chart.legend = [Chart.LegendEntry("line", .series(0))]
    return chart
  }

  private static let figure = Figure(
    "A & B", [chart()], notes: ["One note."], tables: [.init(["a", "b"], [["1", "2"]])])

  @Test("SVG is well-formed, and what users wrote cannot become tags")
  func svg() {
    let svg = SVGDrawing.svg(Self.figure)
    #expect(isWellFormed(svg))
    #expect(svg.contains("&lt;b&gt;&amp;&quot;") && !svg.contains("<b>"))
    #expect(svg.contains("<title>A &amp; B</title>"))
  }

  @Test("Charts that do not fit side by side stand in rows")
  func rows() {
    var chart = Self.chart()
    (chart.width, chart.height) = (312, 200)
    let svg = SVGDrawing.svg(Figure("", Array(repeating: chart, count: 4)))
    #expect(svg.contains("translate(656 0)") && svg.contains("translate(0 216)"))
    #expect(svg.contains(#"viewBox="0 0 968 416""#))
  }

  @Test("A page has the picture, notes and tables, and loads nothing")
  func page() {
    let page = FigurePage.html(Self.figure)
    for part in ["<svg", "<p>One note.</p>", "<td>2</td>", "<h1>A &amp; B</h1>"] { #expect(page.contains(part)) }
    // The name space of SVG is an address, but nobody fetches it.
    let rest = page.replacing("http://www.w3.org/2000/svg", with: "")
    for address in ["http:", "https:", "src=", "href=", "@import", "url(", "<script"] {
      #expect(!rest.contains(address))
    }
  }

  @Test("No line of a terminal is wider than it", arguments: [40, 80, 200])
  func width(_ width: Int) throws {
    var bench = PlotBench.ten()
    bench.add(loss: 1, ["rate": .float(0.05)], worker: String(repeating: "long-name", count: 9))
    let study = try bench.plotted()
    for figure in [
      try HistoryPlot.figure([study]), try SlicePlot.figure(study), try ParallelPlot.figure(study),
      try TimelinePlot.figure(study, now: Timestamp(milliseconds: 0)),
    ] {
      let charts = Figure(figure.title, figure.charts, notes: figure.notes)
      for line in TextDrawing(width: width, isColoured: false).text(charts).split(separator: "\n") {
        #expect(line.count <= min(width, 110), "\(line)")
      }
    }
  }

  @Test("Without colours there are no escape sequences, and with them each line ends as it began")
  func colours() {
    #expect(!TextDrawing(width: 80, isColoured: false).text(Self.figure).contains("\u{1B}"))
    let lines = TextDrawing(width: 80, isColoured: true).text(Self.figure).split(separator: "\n")
    #expect(lines.contains { $0.contains("\u{1B}[38;5;") })
    for line in lines where line.contains("\u{1B}") {
      #expect(line.split(separator: "\u{1B}").last?.hasPrefix("[0m") == true)
    }
  }

  @Test(
    "Colours are for terminals that want them",
    arguments: [
      (true, [:], true), (false, [:], false), (true, ["NO_COLOR": "1"], false), (true, ["NO_COLOR": ""], true),
      (true, ["TERM": "dumb"], false),
    ])
  func wishes(_ isInteractive: Bool, _ environment: [String: String], _ wanted: Bool) {
    #expect(TextDrawing.wantsColours(isInteractive: isInteractive, environment) == wanted)
  }

  @Test("A rising line goes from the lower left to the upper right of a terminal")
  func rising() {
    var chart = Self.chart()
    chart.layers.removeLast()
    let rows = TextDrawing(width: 60, isColoured: false).text(Figure("", [chart])).split(separator: "\n")
      .filter { $0.contains("│") }.map { $0[$0.index(after: $0.firstIndex(of: "│")!)...] }
    func start(_ row: Substring) -> Int { row.prefix { $0 == " " }.count }
    #expect(start(rows[0]) > 40 && start(rows[rows.count - 1]) == 0)
  }

  @Test("Dark is where it is good: low where small values are better, high where large ones are")
  func scale() {
    var scale = ColourScale(axis: Axis(0, 1))
    #expect(scale.colour(of: 0) == ColourScale.colour(at: 0))
    scale.isDarkLow = false
    #expect(scale.colour(of: 1) == ColourScale.colour(at: 0))
  }
}
