import TuningModel

/// Every trial a line through all parameters to the metric.
package enum ParallelPlot {
  /// The most parameters that are shown where none is named.
  package static let limit = 12

  /// The figure.
  ///
  /// - Parameter names: the parameters to show; all, up to a limit, where there are none.
  /// - Throws: `CommandFailure` where there is nothing to show, or no such parameter.
  package static func figure(_ study: PlottedStudy, parameters names: [String] = []) throws(CommandFailure) -> Figure {
    try study.checkPoints()
    let all = try study.parameters(named: names)
    let shown = names.isEmpty ? Array(all.prefix(limit)) : all
    let scale = study.colourScale
    // Below 0 is where inactive parameters stand.
    let floor = hasInactive(study, shown) ? -0.1 : 0
    var chart = Chart(
      x: Axis((shown.map(\.name) + [study.objective.metric])), y: Axis(floor, 1))
    (chart.width, chart.height, chart.lines) = (max(700, min(980, Double(shown.count) * 110 + 200)), 440, 16)
    chart.colourScale = scale
    chart.rulers = (shown.map(\.axis) + [scale.axis]).enumerated().map { Chart.Ruler(x: Double($0), axis: $1) }
    // The worst first, so that the best lie on top.
    let points = study.points.sorted {
      (study.objective.cost(of: $1.value), $1.trial.number) < (study.objective.cost(of: $0.value), $0.trial.number)
    }
    let bestQuarter = points.count - max(1, (points.count + 3) / 4)
    let lines = points.enumerated().map { index, point in
      var line = Chart.Line(
        points: shown.enumerated().map { column, parameter in
          let value = parameter.position(of: point.trial.parameters)
          return (Double(column), value.map(parameter.axis.position(of:)) ?? floor)
        } + [(Double(shown.count), scale.axis.position(of: point.value))], colour: scale.colour(of: point.value))
      line.isFaint = index < bestQuarter
      line.opacity = index < bestQuarter ? 0.35 : 0.8
      line.width = index == points.count - 1 ? 3.2 : 1.4
      line.title = study.title(point.trial)
      return line
    }
    chart.layers = [.lines(lines)]
    var notes = [
      """
      Each line is a trial, from parameter to parameter to \(study.objective.metric); dark is good, the thickest is the \
      best. A terminal without colours shows the best quarter alone.
      """
    ]
    if floor < 0 { notes.append("A line that leaves an axis at its bottom has that parameter inactive.") }
    if shown.count < all.count {
      notes.append("Shown are the first \(limit) of \(all.count); --parameter names others.")
    }
    return Figure("\(study.name): trials through all parameters", [chart], notes: notes)
  }

  private static func hasInactive(_ study: PlottedStudy, _ shown: [PlottedParameter]) -> Bool {
    study.points.contains { point in shown.contains { $0.position(of: point.trial.parameters) == nil } }
  }
}
