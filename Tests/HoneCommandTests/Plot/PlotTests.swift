import HoneCommand
import Testing
import TuningModel

@Suite("Plots of studies")
struct PlotTests {
  // MARK: History

  @Test("The best so far falls, skips trials that violate a constraint, and reaches the last trial")
  func history() throws {
    var bench = PlotBench(constraints: [OutcomeConstraint("time", .atMost(5))])
    for (loss, time) in [(3.0, 1.0), (1, 9), (2, 1), (4, 1)] { bench.add(loss: loss, metrics: ["time": time]) }
    bench.add(.failed)
    let figure = try HistoryPlot.figure([bench.plotted()])
    #expect(figure.lines()[0].points.map(\.y) == [3, 3, 2, 2])
    #expect(figure.lines()[0].points.map(\.x) == [1, 3, 3, 4])
    #expect(figure.marks().map(\.glyph) == [.disc, .ring, .disc, .disc, .cross])
  }

  @Test("A maximised objective rises to its best")
  func maximised() throws {
    var bench = PlotBench(goal: .maximise)
    for loss in [1.0, 3, 2] { bench.add(loss: loss) }
    #expect(try HistoryPlot.figure([bench.plotted()]).lines()[0].points.map(\.y) == [1, 1, 3, 3])
  }

  @Test("Several studies share a picture, each with its shape, and one without results may be among them")
  func several() throws {
    let figure = try HistoryPlot.figure([
      PlotBench.ten().plotted(name: "a"), PlotBench().plotted(name: "b"), PlotBench.ten().plotted(name: "c"),
    ])
    #expect(figure.charts[0].legend.map(\.text) == ["a", "b", "c"])
    #expect(Set(figure.marks().map(\.glyph)) == [.disc, .square])
    #expect(figure.tables[0].rows.map { $0[1] } == ["10", "0", "10"])
  }

  // MARK: What cannot be drawn

  @Test("A study without results is refused in words that say what to look at")
  func empty() throws {
    var bench = PlotBench()
    bench.add(.failed)
    bench.add(.completed, loss: .infinity)
    let study = try bench.plotted()
    for draw in [
      { () throws in _ = try HistoryPlot.figure([study]) }, { () throws in _ = try SlicePlot.figure(study) },
      { () throws in _ = try ParallelPlot.figure(study) },
      { () throws in
        _ = try ContourPlot.figure(study, study.parameters[0], study.parameters[1], expectations: [], reason: "none.")
      },
    ] {
      let failure = #expect(throws: CommandFailure.self) { try draw() }
      #expect(failure?.status == .notFound)
      #expect(failure?.message.contains("no completed trial with loss") == true)
    }
    let steps = #expect(throws: CommandFailure.self) { _ = try StepsPlot.figure(study) }
    #expect(steps?.message.contains("has reported loss with a step") == true)
    let times = #expect(throws: CommandFailure.self) {
      _ = try TimelinePlot.figure(PlotBench().plotted(), now: Timestamp(milliseconds: 0))
    }
    #expect(times?.status == .notFound)
  }

  @Test("Of several objectives one must be named, and each can be")
  func objectives() throws {
    var bench = PlotBench(objectives: [Objective("loss", .minimise), Objective("score", .maximise)])
    bench.add(loss: 1, metrics: ["score": 5])
    bench.add(loss: 2, metrics: ["score": 7])
    #expect(throws: InvalidInput.self) { _ = try bench.plotted() }
    #expect(try bench.plotted(metric: "score").best?.value == 7)
    #expect(try bench.plotted(metric: "loss").best?.value == 1)
  }

  @Test("A parameter that the study does not have is refused with those it has")
  func unknown() throws {
    let study = try PlotBench.ten().plotted()
    let failure = #expect(throws: CommandFailure.self) { _ = try SlicePlot.figure(study, parameters: ["speed"]) }
    #expect(failure?.message.contains("rate, layers, optimizer") == true)
  }

  @Test("One trial can be drawn in every way and form")
  func single() throws {
    var bench = PlotBench()
    bench.add(loss: 0.5, measurements: [Measurement(["loss": 0.7], step: 1)])
    let study = try bench.plotted()
    for figure in try Self.all(study) {
      #expect(isWellFormed(SVGDrawing.svg(figure)))
      #expect(!TextDrawing(width: 80, isColoured: false).text(figure).isEmpty)
    }
  }

  private static func all(_ study: PlottedStudy) throws -> [Figure] {
    var report = ImportanceReport(of: "loss", trials: 12, explained: 0.5)
    report.parameters = study.study.definition.space.parameters.map { ImportanceReport.Effect([$0.name]) }
    return [
      try HistoryPlot.figure([study]), try SlicePlot.figure(study), try ParallelPlot.figure(study),
      ImportancePlot.figure(report, of: "s"), try StepsPlot.figure(study),
      try ContourPlot.figure(study, study.parameters[0], study.parameters[1], expectations: [], reason: "no model."),
      try TimelinePlot.figure(study, now: Timestamp(milliseconds: 1_800_000_900_000)),
    ]
  }

  // MARK: Slice and parallel

  @Test("Each parameter and each component of a vector has a panel on its own scale")
  func slice() throws {
    let figure = try SlicePlot.figure(PlotBench.ten().plotted())
    #expect(
      figure.charts.map(\.x.label) == ["rate", "layers", "optimizer", "momentum", "mixture[0]", "mixture[1]"])
    #expect(figure.charts.map(\.x.isLogarithmic) == [true, false, false, false, false, false])
    #expect(figure.charts[2].x.categories == ["sgd", "adam"])
    #expect(figure.marks(5).allSatisfy { $0.x == 0.75 })
  }

  @Test("Where a parameter is inactive its panel says so and shows the other trials")
  func inactive() throws {
    let figure = try SlicePlot.figure(PlotBench.ten().plotted(), parameters: ["momentum"])
    #expect(figure.marks().count == 5)
    #expect(figure.charts[0].title == "inactive in 5 of 10 trials")
  }

  @Test("In parallel coordinates an inactive parameter is below its axis, and the best trial on top")
  func parallel() throws {
    let figure = try ParallelPlot.figure(PlotBench.ten().plotted(), parameters: ["momentum", "layers"])
    let lines = figure.lines()
    #expect(lines.count == 10)
    #expect(lines.filter { $0.points[0].y < 0 }.count == 5)
    #expect(lines.last?.title.hasPrefix("trial 10:") == true)
    #expect(lines.filter { !$0.isFaint }.count == 3)
  }

  @Test("Values far on the bad side stand at the edge and do not press the others together")
  func outlier() throws {
    var bench = PlotBench.ten()
    bench.add(loss: 1e9)
    let axis = try bench.plotted().valueAxis()
    #expect(axis.high <= 1)
    #expect(axis.position(of: 1e9) == 1)
  }

  // MARK: Contour

  @Test("The model is asked only where both parameters take part, with the others as in the best trial")
  func cells() throws {
    let study = try PlotBench.ten().plotted()
    let cells = ContourPlot.cells(study, study.parameters[2], study.parameters[3])
    // Momentum takes part under sgd alone.
    #expect(cells.count == ContourPlot.resolution)
    #expect(cells.allSatisfy { $0.point["optimizer"] == .string("sgd") && $0.point["momentum"] != nil })
    #expect(cells.allSatisfy { $0.point["layers"] == study.best?.trial.parameters["layers"] })
    let all = ContourPlot.cells(study, study.parameters[0], study.parameters[1])
    #expect(all.count == ContourPlot.resolution * ContourPlot.resolution)
    #expect(all.count <= 1_000)
  }

  @Test("Components of a vector are moved one by one")
  func components() throws {
    let study = try PlotBench.ten().plotted()
    let cells = ContourPlot.cells(study, study.parameters[4], study.parameters[5])
    #expect(Set(cells.map(\.point["mixture"])).count == ContourPlot.resolution * ContourPlot.resolution)
  }

  @Test("With a model the ground is drawn, without one nothing is made up and the reason is told")
  func ground() throws {
    let study = try PlotBench.ten().plotted()
    var cells = ContourPlot.cells(study, study.parameters[0], study.parameters[1])
    for index in cells.indices { cells[index].prediction = Prediction(mean: Double(index), standardDeviation: 1) }
    let figure = try ContourPlot.figure(
      study, study.parameters[0], study.parameters[1], expectations: cells, reason: nil)
    #expect(figure.cells().count == 900)
    let bare = try ContourPlot.figure(
      study, study.parameters[0], study.parameters[1], expectations: [], reason: "the tuner has no model.")
    #expect(bare.cells().isEmpty)
    #expect(bare.notes[0] == "Only what was observed is shown: the tuner has no model.")
    #expect(bare.marks().count == 10)
  }

  // MARK: Timeline and steps

  @Test("Trials of one worker that overlap stand in rows of their own, and running ones reach to the end")
  func timeline() throws {
    var bench = PlotBench()
    bench.add(loss: 1, worker: "b", seconds: 90)
    bench.add(.pruned, worker: "b")
    bench.add(.running, worker: "a")
    bench.add(.completed, loss: 2, worker: nil)
    let now = Timestamp(milliseconds: 1_800_000_600_000)
    let figure = try TimelinePlot.figure(bench.plotted(), now: now)
    #expect(figure.charts[0].y.categories.reversed() == ["(no name)", "a", "b", ""])
    #expect(figure.bars().map(\.to).max() == figure.charts[0].x.high)
    #expect(figure.charts[0].legend.map(\.text) == ["running", "completed", "pruned"])
    #expect(figure.charts[0].x.label.hasPrefix("minutes since"))
  }

  @Test("Results from elsewhere, which nobody worked on, are not on the timeline")
  func elsewhere() throws {
    var bench = PlotBench()
    bench.add(loss: 1)
    bench.add(loss: 2)
    bench.trials[1].attempt = 0
    #expect(try TimelinePlot.figure(bench.plotted(), now: Timestamp(milliseconds: 0)).bars().count == 1)
  }

  @Test("Courses go by steps; pruned ones are marked, and what is not finite interrupts a line")
  func steps() throws {
    func course(_ values: [Double]) -> [Measurement] {
      values.enumerated().map { Measurement(["loss": $1], step: $0 + 1) }
    }
    var bench = PlotBench()
    bench.add(loss: 0.25, measurements: course([1, 0.5, 0.25]))
    bench.add(.pruned, measurements: course([2, 1.5]))
    bench.add(loss: 0.75, measurements: course([3, .nan, 0.75]))
    bench.add(.pruned, measurements: course([2]))
    bench.add(loss: 1)
    let figure = try StepsPlot.figure(bench.plotted())
    #expect(figure.lines().count == 4)
    #expect(figure.lines().last?.points.map(\.y) == [1, 0.5, 0.25])
    #expect(figure.marks().map(\.glyph) == [.cross, .cross])
    #expect(figure.notes.contains { $0.contains("interrupted") })
    let path = SVGDrawing.svg(figure)
    #expect(isWellFormed(path) && !path.contains("nan") && !path.contains("inf"))
  }

  // MARK: Importance

  @Test("Bars show what parameters do alone before what they do in all, with their errors, and pairs by themselves")
  func importance() throws {
    var report = ImportanceReport(of: "loss", trials: 50, explained: 0.9)
    var rate = ImportanceReport.Effect(["rate"])
    (rate.importance, rate.standardError, rate.total) = (0.5, 0.05, 0.75)
    var pair = ImportanceReport.Effect(["rate", "layers"])
    (pair.importance, pair.standardError) = (0.25, 0.02)
    report.parameters = [rate, ImportanceReport.Effect(["layers"])]
    report.interactions = [pair]
    let figure = ImportancePlot.figure(report, of: "s")
    #expect(figure.bars().map(\.to) == [0.75, 0, 0.5, 0, 0.25])
    #expect(figure.bars()[2].error == 0.45...0.55)
    #expect(figure.notes[0].hasPrefix("loss, 50 trials; explained 90.0%."))
  }

  @Test("Where the model explains nothing, and where all values are the same, the text says so")
  func basis() {
    #expect(
      ImportanceDisplay(ImportanceReport(of: "y", trials: 9, explained: -0.2)).basis.hasSuffix("the shares say little"))
    #expect(
      ImportanceDisplay(ImportanceReport(of: "y", trials: 9, explained: nil)).basis.contains("all values are the same"))
  }
}
