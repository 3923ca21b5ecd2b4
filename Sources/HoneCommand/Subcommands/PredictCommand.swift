import ArgumentParser
import TuningAPI
import TuningModel

/// `hone predict`.
struct PredictCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Predicts the objective at points that need not have been tried.",
    discussion: """
      The points are JSON: an object of parameter values, or an array of such objects. The answer is what the tuner's \
      model believes of the objective there without noise, in units of the metric: its mean and standard deviation. A \
      tuner without a model has nothing to say (exit status 2), and neither has one with too few results (4).

      EXAMPLES

        hone predict resnet '{"lr": 0.003, "layers": 4}' --db hone.db
        hone predict resnet points.json --json --server http://127.0.0.1:8080
        make-grid | hone predict resnet - --db hone.db
      """)

  @Argument(help: "The study's name.", completion: .studies)
  var study: String

  @Argument(
    help: ArgumentHelp("The points as JSON, a file of them, or - for standard input.", valueName: "points|file|-"))
  var points: String

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let points = try readPoints()
    let answer = try await connection.place().use { client in
      do {
        return try await client.predict(study, at: points)
      } catch let error as StudyError {
        throw CommandFailure(error, subject: input.name)
      }
    }
    output.write(answer.json, Self.table(points, answer))
  }

  private var input: JSONInput { JSONInput(points) }

  private func readPoints() throws -> [Parameters] {
    let json = try input.read()
    let list: JSONValue = if case .array = json { json } else { .array([json]) }
    do throws(StudyError) {
      return try PredictRequest(request: JSONValue.object(["points": list]).bytes).points
    } catch {
      throw CommandFailure(error, subject: input.name)
    }
  }

  private static func table(_ points: [Parameters], _ answer: Predictions) -> String {
    let names = Set(points.flatMap(\.keys)).sorted()
    var table = Table(["MEAN", "DEVIATION"] + names)
    for (point, prediction) in zip(points, answer.predictions) {
      table.add(
        [NumberText.short(prediction.mean), NumberText.short(prediction.standardDeviation)]
          + names.map { point[$0]?.description ?? "" })
    }
    return table.text
  }
}
