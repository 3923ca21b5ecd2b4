import Foundation
package import TuningModel

/// When each worker worked on which trial.
package enum TimelinePlot {
  /// The most rows that are shown.
  package static let limit = 60

  /// The figure.
  ///
  /// - Parameter now: until when trials under way have come.
  /// - Throws: `CommandFailure` where no trial was handed out.
  package static func figure(_ study: PlottedStudy, now: Timestamp) throws(CommandFailure) -> Figure {
    let trials = study.trials.filter { $0.attempt > 0 && $0.state != .waiting }
    guard let start = trials.map(\.startedAt).min() else {
      throw CommandFailure(
        .notFound, "no trial of the study \(study.name) was handed out yet; hone trial list shows all trials")
    }
    let end = max(trials.map { $0.finishedAt ?? now }.max() ?? now, start.advanced(bySeconds: 0.001))
    let unit = Unit(seconds: Double(end.milliseconds - start.milliseconds) / 1_000)
    func place(_ time: Timestamp) -> Double { Double(time.milliseconds - start.milliseconds) / 1_000 / unit.seconds }
    let lanes = lanes(trials, until: end)
    let shown = Array(lanes.prefix(limit))
    var chart = Chart(
      x: Axis(0, place(end), label: "\(unit.name) since \(start.text)"), y: Axis(shown.map(\.name).reversed()))
    (chart.width, chart.height) = (960, 110 + Double(shown.count) * 24)
    let bars = shown.enumerated().flatMap { index, lane in
      lane.trials.map { trial in
        let style = Style(trial.state)
        let seconds = Double((trial.finishedAt ?? end).milliseconds - trial.startedAt.milliseconds) / 1_000
        return Chart.Bar(
          y: Double(shown.count - 1 - index), from: place(trial.startedAt), to: place(trial.finishedAt ?? end),
          colour: style.colour, opacity: 0.85, thickness: 0.8, fill: style.fill,
          title: "trial \(trial.number): \(trial.state.rawValue), \(NumberText.short(seconds)) s"
            + (trial.attempt > 1 ? ", attempt \(trial.attempt)" : "")
            + (trial.reason.map { ", " + $0.onOneLine(atMost: 80) } ?? ""))
      }
    }
    chart.layers = [.bars(bars)]
    let states = TrialState.allCases.filter { state in trials.contains { $0.state == state } }
    chart.legend = states.map { Chart.LegendEntry($0.rawValue, Style($0).colour, fill: Style($0).fill) }
    var notes = [
      "A trial that was handed out several times is shown from the last time on. Trials under way reach to the end."
    ]
    if lanes.count > limit { notes.append("Shown are \(limit) of \(lanes.count) rows.") }
    return Figure("\(study.name): trials by worker", [chart], notes: notes)
  }

  /// A row of the picture: trials of one worker that do not overlap.
  private struct Lane {
    var name: String
    var trials: [Trial]
  }

  /// The trials of each worker, in as many rows as it has worked on at once.
  private static func lanes(_ trials: [Trial], until end: Timestamp) -> [Lane] {
    let workers = Dictionary(grouping: trials) { $0.worker ?? "" }
    return workers.keys.sorted { $0.localizedStandardCompare($1) == .orderedAscending }.flatMap { worker in
      var rows: [[Trial]] = []
      for trial in (workers[worker] ?? []).sorted(by: { ($0.startedAt, $0.number) < ($1.startedAt, $1.number) }) {
        if let row = rows.firstIndex(where: { ($0.last?.finishedAt ?? end) <= trial.startedAt }) {
          rows[row].append(trial)
        } else {
          rows.append([trial])
        }
      }
      let name = worker.isEmpty ? "(no name)" : worker
      return rows.enumerated().map { Lane(name: $0 == 0 ? name : "", trials: $1) }
    }
  }

  /// A unit in which a span of time has a readable number.
  private struct Unit {
    var name: String
    var seconds: Double

    init(seconds span: Double) {
      let units = [("days", 172_800.0, 86_400.0), ("hours", 7_200, 3_600), ("minutes", 120, 60)]
      let unit = units.first { span >= $0.1 }
      (name, seconds) = unit.map { ($0.0, $0.2) } ?? ("seconds", 1)
    }
  }

  /// How a state looks.
  private struct Style {
    var colour: Colour
    var fill: Character

    init(_ state: TrialState) {
      (colour, fill) =
        switch state {
        case .completed: (.series(2), "█")
        case .pruned: (.series(4), "▓")
        case .infeasible: (.series(3), "▒")
        case .failed: (.series(1), "×")
        case .waiting, .running: (.series(5), "░")
        case .stopping: (.series(0), "▞")
        }
    }
  }
}
