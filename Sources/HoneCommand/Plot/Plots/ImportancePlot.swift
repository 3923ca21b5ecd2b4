package import TuningModel

/// How much of the variance is due to each parameter.
package enum ImportancePlot {
  /// The most parameters that are shown.
  package static let limit = 30

  /// The figure.
  package static func figure(_ report: ImportanceReport, of study: String) -> Figure {
    let shown = report.parameters.prefix(limit)
    let pairs = report.interactions.filter { $0.importance >= 0.01 }
    let effects = shown + pairs
    var chart = Chart(
      x: Axis(0, max(0.1, min(1, effects.map { max($0.total, $0.importance + $0.standardError) }.max() ?? 1))),
      y: Axis(effects.reversed().map { $0.parameters.joined(separator: " × ") }))
    chart.x.label = "share of the variance of \(report.metric)"
    (chart.width, chart.height) = (860, 110 + Double(effects.count) * 26)
    let places = effects.indices.map { Double(effects.count - 1 - $0) }
    let totals = zip(effects, places).filter { $0.0.parameters.count == 1 }.map { effect, place in
      Chart.Bar(
        y: place, from: 0, to: effect.total, colour: Colour.series(5), opacity: 0.45, fill: "░",
        title: "\(effect.parameters[0]): in all \(ImportanceDisplay.percent(effect.total))")
    }
    let mains = zip(effects, places).map { effect, place in
      let isPair = effect.parameters.count > 1
      let error = max(0, effect.importance - effect.standardError)...(effect.importance + effect.standardError)
      return Chart.Bar(
        y: place, from: 0, to: effect.importance, colour: .series(isPair ? 1 : 0), thickness: 0.42,
        fill: isPair ? "▒" : "█", error: effect.standardError > 0 ? error : nil,
        title: "\(effect.parameters.joined(separator: " × ")): \(ImportanceDisplay.percent(effect.importance)) "
          + "± \(ImportanceDisplay.percent(effect.standardError))",
        note: ImportanceDisplay.percent(effect.importance)
          + (isPair ? "" : " of \(ImportanceDisplay.percent(effect.total))"), noteAfter: effect.total
      )
    }
    chart.layers = [.bars(totals), .bars(mains)]
    chart.legend = [
      Chart.LegendEntry("alone", .series(0), fill: "█"),
      Chart.LegendEntry("with all interactions", Colour.series(5).mixed(with: Colour(0xFFFFFF), 0.4), fill: "░"),
    ]
    if !pairs.isEmpty { chart.legend.append(Chart.LegendEntry("two together", .series(1), fill: "▒")) }
    var notes = [ImportanceDisplay(report).basis + ". Error bars are standard errors over the trees of the model."]
    if report.parameters.count > limit { notes.append("Shown are the \(limit) most important parameters.") }
    return Figure("\(study): which parameters matter for \(report.metric)", [chart], notes: notes)
  }
}
