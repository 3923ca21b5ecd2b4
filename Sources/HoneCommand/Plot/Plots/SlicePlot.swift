import TuningModel

/// The metric against each parameter.
package enum SlicePlot {
  /// The most parameters that are shown where none is named.
  package static let limit = 24

  /// The figure.
  ///
  /// - Parameter names: the parameters to show; all, up to a limit, where there are none.
  /// - Throws: `CommandFailure` where there is nothing to show, or no such parameter.
  package static func figure(_ study: PlottedStudy, parameters names: [String] = []) throws(CommandFailure) -> Figure {
    try study.checkPoints()
    let all = try study.parameters(named: names)
    let shown = names.isEmpty ? Array(all.prefix(limit)) : all
    let last = Double(study.points.last?.trial.number ?? 1)
    var order = ColourScale(axis: Axis(1, max(last, 2), label: "trial"), isDarkLow: false)
    order.axis.isWhole = true
    var notes = [
      """
      Each trial is a dot, dark where it is late, the best a star; a ring is one that is excluded or violates an outcome \
      constraint. Other parameters vary from trial to trial. Values far on the bad side stand at the edge, trials without a \
      value are left out.
      """
    ]
    if shown.count < all.count {
      notes.append("Shown are the first \(limit) of \(all.count); --parameter names others.")
    }
    return Figure(
      "\(study.name): \(study.objective.metric) against each parameter",
      shown.enumerated().map { index, parameter in
        chart(study, parameter, order, isLast: index == shown.count - 1)
      }, notes: notes)
  }

  private static func chart(
    _ study: PlottedStudy, _ parameter: PlottedParameter, _ order: ColourScale, isLast: Bool
  ) -> Chart {
    var chart = Chart(x: parameter.axis, y: study.valueAxis())
    (chart.width, chart.height, chart.lines) = (312, 250, 9)
    let best = study.best?.trial.number
    var inactive = 0
    var marks: [Chart.Mark] = []
    for point in study.points {
      guard let x = parameter.position(of: point.trial.parameters) else {
        inactive += 1
        continue
      }
      let isBest = point.trial.number == best
      marks.append(
        Chart.Mark(
          x: x, y: point.value, glyph: isBest ? .star : point.isEligible ? .disc : .ring,
          colour: isBest ? Colour.series(1) : order.colour(of: Double(point.trial.number)), opacity: 0.75,
          title: study.title(point.trial)))
    }
    // The best lies on top.
    chart.layers = [.marks(marks.filter { $0.glyph != .star } + marks.filter { $0.glyph == .star })]
    if inactive > 0 { chart.title = "inactive in \(inactive) of \(study.points.count) trials" }
    return chart
  }
}

extension PlottedStudy {
  /// The coordinates of the parameters of these names, all where there are none.
  ///
  /// - Throws: `CommandFailure` for a name that the study does not have.
  package func parameters(named names: [String]) throws(CommandFailure) -> [PlottedParameter] {
    for name in names where !parameters.contains(where: { $0.name == name || $0.parameter.name == name }) {
      let known = study.definition.space.parameters.map(\.name).joined(separator: ", ")
      throw CommandFailure(.usage, "the study \(self.name) has no parameter \"\(name)\"; it has \(known)")
    }
    if names.isEmpty { return parameters }
    return names.flatMap { name in parameters.filter { $0.name == name || $0.parameter.name == name } }
  }
}
