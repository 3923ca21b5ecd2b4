import ArgumentParser
import TuningAPI
import TuningModel

/// `hone study create`.
struct StudyCreateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create",
    abstract: "Creates a study from a JSON file.",
    discussion: """
      The file says what to tune and for what:

        {"name": "resnet",
         "parameters": [
           {"name": "lr", "type": "float", "low": 1e-5, "high": 0.1,
            "log": true, "default": 0.001},
           {"name": "layers", "type": "int", "low": 1, "high": 8},
           {"name": "optimizer", "type": "categorical",
            "choices": ["sgd", "adam"]},
           {"name": "momentum", "type": "float", "low": 0, "high": 0.99,
            "when": {"optimizer": ["sgd"]}}],
         "objectives": [{"metric": "loss", "goal": "minimize"}],
         "budget": {"max_trials": 200}}

      Every mistake in it is reported with a JSON pointer to its place. Creating the same study again changes nothing; \
      another study of the same name is a conflict (exit status 4). A database that is not there is made.

      EXAMPLES

        hone study create resnet.json --db hone.db
        hone study create resnet.json --db hone.db \\
          --name resnet-random --tuner random --max-trials 50
        make-study | hone study create - --server http://127.0.0.1:8080
      """)

  @Argument(
    help: ArgumentHelp("The study's JSON file, or - for standard input.", valueName: "file|-"), completion: .file())
  var file: String

  @Option(help: ArgumentHelp("Another name than the file's.", valueName: "name"))
  var name: String?

  @Option(help: ArgumentHelp("Another number of trials than the file's budget has.", valueName: "n"))
  var maxTrials: Int?

  @Option(
    help: ArgumentHelp(
      "Another tuner than the file's, with its standard options; a seed and a wait in the file are kept.",
      valueName: "name"))
  var tuner: String?

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let definition = try readDefinition()
    let created = try await connection.place().use(creating: true) { client in
      do {
        return try await client.create(definition)
      } catch let error as StudyError {
        throw CommandFailure(error, subject: subject)
      }
    }
    if !created.isNew { Terminal.errors.write("hone: the study \(definition.name) was there already, unchanged\n") }
    output.write(created.summary.json, StudyDisplay.details(created.summary))
  }

  /// The file's study with what the options say instead.
  private func changed(_ json: JSONValue) -> JSONValue {
    guard case .object(var fields) = json else { return json }
    if let name { fields["name"] = .string(name) }
    if let maxTrials {
      // A budget that is no object stays as it is and is reported as such.
      if case .object(var budget) = fields["budget"] ?? .object([:]) {
        budget["max_trials"] = .integer(maxTrials)
        fields["budget"] = .object(budget)
      }
    }
    if let tuner {
      let kept = ["seed", "reproducible", "max_wait_ms"].map { ($0, fields["tuner"]?[$0]) }
      fields["tuner"] = .object(
        Dictionary(uniqueKeysWithValues: kept + [("name", .string(tuner))]).compactMapValues { $0 })
    }
    return .object(fields)
  }

  private var subject: String { JSONInput(file).name }

  private func readDefinition() throws -> StudyDefinition {
    let json = try JSONInput(file).read()
    do throws(InvalidInput) {
      return try StudyDefinition(changed(json))
    } catch {
      throw CommandFailure(StudyError(error), subject: subject)
    }
  }
}
