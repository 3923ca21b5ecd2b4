import ArgumentParser
import TuningModel

/// `hone study delete`.
struct StudyDeleteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete",
    abstract: "Deletes a study with all its trials.",
    discussion: """
      It cannot be taken back; hone export and hone db backup keep a copy. The name is asked for a second time, unless \
      --yes is given.

      EXAMPLES

        hone study delete resnet --db hone.db
        hone study delete resnet --yes
      """)

  @Argument(help: ArgumentHelp("The study's name.", valueName: "study"), completion: .studies)
  var name: String

  @Flag(name: .shortAndLong, help: "Do not ask.")
  var yes = false

  @Option(help: ArgumentHelp("The revision that the study must still have.", valueName: "n"))
  var revision: Int?

  @OptionGroup var connection: ConnectionOptions

  func run() async throws {
    try await connection.place().use { client in
      let summary = try await client.study(name)
      if !yes {
        let count = summary.counts.values.reduce(0, +)
        Terminal.errors.write("\(name) has \(count) trials. Its name once more, to delete it: ")
        guard readLine()?.trimmingPrefix(while: \.isWhitespace) == name[...] else {
          throw CommandFailure(.usage, "nothing was deleted; give the study's name again, or --yes.")
        }
      }
      try await client.delete(name, revision: revision ?? summary.study.revision)
    }
    Terminal.errors.write("hone: the study \(name) is deleted\n")
  }
}
