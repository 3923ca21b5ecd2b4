import BestResponse
import Bilevel

extension SelfTuningReport {
  /// The course of the losses and of each hyperparameter, with the tables.
  func figure(_ title: String) -> Figure {
    let run = watched.run
    let notes = [
      """
      \(method.rawValue), \(run.state.step) steps of the weights; \(examples.training.count) rows train, \
      \(examples.validation.count) validate, \(examples.test.count) test. The dashed line is where the validation loss was \
      least.
      """,
      """
      The training loss is that of batches, with all that regularises it. A band is where nine of ten perturbations lie with \
      which the response is learned. The test rows decide nothing.
      """,
    ]
    let tables = [
      Figure.Sheet(["", "start", "best", "last", "deviation"], valueRows), Figure.Sheet(Self.scoreHeader, scoreRows),
    ]
    return Figure(
      title, [lossChart] + run.settings.hyperparameters.indices.map(chart), notes: notes,
      tables: tables.filter { !$0.rows.isEmpty })
  }

  private var lossChart: Chart {
    let entries = watched.run.state.schedule.entries.filter { !$0.isValidation }
    // Single batches jump about; a hundred groups show the course.
    let size = max(1, entries.count / 100)
    let training = stride(from: 0, to: entries.count, by: size).map { first in
      let group = entries[first..<min(first + size, entries.count)]
      return (
        x: Double(group[group.endIndex - 1].step), y: group.reduce(0) { $0 + $1.loss } / Double(group.count)
      )
    }
    let validation = watched.moments.map { (x: Double($0.step), y: $0.validation.loss) }
    var chart = chart("loss", covering: (training + validation).map(\.y), height: 320)
    chart.layers += [
      .lines([
        Chart.Line(points: training, colour: .series(1)), Chart.Line(points: validation, colour: .series(0)),
      ])
    ]
    chart.legend = [Chart.LegendEntry("training", .series(1)), Chart.LegendEntry("validation", .series(0))]
    return chart
  }

  private func chart(_ k: Int) -> Chart {
    let hyperparameter = watched.run.settings.hyperparameters[k]
    let entries = Self.thinned(watched.run.state.schedule.entries.filter { !$0.isValidation })
    let band = entries.map { entry in
      let (lambda, width) = (hyperparameter.coordinate(of: entry.values[k]), 1.645 * entry.deviations[k])
      return (
        x: Double(entry.step), low: hyperparameter.value(at: lambda - width),
        high: hyperparameter.value(at: lambda + width)
      )
    }
    let points = entries.map { (x: Double($0.step), y: $0.values[k]) }
    let edges = method == .fixed ? [] : band.flatMap { [$0.low, $0.high] }
    var chart = chart(hyperparameter.name, covering: points.map(\.y) + edges, height: 220)
    chart.y.isLogarithmic = hyperparameter.isLogarithmic && chart.y.low > 0
    if method != .fixed { chart.layers.append(.bands([Chart.Band(points: band, colour: .series(2))])) }
    chart.layers.append(.lines([Chart.Line(points: points, colour: .series(2))]))
    return chart
  }

  /// A chart over the steps with a line across where the best network was.
  private func chart(_ label: String, covering values: [Double], height: Double) -> Chart {
    var y = Axis(covering: values)
    y.label = label
    var x = Axis(0, Double(max(watched.run.state.step, 1)), label: "step")
    x.isWhole = true
    let best = Double(watched.best.step)
    var mark = Chart.Line(points: [(best, y.low), (best, y.high)], colour: .grey, width: 1)
    mark.isDashed = true
    var chart = Chart(x: x, y: y)
    chart.height = height
    chart.layers = [.lines([mark])]
    return chart
  }

  /// As many as a picture can tell apart, first and last among them.
  private static func thinned<Element>(_ all: [Element], to most: Int = 1_200) -> [Element] {
    all.count <= most ? all : (0..<most).map { all[$0 * (all.count - 1) / (most - 1)] }
  }
}

extension TunedHyperparameter {
  /// Whether equal ratios are equally far apart.
  fileprivate var isLogarithmic: Bool {
    switch transformation {
    case .identity, .interval, .whole: false
    case .exponential, .logInterval: true
    }
  }
}
