import TuningModel

/// The metric of each trial by step.
package enum StepsPlot {
  /// The most trials that are drawn.
  package static let limit = 500

  /// The figure; the trials have their measurements.
  ///
  /// - Throws: `CommandFailure` where no trial has reported the metric.
  package static func figure(_ study: PlottedStudy) throws(CommandFailure) -> Figure {
    let metric = study.objective.metric
    let courses = study.trials.compactMap { trial -> Course? in
      var points = trial.measurements.compactMap { measurement in
        measurement.step.flatMap { step in measurement.metrics[metric].map { (x: Double(step), y: $0) } }
      }
      guard !points.isEmpty else { return nil }
      // The final measurement belongs to the course where it says to which step.
      if let last = trial.measurement, let step = last.step, Double(step) > points.last?.x ?? 0,
        let value = last.metrics[metric]
      {
        points.append((Double(step), value))
      }
      return Course(trial: trial, points: points)
    }
    guard !courses.isEmpty else {
      throw CommandFailure(
        .notFound,
        "no trial of the study \(study.name) has reported \(metric) with a step; see hone report and lines with a step")
    }
    let values = courses.flatMap { $0.points.map(\.y) }.filter(\.isFinite)
    guard !values.isEmpty else {
      throw CommandFailure(.notFound, "no finite \(metric) was reported in the study \(study.name)")
    }
    // A few diverged trials would press the others together.
    let costs = values.sorted { study.objective.cost(of: $0) < study.objective.cost(of: $1) }
    var y = Axis(covering: Array(costs.prefix(Int((Double(costs.count) * 0.95).rounded(.up)))))
    y.label = metric
    let steps = courses.flatMap { $0.points.map(\.x) }
    var x = Axis(steps.min() ?? 0, steps.max() ?? 1, label: "step")
    x.isWhole = true
    var chart = Chart(x: x, y: y)
    chart.height = 460
    let shown = courses.count > limit ? Array(courses.suffix(limit)) : courses
    let best = study.best?.trial.number
    let drawn = shown.filter { $0.trial.number != best } + shown.filter { $0.trial.number == best }
    chart.layers = [
      .lines(drawn.map { line($0, study, isBest: $0.trial.number == best) }),
      .marks(drawn.flatMap { marks($0, study, isBest: $0.trial.number == best) }),
    ]
    chart.legend = legend(drawn.map(\.trial), best)
    var notes = [
      "A line is a trial, × where it was pruned, ○ where only one step is known. Values far on the bad side stand at the edge."
    ]
    if shown.count < courses.count { notes.append("Shown are the last \(limit) of \(courses.count) trials.") }
    if values.count < steps.count { notes.append("A line is interrupted where a value is not finite.") }
    return Figure("\(study.name): \(metric) by step", [chart], notes: notes)
  }

  private struct Course {
    var trial: Trial
    var points: [(x: Double, y: Double)]
  }

  private static func line(_ course: Course, _ study: PlottedStudy, isBest: Bool) -> Chart.Line {
    let state = course.trial.state
    return Chart.Line(
      points: course.points, colour: colour(state, isBest), width: isBest ? 3 : 1.3,
      opacity: isBest ? 1 : state == .pruned ? 0.45 : 0.6, isFaint: state == .pruned, title: study.title(course.trial))
  }

  private static func marks(_ course: Course, _ study: PlottedStudy, isBest: Bool) -> [Chart.Mark] {
    guard let last = course.points.last(where: { $0.y.isFinite }) else { return [] }
    let state = course.trial.state
    let glyph: Chart.Glyph? = state == .pruned || state == .stopping ? .cross : course.points.count == 1 ? .ring : nil
    return glyph.map {
      [
        Chart.Mark(
          x: last.x, y: last.y, glyph: $0, colour: colour(state, isBest), opacity: 0.9, title: study.title(course.trial)
        )
      ]
    } ?? []
  }

  private static func colour(_ state: TrialState, _ isBest: Bool) -> Colour {
    if isBest { return .series(2) }
    switch state {
    case .completed: return .series(0)
    case .pruned, .stopping: return .series(4)
    case .failed, .infeasible: return .series(1)
    case .waiting, .running: return .series(5)
    }
  }

  private static func legend(_ trials: [Trial], _ best: TrialNumber?) -> [Chart.LegendEntry] {
    var entries: [Chart.LegendEntry] = []
    func add(_ text: String, _ state: TrialState, _ glyph: Chart.Glyph? = nil, when isThere: (TrialState) -> Bool) {
      if trials.contains(where: { isThere($0.state) && $0.number != best }) {
        entries.append(Chart.LegendEntry(text, colour(state, false), glyph))
      }
    }
    if let best, trials.contains(where: { $0.number == best }) {
      entries.append(Chart.LegendEntry("trial \(best), the best", colour(.completed, true)))
    }
    add("completed", .completed) { $0 == .completed }
    add("pruned", .pruned, .cross) { $0 == .pruned || $0 == .stopping }
    add("failed or infeasible", .failed) { $0 == .failed || $0 == .infeasible }
    add("under way", .running) { $0 == .running || $0 == .waiting }
    return entries
  }
}
