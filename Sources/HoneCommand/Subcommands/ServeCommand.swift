import ArgumentParser
import Foundation
import Hone
import Logging
import SQLiteStorage
import SocketHTTP
import StudyOperations
import TuningModel
import TuningServer

/// `hone serve`.
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serves a database over HTTP.",
    discussion: """
      Prints one line with its address to standard output once it is ready; the log goes to standard error. A database \
      that is not there is made; one that another process holds is refused (exit status 4). The REST interface is \
      described at /openapi.yaml.

      There is no access control, so it listens on the loopback interface alone unless --insecure says that the network \
      is trusted.

      At SIGTERM or Ctrl-C it hands out no more trials, finishes what is under way, brings everything into the one \
      database file, and exits within 10 seconds; a second one ends it at once. Either way nothing that was answered is \
      lost.

      EXAMPLES

        hone serve --db hone.db
        hone serve --db hone.db --host 0.0.0.0 --port 80 --insecure
      """)

  @Option(
    name: .customLong("db"), help: ArgumentHelp("The database file.", valueName: "file"))
  var database: String

  @Option(help: "The address to listen on.")
  var host = "127.0.0.1"

  @Option(help: "The port; 0 for one that the system chooses.")
  var port: UInt16 = 8080

  @Option(
    help: """
      What an acknowledged write survives: full, the loss of power; relaxed, the end of the process, but the loss of power \
      may take the last moments.
      """, transform: choice)
  var durability: Durability = .full

  @Flag(help: "Listen beyond the loopback interface although there is no access control.")
  var insecure = false

  @Option(
    help: "The least severe messages to log: trace, debug, info, notice, warning, error or critical.", transform: choice
  )
  var logLevel: Logger.Level = .info

  /// How long requests under way have to be answered; with the checkpoint after it, well within 10 seconds.
  private static let grace = Duration.seconds(6)

  func run() async throws {
    let store = try await SQLiteStudyStore.open(database, durability: durability, command: "hone serve")
    let catalog = TunerCatalog.standard
    let service = StudyService(store: store, catalog: catalog)
    let server = StudyServer(
      configuration: ServerConfiguration(host: host, port: port, insecure: insecure), studies: service,
      answers: service, tuners: catalog.descriptions, stoppingRules: catalog.stoppingRules, logger: logger)
    let stop = Gate()
    SignalWatch.start(limit: .seconds(10), first: { _ in stop.open() }, urgent: { _ in })
    do {
      let address = "http://\(try await server.start())"
      store.announce(address: address)
      Terminal.output.write("hone serves \(database) at \(address)\n")
    } catch {
      await service.shutdown(leavingComputations: true)
      throw CommandFailure(error is ServerError ? .usage : .failed, "\(error)")
    }
    await stop.opened()
    logger.notice("stopping")
    await server.shutdown(grace: Self.grace)
    await service.shutdown(leavingComputations: true)
  }

  private var logger: Logger {
    var logger = Logger(label: "hone", factory: { StreamLogHandler.standardError(label: $0) })
    logger.logLevel = logLevel
    return logger
  }
}
