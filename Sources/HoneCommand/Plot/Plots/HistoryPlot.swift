import TuningModel

/// Trials in their order with the best so far, of one or several studies.
package enum HistoryPlot {
  /// The figure.
  ///
  /// - Throws: `CommandFailure` where no study has a value.
  package static func figure(_ studies: [PlottedStudy]) throws(CommandFailure) -> Figure {
    if let first = studies.first, studies.allSatisfy(\.points.isEmpty) { try first.checkPoints() }
    let histories = studies.map(StudyHistory.init)
    let last = histories.flatMap { $0.points.map(\.number) + $0.unmeasured }.max() ?? 1
    var x = Axis(1, Double(max(last, 2)), label: "trial")
    x.isWhole = true
    let improvements = histories.flatMap { $0.improvements.map(\.value) }
    var chart = Chart(x: x, y: PlottedStudy.valueAxis(studies, alsoCovering: improvements))
    for (index, history) in histories.enumerated().reversed() {
      chart.layers.append(.marks(marks(history, index, chart.y)))
    }
    // The first study is drawn last, on top.
    for (index, history) in histories.enumerated().reversed() {
      chart.layers.append(.lines([best(history, index)]))
      chart.legend.insert(Chart.LegendEntry(history.name, .series(index), .series(index)), at: 0)
    }
    return Figure(
      histories.map(\.name).joined(separator: ", "), [chart],
      notes: [
        """
        A dot is a trial, a ring one that is excluded or violates an outcome constraint, a line the best so far, × a trial \
        that ended without a value. Values far on the bad side stand at the edge.
        """
      ], tables: [comparison(histories)] + histories.compactMap(bestParameters))
  }

  private static func marks(_ history: StudyHistory, _ index: Int, _ y: Axis) -> [Chart.Mark] {
    let measured = history.points.map { point in
      Chart.Mark(
        x: Double(point.number), y: point.value, glyph: point.isEligible ? .series(index) : .ring,
        colour: .series(index), opacity: point.isEligible ? 0.5 : 0.35,
        title: "\(history.name) trial \(point.number): \(NumberText.short(point.value))")
    }
    let unmeasured = history.unmeasured.map { number in
      Chart.Mark(
        x: Double(number), y: history.objective.goal == .minimise ? y.high : y.low, glyph: .cross,
        colour: .series(index), title: "\(history.name) trial \(number): no value")
    }
    return measured + unmeasured
  }

  private static func best(_ history: StudyHistory, _ index: Int) -> Chart.Line {
    var points: [(x: Double, y: Double)] = []
    for point in history.improvements {
      if let last = points.last { points.append((Double(point.number), last.y)) }
      points.append((Double(point.number), point.value))
    }
    if let last = points.last, let end = history.points.last { points.append((Double(end.number), last.y)) }
    return Chart.Line(points: points, colour: .series(index), title: "\(history.name): the best so far")
  }

  private static func comparison(_ histories: [StudyHistory]) -> Figure.Sheet {
    let several = histories.count > 1
    return Figure.Sheet(
      ["study", "measured trials", "default", "best", "best trial"],
      histories.enumerated().map { index, history in
        let mark = several ? "\(Chart.Glyph.series(index).character) " : ""
        return [
          mark + history.name, "\(history.points.count)", text(history.reference, history),
          text(history.best, history), history.best.map { "\($0.number)" } ?? "–",
        ]
      })
  }

  private static func bestParameters(_ history: StudyHistory) -> Figure.Sheet? {
    guard let best = history.best else { return nil }
    let metrics = (best.measurement?.metrics ?? [:]).sorted { $0.key < $1.key }.map { name, value in
      [name, history.reference?.measurement?.metrics[name].map(NumberText.short) ?? "–", NumberText.short(value)]
    }
    let parameters = best.parameters.sorted { $0.key < $1.key }.map { name, value in
      [name, history.reference?.parameters[name].map(\.description) ?? "–", value.description]
    }
    return Figure.Sheet(
      ["", "default", "best"], metrics + parameters, title: "\(history.name), trial \(best.number)")
  }

  private static func text(_ trial: Trial?, _ history: StudyHistory) -> String {
    trial.flatMap(history.value(of:)).map(NumberText.short) ?? "–"
  }
}
