package import TuningModel

/// The metric over two parameters: what the model expects where there is one, and what was observed.
package enum ContourPlot {
  /// Cells along each axis; all of them together are no more than one prediction takes.
  package static let resolution = 30

  /// What the model expects at a cell, the other parameters as in the best trial.
  package struct Expectation: Sendable {
    package var x, y: ClosedRange<Double>
    package var point: Parameters
    package var prediction: Prediction?
  }

  /// The cells at which the model is asked: those that the conditions and constraints of the space allow.
  ///
  /// The other parameters are as in the best trial; those that only take part at a cell stand at the centre.
  package static func cells(
    _ study: PlottedStudy, _ x: PlottedParameter, _ y: PlottedParameter
  ) -> [Expectation] {
    guard let best = study.best?.trial.parameters else { return [] }
    let space = study.study.definition.space
    let around = space.everyCentre.merging(best) { $1 }
    return x.cells(resolution).flatMap { column in
      y.cells(resolution).compactMap { row -> Expectation? in
        var point = around
        guard let a = x.value(at: column.value, within: point) else { return nil }
        point[x.parameter.name] = a
        guard let b = y.value(at: row.value, within: point) else { return nil }
        point[y.parameter.name] = b
        let active = space.activeNames(for: point)
        point = point.filter { active.contains($0.key) }
        guard active.contains(x.parameter.name), active.contains(y.parameter.name), space.satisfiesConstraints(point)
        else { return nil }
        return Expectation(x: column.part, y: row.part, point: point)
      }
    }
  }

  /// The figure.
  ///
  /// - Parameters:
  ///   - expectations: cells with predictions; none where there is no model.
  ///   - reason: why there is no model.
  /// - Throws: `CommandFailure` where there is nothing to show.
  package static func figure(
    _ study: PlottedStudy, _ x: PlottedParameter, _ y: PlottedParameter, expectations: [Expectation], reason: String?
  ) throws(CommandFailure) -> Figure {
    try study.checkPoints()
    var chart = Chart(x: x.axis, y: y.axis)
    (chart.width, chart.height, chart.lines) = (760, 520, 18)
    let metric = study.objective.metric
    let means = expectations.compactMap { $0.prediction?.mean }
    var scale = study.colourScale
    if !means.isEmpty {
      scale.axis = Axis(covering: means + study.points.map(\.value).filter { scale.axis.low...scale.axis.high ~= $0 })
      scale.axis.label = metric
    }
    chart.colourScale = scale
    chart.layers.append(
      .cells(
        expectations.compactMap { cell in
          cell.prediction.map {
            Chart.Cell(
              x: cell.x, y: cell.y, value: $0.mean,
              title: "expected \(metric) \(NumberText.short($0.mean)) ± \(NumberText.short($0.standardDeviation))")
          }
        }))
    let best = study.best?.trial.number
    var marks: [Chart.Mark] = []
    for point in study.points {
      guard let a = x.position(of: point.trial.parameters), let b = y.position(of: point.trial.parameters) else {
        continue
      }
      let isBest = point.trial.number == best
      marks.append(
        Chart.Mark(
          x: a, y: b, glyph: isBest ? .star : point.isEligible ? .disc : .ring,
          colour: isBest ? .series(1) : point.isEligible || means.isEmpty ? scale.colour(of: point.value) : .ink,
          opacity: 1, title: study.title(point.trial)
        ))
    }
    chart.layers.append(.marks(marks.filter { $0.glyph != .star } + marks.filter { $0.glyph == .star }))
    var notes: [String] = []
    if let reason {
      notes.append("Only what was observed is shown: \(reason)")
    } else {
      notes.append(
        """
        The ground is what the tuner's model expects with all other parameters as in trial \(best ?? 0), the best, which is the \
        star. Where nothing is drawn, the two do not take part, or a constraint forbids it.
        """)
    }
    notes.append(
      "Dots are trials in the colours of what they found, whatever their other parameters are; dark is good.")
    let absent = study.points.count - marks.count
    if absent > 0 { notes.append("In \(absent) trials one of the two was inactive.") }
    return Figure("\(study.name): \(metric) over \(x.name) and \(y.name)", [chart], notes: notes)
  }
}

extension SearchSpace {
  /// The centre of every parameter's domain, though the parameter may take part nowhere near it.
  fileprivate var everyCentre: Parameters {
    parameters.reduce(into: [:]) { values, parameter in
      let alone = try? SearchSpace([Parameter(parameter.name, parameter.domain)])
      values[parameter.name] = alone?.centre[parameter.name]
    }
  }
}
