import ArgumentParser
import TuningModel

/// `hone plot contour`.
struct PlotContourCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "contour",
    abstract: "Draws the metric over two parameters.",
    discussion: """
      Where the study's tuner has a model, the ground shows what it expects with the other parameters as in the best trial; \
      trials are dots on it, whatever their other parameters are. Without a model nothing is made up between them. The two \
      parameters are the most important ones where they are not named.

      EXAMPLES

        hone plot contour resnet --db hone.db
        hone plot contour resnet --x lr --y layers --format html --output contour.html
      """)

  @Argument(help: "The study's name.", completion: .studies)
  var study: String

  @Option(help: ArgumentHelp("The parameter along the horizontal axis.", valueName: "name"))
  var x: String?

  @Option(help: ArgumentHelp("The parameter along the vertical axis.", valueName: "name"))
  var y: String?

  @OptionGroup var metric: PlotMetricOptions
  @OptionGroup var output: PlotOutputOptions
  @OptionGroup var connection: ConnectionOptions

  func validate() throws {
    if (x == nil) != (y == nil) { throw ValidationError("Give both --x and --y, or neither.") }
    if let x, x == y { throw ValidationError("--x and --y must be different parameters.") }
  }

  func run() async throws {
    let figure = try await connection.place().use { client in
      let plotted = try await PlottedStudy(of: study, metric: metric.metric, from: client)
      try plotted.checkPoints()
      let axes = try await axes(plotted, client)
      let (expectations, reason) = try await expectations(plotted, axes.0, axes.1, client)
      return try ContourPlot.figure(plotted, axes.0, axes.1, expectations: expectations, reason: reason)
    }
    try output.write(figure)
  }

  private func axes(
    _ plotted: PlottedStudy, _ client: any StudyClient
  ) async throws -> (PlottedParameter, PlottedParameter) {
    if let x, let y {
      let found = (try plotted.parameters(named: [x]), try plotted.parameters(named: [y]))
      if let a = found.0.first, let b = found.1.first { return (a, b) }
    }
    var names: [String] = []
    do throws(StudyError) {
      names = try await client.importance(study, ImportanceSelection(metric: metric.metric)).parameters
        .map { $0.parameters.joined() }
    } catch {
      guard error.code == .noModelYet else { throw error }
      // Too few trials to tell which parameters matter: those that come first then.
    }
    let ordered = try plotted.parameters(named: names)
    guard ordered.count > 1 else {
      throw CommandFailure(.usage, "the study \(study) has one parameter; hone plot slice draws it")
    }
    return (ordered[0], ordered[1])
  }

  /// What the model expects, or why there is none.
  private func expectations(
    _ plotted: PlottedStudy, _ x: PlottedParameter, _ y: PlottedParameter, _ client: any StudyClient
  ) async throws -> ([ContourPlot.Expectation], String?) {
    let objectives = plotted.study.definition.objectives
    guard objectives == [plotted.objective] else {
      return ([], "the model is of the study's only objective, not of \(plotted.objective.metric).")
    }
    var cells = ContourPlot.cells(plotted, x, y)
    guard !cells.isEmpty else {
      return ([], "no trial keeps the outcome constraints, or the two never take part at once.")
    }
    do throws(StudyError) {
      let answer = try await client.predict(study, at: cells.map(\.point))
      for (index, prediction) in answer.predictions.enumerated() where index < cells.count {
        cells[index].prediction = prediction
      }
      return (cells, nil)
    } catch {
      guard error.code == .unsupported || error.code == .noModelYet else { throw error }
      return ([], error.message.prefix(1).lowercased() + error.message.dropFirst())
    }
  }
}
